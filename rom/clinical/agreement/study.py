"""All that a collection of pairs says: one result for each movement and instrument."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np

from rom.clinical.agreement.bland_altman import (
    FEWEST_PEOPLE,
    Estimate,
    Limits,
    kept_pairs,
    limits_of_agreement,
    proportional_bias,
)
from rom.clinical.agreement.icc import Reliability, reliability
from rom.clinical.agreement.pairs import (
    BaselinePair,
    Instrument,
    Paired,
    ReferencePair,
    people_of,
)
from rom.clinical.error import MDC95_PER_SEM
from rom.clinical.json_values import JsonValue, json_value

SCHEMA = "rom.agreement/1"

_P = TypeVar("_P", bound=Paired)


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How far pairs of one movement agree.

    Attributes
    ----------
    instrument
        What our values are held against; None for first against second set before.
    limits
        None with fewer than three people, `reason` says so.
    slope
        Of the difference on the mean, degrees per degree; None where it cannot be told.
    reliability, reliability_reason
        None with the reason where people have several pairs, or all readings are the same.
    mdc95_deg
        Smallest difference of two readings, one of each kind, that exceeds their error:
        1.96 · √2 · SEM, without the bias.
    """

    movement: str
    instrument: Instrument | None
    pairs: tuple[Paired, ...]
    people: int
    first_day: date
    last_day: date
    limits: Limits | None
    slope: Estimate | None
    reliability: Reliability | None
    reliability_reason: str | None
    reason: str | None

    @property
    def mdc95_deg(self) -> float | None:
        found = self.reliability
        return None if found is None else MDC95_PER_SEM * found.sem_consistency_deg

    @property
    def slope_told(self) -> bool:
        """Whether the difference grows or falls with the angle by more than chance."""
        return self.slope is not None and not self.slope.low <= 0.0 <= self.slope.high

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "movement": self.movement,
            "instrument": self.instrument,
            "people": self.people,
            "pairs": len(self.pairs),
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "limits": json_value(self.limits),
            "slope_deg_per_deg": json_value(self.slope),
            "reliability": json_value(self.reliability),
            "reliability_reason": self.reliability_reason,
            "mdc95_deg": json_value(self.mdc95_deg),
            "reason": self.reason,
        }


def agreements_with_instruments(pairs: Iterable[ReferencePair]) -> tuple[Agreement, ...]:
    """One result for each movement and instrument, in order of mention."""
    groups: dict[tuple[str, Instrument], list[ReferencePair]] = {}
    for pair in pairs:
        groups.setdefault((pair.movement, pair.instrument), []).append(pair)
    return tuple(
        _agreement(movement, instrument, group) for (movement, instrument), group in groups.items()
    )


def agreements_of_baselines(pairs: Iterable[BaselinePair]) -> tuple[Agreement, ...]:
    """One result for each movement: the second set before against the first."""
    groups: dict[str, list[BaselinePair]] = {}
    for pair in pairs:
        groups.setdefault(pair.movement, []).append(pair)
    return tuple(_agreement(movement, None, group) for movement, group in groups.items())


def in_order(pairs: Iterable[_P]) -> tuple[_P, ...]:
    """By day; pairs of one day keep their order."""
    return tuple(sorted(pairs, key=lambda pair: pair.day))


def _agreement(movement: str, instrument: Instrument | None, group: Sequence[Paired]) -> Agreement:
    pairs = in_order(group)
    people = [pair.person for pair in pairs]
    count = len(people_of(pairs))
    enough = count >= FEWEST_PEOPLE
    found, why_not = _reliability(pairs) if enough else (None, None)
    differences = [pair.difference_deg for pair in pairs]
    means = [sum(pair.values_deg) / 2 for pair in pairs]
    return Agreement(
        movement=movement,
        instrument=instrument,
        pairs=pairs,
        people=count,
        first_day=pairs[0].day,
        last_day=pairs[-1].day,
        limits=limits_of_agreement(differences, people) if enough else None,
        slope=proportional_bias(differences, means, people) if enough else None,
        reliability=found,
        reliability_reason=why_not,
        reason=None if enough else _too_few(count),
    )


def _reliability(pairs: Sequence[Paired]) -> tuple[Reliability | None, str | None]:
    kept = [pairs[index] for index in kept_pairs([pair.person for pair in pairs])]
    if len(kept) > len(people_of(kept)):
        return None, (
            "Not stated where people have several pairs: the coefficient takes every pair as"
            " another person."
        )
    found = reliability(np.array([pair.values_deg for pair in kept]))
    return found, None if found else "Not stated: all readings are the same."


def _too_few(count: int) -> str:
    people = "1 person" if count == 1 else f"{count} people"
    return f"Pairs of at least {FEWEST_PEOPLE} people are needed for limits; these are of {people}."
