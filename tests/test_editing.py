"""Repetitions corrected by hand: what the hand says stands, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.assess import Person, assess_movement, assess_trace
from rom.clinical.assessment import Assessment
from rom.clinical.error import set_value_deg
from rom.clinical.pain_onset import pain_onset_of
from rom.clinical.signs.finding import find_signs
from rom.editing import EDITED_CODE, TAKEN_OUT, CorrectedSet, Mark, is_edited, open_set
from rom.errors import UsageError
from rom.kinematics.pain_marks import PainMark
from rom.landmarks import LandmarkSeries, Side
from rom.movements import movement_named
from rom.quality.issues import Issue, Severity
from rom.records.codec import from_plain, to_plain
from rom.reports.content import SessionContent, ShownSet
from rom.reports.report_page import report_page
from rom.reports.text import assessment_text
from rom.reports.therapist import session_for_therapist
from tests.performances import PROVENANCE, filmed

NAME, SIDE = "shoulder_abduction", Side.LEFT
PEAKS_DEG = [140.0, 150.0, 120.0, 146.0]


@cache
def performed() -> tuple[LandmarkSeries, Assessment]:
    series = filmed(NAME, SIDE, peaks_deg=PEAKS_DEG, seed=3)
    movement = movement_named(NAME)
    person = Person(age=40, sex="F")
    result, trace = assess_movement(series, movement, SIDE, person=person, provenance=PROVENANCE)
    assert len(result.counted) == 4 and result.measured
    return series, replace(result, signs=find_signs(trace))


def opened() -> CorrectedSet:
    series, result = performed()
    return open_set(result, series, person=Person(age=40, sex="F"))


def same_figures(one: Assessment, other: Assessment) -> bool:
    return one.to_json(exact=True) == other.to_json(exact=True)


def test_what_nobody_touched_is_the_result_itself() -> None:
    _, result = performed()
    assert same_figures(opened().assessment, result)
    assert opened().changes == () and not is_edited(opened().assessment)


@given(st.sets(st.integers(0, 3), max_size=3))
def test_the_value_is_of_the_repetitions_that_are_left(out: set[int]) -> None:
    left = opened()
    for number in sorted(out):
        left = left.take_out(number)
    found = left.assessment
    peaks_deg = [each.peak_deg for n, each in enumerate(left.repetitions) if n not in out]
    assert found.value_deg == set_value_deg(peaks_deg)
    assert [each.counted for each in found.repetitions] == [n not in out for n in range(4)]
    assert is_edited(found) == bool(out)
    assert found.normal_range is not None
    assert {each.reason_not_counted for each in found.repetitions} <= {None, TAKEN_OUT}


@given(st.permutations(range(4)), st.permutations(range(3)))
@settings(max_examples=15)
def test_taking_out_and_putting_back_leaves_no_trace(out: list[int], back: list[int]) -> None:
    start = opened()
    changed = start
    for number in out[:3]:
        changed = changed.take_out(number)
    for place in back:
        changed = changed.put_back(out[place])
    assert changed.repetitions == start.repetitions
    assert same_figures(changed.assessment, start.assessment)


_marks = st.sampled_from(["onset_s", "peak_s", "offset_s"])


@given(st.integers(0, 3), _marks, st.floats(-0.6, 0.6))
@settings(max_examples=40)
def test_a_moved_mark_is_where_it_was_set_and_the_others_stay(
    number: int, mark: Mark, by_s: float
) -> None:
    start = opened()
    to_s = getattr(start.repetitions[number], mark) + by_s
    try:
        changed = start.move(number, mark, to_s)
    except UsageError:
        return  # it would pass another mark
    one, other = start.repetitions[number], changed.repetitions[number]
    assert getattr(other, mark) == to_s
    rest = {"onset_s", "peak_s", "offset_s"} - {mark}
    assert all(getattr(one, name) == getattr(other, name) for name in rest)
    if mark != "peak_s":
        assert other.peak_deg == one.peak_deg
    assert other.stroke_end_s <= other.peak_s and other.counted
    for n, (before, after) in enumerate(zip(start.repetitions, changed.repetitions, strict=True)):
        assert n == number or before == after
    assert changed.undo().repetitions == start.repetitions


def test_the_angle_at_a_moved_peak_is_the_angle_there() -> None:
    start = opened()
    repetition = start.repetitions[1]
    halfway_s = 0.5 * (repetition.onset_s + repetition.stroke_end_s)
    changed = start.move(1, "peak_s", halfway_s)
    time_s, angle_deg = start.found.series.time_s, start.found.angle_deg
    assert changed.repetitions[1].peak_deg == pytest.approx(
        float(np.interp(halfway_s, time_s, angle_deg)), abs=3.0
    )
    assert changed.assessment.value_deg != start.assessment.value_deg


@pytest.mark.parametrize("number", range(4))
def test_a_repetition_that_was_overlooked_is_read_like_those_that_were_found(number: int) -> None:
    series, result = performed()
    without = (*result.repetitions[:number], *result.repetitions[number + 1 :])
    trace = replace(opened().found, repetitions=without)
    short = assess_trace(trace, series, person=Person(), provenance=PROVENANCE)
    start = open_set(short, series, person=Person())
    added = start.add(result.repetitions[number].peak_s + 0.2)
    found, known = added.repetitions[number], result.repetitions[number]
    assert len(added.repetitions) == 4 and found.counted
    assert found.peak_deg == pytest.approx(known.peak_deg, abs=1.0)
    assert found.onset_s == pytest.approx(known.onset_s, abs=0.15)
    assert found.peak_s == pytest.approx(known.peak_s, abs=0.15)
    assert [each for n, each in enumerate(added.repetitions) if n != number] == [*without]
    assert [change.kind for change in added.changes] == ["added"]
    assert f"repetition {number + 1} added" in added.assessment.issues[0].message


def test_a_cursor_on_what_was_taken_out_puts_it_back() -> None:
    start = opened()
    changed = start.take_out(2).add(start.repetitions[2].peak_s)
    assert changed.repetitions == start.repetitions


@pytest.mark.parametrize("at_s", [0.2, -5.0, 1000.0])
def test_nothing_is_added_where_nothing_moves(at_s: float) -> None:
    with pytest.raises(UsageError, match="choose"):
        opened().add(at_s)


def test_what_cannot_be_done_says_why() -> None:
    start = opened()
    with pytest.raises(UsageError, match="from 1 to 4, got 9"):
        start.take_out(8)
    with pytest.raises(UsageError, match="but 1 does;"):
        start.put_back(0)
    with pytest.raises(UsageError, match="taken out by hand"):
        start.take_out(0).take_out(0)
    with pytest.raises(UsageError, match="in this order"):
        start.move(1, "onset_s", start.repetitions[1].peak_s + 0.1)
    with pytest.raises(UsageError, match="between the repetitions beside it"):
        start.move(1, "onset_s", start.repetitions[0].onset_s)
    with pytest.raises(UsageError, match="there is none"):
        start.undo()
    with pytest.raises(UsageError, match="none were kept"):
        open_set(performed()[1], None, person=Person())


def test_all_taken_out_is_no_value() -> None:
    changed = opened()
    for number in range(4):
        changed = changed.take_out(number)
    assert not changed.assessment.measured and changed.assessment.value_deg is None
    assert any(issue.code == "no_repetitions" for issue in changed.assessment.issues)


def test_what_only_the_recording_could_tell_stays() -> None:
    series, result = performed()
    dark = Issue(code="picture_dark", severity=Severity.WARNING, message="The picture is dark.")
    start = open_set(replace(result, issues=(dark,)), series, person=Person())
    assert dark in start.take_out(1).assessment.issues


def test_another_reading_of_the_same_set_is_not_corrected() -> None:
    series, result = performed()
    assert result.series is not None
    other = replace(result, series=replace(result.series, angle_deg=result.series.angle_deg + 1.0))
    with pytest.raises(UsageError, match="measure the recording again"):
        open_set(other, series, person=Person())


def test_a_corrected_set_opens_as_it_was_left() -> None:
    series, _ = performed()
    left = opened().take_out(2)
    kept = from_plain(Assessment, to_plain(replace(left.assessment, series=None)))
    again = open_set(
        replace(kept, series=left.assessment.series), series, person=Person(age=40, sex="F")
    )
    assert again.changes == left.changes
    assert again.put_back(2).changes == ()


def test_an_edited_result_says_so_everywhere() -> None:
    result = opened().take_out(2).assessment
    words = "Edited by hand: repetition 3 taken out."
    assert words in " ".join(assessment_text(result).split())
    issues = result.to_json()["issues"]
    assert isinstance(issues, list)
    assert any(isinstance(each, dict) and each["code"] == EDITED_CODE for each in issues)
    content = SessionContent(sets=[ShownSet(name="before", assessment=result)])
    assert words in report_page(session_for_therapist(content), paper="a4")


@given(st.sets(st.integers(0, 3), max_size=3))
def test_the_marks_of_pain_follow_the_repetitions_that_stand(out: set[int]) -> None:
    series, result = performed()
    marks = tuple(
        PainMark(time_s=0.5 * (each.onset_s + each.peak_s)) for each in result.repetitions
    )
    left = open_set(replace(result, pain_marks=marks), series, person=Person(age=40, sex="F"))
    for number in sorted(out):
        left = left.take_out(number)
    found = left.assessment
    assert [mark.time_s for mark in found.pain_marks] == [mark.time_s for mark in marks]
    assert [mark.repetition for mark in found.pain_marks] == [0, 1, 2, 3]
    onset = pain_onset_of(found)
    assert onset is not None and onset.repetitions == 4 - len(out)
