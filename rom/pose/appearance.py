"""What a person wears, as a few numbers: helps to tell people apart where their paths cross."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from rom.landmarks import Landmark
from rom.pose.region import FloatArray, Image

_CORNERS = [
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.RIGHT_HIP,
    Landmark.LEFT_HIP,
]
_BINS = 8
_LARGEST_SIDE_PX = 48


def torso_colour(rgb: Image, xy_px: FloatArray) -> NDArray[np.float32]:
    """Return a histogram of the torso's colour.

    Parameters
    ----------
    xy_px
        (33, 2) landmarks.

    Returns
    -------
    NDArray
        (24,) eight bins each of lightness, green to red and blue to yellow (CIE Lab), sum 1; all
        zero where the torso lies outside the picture.
    """
    height_px, width_px = rgb.shape[:2]
    corners = xy_px[_CORNERS]
    left, top = np.clip(np.floor(corners.min(axis=0)), 0, (width_px, height_px)).astype(int)
    right, bottom = np.clip(np.ceil(corners.max(axis=0)), 0, (width_px, height_px)).astype(int)
    if right - left < 2 or bottom - top < 2:
        return np.zeros(3 * _BINS, np.float32)
    step = max(1, -(-max(right - left, bottom - top) // _LARGEST_SIDE_PX))
    patch = np.ascontiguousarray(rgb[top:bottom:step, left:right:step])
    mask = np.zeros(patch.shape[:2], np.uint8)
    outline = np.round((corners - (left, top)) / step).astype(np.int32)
    cv2.fillConvexPoly(mask, cv2.convexHull(outline), 255)
    lab = cv2.cvtColor(patch, cv2.COLOR_RGB2LAB)
    histogram = np.concatenate(
        [cv2.calcHist([lab], [channel], mask, [_BINS], [0, 256]).ravel() for channel in range(3)]
    )
    total = histogram.sum()
    return (histogram / total if total > 0 else histogram).astype(np.float32)
