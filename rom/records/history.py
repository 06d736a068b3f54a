"""A person's course: what was measured when, what changed between days, and what of it stayed.

Pure; works on records as they were kept. Sets that were refused stay in the course, without a
value. What is claimed between days has to exceed the change that is common between days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Literal

from rom.clinical.assessment import Assessment
from rom.clinical.between_days import DayComparison, compare_days, mdc95_between_days_deg
from rom.clinical.comparability import find_differences
from rom.clinical.comparison import Comparison, compare_sides
from rom.clinical.error import MDC95_FACTOR
from rom.clinical.history import SessionRecord, valid_sessions
from rom.clinical.norms import Bound
from rom.clinical.readiness import Readiness, judge_readiness
from rom.clinical.restriction import Restricted, restriction_of, usable_other_side
from rom.clinical.screening import clearance
from rom.clinical.weeks import Weeks, judge_weeks
from rom.errors import UsageError
from rom.landmarks import Side
from rom.records.entities import (
    PersonContent,
    Phase,
    SessionContent,
    SessionResult,
    SetRecord,
)

UNNAMED = "auto"
"""The movement of a set that was refused before it could be recognised."""

FIRST_PHASES = (Phase.PRE1, Phase.SINGLE)

Retained = Literal["kept", "not_shown"]


@dataclass(frozen=True, kw_only=True)
class Point:
    """One set as a course shows it.

    `half_width_deg` is the 95 % half-width against other sets of this person on this day; None
    without a value. `signs` are the codes of the signs that were present.
    """

    set_id: str
    recorded_at: datetime
    phase: Phase
    value_deg: float | None
    half_width_deg: float | None
    bound: Bound | None
    pain: float | None
    signs: tuple[str, ...]
    edited: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Visit:
    """One session of one movement and side.

    Attributes
    ----------
    first
        The first set, which days are compared by; None if there was only a set after.
    result
        What before and after said together; None without both.
    """

    session_id: str
    day: date
    first: SetRecord | None
    result: SessionResult | None
    points: tuple[Point, ...]


@dataclass(frozen=True, kw_only=True)
class Retention:
    """What was left of a gain when the next session began.

    Attributes
    ----------
    gain_deg
        Of the session, in which it exceeded the measurement error.
    kept_deg
        First set of the next session − first set of this one: both before any massage.
    limit_deg
        What is common between days; only more than that counts as kept.
    """

    day: date
    next_day: date
    gain_deg: float
    kept_deg: float
    limit_deg: float

    @property
    def verdict(self) -> Retained:
        return "kept" if self.kept_deg > self.limit_deg else "not_shown"


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """One movement and side over all sessions.

    Attributes
    ----------
    records
        The sessions as the rules over weeks see them.
    since_first
        The first set of the earliest comparable day against that of the latest; None where they
        are of one day.
    """

    movement: str
    side: Side | None
    visits: tuple[Visit, ...]
    records: tuple[SessionRecord, ...]
    weeks: Weeks
    readiness: Readiness
    since_first: DayComparison | None
    retention: tuple[Retention, ...]

    @property
    def points(self) -> tuple[Point, ...]:
        """All sets, in order of time."""
        return tuple(point for visit in self.visits for point in visit.points)


@dataclass(frozen=True, kw_only=True)
class Adherence:
    """How regularly somebody came back; calendar weeks begin on Monday.

    Attributes
    ----------
    days
        On which something was measured or massaged.
    weeks, weeks_with_session
        Calendar weeks from the first day to today, and those with a session.
    longest_gap_days
        Between two sessions; None with fewer than two days.
    days_since_last
        None without any.
    massages, held_s
        How many were begun, and how long spots were pressed in all.
    """

    days: tuple[date, ...]
    weeks: int
    weeks_with_session: int
    longest_gap_days: int | None
    days_since_last: int | None
    massages: int
    held_s: float


@dataclass(frozen=True, kw_only=True, eq=False)
class SidePair:
    """Left against right of one movement: the latest session in which both were measured first."""

    movement: str
    day: date
    comparison: Comparison


@dataclass(frozen=True, kw_only=True, eq=False)
class History:
    """Everything that the records of a person say over time, the latest course first."""

    content: PersonContent
    courses: tuple[Course, ...]
    profile: tuple[SidePair, ...]
    adherence: Adherence


def history_of(content: PersonContent, *, today: date) -> History:
    """Look through a person's records; neither series nor landmarks are needed."""
    visits: defaultdict[tuple[str, Side | None], list[Visit]] = defaultdict(list)
    red_flag = _red_flag(content)
    for session in content.sessions:
        for movement, side in _measured_in(session):
            visits[movement, side].append(_visit(session, movement, side))
    courses = [
        _course(movement, side, found, content, today=today, red_flag=red_flag)
        for (movement, side), found in visits.items()
    ]
    courses.sort(
        key=lambda each: (-each.visits[-1].day.toordinal(), each.movement, each.side or "")
    )
    return History(
        content=content,
        courses=tuple(courses),
        profile=_profile(content),
        adherence=adherence_of(content, today=today),
    )


def adherence_of(content: PersonContent, *, today: date) -> Adherence:
    """How regularly there was a session with a set or a massage."""
    used = [each for each in content.sessions if each.sets or each.massages]
    days = tuple(sorted({each.session.day for each in used}))
    end = max([today, *days])
    massages = [massage for each in used for massage in each.massages]
    return Adherence(
        days=days,
        weeks=_week(end) - _week(days[0]) + 1 if days else 0,
        weeks_with_session=len({_week(day) for day in days}),
        longest_gap_days=max(((b - a).days for a, b in pairwise(days)), default=None),
        days_since_last=(end - days[-1]).days if days else None,
        massages=len(massages),
        held_s=sum(spot.held_s for massage in massages for spot in massage.spots),
    )


def session_records(visits: Sequence[Visit], content: PersonContent) -> tuple[SessionRecord, ...]:
    """The visits of one movement and side as the rules over weeks see them, in order of days."""
    by_id = {each.session.id: each for each in content.sessions}
    records = [
        _session_record(visit, visit.first, by_id[visit.session_id])
        for visit in visits
        if visit.first is not None
    ]
    return tuple(sorted(records, key=lambda record: record.day))


def retention_of(visits: Sequence[Visit]) -> tuple[Retention, ...]:
    """What was left of each gain at the next session that may be set against it."""
    found = []
    for visit, following in pairwise(_days_apart(visits)):
        result = visit.result
        if result is None or result.verdict != "gain" or result.change_deg is None:
            continue
        first, later = visit.first, following.first
        assert first is not None and later is not None
        kept = _difference(first.assessment, later.assessment)
        if kept is None:
            continue
        found.append(
            Retention(
                day=visit.day,
                next_day=following.day,
                gain_deg=result.change_deg,
                kept_deg=kept[0],
                limit_deg=kept[1],
            )
        )
    return tuple(found)


def _course(
    movement: str,
    side: Side | None,
    visits: list[Visit],
    content: PersonContent,
    *,
    today: date,
    red_flag: bool | None,
) -> Course:
    visits.sort(key=lambda visit: visit.day)
    records = session_records(visits, content)
    latest = max([today, *(record.day for record in records)])
    return Course(
        movement=movement,
        side=side,
        visits=tuple(visits),
        records=records,
        weeks=judge_weeks(records),
        readiness=judge_readiness(records, today=latest, red_flag=red_flag),
        since_first=_since_first(visits, records),
        retention=retention_of(visits),
    )


def _measured_in(session: SessionContent) -> Iterable[tuple[str, Side | None]]:
    found = [(each.movement, each.side) for each in session.sets if each.movement != UNNAMED]
    return dict.fromkeys(found)


def _visit(session: SessionContent, movement: str, side: Side | None) -> Visit:
    sets = [each for each in session.sets if (each.movement, each.side) == (movement, side)]
    results = [
        each
        for each in session.results
        if (each.kind, each.movement, each.side) == ("before_after", movement, side)
    ]
    return Visit(
        session_id=session.session.id,
        day=session.session.day,
        first=next((each for each in sets if each.phase in FIRST_PHASES), None),
        result=results[-1] if results else None,
        points=tuple(_point(each) for each in sets),
    )


def _point(kept: SetRecord) -> Point:
    assessment = kept.assessment
    sem_deg = assessment.sem_deg
    return Point(
        set_id=kept.id,
        recorded_at=kept.recorded_at,
        phase=kept.phase,
        value_deg=assessment.value_deg,
        half_width_deg=None if sem_deg is None else MDC95_FACTOR * sem_deg,
        bound=assessment.bound,
        pain=_pain(kept),
        signs=tuple(pattern.code for pattern in assessment.patterns),
        edited=kept.edited,
    )


def _session_record(visit: Visit, first: SetRecord, session: SessionContent) -> SessionRecord:
    assessment, result = first.assessment, visit.result
    exact = assessment.bound == "exact"
    told = result.pain_before if result else None
    return SessionRecord(
        day=visit.day,
        movement=first.movement,
        side=first.side,
        label_id=result.label_id if result else None,
        pre1_deg=assessment.value_deg if exact else None,
        sem_deg=assessment.sem_deg if exact else None,
        pain=_pain(first) if told is None else told,
        restricted=result.restricted_before if result else _restricted(first, session),
        protective_signs=result.protective_before if result else "not_evaluable",
        flare_over_24_h=result.flare_over_24_h if result else None,
        view=assessment.view,
        provenance=assessment.provenance,
    )


def _pain(kept: SetRecord) -> float | None:
    """Pain on the movement of this set: during it, else as asked for nearest to it."""
    order = ("during", "after", "before") if kept.phase is Phase.POST else ("during", "before")
    scores = [kept.pain_at(moment) for moment in (*order, "warm_up")]
    return next((score for score in scores if score is not None), None)


def _restricted(first: SetRecord, session: SessionContent) -> Restricted:
    """Of a session that was not compared: the usual range as told, and the session's other side."""
    other = next(
        (
            each.assessment
            for each in session.sets
            if each.phase in FIRST_PHASES
            and each.movement == first.movement
            and first.side is not None
            and each.side is first.side.other
        ),
        None,
    )
    usable = usable_other_side(other, first.assessment, first.assessment)
    normal = first.assessment.normal_range
    return restriction_of(first.assessment, normal=normal, other_side=usable).status


def _since_first(visits: Sequence[Visit], records: Sequence[SessionRecord]) -> DayComparison | None:
    valid = valid_sessions(records)
    if not valid or valid[0].day == valid[-1].day:
        return None
    kept = {
        (visit.day, visit.first.assessment.value_deg): visit.first.assessment
        for visit in visits
        if visit.first is not None
    }
    earliest, latest = valid[0], valid[-1]
    return compare_days(
        kept[earliest.day, earliest.pre1_deg],
        kept[latest.day, latest.pre1_deg],
        earlier_day=earliest.day,
        later_day=latest.day,
    )


def _days_apart(visits: Sequence[Visit]) -> list[Visit]:
    """The visits with a first set, of each day the last one."""
    by_day = {visit.day: visit for visit in visits if visit.first is not None}
    return [by_day[day] for day in sorted(by_day)]


def _difference(earlier: Assessment, later: Assessment) -> tuple[float, float] | None:
    """Change between days and what is common; None where the sets may not be compared."""
    if earlier.value_deg is None or later.value_deg is None:
        return None
    if "at_least" in (earlier.bound, later.bound):
        return None
    if any(each.refuses for each in find_differences(earlier, later)):
        return None
    assert earlier.sem_deg is not None and later.sem_deg is not None
    limit_deg = mdc95_between_days_deg(later.movement, earlier.sem_deg, later.sem_deg)
    return later.value_deg - earlier.value_deg, limit_deg


def _profile(content: PersonContent) -> tuple[SidePair, ...]:
    pairs: dict[str, SidePair] = {}
    for session in content.sessions:
        first: dict[tuple[str, Side | None], SetRecord] = {}
        for each in session.sets:
            if each.phase in FIRST_PHASES and each.assessment.measured:
                first.setdefault((each.movement, each.side), each)
        for movement, side in first:
            if side is Side.LEFT and (movement, Side.RIGHT) in first:
                left, right = first[movement, Side.LEFT], first[movement, Side.RIGHT]
                pairs[movement] = SidePair(
                    movement=movement,
                    day=session.session.day,
                    comparison=compare_sides(left.assessment, right.assessment),
                )
    return tuple(pairs[movement] for movement in sorted(pairs))


def _red_flag(content: PersonContent) -> bool | None:
    """Whether the last answers to the safety questions stop something; None if never asked."""
    screens = [each.session.screen for each in content.sessions if each.session.screen]
    try:
        return clearance(screens[-1].answers).stopped is not None if screens else None
    except UsageError:  # questions that are no longer asked, or were not yet
        return None


def _week(day: date) -> int:
    """A running number of calendar weeks."""
    return (day.toordinal() - 1) // 7
