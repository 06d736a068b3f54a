"""How fast strokes were: against those of another set, and sudden actions within one.

Peak speeds and pauses of each stroke come with the repetitions (`strokes`, `smoothness`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rom.kinematics.filtering import ANGLE_CUTOFF_HZ, SPEED_CUTOFF_HZ, fill_gaps, low_pass
from rom.kinematics.repetitions import Repetition
from rom.landmarks import BoolArray, FloatArray

MIN_ACTION_RATE_HZ = 24.0
"""At fewer frames a second a sudden action is as short as one wrong frame."""
MIN_ACTION_S, MAX_ACTION_S = 0.06, 0.25
START_S = 0.15
"""A stroke may start as briskly as it likes; this long after its onset nothing is sudden."""
MAX_STEP_SHARE = 0.5
"""A limb that goes somewhere within 0.13 to 0.25 s makes at most half of the way in one frame of
1/30 s; a landmark that jumps makes 0.62 of it even after neighbouring frames were averaged."""
MAX_LENGTH_CHANGE = 0.2
"""A real limb keeps its length in the picture but for jitter and for leaving the plane a little."""
GRID_HZ = 120.0
MINIMUM_JERK_SHARE = 0.706
"""Speed that a minimum-jerk stroke stays below for 60 % of its time, of its peak speed."""


@dataclass(frozen=True)
class SuddenAction:
    """A burst of speed within a stroke; `ratio` is its peak against the usual peak speed."""

    start_s: float
    end_s: float
    ratio: float


def amplitude_deg(repetition: Repetition) -> float:
    """How far a repetition goes from its own start."""
    return repetition.peak_deg - repetition.start_deg


def stroke_s(repetition: Repetition) -> float:
    """How long the outward stroke takes, pauses included."""
    return repetition.stroke_end_s - repetition.onset_s


def speed_ratio(repetition: Repetition, reference: Sequence[Repetition]) -> float | None:
    """Peak speed of a stroke against the median one of a reference set, 1 for as fast.

    A smaller movement done in the same time is slower without being done slowly. So where the
    repetition goes less far than the reference, both speeds are taken in parts of their own range
    per second, if that brings the ratio nearer to 1. None where a speed was not seen.
    """
    speeds = [r.peak_velocity_deg_s for r in reference if r.peak_velocity_deg_s is not None]
    if repetition.peak_velocity_deg_s is None or not speeds:
        return None
    usual_deg_s = float(np.median(speeds))
    usual_deg = float(np.median([amplitude_deg(r) for r in reference]))
    if usual_deg_s <= 0.0 or usual_deg <= 0.0 or amplitude_deg(repetition) <= 0.0:
        return None
    ratio = repetition.peak_velocity_deg_s / usual_deg_s
    reach_frac = min(1.0, amplitude_deg(repetition) / usual_deg)
    return max(ratio, min(1.0, ratio / reach_frac))


def usual_peak_speed(
    time_s: FloatArray, angle_deg: FloatArray, *, onset_s: float, stroke_end_s: float
) -> float | None:
    """Peak speed, degrees per second, that a stroke has without a burst in it; None where unknown.

    From the speed that 60 % of the stroke stay below, which no short burst touches. In a
    minimum-jerk stroke the peak is 1 / 0.706 of it.
    """
    course = _speed_deg_s(time_s, angle_deg, onset_s, stroke_end_s, SPEED_CUTOFF_HZ)
    if course is None:
        return None
    return float(np.percentile(np.abs(course[1]), 60)) / MINIMUM_JERK_SHARE


def find_sudden_actions(
    time_s: FloatArray,
    angle_deg: FloatArray,
    segment_px: FloatArray,
    *,
    onset_s: float,
    stroke_end_s: float,
    usual_speed_deg_s: float,
    min_ratio: float = 2.0,
) -> tuple[SuddenAction, ...] | None:
    """Find bursts faster than `min_ratio` times the usual peak speed within one outward stroke.

    Bursts in which a landmark jumps are tracking errors and are left out: a frame is missing, one
    frame makes most of the way, or the moving segment changes its length.

    Parameters
    ----------
    time_s
        (T,) seconds.
    angle_deg
        (T,) the raw reading in the direction of the movement, spikes included; NaN where not seen.
    segment_px
        (T,) length of the moving segment in the picture; NaN where unknown.
    usual_speed_deg_s
        Median of `usual_peak_speed` over the set's strokes.

    Returns
    -------
    tuple of SuddenAction or None
        None where nothing can be said: too few frames a second, or not seen throughout.
    """
    near = (time_s >= onset_s - 0.3) & (time_s <= stroke_end_s + 0.3)
    if near.sum() < 8 or not np.median(np.diff(time_s[near])) * MIN_ACTION_RATE_HZ <= 1.05:
        return None
    course = _speed_deg_s(time_s, angle_deg, onset_s, stroke_end_s, ANGLE_CUTOFF_HZ)
    if course is None or usual_speed_deg_s <= 0.0:
        return None
    grid_s, speed_deg_s = course
    ratio = np.abs(speed_deg_s) / usual_speed_deg_s
    found = []
    for first, last in _runs(ratio > min_ratio):
        start_s, end_s = float(grid_s[first]), float(grid_s[last])
        if not MIN_ACTION_S <= end_s - start_s <= MAX_ACTION_S or start_s < onset_s + START_S:
            continue
        if not _is_jump(time_s, angle_deg, segment_px, start_s, end_s):
            found.append(SuddenAction(start_s, end_s, float(ratio[first : last + 1].max())))
    return tuple(found)


def _speed_deg_s(
    time_s: FloatArray, angle_deg: FloatArray, onset_s: float, stroke_end_s: float, cutoff_hz: float
) -> tuple[FloatArray, FloatArray] | None:
    """Times and speeds of a stroke on a fine grid; None where it was not seen throughout."""
    from scipy.interpolate import CubicSpline

    near = (time_s >= onset_s - 0.3) & (time_s <= stroke_end_s + 0.3)
    time, filled = time_s[near], fill_gaps(time_s[near], angle_deg[near])
    inside = (time >= onset_s) & (time <= stroke_end_s)
    known = np.isfinite(filled)
    grid_s = np.arange(onset_s, stroke_end_s, 1.0 / GRID_HZ)
    if known.sum() < 8 or not known[inside].all() or len(grid_s) < 2:
        return None
    smooth = low_pass(time, filled, cutoff_hz=cutoff_hz)
    return grid_s, CubicSpline(time[known], smooth[known])(grid_s, 1)


def _runs(flags: BoolArray) -> list[tuple[int, int]]:
    """First and last index of every run of true flags."""
    padded = np.concatenate(([False], flags, [False]))
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return [(int(first), int(end) - 1) for first, end in edges.reshape(-1, 2)]


def _is_jump(
    time_s: FloatArray, angle_deg: FloatArray, segment_px: FloatArray, start_s: float, end_s: float
) -> bool:
    step_s = float(np.median(np.diff(time_s)))
    around = (time_s >= start_s - 1.5 * step_s) & (time_s <= end_s + 1.5 * step_s)
    way_deg = angle_deg[around]
    if len(way_deg) < 4 or not np.isfinite(way_deg).all():
        return True
    travel_deg = float(np.ptp(way_deg))
    if float(np.abs(np.diff(way_deg)).max()) > MAX_STEP_SHARE * travel_deg:
        return True
    length = segment_px[around]
    length = length[np.isfinite(length)]
    return bool(len(length) and np.ptp(length) > MAX_LENGTH_CHANGE * np.median(length))
