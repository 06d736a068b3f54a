"""The people of the accuracy bench: 48 bodies in three splits that share no body and no look.

Bodies are drawn by Latin hypercube over age, build, weight, height and proportions within each
split, so that every split covers the range; sex alternates and origin goes round, and neither is
tied to the side that moves or to where the camera stands (`grid` sees to that).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from scipy.stats import qmc

from calibration.looks import Colour, Look
from calibration.people import Person

Split = Literal["fit", "tune", "report"]

SPLIT_SIZES: dict[Split, int] = {"fit": 24, "tune": 8, "report": 16}
COHORT_SEED = 20261121

_RANGES = {
    "age_frac": (0.45, 0.95),
    "muscle_frac": (0.30, 0.75),
    "weight_frac": (0.25, 0.90),
    "height_frac": (0.25, 0.60),
    "proportions_frac": (0.30, 0.70),
}
_ORIGINS = ("european", "african", "asian")
_SKINS = {
    "european": ("fair", "light", "olive"),
    "african": ("brown", "dark"),
    "asian": ("light", "olive"),
}
_HAIR = {
    "european": ("brown", "blond", "chestnut", "grey"),
    "african": ("black",),
    "asian": ("black", "grey"),
}


@dataclass(frozen=True, kw_only=True)
class Member:
    """One person of the cohort; ``index`` counts over all splits."""

    index: int
    split: Split
    person: Person
    look: Look

    @property
    def name(self) -> str:
        return self.person.name


@cache
def cohort() -> tuple[Member, ...]:
    """All members, split by split, the same in every run."""
    members: list[Member] = []
    for order, (split, size) in enumerate(SPLIT_SIZES.items()):
        rng = np.random.default_rng([COHORT_SEED, order])
        drawn = qmc.LatinHypercube(len(_RANGES), rng=rng).random(size)
        for number, fractions in enumerate(drawn):
            origin = _ORIGINS[number // 2 % len(_ORIGINS)]
            person = _person(f"{split}{number + 1:02d}", number % 2, origin, fractions, rng)
            members.append(
                Member(
                    index=len(members),
                    split=split,
                    person=person,
                    look=_look(person, origin, rng),
                )
            )
    return tuple(members)


def _person(
    name: str, female: int, origin: str, fractions: np.ndarray, rng: np.random.Generator
) -> Person:
    values = {
        key: round(float(low + fraction * (high - low)), 3)
        for (key, (low, high)), fraction in zip(_RANGES.items(), fractions, strict=True)
    }
    share = round(float(rng.uniform(0.6, 1.0)), 2)
    return Person(
        name=name,
        female_frac=round(float(female * 0.85 + rng.uniform(0.0, 0.15)), 2),
        african_frac=share if origin == "african" else 0.0,
        asian_frac=share if origin == "asian" else 0.0,
        **values,
    )


def _look(person: Person, origin: str, rng: np.random.Generator) -> Look:
    woman = person.female_frac > 0.5
    cuts = ("short", "bob", "bob") if woman else ("short", "short", "thinning")
    return Look(
        skin=str(rng.choice(_SKINS[origin])),
        hair="grey" if person.age_frac > 0.8 else str(rng.choice(_HAIR[origin])),
        hair_cut=str(rng.choice(cuts)),
        beard_frac=0.0 if woman else round(float(rng.choice((0.0, 0.3, 0.6))), 1),
        shirt=_colour(rng, 0.12, 0.8),
        stripe=_colour(rng, 0.1, 0.9),
        stripe_m=float(rng.choice((0.0, 0.0, 0.02, 0.04))),
        trousers=_colour(rng, 0.08, 0.55),
        shoes=_colour(rng, 0.1, 0.85),
        sleeve_segments=round(float(rng.choice((0.15, 0.55, 0.9, 1.85))), 2),
        leg_segments=round(float(rng.choice((0.5, 0.95, 1.85, 1.85))), 2),
    )


def _colour(rng: np.random.Generator, low: float, high: float) -> Colour:
    """A shade around a random grey, so that clothes are seldom garish."""
    red, green, blue = np.clip(rng.uniform(low, high) + rng.normal(0.0, 0.1, 3), 0.03, 0.95)
    return round(float(red), 3), round(float(green), 3), round(float(blue), 3)
