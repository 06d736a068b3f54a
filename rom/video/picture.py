"""From a decoded picture to an upright RGB image with square pixels."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from fractions import Fraction

import av
import cv2
import numpy as np
from av.buffer import Buffer
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

RgbImage = NDArray[np.uint8]

_TURNS = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}
_PLAUSIBLE_PIXEL_ASPECT = (Fraction(1, 8), Fraction(8))


@dataclass(frozen=True)
class Orientation:
    """How to show the coded picture: mirrored first, where asked for, then turned clockwise."""

    rotation_deg: int = 0
    mirrored: bool = False


def orientation_of(frame: av.VideoFrame, tags: dict[str, str]) -> Orientation:
    """Return how a phone was held, from the display matrix or, without one, from a rotate tag."""
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if isinstance(matrix, Buffer):
        return orientation_of_matrix(bytes(matrix))
    for name, value in tags.items():
        if name.lower() == "rotate":
            return Orientation(_quarter_turn(value))
    return Orientation()


def orientation_of_matrix(matrix: bytes) -> Orientation:
    """Return the nearest of the eight orientations to a display matrix.

    The matrix is that of ISO/IEC 14496-12 (nine 32-bit integers; the first row is where the
    picture's x axis goes, the second where its y axis goes, in image coordinates with y down).
    """
    a, b, _, c, d = struct.unpack_from("=5i", matrix)
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    return Orientation(round(math.degrees(math.atan2(b, a)) / 90.0) % 4 * 90, mirrored)


def _quarter_turn(value: str) -> int:
    try:
        return round(float(value) / 90.0) % 4 * 90
    except (ValueError, OverflowError):
        return 0


def shown_size_px(
    *, width_px: int, height_px: int, pixel_aspect: Fraction | None, max_side_px: int
) -> tuple[int, int]:
    """Return width and height with square pixels, scaled down to the longest side allowed."""
    width, height = Fraction(width_px), Fraction(height_px)
    low, high = _PLAUSIBLE_PIXEL_ASPECT
    if pixel_aspect is not None and low <= pixel_aspect <= high:
        # Stretch rather than shrink: no detail is lost.
        width *= max(pixel_aspect, Fraction(1))
        height /= min(pixel_aspect, Fraction(1))
    scale = min(Fraction(1), max_side_px / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


class PictureConverter:
    """Turns decoded pictures into upright RGB images of one size.

    A picture whose shape changes in the middle of a recording (a browser whose phone was turned)
    is fitted into the size with black bars, never stretched: stretching would bend angles.

    Parameters
    ----------
    width_px, height_px
        Size before the turn.
    """

    def __init__(self, *, width_px: int, height_px: int, orientation: Orientation) -> None:
        self._size_px = (width_px, height_px)
        self._orientation = orientation
        self._reformatter = VideoReformatter()
        self._coded_size_px: tuple[int, int] | None = None

    def convert(self, frame: av.VideoFrame) -> RgbImage:
        """Return the picture as (height, width, 3) contiguous uint8 RGB."""
        coded_size_px = (frame.width, frame.height)
        if self._coded_size_px is None:
            self._coded_size_px = coded_size_px
        if coded_size_px[0] * self._coded_size_px[1] == coded_size_px[1] * self._coded_size_px[0]:
            image = self._scaled(frame, self._size_px)
        else:
            image = self._fitted(frame)
        return self._upright(image)

    def _upright(self, image: RgbImage) -> RgbImage:
        upright = cv2.flip(image, 1) if self._orientation.mirrored else image
        if self._orientation.rotation_deg:
            upright = cv2.rotate(upright, _TURNS[self._orientation.rotation_deg])
        return np.ascontiguousarray(upright, dtype=np.uint8)

    def _scaled(self, frame: av.VideoFrame, size_px: tuple[int, int]) -> RgbImage:
        scaled = self._reformatter.reformat(
            frame,
            width=size_px[0],
            height=size_px[1],
            format="rgb24",
            interpolation=Interpolation.AREA,
            threads=1,
        )
        return np.asarray(scaled.to_ndarray(), dtype=np.uint8)

    def _fitted(self, frame: av.VideoFrame) -> RgbImage:
        width_px, height_px = self._size_px
        scale = min(width_px / frame.width, height_px / frame.height)
        inner_width_px = min(width_px, max(1, round(frame.width * scale)))
        inner_height_px = min(height_px, max(1, round(frame.height * scale)))
        left, top = (width_px - inner_width_px) // 2, (height_px - inner_height_px) // 2
        image = np.zeros((height_px, width_px, 3), np.uint8)
        inner = self._scaled(frame, (inner_width_px, inner_height_px))
        image[top : top + inner_height_px, left : left + inner_width_px] = inner
        return image
