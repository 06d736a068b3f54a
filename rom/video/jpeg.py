"""Pictures that somebody else encoded as JPEG, checked before they are decoded."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from rom.errors import InputError

RgbImage = NDArray[np.uint8]

MAX_SIDE_PX = 1920
"""A few kilobytes can claim 65535×65535 pixels, which would fill the memory."""

_START = b"\xff\xd8\xff"
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of segments that begin with the picture's size (ITU-T T.81, table B.1)."""


def jpeg_size_px(data: bytes) -> tuple[int, int] | None:
    """Return width and height that a JPEG claims; None if it is no JPEG or claims none."""
    if not data.startswith(_START):
        return None
    position = 2
    while position + 9 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker in _FRAME_HEADERS:
            height_px = int.from_bytes(data[position + 5 : position + 7])
            width_px = int.from_bytes(data[position + 7 : position + 9])
            return width_px, height_px
        position += 2 + int.from_bytes(data[position + 2 : position + 4])
    return None


def decode_jpeg(data: bytes) -> RgbImage:
    """Return the picture, (height, width, 3) uint8.

    Raises
    ------
    InputError
        It is no JPEG, larger than `MAX_SIDE_PX` on a side, or damaged.
    """
    size_px = jpeg_size_px(data)
    if size_px is None:
        raise InputError("Expected a picture as JPEG, but got something else.")
    if not 0 < min(size_px) <= max(size_px) <= MAX_SIDE_PX:
        raise InputError(
            f"Expected a picture of at most {MAX_SIDE_PX} pixels on a side, but got"
            f" {size_px[0]}×{size_px[1]}; let the camera send smaller ones."
        )
    encoded = np.frombuffer(data, np.uint8)
    rgb = cv2.imdecode(encoded, cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)
    if rgb is None or rgb.shape[:2] != size_px[::-1]:
        raise InputError("Expected a picture as JPEG, but it is damaged.")
    picture: RgbImage = np.ascontiguousarray(rgb, dtype=np.uint8)
    return picture
