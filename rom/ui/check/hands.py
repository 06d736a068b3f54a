"""Answers by hand: which option is marked, and when a hand has answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rom.landmarks import LandmarkSeries, Side
from rom.live.gestures import GestureReader, Gestures

Said = Literal["take", "next", "pause", "rate"]


@dataclass(frozen=True)
class HandAnswer:
    """What the hands say in one frame.

    `said` is an answer that was held long enough; `value` a rating that is being shown, 0 to 10;
    `ring_frac` how long something has been held.
    """

    said: Said | None = None
    value: int | None = None
    ring_frac: float | None = None


class Hands:
    """Reads answers; a hand that answered has to come down before it answers again."""

    def __init__(self) -> None:
        self._reader = GestureReader()

    def spend(self) -> None:
        """What is held up now belongs to the scene before."""
        self._reader.spend()

    def see(self, frame: LandmarkSeries, *, rating: bool) -> HandAnswer:
        """Read one frame; heights count only where a rating is asked."""
        shown = self._reader.see(frame)
        said = _said(shown, rating=rating)
        if said is not None:
            self._reader.spend()
        value = shown.height_rating if rating else None
        held = max(shown.held_frac, shown.crossed_frac, shown.rating_frac if rating else 0.0)
        return HandAnswer(said=said, value=value, ring_frac=held or None)


def _said(shown: Gestures, *, rating: bool) -> Said | None:
    if shown.crossed:
        return "pause"
    if rating and shown.rated is not None:
        return "rate"
    if shown.held is None or (rating and shown.height_rating is not None):
        return None
    return "take" if shown.held is Side.RIGHT else "next"
