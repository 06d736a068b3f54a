"""The week label: what several sessions of one movement and side say together.

The rules are those of scope "weeks" in ``decision_rules.csv``, first match wins, and the last one
takes everything else, so that every history has exactly one label. How the words of a rule are
applied stands beside it in the table. One session can never say more than that it is too early.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from rom.clinical.between_days import mdc95_between_days_deg
from rom.clinical.decisions import PAIN_WORTH_EASING, Label, label_of, rules_of
from rom.clinical.history import SessionRecord, check_history, valid_sessions
from rom.clinical.history_wording import week_sentences
from rom.clinical.tables import Row, optional_number_of, text_of
from rom.clinical.trend import Trend, TrendClass, pain_trend, plateau_trend, range_trend

EASED_TOGETHER = ("D04", "D05", "D06")
"""Labels of sessions in which range rose and pain fell."""

LAST_SESSIONS = 3
LOW_PAIN = 2.0


@dataclass(frozen=True, kw_only=True)
class WeekFacts:
    """Everything the week rules ask.

    Attributes
    ----------
    sessions, valid_sessions
        All, and those whose first set serves to judge the range.
    days, span_days
        Of the valid sessions: on how many days they were, and from the first day to the last.
    range_trend, pain_trend
        Of the valid sessions' range and of all sessions' pain; "unknown" with fewer than three.
    plateau
        Whether the last three valid sessions are unchanged against the three before them.
    restricted
        Whether each of the last three valid sessions was clearly restricted.
    eased_together
        Whether range rose and pain fell in two thirds of the valid sessions.
    pain_low
        Whether pain was at most 2, or at most half of the first, in the last three valid sessions.
    pain_left
        Whether pain is 3 or more at the end of its trend.
    signs_absent
        Whether the protective signs were absent in two thirds of the valid sessions in which they
        could be judged, and in one at least.
    """

    sessions: int
    valid_sessions: int
    days: int
    span_days: int
    range_trend: TrendClass
    pain_trend: TrendClass
    plateau: bool
    restricted: bool
    eased_together: bool
    pain_low: bool
    pain_left: bool
    signs_absent: bool


@dataclass(frozen=True, kw_only=True)
class Weeks:
    """The week label with what it rests on, to be told in counts."""

    label: Label
    facts: WeekFacts
    sessions: tuple[SessionRecord, ...]
    valid: tuple[SessionRecord, ...]
    range_deg: Trend | None
    pain: Trend | None

    @property
    def eased(self) -> int:
        """In how many valid sessions range rose and pain fell."""
        return sum(record.label_id in EASED_TOGETHER for record in self.valid)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The result in plain words, the most important first."""
        return week_sentences(self)


def judge_weeks(records: Sequence[SessionRecord]) -> Weeks:
    """Give the sessions of one movement and side, in order of their days, their week label.

    Raises
    ------
    UsageError
        For sessions of different movements or sides, or days that run backwards.
    """
    check_history(records)
    valid = valid_sessions(records)
    values_deg = [record.pre1_deg for record in valid if record.pre1_deg is not None]
    limit_deg = _mdc_deg(valid)
    scores = [record.pain for record in records if record.pain is not None]
    trend, pain = range_trend(values_deg, mdc95_deg=limit_deg), pain_trend(scores)
    plateau = plateau_trend(values_deg, mdc95_deg=limit_deg)
    facts = WeekFacts(
        sessions=len(records),
        valid_sessions=len(valid),
        days=len({record.day for record in valid}),
        span_days=(valid[-1].day - valid[0].day).days if valid else 0,
        range_trend=trend.verdict if trend else "unknown",
        pain_trend=pain.verdict if pain else "unknown",
        plateau=plateau is not None and plateau.verdict == "unchanged",
        restricted=_clearly_restricted(valid),
        eased_together=_eased_together(valid),
        pain_low=_pain_low(valid),
        pain_left=pain is not None and pain.last >= PAIN_WORTH_EASING,
        signs_absent=_signs_absent(valid),
    )
    return Weeks(
        label=decide_weeks(facts),
        facts=facts,
        sessions=tuple(records),
        valid=valid,
        range_deg=trend,
        pain=pain,
    )


def decide_weeks(facts: WeekFacts) -> Label:
    """The label of the first rule that fits."""
    for row in rules_of("weeks"):
        fits = _RULES[text_of(row, "rule_id")]
        if _enough(row, facts) and fits(facts):
            return label_of(row)
    raise AssertionError("the last rule takes everything")


def _worsening(facts: WeekFacts) -> bool:
    return facts.range_trend == "fell" or facts.pain_trend == "rose"


def _both_likely(facts: WeekFacts) -> bool:
    rose_together = facts.range_trend == "rose" and facts.pain_trend == "fell"
    return rose_together and facts.plateau and facts.restricted


def _scenario_1(facts: WeekFacts) -> bool:
    return facts.eased_together and facts.range_trend == "rose"


def _scenario_2(facts: WeekFacts) -> bool:
    stiff = facts.restricted and facts.range_trend == "unchanged"
    return stiff and facts.pain_low and facts.signs_absent


def _no_response(facts: WeekFacts) -> bool:
    unchanged = facts.range_trend == "unchanged" and facts.pain_trend == "unchanged"
    return unchanged and (facts.pain_left or facts.restricted)


_RULES: dict[str, Callable[[WeekFacts], bool]] = {
    "L00": _worsening,
    "L01": _both_likely,
    "L02": _scenario_1,
    "L03": _scenario_2,
    "L04": _no_response,
    "L05": lambda facts: True,
}

_SAFETY: Literal["L00"] = "L00"


def _enough(row: Row, facts: WeekFacts) -> bool:
    """Whether there are as many sessions, on as many days, over as long, as the rule asks for.

    The safety rule counts all sessions, because pain needs no video.
    """
    sessions = facts.sessions if row["rule_id"] == _SAFETY else facts.valid_sessions
    found = {
        "min_sessions": sessions,
        "min_days": facts.days,
        "min_span_days": facts.span_days,
    }
    return all(number >= (optional_number_of(row, name) or 0) for name, number in found.items())


def _mdc_deg(valid: Sequence[SessionRecord]) -> float:
    if not valid:
        return 0.0
    sems_deg = [record.sem_deg for record in valid if record.sem_deg is not None]
    return mdc95_between_days_deg(valid[-1].movement, *sems_deg)


def _clearly_restricted(valid: Sequence[SessionRecord]) -> bool:
    last = valid[-LAST_SESSIONS:]
    return len(last) == LAST_SESSIONS and all(each.restricted == "clearly" for each in last)


def _eased_together(valid: Sequence[SessionRecord]) -> bool:
    eased = sum(record.label_id in EASED_TOGETHER for record in valid)
    return bool(valid) and 3 * eased >= 2 * len(valid)


def _pain_low(valid: Sequence[SessionRecord]) -> bool:
    last = valid[-LAST_SESSIONS:]
    return len(last) == LAST_SESSIONS and all(_low(each.pain, valid[0].pain) for each in last)


def _low(pain: float | None, first: float | None) -> bool:
    if pain is None:
        return False
    return pain <= LOW_PAIN or (first is not None and pain <= first / 2)


def _signs_absent(valid: Sequence[SessionRecord]) -> bool:
    judged = [record.signs for record in valid if record.signs != "not_evaluable"]
    return bool(judged) and 3 * judged.count("none") >= 2 * len(judged)
