"""The check on real footage, tried on a stick figure whose angles and cameras are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_angles import swept

from calibration.footage import (
    JOINTS,
    MOVEMENTS,
    SAME_PERSON_TRUNKS,
    JointsM,
    ReferenceCamera,
    compare,
    identity_px,
    pooled,
    read_cameras,
    read_frames,
    reference_deg,
    refusals,
    signed_elevation_deg,
    write_rows,
)
from calibration.truth import _signed_elevation_deg
from rom.landmarks import BoolArray, LandmarkSeries, Side, sided
from rom.movements import Movement, movement_named
from rom.trace import trace_movement
from tests.performances import recommended_camera

DISTANCE_M = 1000.0
SIDES = [(name, side) for name in MOVEMENTS for side in Side]


def filmed(name: str, side: Side, **changes: float) -> tuple[LandmarkSeries, np.ndarray]:
    return swept(name, side, replace(recommended_camera(movement_named(name), side), **changes))


def joints_of(series: LandmarkSeries) -> JointsM:
    """The figure's own joints, 300 px to the metre, in the axes of the camera."""
    middle_px = 0.5 * np.array([series.width_px, series.height_px])
    points_m = series.world_m.copy()
    points_m[..., :2] = (series.xy_px - middle_px) / 300.0
    return {(joint, side): points_m[:, sided(joint, side)] for joint in JOINTS for side in Side}


def far_camera(series: LandmarkSeries) -> ReferenceCamera:
    """So far away that the picture is an orthographic one."""
    focal_px = 300.0 * DISTANCE_M
    middle_px = 0.5 * np.array([series.width_px, series.height_px])
    return ReferenceCamera(
        rotation=np.eye(3),
        translation_m=np.array([0.0, 0.0, DISTANCE_M]),
        matrix_px=np.array([[focal_px, 0, middle_px[0]], [0, focal_px, middle_px[1]], [0, 0, 1]]),
        distortion=np.zeros(4),
        width_px=series.width_px,
        height_px=series.height_px,
    )


@pytest.mark.parametrize(("name", "side"), SIDES)
@pytest.mark.parametrize("yaw_deg", [0.0, 70.0, 200.0])
def test_reference_is_the_posed_angle_wherever_the_camera_stands(name, side, yaw_deg) -> None:
    series, truth_deg = filmed(name, side, yaw_deg=yaw_deg)
    read_deg = reference_deg(joints_of(series), movement_named(name), side)
    assert np.abs(read_deg - truth_deg).max() < 3.0


def test_elevation_has_the_sign_of_the_bench() -> None:
    random = np.random.default_rng(0)
    towards, aside, down = random.normal(size=(3, 200))
    elevation_deg = np.degrees(np.arctan2(np.hypot(towards, aside), down))
    theirs = [
        _signed_elevation_deg(*each) for each in zip(elevation_deg, towards, down, strict=True)
    ]
    ours = signed_elevation_deg(elevation_deg, np.degrees(np.arctan2(towards, down)))
    assert np.allclose(ours, theirs)


def test_a_camera_file_is_read_as_the_camera_that_wrote_it(tmp_path: Path) -> None:
    # Looks along +x of the world from 2 m behind its origin, z up: right is -y, back is -x.
    rows = np.array([[0, -1, 0], [0, 0, 1], [-1, 0, 0]])
    turn = " ".join(f'r{i + 1}{j + 1}="{rows[i, j]}"' for i in range(3) for j in range(3))
    (tmp_path / "qca.txt").write_text(
        f"""<calibration><cameras><camera serial="cam07">
        <fov_video left="0" top="0" right="639" bottom="479"/>
        <transform {turn} x="-2000" y="0" z="1000"/>
        <intrinsic focalLengthU="32000" focalLengthV="32000" centerPointU="20480"
          centerPointV="15360" radialDistortion1="0" radialDistortion2="0"
          tangentalDistortion1="0" tangentalDistortion2="0"/>
        </camera></cameras></calibration>"""
    )
    camera = read_cameras(tmp_path / "qca.txt")["cam07"]
    points_m = np.array([[0.0, 0.0, 1.0], [0.0, -1.0, 1.0], [0.0, 0.0, 2.0]])
    expected_px = np.array([[320.0, 240.0], [570.0, 240.0], [320.0, -10.0]])
    assert np.allclose(camera.project_px(points_m), expected_px, atol=1e-6)
    assert (camera.width_px, camera.height_px) == (640, 480)


def test_exchanged_sides_and_another_person_are_told_from_the_subject() -> None:
    series, _ = filmed("shoulder_abduction", Side.LEFT)
    camera, joints = far_camera(series), joints_of(series)
    own, exchanged = identity_px(series, camera, joints)
    assert own.max() < 0.02 < SAME_PERSON_TRUNKS
    partners = {(joint, side): joints[joint, side.other] for joint, side in joints}
    named, other_names = identity_px(series, camera, partners)
    assert np.allclose(other_names, own) and np.allclose(named, exchanged)
    beside = replace(series, xy_px=series.xy_px + np.array([300.0, 0.0]))
    assert np.minimum(*identity_px(beside, camera, joints)).min() > SAME_PERSON_TRUNKS


@pytest.mark.parametrize(("name", "side"), SIDES)
def test_frames_in_the_recommended_view_are_kept_and_read_right(name, side) -> None:
    series, _ = filmed(name, side)
    rows = list(compare("cam01", series, far_camera(series), joints_of(series)))
    row = next(row for row in rows if (row.movement, row.side) == (name, side.value))
    assert row.kept == len(series)
    assert row.rom_deg < 12.0
    assert row.other_person_frac == row.exchanged_frac == 0.0


def gates_of(series: LandmarkSeries, movement: Movement) -> dict[str, BoolArray]:
    trace = trace_movement(series, movement, Side.LEFT)
    return refusals(trace, read_frames(trace))


def test_frames_are_refused_by_the_gate_that_concerns_them() -> None:
    movement = movement_named("shoulder_abduction")
    series, _ = filmed("shoulder_abduction", Side.LEFT, yaw_deg=50.0)
    off_plane = gates_of(series, movement)["camera_off_plane"]
    assert off_plane.all()
    forwards, _ = swept(
        "shoulder_flexion", Side.LEFT, replace(recommended_camera(movement, Side.LEFT))
    )
    short = gates_of(forwards, movement)["limb_out_of_plane"]
    assert short.any() and not short[:20].any()
    away, _ = filmed("elbow_flexion", Side.LEFT, yaw_deg=-90.0)
    far = gates_of(away, movement_named("elbow_flexion"))["far_side"]
    assert far.all()


def test_pooled_errors_weigh_every_kept_frame_alike(tmp_path: Path) -> None:
    series, _ = filmed("shoulder_abduction", Side.LEFT)
    rows = list(compare("cam01", series, far_camera(series), joints_of(series)))
    few = replace(rows[0], kept=10, rom_deg=2.0)
    many = replace(rows[1], kept=30, rom_deg=6.0)
    none = replace(rows[2], kept=0, rom_deg=float("nan"))
    together = pooled([few, many, none], "shoulder")
    assert together.kept == 40
    assert together.rom_deg == pytest.approx(5.0)
    write_rows([none], tmp_path / "rows.csv")
    assert "nan" not in (tmp_path / "rows.csv").read_text()
