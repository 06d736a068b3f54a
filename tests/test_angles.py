"""Known angle in, same angle out: every movement, side, and direction of facing the camera."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.kinematics.angles import (
    compute_reading,
    trunk_bend_deg,
)
from rom.kinematics.correction import correct_reading, correction_curves
from rom.kinematics.geometry import turn_deg, wrap_deg
from rom.kinematics.orientation import estimate_orientation
from rom.landmarks import FloatArray, LandmarkSeries, Side
from rom.movements import Movement, View, measurable_movements, movement_named
from rom.quality.visibility import own_landmarks, paired_landmarks
from rom.trace import compute_native_reading
from tests.figures import Body, Camera, film, frame_times, pose_figure
from tests.performances import PEAK_DEG, START_DEG, angles_of, cases, recommended_camera

TILTED_WITH_THE_CAMERA = {"shank_sagittal", "trunk_sagittal", "neck_sagittal", "neck_rotation"}
"""Readings against the vertical, and the turn about it; a tilted camera is a gate of its own."""
BETWEEN_SEGMENTS = [
    (name, side)
    for name, side in cases()
    if movement_named(name).reading not in TILTED_WITH_THE_CAMERA
]
RATE_HZ = 20.0


def sweep(name: str, *, frame_rate_hz: float = RATE_HZ) -> tuple[FloatArray, FloatArray]:
    """Times, and values from a second at the start to the end of the range."""
    time_s = frame_times(3.0, frame_rate_hz)
    share = np.clip((time_s - 1.05) / 1.9, 0.0, 1.0)
    start_deg = START_DEG.get(name, 0.0)
    return time_s, start_deg + share * (PEAK_DEG[name] - start_deg)


def swept(
    name: str, side: Side | None, camera: Camera, body: Body | None = None
) -> tuple[LandmarkSeries, FloatArray]:
    time_s, value_deg = sweep(name, frame_rate_hz=camera.frame_rate_hz)
    motion = pose_figure(time_s, angles_of(name, side, value_deg), body)
    return film(motion, camera), value_deg


def raw_deg(series: LandmarkSeries, movement: Movement, side: Side | None) -> FloatArray:
    """Uncorrected angle in the named direction, from the first frame's where it is zeroed."""
    body = estimate_orientation(series)
    angle_deg = movement.sign * compute_reading(series, movement.reading, side or Side.LEFT, body)
    if movement.zeroed:
        angle_deg = angle_deg - angle_deg[0]
    return wrap_deg(angle_deg, lowest_deg=-170.0)


def plane_views(movement: Movement) -> list[float]:
    """Yaw of every view in which the movement's plane is the picture's."""
    if movement.view is View.FACE:
        return [0.0]
    if movement.view is View.FRONT:
        return [0.0, 180.0]
    return [90.0, -90.0]


IN_PLANE = [
    (name, side, yaw_deg) for name, side in cases() for yaw_deg in plane_views(movement_named(name))
]


def plane_camera(name: str, side: Side | None, **changes: object) -> Camera:
    """The recommended view, but straight on the plane for the legs."""
    camera = recommended_camera(movement_named(name), side)
    if movement_named(name).view is View.OBLIQUE_SIDE:
        camera = replace(camera, yaw_deg=90.0 if side is Side.LEFT else -90.0)
    return replace(camera, frame_rate_hz=RATE_HZ, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "side", "yaw_deg"), IN_PLANE)
def test_a_known_angle_is_read_facing_every_way(
    name: str, side: Side | None, yaw_deg: float
) -> None:
    series, value_deg = swept(name, side, plane_camera(name, side, yaw_deg=yaw_deg))
    np.testing.assert_allclose(raw_deg(series, movement_named(name), side), value_deg, atol=0.1)


@pytest.mark.parametrize(
    ("name", "side", "yaw_deg"), [case for case in IN_PLANE if case[0] != "cervical_rotation"]
)
def test_a_camera_a_little_off_the_plane_changes_little(
    name: str, side: Side | None, yaw_deg: float
) -> None:
    for turn in (-8.0, 8.0):
        camera = plane_camera(name, side, yaw_deg=yaw_deg + turn)
        series, value_deg = swept(name, side, camera)
        error_deg = raw_deg(series, movement_named(name), side) - value_deg
        assert np.abs(error_deg).max() < 1.0


@pytest.mark.parametrize(("name", "side"), cases())
def test_a_mirror_image_of_one_side_reads_like_the_other(name: str, side: Side | None) -> None:
    movement = movement_named(name)
    series, value_deg = swept(name, side, plane_camera(name, side))
    other = side.other if side else None
    np.testing.assert_allclose(raw_deg(series.mirrored(), movement, other), value_deg, atol=0.1)


@pytest.mark.parametrize(("name", "side"), BETWEEN_SEGMENTS)
def test_camera_roll_changes_no_reading_between_two_segments(name: str, side: Side | None) -> None:
    movement = movement_named(name)
    straight, _ = swept(name, side, plane_camera(name, side))
    for roll_deg in (-14.0, 9.0):
        rolled, _ = swept(name, side, plane_camera(name, side, roll_deg=roll_deg))
        np.testing.assert_allclose(
            raw_deg(rolled, movement, side), raw_deg(straight, movement, side), atol=0.1
        )


@settings(max_examples=40, deadline=None)
@given(
    case=st.sampled_from(cases()),
    scale_px_m=st.floats(120.0, 900.0),
    middle=st.tuples(st.floats(0.2, 0.8), st.floats(0.3, 0.9)),
    size=st.sampled_from([(1280, 720), (720, 1280), (640, 480), (1000, 1000)]),
    lengths=st.tuples(*[st.floats(0.8, 1.25)] * 5),
    frame_rate_hz=st.sampled_from([15.0, 25.0, 29.97, 60.0, 120.0]),
)
def test_distance_place_format_limb_lengths_and_frame_rate_change_no_angle(
    case: tuple[str, Side | None],
    scale_px_m: float,
    middle: tuple[float, float],
    size: tuple[int, int],
    lengths: tuple[float, ...],
    frame_rate_hz: float,
) -> None:
    name, side = case
    usual = Body()
    body = Body(
        trunk_m=lengths[0] * usual.trunk_m,
        upper_arm_m=lengths[1] * usual.upper_arm_m,
        forearm_m=lengths[2] * usual.forearm_m,
        thigh_m=lengths[3] * usual.thigh_m,
        shank_m=lengths[4] * usual.shank_m,
        foot_m=lengths[0] * usual.foot_m,
    )
    camera = plane_camera(
        name, side, scale_px_m=scale_px_m, middle_frac=middle, width_px=size[0], height_px=size[1]
    )
    camera = replace(camera, frame_rate_hz=frame_rate_hz)
    series, value_deg = swept(name, side, camera, body)
    np.testing.assert_allclose(raw_deg(series, movement_named(name), side), value_deg, atol=0.1)


@pytest.mark.parametrize(
    ("name", "low_deg", "high_deg"),
    [
        ("shoulder_flexion", -45.0, 195.0),
        ("shoulder_abduction", -15.0, 195.0),
        ("shoulder_extension", -130.0, 80.0),
        ("elbow_flexion", -18.0, 155.0),
        ("knee_flexion", -15.0, 155.0),
        ("knee_extension", -150.0, 15.0),
        ("hip_flexion", -30.0, 140.0),
        ("cervical_flexion", -80.0, 80.0),
        ("cervical_extension", -80.0, 100.0),
        ("cervical_lateral_flexion", -60.0, 60.0),
        ("trunk_flexion_with_hips", -30.0, 150.0),
        ("trunk_extension", -60.0, 60.0),
        ("ankle_plantarflexion", -40.0, 80.0),
    ],
)
@pytest.mark.parametrize("side", list(Side))
def test_no_reading_jumps_by_a_full_turn_anywhere_in_the_range(
    name: str, low_deg: float, high_deg: float, side: Side
) -> None:
    movement = movement_named(name)
    named = side if movement.has_side else None
    value_deg = np.concatenate([np.zeros(30), np.linspace(low_deg, high_deg, 120)])
    time_s = np.arange(len(value_deg)) / 30.0
    yaw_deg = plane_camera(name, side).yaw_deg
    camera = plane_camera(name, named, yaw_deg=yaw_deg)
    series = film(pose_figure(time_s, angles_of(name, named, value_deg)), camera)
    body = estimate_orientation(series)
    reading_deg = movement.sign * compute_native_reading(series, movement, named, body)
    np.testing.assert_allclose(reading_deg - reading_deg[0], value_deg, atol=0.1)


@pytest.mark.parametrize("off_deg", [-60.0, -35.0, -20.0, 0.0, 25.0, 35.0])
@pytest.mark.parametrize("name", sorted({name for name, _ in cases()}))
def test_the_correction_keeps_the_order_and_nearly_the_size_of_angles(
    name: str, off_deg: float
) -> None:
    """A correction that folded back would give one value to two different angles."""
    movement = movement_named(name)
    low_deg, high_deg = sorted((START_DEG.get(name, 0.0), PEAK_DEG[name]))
    reading_deg = movement.sign * np.linspace(low_deg - 5.0, high_deg + 5.0, 200)
    corrected_deg = correct_reading(movement.name, reading_deg, off_deg=off_deg)
    slope = np.diff(corrected_deg) / np.diff(reading_deg)
    assert slope.min() > 0.5
    assert slope.max() < 2.0
    if movement.zeroed:
        corrected_deg = corrected_deg - correct_reading(movement.name, np.zeros(1), off_deg=off_deg)
    if -20.0 <= off_deg <= 25.0:  # further off the value comes with a warning or not at all
        assert np.abs(corrected_deg - reading_deg).max() < 30.0


@pytest.mark.parametrize("movement", sorted(correction_curves()))
def test_the_correction_leaves_what_was_not_seen_and_an_unknown_view_as_they_are(
    movement: str,
) -> None:
    angle_deg = np.array([-20.0, np.nan, 90.0])
    corrected_deg = correct_reading(movement, angle_deg, off_deg=10.0)
    assert np.isnan(corrected_deg).tolist() == [False, True, False]
    unknown_deg = correct_reading(movement, angle_deg, off_deg=float("nan"))
    np.testing.assert_array_equal(unknown_deg, correct_reading(movement, angle_deg, off_deg=0.0))


def test_corrections_belong_to_movements_that_exist() -> None:
    assert set(correction_curves()) <= {movement.name for movement in measurable_movements()}
    untouched = np.array([12.0])
    np.testing.assert_array_equal(correct_reading("none", untouched, off_deg=0.0), untouched)


@pytest.mark.parametrize(("name", "side"), cases())
def test_a_missing_landmark_is_a_missing_angle_and_nothing_else_changes(
    name: str, side: Side | None
) -> None:
    movement = movement_named(name)
    series, _ = swept(name, side, plane_camera(name, side))
    body = estimate_orientation(series)
    whole_deg = compute_native_reading(series, movement, side, body)
    gone = np.zeros(len(series), np.bool_)
    gone[30:40] = True
    xy_px = series.xy_px.copy()
    near = side or body.camera_side
    for landmark in own_landmarks(movement, near) + paired_landmarks(movement):
        xy_px[gone, landmark] = np.nan
    face_px = None if series.face_px is None else series.face_px.copy()
    hand_px = None if series.hand_px is None else series.hand_px.copy()
    for extra in (face_px, hand_px):
        if extra is not None:
            extra[gone] = np.nan
    holed = replace(series, xy_px=xy_px, face_px=face_px, hand_px=hand_px)
    angle_deg = compute_native_reading(holed, movement, side, body)
    assert np.isnan(angle_deg[gone]).all()
    np.testing.assert_allclose(angle_deg[~gone], whole_deg[~gone], atol=1e-6)


@pytest.mark.parametrize(("name", "side"), cases())
def test_nobody_in_the_picture_is_no_angle_at_all(name: str, side: Side | None) -> None:
    series, _ = swept(name, side, plane_camera(name, side))
    empty = series.masked(np.zeros(len(series), np.bool_))
    empty = replace(
        empty,
        face_px=None if empty.face_px is None else np.full_like(empty.face_px, np.nan),
        hand_px=None if empty.hand_px is None else np.full_like(empty.hand_px, np.nan),
    )
    body = estimate_orientation(empty)
    assert np.isnan(compute_native_reading(empty, movement_named(name), side, body)).all()


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("lean_deg", [-12.0, 10.0])
@pytest.mark.parametrize("bend", ["trunk_lateral_flexion", "pelvis_tilt"])
@pytest.mark.parametrize("frame_rate_hz", [15.0, 60.0])
def test_leaning_sideways_moves_shoulder_abduction_by_half_of_it_at_most(
    side: Side, lean_deg: float, bend: str, frame_rate_hz: float
) -> None:
    """Whether the trunk bends evenly or leans as a whole, which the picture does not tell."""
    time_s, value_deg = sweep("shoulder_abduction", frame_rate_hz=frame_rate_hz)
    lean = lean_deg * value_deg / value_deg.max()
    angles = dict(angles_of("shoulder_abduction", side, value_deg)) | {bend: lean}
    series = film(pose_figure(time_s, angles), Camera(frame_rate_hz=frame_rate_hz))
    error_deg = raw_deg(series, movement_named("shoulder_abduction"), side) - value_deg
    assert (np.abs(error_deg) <= 0.5 * np.abs(lean) + 0.2).all()
    np.testing.assert_allclose(np.abs(trunk_bend_deg(series)), np.abs(lean), atol=0.2)


@pytest.mark.parametrize("side", list(Side))
def test_dropping_the_pelvis_is_not_hip_abduction(side: Side) -> None:
    time_s = frame_times(2.0, RATE_HZ)
    tilt_deg = 10.0 * time_s / time_s[-1]
    series = film(pose_figure(time_s, {"pelvis_tilt": tilt_deg}), Camera())
    np.testing.assert_allclose(
        raw_deg(series, movement_named("hip_abduction"), side), 0.0, atol=0.1
    )


@given(st.floats(-179.9, 179.9), st.floats(1e-3, 1e4), st.floats(1e-3, 1e4))
def test_turning_a_vector_is_read_back_whatever_the_lengths(
    angle_deg: float, start_px: float, end_px: float
) -> None:
    angle = np.radians(angle_deg)
    start = start_px * np.array([1.0, 0.0])
    end = end_px * np.array([np.cos(angle), np.sin(angle)])
    assert float(turn_deg(start, end)) == pytest.approx(angle_deg, abs=1e-6)
    assert np.isnan(turn_deg(start, 0.0 * end))
    assert np.isnan(turn_deg(np.nan * start, end))


def test_a_straight_limb_is_a_number_and_not_nan() -> None:
    """An arccos of the cosine rule is NaN for about a fifth of straight limbs."""
    direction = np.random.default_rng(1).standard_normal((2000, 2))
    assert np.abs(turn_deg(direction, 3.7 * direction)).max() < 1e-4


def test_an_unknown_reading_lists_the_valid_ones() -> None:
    series, _ = swept("knee_flexion", Side.LEFT, plane_camera("knee_flexion", Side.LEFT))
    with pytest.raises(KeyError, match="knee_sagittal"):
        compute_reading(series, "knee", Side.LEFT, estimate_orientation(series))
