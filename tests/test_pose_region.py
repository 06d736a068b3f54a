"""A region is the only place where crop and image coordinates meet."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rom.pose.region import Region, region_about, region_around, whole_image

ANGLES_RAD = st.floats(-np.pi, np.pi)
SIZES_PX = st.floats(20.0, 400.0)


def white_dot(x_px: int, y_px: int) -> np.ndarray:
    picture = np.zeros((300, 400, 3), np.uint8)
    picture[y_px - 2 : y_px + 3, x_px - 2 : x_px + 3] = 255
    return picture


@pytest.mark.parametrize("degrees", [0.0, 30.0, 90.0, -135.0])
def test_a_point_of_the_crop_leads_back_to_where_it_is_in_the_image(degrees: float) -> None:
    picture = white_dot(230, 120)
    region = Region(np.array([210.0, 140.0]), 120.0, np.radians(degrees))
    crop = region.crop(picture, 200)
    rows, columns = np.nonzero(crop[..., 0] > 127)
    found = np.array([[columns.mean(), rows.mean(), 0.0]])
    assert region.to_image(found, 200)[0, :2] == pytest.approx([230.0, 120.0], abs=0.5)


def test_a_positive_angle_is_clockwise() -> None:
    # A rim point to the right of the centre is "above" in a region turned by a quarter clockwise.
    region = region_about(np.array([100.0, 100.0]), np.array([150.0, 100.0]), scale=1.0)
    assert np.degrees(region.angle_rad) == pytest.approx(90.0)
    assert region.size_px == pytest.approx(100.0)
    top_middle = np.array([[50.0, 0.0]])
    assert region.to_image(top_middle, 100)[0] == pytest.approx([150.0, 100.0])


@given(angle_rad=ANGLES_RAD, size_px=SIZES_PX)
def test_the_square_around_points_holds_them(angle_rad: float, size_px: float) -> None:
    points = np.array([[0.0, 0.0], [1.0, 0.2], [0.4, 0.9]]) * size_px + 50.0
    region = region_around(points, angle_rad=angle_rad, scale=1.0)
    axes = np.array(
        [[np.cos(angle_rad), -np.sin(angle_rad)], [np.sin(angle_rad), np.cos(angle_rad)]]
    )
    offsets = (points - region.center_px) @ axes
    assert np.abs(offsets).max() == pytest.approx(region.size_px / 2.0)


@given(angle_rad=ANGLES_RAD, size_px=SIZES_PX)
def test_a_mirrored_square_is_the_square_of_the_mirrored_picture(
    angle_rad: float, size_px: float
) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (300, 400, 3), np.uint8)
    picture = cv2.GaussianBlur(picture, (0, 0), 3.0)
    region = Region(np.array([210.0, 140.0]), size_px, angle_rad, mirrored=True)
    twin = Region(np.array([399.0 - 210.0, 140.0]), size_px, -angle_rad)
    here = region.crop(picture, 64).astype(float)
    there = twin.crop(np.ascontiguousarray(picture[:, ::-1]), 64).astype(float)
    assert np.abs(here - there).max() <= 12.0  # warpAffine rounds to 1/32 of a pixel
    points = np.array([[3.0, 50.0], [40.0, 7.0]])
    seen_px = twin.to_image(points, 64)
    seen_px[:, 0] = 399.0 - seen_px[:, 0]
    np.testing.assert_allclose(region.to_image(points, 64), seen_px, atol=1e-9)
    world_m = np.array([[0.3, -0.2, 0.5]])
    np.testing.assert_allclose(region.turn(world_m), twin.turn(world_m) * [-1.0, 1.0, 1.0])


@given(angle_rad=ANGLES_RAD)
def test_turning_keeps_lengths_and_depth(angle_rad: float) -> None:
    points = np.array([[0.3, -0.2, 0.5], [0.0, 1.0, -0.1]])
    turned = Region(np.zeros(2), 10.0, angle_rad).turn(points)
    assert np.linalg.norm(turned, axis=1) == pytest.approx(np.linalg.norm(points, axis=1))
    assert turned[:, 2] == pytest.approx(points[:, 2])


def test_depth_is_scaled_like_width() -> None:
    region = Region(np.array([0.0, 0.0]), 50.0, 0.3)
    assert region.to_image(np.array([[1.0, 2.0, 8.0]]), 100)[0, 2] == pytest.approx(4.0)


def test_the_whole_image_fits_in_its_square() -> None:
    region = whole_image(np.zeros((300, 400, 3), np.uint8))
    assert region.size_px == 400.0
    assert region.to_image(np.array([[0.0, 0.0]]), 200)[0] == pytest.approx([0.0, -50.0])


@pytest.mark.parametrize("size_px", [np.nan, np.inf, 0.0, 1.0])
def test_a_region_without_extent_is_not_usable(size_px: float) -> None:
    assert not Region(np.array([5.0, 5.0]), size_px, 0.0).usable


def test_an_angle_that_is_not_a_number_is_not_usable() -> None:
    assert not Region(np.array([5.0, 5.0]), 10.0, np.nan).usable
