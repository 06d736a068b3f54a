"""The mark "pain starts here": a hand that takes no part in the movement goes up on the way."""

from __future__ import annotations

from dataclasses import dataclass

from rom.landmarks import LandmarkSeries, Side
from rom.live.counting import Stroke
from rom.live.frames import time_of
from rom.live.hands import raised_hands
from rom.live.holding import Holding
from rom.movements import Movement

UP_FOR_S = 0.3
ARM_JOINTS = ("shoulder", "elbow", "wrist")
TRUNK_JOINTS = ("trunk", "trunk and hips")


@dataclass(frozen=True, kw_only=True)
class PainMark:
    """Where the person said that it begins to hurt.

    Attributes
    ----------
    time_s
        When the hand came up, on the clock of the frames; the pain is about a reaction earlier.
    angle_deg
        The live angle then; None where it was not read.
    """

    time_s: float
    side: Side | None
    angle_deg: float | None


def free_hands(movement: Movement, side: Side | None) -> tuple[Side, ...]:
    """The hands that take no part in a movement and can mark pain; none for the trunk's.

    >>> from rom.movements import movement_named
    >>> free_hands(movement_named("shoulder_abduction"), Side.LEFT)
    (<Side.RIGHT: 'right'>,)
    """
    if movement.joint in TRUNK_JOINTS:
        return ()
    if movement.joint in ARM_JOINTS:
        return (side.other,) if side else ()
    return tuple(Side)


class PainMarker:
    """Notices the mark, once for each repetition."""

    def __init__(self, movement: Movement, side: Side | None) -> None:
        self._side = side
        self._hands = free_hands(movement, side)
        self._holding = Holding(UP_FOR_S)
        self._angle_deg: float | None = None
        self._marked = False

    def see(
        self, frame: LandmarkSeries, *, stroke: Stroke, angle_deg: float | None
    ) -> PainMark | None:
        """The mark in the frame in which it is sure; only on the way out and at its end."""
        if stroke not in (Stroke.OUTWARD, Stroke.END):
            self._holding.forget()
            self._marked = False
            return None
        now_s = time_of(frame)
        up = raised_hands(frame) if self._hands and frame.seen[0] else ()
        before = self._holding.since_s
        held_frac = self._holding.see(now_s, any(hand in up for hand in self._hands))
        if before is None and self._holding.since_s is not None:
            self._angle_deg = angle_deg
        if held_frac < 1.0 or self._marked or self._holding.since_s is None:
            return None
        self._marked = True
        return PainMark(time_s=self._holding.since_s, side=self._side, angle_deg=self._angle_deg)
