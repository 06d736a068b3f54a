"""From what the landmarks read to what a goniometer would: a curve, and what the posture adds.

The pose model bends its landmarks towards common poses, and a camera off the plane sees a limb
turn by another angle than it does. A curve over reading and view mends what is alike for everybody
in that view. A kernel regression over the cues of `posture` mends part of the rest; it fades to
nothing for postures unlike all it was fitted on (`PostureShift.novelty`), so that the curve alone
is the fallback. Both are fitted on rendered people with known angles, never on those they are
judged by (`calibration/fit.py`); their tables carry the figures behind each.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np

from rom.kinematics.orientation import Orientation
from rom.kinematics.posture import ANGLE_UNIT_DEG, compute_posture
from rom.landmarks import FloatArray, LandmarkSeries, Side

NAME = "curve-and-posture/1"
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
KERNEL_WIDTH = 4.5
"""Width of the kernel in standard deviations of the cues, over all cues together."""
CUE_LIMIT = 6.0
"""A cue further from its mean is as if it were there, in standard deviations."""
KNOWN_UP_TO, UNKNOWN_FROM = 3.0, 6.0
"""Novelty up to which the posture's part counts in full, and from which on not at all. Of stills
of people it was not fitted on, in good pictures, 0.3 % lie beyond 3; there the mean error is 9
instead of 2.3° and the posture's part helps no longer."""


@dataclass(frozen=True, eq=False)
class Curve:
    """truth - reading = coefficients_deg . basis(reading, off).

    Beyond the views it was fitted in, the view's part stays what it is at their edge.
    """

    coefficients_deg: FloatArray
    off_low_deg: float
    off_high_deg: float

    def predict_deg(self, reading_deg: FloatArray, off_deg: float | FloatArray) -> FloatArray:
        """(T,) what to add to the reading."""
        off = np.clip(np.nan_to_num(off_deg), self.off_low_deg, self.off_high_deg)
        added: FloatArray = correction_basis(reading_deg, off) @ self.coefficients_deg
        return added


@dataclass(frozen=True, eq=False)
class PostureShift:
    """What the posture adds to the curve, and how far it is from all that is known.

    Attributes
    ----------
    shift_deg
        (T,) in the reading's direction.
    novelty
        (T,) distance from the nearest fitted posture, in standard deviations over all cues; NaN
        without a model.
    """

    shift_deg: FloatArray
    novelty: FloatArray


@dataclass(frozen=True, eq=False)
class PostureModel:
    """What the posture adds, degrees: a sum of bells about fitted postures.

    Attributes
    ----------
    cues
        Names of `posture.CUES`; reading and view come before them.
    mean, spread
        (2 + K,) of reading, view and cues where the model was fitted.
    centres
        (M, 2 + K) standardised postures.
    weights_deg
        (M,) height of each bell.
    """

    cues: tuple[str, ...]
    mean: FloatArray
    spread: FloatArray
    centres: FloatArray
    weights_deg: FloatArray

    def standardise(self, columns: FloatArray) -> FloatArray:
        """(T, 2 + K) in standard deviations; what was not seen is as usual."""
        scaled = (columns - self.mean) / self.spread
        clipped: FloatArray = np.clip(np.nan_to_num(scaled), -CUE_LIMIT, CUE_LIMIT)
        return clipped

    def predict(self, columns: FloatArray) -> PostureShift:
        """What to add to the curve; nothing for a posture like none the model was fitted on."""
        squared = _squared_distances(self.standardise(columns), self.centres)
        novelty: FloatArray = np.sqrt(squared.min(axis=1))
        strange = (novelty - KNOWN_UP_TO) / (UNKNOWN_FROM - KNOWN_UP_TO)
        added: FloatArray = _bell(squared) @ self.weights_deg
        return PostureShift(added * np.clip(1.0 - strange, 0.0, 1.0), novelty)


def correction_basis(reading_deg: FloatArray, off_deg: float | FloatArray) -> FloatArray:
    """(..., 11) terms of the curve: over the reading, and how the view bends it.

    Parameters
    ----------
    reading_deg
        Uncorrected angle in the reading's own direction.
    off_deg
        Signed angle of the camera off the plane of the movement, as `rom.quality.view` has it.
    """
    angle = np.radians(reading_deg)
    off = np.broadcast_to(np.asarray(off_deg) / OFF_UNIT_DEG, angle.shape)
    curve = np.stack([np.ones_like(angle), np.sin(angle), np.cos(angle)], axis=-1)
    twice = np.stack([np.sin(2.0 * angle), np.cos(2.0 * angle)], axis=-1)
    sideways = off[..., None]
    return np.concatenate([curve, sideways * curve, sideways**2 * curve, twice], axis=-1)


def bells(columns: FloatArray, centres: FloatArray) -> FloatArray:
    """(T, M) Gaussian kernel between standardised postures."""
    return _bell(_squared_distances(columns, centres))


def _bell(squared: FloatArray) -> FloatArray:
    similar: FloatArray = np.exp(-0.5 * squared / KERNEL_WIDTH**2)
    return similar


def _squared_distances(columns: FloatArray, centres: FloatArray) -> FloatArray:
    squared = (
        (columns**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1) - 2.0 * columns @ centres.T
    )
    positive: FloatArray = np.maximum(squared, 0.0)
    return positive


def posture_columns(
    reading_deg: FloatArray, off_deg: float | FloatArray, cues: FloatArray
) -> FloatArray:
    """(T, 2 + K) reading, view and cues, all of the order of 1."""
    reading = reading_deg / ANGLE_UNIT_DEG
    off = np.broadcast_to(np.nan_to_num(off_deg) / OFF_UNIT_DEG, reading.shape)
    return np.concatenate([np.stack([reading, off], axis=1), cues], axis=1)


@cache
def correction_curves() -> dict[str, Curve]:
    """The fitted curves by movement; a movement without one is taken as it reads."""
    text = (files("rom.kinematics") / "data" / "correction.csv").read_text("utf-8")
    return {
        row["movement_id"]: Curve(
            np.array([float(row[f"{term}_deg"]) for term in TERMS]),
            off_low_deg=float(row["off_low_deg"]),
            off_high_deg=float(row["off_high_deg"]),
        )
        for row in csv.DictReader(text.splitlines())
    }


@cache
def posture_models() -> dict[str, PostureModel]:
    """The fitted posture models by movement; a movement without one has the curve alone."""
    with as_file(files("rom.kinematics") / "data" / "posture.npz") as path, np.load(path) as stored:
        return {
            movement: PostureModel(
                cues=tuple(str(name) for name in stored[f"{movement}.cues"]),
                **{
                    part: stored[f"{movement}.{part}"].astype(np.float64)
                    for part in ("mean", "spread", "centres", "weights_deg")
                },
            )
            for movement in (str(name) for name in stored["movements"])
        }


def correct_reading(movement: str, angle_deg: FloatArray, *, off_deg: float) -> FloatArray:
    """(T,) angle corrected by the curve, in the reading's own direction."""
    curve = correction_curves().get(movement)
    if curve is None:
        return angle_deg
    corrected: FloatArray = angle_deg + curve.predict_deg(angle_deg, off_deg)
    return corrected


def compute_posture_shift(
    series: LandmarkSeries,
    movement: str,
    joint: str,
    side: Side | None,
    body: Orientation,
    reading_deg: FloatArray,
    *,
    off_deg: float,
) -> PostureShift:
    """What the posture adds to the curve; 0 without a model."""
    model = posture_models().get(movement)
    if model is None:
        return PostureShift(np.zeros(len(series)), np.full(len(series), np.nan))
    cues = compute_posture(series, joint, side, body, model.cues)
    columns = posture_columns(reading_deg, off_deg, cues)
    return model.predict(columns)
