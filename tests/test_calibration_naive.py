"""The yardsticks of the bench: right where the picture is ideal, and wrong in their known ways."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_angles import swept

from calibration.naive import (
    AVERAGED_FRAMES,
    NAIVE_ANGLES,
    SPORTS2D_ANGLES,
    included_deg,
    naive_angle_deg,
    naive_value_deg,
    sports2d_angle_deg,
)
from rom.landmarks import LandmarkSeries, Side
from rom.movements import View, measurable_movements, movement_named
from tests.performances import cases, recommended_camera

UNSIGNED = {"elbow_extension", "knee_extension"}
"""Their sets end beyond straight, which an included angle folds back."""
OTHER_LINE = {"ankle_dorsiflexion", "ankle_plantarflexion", "cervical_rotation"}
"""Read from a line that turns with the truth but not degree for degree."""
TRUNK_SIDE_DEG = 15.0
"""The line from hip to shoulder of one side leans against the trunk, as hips are narrower than
shoulders; a three-point angle takes it for the trunk."""


def in_plane(name: str, side: Side | None) -> tuple[LandmarkSeries, np.ndarray]:
    movement = movement_named(name)
    camera = recommended_camera(movement, side)
    if movement.view is View.OBLIQUE_SIDE:
        camera = replace(camera, yaw_deg=90.0 * np.sign(camera.yaw_deg))
    return swept(name, side, camera)


def test_every_measurable_movement_has_a_naive_angle() -> None:
    assert set(NAIVE_ANGLES) == {movement.name for movement in measurable_movements()}


@pytest.mark.parametrize(("name", "side"), cases())
@pytest.mark.parametrize("dimension", ["image", "world"])
def test_naive_angle_follows_a_movement_in_the_plane(name, side, dimension) -> None:
    series, truth_deg = in_plane(name, side)
    angle_deg = naive_angle_deg(series, movement_named(name), side, dimension)
    if name in UNSIGNED:
        truth_deg = -np.abs(truth_deg)
    if name in OTHER_LINE:
        assert np.corrcoef(angle_deg, truth_deg)[0, 1] > 0.98
    else:
        assert np.abs(angle_deg - truth_deg).max() < TRUNK_SIDE_DEG


@pytest.mark.parametrize(("name", "side"), [case for case in cases() if case[0] in SPORTS2D_ANGLES])
def test_sports2d_angle_follows_a_movement_in_the_plane(name, side) -> None:
    series, truth_deg = in_plane(name, side)
    angle_deg = sports2d_angle_deg(series, movement_named(name), side)
    assert np.abs(angle_deg - truth_deg).max() < 9.0


@pytest.mark.parametrize(("name", "side"), [case for case in cases() if case[0] in SPORTS2D_ANGLES])
def test_sports2d_reads_the_mirror_image_on_the_other_side(name, side) -> None:
    series, _ = in_plane(name, side)
    angle_deg = sports2d_angle_deg(series, movement_named(name), side)
    mirrored_deg = sports2d_angle_deg(
        series.mirrored(), movement_named(name), side.other if side else None
    )
    assert np.allclose(angle_deg, mirrored_deg, atol=1e-9)


def test_naive_angle_has_no_sign_where_that_of_sports2d_has() -> None:
    series, truth_deg = in_plane("shoulder_extension", Side.LEFT)
    flexion = movement_named("shoulder_flexion")
    assert naive_angle_deg(series, flexion, Side.LEFT, "image")[-1] > 0.8 * truth_deg[-1]
    assert sports2d_angle_deg(series, flexion, Side.LEFT)[-1] < -0.8 * truth_deg[-1]


def test_a_camera_off_the_plane_moves_the_image_angle_and_not_the_spatial_one() -> None:
    movement = movement_named("hip_flexion")
    square, _ = in_plane("hip_flexion", Side.LEFT)
    camera = replace(recommended_camera(movement, Side.LEFT), yaw_deg=45.0)
    oblique, _ = swept("hip_flexion", Side.LEFT, camera)
    image, world = (
        naive_angle_deg(oblique, movement, Side.LEFT, dimension)
        - naive_angle_deg(square, movement, Side.LEFT, dimension)
        for dimension in ("image", "world")
    )
    assert np.abs(image).max() > 8.0
    assert np.abs(world).max() < 1e-6


@given(st.floats(0.0, 180.0), st.floats(-180.0, 180.0), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
@settings(max_examples=50)
def test_included_angle_depends_on_neither_length_nor_heading(angle, heading, first, second):
    def vector(direction_deg: float, length: float) -> np.ndarray:
        radians = np.radians(direction_deg)
        return length * np.array([np.cos(radians), np.sin(radians)])

    read_deg = included_deg(vector(heading, first), vector(heading + angle, second))
    assert read_deg == pytest.approx(angle, abs=1e-6)


def test_a_line_without_length_has_no_angle() -> None:
    assert np.isnan(included_deg(np.zeros(3), np.ones(3)))


def test_value_is_the_peak_of_the_moving_average() -> None:
    movement = movement_named("elbow_flexion")
    series, _ = in_plane("elbow_flexion", Side.LEFT)
    still = replace(series, xy_px=np.repeat(series.xy_px[:1], len(series), axis=0))
    at_rest_deg = naive_value_deg(still, movement, Side.LEFT, "image")
    spiked = still.xy_px.copy()
    spiked[20] = series.xy_px[-1]
    peak_deg = naive_angle_deg(series, movement, Side.LEFT, "image")[-1]
    read_deg = naive_value_deg(replace(still, xy_px=spiked), movement, Side.LEFT, "image")
    assert read_deg == pytest.approx(at_rest_deg + (peak_deg - at_rest_deg) / AVERAGED_FRAMES)


def test_value_leaves_out_frames_that_were_not_seen() -> None:
    movement = movement_named("elbow_flexion")
    series, _ = in_plane("elbow_flexion", Side.LEFT)
    held = replace(series, xy_px=np.repeat(series.xy_px[-1:], len(series), axis=0))
    keep = np.arange(len(series)) % 3 > 0
    whole, gappy = (
        naive_value_deg(each, movement, Side.LEFT, "image") for each in (held, held.masked(keep))
    )
    assert gappy == pytest.approx(whole)
    nothing = held.masked(np.zeros(len(series), np.bool_))
    assert np.isnan(naive_value_deg(nothing, movement, Side.LEFT, "image"))


@pytest.mark.parametrize("read", [sports2d_angle_deg, naive_angle_deg])
def test_a_movement_that_is_not_read_is_refused(read) -> None:
    series, _ = in_plane("elbow_flexion", Side.LEFT)
    rest = () if read is sports2d_angle_deg else ("image",)
    with pytest.raises(ValueError, match="forearm_pronation"):
        read(series, movement_named("forearm_pronation"), Side.LEFT, *rest)
