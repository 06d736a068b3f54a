"""Which way the person faces, for the signs of angles and for the choice of the near side."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.kinematics.orientation import estimate_orientation
from rom.landmarks import Side
from tests.figures import Camera, film, frame_times, pose_figure
from tests.performances import filmed

STILL = pose_figure(frame_times(1.0, 15.0), {})


@pytest.mark.parametrize("yaw_deg", range(-180, 180, 15))
@pytest.mark.parametrize("roll_deg", [-12.0, 0.0, 12.0])
def test_the_turn_of_the_body_is_read_from_every_direction(yaw_deg: int, roll_deg: float) -> None:
    body = estimate_orientation(film(STILL, Camera(yaw_deg=yaw_deg, roll_deg=roll_deg)))
    difference = (body.yaw_deg - yaw_deg + 180.0) % 360.0 - 180.0
    assert difference == pytest.approx(0.0, abs=3.0)


@pytest.mark.parametrize(
    ("yaw_deg", "leftward", "forward", "camera_side"),
    [
        (60, 1, -1, Side.LEFT),
        (90, None, -1, Side.LEFT),
        (120, -1, -1, Side.LEFT),
        (-60, 1, 1, Side.RIGHT),
        (-90, None, 1, Side.RIGHT),
        (-120, -1, 1, Side.RIGHT),
        (0, 1, None, None),
        (180, -1, None, None),
    ],
)
def test_signs_follow_the_way_the_person_faces(
    yaw_deg: float, leftward: int | None, forward: int | None, camera_side: Side | None
) -> None:
    body = estimate_orientation(film(STILL, Camera(yaw_deg=yaw_deg), noise_px=1.0))
    assert leftward in (body.leftward, None)
    assert forward in (body.forward, None)
    assert camera_side in (body.camera_side, None)
    if leftward is not None:
        assert body.lateral(Side.LEFT) == leftward == -body.lateral(Side.RIGHT)
        assert body.leftward_agreement > 0.9
    if forward is not None:
        assert body.forward_agreement > 0.9


@pytest.mark.parametrize(
    ("yaw_deg", "off_side_deg", "off_front_deg"),
    [
        (0.0, 90.0, 0.0),
        (20.0, 70.0, 20.0),
        (-20.0, 70.0, -20.0),
        (90.0, 0.0, 90.0),
        (-70.0, 20.0, -70.0),
        (110.0, -20.0, 70.0),
        (-165.0, -75.0, -15.0),
        (180.0, -90.0, 0.0),
    ],
)
def test_the_distance_from_the_plain_views_is_that_of_the_camera(
    yaw_deg: float, off_side_deg: float, off_front_deg: float
) -> None:
    body = estimate_orientation(film(STILL, Camera(yaw_deg=yaw_deg)))
    assert body.off_side_view_deg() == pytest.approx(off_side_deg, abs=0.1)
    assert body.off_front_view_deg(Side.LEFT) == pytest.approx(off_front_deg, abs=0.1)
    assert body.off_front_view_deg(Side.RIGHT) == pytest.approx(-off_front_deg, abs=0.1)


@pytest.mark.parametrize("yaw_deg", [0.0, 65.0, -90.0])
def test_a_mirror_image_faces_the_other_way(yaw_deg: float) -> None:
    series = film(STILL, Camera(yaw_deg=yaw_deg))
    body, image = estimate_orientation(series), estimate_orientation(series.mirrored())
    assert image.yaw_deg == pytest.approx(-body.yaw_deg, abs=0.1)
    if yaw_deg:
        assert image.forward == -body.forward
        assert image.camera_side is body.camera_side.other
    else:
        assert image.leftward == body.leftward


@settings(max_examples=25, deadline=None)
@given(st.floats(0.0, 0.4), st.integers(0, 1000))
def test_frames_in_which_nobody_is_seen_change_nothing(missing_frac: float, seed: int) -> None:
    series = film(STILL, Camera(yaw_deg=70.0))
    keep = np.random.default_rng(seed).random(len(series)) >= missing_frac
    if not keep.any():
        return
    body, holed = estimate_orientation(series), estimate_orientation(series.masked(keep))
    assert (holed.forward, holed.leftward) == (body.forward, body.leftward)
    assert holed.yaw_deg == pytest.approx(body.yaw_deg, abs=1e-6)


def test_nobody_seen_has_no_turn() -> None:
    nobody = film(STILL, Camera()).masked(np.zeros(len(STILL.time_s), np.bool_))
    body = estimate_orientation(nobody)
    assert np.isnan(body.yaw_deg)
    assert body.forward_agreement == body.leftward_agreement == 0.5


@pytest.mark.parametrize("name", ["trunk_flexion_with_hips", "shoulder_flexion", "hip_flexion"])
@pytest.mark.parametrize("yaw_deg", [90.0, -90.0])
def test_moving_does_not_turn_a_person_round(name: str, yaw_deg: float) -> None:
    """Bent over, the nose is below the ears and the arms hang in front."""
    side = None if name.startswith("trunk") else Side.LEFT if yaw_deg > 0 else Side.RIGHT
    series = filmed(name, side, camera=Camera(yaw_deg=yaw_deg), noise_px=2.0)
    assert estimate_orientation(series).forward == (-1 if yaw_deg > 0 else 1)
