"""Plane geometry in pixel coordinates, x to the right and y down."""

from __future__ import annotations

import numpy as np

from rom.landmarks import FloatArray

UP = np.array([0.0, -1.0])
DOWN = np.array([0.0, 1.0])


def turn_deg(start: FloatArray, end: FloatArray) -> FloatArray:
    """Angle through which `start` has to turn to point along `end`.

    Parameters
    ----------
    start, end
        (..., 2) vectors in pixels; their lengths do not matter.

    Returns
    -------
    (...) degrees in (-180, 180], positive clockwise as seen on the screen. NaN where a vector is
    NaN or has no length. Computed with `atan2`, which stays exact for straight limbs.

    >>> float(turn_deg(np.array([1.0, 0.0]), np.array([0.0, 1.0])))
    90.0
    """
    start, end = np.broadcast_arrays(start, end)
    cross = start[..., 0] * end[..., 1] - start[..., 1] * end[..., 0]
    dot = start[..., 0] * end[..., 0] + start[..., 1] * end[..., 1]
    without_length = (np.hypot(*np.moveaxis(start, -1, 0)) == 0.0) | (
        np.hypot(*np.moveaxis(end, -1, 0)) == 0.0
    )
    angle: FloatArray = np.where(without_length, np.nan, np.degrees(np.arctan2(cross, dot)))
    return angle


def wrap_deg(angle_deg: FloatArray, *, lowest_deg: float) -> FloatArray:
    """Bring angles into [lowest_deg, lowest_deg + 360).

    A joint's range never spans a full turn, so one cut that lies outside of it keeps the reading
    continuous: an arm raised past the vertical reads 185°, not -175°.

    >>> float(wrap_deg(np.array(-175.0), lowest_deg=-90.0))
    185.0
    """
    wrapped: FloatArray = np.mod(angle_deg - lowest_deg, 360.0) + lowest_deg
    return wrapped


def turned(vector: FloatArray, angle_deg: FloatArray) -> FloatArray:
    """Turn (..., 2) vectors by (...) degrees, positive clockwise as seen on the screen."""
    cosine, sine = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    x, y = vector[..., 0], vector[..., 1]
    return np.stack([cosine * x - sine * y, sine * x + cosine * y], axis=-1)


def length_px(vector: FloatArray) -> FloatArray:
    """(...) length of (..., 2) vectors."""
    length: FloatArray = np.hypot(vector[..., 0], vector[..., 1])
    return length


def perpendicular_towards(line: FloatArray, direction: FloatArray) -> FloatArray:
    """The perpendicular of (..., 2) `line` that points the same way as `direction`."""
    candidate = np.stack([-line[..., 1], line[..., 0]], axis=-1)
    agreement = (candidate * direction).sum(axis=-1, keepdims=True)
    return np.where(agreement < 0.0, -candidate, candidate)
