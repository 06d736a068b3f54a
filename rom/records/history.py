"""A person's course: what was measured when, what changed between days, and what of it stayed.

Pure; works on records as they were kept. Sets that were refused stay in the course, without a
value. What is claimed between days has to exceed the change that is common between days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rom.clinical.between_days import DayComparison, compare_days
from rom.clinical.comparison import Comparison, compare_sides
from rom.clinical.history import SessionRecord, valid_sessions
from rom.clinical.readiness import Readiness, judge_readiness
from rom.clinical.screening import clearance
from rom.clinical.weeks import Weeks, judge_weeks
from rom.errors import UsageError
from rom.landmarks import Side
from rom.records.adherence import Adherence, adherence_of
from rom.records.entities import PersonContent, SessionContent, SetRecord
from rom.records.retention import Retention, retention_of
from rom.records.visits import FIRST_PHASES, Point, Visit, session_records, visit_of

UNNAMED = "auto"
"""The movement of a set that was refused before it could be recognised."""


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
            visits[movement, side].append(visit_of(session, movement, side))
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
