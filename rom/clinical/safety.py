"""What stops a session at any step: a high pain rating, one that rises, or a symptom.

The limits stand in `pain_stops.csv`, the symptoms in `stop_symptoms.csv` (red flags F19 and F20
of `redflags.csv` and the dose rule of `trigger_points.csv`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rom.clinical.tables import Row, number_of, read_table, text_of
from rom.errors import UsageError

RATING_MAX = 10.0

Ends = Literal["session", "spot"]


@dataclass(frozen=True)
class Stop:
    """Why to stop, and what to do; `ends` says whether the session or only this spot ends."""

    code: str
    ends: Ends
    message: str


def check_rating(value: float) -> float:
    """Return a rating of pain or pressure, 0 (none) to 10 (worst).

    Raises
    ------
    UsageError
        Outside 0 to 10, or not a number.
    """
    if not (math.isfinite(value) and 0.0 <= value <= RATING_MAX):
        raise UsageError(f"Expected a rating from 0 to 10, got {value:g}; give it again")
    return value


def rating_stop(rating: float, *, reference: float | None) -> Stop | None:
    """The reason to stop that a rating gives, if any.

    Parameters
    ----------
    rating
        0 to 10, of pain or of the discomfort under pressure.
    reference
        The rating that it started from, on the same scale; None for the first.

    >>> rating_stop(5, reference=4) is None
    True
    >>> rating_stop(6, reference=4).code
    'pain_up'
    """
    check_rating(rating)
    if rating >= _limit("pain_high"):
        return _pain_stop("pain_high")
    if reference is not None and rating - reference >= _limit("pain_up"):
        return _pain_stop("pain_up")
    return None


@cache
def pain_limits() -> dict[str, float]:
    """By the name of their rule, the ratings and rises from which a session stops.

    >>> pain_limits()
    {'pain_high': 8.0, 'pain_up': 2.0}
    """
    return {text_of(row, "rule"): number_of(row, "limit") for row in read_table("pain_stops.csv")}


@cache
def symptoms() -> dict[str, str]:
    """The names of the symptoms to stop at, with their words for people."""
    return {text_of(row, "symptom"): text_of(row, "words") for row in _symptom_rows()}


def symptom_stop(symptom: str) -> Stop:
    """What a symptom ends, and what to do.

    Raises
    ------
    UsageError
        Not one of `symptoms`.
    """
    for row in _symptom_rows():
        if row["symptom"] == symptom:
            ends = text_of(row, "ends")
            if ends not in ("session", "spot"):
                raise ValueError(f"ends: expected session or spot, got {ends!r}")
            message = text_of(row, "message")
            return Stop(symptom, "session" if ends == "session" else "spot", message)
    raise UsageError(f"Expected one of {', '.join(symptoms())}, got {symptom!r}; say which it is")


def _limit(rule: str) -> float:
    return pain_limits()[rule]


def _pain_stop(rule: str) -> Stop:
    return Stop(rule, "session", text_of(_pain_rule(rule), "message"))


def _pain_rule(rule: str) -> Row:
    return next(row for row in read_table("pain_stops.csv") if row["rule"] == rule)


def _symptom_rows() -> tuple[Row, ...]:
    return read_table("stop_symptoms.csv")
