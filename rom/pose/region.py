"""Rotated squares of the image: what a network looks at."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Image = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Region:
    """A square of the image, turned about its centre.

    Attributes
    ----------
    center_px
        (2,) centre in the image.
    size_px
        Length of a side.
    angle_rad
        0 upright, positive clockwise in the image (y points down).
    mirrored
        Whether the square is looked at in a mirror: its left is the image's right.
    """

    center_px: FloatArray
    size_px: float
    angle_rad: float
    mirrored: bool = False

    @property
    def usable(self) -> bool:
        """Whether it is finite and large enough to hold anything."""
        return bool(np.isfinite(self.center_px).all() and np.isfinite(self.size_px + self.angle_rad)
                    and self.size_px >= 2.0)  # fmt: skip

    def crop(self, rgb: Image, side_px: int, *, outside: int = cv2.BORDER_REPLICATE) -> Image:
        """Return what the square shows, `side_px` pixels high and wide.

        Crop pixel i lies at i, not at i + 0.5: the convention of MediaPipe's processor path, on
        which these networks' published results rest.
        """
        cropped = cv2.warpAffine(
            rgb,
            np.column_stack([self._axes(side_px), self._origin_px(side_px)]),
            (side_px, side_px),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=outside,
        )
        return cropped  # type: ignore[return-value]

    def to_image(self, points: FloatArray, side_px: int) -> FloatArray:
        """Return (N, 2) or (N, 3) crop points in image pixels; depth is scaled, not moved."""
        axes = self._axes(side_px)
        placed = points.astype(np.float64)
        placed[:, :2] = points[:, :2] @ axes.T + self._origin_px(side_px)
        placed[:, 2:] *= self.size_px / side_px
        return placed

    def turn(self, points: FloatArray) -> FloatArray:
        """Return (N, 3) points of a crop's own axes in the directions of the image."""
        cos, sin = np.cos(self.angle_rad), np.sin(self.angle_rad)
        turned = points.astype(np.float64)
        turned[:, 0] *= self._across
        turned[:, :2] = turned[:, :2] @ np.array([[cos, sin], [-sin, cos]])
        return turned

    @property
    def _across(self) -> float:
        return -1.0 if self.mirrored else 1.0

    def _axes(self, side_px: int) -> FloatArray:
        cos, sin, across = np.cos(self.angle_rad), np.sin(self.angle_rad), self._across
        axes: FloatArray = np.array([[across * cos, -sin], [across * sin, cos]])
        return axes * (self.size_px / side_px)

    def _origin_px(self, side_px: int) -> FloatArray:
        middle = np.full(2, side_px / 2.0)
        origin: FloatArray = self.center_px - self._axes(side_px) @ middle
        return origin


def region_about(center_px: FloatArray, rim_px: FloatArray, *, scale: float) -> Region:
    """Return the square around a circle, turned so that the rim point lies straight above.

    `scale` enlarges the square; 1 means that it touches the circle.
    """
    spoke = rim_px - center_px
    return Region(
        center_px=np.asarray(center_px, np.float64),
        size_px=float(2.0 * np.hypot(*spoke) * scale),
        angle_rad=float(np.arctan2(spoke[0], -spoke[1])),
    )


def region_around(points_px: FloatArray, *, angle_rad: float, scale: float) -> Region:
    """Return the square around points, measured along its own axes and enlarged by `scale`."""
    cos, sin = np.cos(angle_rad), np.sin(angle_rad)
    axes = np.array([[cos, -sin], [sin, cos]])
    along = points_px[:, :2] @ axes
    low, high = along.min(axis=0), along.max(axis=0)
    return Region(
        center_px=axes @ ((low + high) / 2.0),
        size_px=float((high - low).max() * scale),
        angle_rad=angle_rad,
    )


def whole_image(rgb: Image) -> Region:
    """Return the upright square that holds the whole image."""
    height_px, width_px = rgb.shape[:2]
    return Region(np.array([width_px, height_px]) / 2.0, float(max(height_px, width_px)), 0.0)
