"""Sessions and weeks with chosen values, as reports are asked for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import cv2
import numpy as np
from clinical_builders import measured, refused, series_of

from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison, compare
from rom.clinical.signs.judged import Sign
from rom.landmarks import Side
from rom.quality.issues import Issue, Severity
from rom.records import entities
from rom.records.entities import Person, Phase, Session, SessionResult, SetRecord
from rom.records.sessions import result_of_comparison
from rom.reports.content import SessionContent, ShownSet, Subject
from rom.video.encoding import jpeg_bytes

DAY = date(2026, 11, 21)
HOSTILE = "<script>alert(1)</script>\"'&#x;\\ *_$[=@"
LONG_NAME = " ".join(["Maria-Magdalena Aleksandra Schwarzenberg-Wittgenstein"] * 2)[:100]
NAMES = {
    "plain": "Anna Example",
    "long": LONG_NAME,
    "arabic": "فاطمة بنت محمد الأمين",
    "hebrew": "יעל כהן-לוי",
    "mixed": "Anna (יעל) 2",
    "hostile": HOSTILE,
}
SLOW_CAMERA = Issue(
    code="frame_rate",
    severity=Severity.WARNING,
    message="The camera gave 18 frames per second. More light helps.",
    value=18.2,
    limit=20.0,
    unit="frames/s",
)
HESITATION = Sign(
    code="hesitation",
    value=0.7,
    threshold=0.3,
    unit="s",
    present=True,
    reason=None,
    repetitions_with=(0, 2),
    repetitions_evaluated=(0, 1, 2),
    source="AUNG2016",
    evidence="heuristic",
)
UNSEEN = replace(HESITATION, value=0.1, present=False, repetitions_with=())
SLOW = Sign(
    code="slow",
    value=None,
    threshold=0.75,
    unit="ratio",
    present=False,
    reason="It needs two sets.",
    source="",
    evidence="heuristic",
)


def full(value_deg: float, *, side: Side | None = Side.LEFT, age: int | None = 45) -> Assessment:
    """A set with everything that a report can show."""
    one = measured(value_deg, side=side, age=age, sex="F")
    return replace(
        one,
        series=series_of(one, gap_s=(6.9, 7.6)),
        issues=(SLOW_CAMERA,),
        signs=(HESITATION, SLOW),
    )


def compared(post_deg: float = 144.0) -> Comparison:
    pre1, pre2, post = (
        full(116),
        full(117),
        replace(
            full(post_deg),
            signs=(replace(HESITATION, value=0.1, present=False, repetitions_with=()), SLOW),
        ),
    )
    return compare(pre1, post, pre2=pre2, pain_before=6, pain_after=3, age=45, sex="F")


def still() -> bytes:
    """A small picture."""
    rgb = np.full((120, 90, 3), 200, np.uint8)
    cv2.line(rgb, (10, 110), (80, 10), (200, 60, 0), 3)
    return jpeg_bytes(rgb)


def session(name: str | None = "Anna Example", *, pictures: bool = False) -> SessionContent:
    """Two sets before and one after."""
    comparison = compared()
    assert comparison.pre2 is not None
    names = ("before (1)", "before (2)", "after")
    assessments = (comparison.pre1, comparison.pre2, comparison.post)
    return SessionContent(
        subject=Subject(name=name, age=45, sex="F"),
        day=DAY,
        sets=[
            ShownSet(
                name=each,
                assessment=assessment,
                recording=f"{each}.mp4",
                still=still() if pictures else None,
            )
            for each, assessment in zip(names, assessments, strict=True)
        ],
        comparison=comparison,
    )


def one_set(assessment: Assessment, name: str | None = "Anna Example") -> SessionContent:
    shown = ShownSet(name="recording", assessment=assessment, recording="a.mp4")
    return SessionContent(subject=Subject(name=name, age=45, sex="F"), day=DAY, sets=[shown])


def profile(name: str | None = "Anna Example") -> SessionContent:
    """Several movements, left and right, one of them refused."""
    assessments = [
        full(116),
        full(135, side=Side.RIGHT),
        measured(39, movement="cervical_lateral_flexion", side=Side.LEFT, age=45),
        measured(31, movement="cervical_lateral_flexion", side=Side.RIGHT, age=45),
        measured(55, movement="cervical_rotation", side=Side.LEFT, age=45, bound="at_least"),
        measured(48, movement="cervical_flexion", side=None, age=45),
        measured(112, movement="knee_flexion", side=Side.LEFT, age=45),
        refused(movement="knee_flexion", side=Side.RIGHT),
    ]
    return SessionContent(
        subject=Subject(name=name, age=45, sex="F"),
        day=DAY,
        sets=[
            ShownSet(name=each.side.value if each.side else "recording", assessment=each)
            for each in assessments
        ],
    )


def kept_session(
    person: Person, day: int, assessments: Sequence[Assessment], pain: tuple[float, float]
) -> entities.SessionContent:
    """A session in the records: the first set before, the last one after."""
    at = person.created_at + timedelta(days=day)
    visit = Session(id=f"s{day}", person_id=person.id, started_at=at)
    phases = (Phase.PRE1, Phase.PRE2, Phase.POST) if len(assessments) == 3 else ()
    sets = [
        SetRecord(
            id=f"s{day}-{number}",
            session_id=visit.id,
            recorded_at=at + timedelta(minutes=number),
            phase=phases[number] if phases else Phase.SINGLE,
            assessment=assessment,
            recording=f"day{day}-{number}.mp4",
        )
        for number, assessment in enumerate(assessments)
    ]
    results: list[SessionResult] = []
    if phases:
        pre1, pre2, post = assessments
        before, after = pain
        told = compare(pre1, post, pre2=pre2, pain_before=before, pain_after=after, age=45, sex="F")
        roles = dict(zip(("pre1", "pre2", "post"), (each.id for each in sets), strict=True))
        results.append(result_of_comparison(told, visit.id, roles))
    return entities.SessionContent(session=visit, sets=tuple(sets), results=tuple(results))


def person(name: str = "Anna Example") -> Person:
    return Person(
        id="p",
        pseudonym=name,
        birth_year=1981,
        sex="F",
        created_at=datetime(2026, 3, 2, 18, 30, tzinfo=UTC),
    )


def kept_weeks(sessions: int = 24, *, name: str = "Anna Example") -> entities.PersonContent:
    """A course of weekly sessions: range rises and levels off, pain falls, one set is refused."""
    who = person(name)
    found = []
    wobble = np.random.default_rng(4).normal(0.0, 3.0, (sessions, 2))
    for number in range(sessions):
        before_deg = 104.0 + 28.0 * (1.0 - np.exp(-number / 8.0)) + wobble[number, 0]
        after_deg = before_deg + 10.0 + wobble[number, 1]
        pain = max(0.0, round(6.5 - 0.26 * number))
        pre1 = measured(before_deg, age=45, sex="F")
        sets = [pre1, measured(before_deg + 1.0, age=45, sex="F"), measured(after_deg, age=45)]
        if number == 5:
            sets[0] = sets[1] = refused()
        found.append(kept_session(who, 7 * number + number % 3, sets, (pain, max(0.0, pain - 2.0))))
    return entities.PersonContent(person=who, sessions=tuple(found))
