"""One angle over time, cleaned to the degree that each later step needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rom.kinematics.filtering import (
    SPEED_CUTOFF_HZ,
    fill_gaps,
    low_pass,
    mark_missing_frames,
    remove_outliers,
)

FloatArray = NDArray[np.float64]

NOISE_BAND_HZ = (2.0, 4.0)
NOISE_BAND_RATIO = 1.35
"""Noise below 1.5 Hz relative to that band: 1.2 to 1.45 for white noise at 15 to 240 Hz."""


@dataclass(frozen=True, eq=False)
class CleanAngle:
    """Versions of one angle, all of shape (T,).

    Attributes
    ----------
    time_s
        Frame times, and further ones where frames are missing.
    seen_deg
        What was seen, spikes removed, unfiltered. Values are read from it.
    bridged_deg
        With all gaps filled that still let the movement be followed.
    speed_ready_deg
        With short gaps filled only, low-pass filtered for differentiation.
    noise_deg
        Standard deviation of the noise below 1.5 Hz, inferred from the band above it, where there
        is little movement, and from how much was seen: bridging hides noise in that band.
    jitter_deg
        Standard deviation of the noise from frame to frame.
    """

    time_s: FloatArray
    seen_deg: FloatArray
    bridged_deg: FloatArray
    speed_ready_deg: FloatArray
    noise_deg: float
    jitter_deg: float


def clean_angle(
    time_s: FloatArray, angle_deg: FloatArray, *, max_gap_s: float, max_bridge_s: float
) -> CleanAngle:
    """Prepare a raw reading, shape (T,), degrees with NaN where not seen.

    Raises
    ------
    InputError
        If the arrays differ in length or the times do not increase.
    """
    time, angle = mark_missing_frames(time_s, angle_deg, max_step_s=0.5 * max_gap_s)
    seen = remove_outliers(time, angle)
    bridged = fill_gaps(time, seen, max_gap_s=max_bridge_s)
    speed_ready = low_pass(
        time, fill_gaps(time, seen, max_gap_s=max_gap_s), cutoff_hz=SPEED_CUTOFF_HZ
    )
    band = low_pass(time, bridged, cutoff_hz=NOISE_BAND_HZ[1])
    band -= low_pass(time, bridged, cutoff_hz=NOISE_BAND_HZ[0])
    seen_frac = float(np.isfinite(seen).mean()) if seen.size else 1.0
    return CleanAngle(
        time_s=time,
        seen_deg=seen,
        bridged_deg=bridged,
        speed_ready_deg=speed_ready,
        noise_deg=NOISE_BAND_RATIO * _robust_sd(band) / max(seen_frac, 0.5),
        jitter_deg=_robust_sd(seen - speed_ready),
    )


def _robust_sd(values_deg: FloatArray) -> float:
    finite = np.abs(values_deg[np.isfinite(values_deg)])
    return 1.4826 * float(np.median(finite)) if finite.size else 0.0
