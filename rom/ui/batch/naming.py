"""What a file's name says of its movement and side. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rom.landmarks import Side
from rom.movements import Movement, SideKind, measurable_movements

AUTO = "auto"

_LEFT = {"left", "l", "lt", "links"}
_RIGHT = {"right", "r", "rt", "rechts"}
_BOTH = {"both", "bilateral", "lr", "rl"}


@dataclass(frozen=True)
class NameGuess:
    """A movement, or "auto" where the name says none, and the side; None where it says none."""

    movement: str = AUTO
    side: Side | Literal["both"] | None = None


def guess_from_name(file_name: str) -> NameGuess:
    """Read a name such as `knee_flexion_left_2.mp4`, in any case, with any separators.

    >>> guess_from_name("2026-03-01 Knee flexion (LEFT).MOV")
    NameGuess(movement='knee_flexion', side=<Side.LEFT: 'left'>)
    """
    words = re.findall(r"[a-z]+", _parted(file_name).lower())
    movement = _movement_in(words)
    if movement is None:
        return NameGuess(side=_side_in(words))
    if not movement.has_side:
        return NameGuess(movement.name)
    side = _side_in(words)
    if side is None and movement.side_kind is SideKind.DIRECTION:
        # Such clips usually go to one side and the other in turn.
        return NameGuess(movement.name, "both")
    return NameGuess(movement.name, side)


def _parted(file_name: str) -> str:
    """The name without its ending, "kneeFlexion" as two words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", file_name.rpartition(".")[0] or file_name)


def _movement_in(words: list[str]) -> Movement | None:
    """The longest name that stands in the words, in order and without gaps."""
    text = f" {' '.join(words)} "
    found = [
        movement
        for movement in measurable_movements()
        if f" {movement.name.replace('_', ' ')} " in text
    ]
    return max(found, key=lambda movement: len(movement.name), default=None)


def _side_in(words: list[str]) -> Side | Literal["both"] | None:
    left, right = (any(word in names for word in words) for names in (_LEFT, _RIGHT))
    if any(word in _BOTH for word in words) or (left and right):
        return "both"
    if left or right:
        return Side.LEFT if left else Side.RIGHT
    return None
