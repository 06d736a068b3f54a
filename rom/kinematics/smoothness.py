"""How a stroke was done: smoothness (SPARC), peak speed, pauses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

MIN_STROKE_SAMPLES = 8


@dataclass(frozen=True)
class Pause:
    """A stop part-way through a stroke."""

    start_s: float
    end_s: float


def sparc(
    speed_deg_s: FloatArray,
    *,
    rate_hz: float,
    max_frequency_hz: float = 10.0,
    amplitude_threshold: float = 0.05,
    pad_level: int = 4,
) -> float | None:
    """Compute the spectral arc length of a speed profile; closer to 0 is smoother.

    Minus the length of the curve that the normalised magnitude spectrum draws between 0 Hz and
    the last frequency, up to `max_frequency_hz`, whose magnitude reaches `amplitude_threshold`;
    that band counts as 1 long. A minimum-jerk stroke gives -1.40, whatever its amplitude and
    duration; each pause or added noise makes it more negative. The value depends on filter,
    amplitude and duration of what was recorded: compare like with like, there is no absolute
    limit.

    Parameters
    ----------
    speed_deg_s
        Shape (N,); speed of one stroke in one direction, evenly sampled, no NaN.
    rate_hz
        Samples per second.
    max_frequency_hz, amplitude_threshold, pad_level
        The published defaults. The spectrum is zero-padded 2 ** pad_level times.

    Returns
    -------
    float or None
        None where there are fewer than eight samples, a missing one, or no movement.

    References
    ----------
    Balasubramanian S, Melendez-Calderon A, Burdet E. IEEE Trans Biomed Eng 2012;59:2126-2136,
    doi:10.1109/TBME.2011.2179545. Balasubramanian S et al. J NeuroEng Rehabil 2015;12:112,
    doi:10.1186/s12984-015-0090-9.

    Examples
    --------
    >>> t = np.linspace(0.0, 1.0, 101)
    >>> round(sparc(30 * t**2 * (1 - t) ** 2, rate_hz=100.0), 2)
    -1.4
    """
    speed = np.abs(np.asarray(speed_deg_s, dtype=np.float64))
    if speed.size < MIN_STROKE_SAMPLES or not np.isfinite(speed).all() or speed.max() == 0.0:
        return None
    padded = 2 ** (int(np.ceil(np.log2(speed.size))) + pad_level)
    magnitude = np.abs(np.fft.rfft(speed, padded))
    frequency_hz = np.fft.rfftfreq(padded, 1.0 / rate_hz)
    magnitude = magnitude[frequency_hz <= max_frequency_hz] / magnitude[0]
    band = magnitude[: int(np.flatnonzero(magnitude >= amplitude_threshold)[-1]) + 1]
    if band.size < 2:
        return None
    return -float(np.hypot(1.0 / (band.size - 1), np.diff(band)).sum())


def compute_peak_speed(speed_deg_s: FloatArray) -> float:
    """Return the 98th percentile of the absolute speed; the maximum reads 15 to 25 % high."""
    return float(np.percentile(np.abs(speed_deg_s), 98))


def find_pauses(
    time_s: FloatArray,
    angle_deg: FloatArray,
    speed_deg_s: FloatArray,
    *,
    max_speed_frac: float = 0.10,
    min_duration_s: float = 0.3,
    from_frac: float = 0.10,
    to_frac: float = 0.90,
) -> tuple[Pause, ...]:
    """Find stops in one outward stroke (a heuristic; the limits were set by simulation).

    A pause is a run of samples that go on slower than `max_speed_frac` of the stroke's peak
    speed, or back, at least `min_duration_s` long, between `from_frac` and `to_frac` of the way
    from the first angle to the last.

    Parameters
    ----------
    time_s, angle_deg, speed_deg_s
        Shape (N,); one stroke upwards, evenly sampled, filtered, no NaN; speed is signed.
    """
    way = (angle_deg - angle_deg[0]) / (angle_deg[-1] - angle_deg[0])
    slow = speed_deg_s < max_speed_frac * compute_peak_speed(speed_deg_s)
    slow &= (way > from_frac) & (way < to_frac)
    flags = np.concatenate(([False], slow, [False]))
    edges = np.flatnonzero(flags[1:] != flags[:-1])
    runs = [Pause(float(time_s[a]), float(time_s[b - 1])) for a, b in edges.reshape(-1, 2)]
    return tuple(run for run in runs if run.end_s - run.start_s >= min_duration_s)
