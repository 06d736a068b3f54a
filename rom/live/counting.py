"""Repetitions counted while they happen.

The rules are those of `rom.kinematics.repetitions`, taken causally: an excursion is a repetition
when it is higher than the movement's smallest and than the noise; two tops are one unless the angle
comes down by a part of the height between them; one that goes much less far than the others does
not count. All but the first are relative to the person's own range, so that a small range counts
like a large one.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from rom.kinematics.repetitions import RepetitionSettings

OFFLINE = RepetitionSettings()
CUTOFF_HZ = 2.0
"""Of each of two low-passes in a row; together they lag by about 0.16 s."""
SPIKE_FRAMES = 5
"""The median of as many frames takes out spikes of up to two."""
FIRST_FRAMES = 8
"""Nothing is told before: neither where the limb is nor how much the landmarks jitter is known."""
NOISE_OVER_S = 8.0
"""Over 3 s the estimate came out at 60 % once in a while, and a still person was counted."""
NOISE_AFTER_LOW_PASS = 0.4
"""Standard deviation left of white noise at 25 frames a second."""
SPEED_OVER_S = 0.4
"""Speed is told from as much of the smoothed angle: from frame to frame it is mostly noise."""
STILL_FRAC_PER_S = 0.25
"""Slower than this part of the excursion a second, the limb stands still."""
END_FRAC = 0.15
"""Within this part of the height below the top, a still limb is at the end of its range."""
START_FRAC = 0.25
"""Within this part of the height above the start, the limb has come back."""


class Stroke(StrEnum):
    """Where in a repetition the movement is."""

    START = "at the start"
    OUTWARD = "on the way out"
    END = "at the end of the range"
    BACK = "on the way back"


@dataclass(frozen=True)
class Excursion:
    """One way out that has begun to come back: where it began, how far it went, and when."""

    start_deg: float
    peak_deg: float
    counted_s: float


class RepetitionCounter:
    """Counts the repetitions of one angle, positive in the direction of the movement.

    Parameters
    ----------
    min_amplitude_deg
        Smallest excursion that is a repetition, as the catalogue of movements has it.
    neutral_deg
        Resting angle of a movement that goes both ways in turn: what lies on the other side of it
        belongs to the other direction. None for a movement that goes one way.
    """

    def __init__(
        self,
        *,
        min_amplitude_deg: float = OFFLINE.min_amplitude_deg,
        neutral_deg: float | None = None,
    ) -> None:
        self._min_amplitude_deg = min_amplitude_deg
        self._neutral_deg = neutral_deg
        self.restart()

    def restart(self) -> None:
        """Forget everything; the next repetition is the first."""
        self._found: list[Excursion] = []
        self._count = 0
        self._forget_movement()

    def _forget_movement(self) -> None:
        self._smooth = _Smoothed()
        self._low_deg = math.inf
        self._top_deg = -math.inf
        self._out = self._returned = False

    @property
    def count(self) -> int:
        """Repetitions so far, without those that went much less far than the others."""
        return self._count

    @property
    def excursions(self) -> tuple[Excursion, ...]:
        """All ways out so far, those that do not count too."""
        return tuple(self._found)

    @property
    def speed_deg_s(self) -> float:
        """Speed of the smoothed angle, positive on the way out."""
        return self._smooth.speed_deg_s

    @property
    def range_deg(self) -> float:
        """Height of the last way out; 0 before the first."""
        return self._found[-1].peak_deg - self._found[-1].start_deg if self._found else 0.0

    @property
    def stroke(self) -> Stroke:
        """Where in a repetition the movement is."""
        if not self._out:
            return Stroke.START if self._returned or not self._found else Stroke.BACK
        speed_deg_s = self._smooth.speed_deg_s
        height_deg = self._top_deg - self._low_deg
        high = self._smooth.value_deg >= self._top_deg - END_FRAC * height_deg
        if high and speed_deg_s <= STILL_FRAC_PER_S * height_deg:
            return Stroke.END
        return Stroke.OUTWARD if speed_deg_s > 0.0 or high else Stroke.BACK

    def add(self, time_s: float, angle_deg: float | None) -> int:
        """Take the angle at a time, None where it was not read; the number of repetitions so far.

        A repetition counts when its return is under way. After more than a second without an angle
        the repetition that was going on is lost, because its end was not seen.
        """
        if angle_deg is None or not math.isfinite(angle_deg):
            return self._count
        if self._neutral_deg is not None:
            angle_deg = max(angle_deg, self._neutral_deg)
        if time_s - self._smooth.time_s > OFFLINE.max_bridge_s:
            self._forget_movement()
        if self._smooth.add(time_s, angle_deg) and self._smooth.known:
            self._follow(time_s, self._smooth.value_deg)
        return self._count

    def _follow(self, time_s: float, now_deg: float) -> None:
        if self._out:
            self._top_deg = max(self._top_deg, now_deg)
            height_deg = self._top_deg - self._base_deg()
            if self._top_deg - now_deg >= OFFLINE.return_frac * height_deg:
                self._note(Excursion(self._low_deg, self._top_deg, time_s))
                self._out, self._returned, self._low_deg = False, False, now_deg
            return
        self._low_deg = min(self._low_deg, now_deg)
        smallest_deg = max(
            self._min_amplitude_deg, OFFLINE.min_noise_ratio * self._smooth.noise_deg
        )
        height_deg = now_deg - self._base_deg()
        if now_deg - self._low_deg >= max(smallest_deg, OFFLINE.return_frac * height_deg):
            self._out, self._top_deg = True, now_deg
        elif self._found:
            last = self._found[-1]
            way_deg = last.peak_deg - last.start_deg
            near = now_deg <= last.start_deg + START_FRAC * way_deg
            still = abs(self._smooth.speed_deg_s) <= STILL_FRAC_PER_S * way_deg
            self._returned |= near and still

    def _base_deg(self) -> float:
        """Where the movement comes from: a short way back is no start of its own."""
        return min([self._low_deg, *(each.start_deg for each in self._found[-1:])])

    def _note(self, excursion: Excursion) -> None:
        self._found.append(excursion)
        starts_deg = [each.start_deg for each in self._found]
        heights_deg = [
            each.peak_deg - min(starts_deg[max(0, i - 2) : i + 3])
            for i, each in enumerate(self._found)
        ]
        least_deg = OFFLINE.partial_frac * median(heights_deg)
        self._count = sum(height_deg >= least_deg for height_deg in heights_deg)


class _Smoothed:
    """One angle without spikes, low-passed twice, with its speed and the noise left in it."""

    def __init__(self) -> None:
        self.time_s = -math.inf
        self.value_deg = math.nan
        self._way: deque[tuple[float, float]] = deque()
        self._once_deg = math.nan
        self._first: list[float] = []
        self._window: deque[float] = deque(maxlen=SPIKE_FRAMES)
        self._jitter: deque[tuple[float, float]] = deque()

    @property
    def speed_deg_s(self) -> float:
        """How fast the angle has changed lately; 0 for a single frame."""
        if len(self._way) < 2:
            return 0.0
        (start_s, start_deg), (end_s, end_deg) = self._way[0], self._way[-1]
        return (end_deg - start_deg) / (end_s - start_s)

    @property
    def known(self) -> bool:
        """Whether enough was seen to go by."""
        return len(self._first) >= FIRST_FRAMES

    @property
    def noise_deg(self) -> float:
        """Standard deviation of the noise left, from how neighbouring frames differ."""
        if not self._jitter:
            return 0.0
        typical_deg = median(each for _, each in self._jitter)
        return NOISE_AFTER_LOW_PASS * 1.4826 * typical_deg

    def add(self, time_s: float, angle_deg: float) -> bool:
        """Take one angle; False where the time does not increase."""
        step_s = time_s - self.time_s
        if step_s <= 0.0:
            return False
        self._note_jitter(time_s, angle_deg)
        self._window.append(angle_deg)
        if not self.known:
            self._first.append(angle_deg)
            self._once_deg = self.value_deg = median(self._first)
        else:
            share = 1.0 - math.exp(-2.0 * math.pi * CUTOFF_HZ * step_s)
            self._once_deg += share * (median(self._window) - self._once_deg)
            self.value_deg += share * (self._once_deg - self.value_deg)
        self.time_s = time_s
        self._way.append((time_s, self.value_deg))
        while len(self._way) > 2 and time_s - self._way[0][0] > SPEED_OVER_S:
            self._way.popleft()
        return True

    def _note_jitter(self, time_s: float, angle_deg: float) -> None:
        """How far the frame before the last is from the mean of its neighbours, in white noise."""
        if len(self._window) >= 2:
            bend_deg = self._window[-1] - 0.5 * (self._window[-2] + angle_deg)
            self._jitter.append((time_s, abs(bend_deg) / math.sqrt(1.5)))
        while self._jitter and time_s - self._jitter[0][0] > NOISE_OVER_S:
            self._jitter.popleft()
