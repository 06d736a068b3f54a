"""Published example data, and pairs with chosen differences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from rom.clinical.agreement.pairs import BaselinePair, Conditions, ReferencePair
from rom.landmarks import Side

CONDITIONS = Conditions(
    yaw_deg=4.0, subject_height_frac=0.7, model_sha256="ab" * 32, correction="curve/1"
)

# Bland & Altman 1986 (doi:10.1016/S0140-6736(86)90837-8), table 1: first reading of 17 people with
# a large and a mini peak-flow meter, l/min.
LARGE_METER = (494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427)
MINI_METER = (512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451)

# Shrout & Fleiss 1979 (doi:10.1037/0033-2909.86.2.420), table 2: six targets, four judges.
SHROUT_FLEISS = (
    (9, 2, 5, 8),
    (6, 1, 3, 2),
    (8, 4, 6, 8),
    (7, 1, 2, 6),
    (10, 5, 6, 9),
    (6, 2, 4, 7),
)

# The example of pingouin's intraclass_corr: eight wines, four judges.
WINES = (
    (1, 2, 0, 1),
    (1, 3, 3, 2),
    (3, 8, 1, 4),
    (6, 4, 3, 3),
    (6, 5, 5, 6),
    (7, 5, 6, 2),
    (8, 7, 7, 9),
    (9, 9, 9, 8),
)

# Bland & Altman 1999 (doi:10.1177/096228029900800204), table 4: cardiac output by radionuclide
# ventriculography and by impedance cardiography, l/min; 12 people, 60 pairs.
CARDIAC_OUTPUT: tuple[tuple[tuple[float, float], ...], ...] = (
    ((7.83, 6.57), (7.42, 5.62), (7.89, 6.90), (7.12, 6.57), (7.88, 6.35)),
    ((6.16, 4.06), (7.26, 4.29), (6.71, 4.26), (6.54, 4.09)),
    ((4.75, 4.71), (5.24, 5.50), (4.86, 5.08), (4.78, 5.02), (6.05, 6.01), (5.42, 5.67)),
    ((4.21, 4.14), (3.61, 4.20), (3.72, 4.61), (3.87, 4.68), (3.92, 5.04)),
    ((3.13, 3.03), (2.98, 2.86), (2.85, 2.77), (3.17, 2.46), (3.09, 2.32), (3.12, 2.43)),
    ((5.92, 5.90), (6.42, 5.81), (5.92, 5.70), (6.27, 5.76)),
    ((7.13, 5.09), (6.62, 4.63), (6.58, 4.61), (6.93, 5.09)),
    ((4.54, 4.72), (4.81, 4.61), (5.11, 4.36), (5.29, 4.20), (5.39, 4.36), (5.57, 4.20)),
    ((4.48, 3.17), (4.92, 3.12), (3.97, 2.96)),
    ((4.22, 4.35), (4.65, 4.62), (4.74, 3.16), (4.44, 3.53), (4.50, 3.53)),
    ((6.78, 7.20), (6.07, 6.09), (6.52, 7.00), (6.42, 7.10), (6.41, 7.40), (5.76, 6.80)),
    ((5.06, 4.50), (4.72, 4.20), (4.90, 3.80), (4.80, 3.80), (4.90, 4.20), (5.10, 4.50)),
)


def reference_pairs(
    differences_deg: Sequence[float],
    *,
    people: Sequence[str] = (),
    movement: str = "shoulder_abduction",
    conditions: Conditions | None = CONDITIONS,
) -> list[ReferencePair]:
    """Goniometer pairs with these differences, a day and a person apart unless named."""
    names = people or [f"P{number:02d}" for number in range(len(differences_deg))]
    return [
        ReferencePair(
            person=name,
            movement=movement,
            side=Side.LEFT,
            rom_deg=120.0 + 3.0 * number + difference,
            reference_deg=120.0 + 3.0 * number,
            instrument="goniometer",
            day=date(2026, 3, 1) + timedelta(days=number),
            conditions=conditions,
        )
        for number, (name, difference) in enumerate(zip(names, differences_deg, strict=True))
    ]


def baseline_pairs(
    differences_deg: Sequence[float],
    *,
    person: str = "P07",
    side: Side = Side.LEFT,
    conditions: Conditions | None = CONDITIONS,
) -> list[BaselinePair]:
    """Pairs of sets before of one person with these differences, a day apart."""
    return [
        BaselinePair(
            person=person,
            movement="shoulder_abduction",
            side=side,
            pre1_deg=130.0,
            pre2_deg=130.0 + difference,
            day=date(2026, 3, 1) + timedelta(days=number),
            conditions=conditions,
        )
        for number, difference in enumerate(differences_deg)
    ]
