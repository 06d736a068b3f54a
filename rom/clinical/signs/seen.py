"""What of a set can be judged by: which frames show what is needed, and from where."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from rom.kinematics.compensations import Observation
from rom.kinematics.orientation import Orientation
from rom.kinematics.repetitions import Repetition
from rom.landmarks import BoolArray, FloatArray, LandmarkSeries, Side
from rom.movements import Movement
from rom.quality.view import off_plane_deg
from rom.quality.visibility import inside_picture

SURE_VISIBILITY = 0.6
"""Landmarks of the moving side below this are not judged by (`P10_compensation`)."""
SEEN_FRAC = 0.6
"""Less of a stroke than this tells nothing about what else moved."""


class TracedSet(Protocol):
    """What a set of repetitions has to bring, as `rom.trace.Trace` does."""

    @property
    def movement(self) -> Movement: ...
    @property
    def side(self) -> Side | None: ...
    @property
    def series(self) -> LandmarkSeries: ...
    @property
    def body(self) -> Orientation: ...
    @property
    def angle_deg(self) -> FloatArray: ...
    @property
    def usable(self) -> BoolArray: ...
    @property
    def repetitions(self) -> tuple[Repetition, ...]: ...
    @property
    def resting(self) -> BoolArray: ...


def observe(performed: TracedSet) -> Observation:
    """The set as the measures of compensations see it."""
    return Observation(
        series=performed.series,
        side=performed.side or performed.body.camera_side,
        body=performed.body,
        resting=performed.resting & performed.usable,
    )


def frames_between(performed: TracedSet, start_s: float, end_s: float) -> BoolArray:
    """(T,) frames from one time to another."""
    time_s = performed.series.time_s
    return np.asarray((time_s >= start_s) & (time_s <= end_s))


def frames_showing(
    performed: TracedSet, own: list[int], both: list[int] | None = None
) -> BoolArray:
    """(T,) usable frames that show these landmarks: own surely, both at least in the picture."""
    series = performed.series
    sure = (series.visibility[:, own] >= SURE_VISIBILITY).all(axis=1)
    return np.asarray(sure & performed.usable & inside_picture(series, [*own, *(both or [])]))


def wrong_view(performed: TracedSet, limits_deg: tuple[float, float]) -> str | None:
    """Why the view does not show a sign, in words for the user; None where it does."""
    off_deg = off_plane_deg(performed.movement, performed.body)
    low_deg, high_deg = limits_deg
    if np.isnan(off_deg):
        return "You were not seen well enough to tell from where you are filmed."
    if off_deg > high_deg:
        return f"The camera is more than {high_deg:.0f}° off the plane of the movement."
    if off_deg < low_deg:
        return f"It only shows when you are turned by {low_deg:.0f}° or more."
    return None
