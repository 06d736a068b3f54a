"""From what the landmarks read to what a goniometer would, one curve for each reading.

The pose model bends its landmarks towards common poses, and a camera off the plane sees a limb
turn by another angle than it does; both act alike on everybody. The curves are fitted on rendered
people with known angles (`calibration/fit.py`); their table carries the figures behind each.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from rom.landmarks import FloatArray

NAME = "curve-and-view/3"
"""Travels with every result, so that values of different corrections are never compared."""

TERMS = (
    "one",
    "sin",
    "cos",
    "off",
    "off_sin",
    "off_cos",
    "off2",
    "off2_sin",
    "off2_cos",
    "sin2",
    "cos2",
)
OFF_UNIT_DEG = 30.0
FITTED_OFF_DEG = 35.0
"""Beyond this view no poses were fitted, so the view's part stays what it is there."""


@dataclass(frozen=True, eq=False)
class Curve:
    """truth - reading = coefficients_deg . basis(reading, off)."""

    coefficients_deg: FloatArray


def correction_basis(reading_deg: FloatArray, off_deg: float | FloatArray) -> FloatArray:
    """(..., 11) terms of the correction: a curve over the reading, and how the view bends it.

    Parameters
    ----------
    reading_deg
        Uncorrected angle in the reading's own direction.
    off_deg
        Signed angle of the camera off the plane of the movement, as `rom.quality.view` has it.
    """
    angle = np.radians(reading_deg)
    off = np.clip(np.nan_to_num(off_deg), -FITTED_OFF_DEG, FITTED_OFF_DEG) / OFF_UNIT_DEG
    off = np.broadcast_to(off, angle.shape)
    curve = np.stack([np.ones_like(angle), np.sin(angle), np.cos(angle)], axis=-1)
    twice = np.stack([np.sin(2.0 * angle), np.cos(2.0 * angle)], axis=-1)
    sideways = off[..., None]
    return np.concatenate([curve, sideways * curve, sideways**2 * curve, twice], axis=-1)


@cache
def correction_curves() -> dict[str, Curve]:
    """The fitted curves by reading; a reading without one is taken as it is."""
    text = (files("rom.kinematics") / "data" / "correction.csv").read_text("utf-8")
    return {
        row["reading"]: Curve(np.array([float(row[f"{term}_deg"]) for term in TERMS]))
        for row in csv.DictReader(text.splitlines())
    }


def correct_reading(reading: str, angle_deg: FloatArray, *, off_deg: float) -> FloatArray:
    """(T,) corrected angle in the reading's own direction."""
    curve = correction_curves().get(reading)
    if curve is None:
        return angle_deg
    corrected: FloatArray = (
        angle_deg + correction_basis(angle_deg, off_deg) @ curve.coefficients_deg
    )
    return corrected
