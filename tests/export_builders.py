"""People with sessions and sets that hold every kind of value, for exports and their way back."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
from hypothesis import strategies as st

from rom.clinical.assessment import Assessment, Series
from rom.clinical.massage.record import MassageRecord
from rom.clinical.screen import Answer, Screen
from rom.clinical.signs.judged import Sign
from rom.kinematics.pain_marks import PainMark
from rom.landmarks import Side
from rom.quality.issues import Issue, Severity
from rom.records.entities import (
    Edit,
    ManualReading,
    PainScore,
    Person,
    PersonContent,
    Phase,
    Session,
    SessionContent,
    SessionResult,
    SetRecord,
)
from tests.clinical_builders import measured, refused, series_of, sign

NOON = datetime(2026, 5, 4, 12, 30, 15, 250000, tzinfo=timezone(timedelta(hours=2)))
NASTY = (
    '=HYPERLINK("http://x";"y")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "'quoted'",
    "a;=1+1",
    "first\n-second\r\n@third",
    "<script>alert('x')</script> & \"quotes\", commas",
    "שלום עולם",
    "مرحبا",
    "👩🏽‍⚕️ naïve Å",
    "  spaced  ",
    "null",
    "NaN",
    "true",
    "007",
    "1e5",
)

texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40),
)
names = st.sampled_from(["Anna", "שלום", "=Max", "O'Brien <b>", "👩🏽 B.", "@home", "+49"])
finite = st.floats(allow_nan=False, allow_infinity=False, width=64)
degrees = st.floats(-180, 180)
moments = st.datetimes(
    datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from([UTC, NOON.tzinfo])
)
ratings = st.floats(0, 10)


def set_of(assessment: Assessment, *, number: int = 0, **changes: Any) -> SetRecord:
    content: dict[str, Any] = {
        "id": f"{number:032x}",
        "session_id": "s" * 32,
        "recorded_at": NOON,
        "phase": Phase.SINGLE,
        "assessment": assessment,
        "recording": "knee (1).mp4",
    }
    return SetRecord(**(content | changes))


def person_of(*sets: SetRecord, pseudonym: str = "Anna", **changes: Any) -> PersonContent:
    person = Person(id="p" * 32, pseudonym=pseudonym, birth_year=1980, sex="F", created_at=NOON)
    session = Session(id="s" * 32, person_id=person.id, started_at=NOON)
    content = SessionContent(session=session, sets=sets)
    return PersonContent(person=replace(person, **changes), sessions=(content,))


def full_assessment() -> Assessment:
    """A measured set with something in every list."""
    assessment = measured(
        140.0,
        age=45,
        sex="F",
        issues=(
            Issue(
                code="off_plane",
                severity=Severity.WARNING,
                message="You stand 12° off the view.",
                value=12.0,
                limit=20.0,
                unit="deg",
            ),
        ),
        signs=full_signs(),
        pain_marks=(
            PainMark(time_s=1.0 / 3.0),
            PainMark(time_s=2.0, repetition=0, angle_deg=88.123456789),
            PainMark(time_s=6.1, repetition=1),
        ),
    )
    provenance = replace(
        assessment.provenance,
        sem_source="own sets, n = 12, 2026-05-01",
        accuracy_source="own, n = 9",
    )
    series = series_of(assessment, gap_s=(2.0, 2.2))
    return replace(assessment, provenance=provenance, series=series)


def full_signs() -> tuple[Sign, ...]:
    """A sign present, one absent, one not judged and one that is never judged."""
    present = replace(
        sign("trunk_lean", value=14.123456789), seen_s=(1.0 / 3.0, 9.25), gate="seen from the front"
    )
    return (
        sign("less_smooth", reason="The set before is needed."),
        present,
        sign("bracing", (), value=0.1 + 0.2, early=False),
        replace(sign("movement_pain", reason="It was not asked for."), threshold=math.nan),
    )


def full_person() -> PersonContent:
    """A person of whom every kind of record is kept."""
    record = set_of(
        full_assessment(),
        phase=Phase.PRE1,
        pain=(
            PainScore(moment="before", score=3.0),
            PainScore(moment="during", score=4.0, time_s=2.5),
        ),
        readings=(ManualReading(id="m1", value_deg=138.0, instrument="goniometer", read_at=NOON),),
        edits=(Edit(field="notes", before=None, after="x", edited_at=NOON, reason="typing"),),
        notes="=1+1",
        original=replace(full_assessment(), value_deg=139.0, signs=full_signs()[:1]),
    )
    other = set_of(refused(side=Side.RIGHT), number=1, phase=Phase.POST, recording=None)
    content = person_of(record, other)
    screen = Screen(answers=(Answer(id="R01", yes=False),), answered_at=NOON.isoformat())
    massage = MassageRecord(
        movement="shoulder_abduction",
        side=Side.LEFT,
        hurts=(),
        started_at=NOON.isoformat(),
        pain_before=3.0,
        pain_after=None,
        spots=(),
        finished=False,
        stopped=None,
    )
    result = SessionResult(
        id="r1",
        session_id="s" * 32,
        kind="before_after",
        movement="shoulder_abduction",
        side=Side.LEFT,
        set_ids={"pre1": record.id, "post": other.id},
        change_deg=None,
        drift_deg=None,
        mdc95_deg=None,
        limit_deg=None,
        verdict="not_comparable",
        label_id=None,
        label_reason="Not measured.",
        text="Not measured afterwards.",
    )
    session = content.sessions[0]
    session = replace(
        session,
        session=replace(session.session, screen=screen, remarks=("You rested for 40 s.",)),
        results=(result,),
        massages=(massage,),
    )
    return replace(content, sessions=(session,))


@st.composite
def signs(draw: st.DrawFn) -> Sign:
    """Signs with any numbers and texts where the type allows them."""
    judged = draw(st.booleans())
    seen = draw(st.lists(st.tuples(st.integers(0, 9), finite), max_size=3)) if judged else []
    return Sign(
        code=draw(st.sampled_from(["trunk_lean", "slow", "of_a_later_version"])),
        value=draw(finite) if judged else None,
        threshold=draw(finite | st.just(math.nan)) if not judged else draw(finite),
        unit=draw(texts),
        present=judged and draw(st.booleans()),
        reason=None if judged else draw(texts),
        source=draw(texts),
        evidence=draw(texts),
        gate=draw(st.none() | texts),
        repeat_words=draw(texts),
        repetitions_with=tuple(number for number, _ in seen),
        repetitions_evaluated=tuple(draw(st.lists(st.integers(0, 9), max_size=3))),
        seen_s=draw(st.sampled_from([(), tuple(at_s for _, at_s in seen)])),
        early=judged and draw(st.booleans()),
    )


@st.composite
def set_records(draw: st.DrawFn, *, number: int) -> SetRecord:
    """Sets with any numbers and any texts where the types allow them."""
    peaks = draw(st.lists(degrees, min_size=1, max_size=4))
    assessment = draw(st.sampled_from([measured(peaks_deg=peaks), refused(), full_assessment()]))
    issues = tuple(
        replace(
            issue,
            message=draw(texts) + " Turn a little.",
            value=draw(st.none() | finite),
            unit=draw(st.none() | texts),
        )
        for issue in assessment.issues
    )
    repetitions = tuple(
        replace(
            each,
            sparc=draw(st.none() | finite),
            onset_s=draw(finite),
            reason_not_counted=draw(st.none() | texts),
        )
        for each in assessment.repetitions
    )
    series = draw(st.none() | st.lists(st.floats(-400, 400) | st.just(np.nan), max_size=5))
    curve = None
    if series is not None:
        curve = Series(time_s=np.arange(len(series)) / 3.0, angle_deg=np.array(series, np.float64))
    return set_of(
        replace(
            assessment,
            issues=issues,
            repetitions=repetitions,
            series=curve,
            signs=tuple(draw(st.lists(signs(), max_size=3))),
            pain_marks=tuple(
                PainMark(
                    time_s=time_s,
                    repetition=draw(st.none() | st.integers(0, len(repetitions) - 1))
                    if repetitions
                    else None,
                    angle_deg=draw(st.none() | degrees),
                )
                for time_s in draw(st.lists(finite, max_size=3))
            ),
        ),
        number=number,
        phase=draw(st.sampled_from(Phase)),
        recorded_at=draw(moments),
        recording=draw(st.none() | texts),
        notes=draw(texts),
        pain=tuple(
            PainScore(moment="after", score=score, time_s=draw(st.none() | finite))
            for score in draw(st.lists(ratings, max_size=2))
        ),
        readings=tuple(
            ManualReading(
                id=f"m{index}",
                value_deg=value,
                instrument="other",
                read_at=NOON,
                rater=draw(texts),
                end_feel=draw(texts),
                repetition=draw(st.none() | st.integers(0, 9)),
            )
            for index, value in enumerate(draw(st.lists(degrees, max_size=2)))
        ),
        edits=tuple(
            Edit(field=draw(texts), before=before, after=draw(texts), edited_at=NOON)
            for before in draw(st.lists(st.none() | texts | finite | st.booleans(), max_size=2))
        ),
    )


@st.composite
def people(draw: st.DrawFn) -> PersonContent:
    count = draw(st.integers(0, 2))
    sets = tuple(draw(set_records(number=number)) for number in range(count))
    return person_of(
        *sets,
        pseudonym=draw(names),
        birth_year=draw(st.none() | st.integers(1900, 2020)),
        sex=draw(st.sampled_from([None, "F", "M"])),
        notes=draw(texts),
    )
