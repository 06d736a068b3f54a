"""Somebody who does not move: asked kindly, then offered to go on without."""

from __future__ import annotations

from enum import IntEnum

from rom.landmarks import Side
from rom.live.pain import ARM_JOINTS
from rom.movements import Movement, View

PROMPT_S, OFFER_S, OVER_S = 10.0, 20.0, 40.0


class Idle(IntEnum):
    """How long nothing has happened, in steps."""

    NO = 0
    PROMPT = 1
    OFFER = 2
    OVER = 3


def how_idle(idle_s: float) -> Idle:
    """The step that a time without movement belongs to."""
    return Idle(sum(idle_s >= limit_s for limit_s in (PROMPT_S, OFFER_S, OVER_S)))


def answering_hands(movement: Movement, sides: tuple[Side | None, ...]) -> tuple[Side, ...]:
    """The hands that can say "go on without": one that moves anyway says nothing.

    In a view from the side the other arm is covered, so that no hand is left for an arm's movement.
    """
    if movement.joint not in ARM_JOINTS:
        return tuple(Side)
    if len(sides) > 1 or movement.view is not View.FRONT:
        return ()
    return tuple(side.other for side in sides if side)
