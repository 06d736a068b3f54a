"""The mark "pain starts here" on the angle of its clip, and what is told of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.clinical.assessment import Assessment
from rom.clinical.comparison import compare
from rom.clinical.error import mdc95_of_change
from rom.clinical.pain_onset import onset_change, pain_onset_of
from rom.clinical.wording import onset_interval
from rom.kinematics.pain_marks import PainMark, place_marks
from rom.kinematics.repetitions import Repetition, find_repetitions
from rom.landmarks import FloatArray
from rom.records.entities import (
    Person,
    PersonContent,
    Phase,
    Session,
    SessionContent,
    SetRecord,
    new_id,
)
from rom.records.from_json import assessment_from_json, comparison_from_json
from rom.records.history import history_of
from rom.records.sessions import result_of_comparison
from rom.records.store import Store
from rom.reports.kept import session_content
from rom.reports.person import session_for_person
from rom.reports.phrases import onset_words
from rom.reports.report_page import report_page
from rom.reports.therapist import session_for_therapist
from rom.ui.screens.progress.sessions import session_table
from tests.clinical_builders import measured, refused, series_of
from tests.record_builders import BEGIN

STROKE_S, HOLD_S, REST_S, TOP_DEG = 1.6, 0.6, 1.2, 120.0
STARTS_S = (1.5, 7.0, 12.5)
FEW = settings(max_examples=40, deadline=None)


def angle_at(time_s: FloatArray) -> FloatArray:
    """Minimum-jerk strokes to 120° and back, so that the angle at every time is known."""
    angle = np.zeros_like(time_s)
    for start_s in STARTS_S:
        out = np.clip((time_s - start_s) / STROKE_S, 0.0, 1.0)
        back = np.clip((time_s - start_s - STROKE_S - HOLD_S) / STROKE_S, 0.0, 1.0)
        angle += TOP_DEG * (_way(out) - _way(back))
    return angle


def _way(part: FloatArray) -> FloatArray:
    return part**3 * (10.0 - 15.0 * part + 6.0 * part**2)


TIME_S = np.arange(0.0, 19.0, 1 / 30)
ANGLE_DEG = angle_at(TIME_S)
REPETITIONS = find_repetitions(TIME_S, ANGLE_DEG, min_amplitude_deg=15.0)


def placed(*marks_s: float, angle_deg: FloatArray = ANGLE_DEG) -> tuple[PainMark, ...]:
    return place_marks(TIME_S, angle_deg, repetitions=REPETITIONS, marks_s=marks_s)


def times_in(repetition: Repetition) -> st.SearchStrategy[float]:
    return st.floats(repetition.onset_s, repetition.peak_s)


@FEW
@given(st.data(), st.sampled_from([0, 1, 2]), st.integers(0, 2**32 - 1))
def test_a_mark_on_the_way_out_reads_the_angle_there(
    data: st.DataObject, number: int, seed: int
) -> None:
    mark_s = data.draw(times_in(REPETITIONS[number]))
    noise_deg = np.random.default_rng(seed).normal(0.0, 1.0, TIME_S.shape)
    (mark,) = placed(mark_s, angle_deg=ANGLE_DEG + noise_deg)
    assert (mark.time_s, mark.repetition) == (mark_s, number)
    assert mark.angle_deg == pytest.approx(float(angle_at(np.array([mark_s]))[0]), abs=4.0)


@given(st.lists(st.floats(0.0, 19.0), max_size=8))
def test_every_mark_is_kept_and_each_repetition_has_its_first_at_most(marks_s: list[float]) -> None:
    found = placed(*marks_s)
    assert [each.time_s for each in found] == sorted(marks_s)
    for number, repetition in enumerate(REPETITIONS):
        inside = [s for s in sorted(marks_s) if repetition.onset_s <= s <= repetition.peak_s]
        mine = [each.time_s for each in found if each.repetition == number]
        assert mine == inside[:1]
    assert all(each.angle_deg is None for each in found if each.repetition is None)


@pytest.mark.parametrize("late_s", [-0.2, 0.2])
def test_a_mark_before_the_onset_or_after_the_peak_has_no_angle(late_s: float) -> None:
    edge_s = REPETITIONS[1].onset_s if late_s < 0 else REPETITIONS[1].peak_s
    (mark,) = placed(edge_s + late_s)
    assert mark.repetition is None and mark.angle_deg is None


def test_a_mark_where_nothing_was_seen_has_no_angle() -> None:
    mark_s = 0.5 * (REPETITIONS[0].onset_s + REPETITIONS[0].peak_s)
    hidden = np.where(np.abs(TIME_S - mark_s) < 0.3, np.nan, ANGLE_DEG)
    (mark,) = placed(mark_s, angle_deg=hidden)
    assert mark.repetition == 0 and mark.angle_deg is None


def marked(value_deg: float, *angles_deg: float | None) -> Assessment:
    """A set with the start of pain at these angles, one for each repetition from the first on."""
    found = measured(value_deg, age=50, sex="F")
    marks = tuple(
        PainMark(time_s=found.repetitions[n].onset_s + 0.5, repetition=n, angle_deg=angle)
        for n, angle in enumerate(angles_deg)
    )
    return replace(found, pain_marks=marks)


@given(st.lists(st.floats(20.0, 130.0), min_size=1, max_size=3))
def test_the_start_of_pain_is_a_median_that_is_never_surer_than_the_value(
    angles_deg: list[float],
) -> None:
    found = marked(140.0, *angles_deg)
    onset = pain_onset_of(found)
    assert onset is not None and found.sem_deg is not None
    assert onset.angle_deg == pytest.approx(np.median(angles_deg))
    assert onset.sem_deg >= found.sem_deg
    assert (onset.repetitions, onset.counted) == (len(angles_deg), 3)


def test_fewer_and_scattered_marks_are_less_sure() -> None:
    three, one = (pain_onset_of(marked(140.0, *a)) for a in [(90.0, 92.0, 94.0), (92.0,)])
    wide = pain_onset_of(marked(140.0, 70.0, 92.0, 114.0))
    assert three and one and wide
    assert one.sem_deg > three.sem_deg and wide.sem_deg > three.sem_deg


def test_no_start_of_pain_without_a_mark_a_value_or_a_repetition_that_counts() -> None:
    uncounted = marked(140.0, 90.0)
    first = replace(uncounted.repetitions[0], counted=False, reason_not_counted="too short")
    uncounted = replace(uncounted, repetitions=(first, *uncounted.repetitions[1:]))
    aside = replace(measured(140.0), pain_marks=(PainMark(time_s=0.1),))
    for each in (measured(140.0), refused(), uncounted, aside, marked(140.0, None)):
        assert pain_onset_of(each) is None and onset_words(each) == ""


@given(st.floats(30.0, 120.0), st.floats(30.0, 120.0))
def test_a_change_is_stated_only_beyond_its_own_mdc(before_deg: float, after_deg: float) -> None:
    before, after = marked(140.0, *[before_deg] * 3), marked(140.0, *[after_deg] * 3)
    found = onset_change(before, after)
    first, last = pain_onset_of(before), pain_onset_of(after)
    assert first and last and found.change_deg is not None
    limit_deg = mdc95_of_change(first.sem_deg, last.sem_deg)
    assert found.limit_deg == limit_deg
    assert (found.verdict == "no_measurable_change") == (abs(found.change_deg) <= limit_deg)
    assert onset_change(after, before).change_deg == pytest.approx(-found.change_deg)


def test_the_words_stand_beside_each_other_and_claim_no_more_than_was_measured() -> None:
    far = compare(marked(130.0, 80.0, 80.0, 80.0), marked(150.0, 115.0, 115.0, 115.0))
    onset = far.pain_onset
    assert onset and onset.before and onset.after
    assert f"{onset_interval(onset.before)} before" in far.text
    assert f"{onset_interval(onset.after)} after" in far.text
    assert "35° later in the movement" in far.text
    near = compare(marked(130.0, 80.0, 80.0, 80.0), marked(150.0, 82.0, 82.0, 82.0))
    assert "That is no measurable change" in near.text
    gone = compare(marked(130.0, 80.0, 80.0, 80.0), measured(150.0))
    assert "you marked no start of pain after" in gone.text
    assert "later" not in gone.text
    none = compare(measured(130.0), measured(150.0))
    assert none.pain_onset is None and "pain" not in none.text


def test_nothing_is_said_of_a_change_where_the_sets_before_differ() -> None:
    unstable = compare(
        measured(90.0), marked(150.0, 115.0, 115.0), pre2=marked(130.0, 80.0, 80.0, 80.0)
    )
    assert unstable.verdict == "unstable_baseline"
    assert unstable.pain_onset and unstable.pain_onset.verdict is None
    assert "later" not in unstable.text


def test_marks_come_back_from_the_json() -> None:
    found = marked(140.0, 90.25, None)
    found = replace(found, series=series_of(found))
    back = assessment_from_json(found.to_json(exact=True))
    assert back.pain_marks == found.pain_marks
    assert "pain_marks" not in measured(140.0).to_json()
    comparison = compare(found, marked(150.0, 120.0))
    assert comparison_from_json(comparison.to_json()).pain_onset == comparison.pain_onset


def test_a_mark_of_a_repetition_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="pain_marks"):
        replace(measured(140.0), pain_marks=(PainMark(time_s=1.0, repetition=7, angle_deg=90.0),))


def kept_session() -> tuple[Person, SessionContent]:
    """A session in which the start of pain was marked before and after."""
    person = Person(id=new_id(), pseudonym="Ana", birth_year=1976, sex="F", created_at=BEGIN)
    session = Session(id=new_id(), person_id=person.id, started_at=BEGIN)
    before, after = marked(130.0, 80.0, 80.0, 80.0), marked(150.0, 115.0, 115.0, 115.0)
    sets = tuple(
        SetRecord(
            id=new_id(), session_id=session.id, recorded_at=BEGIN, phase=phase, assessment=each
        )
        for phase, each in ((Phase.PRE1, before), (Phase.POST, after))
    )
    ids = {"pre1": sets[0].id, "post": sets[1].id}
    result = result_of_comparison(compare(before, after, age=50, sex="F"), session.id, ids)
    return person, SessionContent(session=session, sets=sets, results=(result,))


def test_the_store_keeps_marks_and_the_reports_tell_them(store: Store) -> None:
    person, session = kept_session()
    store.import_content(PersonContent(person=person, sessions=(session,)))
    back = store.content(person.id)
    assert [each.assessment.pain_marks for each in back.sets] == [
        each.assessment.pain_marks for each in session.sets
    ]
    shown = session_content(person, back.sessions[0])
    onset = shown.comparison and shown.comparison.pain_onset
    assert onset and onset.verdict == "later"
    page, table = report_page(session_for_person(shown)), report_page(session_for_therapist(shown))
    assert "35° later in the movement" in page
    assert "Start of pain" in table and "80.0° ±" in table and "115.0° ±" in table
    assert "start of pain marked in repetition 1: 80°" in table
    (course,) = history_of(back, today=BEGIN.date()).courses
    (row,) = session_table(course).rows
    assert any(cell.startswith("80° ±") and "→ 115° ±" in cell for cell in row)
