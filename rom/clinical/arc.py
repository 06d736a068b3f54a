"""The full arc of a movement filmed to both directions in one clip: left and right together.

A direction counts from where the person rested, and that moves whenever they settle again. What
the zero gives one direction it takes from the other, so it is not in their sum.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from rom.clinical.assessment import Assessment
from rom.clinical.json_values import JsonValue, json_value
from rom.clinical.norms import Bound
from rom.landmarks import Side
from rom.movements import MOVEMENTS, SideKind


@dataclass(frozen=True, kw_only=True)
class Arc:
    """Both directions of one clip.

    Attributes
    ----------
    left_deg, right_deg
        The set's value to each direction, positive away from the zero of the clip.
    sem_deg
        Standard error of their sum, for change within this person and session.
    bound
        "at_least" when a direction went further than the reading is good for.
    """

    left_deg: float
    right_deg: float
    sem_deg: float
    bound: Bound = "exact"

    @property
    def value_deg(self) -> float:
        """From one end to the other; no zero is needed for it."""
        return self.left_deg + self.right_deg

    def to_json(self) -> dict[str, JsonValue]:
        named = ("value_deg", "left_deg", "right_deg", "sem_deg", "bound")
        return {name: json_value(getattr(self, name)) for name in named}


@dataclass(frozen=True, kw_only=True)
class Arcs:
    """The arcs of the sets of a comparison; `pre1` is None where only the second set has one."""

    pre1: Arc | None
    post: Arc
    pre2: Arc | None = None

    def __post_init__(self) -> None:
        if self.pre1 is None and self.pre2 is None:
            raise ValueError("expected an arc before, got none")

    @property
    def baseline(self) -> Arc:
        """The arc that the change is counted from."""
        found = self.pre2 or self.pre1
        assert found is not None
        return found

    def to_json(self) -> dict[str, JsonValue]:
        sets = {"pre1": self.pre1, "pre2": self.pre2, "post": self.post}
        return {name: each.to_json() if each else None for name, each in sets.items()}


@dataclass(frozen=True, kw_only=True, eq=False)
class Opposite:
    """The other direction of the sets of a comparison, each from the same clip as its set.

    None where it was not filmed or not measured.
    """

    pre1: Assessment | None = None
    pre2: Assessment | None = None
    post: Assessment | None = None


def both_directions(movement: str) -> bool:
    """Whether a movement is named by its direction, so that one clip shows both.

    >>> both_directions("cervical_rotation"), both_directions("knee_flexion")
    (True, False)
    """
    known = MOVEMENTS.get(movement)
    return known is not None and known.side_kind is SideKind.DIRECTION


def arc_sem_deg(left_sem_deg: float, right_sem_deg: float) -> float:
    """Standard error of an arc: each direction's own error once, and none of the zero besides.

    An error of the zero that is within the two figures enters them with opposite signs, so the
    root of the sum of squares can be too large by it and never too small.

    >>> round(arc_sem_deg(3.0, 4.0), 1)
    5.0
    """
    return math.hypot(left_sem_deg, right_sem_deg)


def arc_of(one: Assessment | None, other: Assessment | None) -> Arc | None:
    """The arc of two directions measured in the same clip; None where one is missing."""
    if one is None or other is None or not both_directions(one.movement):
        return None
    by_side = {each.side: each for each in (one, other) if each.measured}
    if one.movement != other.movement or not {*Side} <= by_side.keys():
        return None
    left, right = by_side[Side.LEFT], by_side[Side.RIGHT]
    assert left.value_deg is not None and left.sem_deg is not None
    assert right.value_deg is not None and right.sem_deg is not None
    return Arc(
        left_deg=left.value_deg,
        right_deg=right.value_deg,
        sem_deg=arc_sem_deg(left.sem_deg, right.sem_deg),
        bound="at_least" if "at_least" in (left.bound, right.bound) else "exact",
    )


def arcs_of(
    pre1: Assessment, post: Assessment, pre2: Assessment | None, opposite: Opposite | None
) -> Arcs | None:
    """The arcs of the sets of a comparison; None unless both ends of the change have one."""
    if opposite is None:
        return None
    first, last = arc_of(pre1, opposite.pre1), arc_of(post, opposite.post)
    second = None if pre2 is None else arc_of(pre2, opposite.pre2)
    before = first if pre2 is None else second
    if before is None or last is None:
        return None
    return Arcs(pre1=first, pre2=second, post=last)
