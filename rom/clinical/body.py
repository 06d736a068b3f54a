"""Places on the body as a person points at them: regions of the front and the back, left or right.

The regions are our own division (`body_regions.csv`). Each lies in one or more areas (neck,
shoulder, arm, …), which is how the safety questions, the muscles and the movements name places.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rom.clinical.tables import Row, read_table, text_of
from rom.errors import UsageError
from rom.landmarks import Side
from rom.movements import Movement, SideKind

View = Literal["front", "back"]

BOTH_SIDES = (Side.LEFT, Side.RIGHT)

_JOINT_AREAS: dict[str, frozenset[str]] = {
    "neck": frozenset({"neck"}),
    "shoulder": frozenset({"shoulder", "chest"}),
    "elbow": frozenset({"arm", "forearm"}),
    "forearm": frozenset({"forearm"}),
    "wrist": frozenset({"forearm", "hand"}),
    "hip": frozenset({"hip", "thigh"}),
    "knee": frozenset({"thigh", "calf"}),
    "ankle": frozenset({"calf", "shin", "foot"}),
    "trunk": frozenset({"trunk", "abdomen", "chest"}),
    "trunk and hips": frozenset({"trunk", "abdomen", "hip"}),
}


@dataclass(frozen=True)
class Region:
    """A region of the body map; `words` go on from "in" or "of", as in "the front of the knee"."""

    id: str
    view: View
    sided: bool
    areas: frozenset[str]
    words: str


@dataclass(frozen=True)
class Place:
    """A region on one side of the person; a side of None is unknown or both."""

    region: str
    side: Side | None = None

    @property
    def name(self) -> str:
        """As it is typed.

        >>> Place("knee_front", Side.LEFT).name
        'left_knee_front'
        """
        return f"{self.side.value}_{self.region}" if self.side else self.region

    @property
    def words(self) -> str:
        """For people.

        >>> Place("knee_front", Side.LEFT).words
        'the front of the knee (left)'
        """
        words = regions()[self.region].words
        return f"{words} ({self.side.value})" if self.side else words

    def on(self, sides: tuple[Side, ...]) -> bool:
        """Whether the place may lie on one of the sides."""
        return self.side is None or self.side in sides


@cache
def regions() -> dict[str, Region]:
    """All regions by name, front before back."""
    return {text_of(row, "region_id"): _region(row) for row in read_table("body_regions.csv")}


def place_named(name: str) -> Place:
    """Read a region with or without a side before it.

    Raises
    ------
    UsageError
        Unknown name, or a side of a region that has none; the message lists the nearest names.

    >>> place_named("right_calf")
    Place(region='calf', side=<Side.RIGHT: 'right'>)
    """
    if name in regions():
        return Place(name)
    prefix, _, region = name.partition("_")
    if prefix in ("left", "right"):
        if region in regions() and regions()[region].sided:
            return Place(region, Side(prefix))
        if region in regions():
            raise UsageError(f"Expected no side for {region}, got {name!r}; leave the side out")
    near = difflib.get_close_matches(region if prefix in ("left", "right") else name, regions())
    near = near or [each for each in regions() if name and name in each][:4]
    hint = f"did you mean {', '.join(near)}?" if near else "see `rom plan --regions`"
    raise UsageError(f"Expected a region of the body, got {name!r}: {hint}")


def places_named(names: tuple[str, ...] | list[str]) -> tuple[Place, ...]:
    """Read several places; one that is named twice counts once."""
    return tuple(dict.fromkeys(place_named(name) for name in names))


def movement_areas(movement: Movement) -> frozenset[str]:
    """The areas of the body that a movement works."""
    return _JOINT_AREAS[movement.joint]


def movement_sides(movement: Movement, side: Side | None) -> tuple[Side, ...]:
    """The sides of the body that a movement works: both where it bends or turns neck or trunk."""
    if movement.side_kind is SideKind.BODY and side is not None:
        return (side,)
    return BOTH_SIDES


def _region(row: Row) -> Region:
    view = text_of(row, "view")
    if view not in ("front", "back"):
        raise ValueError(f"view: expected front or back, got {view!r}")
    return Region(
        id=text_of(row, "region_id"),
        view="front" if view == "front" else "back",
        sided=text_of(row, "sided") == "yes",
        areas=frozenset(text_of(row, "areas").split(";")),
        words=text_of(row, "words"),
    )
