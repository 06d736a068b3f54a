"""Sets of repetitions as a command over time: minimum-jerk strokes, holds, rests, hesitations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Repetition:
    """Out to the peak, hold, back.  A hesitation stops the outward stroke part-way.

    ``peak_deg`` may be negative, for the other direction of an alternating movement.
    ``outward_s`` counts moving time only; a pause comes on top.
    """

    peak_deg: float
    outward_s: float = 1.4
    hold_s: float = 0.6
    return_s: float = 1.1
    pause_s: float = 0.0
    pause_frac: float = 0.5

    @property
    def duration_s(self) -> float:
        return self.outward_s + self.pause_s + self.hold_s + self.return_s


@dataclass(frozen=True, kw_only=True)
class RepetitionSet:
    """Repetitions between rests; the angle starts and ends at ``start_deg``."""

    repetitions: tuple[Repetition, ...]
    start_deg: float = 0.0
    rest_before_s: float = 1.0
    rest_between_s: float = 0.5
    rest_after_s: float = 1.0

    @property
    def duration_s(self) -> float:
        moving_s = sum(repetition.duration_s for repetition in self.repetitions)
        between_s = self.rest_between_s * (len(self.repetitions) - 1)
        return self.rest_before_s + moving_s + between_s + self.rest_after_s

    def windows_s(self) -> list[tuple[float, float]]:
        """Onset and offset of every repetition, seconds from the start."""
        windows, onset_s = [], self.rest_before_s
        for repetition in self.repetitions:
            windows.append((onset_s, onset_s + repetition.duration_s))
            onset_s += repetition.duration_s + self.rest_between_s
        return windows


def minimum_jerk(phase: FloatArray) -> FloatArray:
    """Smoothest point-to-point course, 0 to 1, constant outside (Flash and Hogan 1985).

    Source: doi:10.1523/JNEUROSCI.05-07-01688.1985.
    """
    phase = np.clip(phase, 0.0, 1.0)
    course: FloatArray = phase**3 * (10.0 - 15.0 * phase + 6.0 * phase**2)
    return course


def commanded_angle_deg(plan: RepetitionSet, time_s: FloatArray) -> FloatArray:
    """Commanded angle (T,) in degrees at the given times in seconds."""
    angle_deg = np.full(len(time_s), plan.start_deg)
    for (onset_s, _), repetition in zip(plan.windows_s(), plan.repetitions, strict=True):
        excursion_deg = repetition.peak_deg - plan.start_deg
        angle_deg += excursion_deg * _course(repetition, time_s - onset_s)
    return angle_deg


def sway_deg(time_s: FloatArray, *, amplitude_deg: float, rng: np.random.Generator) -> FloatArray:
    """Slow involuntary movement (T,): two sines below 0.5 Hz with random phases, degrees."""
    slow_hz, fast_hz = rng.uniform(0.12, 0.25), rng.uniform(0.3, 0.5)
    phases = rng.uniform(0.0, 2.0 * np.pi, 2)
    slow = np.sin(2.0 * np.pi * slow_hz * time_s + phases[0])
    fast = np.sin(2.0 * np.pi * fast_hz * time_s + phases[1])
    swaying: FloatArray = amplitude_deg * (0.7 * slow + 0.3 * fast)
    return swaying


def _course(repetition: Repetition, since_onset_s: FloatArray) -> FloatArray:
    """Share of the excursion, 0 to 1, at seconds since the onset."""
    if repetition.pause_s > 0.0:
        first_s = repetition.outward_s * repetition.pause_frac
        resumed_s = since_onset_s - first_s - repetition.pause_s
        first = minimum_jerk(since_onset_s / first_s)
        second = minimum_jerk(resumed_s / (repetition.outward_s - first_s))
        out = repetition.pause_frac * first + (1.0 - repetition.pause_frac) * second
    else:
        out = minimum_jerk(since_onset_s / repetition.outward_s)
    back_s = repetition.duration_s - repetition.return_s
    return out - minimum_jerk((since_onset_s - back_s) / repetition.return_s)
