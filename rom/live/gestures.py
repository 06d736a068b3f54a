"""Answers by hand, from three metres: a raised hand, crossed arms, a height for how much it hurts.

A raised hand looks like a raised arm. Whoever asks for one asks outside of a repetition, or for the
hand that does not take part in the movement (`rom.live.pain`).
"""

from __future__ import annotations

from dataclasses import dataclass

from rom.landmarks import LandmarkSeries, Side
from rom.live.frames import time_of
from rom.live.hands import arms_crossed, hand_height, raised_hands
from rom.live.holding import Holding

HELD_S = 1.0
RATED_S = 1.5
SAME_RATING = 0.7
"""A held hand sways by about half a step; it stays the same answer up to this far from it."""


@dataclass(frozen=True, kw_only=True)
class Gestures:
    """What the hands say in one frame.

    Attributes
    ----------
    raised
        The one hand that is up; None for none and for both.
    held_frac
        How long it has been up, 1 for long enough to be an answer.
    crossed_frac
        How long the arms have been crossed, likewise.
    height_rating
        0 to 10 by the height of the one hand that is held out to the side; None without one.
    rating_frac
        How long this height has been held, likewise.
    """

    time_s: float
    raised: Side | None = None
    held_frac: float = 0.0
    crossed_frac: float = 0.0
    height_rating: int | None = None
    rating_frac: float = 0.0

    @property
    def held(self) -> Side | None:
        """The hand that was up long enough."""
        return self.raised if self.held_frac >= 1.0 else None

    @property
    def crossed(self) -> bool:
        """Whether the arms were crossed long enough."""
        return self.crossed_frac >= 1.0

    @property
    def rated(self) -> int | None:
        """The rating that was held long enough."""
        return self.height_rating if self.rating_frac >= 1.0 else None


class GestureReader:
    """Reads the hands frame by frame."""

    def __init__(self, *, held_s: float = HELD_S, rated_s: float = RATED_S) -> None:
        self._raised = {side: Holding(held_s) for side in Side}
        self._crossed = Holding(held_s)
        self._rating = Holding(rated_s)
        self._rated: int | None = None
        self._rating_frac = 0.0

    def forget(self) -> None:
        """Start anew, even with what is held now."""
        for holding in (*self._raised.values(), self._crossed, self._rating):
            holding.forget()
        self._rated = None

    def spend(self) -> None:
        """What is held now has had its answer: let go and held again, it answers the next."""
        for holding in (*self._raised.values(), self._crossed, self._rating):
            holding.spend()

    def see(self, frame: LandmarkSeries) -> Gestures:
        """Read one frame."""
        now_s = time_of(frame)
        known = bool(frame.seen[0] and frame.identity_sure[0])
        crossed = known and arms_crossed(frame)
        up = raised_hands(frame) if known and not crossed else ()
        held = {side: self._raised[side].see(now_s, up == (side,)) for side in Side}
        raised = next((side for side in Side if self._raised[side].since_s is not None), None)
        return Gestures(
            time_s=now_s,
            raised=raised,
            held_frac=held[raised] if raised else 0.0,
            crossed_frac=self._crossed.see(now_s, crossed),
            height_rating=self._rate(now_s, hand_height(frame) if known else None),
            rating_frac=self._rating_frac,
        )

    def _rate(self, now_s: float, height: float | None) -> int | None:
        """The rating that is shown: it follows the hand, and sways with it no longer once held."""
        if height is not None and (self._rated is None or abs(height - self._rated) > SAME_RATING):
            self._rated = round(height)
            self._rating.forget()
        self._rating_frac = self._rating.see(now_s, height is not None)
        return self._rated if self._rating.since_s is not None else None
