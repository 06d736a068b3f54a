"""The session label: the first rule of ``decision_rules.csv`` that fits, in order of priority.

Rule D01 (it got worse) is asked before all others and needs pain; a pain that was not given
counts as not risen, so that the safety rules on range still apply. From rule D04 on, pain before
and after has to be known. An answer that is missing leads to no label and to a reason that names
it, unless the first rule that fits does not ask for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from rom.clinical.restriction import Restriction
from rom.clinical.tables import Row, number_of, read_table, text_of
from rom.errors import UsageError

ChangeClass = Literal["gain", "loss", "none"]
Scope = Literal["session", "weeks", "readiness", "attribution"]

PAIN_MAX = 10.0
PAIN_WORTH_EASING = 3.0
PAIN_FALL_POINTS = 2.0
PAIN_FALL_FRAC = 0.30
PAIN_RISE_POINTS = 3.0
PAIN_RISE_CONFIRMED_POINTS = 2.0

_ASKED_FOR = {"age": "age", "sex": "sex", "pre1": "a measured first set"}
_MISSING = "missing"
_NOT_ASKED = "not_asked"
_NO_LABEL = "What this fits is not said"


@dataclass(frozen=True)
class Label:
    """A label of a session, of weeks or of readiness, with its wording for the user."""

    id: str
    name: str
    wording: str


@dataclass(frozen=True)
class Decision:
    """Exactly one of a label and a reason for none."""

    label: Label | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class SessionFacts:
    """Everything the session rules ask.

    Attributes
    ----------
    comparable
        False when a needed set was refused or the two may not be compared.
    unstable_baseline
        Whether the two sets before differ by more than their MDC.
    change
        Gain or loss beyond the MDC, or none; None when not comparable.
    pain_before, pain_after
        0 to 10 during the movement; None when not asked.
    worse
        Whether the user says that it feels worse; None when not asked.
    stop_symptom
        Whether the user reported a symptom to stop at.
    restricted_before, restricted_after
        Decided on the first set and on the last.

    Raises
    ------
    UsageError
        For a pain score outside 0 to 10.
    ValueError
        For a change of sets that may not be compared, or for none of sets that may.
    """

    comparable: bool
    unstable_baseline: bool
    change: ChangeClass | None
    pain_before: float | None
    pain_after: float | None
    worse: bool | None
    restricted_before: Restriction
    restricted_after: Restriction
    stop_symptom: bool = False

    def __post_init__(self) -> None:
        check_pain(self.pain_before, self.pain_after)
        if self.comparable == (self.change is None):
            raise ValueError(f"comparable is {self.comparable}: change cannot be {self.change}")


def decide(facts: SessionFacts) -> Decision:
    """Return the session label, or say which answer is missing for it."""
    answers = _answers(facts)
    for row in rules_of("session"):
        if all(_fits(row[question], answer) for question, answer in answers.items()):
            return Decision(label_of(row), None)
    return Decision(None, f"{_NO_LABEL}; missing: {', '.join(_missing(facts))}.")


def attribution() -> str:
    """What else may change a range right after massage (rule A01)."""
    (rule,) = rules_of("attribution")
    return text_of(rule, "user_wording")


@cache
def rules_of(scope: Scope) -> tuple[Row, ...]:
    """The rules of a scope in order of priority."""
    rules = [row for row in read_table("decision_rules.csv") if row["scope"] == scope]
    return tuple(sorted(rules, key=lambda row: number_of(row, "priority")))


def label_of(rule: Row) -> Label:
    """The label that a rule gives."""
    name, wording = text_of(rule, "label"), text_of(rule, "user_wording")
    return Label(text_of(rule, "rule_id"), name, wording)


def pain_fell(before: float, after: float) -> bool:
    """Whether pain fell by at least 2 points and 30 %.

    >>> pain_fell(6, 4), pain_fell(8, 6)
    (True, False)
    """
    fall = before - after
    return fall >= PAIN_FALL_POINTS and fall >= PAIN_FALL_FRAC * before


def check_pain(*scores: float | None) -> None:
    """Raise UsageError for a pain score outside 0 to 10; None is not asked."""
    for score in scores:
        if score is not None and not 0.0 <= score <= PAIN_MAX:
            raise UsageError(f"Expected pain from 0 to 10, got {score:g}; give it again")


def _fits(accepted: str | None, answer: str) -> bool:
    """Whether a rule's cell takes the answer: blank takes any, else a list split by bars."""
    return accepted is None or answer in accepted.split("|")


def _answers(facts: SessionFacts) -> dict[str, str]:
    """The facts in the words of the rules' condition columns."""
    return {
        "worse_pain": _yes_no(_got_worse(facts)),
        "comparable": _yes_no(facts.comparable),
        "unstable_baseline": _yes_no(facts.unstable_baseline),
        "change": facts.change or _MISSING,
        **_pain_answers(facts.pain_before, facts.pain_after),
        "restricted_before": _restricted(facts.restricted_before),
        "restricted_after": _still_restricted(facts),
    }


def _pain_answers(before: float | None, after: float | None) -> dict[str, str]:
    if before is None or after is None:
        return {"pain_before": _MISSING, "pain_down": _MISSING}
    return {
        "pain_before": "3_or_more" if before >= PAIN_WORTH_EASING else "under_3",
        "pain_down": _yes_no(pain_fell(before, after)),
    }


def _got_worse(facts: SessionFacts) -> bool:
    if facts.stop_symptom:
        return True
    if facts.pain_before is None or facts.pain_after is None:
        return False
    rise = facts.pain_after - facts.pain_before
    confirmed = facts.worse is True and rise >= PAIN_RISE_CONFIRMED_POINTS
    return confirmed or rise >= PAIN_RISE_POINTS


def _restricted(restriction: Restriction) -> str:
    if restriction.counts:
        return "yes"
    if restriction.status == "unknown" and restriction.missing:
        return _MISSING
    return restriction.status


def _still_restricted(facts: SessionFacts) -> str:
    """Asked only where the range was restricted before."""
    if facts.restricted_before.counts:
        return _restricted(facts.restricted_after)
    return _NOT_ASKED


def _missing(facts: SessionFacts) -> tuple[str, ...]:
    pain = {"pain before": facts.pain_before, "pain after": facts.pain_after}
    asked = dict.fromkeys(facts.restricted_before.missing + facts.restricted_after.missing)
    return (
        *(name for name, value in pain.items() if value is None),
        *(_ASKED_FOR[name] for name in asked),
    )


def _yes_no(answer: bool) -> str:
    return "yes" if answer else "no"
