"""Whether a side fits its movement."""

from __future__ import annotations

from rom.errors import UsageError
from rom.movements import Movement, SideKind


def check_side(movement: Movement, side: str | None, *, both_allowed: bool) -> None:
    """Check that a side is given where the movement has one, and only there.

    Raises
    ------
    UsageError
        The side is missing or does not belong to the movement.
    """
    if movement.side_kind is SideKind.NONE:
        if side is not None:
            raise UsageError(
                f"Expected no --side for {movement.name}, which has none, got {side}; leave it out"
            )
    elif movement.side_kind in (SideKind.BODY, SideKind.DIRECTION):
        if side is None:
            choices = "left, right or both" if both_allowed else "left or right"
            meaning = (
                "side of the person" if movement.side_kind is SideKind.BODY else "way moved to"
            )
            raise UsageError(
                f"Expected a side for {movement.name}, got none; add --side {choices}"
                f" (the {meaning})"
            )
    else:
        raise AssertionError(movement.side_kind)
