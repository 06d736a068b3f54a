"""Usual range of a movement at an age, and where a value lies against it.

A value is called below the usual range only when it is so by more than its own error:
value < p5 − U with U = 1.645 · accuracy / 1.96. Between that and p5 it lies near the lower end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from rom.clinical.tables import Row, number_of, optional_number_of, read_table, text_of

Bound = Literal["exact", "at_least"]
Position = Literal["below", "near_lower_end", "within", "not_stated"]
Sex = Literal["M", "F"]

ONE_SIDED_95 = 1.645
TWO_SIDED_95 = 1.96


@dataclass(frozen=True, kw_only=True)
class NormalRange:
    """Usual range for a person, and the place of a value in it.

    Attributes
    ----------
    lower_deg
        5th percentile; None where no range may be stated.
    mean_deg
        Mean of the reference; None where no range may be stated.
    position
        "below" (clearly), "near_lower_end" (possibly), "within" or "not_stated".
    source, evidence
        Basis of the figures and its evidence mark, to be shown with them.
    reason
        Why the position is not stated, in words for the user; None otherwise.
    missing
        What the user could give so that it can be stated: "age", "sex".
    """

    lower_deg: float | None
    mean_deg: float | None
    position: Position
    source: str
    evidence: str
    reason: str | None = None
    missing: tuple[str, ...] = ()


def normal_range(
    movement: str,
    age: float | None,
    sex: Sex | None,
    value_deg: float | None,
    accuracy_deg: float,
    *,
    bound: Bound = "exact",
) -> NormalRange | None:
    """Compare a value with the usual range of the person's age and sex.

    None without a value, for a movement without a table row, or at an age outside the table
    (under 18). "not_stated" with a reason for camera grade C, for an unknown age, for a bound
    that says too little, and for an unknown sex where it decides: then the rows of both sexes
    are asked and a position is given only if they agree, with the lower limit of the two.
    """
    rows = [row for row in read_table("norm_defaults.csv") if row["movement_id"] == movement]
    if not rows or value_deg is None or not math.isfinite(value_deg):
        return None
    if rows[0]["camera_grade"] == "C":
        return _not_stated(rows[0], "One camera is not good enough here to compare with others.")
    if age is None:
        return _not_stated(rows[0], "The usual range depends on age; no age was given.", "age")
    rows = [row for row in rows if _holds(row, age, sex)]
    if not rows:
        return None
    positions = {_position(row, value_deg, accuracy_deg, bound) for row in rows}
    row = min(rows, key=lambda each: number_of(each, "p5_deg"))
    if len(positions) > 1:
        return _not_stated(row, "The usual range differs by sex; none was given.", "sex")
    position = positions.pop()
    reason = None
    if position == "not_stated":
        reason = "The value is a lower bound, so its place in the usual range is open."
    return NormalRange(
        lower_deg=number_of(row, "p5_deg"),
        mean_deg=number_of(row, "ref_mean_deg"),
        position=position,
        source=text_of(row, "basis"),
        evidence=text_of(row, "evidence_status"),
        reason=reason,
    )


def norm_uncertainty_deg(accuracy_deg: float) -> float:
    """One-sided 95 % margin U of a value with this two-sided 95 % half-width."""
    return ONE_SIDED_95 * accuracy_deg / TWO_SIDED_95


def _holds(row: Row, age: float, sex: Sex | None) -> bool:
    in_band = number_of(row, "age_min") <= math.floor(age) <= number_of(row, "age_max")
    return in_band and (sex is None or sex in text_of(row, "sex"))


def _position(row: Row, value_deg: float, accuracy_deg: float, bound: Bound) -> Position:
    lower_deg = number_of(row, "p5_deg")
    if value_deg >= lower_deg:
        return "within"
    if bound == "at_least":
        return "not_stated"
    clearly = value_deg < lower_deg - norm_uncertainty_deg(accuracy_deg)
    return "below" if clearly and _deficit_counts(row, value_deg) else "near_lower_end"


def _deficit_counts(row: Row, value_deg: float) -> bool:
    """Whether the deficit exceeds what the table asks for, from the mean or from straight (0)."""
    minimum_deg = optional_number_of(row, "min_deficit_deg")
    if minimum_deg is None:
        return True
    origin = text_of(row, "deficit_from")
    if origin == "mean":
        return number_of(row, "ref_mean_deg") - value_deg >= minimum_deg
    if origin == "straight":
        return -value_deg > minimum_deg
    raise ValueError(f"deficit_from: expected mean or straight, got {origin!r}")


def _not_stated(row: Row, reason: str, *missing: str) -> NormalRange:
    return NormalRange(
        lower_deg=None,
        mean_deg=None,
        position="not_stated",
        source=text_of(row, "basis"),
        evidence=text_of(row, "evidence_status"),
        reason=reason,
        missing=missing,
    )
