"""One excursion's strokes: when they start and end, how fast and how smooth the outward one is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rom.kinematics.clean_angle import CleanAngle
from rom.kinematics.smoothness import Pause, compute_peak_speed, find_pauses, sparc
from rom.kinematics.turning_points import Curve, Excursion

FloatArray = NDArray[np.float64]

STROKE_RATE_HZ = 120.0
SPARC_RATE_HZ = 30.0
MIN_STROKE_FRAMES = 5
MIN_PAUSE_AMPLITUDE_DEG = 60.0
MAX_PAUSE_JITTER_DEG = 2.0
"""Smaller or noisier strokes show false pauses and hide true ones (simulation)."""


@dataclass(frozen=True)
class StrokeTimes:
    """Seconds of the recording; `rest_deg` is the level of the curve before the onset."""

    onset_s: float
    stroke_end_s: float
    offset_s: float
    rest_deg: float


@dataclass(frozen=True)
class OutwardStroke:
    """What was seen of the way out; None where it cannot be said."""

    peak_velocity_deg_s: float | None
    sparc: float | None
    pauses: tuple[Pause, ...]
    pauses_evaluated: bool
    seen_frames: int
    missing_frac: float


def find_stroke_times(curve: Curve, excursion: Excursion) -> StrokeTimes:
    """Find when the outward stroke starts and ends and when the return ends.

    All three are the same question: when does the curve leave a level for the last time? The
    end of the return asks it backwards in time, the end of the outward stroke also upside down.
    """
    forward_s, forward_deg = curve.time_s, curve.angle_deg
    backward_s, backward_deg = -forward_s[::-1], forward_deg[::-1]
    last = forward_s.size - 1
    start, top, end = excursion.start, excursion.top, excursion.end
    noise_deg = curve.noise_deg
    onset_s, rest_deg = _find_departure(forward_s, forward_deg, start, top, noise_deg)
    offset_s, _ = _find_departure(backward_s, backward_deg, last - end, last - top, noise_deg)
    stroke_end_s, _ = _find_departure(
        backward_s, -backward_deg, last - top, last - start, noise_deg
    )
    return StrokeTimes(onset_s, -stroke_end_s, -offset_s, rest_deg)


def _find_departure(
    time_s: FloatArray, angle_deg: FloatArray, rest: int, top: int, noise_deg: float
) -> tuple[float, float]:
    """When the curve leaves the level that it rests at, and that level.

    From the last time within 5 % of the height (or twice the noise) of the rest, back to where
    the speed falls below 5 % of its peak.
    """
    time, angle = time_s[rest : top + 1], angle_deg[rest : top + 1]
    if angle.size < 2:
        return float(time[0]), float(angle[0])
    height_deg = angle[-1] - angle[0]
    low = np.flatnonzero(angle <= angle[0] + max(0.1 * height_deg, 4 * noise_deg))
    rest_deg = float(np.median(angle[: low[-1] + 1]))
    height_deg = angle[-1] - rest_deg
    i = int(np.flatnonzero(angle <= rest_deg + max(0.05 * height_deg, 2 * noise_deg))[-1])
    rise_deg = np.diff(angle)
    quiet_deg = 0.05 * rise_deg.max()
    while i > 0 and rise_deg[i - 1] > quiet_deg:
        i -= 1
    return float(time[i]), rest_deg


def compute_start_level(angle: CleanAngle, *, times: StrokeTimes, height_deg: float) -> float:
    """Return the median of the seen frames at rest in the last second before the onset.

    Frames away from the rest (an earlier return, the other direction) are left out. Where fewer
    than three remain it is the level of the curve.
    """
    tolerance_deg = max(0.05 * height_deg, 3 * angle.jitter_deg)
    recent = (angle.time_s >= times.onset_s - 1.0) & (angle.time_s <= times.onset_s)
    resting = recent & (np.abs(angle.seen_deg - times.rest_deg) <= tolerance_deg)
    if resting.sum() < 3:
        return times.rest_deg
    return float(np.median(angle.seen_deg[resting]))


def describe_outward_stroke(angle: CleanAngle, *, start_s: float, end_s: float) -> OutwardStroke:
    """Measure speed, smoothness and pauses of one outward stroke.

    Speed is the derivative of a cubic spline through the 3 Hz filtered angle. With more than
    0.2 s not seen, or fewer than five seen frames, nothing is said about it.
    """
    from scipy.interpolate import CubicSpline

    inside = (angle.time_s >= start_s) & (angle.time_s <= end_s)
    seen = int(np.isfinite(angle.seen_deg[inside]).sum())
    missing_frac = 1.0 - seen / max(int(inside.sum()), 1)
    near = (angle.time_s >= start_s - 0.2) & (angle.time_s <= end_s + 0.2)
    known = near & np.isfinite(angle.speed_ready_deg)
    if seen < MIN_STROKE_FRAMES or not (known | ~inside).all():
        return OutwardStroke(None, None, (), False, seen, missing_frac)
    spline = CubicSpline(angle.time_s[known], angle.speed_ready_deg[known])
    time_s = np.arange(start_s, end_s, 1.0 / STROKE_RATE_HZ)
    angle_deg, speed_deg_s = spline(time_s), spline(time_s, 1)
    evaluated = (
        angle_deg[-1] - angle_deg[0] >= MIN_PAUSE_AMPLITUDE_DEG
        and angle.jitter_deg <= MAX_PAUSE_JITTER_DEG
    )
    return OutwardStroke(
        peak_velocity_deg_s=compute_peak_speed(speed_deg_s),
        sparc=sparc(speed_deg_s[:: round(STROKE_RATE_HZ / SPARC_RATE_HZ)], rate_hz=SPARC_RATE_HZ),
        pauses=find_pauses(time_s, angle_deg, speed_deg_s) if evaluated else (),
        pauses_evaluated=bool(evaluated),
        seen_frames=seen,
        missing_frac=missing_frac,
    )
