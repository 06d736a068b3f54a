"""Landmarks without lens and roll: the angles of an ideal, level camera, and back for drawing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from camera_builders import LENS
from hypothesis import given
from hypothesis import strategies as st

from rom.camera.intrinsics import Intrinsics, typical_intrinsics
from rom.camera.straighten import Straightening, level, undistort
from rom.landmarks import Landmark, LandmarkSeries, Side
from rom.movements import movement_named
from rom.quality.view import rest_tilt_deg
from tests.performances import assess, filmed, recommended_camera

pytestmark = pytest.mark.usefixtures("curve_alone")

ROLLS_DEG = st.floats(-40.0, 40.0)
BARREL = replace(LENS, height_px=960, cy_px=470.0)


def seen(**camera: object) -> LandmarkSeries:
    """A raised arm, filmed without noise."""
    movement = movement_named("shoulder_abduction")
    return filmed(
        movement.name,
        Side.LEFT,
        camera=recommended_camera(movement, Side.LEFT, **camera),
        noise_px=0.0,
    )


def with_extras(series: LandmarkSeries) -> LandmarkSeries:
    """Face and hands in the middle of the picture, partly not found."""
    rng = np.random.default_rng(5)
    face = rng.uniform(300.0, 700.0, (len(series), 20, 3)).astype(np.float32)
    hands = rng.uniform(300.0, 700.0, (len(series), 2, 21, 2)).astype(np.float32)
    face[0], hands[1, 0] = np.nan, np.nan
    return replace(series, face_px=face, hand_px=hands)


def through(lens: Intrinsics, series: LandmarkSeries) -> LandmarkSeries:
    """The series as this lens films what an ideal pinhole sees."""
    return replace(series, xy_px=lens.distorted_px(series.xy_px))


def test_the_angle_behind_a_lens_is_the_angle_without_it() -> None:
    ideal = seen(middle_frac=(0.75, 0.6))
    straight, _ = assess(undistort(through(BARREL, ideal), BARREL), "shoulder_abduction", Side.LEFT)
    plain, _ = assess(ideal, "shoulder_abduction", Side.LEFT)
    bent, _ = assess(through(BARREL, ideal), "shoulder_abduction", Side.LEFT)
    assert straight.value_deg == pytest.approx(plain.value_deg, abs=0.05)
    assert bent.value_deg != pytest.approx(plain.value_deg, abs=0.2)


@given(roll_deg=ROLLS_DEG)
def test_levelling_undoes_a_rolled_camera(roll_deg: float) -> None:
    series = level(seen(roll_deg=roll_deg), roll_deg)
    rest = series.time_s < 1.0
    assert rest_tilt_deg(series, rest) == pytest.approx(0.0, abs=0.1)
    upright = seen()
    arms = [
        s.point_px(Landmark.LEFT_WRIST) - s.point_px(Landmark.LEFT_SHOULDER)
        for s in (series, upright)
    ]
    np.testing.assert_allclose(arms[0], arms[1], atol=1e-6)
    np.testing.assert_allclose(series.world_m, upright.world_m, atol=1e-6)


def test_a_roll_of_the_wrong_sign_would_be_noticed() -> None:
    rolled = seen(roll_deg=8.0)
    assert rest_tilt_deg(level(rolled, -8.0), rolled.time_s < 1.0) == pytest.approx(16.0, abs=0.1)


def test_a_level_camera_without_distortion_changes_nothing() -> None:
    series = with_extras(seen())
    lens = typical_intrinsics(width_px=series.width_px, height_px=series.height_px)
    for same in (level(series, 0.0), undistort(series, lens)):
        np.testing.assert_allclose(same.xy_px, series.xy_px, atol=1e-6)
        np.testing.assert_allclose(same.face_px, series.face_px, atol=1e-3)
        np.testing.assert_allclose(same.hand_px, series.hand_px, atol=1e-3)
        assert (same.width_px, same.height_px) == (series.width_px, series.height_px)


@given(roll_deg=ROLLS_DEG)
def test_what_is_drawn_lies_where_it_was_filmed(roll_deg: float) -> None:
    series = with_extras(seen(roll_deg=roll_deg))
    straightening = Straightening(intrinsics=BARREL, roll_deg=roll_deg)
    back = straightening.filmed(straightening.straight(series))
    np.testing.assert_allclose(back.xy_px, series.xy_px, atol=0.01)
    np.testing.assert_allclose(back.face_px, series.face_px, atol=0.01)
    np.testing.assert_allclose(back.hand_px, series.hand_px, atol=0.01)
    np.testing.assert_allclose(back.world_m, series.world_m, atol=1e-9)
    assert (back.width_px, back.height_px) == (series.width_px, series.height_px)


@given(roll_deg=ROLLS_DEG, x_frac=st.floats(-0.3, 1.3), y_frac=st.floats(-0.3, 1.3))
def test_the_edge_of_the_picture_stays_an_edge(
    roll_deg: float, x_frac: float, y_frac: float
) -> None:
    series = seen()
    xy_px = series.xy_px.copy()
    xy_px[:, Landmark.LEFT_WRIST] = (x_frac * series.width_px, y_frac * series.height_px)
    moved = Straightening(intrinsics=BARREL, roll_deg=roll_deg).straight(
        replace(series, xy_px=xy_px)
    )
    wrist_px = moved.point_px(Landmark.LEFT_WRIST)[0]
    inside = bool(((wrist_px >= 0.0) & (wrist_px <= (moved.width_px, moved.height_px))).all())
    assert inside is (0.0 <= x_frac <= 1.0 and 0.0 <= y_frac <= 1.0)


def test_what_was_not_seen_stays_so() -> None:
    series = seen()
    hidden = series.masked(series.time_s > 1.0)
    moved = Straightening(intrinsics=BARREL, roll_deg=5.0).straight(hidden)
    np.testing.assert_array_equal(moved.seen, hidden.seen)
    without = Straightening(intrinsics=BARREL).straight(replace(series, face_px=None, hand_px=None))
    assert without.face_px is None and without.hand_px is None


def test_landmarks_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="1280, 960"):
        undistort(seen(), LENS)
