"""The sessions of one movement and side, each with its sets and what they said together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rom.clinical.error import MDC95_FACTOR
from rom.clinical.history import SessionRecord
from rom.clinical.norms import Bound
from rom.clinical.pain_onset import PainOnset, pain_onset_of
from rom.clinical.restriction import Restricted, restriction_of, usable_other_side
from rom.landmarks import Side
from rom.records.entities import PersonContent, Phase, SessionContent, SessionResult, SetRecord

FIRST_PHASES = (Phase.PRE1, Phase.SINGLE)


@dataclass(frozen=True, kw_only=True)
class Point:
    """One set as a course shows it.

    `half_width_deg` is the 95 % half-width against other sets of this person on this day; None
    without a value. `signs` are the codes of the signs that were present, `pain_onset` is where the
    person marked that pain begins.
    """

    set_id: str
    recorded_at: datetime
    phase: Phase
    value_deg: float | None
    half_width_deg: float | None
    bound: Bound | None
    pain: float | None
    pain_onset: PainOnset | None
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
    remarks
        What was done otherwise than planned in the session.
    """

    session_id: str
    day: date
    first: SetRecord | None
    result: SessionResult | None
    points: tuple[Point, ...]
    remarks: tuple[str, ...] = ()


def visit_of(session: SessionContent, movement: str, side: Side | None) -> Visit:
    """What a session holds of one movement and side."""
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
        remarks=session.session.remarks,
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
        pain_onset=pain_onset_of(assessment),
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
