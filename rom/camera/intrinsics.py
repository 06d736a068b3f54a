"""What a lens does to a picture: the pinhole model with radial and tangential distortion.

The model is that of Brown (1971) as in Zhang (2000, doi:10.1109/34.888718) and in OpenCV. Positions
are continuous: the picture reaches from 0 to its width, and the first pixel's middle is at 0.5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from rom.landmarks import FloatArray

SAME_ASPECT_FRAC = 0.01
"""Pictures whose aspects differ less have one shape: encoders round sizes (848×480 for 16:9)."""
TYPICAL_LONG_SIDE_VIEW_DEG = 65.0
"""Field of view of a phone's main camera (26 mm equivalent: 69° as photo) after the crop of video,
and of common webcams (60 to 70°); makers' data sheets, so an order of magnitude."""
PIXEL_MIDDLE = 0.5
"""OpenCV counts positions from the middle of the first pixel."""

_ROUND_TRIP_PX = 0.1
_ITERATIONS = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 200, 1e-10)


@dataclass(frozen=True, kw_only=True)
class Intrinsics:
    """A lens, for pictures of one size.

    Attributes
    ----------
    width_px, height_px
        Size of the picture that the other figures hold for.
    fx_px, fy_px
        Focal length in pixels across and down; they differ in a stretched picture only.
    cx_px, cy_px
        Where the optical axis meets the picture, from its upper left corner.
    k1, k2, p1, p2
        Radial and tangential distortion; 0 for none, k1 < 0 for a barrel.

    Raises
    ------
    ValueError
        For a figure that no camera has.
    """

    width_px: int
    height_px: int
    fx_px: float
    fy_px: float
    cx_px: float
    cy_px: float
    k1: float = 0.0
    k2: float = 0.0
    p1: float = 0.0
    p2: float = 0.0

    def __post_init__(self) -> None:
        figures = (self.fx_px, self.fy_px, self.cx_px, self.cy_px, *self.distortion)
        if not all(math.isfinite(figure) for figure in figures):
            raise ValueError(f"expected finite figures, got {figures}")
        if min(self.width_px, self.height_px) < 1 or min(self.fx_px, self.fy_px) <= 0.0:
            raise ValueError("expected a size and focal lengths above 0")
        if not (0.0 < self.cx_px < self.width_px and 0.0 < self.cy_px < self.height_px):
            raise ValueError("expected the optical axis inside the picture")

    @property
    def distortion(self) -> tuple[float, float, float, float]:
        """k1, k2, p1, p2: the order of OpenCV."""
        return self.k1, self.k2, self.p1, self.p2

    @property
    def focal_px(self) -> float:
        """Focal length of the ideal pinhole with square pixels that stands for this camera."""
        return math.sqrt(self.fx_px * self.fy_px)

    @property
    def view_deg(self) -> tuple[float, float]:
        """Field of view across and down, from edge to edge through the optical axis."""
        return (
            _view_deg(self.cx_px, self.width_px, self.fx_px),
            _view_deg(self.cy_px, self.height_px, self.fy_px),
        )

    def has_shape(self, *, width_px: int, height_px: int) -> bool:
        """Whether a picture of this size has the shape (the aspect) that the figures hold for."""
        stretch = (width_px * self.height_px) / (height_px * self.width_px)
        return abs(math.log(stretch)) < SAME_ASPECT_FRAC

    def scaled(self, *, width_px: int, height_px: int) -> Intrinsics:
        """Return the figures for another size of the same picture; check `has_shape` first.

        >>> lens = typical_intrinsics(width_px=1920, height_px=1080)
        >>> lens.scaled(width_px=960, height_px=540).fx_px / lens.fx_px
        0.5
        """
        across, down = width_px / self.width_px, height_px / self.height_px
        return replace(
            self,
            width_px=width_px,
            height_px=height_px,
            fx_px=self.fx_px * across,
            cx_px=self.cx_px * across,
            fy_px=self.fy_px * down,
            cy_px=self.cy_px * down,
        )

    def turned(self, rotation_deg: int) -> Intrinsics:
        """Return the figures for the picture turned clockwise by a multiple of 90°."""
        if rotation_deg % 90:
            raise ValueError(f"expected quarter turns, got {rotation_deg}°")
        lens = self
        for _ in range(rotation_deg // 90 % 4):
            lens = Intrinsics(
                width_px=lens.height_px,
                height_px=lens.width_px,
                fx_px=lens.fy_px,
                fy_px=lens.fx_px,
                cx_px=lens.height_px - lens.cy_px,
                cy_px=lens.cx_px,
                k1=lens.k1,
                k2=lens.k2,
                p1=lens.p2,
                p2=-lens.p1,
            )
        return lens

    def undistorted_px(self, points_px: FloatArray) -> FloatArray:
        """(…, 2) where an ideal pinhole with square pixels would see what was filmed here.

        NaN stays NaN, and comes where the distortion has no inverse: far outside the picture.
        """
        flat = np.asarray(points_px, np.float64).reshape(-1, 2)
        result = np.full_like(flat, np.nan)
        seen = np.isfinite(flat).all(axis=1)
        if seen.any():
            rays = cv2.undistortPoints(
                flat[seen][:, None],
                self._matrix(),
                np.array(self.distortion),
                criteria=_ITERATIONS,
            )[:, 0]
            ideal = rays * self.focal_px + [self.cx_px, self.cy_px]
            missed_px = np.abs(self.distorted_px(ideal) - flat[seen]).max(axis=1)
            result[seen] = np.where(missed_px[:, None] < _ROUND_TRIP_PX, ideal, np.nan)
        return result.reshape(np.shape(points_px))

    def distorted_px(self, points_px: FloatArray) -> FloatArray:
        """(…, 2) where this camera sees what the ideal pinhole sees here; NaN stays NaN."""
        points = np.asarray(points_px, np.float64)
        x = (points[..., 0] - self.cx_px) / self.focal_px
        y = (points[..., 1] - self.cy_px) / self.focal_px
        square = x * x + y * y
        radial = 1.0 + square * (self.k1 + square * self.k2)
        across = x * radial + 2.0 * self.p1 * x * y + self.p2 * (square + 2.0 * x * x)
        down = y * radial + self.p1 * (square + 2.0 * y * y) + 2.0 * self.p2 * x * y
        return np.stack([across * self.fx_px + self.cx_px, down * self.fy_px + self.cy_px], axis=-1)

    def outline_px(self) -> FloatArray:
        """(N, 2) points along the edge of the picture, its corners among them."""
        steps = np.linspace(0.0, 1.0, 33)
        zero, one = np.zeros_like(steps), np.ones_like(steps)
        x = np.concatenate([steps, steps, zero, one])
        y = np.concatenate([zero, one, steps, steps])
        return np.stack([x * self.width_px, y * self.height_px], axis=-1)

    def largest_shift_px(self) -> float:
        """How far the distortion moves a point of the picture at most; NaN without an inverse."""
        outline = self.outline_px()
        return float(np.linalg.norm(self.undistorted_px(outline) - outline, axis=-1).max())

    def _matrix(self) -> FloatArray:
        return np.array(
            [[self.fx_px, 0.0, self.cx_px], [0.0, self.fy_px, self.cy_px], [0.0, 0.0, 1.0]]
        )


def typical_intrinsics(*, width_px: int, height_px: int) -> Intrinsics:
    """Return what to assume of a camera that was not calibrated: no distortion, a usual lens.

    >>> round(max(typical_intrinsics(width_px=720, height_px=1280).view_deg))
    65
    """
    focal_px = max(width_px, height_px) / 2.0
    focal_px /= math.tan(math.radians(TYPICAL_LONG_SIDE_VIEW_DEG / 2.0))
    return Intrinsics(
        width_px=width_px,
        height_px=height_px,
        fx_px=focal_px,
        fy_px=focal_px,
        cx_px=width_px / 2.0,
        cy_px=height_px / 2.0,
    )


def _view_deg(centre_px: float, size_px: int, focal_px: float) -> float:
    before, after = math.atan2(centre_px, focal_px), math.atan2(size_px - centre_px, focal_px)
    return math.degrees(before + after)
