"""The angle at the end of the range, without the upward pull of noise or a filter's loss.

The maximum of a jittering angle reads high (by 9 degrees at a jitter of 5), the maximum of a
filtered one still does, and a heavier filter cuts a quick turn short. So the curve only says
*where* the end range is, and the seen frames there say how high it is.

Error of one peak (bias ± standard deviation, degrees) for 150 degree minimum-jerk strokes, by
stroke and hold, frame rate and white jitter; printed by `python tests/signal_builders.py`:

| stroke, hold | 15 Hz, 0° | 15 Hz, 2° | 30 Hz, 2° | 30 Hz, 5° | 60 Hz, 5° |
|---|---|---|---|---|---|
| 0.8 s, 0 s | +0.3 ± 0.1 | +0.4 ± 1.5 | +0.4 ± 1.0 | +0.6 ± 2.5 | +0.4 ± 1.7 |
| 0.8 s, 0.5 s | 0.0 ± 0.0 | +0.1 ± 0.7 | 0.0 ± 0.5 | +0.1 ± 1.3 | +0.1 ± 0.9 |
| 1.5 s, 0 s | +0.4 ± 0.0 | +0.3 ± 1.1 | +0.4 ± 0.7 | +0.4 ± 1.7 | +0.4 ± 1.3 |
| 1.5 s, 0.5 s | 0.0 ± 0.0 | +0.1 ± 0.7 | +0.1 ± 0.5 | +0.2 ± 1.3 | 0.0 ± 0.8 |
| 1.5 s, 2 s | 0.0 ± 0.0 | 0.0 ± 0.4 | 0.0 ± 0.3 | 0.0 ± 0.7 | 0.0 ± 0.4 |
| 3 s, 0 s | 0.0 ± 0.0 | 0.0 ± 0.9 | +0.1 ± 0.7 | +0.2 ± 1.5 | 0.0 ± 1.1 |
| 6 s, 0 s | -0.4 ± 0.0 | -0.4 ± 0.6 | -0.4 ± 0.4 | -0.5 ± 0.9 | -0.5 ± 0.7 |

A turn with a sharp corner (constant speed out and back) reads 1.7 low. The maximum of the raw
angle reads 9.7 high for 1.5 s and 0.5 s at 30 Hz and 5°, that of a 6 Hz low-pass 5.6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rom.kinematics.turning_points import Curve

FloatArray = NDArray[np.float64]

TOP_ZONE_FRAC = 0.05
MIN_HOLD_S = 0.2
MIN_HALF_ZONE_S = 0.15
MAX_FLANK_S = 0.5
EDGE_S = 0.25
MAX_EDGE_S = 0.5
MIN_EDGE_FRAMES = 5

_TIME_FRAC = np.linspace(0.0, 1.0, 201)
_WAY_FRAC = _TIME_FRAC**3 * (10.0 - 15.0 * _TIME_FRAC + 6.0 * _TIME_FRAC**2)


@dataclass(frozen=True)
class EndRange:
    """The top of one excursion.

    Attributes
    ----------
    peak_deg
        The end-range angle.
    peak_s
        Time of the seen frame nearest to the middle of the hold, or of the turn.
    zone_start_s, zone_end_s
        When the curve is within the top zone.
    """

    peak_deg: float
    peak_s: float
    zone_start_s: float
    zone_end_s: float


def peak_of(
    time_s: FloatArray,
    angle_deg: FloatArray,
    *,
    curve: Curve,
    top: int,
    base_deg: float,
) -> EndRange | None:
    """Estimate the end-range angle of one excursion.

    The top zone is where the smooth curve is within 5 % of the excursion's height of its top,
    deeper where its noise is larger. With a hold, the value is the mean of the seen frames of
    the zone without its flanks, whose length is inferred from how long the curve took to enter
    the zone (flanks of a minimum-jerk stroke); in a drifting hold, that of its higher end.
    Without one it is the middle of a parabola through the zone.

    Parameters
    ----------
    time_s, angle_deg
        Shape (T,); seconds, and degrees unfiltered, spikes removed, NaN where not seen.
    curve
        The same angle smoothed.
    top
        Sample number of the curve's top.
    base_deg
        Resting angle below it.

    Returns
    -------
    EndRange or None
        None where fewer than three frames of the zone were seen.
    """
    seen = np.isfinite(angle_deg)
    time, angle = time_s[seen], angle_deg[seen]
    peak_deg = _typical_top(curve, top, base_deg)
    for _ in range(3):  # from coarse to fine: the zone depends on the peak
        height_deg = max(peak_deg - base_deg, 1e-9)
        depth = float(np.clip(3.5 * curve.noise_deg / height_deg, TOP_ZONE_FRAC, 0.3))
        deeper = min(4 * depth, 0.7)
        zone = _crossings(curve, top, peak_deg - depth * height_deg)
        below = _crossings(curve, top, peak_deg - deeper * height_deg)
        flank = _flank_frac(depth, deeper)
        hold_start_s = zone[0] + min(flank * (zone[0] - below[0]), MAX_FLANK_S)
        hold_end_s = zone[1] - min(flank * (below[1] - zone[1]), MAX_FLANK_S)
        hold = (time >= hold_start_s) & (time <= hold_end_s)
        if hold_end_s - hold_start_s >= MIN_HOLD_S and hold.sum() >= 3:
            estimate_deg = _level_of_hold(time[hold], angle[hold])
            middle_s = 0.5 * (hold_start_s + hold_end_s)
        else:
            middle_s = 0.5 * (zone[0] + zone[1])
            half_s = max(0.5 * (zone[1] - zone[0]), MIN_HALF_ZONE_S)
            turn = np.abs(time - middle_s) <= half_s
            if turn.sum() < 3:
                return None
            estimate_deg = _middle_of_turn((time[turn] - middle_s) / half_s, angle[turn])
        peak_deg = estimate_deg
    nearest_s = float(time[np.argmin(np.abs(time - middle_s))])
    return EndRange(peak_deg, nearest_s, zone[0], zone[1])


def _typical_top(curve: Curve, top: int, base_deg: float) -> float:
    """Median of the upper 30 % of the excursion: a first guess that no bump can raise."""
    level_deg = 0.7 * float(curve.angle_deg[top]) + 0.3 * base_deg
    start_s, end_s = _crossings(curve, top, level_deg)
    inside = (curve.time_s >= start_s) & (curve.time_s <= end_s)
    return float(np.median(curve.angle_deg[inside]))


def _crossings(curve: Curve, top: int, level_deg: float) -> tuple[float, float]:
    """Last time below the level before the top, first time below it after; ends where none."""
    curve_s, curve_deg = curve.time_s, curve.angle_deg
    level_deg = min(level_deg, float(curve_deg[top]))
    before = np.flatnonzero(curve_deg[:top] < level_deg)
    after = np.flatnonzero(curve_deg[top + 1 :] < level_deg)
    start_s, end_s = float(curve_s[0]), float(curve_s[-1])
    if before.size:
        i = int(before[-1])
        start_s = _interpolated_time(curve_s, curve_deg, i, i + 1, level_deg)
    if after.size:
        i = top + 1 + int(after[0])
        end_s = _interpolated_time(curve_s, curve_deg, i, i - 1, level_deg)
    return start_s, end_s


def _interpolated_time(
    curve_s: FloatArray, curve_deg: FloatArray, below: int, above: int, level_deg: float
) -> float:
    part = (level_deg - curve_deg[below]) / (curve_deg[above] - curve_deg[below])
    return float(curve_s[below] + part * (curve_s[above] - curve_s[below]))


def _flank_frac(depth: float, deeper: float) -> float:
    """Time from `depth` below the end to the end, relative to that from `deeper` to `depth`.

    For a minimum-jerk stroke, less a fifth, because its last part is flat.
    """
    to_depth, to_deeper = np.interp([depth, deeper], _WAY_FRAC, _TIME_FRAC)
    return float(0.8 * to_depth / (to_deeper - to_depth))


def _level_of_hold(time_s: FloatArray, angle_deg: FloatArray) -> float:
    """Mean of a hold; in one that drifts beyond doubt, the line's value near its higher end."""
    mean_deg = float(angle_deg.mean())
    centred_s = time_s - time_s.mean()
    duration_s = float(np.ptp(time_s))
    if angle_deg.size < 8 or duration_s < 0.5:
        return mean_deg
    slope_deg_s = float(centred_s @ angle_deg / (centred_s @ centred_s))
    residual_deg = angle_deg - mean_deg - slope_deg_s * centred_s
    error_deg_s = float(residual_deg.std(ddof=2)) / float(np.sqrt(centred_s @ centred_s))
    drift_deg = abs(slope_deg_s) * duration_s
    if abs(slope_deg_s) < 3 * error_deg_s or drift_deg < 1.0:
        return mean_deg
    return mean_deg + 0.4 * drift_deg


def _middle_of_turn(position: FloatArray, angle_deg: FloatArray) -> float:
    """Value at 0 of a parabola through angles at positions from -1 to 1; of a mean if too few."""
    if angle_deg.size < 4 or not (position.min() < -0.3 and position.max() > 0.3):
        return float(angle_deg.mean())
    return float(np.polynomial.polynomial.polyfit(position, angle_deg, 2)[0])


def reading_at(time_s: FloatArray, angle_deg: FloatArray, at_s: float) -> float | None:
    """The angle where somebody set the end of the movement, degrees.

    The middle of a parabola through the seen frames about that time, as in a turn without a hold.

    Parameters
    ----------
    time_s, angle_deg
        Shape (T,); as for `peak_of`.

    Returns
    -------
    float or None
        None where fewer than three frames about it were seen.
    """
    near = np.isfinite(angle_deg) & (np.abs(time_s - at_s) <= MIN_HALF_ZONE_S)
    if near.sum() < 3:
        return None
    return _middle_of_turn((time_s[near] - at_s) / MIN_HALF_ZONE_S, angle_deg[near])


def hides_peak(
    time_s: FloatArray,
    angle_deg: FloatArray,
    *,
    end_range: EndRange,
    max_gap_s: float,
    tolerance_deg: float,
) -> bool:
    """Say whether the true peak may lie in a gap.

    It may where more than half of the top zone lies in gaps longer than `max_gap_s`, or where a
    cubic that continues the angles and slopes at the edges of one bulges above the peak by more
    than the tolerance.

    Parameters
    ----------
    time_s, angle_deg
        Shape (T,); as for `peak_of`.
    """
    seen = np.isfinite(angle_deg)
    time, angle = time_s[seen], angle_deg[seen]
    unseen_s = 0.0
    for before in np.flatnonzero(np.diff(time) > max_gap_s + 1e-6):
        start_s, end_s = time[before], time[before + 1]
        overlap_s = min(end_s, end_range.zone_end_s) - max(start_s, end_range.zone_start_s)
        if overlap_s <= 0.0:
            continue
        unseen_s += overlap_s
        highest_deg = _highest_between(time, angle, start_s, end_s, end_range.peak_deg)
        if not highest_deg <= end_range.peak_deg + tolerance_deg:
            return True
    return bool(unseen_s > 0.5 * (end_range.zone_end_s - end_range.zone_start_s))


def _highest_between(
    time_s: FloatArray, angle_deg: FloatArray, start_s: float, end_s: float, peak_deg: float
) -> float:
    """Top of the cubic that continues both edges of a gap; NaN where an edge is too short.

    An edge above the peak is jitter: its frames were seen and have their say in the peak.
    """
    from scipy.interpolate import CubicHermiteSpline

    before, after = time_s <= start_s, time_s >= end_s
    left = _edge_of_gap(time_s[before][::-1], angle_deg[before][::-1])
    right = _edge_of_gap(time_s[after], angle_deg[after])
    if left is None or right is None:
        return float("nan")
    edges_deg = [min(left[0], peak_deg), min(right[0], peak_deg)]
    slopes_deg_s = [left[1], right[1]]
    cubic = CubicHermiteSpline([start_s, end_s], edges_deg, slopes_deg_s)
    return float(cubic(np.linspace(start_s, end_s, 21)).max())


def _edge_of_gap(time_s: FloatArray, angle_deg: FloatArray) -> tuple[float, float] | None:
    """Angle and slope at the first of the frames, from a line; None where too few are near."""
    away_s = np.abs(time_s - time_s[0])
    count = max(int((away_s <= EDGE_S).sum()), MIN_EDGE_FRAMES)
    if count > time_s.size or away_s[count - 1] > MAX_EDGE_S:
        return None
    line = np.polynomial.polynomial.polyfit(time_s[:count] - time_s[0], angle_deg[:count], 1)
    return float(line[0]), float(line[1])
