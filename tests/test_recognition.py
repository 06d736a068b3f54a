"""`--movement auto`: the right name or none, never a wrong one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rom.landmarks import LandmarkSeries, Side
from rom.movements import movement_named
from rom.quality.issues import Issue
from rom.recognition import Guess, recognise_movement
from tests.figures import Camera, film, frame_times, pose_figure
from tests.performances import PEAK_DEG, START_DEG, cases, filmed, recommended_camera
from tests.test_assess import slice_of, squat

pytestmark = pytest.mark.usefixtures("curve_alone")

NEVER_NAMED = {"wrist_flexion", "wrist_extension", "hip_adduction"}
"""They need hand points, or are never compared with usual ranges."""
MAY_BE_NAMED = {"ankle_dorsiflexion_lunge"}
"""The knee bends as well, and how far decides."""


def named(series: LandmarkSeries, side: Side | None = None) -> tuple[str, Side | None] | None:
    guess = recognise_movement(series, side)
    if isinstance(guess, Guess):
        return guess.movement.name, guess.side
    assert isinstance(guess, Issue) and guess.blocking
    return None


@pytest.mark.parametrize(("name", "side"), cases())
def test_each_movement_is_named_in_its_recommended_view(name: str, side: Side | None) -> None:
    found = named(filmed(name, side))
    if name in NEVER_NAMED:
        assert found is None
    elif name in MAY_BE_NAMED:
        assert found in ((name, side), None)
    else:
        assert found == (name, side)


@pytest.mark.parametrize(("name", "side"), cases()[::5])
@pytest.mark.parametrize("turn_deg", [-12.0, 12.0])
def test_a_camera_a_little_aside_gives_the_name_or_none(
    name: str, side: Side | None, turn_deg: float
) -> None:
    camera = recommended_camera(movement_named(name), side)
    series = filmed(
        name, side, camera=replace(camera, yaw_deg=camera.yaw_deg + turn_deg), noise_px=1.5
    )
    assert named(series) in ((name, side), None)


@pytest.mark.parametrize("share", [0.6])
@pytest.mark.parametrize(("name", "side"), cases()[1::5])
def test_a_smaller_range_gives_the_name_or_none(name: str, side: Side | None, share: float) -> None:
    start_deg = START_DEG.get(name, 0.0)
    peak_deg = start_deg + share * (PEAK_DEG[name] - start_deg)
    assert named(filmed(name, side, peak_deg=peak_deg)) in ((name, side), None)


@pytest.mark.parametrize("yaw_deg", [90.0, 65.0, -65.0, 0.0])
def test_a_squat_is_no_movement_of_the_catalogue(yaw_deg: float) -> None:
    assert named(squat(yaw_deg)) is None


@pytest.mark.parametrize("yaw_deg", [0.0, 65.0, 90.0])
def test_standing_still_is_no_movement(yaw_deg: float) -> None:
    still = film(pose_figure(frame_times(10.0, 20.0), {}), Camera(yaw_deg=yaw_deg), noise_px=2.0)
    assert named(still) is None


def test_a_recording_that_never_rests_is_not_named_after_the_way_back() -> None:
    """Cut in the middle of the first and of the last stroke, flexion and extension look alike."""
    for name in ("shoulder_flexion", "elbow_flexion", "shoulder_abduction"):
        whole = filmed(name, Side.LEFT, peaks_deg=[PEAK_DEG[name]] * 5)
        time_s = whole.time_s
        cut = slice_of(whole, (time_s > 1.7) & (time_s < time_s[-1] - 2.5))
        assert named(cut) in ((name, Side.LEFT), None)


def test_nobody_is_no_movement() -> None:
    series = filmed("knee_flexion", Side.LEFT)
    assert named(series.masked(np.zeros(len(series), np.bool_))) is None


def test_a_single_repetition_is_not_enough_to_name_a_movement() -> None:
    assert named(filmed("knee_flexion", Side.LEFT, peaks_deg=[120.0])) is None


def test_both_arms_at_once_ask_for_the_side() -> None:
    series = filmed("shoulder_abduction", Side.LEFT, extra={"shoulder_abduction_right": 150.0})
    issue = recognise_movement(series)
    assert isinstance(issue, Issue)
    assert issue.code == "side_not_recognised"
    assert "shoulder_abduction" in issue.message
    assert named(series, Side.RIGHT) == ("shoulder_abduction", Side.RIGHT)


def test_a_named_side_that_does_not_move_is_no_movement() -> None:
    series = filmed("shoulder_abduction", Side.LEFT)
    assert named(series, Side.LEFT) == ("shoulder_abduction", Side.LEFT)
    assert named(series, Side.RIGHT) is None
