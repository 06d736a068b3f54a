"""Frame-to-frame noise of the landmarks: how much it is, and more of the same kind.

Measured as what is left of a fully rendered set's landmarks after the course through the stills
of the same person and camera has been taken off; drawn as a first-order autoregression, for the
errors of neighbouring frames are alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from rom.landmarks import FloatArray


@dataclass(frozen=True, kw_only=True)
class Jitter:
    """Noise of each landmark.

    Attributes
    ----------
    sigma_trunks
        Standard deviation of either coordinate, in lengths of the trunk line.
    correlation_s
        Time after which noise resembles itself by 1/e.
    """

    sigma_trunks: float
    correlation_s: float


MEASURED = Jitter(sigma_trunks=0.012, correlation_s=0.12)
"""First estimate; `python -m calibration noise` measures it."""


def draw_jitter_px(
    jitter: Jitter,
    frames: int,
    points: int,
    rate_hz: float,
    trunk_px: float,
    rng: np.random.Generator,
) -> FloatArray:
    """(T, P, 2) noise in pixels; stationary from the first frame on."""
    memory = float(np.exp(-1.0 / (rate_hz * jitter.correlation_s)))
    fresh = rng.normal(0.0, np.sqrt(1.0 - memory**2), (frames, points, 2))
    fresh[0] /= np.sqrt(1.0 - memory**2)
    course: FloatArray = lfilter([1.0], [1.0, -memory], fresh, axis=0)
    return course * (jitter.sigma_trunks * trunk_px)


def measure_jitter(left_over_px: FloatArray, trunk_px: float, rate_hz: float) -> Jitter:
    """Size and memory of noise (T, P, 2); NaN frames are left out."""
    centred = left_over_px - np.nanmedian(left_over_px, axis=0)
    variance = np.nanmean(centred**2)
    lagged = np.nanmean(centred[1:] * centred[:-1]) / variance
    memory = float(np.clip(lagged, 0.01, 0.99))
    return Jitter(
        sigma_trunks=float(np.sqrt(variance) / trunk_px),
        correlation_s=float(-1.0 / (rate_hz * np.log(memory))),
    )
