"""What is filmed in a check: which movement and sides, how often, in which phase."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from rom.clinical.error import read_too_poorly
from rom.clinical.tables import number_of, read_table, text_of
from rom.errors import UsageError
from rom.landmarks import Side
from rom.movements import Movement, SideKind, measurable_movements, movement_named
from rom.protocol.constants import figure
from rom.records.entities import Phase


class Sides(StrEnum):
    """The sides that one clip shows; `NONE` for a movement without sides."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    NONE = "none"

    @property
    def each(self) -> tuple[Side | None, ...]:
        """The sides one by one, in order.

        >>> Sides.BOTH.each
        (<Side.LEFT: 'left'>, <Side.RIGHT: 'right'>)
        """
        if self is Sides.BOTH:
            return tuple(Side)
        return (None,) if self is Sides.NONE else (Side(self.value),)


@dataclass(frozen=True, kw_only=True)
class TakeRequest:
    """One clip to be filmed: repetitions of each side, and whether a warm-up comes before."""

    id: str
    phase: Phase
    movement: str
    sides: Sides
    warm_up: bool
    repetitions: int


@dataclass(frozen=True)
class ProfileMovement:
    """A movement of a region's profile and the sides that one clip of it shows."""

    movement: str
    sides: Sides


@cache
def profile_regions() -> dict[str, tuple[ProfileMovement, ...]]:
    """The movements of each region that has a profile, in order of filming."""
    found: dict[str, list[tuple[float, ProfileMovement]]] = {}
    readable = {each.name for each in checkable_movements()}
    for row in read_table("profile_movements.csv"):
        if row["movement_id"] not in readable:
            continue
        wanted = ProfileMovement(text_of(row, "movement_id"), Sides(text_of(row, "sides")))
        place = number_of(row, "order")
        found.setdefault(text_of(row, "region"), []).append((place, wanted))
    return {
        region: tuple(each for _, each in sorted(rows, key=lambda row: row[0]))
        for region, rows in found.items()
    }


def profile_of(region: str) -> tuple[ProfileMovement, ...]:
    """The movements of a region's profile.

    Raises
    ------
    UsageError
        A region that has no profile.
    """
    if region not in profile_regions():
        names = ", ".join(profile_regions())
        raise UsageError(f"Expected one of the regions {names}, got {region!r}; choose one")
    return profile_regions()[region]


def checkable_movements() -> tuple[Movement, ...]:
    """The movements that a check can be about: read well enough for a number."""
    return tuple(each for each in measurable_movements() if not read_too_poorly(each.name))


def sides_to_film(movement: str, side: Side | None) -> Sides:
    """What a clip about one movement and side shows.

    Neck and trunk are filmed to both directions, because only the whole arc does without a zero.

    Raises
    ------
    UsageError
        A side that is missing, or one that the movement does not have.

    >>> sides_to_film("cervical_rotation", Side.LEFT)
    <Sides.BOTH: 'both'>
    """
    known = movement_named(movement)
    if known.has_side != (side is not None):
        wanted = "left or right" if known.has_side else "no side"
        raise UsageError(f"Expected {wanted} for {movement}, got {side or 'none'}; correct it")
    if side is None:
        return Sides.NONE
    return Sides.BOTH if known.side_kind is SideKind.DIRECTION else Sides(side.value)


def take_request(
    number: int, phase: Phase, movement: str, sides: Sides, *, warm_up: bool = False
) -> TakeRequest:
    """A clip of as many repetitions as the protocol asks for."""
    return TakeRequest(
        id=f"{number}-{phase.value}",
        phase=phase,
        movement=movement,
        sides=sides,
        warm_up=warm_up,
        repetitions=int(figure("recorded_repetitions")),
    )
