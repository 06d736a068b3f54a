"""The whole way from a video to a value, on clips whose true angles are known."""

from __future__ import annotations

import csv
from functools import cache

import pytest

from rom.clinical.assessment import Assessment
from rom.clinical.comparison import compare
from rom.landmarks import Side
from rom.pipeline import AssessmentRequest, assess_recording
from rom.samples import sample_folder

LARGEST_ERROR_DEG = 5.0
BOTH_SIDES = ("cervical_lateral_flexion.mp4", "trunk_lateral_flexion.mp4")

with (sample_folder() / "manifest.csv").open(newline="") as file:
    CLIPS = list(csv.DictReader(file))


@cache
def assessments(file: str, movement: str, side: str) -> tuple[Assessment, ...]:
    request = AssessmentRequest(
        video=sample_folder() / file,
        movement=movement,
        side="both" if side == "both" else Side(side),
    )
    return assess_recording(request).assessments


def measured(clip: dict[str, str]) -> Assessment:
    file, side = clip["file"], clip["side"]
    if file not in BOTH_SIDES:
        return assessments(file, clip["movement"], side)[0]
    left, right = assessments(file, clip["movement"], "both")
    return left if side == "left" else right


@pytest.mark.long
@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: f"{clip['file']}-{clip['side']}")
def test_every_value_is_near_the_truth_or_refused(clip: dict[str, str]) -> None:
    result = measured(clip)
    assert result.measured, [issue.message for issue in result.issues]
    error_deg = (result.value_deg or 0.0) - float(clip["truth_median_deg"])
    print(f"{clip['file']} {clip['side']}: {error_deg:+.1f}°")
    assert abs(error_deg) <= LARGEST_ERROR_DEG
    truths_deg = [float(peak) for peak in clip["truth_peak_deg"].split(";")]
    assert [repetition.counted for repetition in result.repetitions] == [True] * len(truths_deg)


def compared(side: str) -> str:
    sets = {
        name: assessments(f"shoulder_abduction_{side}_{name}.mp4", "shoulder_abduction", side)[0]
        for name in ("pre1", "pre2", "post")
    }
    return compare(sets["pre1"], sets["post"], pre2=sets["pre2"]).verdict


@pytest.mark.long
def test_a_gain_is_a_gain_and_no_change_is_none() -> None:
    assert compared("left") == "gain"
    assert compared("right") == "no_measurable_change"


@pytest.mark.long
@pytest.mark.parametrize(
    ("file", "movement", "side"),
    [
        ("shoulder_abduction_left_pre1.mp4", "shoulder_abduction", "right"),
        ("shoulder_abduction_left_pre1.mp4", "shoulder_flexion", "left"),
        ("knee_flexion_left.mp4", "hip_flexion", "left"),
        ("hip_flexion_right.mp4", "knee_flexion", "right"),
        ("trunk_lateral_flexion.mp4", "hip_abduction", "left"),
        ("shoulder_abduction_right_guarded.mp4", "trunk_lateral_flexion", "left"),
    ],
)
def test_another_side_or_movement_than_shown_is_refused(
    file: str, movement: str, side: str
) -> None:
    (result,) = assessments(file, movement, side)
    assert not result.measured
    assert result.value_deg is None
