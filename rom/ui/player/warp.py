"""One clock for two recordings: at a moment of it, both are at the same point of a repetition.

Between two marks (onset, peak, offset of a repetition) each recording runs at an even pace of its
own, so that both reach the next mark together. Before the first and after the last repetition that
both have, each runs as it was filmed, and stands still where it has not begun or has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from rom.kinematics.repetitions import Repetition
from rom.landmarks import FloatArray

SHORTEST_S = 1e-6


@dataclass(frozen=True, kw_only=True)
class Timing:
    """When a recording ends, and the repetitions that count, in seconds of the recording."""

    duration_s: float
    repetitions: Sequence[Repetition] = ()


@dataclass(frozen=True)
class Warp:
    """Times of one recording against the common clock; in between it is straight, outside it holds.

    Attributes
    ----------
    clock_s
        Rising; the clock runs as fast as the recordings do on average.
    time_s
        Of the recording, never falling.
    """

    clock_s: tuple[float, ...]
    time_s: tuple[float, ...]

    def time_at(self, clock_s: float) -> float:
        """Where the recording is at a moment of the clock."""
        return float(np.interp(clock_s, self.clock_s, self.time_s))

    def clock_at(self, time_s: float) -> float:
        """When the clock shows a time of the recording; the first moment where it holds."""
        return float(np.interp(time_s, self.time_s, self.clock_s))


def align(timings: Sequence[Timing]) -> tuple[Warp, ...]:
    """Lay recordings over each other; the first repetition of one is that of the others.

    Recordings without repetitions, or one beside others without, begin together.
    """
    count = min((len(each.repetitions) for each in timings), default=0)
    marks_s = np.array([_marks_s(each.repetitions[:count]) for each in timings])
    if not marks_s.size:
        return tuple(Warp((0.0, each.duration_s), (0.0, each.duration_s)) for each in timings)
    steps_s = np.diff(marks_s, axis=1).mean(axis=0)
    lead_s = float(marks_s[:, 0].max())
    clock_s = lead_s + np.concatenate(([0.0], np.cumsum(steps_s)))
    return tuple(
        _warp(clock_s, own_s, duration_s=timing.duration_s)
        for own_s, timing in zip(marks_s, timings, strict=True)
    )


def _marks_s(repetitions: Sequence[Repetition]) -> list[float]:
    """Onset, peak and offset of each, never falling and never all at one time."""
    marks = chain.from_iterable((r.onset_s, r.peak_s, r.offset_s) for r in repetitions)
    rising = np.maximum.accumulate(np.array([*marks], dtype=np.float64))
    return [float(each) for each in rising + SHORTEST_S * np.arange(len(rising))]


def _warp(clock_s: FloatArray, own_s: FloatArray, *, duration_s: float) -> Warp:
    first, last = float(clock_s[0]), float(clock_s[-1])
    before_s, after_s = float(own_s[0]), max(duration_s - float(own_s[-1]), 0.0)
    clock = [*map(float, clock_s)]
    time = [*map(float, own_s)]
    if before_s > SHORTEST_S:
        clock, time = [first - before_s, *clock], [0.0, *time]
    if after_s > SHORTEST_S:
        clock, time = [*clock, last + after_s], [*time, duration_s]
    return Warp(tuple(clock), tuple(time))


def span_s(warps: Sequence[Warp]) -> tuple[float, float]:
    """From where to where the clock runs so that all of every recording is seen."""
    return min(each.clock_s[0] for each in warps), max(each.clock_s[-1] for each in warps)
