from __future__ import annotations

import struct
from fractions import Fraction

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from video_builders import quadrant_colours, quadrants

from rom.video.picture import (
    Orientation,
    PictureConverter,
    orientation_of_matrix,
    shown_size_px,
)

UNIT = 1 << 16
EIGHT = [(1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0)]
EIGHT += [(-1, 0, 0, 1), (1, 0, 0, -1), (0, 1, 1, 0), (0, -1, -1, 0)]


def display_matrix(a: float, b: float, c: float, d: float) -> bytes:
    a, b, c, d = (round(value * UNIT) for value in (a, b, c, d))
    return struct.pack("=9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)


@pytest.mark.parametrize("matrix", EIGHT)
def test_a_display_matrix_moves_each_quarter_where_it_says(
    matrix: tuple[int, int, int, int],
) -> None:
    a, b, c, d = matrix
    coded = quadrants(0, 120, 80)
    orientation = orientation_of_matrix(display_matrix(*matrix))
    converter = PictureConverter(width_px=120, height_px=80, orientation=orientation)
    shown = converter.convert(av.VideoFrame.from_ndarray(coded))
    assert shown.shape == ((80, 120, 3) if a else (120, 80, 3))
    corners = [(-1, -1), (1, -1), (-1, 1), (1, 1)]
    expected = dict(
        zip(
            [(a * x + c * y, b * x + d * y) for x, y in corners],
            quadrant_colours(coded),
            strict=True,
        )
    )
    assert quadrant_colours(shown) == [expected[corner] for corner in corners]


@given(st.integers(0, 3), st.floats(-44.0, 44.0))
def test_the_nearest_quarter_turn_is_taken(turns: int, off_deg: float) -> None:
    angle_rad = np.radians(90.0 * turns + off_deg)
    a, b = np.cos(angle_rad), np.sin(angle_rad)
    assert orientation_of_matrix(display_matrix(a, b, -b, a)) == Orientation(90 * turns)


def test_an_empty_matrix_turns_nothing() -> None:
    assert orientation_of_matrix(bytes(36)) == Orientation()


@given(
    width_px=st.integers(1, 8000),
    height_px=st.integers(1, 8000),
    pixel_aspect=st.one_of(
        st.none(), st.fractions(Fraction(1, 8), Fraction(8), max_denominator=99)
    ),
    max_side_px=st.integers(16, 2000),
)
def test_size_fits_and_keeps_the_shape(
    width_px: int, height_px: int, pixel_aspect: Fraction | None, max_side_px: int
) -> None:
    width, height = shown_size_px(
        width_px=width_px, height_px=height_px, pixel_aspect=pixel_aspect, max_side_px=max_side_px
    )
    assert 1 <= width <= max_side_px and 1 <= height <= max_side_px
    shape = Fraction(width_px, height_px) * (pixel_aspect or 1)
    if min(width, height) > 1:  # to within half a pixel on either side
        assert (width - 0.5) / (height + 0.5) <= shape <= (width + 0.5) / (height - 0.5)


@pytest.mark.parametrize("pixel_aspect", [None, Fraction(0), Fraction(1), Fraction(1, 50)])
def test_implausible_pixel_aspect_is_ignored(pixel_aspect: Fraction | None) -> None:
    size_px = shown_size_px(
        width_px=640, height_px=480, pixel_aspect=pixel_aspect, max_side_px=1280
    )
    assert size_px == (640, 480)
