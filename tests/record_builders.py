"""People with sessions and sets, built the way the commands build them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from clinical_builders import measured, refused, series_of

from rom.clinical.body import Place
from rom.clinical.comparison import compare
from rom.clinical.massage.record import MassageRecord, SpotRecord
from rom.clinical.screen import Answer, Screen
from rom.landmarks import LANDMARK_COUNT, LandmarkSeries, Side
from rom.records.entities import (
    Edit,
    ManualReading,
    PainScore,
    Person,
    PersonContent,
    Phase,
    Session,
    SessionContent,
    SetRecord,
    new_id,
)
from rom.records.sessions import result_of_comparison

BEGIN = datetime(2026, 3, 2, 18, 30, 0, 123456, tzinfo=UTC)

ODD_NAMES = {
    "quotes": 'O\'Neil "the knee"; DROP TABLE people;--',
    "mark-up": "<script>alert(1)</script> & [bold red]",
    "emoji": "👩🏽‍🦽 Zoë",
    "right to left": "דוד בן־גוריון",
    "spreadsheet": "=1+1",
    "percent": "100%s {0} %(x)s",
    "path": "../../etc/passwd",
}


def person(**changes: Any) -> Person:
    content: dict[str, Any] = {
        "id": new_id(),
        "pseudonym": "Ana",
        "birth_year": 1976,
        "sex": "F",
        "notes": "left-handed",
        "created_at": BEGIN,
    }
    return Person(**(content | changes))


def landmarks(frames: int = 20, *, seed: int = 1, hidden: int = 3) -> LandmarkSeries:
    """Positions that no rounding would keep, with frames in which nobody was seen."""
    random = np.random.default_rng(seed)
    xy_px = random.normal(400.0, 80.0, (frames, LANDMARK_COUNT, 2))
    world_m = random.normal(0.0, 0.4, (frames, LANDMARK_COUNT, 3))
    xy_px[:hidden], world_m[:hidden] = np.nan, np.nan
    return LandmarkSeries(
        time_s=np.arange(frames) / 29.97,
        xy_px=xy_px,
        world_m=world_m,
        visibility=random.random((frames, LANDMARK_COUNT)),
        width_px=1280,
        height_px=720,
        identity_sure=random.random(frames) > 0.2,
        face_px=random.normal(400.0, 20.0, (frames, 20, 3)).astype(np.float32),
    )


def a_set(
    session: Session, value_deg: float = 140.0, *, phase: Phase = Phase.PRE1, **changes: Any
) -> SetRecord:
    """A set with its series, its landmarks and a pain score."""
    assessment = measured(value_deg, age=50, sex="F")
    content: dict[str, Any] = {
        "id": new_id(),
        "session_id": session.id,
        "recorded_at": session.started_at,
        "phase": phase,
        "assessment": replace(assessment, series=series_of(assessment, gap_s=(3.0, 3.4))),
        "landmarks": landmarks(),
        "pain": (PainScore(moment="during", score=5.0), PainScore(moment="after", score=1 / 3)),
        "recording": "clip.mp4",
    }
    return SetRecord(**(content | changes))


def a_session(person_id: str, day: int = 0, **changes: Any) -> Session:
    content: dict[str, Any] = {
        "id": new_id(),
        "person_id": person_id,
        "started_at": BEGIN + timedelta(days=day),
    }
    return Session(**(content | changes))


def compared_session(
    person_id: str,
    day: int,
    before_deg: float,
    after_deg: float,
    *,
    pain: tuple[float, float] = (5.0, 2.0),
    side: Side | None = Side.LEFT,
) -> SessionContent:
    """A session with a set before and one after, and what they said together."""
    session = a_session(person_id, day)
    before, after = (
        measured(value, side=side, age=50, sex="F") for value in (before_deg, after_deg)
    )
    comparison = compare(before, after, pain_before=pain[0], pain_after=pain[1], age=50, sex="F")
    sets = (
        a_set(session, assessment=before, landmarks=None, pain=()),
        a_set(session, assessment=after, phase=Phase.POST, landmarks=None, pain=()),
    )
    ids = {"pre1": sets[0].id, "post": sets[1].id}
    result = result_of_comparison(comparison, session.id, ids)
    return SessionContent(session=session, sets=sets, results=(result,))


def screen() -> Screen:
    answers = (
        Answer(id="F01", yes=False),
        Answer(id="F16", yes=True, places=(Place("knee_front", Side.LEFT),), agreed=True),
    )
    return Screen(answers=answers, answered_at="2026-03-02T18:31:00+00:00")


def massage(spots: int = 2, *, finished: bool = True) -> MassageRecord:
    pressed = [
        SpotRecord(
            muscle="pectoralis_minor",
            side=Side.LEFT,
            round=number,
            started_s=12.345678901 + 60 * number,
            planned_s=30.0,
            held_s=29.87654321,
            strength_before=5.0,
            strength_after=None if number else 10 / 3,
            familiar="yes",
            outcome="completed",
            reason=None,
        )
        for number in range(spots)
    ]
    return MassageRecord(
        movement="shoulder_abduction",
        side=Side.LEFT,
        hurts=(Place("shoulder_front", Side.LEFT),),
        started_at="2026-03-02T18:40:00+00:00",
        pain_before=5.0,
        pain_after=2 / 3,
        spots=tuple(pressed),
        finished=finished,
        stopped=None,
    )


def full_content(pseudonym: str = "Ana") -> PersonContent:
    """Somebody of whom everything is kept that can be."""
    owner = person(pseudonym=pseudonym)
    first = a_session(
        owner.id,
        0,
        screen=screen(),
        notes="first visit\nsecond line",
        remarks=("You rested for 40 of 120 s before the second set.",),
    )
    reading = ManualReading(
        id=new_id(),
        value_deg=141.5,
        instrument="goniometer",
        read_at=BEGIN,
        rater="K. B.",
        repetition=1,
        end_feel="firm",
    )
    edit = Edit(
        field="assessment.repetitions[2].counted",
        before=True,
        after=None,
        edited_at=BEGIN,
        reason="cut off",
    )
    as_measured = measured(149.0, age=50, sex="F")
    positions = landmarks()
    sets = (
        a_set(
            first,
            landmarks=positions,
            readings=(reading, replace(reading, id=new_id(), repetition=None)),
        ),
        a_set(
            first,
            150.0,
            phase=Phase.PRE2,
            landmarks=positions,
            edits=(edit, replace(edit, before={"a": [1.5]})),
            original=replace(as_measured, series=series_of(as_measured)),
        ),
        a_set(first, assessment=refused(), landmarks=None, phase=Phase.POST, recording=None),
    )
    later = compared_session(owner.id, 7, 120.0, 150.0)
    return PersonContent(
        person=owner,
        sessions=(SessionContent(session=first, sets=sets, massages=(massage(),)), later),
    )


def assert_same(found: object, expected: object, where: str = "") -> None:
    """Compare values to the last bit, arrays too."""
    if isinstance(expected, np.ndarray):
        assert isinstance(found, np.ndarray) and found.dtype == expected.dtype, where
        assert found.shape == expected.shape and found.tobytes() == expected.tobytes(), where
    elif hasattr(expected, "__dataclass_fields__"):
        assert type(found) is type(expected), where
        for name in expected.__dataclass_fields__:
            assert_same(getattr(found, name), getattr(expected, name), f"{where}.{name}")
    elif isinstance(expected, Sequence) and not isinstance(expected, str):
        assert isinstance(found, Sequence) and len(found) == len(expected), where
        for number, (a, b) in enumerate(zip(found, expected, strict=True)):
            assert_same(a, b, f"{where}[{number}]")
    elif isinstance(expected, float):
        assert isinstance(found, float) and repr(found) == repr(expected), where  # NaN, -0.0
    else:
        assert found == expected and type(found) is type(expected), f"{where}: {found!r}"
