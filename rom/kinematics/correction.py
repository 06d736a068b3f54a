"""From what the landmarks read to what a goniometer would: one line for each reading.

The pose model bends its landmarks towards common poses, which compresses or shifts a reading in
the same way for everybody. The lines are fitted on rendered people with known angles; their table
carries the figures behind each of them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rom.landmarks import FloatArray

NAME = "linear/1"
"""Travels with every result, so that values of different corrections are never compared."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """truth = intercept_deg + slope * reading."""

    intercept_deg: float
    slope: float


@cache
def correction_lines() -> dict[str, Line]:
    """The fitted lines by reading; a reading without one is taken as it is."""
    text = (files("rom.kinematics") / "data" / "correction.csv").read_text("utf-8")
    return {
        row["reading"]: Line(intercept_deg=float(row["intercept_deg"]), slope=float(row["slope"]))
        for row in csv.DictReader(text.splitlines())
    }


def correct_reading(reading: str, angle_deg: FloatArray) -> FloatArray:
    """(T,) corrected angle in the reading's own direction."""
    line = correction_lines().get(reading)
    if line is None:
        return angle_deg
    corrected: FloatArray = line.intercept_deg + line.slope * angle_deg
    return corrected
