"""What the overlay draws is what was read: arms at the joint, and the recording again beneath."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from rom.clinical.assessment import Assessment
from rom.kinematics.angles import READINGS
from rom.kinematics.arms import ARMS, compute_arms
from rom.kinematics.geometry import turn_deg
from rom.kinematics.orientation import estimate_orientation
from rom.landmarks import Side
from rom.movements import movement_named
from rom.overlay import draw_outcome
from rom.pipeline import AssessmentRequest, Outcome, assess_recording
from rom.samples import sample_folder
from rom.trace import compute_native_reading
from tests.performances import cases, filmed

WITHOUT_ARMS = {"neck_rotation"}
FROM_DOWN = {"neck_sagittal"}


def test_every_reading_has_arms() -> None:
    assert set(ARMS) == set(READINGS)


@pytest.mark.parametrize(("name", "side"), cases())
def test_the_angle_between_the_arms_is_the_reading(name: str, side: Side | None) -> None:
    movement = movement_named(name)
    series = filmed(name, side, noise_px=0.0)
    arms = compute_arms(series, movement.reading, side)
    drawn_deg = turn_deg(arms.reference_px - arms.vertex_px, arms.moving_px - arms.vertex_px)
    read_deg = compute_native_reading(series, movement, side, estimate_orientation(series))
    if movement.reading in WITHOUT_ARMS:
        assert np.isnan(drawn_deg).all()
        return
    agreed = np.abs((np.abs(drawn_deg) - np.abs(read_deg) + 180.0) % 360.0 - 180.0)
    assert np.nanmax(agreed) < 1.0


def test_an_unknown_reading_is_named() -> None:
    series = filmed("knee_flexion", Side.LEFT)
    with pytest.raises(KeyError, match="knee_sagittal"):
        compute_arms(series, "knee_twist", Side.LEFT)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    request = AssessmentRequest(
        video=sample_folder() / "elbow_flexion_left.mp4", movement="elbow_flexion", side=Side.LEFT
    )
    return assess_recording(request)


def frames_of(path: Path) -> list[tuple[float, np.ndarray]]:
    with av.open(str(path)) as container:
        return [
            (float(frame.time), frame.to_ndarray(format="rgb24"))
            for frame in container.decode(video=0)
        ]


def test_the_overlay_has_every_frame_at_its_time_with_something_drawn(
    outcome: Outcome, tmp_path: Path
) -> None:
    draw_outcome(outcome, tmp_path / "overlay.mp4", force=False)
    drawn, filmed_frames = frames_of(tmp_path / "overlay.mp4"), frames_of(outcome.request.video)
    assert [time_s for time_s, _ in drawn] == pytest.approx(
        [time_s for time_s, _ in filmed_frames], abs=1e-3
    )
    middle = len(drawn) // 2
    changed = np.abs(drawn[middle][1].astype(int) - filmed_frames[middle][1]).max(axis=2) > 60
    assert 0.005 < changed.mean() < 0.3


def test_a_refusal_is_drawn_with_its_reason(outcome: Outcome, tmp_path: Path) -> None:
    request = AssessmentRequest(
        video=outcome.request.video, movement="elbow_flexion", side=Side.RIGHT
    )
    refused = assess_recording(request)
    assessment: Assessment = refused.assessments[0]
    assert assessment.status == "not_measured"
    draw_outcome(refused, tmp_path / "overlay.mp4", force=False)
    bottom = frames_of(tmp_path / "overlay.mp4")[0][1]
    plain = frames_of(outcome.request.video)[0][1]
    lower = slice(int(0.8 * plain.shape[0]), None)
    assert np.abs(bottom[lower].astype(int) - plain[lower]).mean() > 10
