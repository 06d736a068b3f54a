"""Side-bending and turning of the head from the points of the face."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.kinematics.head import best_rotation, head_roll_deg, head_rotations, head_yaw_deg
from rom.landmarks import FloatArray, LandmarkSeries
from tests.figures import BACK, LEFT, UP, Camera, film, frame_times, pose_figure, rotation

CAMERA = Camera(scale_px_m=700.0, middle_frac=(0.5, 1.0))
TIME_S = frame_times(3.0, 20.0)
SHARE = np.clip((TIME_S - 1.05) / 1.9, 0.0, 1.0)


def head_series(noise_px: float = 0.0, camera: Camera = CAMERA, **end_deg: float) -> LandmarkSeries:
    angles = {name: SHARE * value for name, value in end_deg.items()}
    return film(pose_figure(TIME_S, angles), camera, noise_px=noise_px)


@pytest.mark.parametrize("end_deg", [-60.0, -30.0, 0.0, 20.0, 55.0])
def test_side_bending_alone_is_read_as_such(end_deg: float) -> None:
    series = head_series(neck_lateral_flexion=end_deg)
    np.testing.assert_allclose(head_roll_deg(series), SHARE * end_deg, atol=0.1)
    np.testing.assert_allclose(head_yaw_deg(series), 0.0, atol=0.1)


@pytest.mark.parametrize("end_deg", [-85.0, -40.0, 0.0, 30.0, 80.0])
def test_turning_alone_is_read_as_such(end_deg: float) -> None:
    series = head_series(neck_rotation=end_deg)
    np.testing.assert_allclose(head_yaw_deg(series), SHARE * end_deg, atol=0.1)
    np.testing.assert_allclose(head_roll_deg(series), 0.0, atol=0.1)


@settings(max_examples=30, deadline=None)
@given(st.floats(-50, 50), st.floats(-40, 40), st.floats(-40, 40))
def test_the_three_turns_of_the_head_are_told_apart(
    rotation_deg: float, lateral_deg: float, flexion_deg: float
) -> None:
    series = head_series(
        neck_rotation=rotation_deg, neck_lateral_flexion=lateral_deg, neck_flexion=flexion_deg
    )
    assert head_yaw_deg(series)[-1] == pytest.approx(rotation_deg, abs=0.2)
    assert head_roll_deg(series)[-1] == pytest.approx(lateral_deg, abs=0.2)


@pytest.mark.parametrize("lean_deg", [-12.0, 8.0])
def test_leaning_with_the_shoulders_is_not_bending_of_the_neck(lean_deg: float) -> None:
    series = head_series(trunk_lateral_flexion=lean_deg)
    np.testing.assert_allclose(head_roll_deg(series), 0.0, atol=0.1)


@pytest.mark.parametrize("roll_deg", [-15.0, 10.0])
def test_a_tilted_camera_changes_no_side_bending(roll_deg: float) -> None:
    series = head_series(camera=replace(CAMERA, roll_deg=roll_deg), neck_lateral_flexion=35.0)
    np.testing.assert_allclose(head_roll_deg(series), SHARE * 35.0, atol=0.1)


def test_the_jitter_of_single_points_is_averaged() -> None:
    series = head_series(noise_px=1.0, neck_rotation=40.0)
    assert np.abs(head_yaw_deg(series) - SHARE * 40.0).mean() < 1.5


def test_a_mirror_image_turns_and_bends_the_other_way() -> None:
    image = head_series(neck_rotation=30.0, neck_lateral_flexion=20.0).mirrored()
    assert head_yaw_deg(image)[-1] == pytest.approx(-30.0, abs=0.2)
    assert head_roll_deg(image)[-1] == pytest.approx(-20.0, abs=0.2)


def test_no_face_is_no_angle() -> None:
    series = head_series(neck_rotation=30.0)
    for without in (None, np.full_like(series.face_px, np.nan)):
        faceless = replace(series, face_px=without)
        assert np.isnan(head_yaw_deg(faceless)).all()
        assert np.isnan(head_roll_deg(faceless)).all()
        assert np.isnan(head_rotations(faceless)).all()


def test_frames_without_a_face_are_missing_and_the_others_unchanged() -> None:
    series = head_series(neck_rotation=30.0)
    assert series.face_px is not None
    face_px = series.face_px.copy()
    face_px[35:45] = np.nan
    yaw_deg = head_yaw_deg(replace(series, face_px=face_px))
    assert np.isnan(yaw_deg[35:45]).all()
    np.testing.assert_allclose(yaw_deg[45:], head_yaw_deg(series)[45:], atol=1e-3)


@given(
    st.floats(-179, 179),
    st.floats(-89, 89),
    st.floats(-179, 179),
    st.integers(0, 2**31),
)
def test_the_best_rotation_is_the_one_that_was_done_and_never_a_reflection(
    turn_deg: float, side_deg: float, nod_deg: float, seed: int
) -> None:
    points: FloatArray = np.random.default_rng(seed).standard_normal((12, 3))
    points -= points.mean(axis=0)
    done = rotation(UP, turn_deg) @ rotation(BACK, side_deg) @ rotation(LEFT, nod_deg)
    found = best_rotation(points, points @ done.T)
    np.testing.assert_allclose(found, done, atol=1e-6)
    flat = points * np.array([1.0, 1.0, 0.0])
    assert np.linalg.det(best_rotation(flat, flat @ done.T)) == pytest.approx(1.0)
