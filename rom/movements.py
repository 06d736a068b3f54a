"""The catalogue of movements (`movements.toml`), each written once without a side.

Zero and sign are the same everywhere: 0 is the anatomical neutral position and positive is the
direction that the movement is named after. Names are those of the table of usual ranges.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any

from rom.errors import UsageError
from rom.landmarks import Side


class SideKind(StrEnum):
    """What `side` means for a movement."""

    BODY = "side of the body"
    DIRECTION = "direction moved to"
    NONE = "none"


class View(StrEnum):
    """Where the camera stands, seen from the person."""

    FRONT = "front"
    SIDE = "side"
    OBLIQUE_SIDE = "side, turned 20 to 30° towards the front"
    FACE = "front, head and shoulders filling the picture"


class Extra(StrEnum):
    """What has to be found besides the 33 body landmarks."""

    NONE = "none"
    FACE = "face"
    HAND = "hand"


@dataclass(frozen=True, kw_only=True)
class Movement:
    """One motion of one joint, as it is asked for, filmed and read.

    Attributes
    ----------
    name
        Identifier, as in the table of usual ranges.
    title
        Plain words, with `{side}` where the side belongs.
    joint, motion
        Terms of the field.
    grade
        Camera grade: A and B are compared with usual ranges, C never.
    reading
        Name of the angle in `rom.kinematics.angles`; the same reading may serve two movements.
    sign
        +1 when the reading grows in the named direction, -1 when it falls.
    landmarks
        Joint names that must be seen, without side; `both:` marks those needed on both sides.
    zeroed
        Whether the angle counts from the person's own resting position in this recording.
    min_amplitude_deg
        Smallest excursion that counts as a repetition.
    plausible_deg
        Lowest and highest value that a human joint reaches; beyond it the reading is wrong.
    not_measurable
        Why one camera cannot measure it; None when it can.
    """

    name: str
    title: str
    joint: str
    motion: str
    side_kind: SideKind
    grade: str
    view: View
    position: str
    start: str
    instruction: str
    zero: str
    reading: str = ""
    sign: int = 1
    landmarks: tuple[str, ...] = ()
    extra: Extra = Extra.NONE
    zeroed: bool = False
    min_amplitude_deg: float = 15.0
    plausible_deg: tuple[float, float] = (-30.0, 190.0)
    not_measurable: str | None = None

    @property
    def measurable(self) -> bool:
        return self.not_measurable is None

    @property
    def has_side(self) -> bool:
        return self.side_kind is not SideKind.NONE

    def title_for(self, side: Side | None) -> str:
        """Plain words with the side filled in, or for both sides together without one.

        >>> movement_named("knee_flexion").title_for(Side.LEFT)
        'left knee, heel towards the buttock'
        >>> movement_named("trunk_lateral_flexion").title_for(None)
        'trunk, bending'
        """
        words = self.title.replace("{side}", side.value if side else "")
        words = " ".join(words.split()).strip(" ,")
        return words if side else words.removesuffix(" to the")

    def instruction_for(self, side: Side | None) -> str:
        """The instruction with the side filled in."""
        words = self.instruction.replace("{side}", side.value if side else "one")
        return " ".join(words.split())


def _movement(name: str, fields: dict[str, Any]) -> Movement:
    fields = dict(fields)
    fields["side_kind"] = SideKind[fields["side_kind"].upper()]
    fields["view"] = View[fields["view"].upper()]
    fields["extra"] = Extra[fields.get("extra", "none").upper()]
    for pair in ("landmarks", "plausible_deg"):
        if pair in fields:
            fields[pair] = tuple(fields[pair])
    return Movement(name=name, **fields)


def _read_catalogue() -> dict[str, Movement]:
    text = (files("rom") / "movements.toml").read_text("utf-8")
    return {name: _movement(name, fields) for name, fields in tomllib.loads(text).items()}


MOVEMENTS: dict[str, Movement] = _read_catalogue()


def measurable_movements() -> Iterator[Movement]:
    """The movements that one camera can measure."""
    return (movement for movement in MOVEMENTS.values() if movement.measurable)


def movement_named(name: str) -> Movement:
    """Look up a movement by name.

    Raises
    ------
    UsageError
        Unknown name; the message lists the nearest ones.

    >>> movement_named("knee_flexion").joint
    'knee'
    """
    try:
        return MOVEMENTS[name]
    except KeyError:
        near = difflib.get_close_matches(name, MOVEMENTS, n=4, cutoff=0.45)
        hint = f"did you mean {', '.join(near)}?" if near else "see `rom movements`."
        raise UsageError(f"Expected the name of a movement, got {name!r}: {hint}") from None
