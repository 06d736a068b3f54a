"""When stretching and strengthening come next: the rules of scope "readiness".

An answer that is missing holds back just as a bad one does, and is named. How the words of a rule
are applied stands beside it in ``decision_rules.csv``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rom.clinical.between_days import mdc95_between_days_deg
from rom.clinical.decisions import Label, check_pain, label_of, rules_of
from rom.clinical.history import SessionRecord, check_days, check_history, valid_sessions
from rom.clinical.history_wording import obstacle_words

LAST_SESSIONS = 3
STRETCH_PAIN = 3.0
FIRST_PAIN_LOW = 2.0
SIGNS_ABSENT_NEEDED = 2
STRENGTH_PAIN = 2.0
EFFORT_PAIN = 3.0
STRETCHING_DAYS = timedelta(days=7)
STRETCH_SESSIONS = 3

WORSE_PAIN = "D01"


@dataclass(frozen=True)
class StretchSession:
    """One session of stretching; whether a flare-up followed, None if not known yet."""

    day: date
    flare: bool | None


@dataclass(frozen=True)
class LightEffort:
    """A light effort of 10 s: its pain, and whether it settled within 24 h (None: not known yet).

    Raises
    ------
    UsageError
        For a pain score outside 0 to 10.
    """

    pain: float
    settled_within_24_h: bool | None

    def __post_init__(self) -> None:
        check_pain(self.pain)


@dataclass(frozen=True)
class Obstacle:
    """What holds a step back; a count of the last sessions where it is one."""

    code: str
    sessions: int = 0
    of: int = LAST_SESSIONS


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """The steps that are open, in order of their rules, and what holds the others back."""

    labels: tuple[Label, ...]
    before_stretching: tuple[Obstacle, ...]
    before_strengthening: tuple[Obstacle, ...]

    @property
    def furthest(self) -> Label | None:
        """The last step that is open; strengthening includes what stretching allows."""
        return self.labels[-1] if self.labels else None

    @property
    def sentences(self) -> tuple[str, ...]:
        """The steps in the words of the table, then what the next one waits for."""
        waiting = self.before_stretching or self.before_strengthening
        return (*(label.wording for label in self.labels), *map(obstacle_words, waiting))


def judge_readiness(
    records: Sequence[SessionRecord],
    *,
    today: date,
    red_flag: bool | None,
    wants_to_stretch: bool = False,
    stretches: Sequence[StretchSession] = (),
    effort: LightEffort | None = None,
) -> Readiness:
    """Say which next steps the sessions of one movement and side allow, in order of their days.

    Raises
    ------
    UsageError
        For sessions of different movements or sides, or days that run backwards.
    """
    check_history(records, today=today)
    check_days(*(each.day for each in stretches), today)
    stretching = (*_before_stretching(records), *_screening(red_flag))
    strengthening = (
        *_before_strengthening(records, today, stretches, effort),
        *_screening(red_flag),
    )
    open_steps = {
        "G01": not stretching,
        "G02": bool(stretching) and wants_to_stretch and _may_stretch_anyway(records, red_flag),
        "G03": not strengthening,
    }
    rules = [row for row in rules_of("readiness") if open_steps[str(row["rule_id"])]]
    return Readiness(
        labels=tuple(label_of(row) for row in rules),
        before_stretching=stretching,
        before_strengthening=strengthening,
    )


def stretch_ready_since(records: Sequence[SessionRecord]) -> date | None:
    """Day from which on every session has left stretching open; None if it is not open now."""
    since = None
    for count in range(len(records), 0, -1):
        if any(_before_stretching(records[:count])):
            break
        since = records[count - 1].day
    return since


def _before_stretching(records: Sequence[SessionRecord]) -> Iterator[Obstacle]:
    last = records[-LAST_SESSIONS:]
    few = len(last) < LAST_SESSIONS or len({record.day for record in records}) < LAST_SESSIONS
    if few:
        yield Obstacle("few_sessions")
        return
    first = next((record.pain for record in records if record.pain is not None), None)
    yield from _counted(last, "pain_missing", lambda each: each.pain is None)
    yield from _counted(last, "pain_high", lambda each: _above(each.pain, STRETCH_PAIN))
    if first is not None and first > FIRST_PAIN_LOW:
        yield from _counted(last, "pain_not_halved", lambda each: _above(each.pain, first / 2))
    yield from _counted(last, "worse", lambda each: each.label_id == WORSE_PAIN)
    yield from _counted(last, "flare", lambda each: each.flare_over_24_h is True)
    yield from _counted(last, "flare_missing", lambda each: each.flare_over_24_h is None)
    unsafe = sum(record.signs != "none" for record in last)
    if LAST_SESSIONS - unsafe < SIGNS_ABSENT_NEEDED:
        yield Obstacle("signs", unsafe)


def _before_strengthening(
    records: Sequence[SessionRecord],
    today: date,
    stretches: Sequence[StretchSession],
    effort: LightEffort | None,
) -> Iterator[Obstacle]:
    since = stretch_ready_since(records)
    ready_long = since is not None and today - since >= STRETCHING_DAYS
    calm = sum(each.flare is False for each in stretches[-STRETCH_SESSIONS:])
    if not ready_long and calm < STRETCH_SESSIONS:
        yield Obstacle("stretched_little")
    if stretches and stretches[-1].flare is not False:
        yield Obstacle("stretch_flare")
    last = records[-LAST_SESSIONS:]
    yield from _counted(last, "pain_missing", lambda each: each.pain is None)
    yield from _counted(last, "pain_above_2", lambda each: _above(each.pain, STRENGTH_PAIN))
    yield from _counted(last, "worse", lambda each: each.label_id == WORSE_PAIN)
    yield from _after_effort(effort)
    began = min([*([since] if since else []), *(each.day for each in stretches[:1])], default=None)
    yield from _after_range(records, began)


def _after_effort(effort: LightEffort | None) -> Iterator[Obstacle]:
    if effort is None:
        yield Obstacle("effort_missing")
        return
    if effort.pain > EFFORT_PAIN:
        yield Obstacle("effort_pain")
    if effort.settled_within_24_h is not True:
        yield Obstacle("effort_unsettled")


def _after_range(records: Sequence[SessionRecord], began: date | None) -> Iterator[Obstacle]:
    """The latest first set against the last one up to the day on which stretching began."""
    valid = valid_sessions(records)
    before = [each for each in valid if began is not None and each.day <= began]
    if not before:
        yield Obstacle("range_missing")
        return
    reference, latest = before[-1], valid[-1]
    assert reference.pre1_deg is not None and reference.sem_deg is not None
    assert latest.pre1_deg is not None and latest.sem_deg is not None
    limit_deg = mdc95_between_days_deg(latest.movement, reference.sem_deg, latest.sem_deg)
    if latest.pre1_deg - reference.pre1_deg < -limit_deg:
        yield Obstacle("range_fell")


def _screening(red_flag: bool | None) -> Iterator[Obstacle]:
    if red_flag is None:
        yield Obstacle("not_screened")
    elif red_flag:
        yield Obstacle("red_flag")


def _may_stretch_anyway(records: Sequence[SessionRecord], red_flag: bool | None) -> bool:
    """Not with a red flag or unasked, nor after a last session that made it worse."""
    worse = bool(records) and records[-1].label_id == WORSE_PAIN
    return red_flag is False and not worse


def _counted(
    records: Sequence[SessionRecord], code: str, holds: Callable[[SessionRecord], bool]
) -> Iterator[Obstacle]:
    count = sum(holds(record) for record in records)
    if count:
        yield Obstacle(code, count, len(records))


def _above(pain: float | None, limit: float) -> bool:
    return pain is not None and pain > limit
