"""Muscles worth trying: from a limited movement and where it hurts to a ranked short list.

Which muscles can limit a movement, in which order they are suggested and where pain from them is
felt stand in `movement_muscle_map.csv` and `trigger_points.csv`, after Travell and Simons and
Davies. The regions by which places are matched are our own reading of those words. Feeling for
such spots is not reliable (Lucas 2009), so the list offers and never claims to have found one.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rom.clinical.body import BOTH_SIDES, Place
from rom.clinical.guidance import guidance_words
from rom.clinical.tables import Row, number_of, read_table, text_of
from rom.errors import UsageError
from rom.landmarks import Side
from rom.movements import Movement, movement_named

LimitedMovement = tuple[str, Side | None]
"""Name of a movement, and the side where it has one."""

HomeUse = Literal["yes", "light", "professional_only"]

_HOME_USES: tuple[HomeUse, ...] = ("yes", "light", "professional_only")


@dataclass(frozen=True, kw_only=True)
class Dose:
    """How long and how strong to press one spot.

    Attributes
    ----------
    hold_min_s, hold_default_s, hold_max_s
        Time of steady pressure.
    strength_min, strength_max
        Discomfort to aim for, 0 to 10.
    """

    hold_min_s: float
    hold_default_s: float
    hold_max_s: float
    strength_min: float
    strength_max: float

    @property
    def strength_words(self) -> str:
        if self.strength_min > 0:
            return f"{self.strength_min:g} to {self.strength_max:g} of 10"
        return f"at most {self.strength_max:g} of 10"


@dataclass(frozen=True, kw_only=True)
class Muscle:
    """One row of `trigger_points.csv`.

    Attributes
    ----------
    areas
        Areas of the body that it lies in, for the safety questions.
    both_at_once
        Whether left and right are pressed together.
    location, referral, technique, tool, avoid
        In words for the user; `avoid` is None where there is nothing in particular.
    dose
        None for a muscle that is for a professional's hands: it is never timed.
    max_rounds_per_day, max_spots_per_session
        Limits for each spot, and for all spots together.
    source, evidence, evidence_note
        To be shown with the facts.
    """

    id: str
    name: str
    areas: frozenset[str]
    both_at_once: bool
    location: str
    location_regions: tuple[str, ...]
    referral: str
    referral_regions: tuple[str, ...]
    technique: str
    tool: str
    home_use: HomeUse
    dose: Dose | None
    max_rounds_per_day: int
    max_spots_per_session: int
    avoid: str | None
    source: str
    evidence: str
    evidence_note: str | None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A muscle worth trying, on the sides where it can limit the movement.

    `rank` counts from 1; `reasons` say in words why it stands there.
    """

    muscle: Muscle
    sides: tuple[Side, ...]
    rank: int
    reasons: tuple[str, ...]

    @property
    def guided(self) -> bool:
        """Whether a person alone may be guided through it."""
        return self.muscle.dose is not None


@cache
def muscles() -> dict[str, Muscle]:
    """All muscles by name, in the order of the table."""
    return {text_of(row, "muscle_id"): _muscle(row) for row in read_table("trigger_points.csv")}


def muscle_named(name: str) -> Muscle:
    """Look up a muscle.

    Raises
    ------
    UsageError
        Unknown name; the message lists the nearest ones.

    >>> muscle_named("soleus").name
    'soleus (lower calf)'
    """
    if name in muscles():
        return muscles()[name]
    near = difflib.get_close_matches(name, muscles(), n=4, cutoff=0.45)
    hint = f"did you mean {', '.join(near)}?" if near else f"one of {', '.join(muscles())}"
    raise UsageError(f"Expected the name of a muscle, got {name!r}: {hint}")


def muscles_worth_trying(
    movement: str,
    side: Side | None,
    hurts: tuple[Place, ...] = (),
    *,
    also_limited: tuple[LimitedMovement, ...] = (),
) -> tuple[Candidate, ...]:
    """Rank the muscles that can limit a movement, the most worth trying first.

    Muscles for a professional's hands stand last. Among the others those come first that lie, or
    whose pain is felt, in more of the places that hurt; then those that can limit more of the
    other limited movements; then the order of the table counts. Empty where the table lists no
    muscle.

    Raises
    ------
    UsageError
        Unknown movement, a side that is missing, or one that the movement does not have.
    """
    rows = _rows_of(movement, side)
    others = tuple((name, way) for name, way in also_limited if (name, way) != (movement, side))
    found = [_Found.of(row, side, hurts, others) for row in rows]
    found.sort(key=lambda each: each.sort_key)
    return tuple(each.candidate(rank, len(rows)) for rank, each in enumerate(found, start=1))


@dataclass(frozen=True)
class _Found:
    """A muscle with what decides its rank."""

    muscle: Muscle
    order: int
    when: str | None
    sides: tuple[Side, ...]
    referred: tuple[Place, ...]
    local: tuple[Place, ...]
    also: tuple[str, ...]

    @classmethod
    def of(
        cls,
        row: Row,
        side: Side | None,
        hurts: tuple[Place, ...],
        others: tuple[LimitedMovement, ...],
    ) -> _Found:
        muscle = muscle_named(text_of(row, "muscle_id"))
        sides = _muscle_sides(text_of(row, "muscle_side"), side)
        return cls(
            muscle=muscle,
            order=int(number_of(row, "order")),
            when=row["when"],
            sides=_sides_that_hurt(muscle, sides, hurts),
            referred=_felt_in(muscle.referral_regions, sides, hurts),
            local=_felt_in(muscle.location_regions, sides, hurts),
            also=_also_limits(muscle, sides, others),
        )

    @property
    def sort_key(self) -> tuple[bool, int, int, int]:
        places = {*self.referred, *self.local}
        return self.muscle.dose is None, -len(places), -len(self.also), self.order

    def candidate(self, rank: int, count: int) -> Candidate:
        reasons = [f"No. {self.order} of {count} in our list for this movement{self._when()}."]
        if self.referred:
            reasons.append(f"Pain from it is often felt in {_and(self.referred)}, where it hurts.")
        local = tuple(place for place in self.local if place not in self.referred)
        if local:
            reasons.append(f"It lies at {_and(local)}, where it hurts.")
        if self.also:
            reasons.append(f"It can also limit this: {'; '.join(self.also)}.")
        if self.muscle.dose is None:
            reasons.append(guidance_words("professional"))
        return Candidate(muscle=self.muscle, sides=self.sides, rank=rank, reasons=tuple(reasons))

    def _when(self) -> str:
        return f" ({self.when})" if self.when else ""


def _rows_of(movement: str, side: Side | None) -> list[Row]:
    """The rows of a movement in the table, once movement and side are checked."""
    _check_side(movement_named(movement), side)
    return [row for row in read_table("movement_muscle_map.csv") if row["movement_id"] == movement]


def _also_limits(
    muscle: Muscle, sides: tuple[Side, ...], others: tuple[LimitedMovement, ...]
) -> tuple[str, ...]:
    """Plain words for the other limited movements that the muscle can limit, too."""
    found = []
    for name, side in others:
        rows = (row for row in _rows_of(name, side) if row["muscle_id"] == muscle.id)
        if any(set(_muscle_sides(text_of(row, "muscle_side"), side)) & set(sides) for row in rows):
            found.append(movement_named(name).title_for(side))
    return tuple(dict.fromkeys(found))


def _check_side(movement: Movement, side: Side | None) -> None:
    if movement.has_side and side is None:
        raise UsageError(f"Expected a side for {movement.name}, got none; say left or right")
    if not movement.has_side and side is not None:
        raise UsageError(f"Expected no side for {movement.name}, which has none; leave it out")


def _muscle_sides(relation: str, side: Side | None) -> tuple[Side, ...]:
    if relation == "both" or side is None:
        return BOTH_SIDES
    if relation == "same":
        return (side,)
    if relation == "opposite":
        return (side.other,)
    raise ValueError(f"muscle_side: expected same, opposite or both, got {relation!r}")


def _felt_in(
    names: tuple[str, ...], sides: tuple[Side, ...], hurts: tuple[Place, ...]
) -> tuple[Place, ...]:
    return tuple(place for place in hurts if place.region in names and place.on(sides))


def _sides_that_hurt(
    muscle: Muscle, sides: tuple[Side, ...], hurts: tuple[Place, ...]
) -> tuple[Side, ...]:
    """Of two possible sides the one that hurts, if that is only one."""
    regions = muscle.referral_regions + muscle.location_regions
    sore = {place.side for place in _felt_in(regions, sides, hurts)}
    if muscle.both_at_once or None in sore:
        return sides
    return tuple(side for side in sides if side in sore) or sides


def _and(places: tuple[Place, ...]) -> str:
    return " and ".join(place.words for place in places)


def _muscle(row: Row) -> Muscle:
    home_use = next(use for use in _HOME_USES if use == text_of(row, "home_use"))
    return Muscle(
        id=text_of(row, "muscle_id"),
        name=text_of(row, "name"),
        areas=frozenset(text_of(row, "areas").split(";")),
        both_at_once=text_of(row, "press") == "both_at_once",
        location=text_of(row, "location"),
        location_regions=tuple(text_of(row, "location_regions").split(";")),
        referral=text_of(row, "referral"),
        referral_regions=tuple(text_of(row, "referral_regions").split(";")),
        technique=text_of(row, "technique"),
        tool=text_of(row, "tool"),
        home_use=home_use,
        dose=None if home_use == "professional_only" else _dose(row),
        max_rounds_per_day=int(number_of(row, "max_rounds_per_day")),
        max_spots_per_session=int(number_of(row, "max_spots_per_session")),
        avoid=row["avoid"],
        source=text_of(row, "source"),
        evidence=text_of(row, "evidence_status"),
        evidence_note=row["evidence_note"],
    )


def _dose(row: Row) -> Dose:
    return Dose(
        hold_min_s=number_of(row, "seconds_min"),
        hold_default_s=number_of(row, "seconds_default"),
        hold_max_s=number_of(row, "seconds_max"),
        strength_min=number_of(row, "strength_min"),
        strength_max=number_of(row, "strength_max"),
    )
