"""Two readings that belong together: ours and an instrument's, or two sets with nothing between."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from rom.clinical.assessment import Assessment
from rom.errors import UsageError
from rom.landmarks import Side
from rom.movements import SideKind, movement_named

Instrument = Literal["goniometer", "inclinometer", "other"]

INSTRUMENTS: tuple[Instrument, ...] = ("goniometer", "inclinometer", "other")
LARGEST_DEG = 360.0
LONGEST_NAME = 200

_UNSHOWN = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_DIRECTION_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They can make a line read other than it is; right-to-left letters need none of them."""


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """How a value was filmed and analysed, as far as its error depends on it.

    Attributes
    ----------
    yaw_deg
        Angle between the image plane and the movement plane; None where unknown.
    subject_height_frac
        Height of the person relative to the frame's, for the distance; None where unknown.
    model_sha256, correction
        As in `rom.clinical.assessment.Provenance`.
    """

    yaw_deg: float | None
    subject_height_frac: float | None
    model_sha256: str
    correction: str | None


class Paired(Protocol):
    """What the statistics need of a pair."""

    @property
    def person(self) -> str: ...
    @property
    def movement(self) -> str: ...
    @property
    def side(self) -> Side | None: ...
    @property
    def day(self) -> date: ...
    @property
    def conditions(self) -> Conditions | None: ...
    @property
    def values_deg(self) -> tuple[float, float]: ...
    @property
    def difference_deg(self) -> float: ...


@dataclass(frozen=True, kw_only=True)
class ReferencePair:
    """Our value of a set, and what somebody read from an instrument for the same set.

    Raises
    ------
    UsageError
        For a name that cannot be shown, an unknown movement or instrument, a side that does not
        fit the movement, or an angle that cannot be one.
    """

    person: str
    movement: str
    side: Side | None
    rom_deg: float
    reference_deg: float
    instrument: Instrument
    day: date
    conditions: Conditions | None = None

    def __post_init__(self) -> None:
        _check(self)
        check_instrument(self.instrument)

    @property
    def values_deg(self) -> tuple[float, float]:
        return self.rom_deg, self.reference_deg

    @property
    def difference_deg(self) -> float:
        """Ours minus the instrument's: positive where we read more."""
        return self.rom_deg - self.reference_deg


@dataclass(frozen=True, kw_only=True)
class BaselinePair:
    """The two sets before of one session, between which nothing was done but rest.

    Raises
    ------
    UsageError
        As `ReferencePair`.
    """

    person: str
    movement: str
    side: Side | None
    pre1_deg: float
    pre2_deg: float
    day: date
    conditions: Conditions | None = None

    def __post_init__(self) -> None:
        _check(self)

    @property
    def values_deg(self) -> tuple[float, float]:
        return self.pre2_deg, self.pre1_deg

    @property
    def difference_deg(self) -> float:
        """Second minus first: positive where the person went further the second time."""
        return self.pre2_deg - self.pre1_deg


def conditions_of(assessment: Assessment) -> Conditions:
    """How a recording was filmed and analysed."""
    view = assessment.view
    return Conditions(
        yaw_deg=view.yaw_deg if view else None,
        subject_height_frac=view.subject_height_frac if view else None,
        model_sha256=assessment.provenance.model_sha256,
        correction=assessment.provenance.correction,
    )


def instrument_words(instrument: Instrument) -> str:
    """An instrument with its article."""
    return {
        "goniometer": "a goniometer",
        "inclinometer": "an inclinometer",
        "other": "another instrument",
    }[instrument]


def people_of(pairs: Iterable[Paired]) -> tuple[str, ...]:
    """The people, each once, in order of mention."""
    return tuple(dict.fromkeys(pair.person for pair in pairs))


def check_person(person: str) -> str:
    """Return a name; raise UsageError for one that is empty, too long or cannot be shown."""
    if not person.strip() or len(person) > LONGEST_NAME or not _shown(person):
        raise UsageError(
            f"Expected a person's name or number of 1 to {LONGEST_NAME} characters that can be"
            f" shown, got {ascii(person[:40])}; correct it"
        )
    return person


def check_side(movement: str, side: Side | None) -> None:
    """Raise UsageError for an unknown movement, or a side that does not fit it."""
    kind = movement_named(movement).side_kind
    if (side is None) != (kind is SideKind.NONE):
        wanted = "no side" if kind is SideKind.NONE else "left or right"
        raise UsageError(
            f"Expected {wanted} for {movement}, got {side.value if side else 'none'}; correct it"
        )


def check_angle(value_deg: float) -> float:
    """Return an angle; raise UsageError for one that no joint has."""
    if not math.isfinite(value_deg) or abs(value_deg) > LARGEST_DEG:
        raise UsageError(
            f"Expected an angle of -{LARGEST_DEG:g} to {LARGEST_DEG:g} degrees, got"
            f" {value_deg:g}; correct it"
        )
    return value_deg


def check_instrument(name: str) -> Instrument:
    """Return an instrument; raise UsageError for an unknown one."""
    for known in INSTRUMENTS:
        if name == known:
            return known
    raise UsageError(
        f"Expected an instrument ({', '.join(INSTRUMENTS)}), got {name[:40]!r}; correct it"
    )


def _shown(name: str) -> bool:
    """Whether a name is one line that reads as it is written, in any script."""
    return not any(
        unicodedata.category(each) in _UNSHOWN or each in _DIRECTION_OVERRIDES for each in name
    )


def _check(pair: Paired) -> None:
    check_person(pair.person)
    check_side(pair.movement, pair.side)
    for value_deg in pair.values_deg:
        check_angle(value_deg)
