"""The repetitions of one set as they come, of one side or of both in turn."""

from __future__ import annotations

from rom.landmarks import LandmarkSeries, Side
from rom.live.counting import RepetitionCounter, Stroke
from rom.live.pain import PainMark, PainMarker
from rom.live.reading import LiveReading
from rom.movements import Movement, SideKind

STILL_DEG_S = 6.0
STILL_FRAC_PER_S = 0.08
"""Slower than both, a limb counts as still: what it still moves is within the rest's spread."""


class RepetitionSet:
    """Counts each side and knows which one is asked for."""

    def __init__(self, movement: Movement, sides: tuple[Side | None, ...], wanted: int) -> None:
        both_ways = movement.side_kind is SideKind.DIRECTION and len(sides) > 1
        neutral_deg = 0.0 if both_ways else None
        self._counters = {
            side: RepetitionCounter(
                min_amplitude_deg=movement.min_amplitude_deg, neutral_deg=neutral_deg
            )
            for side in sides
        }
        self._markers = {side: PainMarker(movement, side) for side in sides}
        self.wanted = wanted
        self.counted: Side | None = None
        """The side whose repetition was counted last."""
        self._asked = sides[0]
        self._marks: list[PainMark] = []

    @property
    def asked(self) -> Side | None:
        """The side that is to move now."""
        return self._asked

    @property
    def total(self) -> int:
        """Repetitions of all sides together."""
        return sum(counter.count for counter in self._counters.values())

    @property
    def done(self) -> bool:
        """Whether every side has all its repetitions."""
        return all(counter.count >= self.wanted for counter in self._counters.values())

    @property
    def under_way(self) -> bool:
        """Whether a limb is on its way out, at the end, or on its way back."""
        return any(counter.stroke is not Stroke.START for counter in self._counters.values())

    @property
    def active(self) -> bool:
        """Whether somebody is moving, or holds the end of the range."""
        strokes = {counter.stroke for counter in self._counters.values()}
        if strokes & {Stroke.OUTWARD, Stroke.END}:
            return True
        return Stroke.BACK in strokes and not self.still

    @property
    def marks(self) -> tuple[PainMark, ...]:
        """Where the person said that it begins to hurt."""
        return tuple(self._marks)

    def count_of(self, side: Side | None) -> int:
        return self._counters[side].count

    @property
    def still(self) -> bool:
        """Whether nothing moves any more."""
        return all(
            abs(counter.speed_deg_s) <= max(STILL_DEG_S, STILL_FRAC_PER_S * counter.range_deg)
            for counter in self._counters.values()
        )

    def add(self, frame: LandmarkSeries, reading: LiveReading) -> bool:
        """Take one frame; whether a repetition was counted with it."""
        before = self.total
        for side, counter in self._counters.items():
            count = counter.count
            if counter.add(reading.time_s, reading.of(side).unfiltered_deg) > count:
                self.counted = side
        asked = self._counters[self._asked]
        mark = self._markers[self._asked].see(
            frame, stroke=asked.stroke, angle_deg=reading.of(self._asked).angle_deg
        )
        if mark is not None:
            self._marks.append(mark)
        if self.total <= before:
            return False
        self._asked = min(self._counters, key=lambda side: self._counters[side].count)
        return True
