"""What else moves: stick figures with a known compensation, and what must not change a measure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from figures import Camera, Motion, Tempo, film, pose_figure, set_shape
from figures import frame_times as times
from hypothesis import given, settings
from hypothesis import strategies as st
from performances import filmed, recommended_camera

from rom.kinematics.bracing import distance_px, longest_run, support_depth_trunks
from rom.kinematics.compensations import MEASURES, Observation
from rom.kinematics.orientation import estimate_orientation
from rom.landmarks import BoolArray, FloatArray, LandmarkSeries, Side, sided
from rom.movements import movement_named

BOTH_SIDES = pytest.mark.parametrize("side", list(Side))


def observe(series: LandmarkSeries, side: Side) -> Observation:
    """As a set is observed: at rest for the first second."""
    resting = series.time_s <= series.time_s[0] + 1.0
    return Observation(series, side, estimate_orientation(series), resting)


def end_of(series: LandmarkSeries, measure: str, side: Side) -> float:
    """A measure at the end of the first repetition of a set with the usual tempo."""
    tempo = Tempo()
    held = np.abs(series.time_s - tempo.rest_s - tempo.out_s - 0.5 * tempo.hold_s) < 0.2
    return float(np.median(MEASURES[measure].of(observe(series, side))[held]))


@BOTH_SIDES
@pytest.mark.parametrize("lean_deg", [0.0, 8.0, 20.0])
def test_lean_away_from_the_arm(side: Side, lean_deg: float) -> None:
    away = -lean_deg if side is Side.LEFT else lean_deg  # positive is to the left
    series = filmed("shoulder_abduction", side, extra={"trunk_lateral_flexion": away})
    assert end_of(series, "trunk_lean_away_deg", side) == pytest.approx(lean_deg, abs=1.0)
    assert end_of(series, "trunk_lean_any_deg", side) == pytest.approx(lean_deg, abs=1.0)


@BOTH_SIDES
def test_lean_forwards_and_backwards_seen_from_either_side(side: Side) -> None:
    series = filmed("shoulder_flexion", side, extra={"trunk_flexion": -14.0})
    assert end_of(series, "trunk_lean_backwards_deg", side) == pytest.approx(14.0, abs=1.0)
    assert end_of(series, "trunk_lean_forwards_deg", side) == pytest.approx(-14.0, abs=1.0)
    assert end_of(series, "seated_lean_backwards_deg", side) == pytest.approx(14.0, abs=1.0)


@BOTH_SIDES
def test_bends_of_elbow_and_knee(side: Side) -> None:
    bent = {f"elbow_flexion_{side}": 25.0, f"knee_flexion_{side}": 18.0}
    series = filmed("shoulder_flexion", side, extra=bent)
    assert end_of(series, "elbow_bend_deg", side) == pytest.approx(25.0, abs=1.5)
    assert end_of(series, "knee_bend_deg", side) == pytest.approx(18.0, abs=1.5)


@BOTH_SIDES
def test_hip_line_pulled_up(side: Side) -> None:
    # The pelvis tilts to the left about a forwards axis: the left hip goes down.
    tilt = -9.0 if side is Side.LEFT else 9.0
    series = filmed("hip_abduction", side, extra={"pelvis_tilt": tilt})
    assert end_of(series, "pelvic_hike_deg", side) == pytest.approx(9.0, abs=1.0)


@BOTH_SIDES
def test_head_that_turns_or_tilts_instead(side: Side) -> None:
    turned = filmed("cervical_lateral_flexion", side, extra={"neck_rotation": 20.0})
    assert end_of(turned, "head_turn_deg", side) == pytest.approx(20.0, abs=2.0)
    tilted = filmed("cervical_rotation", side, peak_deg=1.0, extra={"neck_lateral_flexion": 15.0})
    assert end_of(tilted, "head_tilt_deg", side) == pytest.approx(15.0, abs=2.0)


@BOTH_SIDES
def test_arm_that_leaves_the_picture_plane(side: Side) -> None:
    """An arm hanging 40 degrees towards the camera looks cos 40 as long."""
    camera = Camera()
    time_s = times(4.0, 20.0)
    share = set_shape(time_s, Tempo(repetitions=1))
    series = film(pose_figure(time_s, {f"shoulder_flexion_{side}": 40.0 * share}), camera)
    lost = MEASURES["upper_arm_loss_frac"].of(observe(series, side))
    assert np.nanmax(lost) == pytest.approx(1.0 - np.cos(np.radians(40.0)), abs=0.01)


def lifted(motion: Motion, points: list[int], up_m: FloatArray) -> Motion:
    """The same motion with some landmarks raised by (T,) metres."""
    raised = motion.points_m.copy()
    raised[:, points, 2] += up_m[:, None]
    return replace(motion, points_m=raised)


@BOTH_SIDES
def test_shoulder_and_heel_that_rise(side: Side) -> None:
    time_s = times(5.0, 20.0)
    share = set_shape(time_s, Tempo(repetitions=1))
    standing = pose_figure(time_s, {})
    shoulder = lifted(standing, [sided("shoulder", side)], 0.036 * share)  # of 0.36 m
    front = observe(film(shoulder, Camera()), side)
    assert np.nanmax(MEASURES["own_shoulder_rise_frac"].of(front)) == pytest.approx(0.1, abs=0.005)
    assert np.nanmax(MEASURES["either_shoulder_rise_frac"].of(front)) > 0.09
    assert np.nanmax(MEASURES["shoulder_hike_frac"].of(front)) == pytest.approx(0.1, abs=0.01)
    heel = lifted(standing, [sided("heel", side)], 0.042 * share)  # of 0.42 m
    profile = observe(film(heel, recommended_camera(movement_named("knee_flexion"), side)), side)
    assert np.nanmax(MEASURES["heel_lift_frac"].of(profile)) == pytest.approx(0.1, abs=0.01)


def test_turned_trunk_is_seen_from_a_turned_chair() -> None:
    """Shoulders turned by 15 degrees, sitting 35 degrees off the front."""
    time_s = times(4.0, 20.0)
    share = set_shape(time_s, Tempo(repetitions=1))
    series = film(pose_figure(time_s, {}), Camera(yaw_deg=35.0))
    more = film(pose_figure(time_s, {}), Camera(yaw_deg=50.0))
    turned = replace(
        series, xy_px=series.xy_px + share[:, None, None] * (more.xy_px - series.xy_px)
    )
    measured = MEASURES["trunk_turn_deg"].of(observe(turned, Side.LEFT))
    assert np.nanmax(measured) == pytest.approx(15.0, abs=2.5)


def guarded_set() -> LandmarkSeries:
    """A set in which a good deal moves along, seen half from the front."""
    extra = {
        "trunk_lateral_flexion": 6.0,
        "trunk_flexion": 9.0,
        "elbow_flexion_left": 20.0,
        "knee_flexion_left": 12.0,
        "pelvis_tilt": 4.0,
        "neck_rotation": 12.0,
        "ankle_dorsiflexion_left": -10.0,
    }
    camera = Camera(yaw_deg=30.0)
    return filmed("shoulder_abduction", Side.LEFT, camera=camera, extra=extra)


@settings(max_examples=20, deadline=None)
@given(scale=st.floats(0.2, 5.0), right_px=st.floats(-300, 300), down_px=st.floats(-300, 300))
@pytest.mark.parametrize("name", MEASURES)
def test_size_and_place_in_the_picture_change_nothing(
    name: str, scale: float, right_px: float, down_px: float
) -> None:
    series = guarded_set()
    moved = replace(
        series,
        xy_px=scale * series.xy_px + np.array([right_px, down_px]),
        face_px=None if series.face_px is None else (scale * series.face_px).astype(np.float32),
    )
    before = MEASURES[name].of(observe(series, Side.LEFT))
    after = MEASURES[name].of(observe(moved, Side.LEFT))
    np.testing.assert_allclose(after, before, atol=1e-3, rtol=1e-4)


@pytest.mark.parametrize("name", MEASURES)
def test_left_and_right_are_alike(name: str) -> None:
    series = guarded_set()
    one = MEASURES[name].of(observe(series, Side.LEFT))
    other = MEASURES[name].of(observe(series.mirrored(), Side.RIGHT))
    np.testing.assert_allclose(other, one, atol=1e-3, rtol=1e-4)


@pytest.mark.parametrize("name", MEASURES)
def test_what_was_not_seen_is_not_measured(name: str) -> None:
    series = guarded_set()
    hidden = np.zeros(len(series), np.bool_)
    hidden[30:40] = True
    xy_px = series.xy_px.copy()
    xy_px[hidden] = np.nan
    face_px = series.face_px
    assert face_px is not None
    face_px = face_px.copy()
    face_px[hidden] = np.nan
    gap = replace(series, xy_px=xy_px, face_px=face_px)
    measured = MEASURES[name].of(observe(gap, Side.LEFT))
    assert np.isnan(measured[hidden]).all()
    assert np.isfinite(measured[~hidden]).all()


@pytest.mark.parametrize("name", sorted(set(MEASURES) - {"upper_arm_loss_frac"}))
def test_without_a_rest_nothing_is_measured(name: str) -> None:
    series = guarded_set()
    never = Observation(
        series, Side.LEFT, estimate_orientation(series), np.zeros(len(series), np.bool_)
    )
    assert np.isnan(MEASURES[name].of(never)).all()


def with_wrist(series: LandmarkSeries, wrist_px: FloatArray, during: BoolArray) -> LandmarkSeries:
    """The left wrist somewhere else in some frames."""
    xy_px = series.xy_px.copy()
    xy_px[during, sided("wrist", Side.LEFT)] = wrist_px[during]
    return replace(series, xy_px=xy_px)


def test_hands_that_hang_in_a_bow_support_nothing_and_on_the_thighs_they_do() -> None:
    series = filmed("trunk_flexion_with_hips", None)
    hanging = observe(series, Side.LEFT)
    for hand in Side:
        assert (
            longest_run(series.time_s, support_depth_trunks(hanging, "trunk", hand)).length_s == 0.0
        )
    bowed = (series.time_s > 2.0) & (series.time_s < 3.2)
    thigh_px = 0.5 * (series.side_px("knee", Side.LEFT) + series.side_px("hip", Side.LEFT))
    seen = observe(with_wrist(series, thigh_px, bowed), Side.LEFT)
    held_s = longest_run(series.time_s, support_depth_trunks(seen, "trunk", Side.LEFT)).length_s
    assert held_s == pytest.approx(1.1, abs=0.15)


@pytest.mark.parametrize("name", ["shoulder_abduction", "shoulder_flexion"])
def test_other_hand_that_holds_the_arm(name: str) -> None:
    series = filmed(name, Side.RIGHT, camera=Camera())
    hanging = observe(series, Side.RIGHT)
    depth = support_depth_trunks(hanging, "shoulder", Side.LEFT)
    assert longest_run(series.time_s, depth).length_s == 0.0
    lifting = (series.time_s > 1.6) & (series.time_s < 2.8)
    elbow_px = series.side_px("elbow", Side.RIGHT)
    seen = observe(with_wrist(series, elbow_px, lifting), Side.RIGHT)
    held_s = longest_run(series.time_s, support_depth_trunks(seen, "shoulder", Side.LEFT)).length_s
    assert held_s == pytest.approx(1.1, abs=0.15)


def test_distance_from_a_segment() -> None:
    start, end = np.array([[0.0, 0.0]] * 3), np.array([[10.0, 0.0], [10.0, 0.0], [0.0, 0.0]])
    points = np.array([[5.0, 3.0], [13.0, 4.0], [3.0, 4.0]])
    np.testing.assert_allclose(distance_px(points, start, end), [3.0, 5.0, 5.0])


def test_run_of_a_depth() -> None:
    time_s = np.arange(8.0)
    depth = np.array([-1.0, 1.0, 1.0, np.nan, 1.0, 1.0, 1.0, 1.0])
    assert longest_run(time_s, depth).length_s == 3.0
    assert longest_run(time_s, -np.ones(8)).length_s == 0.0
