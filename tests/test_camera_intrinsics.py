"""The lens model: against OpenCV's own projection, its inverse, its scale and its turns."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from camera_builders import LENS
from hypothesis import given
from hypothesis import strategies as st

from rom.camera.intrinsics import Intrinsics, typical_intrinsics

LENSES = st.builds(
    Intrinsics,
    width_px=st.just(1280),
    height_px=st.just(720),
    fx_px=st.floats(800, 1600),
    fy_px=st.floats(800, 1600),
    cx_px=st.floats(600, 680),
    cy_px=st.floats(330, 390),
    k1=st.floats(-0.15, 0.1),
    k2=st.floats(-0.02, 0.05),
    p1=st.floats(-0.002, 0.002),
    p2=st.floats(-0.002, 0.002),
)


def points_in(lens: Intrinsics, count: int = 200) -> np.ndarray:
    size_px = np.array([lens.width_px, lens.height_px])
    return np.random.default_rng(3).uniform(0.0, 1.0, (count, 2)) * size_px


@given(lens=LENSES)
def test_undistorting_and_distorting_undo_each_other(lens: Intrinsics) -> None:
    points = points_in(lens)
    ideal = lens.undistorted_px(points)
    assert np.isfinite(ideal).all()
    np.testing.assert_allclose(lens.distorted_px(ideal), points, atol=1e-3)


@given(lens=LENSES)
def test_the_model_is_that_of_opencv(lens: Intrinsics) -> None:
    rays = np.random.default_rng(1).uniform(-0.4, 0.4, (50, 2))
    matrix = np.array([[lens.fx_px, 0, lens.cx_px], [0, lens.fy_px, lens.cy_px], [0, 0, 1.0]])
    space = np.column_stack([rays, np.ones(len(rays))])
    filmed, _ = cv2.projectPoints(
        space, np.zeros(3), np.zeros(3), matrix, np.array(lens.distortion)
    )
    ideal = rays * lens.focal_px + [lens.cx_px, lens.cy_px]
    np.testing.assert_allclose(lens.distorted_px(ideal), filmed[:, 0], atol=1e-6)


def test_without_distortion_nothing_moves() -> None:
    lens = typical_intrinsics(width_px=640, height_px=480)
    points = points_in(lens) * 3.0 - 500.0
    np.testing.assert_allclose(lens.undistorted_px(points), points, atol=1e-6)
    assert lens.largest_shift_px() == pytest.approx(0.0, abs=1e-6)


def test_a_straight_line_becomes_straight_again() -> None:
    line = np.stack([np.linspace(50.0, 1230.0, 40), np.linspace(40.0, 90.0, 40)], axis=-1)

    def bend_px(points: np.ndarray) -> float:
        fit = np.polynomial.Polynomial.fit(points[:, 0], points[:, 1], 1)
        return float(np.abs(fit(points[:, 0]) - points[:, 1]).max())

    filmed = LENS.distorted_px(line)
    assert bend_px(filmed) > 5.0
    assert bend_px(LENS.undistorted_px(filmed)) < 0.01


def test_a_stretched_picture_gets_square_pixels() -> None:
    lens = replace(typical_intrinsics(width_px=1280, height_px=720), fx_px=1200.0, fy_px=900.0)
    circle = np.stack([np.cos(np.arange(8.0)), np.sin(np.arange(8.0))], axis=-1)
    filmed = circle * [lens.fx_px, lens.fy_px] * 0.1 + [lens.cx_px, lens.cy_px]
    arms = lens.undistorted_px(filmed) - [lens.cx_px, lens.cy_px]
    np.testing.assert_allclose(np.linalg.norm(arms, axis=1), 0.1 * lens.focal_px)


def test_what_was_not_seen_stays_so_and_nothing_is_invented_far_outside() -> None:
    points = np.array([[640.0, np.nan], [np.nan, np.nan], [40_000.0, -30_000.0], [5.0, 5.0]])
    barrel = replace(LENS, k2=0.0)  # turns back on itself outside the picture
    finite = np.isfinite(barrel.undistorted_px(points)).all(axis=1)
    assert finite.tolist() == [False, False, False, True]
    assert LENS.undistorted_px(np.full((0, 2), np.nan)).shape == (0, 2)


@given(lens=LENSES, rotation_deg=st.sampled_from([0, 90, 180, 270, -90]))
def test_a_turned_picture_has_the_turned_lens(lens: Intrinsics, rotation_deg: int) -> None:
    def turned_px(points: np.ndarray) -> np.ndarray:
        width_px, height_px = lens.width_px, lens.height_px
        for _ in range(rotation_deg // 90 % 4):
            points = np.stack([height_px - points[:, 1], points[:, 0]], axis=-1)
            width_px, height_px = height_px, width_px
        return points

    points = points_in(lens)
    after = lens.turned(rotation_deg).undistorted_px(turned_px(points))
    np.testing.assert_allclose(after, turned_px(lens.undistorted_px(points)), atol=0.01)
    back = lens.turned(rotation_deg).turned(-rotation_deg)
    np.testing.assert_allclose(back.undistorted_px(points), lens.undistorted_px(points), atol=0.01)


@given(lens=LENSES, share=st.floats(0.3, 3.0))
def test_another_size_of_the_same_picture_has_the_same_lens(lens: Intrinsics, share: float) -> None:
    small = lens.scaled(width_px=round(lens.width_px * share), height_px=round(720 * share))
    across = np.array([small.width_px / lens.width_px, small.height_px / lens.height_px])
    points = points_in(lens)
    np.testing.assert_allclose(small.view_deg, lens.view_deg, atol=1e-9)
    expected = (lens.undistorted_px(points) - [lens.cx_px, lens.cy_px]) / lens.focal_px
    scaled = small.undistorted_px(points * across) - [small.cx_px, small.cy_px]
    np.testing.assert_allclose(scaled / small.focal_px, expected, atol=1e-5)


@pytest.mark.parametrize(
    ("size_px", "same"),
    [((1920, 1080), True), ((848, 480), True), ((720, 1280), False), ((960, 720), False)],
)
def test_a_shape_is_known_in_every_resolution(size_px: tuple[int, int], same: bool) -> None:
    assert LENS.has_shape(width_px=size_px[0], height_px=size_px[1]) is same


@pytest.mark.parametrize(
    "change",
    [{"fx_px": 0.0}, {"k1": float("nan")}, {"cx_px": -1.0}, {"width_px": 0}, {"fy_px": -5.0}],
)
def test_figures_that_no_camera_has_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="expected"):
        replace(LENS, **change)  # type: ignore[arg-type]
