"""Clean one angle over time: spikes out, short gaps filled, zero-phase low-pass.

Every setting is in seconds or hertz, so that 15 and 240 frames per second, and the variable
rate of a phone, give the same answer. NaN stays NaN except where `fill_gaps` says otherwise.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from rom.errors import InputError, UsageError

FloatArray = NDArray[np.float64]

MAX_GAP_S = 0.2
"""The longest gap that may be filled: during it a limb cannot go out and come back."""

ANGLE_CUTOFF_HZ = 6.0
"""Cut-off for an angle that is shown or exported.

What a second-order zero-phase filter takes off the peak of a 150 degree minimum-jerk cycle
without a hold (degrees; strokes of 0.8 s and 1.5 s, both ways): 3 Hz 0.5 and 0.1, 4 Hz 0.2 and
0.0, 6 Hz below 0.1. End-range values are not taken from a filtered curve at all, see `end_range`.
"""

SPEED_CUTOFF_HZ = 3.0
"""Cut-off before differentiating: at 2 degrees of jitter more makes the speed mostly noise."""

_TIME_TOLERANCE_S = 1e-6
_PASSES_CORRECTION = 0.802  # (sqrt(2) - 1) ** 0.25: two second-order passes meet at -3 dB


def check_series(time_s: FloatArray, angle_deg: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return both as float64 copies of shape (T,); infinite angles become NaN (not seen).

    Raises
    ------
    InputError
        If the shapes differ or the times are not finite and strictly increasing.
    """
    time = np.array(time_s, dtype=np.float64)
    angle = np.array(angle_deg, dtype=np.float64)
    if time.ndim != 1 or time.shape != angle.shape:
        raise InputError(
            f"expected one angle per frame time, got {angle.shape} angles for {time.shape} times; "
            "pass two arrays of the same length"
        )
    steps = np.diff(time)
    if not np.isfinite(time).all() or (steps <= 0.0).any():
        wrong = int(np.argmin(np.isfinite(time[1:]) & (steps > 0.0))) + 1 if time.size > 1 else 0
        raise InputError(
            f"expected frame times that increase, got {time[wrong]} s at frame {wrong}; "
            "convert the video again or drop that frame"
        )
    angle[~np.isfinite(angle)] = np.nan
    return time, angle


def find_seen_segments(time_s: FloatArray, angle_deg: FloatArray) -> list[slice]:
    """Return the runs of seen frames, in order; NaN and more than 0.2 s without frames end one."""
    seen = np.flatnonzero(np.isfinite(angle_deg))
    apart = (np.diff(seen) > 1) | (np.diff(time_s[seen]) > MAX_GAP_S + _TIME_TOLERANCE_S)
    runs = np.split(seen, np.flatnonzero(apart) + 1)
    return [slice(int(run[0]), int(run[-1]) + 1) for run in runs if run.size]


def mark_missing_frames(
    time_s: FloatArray, angle_deg: FloatArray, *, max_step_s: float
) -> tuple[FloatArray, FloatArray]:
    """Insert unseen frames (NaN) where no frame came for longer than `max_step_s`.

    A camera that stalls, or a file whose bad frames were dropped, leaves nothing behind but a
    longer step in time; the frames of a slow but steady camera are left alone.
    """
    time, angle = check_series(time_s, angle_deg)
    if time.size < 2:
        return time, angle
    steps_s = np.diff(time)
    max_step_s = max(max_step_s, 1.5 * float(np.median(steps_s)))
    pieces = np.ceil((steps_s - _TIME_TOLERANCE_S) / max_step_s).astype(int)
    added = [
        time[i] + steps_s[i] * np.arange(1, pieces[i]) / pieces[i]
        for i in np.flatnonzero(pieces > 1)
    ]
    all_s = np.concatenate([time, *added])
    all_deg = np.concatenate([angle, *(np.full(new.size, np.nan) for new in added)])
    order = np.argsort(all_s, kind="stable")
    return all_s[order], all_deg[order]


def fill_gaps(
    time_s: FloatArray, angle_deg: FloatArray, *, max_gap_s: float = MAX_GAP_S
) -> FloatArray:
    """Fill short gaps by monotone cubic interpolation, which never exceeds the two edges.

    A gap lasts from the last seen frame to the next seen one. Longer gaps, and what is missing
    before the first or after the last seen frame, stay NaN as a whole.

    Parameters
    ----------
    time_s, angle_deg
        Shape (T,); seconds, and degrees with NaN where the angle was not seen.
    max_gap_s
        Longest gap to fill, seconds.

    Raises
    ------
    InputError
        See `check_series`.
    """
    time, angle = check_series(time_s, angle_deg)
    seen = np.flatnonzero(np.isfinite(angle))
    if seen.size < 2:
        return angle
    before = np.searchsorted(seen, np.arange(time.size), side="right") - 1
    inside = (before >= 0) & (before < seen.size - 1) & ~np.isfinite(angle)
    gap_s = np.diff(time[seen])
    fill = np.flatnonzero(inside)
    fill = fill[gap_s[before[fill]] <= max_gap_s + _TIME_TOLERANCE_S]
    if fill.size:
        angle[fill] = _interpolate(time[seen], angle[seen], time[fill])
    return angle


def remove_outliers(
    time_s: FloatArray,
    angle_deg: FloatArray,
    *,
    window_s: float = 0.35,
    max_deviations: float = 4.0,
    min_deviation_deg: float = 6.0,
) -> FloatArray:
    """Turn spikes into NaN: a Hampel filter whose window is in seconds.

    A frame goes when it lies further from the median of its window than `max_deviations`
    standard deviations (1.4826 times the median absolute deviation, of this window or of the
    typical one, whichever is larger) and than `min_deviation_deg`. The window is levelled first,
    so that a fast movement stays and a spike on its flank goes. A frame with fewer than two
    others seen within a whole window of it cannot be judged and goes too.

    Parameters
    ----------
    time_s, angle_deg
        Shape (T,); seconds, and degrees with NaN where the angle was not seen.
    window_s
        Full width of the window, seconds; widened to five frames where these last longer.
    max_deviations, min_deviation_deg
        Both limits must be exceeded.

    Raises
    ------
    InputError
        See `check_series`.
    """
    time, angle = check_series(time_s, angle_deg)
    typical_step_s = float(np.median(np.diff(time))) if time.size > 1 else window_s
    half_s = max(window_s / 2, 2 * typical_step_s) + _TIME_TOLERANCE_S
    suspects = np.isfinite(angle)
    lone = _count_within(time[suspects], time, 2 * half_s) < 3
    typical_deg: float | None = None
    for _ in range(3):  # the first frames of a burst of spikes hide the others
        centre, spread = _windowed_median_and_spread(time, angle, suspects, half_s)
        if not centre.size:
            break
        typical_deg = float(np.median(spread)) if typical_deg is None else typical_deg
        limit = np.maximum(max_deviations * np.maximum(spread, typical_deg), min_deviation_deg)
        spike = (np.abs(angle[suspects] - centre) > limit) | lone[suspects]
        removed_s = time[suspects][spike]
        angle[np.flatnonzero(suspects)[spike]] = np.nan
        suspects = np.isfinite(angle) & (_count_within(removed_s, time, half_s) > 0)
    return angle


def _count_within(events_s: FloatArray, time_s: FloatArray, reach_s: float) -> NDArray[np.intp]:
    """How many of the events, sorted, lie within reach of each time."""
    first = np.searchsorted(events_s, time_s - reach_s, side="left")
    return np.searchsorted(events_s, time_s + reach_s, side="right") - first


def _windowed_median_and_spread(
    time_s: FloatArray, angle_deg: FloatArray, where: NDArray[np.bool_], half_s: float
) -> tuple[FloatArray, FloatArray]:
    """Median and robust standard deviation of the seen frames around each of some frames.

    Each window is levelled by the median slope between neighbours, which one spike (up and down)
    leaves alone.
    """
    seen = np.isfinite(angle_deg)
    time, angle, centre_s = time_s[seen], angle_deg[seen], time_s[where]
    first = np.searchsorted(time, centre_s - half_s, side="left")
    last = np.searchsorted(time, centre_s + half_s, side="right")
    centre, spread = np.empty(centre_s.size), np.empty(centre_s.size)
    slope_deg_s = np.append(np.diff(angle) / np.diff(time), np.nan)
    offsets = np.arange((last - first).max(initial=1))
    chunk = max(1, 1_000_000 // offsets.size)  # bounds memory at 240 frames per second
    for start in range(0, centre_s.size, chunk):
        rows = slice(start, start + chunk)
        index = first[rows, None] + offsets
        inside, before_last = index < last[rows, None], index < last[rows, None] - 1
        index = np.minimum(index, time.size - 1)
        trend_deg_s = _row_median(np.where(before_last, slope_deg_s[index], np.nan))
        trend_deg = trend_deg_s[:, None] * (time[index] - centre_s[rows, None])
        window = np.where(inside, angle[index] - trend_deg, np.nan)
        centre[rows] = _row_median(window)
        spread[rows] = 1.4826 * _row_median(np.abs(window - centre[rows, None]))
    return centre, spread


def _row_median(rows: FloatArray) -> FloatArray:
    """Median of each row without its NaN, 0 where none is left; faster than `numpy.nanmedian`."""
    ordered = np.sort(np.nan_to_num(rows, nan=np.inf), axis=1)
    count = np.isfinite(rows).sum(axis=1)
    ordered[count == 0] = 0.0
    row = np.arange(rows.shape[0])
    median: FloatArray = 0.5 * (ordered[row, (count - 1) // 2] + ordered[row, count // 2])
    return median


def low_pass(time_s: FloatArray, angle_deg: FloatArray, *, cutoff_hz: float) -> FloatArray:
    """Filter with a second-order Butterworth run forwards and backwards (no delay).

    The cut-off (-3 dB) holds for both passes together. Each run of seen frames is filtered on
    its own, on a uniform grid that contains the frames of a constant rate, and read back at the
    frame times, so that a variable rate is no special case. A run of fewer than four frames is
    returned as it is. Fill short gaps first: a run cannot be smoothed across a missing frame.

    Parameters
    ----------
    time_s, angle_deg
        Shape (T,); seconds, and degrees with NaN where the angle was not seen.
    cutoff_hz
        Hertz. At or above half the frame rate only the interpolation remains.

    Returns
    -------
    FloatArray
        Shape (T,), NaN exactly where the input is.

    Raises
    ------
    InputError
        See `check_series`.
    UsageError
        If the cut-off is not positive.
    """
    if not cutoff_hz > 0.0:
        raise UsageError(f"expected a cut-off above 0 Hz, got {cutoff_hz}; pass for example 6")
    time, angle = check_series(time_s, angle_deg)
    for segment in find_seen_segments(time, angle):
        if segment.stop - segment.start >= 4:
            angle[segment] = _low_pass_segment(time[segment], angle[segment], cutoff_hz)
    return angle


def _low_pass_segment(time_s: FloatArray, angle_deg: FloatArray, cutoff_hz: float) -> FloatArray:
    duration_s = time_s[-1] - time_s[0]
    frame_s = float(np.median(np.diff(time_s)))
    frames = max(1, round(duration_s / frame_s))
    steps = frames * max(1, int(np.ceil(8 * cutoff_hz * duration_s / frames)))
    grid_s = np.linspace(time_s[0], time_s[-1], steps + 1)
    on_grid = _interpolate(time_s, angle_deg, grid_s)
    smooth = _filter_both_ways(on_grid, rate_hz=steps / duration_s, cutoff_hz=cutoff_hz)
    at_frames = slice(None, None, steps // frames)
    if frames == len(time_s) - 1 and np.allclose(grid_s[at_frames], time_s, rtol=0.0, atol=1e-9):
        return smooth[at_frames]
    return _interpolate(grid_s, smooth, time_s)


def _interpolate(time_s: FloatArray, values: FloatArray, at_s: FloatArray) -> FloatArray:
    from scipy.interpolate import PchipInterpolator

    with np.errstate(over="ignore"):  # slopes that underflow
        return np.asarray(PchipInterpolator(time_s, values)(at_s), dtype=np.float64)


def _filter_both_ways(values: FloatArray, *, rate_hz: float, cutoff_hz: float) -> FloatArray:
    from scipy.signal import sosfilt, sosfilt_zi

    corrected_hz = cutoff_hz / _PASSES_CORRECTION
    sections = _sections(round(corrected_hz / (rate_hz / 2), 9))
    pad = min(values.size - 1, int(np.ceil(2 * rate_hz / cutoff_hz)))
    extended = _extend(values, pad=pad, fit=max(2, round(rate_hz / cutoff_hz)))
    rest = sosfilt_zi(sections)
    forward, _ = sosfilt(sections, extended, zi=rest * extended[0])
    backward, _ = sosfilt(sections, forward[::-1], zi=rest * forward[-1])
    return np.asarray(backward[::-1][pad : pad + values.size], dtype=np.float64)


@cache
def _sections(cutoff_of_nyquist: float) -> FloatArray:
    """Second-order sections of the filter; designing it takes longer than applying it."""
    from scipy.signal import butter

    return np.asarray(butter(2, cutoff_of_nyquist, output="sos"), dtype=np.float64)


def _extend(values: FloatArray, *, pad: int, fit: int) -> FloatArray:
    """Reflect both ends through a fitted point; through the last frame would keep its jitter."""
    head = _fitted_end(values[:fit][::-1])
    tail = _fitted_end(values[-fit:])
    return np.concatenate(
        (2 * head - values[pad:0:-1], values, 2 * tail - values[-2 : -pad - 2 : -1])
    )


def _fitted_end(values: FloatArray) -> float:
    """Value of a straight line through `values` at their last position."""
    position = np.arange(values.size, dtype=np.float64)
    position -= position.mean()
    slope = float(position @ values) / float(position @ position)
    return float(values.mean() + slope * position[-1])
