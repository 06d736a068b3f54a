"""Angles over time with known repetitions, and what cameras do to them.

Run as a program it prints the table of peak errors that `rom/kinematics/end_range.py` quotes:
`python tests/signal_builders.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rom.kinematics.repetitions import find_repetitions

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Signal:
    """An angle over time and the truth about it; `onsets_s` is when each outward stroke starts."""

    time_s: FloatArray
    angle_deg: FloatArray
    onsets_s: tuple[float, ...] = ()

    def after(self, start_s: float) -> Signal:
        keep = self.time_s >= start_s
        return replace(self, time_s=self.time_s[keep], angle_deg=self.angle_deg[keep])

    def until(self, end_s: float) -> Signal:
        keep = self.time_s <= end_s
        return replace(self, time_s=self.time_s[keep], angle_deg=self.angle_deg[keep])

    def jittered(self, sd_deg: float, *, seed: int = 0) -> Signal:
        noise = np.random.default_rng(seed).normal(0.0, sd_deg, self.time_s.size)
        return replace(self, angle_deg=self.angle_deg + noise)

    def with_missing(self, frac: float, *, seed: int = 0) -> Signal:
        """Single frames not seen, at random."""
        missing = np.random.default_rng(seed).random(self.time_s.size) < frac
        return replace(self, angle_deg=np.where(missing, np.nan, self.angle_deg))

    def with_gap(self, start_s: float, end_s: float) -> Signal:
        missing = (self.time_s > start_s) & (self.time_s < end_s)
        return replace(self, angle_deg=np.where(missing, np.nan, self.angle_deg))

    def with_bursts(self, frac: float, *, longest_s: float, seed: int = 0) -> Signal:
        """Stretches not seen, until `frac` of the frames is missing."""
        rng = np.random.default_rng(seed)
        signal = self
        while np.isnan(signal.angle_deg).mean() < frac:
            start_s = rng.uniform(self.time_s[0], self.time_s[-1])
            signal = signal.with_gap(start_s, start_s + rng.uniform(0.5, 1.0) * longest_s)
        return signal


def frame_times(duration_s: float, rate_hz: float) -> FloatArray:
    return np.arange(0.0, duration_s, 1.0 / rate_hz)


def variable_frame_times(duration_s: float, rate_hz: float, *, seed: int = 0) -> FloatArray:
    """Steps between 0.4 and 1.6 times the nominal one."""
    steps = np.random.default_rng(seed).uniform(0.4, 1.6, round(2 * duration_s * rate_hz))
    time_s = np.cumsum(steps / rate_hz)
    return time_s[time_s < duration_s]


def minimum_jerk(progress: FloatArray) -> FloatArray:
    """Way from 0 to 1 of the smoothest stroke, for progress in time from 0 to 1."""
    p = np.clip(progress, 0.0, 1.0)
    return p**3 * (10.0 - 15.0 * p + 6.0 * p**2)


def through(points: list[tuple[float, float]], *, rate_hz: float = 30.0) -> Signal:
    """Minimum-jerk strokes between points (time in s, angle in degrees)."""
    time_s = frame_times(points[-1][0], rate_hz)
    angle_deg = np.full(time_s.size, float(points[0][1]))
    for (start_s, from_deg), (end_s, to_deg) in zip(points, points[1:], strict=False):
        now = time_s >= start_s
        progress = (time_s[now] - start_s) / (end_s - start_s)
        angle_deg[now] = from_deg + (to_deg - from_deg) * minimum_jerk(progress)
    return Signal(time_s, angle_deg)


def repetition_set(
    count: int = 3,
    *,
    amplitude_deg: float = 150.0,
    rest_deg: float = 0.0,
    out_s: float = 1.5,
    hold_s: float = 0.5,
    back_s: float | None = None,
    pause_s: float = 1.0,
    lead_s: float = 1.0,
    rate_hz: float = 30.0,
    variable_rate: bool = False,
) -> Signal:
    """`count` equal repetitions with rest before, between and after."""
    back_s = out_s if back_s is None else back_s
    cycle_s = out_s + hold_s + back_s + pause_s
    duration_s = 2 * lead_s + count * cycle_s - pause_s
    times = variable_frame_times if variable_rate else frame_times
    time_s = times(duration_s, rate_hz)
    angle_deg = np.full(time_s.size, rest_deg)
    onsets_s = tuple(lead_s + i * cycle_s for i in range(count))
    for onset_s in onsets_s:
        out = minimum_jerk((time_s - onset_s) / out_s)
        back = minimum_jerk((time_s - onset_s - out_s - hold_s) / back_s)
        angle_deg += amplitude_deg * (out - back)
    return Signal(time_s, angle_deg, onsets_s)


def peak_errors_deg(
    *,
    amplitude_deg: float,
    out_s: float,
    hold_s: float,
    rate_hz: float,
    jitter_deg: float,
    sets: int,
) -> FloatArray:
    """Error of the peak of every counted repetition in `sets` sets of three."""
    errors: list[float] = []
    for seed in range(sets):
        signal = repetition_set(
            amplitude_deg=amplitude_deg,
            out_s=out_s,
            hold_s=hold_s,
            pause_s=0.5,
            lead_s=1.0 + 0.013 * seed,  # frames fall differently on the peaks
            rate_hz=rate_hz,
        ).jittered(jitter_deg, seed=seed)
        found = find_repetitions(signal.time_s, signal.angle_deg, min_amplitude_deg=12.0)
        errors += [each.peak_deg - amplitude_deg for each in found if each.counted]
    return np.array(errors)


def print_peak_errors() -> None:
    conditions = [(15.0, 0.0), (15.0, 2.0), (30.0, 0.0), (30.0, 2.0), (30.0, 5.0), (60.0, 5.0)]
    print("stroke hold |" + "".join(f"  {rate:2.0f} Hz {sd:.0f}°  " for rate, sd in conditions))
    for out_s in (0.8, 1.5, 3.0, 6.0):
        for hold_s in (0.0, 0.5, 2.0):
            cells = []
            for rate_hz, jitter_deg in conditions:
                errors = peak_errors_deg(
                    amplitude_deg=150.0,
                    out_s=out_s,
                    hold_s=hold_s,
                    rate_hz=rate_hz,
                    jitter_deg=jitter_deg,
                    sets=100 if jitter_deg else 5,
                )
                cells.append(f" {errors.mean():+5.1f} ±{errors.std():4.1f}")
            print(f"{out_s:4.1f} s {hold_s:3.1f} s |" + " ".join(cells))


if __name__ == "__main__":
    print_peak_errors()
