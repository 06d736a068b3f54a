"""A causal low-pass that is calm at rest and quick in movement.

Source: Casiez, Roussel, Vogel 2012 (the 1 € filter), doi:10.1145/2207676.2208639. The cut-off
rises with the speed of the signal, so that a number that stands still does not flicker and one
that moves hardly lags.
"""

from __future__ import annotations

import math

MIN_CUTOFF_HZ = 1.5
CUTOFF_PER_SPEED = 0.06
"""Hz for each degree per second. At 100°/s the cut-off is 7.5 Hz, a delay of 21 ms."""
SPEED_CUTOFF_HZ = 1.5
LONGEST_GAP_S = 0.5
"""After a longer gap the filter starts anew: the last value says nothing about the next."""


def _share_of_new(step_s: float, cutoff_hz: float) -> float:
    ratio = 2.0 * math.pi * cutoff_hz * step_s
    return ratio / (ratio + 1.0)


class OneEuro:
    """Filters one angle, in degrees, sample by sample."""

    def __init__(
        self,
        *,
        min_cutoff_hz: float = MIN_CUTOFF_HZ,
        cutoff_per_speed: float = CUTOFF_PER_SPEED,
        speed_cutoff_hz: float = SPEED_CUTOFF_HZ,
    ) -> None:
        self._min_cutoff_hz = min_cutoff_hz
        self._cutoff_per_speed = cutoff_per_speed
        self._speed_cutoff_hz = speed_cutoff_hz
        self._time_s = -math.inf
        self._value = 0.0
        self._raw = 0.0
        self._speed = 0.0

    def add(self, time_s: float, value: float) -> float:
        """The filtered value at this time; a time that does not increase changes nothing."""
        step_s = time_s - self._time_s
        if step_s <= 0.0:
            return self._value
        if step_s > LONGEST_GAP_S:
            self._value, self._speed = value, 0.0
        else:
            speed = (value - self._raw) / step_s
            self._speed += _share_of_new(step_s, self._speed_cutoff_hz) * (speed - self._speed)
            cutoff_hz = self._min_cutoff_hz + self._cutoff_per_speed * abs(self._speed)
            self._value += _share_of_new(step_s, cutoff_hz) * (value - self._value)
        self._time_s, self._raw = time_s, value
        return self._value
