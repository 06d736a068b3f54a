"""Landmarks as an ideal, level camera would have seen them. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rom.camera.intrinsics import Intrinsics, typical_intrinsics
from rom.landmarks import FloatArray, LandmarkSeries


@dataclass(frozen=True, kw_only=True)
class Straightening:
    """Takes the lens and the roll out of landmarks, and puts them back for drawing.

    The straightened picture is as large as it must be to hold all of the filmed one, so that what
    was in the picture stays in it. What was filmed outside never comes in: it counts as not seen.

    Attributes
    ----------
    intrinsics
        Of the frames that the landmarks were read from.
    roll_deg
        How far upright things lean clockwise in the picture; this is turned back about the
        optical axis. 0 for a level camera.
    name
        What provenance calls it.
    """

    intrinsics: Intrinsics
    roll_deg: float = 0.0
    name: str = "straightened"

    def straight(self, series: LandmarkSeries) -> LandmarkSeries:
        """Return the series with x and y as an ideal, level camera sees them.

        Depth of the face keeps its scale; the metric estimate is turned along.

        Raises
        ------
        ValueError
            The landmarks are of frames of another size.
        """
        if (series.width_px, series.height_px) != self._filmed_size_px:
            raise ValueError(
                f"expected landmarks of a picture of {self._filmed_size_px}, got"
                f" {(series.width_px, series.height_px)}"
            )
        width_px, height_px = self._straight_size_px()
        return replace(
            series,
            xy_px=self._straight_px(series.xy_px),
            world_m=_rolled_back(series.world_m, self.roll_deg),
            width_px=width_px,
            height_px=height_px,
            face_px=_with_xy(series.face_px, self._straight_px),
            hand_px=_with_xy(series.hand_px, self._straight_px),
        )

    def filmed(self, series: LandmarkSeries) -> LandmarkSeries:
        """Return a straightened series in the pixels that were filmed, to draw on them."""
        width_px, height_px = self._filmed_size_px
        return replace(
            series,
            xy_px=self._filmed_px(series.xy_px),
            world_m=_rolled_back(series.world_m, -self.roll_deg),
            width_px=width_px,
            height_px=height_px,
            face_px=_with_xy(series.face_px, self._filmed_px),
            hand_px=_with_xy(series.hand_px, self._filmed_px),
        )

    @property
    def _filmed_size_px(self) -> tuple[int, int]:
        return self.intrinsics.width_px, self.intrinsics.height_px

    def _straight_px(self, points_px: FloatArray) -> FloatArray:
        straight = self._level_px(points_px) - self._corner_px()
        hidden = _inside(straight, self._straight_size_px())
        hidden &= ~_inside(np.asarray(points_px), self._filmed_size_px)
        return np.where(hidden[..., None], np.nan, straight)

    def _filmed_px(self, points_px: FloatArray) -> FloatArray:
        centre_px = np.array([self.intrinsics.cx_px, self.intrinsics.cy_px])
        arms_px = np.asarray(points_px, np.float64) + self._corner_px() - centre_px
        filmed_arms_px = _rolled_back(arms_px, -self.roll_deg)
        return self.intrinsics.distorted_px(filmed_arms_px + centre_px)

    def _level_px(self, points_px: FloatArray) -> FloatArray:
        centre_px = np.array([self.intrinsics.cx_px, self.intrinsics.cy_px])
        ideal = self.intrinsics.undistorted_px(points_px)
        return np.asarray(_rolled_back(ideal - centre_px, self.roll_deg) + centre_px)

    def _corner_px(self) -> FloatArray:
        """Upper left corner of the straightened picture, from that of the filmed one."""
        outline = self._level_px(self.intrinsics.outline_px())
        return np.asarray(np.floor(outline.min(axis=0) + 1e-6))

    def _straight_size_px(self) -> tuple[int, int]:
        outline = self._level_px(self.intrinsics.outline_px()) - self._corner_px()
        width_px, height_px = np.ceil(outline.max(axis=0) - 1e-6)
        return int(width_px), int(height_px)


def undistort(series: LandmarkSeries, intrinsics: Intrinsics) -> LandmarkSeries:
    """Return the landmarks as an ideal pinhole camera sees them."""
    return Straightening(intrinsics=intrinsics).straight(series)


def level(series: LandmarkSeries, roll_deg: float) -> LandmarkSeries:
    """Return the landmarks as a level camera sees them, turned about the picture's middle.

    `roll_deg` is how far upright things lean clockwise in the picture.
    """
    lens = typical_intrinsics(width_px=series.width_px, height_px=series.height_px)
    return Straightening(intrinsics=lens, roll_deg=roll_deg).straight(series)


def _rolled_back(points: FloatArray, roll_deg: float) -> FloatArray:
    """(…, 2 or more) x and y turned anticlockwise on the screen (y down); the rest is kept."""
    cos, sin = math.cos(math.radians(roll_deg)), math.sin(math.radians(roll_deg))
    turned = np.array(points, np.float64)
    turned[..., 0] = cos * points[..., 0] + sin * points[..., 1]
    turned[..., 1] = cos * points[..., 1] - sin * points[..., 0]
    return turned


def _inside(points_px: FloatArray, size_px: tuple[int, int]) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return np.asarray(((points_px >= 0.0) & (points_px <= size_px)).all(axis=-1))


def _with_xy(
    points: NDArray[np.float32] | None, move: Callable[[FloatArray], FloatArray]
) -> NDArray[np.float32] | None:
    """Move x and y of points whose depth, if they have one, is kept; None stays None."""
    if points is None:
        return None
    moved = points.copy()
    moved[..., :2] = move(points[..., :2].astype(np.float64))
    return moved
