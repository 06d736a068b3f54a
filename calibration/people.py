"""The people who act in the clips: phenotypes in the parameters of the ``anny`` body model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Person:
    """One body shape.  Every number is a fraction of the model's range, 0 to 1.

    ``african_frac`` and ``asian_frac`` mix the facial morphology; the rest is caucasian.
    """

    name: str
    female_frac: float
    age_frac: float = 0.5
    muscle_frac: float = 0.5
    weight_frac: float = 0.45
    height_frac: float = 0.5
    proportions_frac: float = 0.5
    african_frac: float = 0.0
    asian_frac: float = 0.0

    @property
    def phenotype(self) -> dict[str, float]:
        """Keyword arguments of ``anny.Anny``."""
        return {
            "gender": self.female_frac,
            "age": self.age_frac,
            "muscle": self.muscle_frac,
            "weight": self.weight_frac,
            "height": self.height_frac,
            "proportions": self.proportions_frac,
            "cupsize": 0.5,
            "firmness": 0.6,
            "african": self.african_frac,
            "asian": self.asian_frac,
            "caucasian": 1.0 - self.african_frac - self.asian_frac,
        }


_SAMPLES = (
    Person(name="anna", female_frac=1.0, age_frac=0.55, weight_frac=0.45, height_frac=0.52),
    Person(name="ben", female_frac=0.0, age_frac=0.62, weight_frac=0.62, height_frac=0.5),
    Person(name="chidi", female_frac=0.0, muscle_frac=0.65, height_frac=0.58, african_frac=1.0),
    Person(name="dewi", female_frac=1.0, weight_frac=0.35, height_frac=0.58, asian_frac=1.0),
    Person(name="erik", female_frac=0.0, age_frac=0.85, muscle_frac=0.4, height_frac=0.42),
    Person(name="fatou", female_frac=1.0, weight_frac=0.6, african_frac=0.9),
    Person(name="greta", female_frac=1.0, age_frac=0.82, weight_frac=0.6, height_frac=0.4),
    Person(name="hiro", female_frac=0.0, age_frac=0.48, weight_frac=0.4, asian_frac=0.9),
)
_DEVELOPMENT = (
    Person(name="ines", female_frac=1.0, age_frac=0.5, weight_frac=0.3, height_frac=0.6),
    Person(name="jonas", female_frac=0.0, age_frac=0.52, muscle_frac=0.7, height_frac=0.65),
    Person(
        name="kofi",
        female_frac=0.0,
        age_frac=0.7,
        weight_frac=0.75,
        height_frac=0.4,
        african_frac=0.8,
    ),
    Person(name="lan", female_frac=1.0, age_frac=0.68, weight_frac=0.5, asian_frac=0.8),
    Person(name="maria", female_frac=1.0, age_frac=0.6, weight_frac=0.85, african_frac=0.3),
    Person(name="nils", female_frac=0.0, age_frac=0.9, muscle_frac=0.35, weight_frac=0.35),
    Person(name="omar", female_frac=0.0, weight_frac=0.55, african_frac=0.4, asian_frac=0.2),
    Person(name="pia", female_frac=1.0, age_frac=0.45, muscle_frac=0.65, height_frac=0.55),
)

PEOPLE: tuple[Person, ...] = _SAMPLES + _DEVELOPMENT
SAMPLE_PEOPLE: tuple[str, ...] = tuple(person.name for person in _SAMPLES)
DEVELOPMENT_PEOPLE: tuple[str, ...] = tuple(person.name for person in _DEVELOPMENT)
