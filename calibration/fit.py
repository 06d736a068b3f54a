"""Fit the corrections on the stills of the fit split and write the package's tables.

First a curve over reading and view, one a movement: ridge regression with Huber weights, for some
stills show the other leg or no limb at all. Then, on what is left, a kernel regression over the
cues of the posture on a few typical postures (subset of regressors). Settings were chosen on the
tune split; nothing here ever sees the report split.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2

from calibration.cohort import Split
from calibration.compose import acting_sides
from calibration.posing import TOWARDS_LEFT
from calibration.stock import Stills, Stock
from rom.kinematics.correction import (
    TERMS,
    Curve,
    PostureModel,
    bells,
    correction_basis,
    posture_columns,
)
from rom.kinematics.orientation import estimate_orientation
from rom.kinematics.posture import compute_posture
from rom.landmarks import LandmarkSeries, Side
from rom.movements import MOVEMENTS, Movement, SideKind
from rom.quality.sides import repair_legs
from rom.quality.view import signed_off_plane_deg
from rom.trace import LEG_JOINTS, compute_native_reading

FloatArray = NDArray[np.float64]

CURVE_RIDGE = 0.5
POSTURE_RIDGE = 0.3
CENTRES = 150
HUBER_SIGMAS = 2.0
CURVE_ROUNDS, POSTURE_ROUNDS = 15, 6
MISREAD_DEG = 30.0
"""A still read further off than this shows the other leg or no limb: nothing can be learned."""
LEARNED_UP_TO_DEG = {"cervical_rotation": 66.0}
"""Beyond this the face is in profile and hardly moves on in the picture; what such stills ask for
would raise the readings of lesser turns."""
VIEW_PERCENTILES = (2.0, 98.0)
STILL_INTERVAL_S = 2.0
"""Stills of one camera are handed on as a very slow recording, the neutral pose first."""
OTHER_WAY_FRAC = 0.1
"""Stills that go the other way by more than this part of the range belong to the other side."""
ROUGH = "rough"
"""Pictures with all nuisances: reported, but nothing is chosen by them."""
REST_FRAMES, PEAK_FRAMES = 6, 3
"""A recording shows the resting pose and the end of the range for longer than what lies between;
how a person stands and how long their trunk is are judged over all of it."""

_BODY = ("shoulder_width", "hip_width", "turn", "trunk_lean")
CUES_OF: dict[str, tuple[str, ...]] = {
    "shoulder": (*_BODY, "upper_arm_length", "upper_arm_depth", "shoulder_tilt", "near_trunk_turn",
                 "near_trunk_depth", "world_angle", "lifted_angle"),
    "elbow": (*_BODY, "upper_arm_length", "forearm_length", "upper_arm_depth", "forearm_depth",
              "shoulder_tilt", "world_angle", "lifted_angle"),
    "wrist": ("turn", "shoulder_width", "forearm_length", "upper_arm_length", "forearm_depth"),
    "hip": (*_BODY, "thigh_length", "shank_length", "thigh_depth", "hip_tilt", "near_trunk_turn",
            "near_trunk_depth", "world_angle", "lifted_angle"),
    "knee": (*_BODY, "thigh_length", "shank_length", "thigh_depth", "shank_depth", "hip_tilt",
             "world_angle", "lifted_angle"),
    "ankle": ("hip_width", "turn", "shank_length", "foot_length", "shank_depth", "foot_depth",
              "toes_from_ankle", "heel_from_ankle", "world_angle", "lifted_angle"),
    "neck": ("shoulder_width", "turn", "trunk_lean", "shoulder_tilt", "head_lean", "face_length",
             "ear_width"),
    "trunk": (*_BODY, "head_lean", "near_trunk_turn", "near_trunk_depth"),
}  # fmt: skip
"""Cues of each joint: what is near it, how the body stands, and the angle read in space."""


def cues_of(movement: Movement) -> tuple[str, ...]:
    """Names of the cues that a movement's correction looks at."""
    return CUES_OF[movement.joint.split()[0]]


@dataclass(eq=False)
class Sample:
    """One movement's readings, a row for each still, in the reading's own direction.

    `rest` is the row of the same series that stands for the person's own zero; -1 where the
    movement counts from none.
    """

    reading_deg: FloatArray
    truth_deg: FloatArray
    off_deg: FloatArray
    cues: FloatArray
    rest: NDArray[np.int64]
    member: NDArray[np.str_]
    kind: NDArray[np.str_]

    @property
    def usable(self) -> NDArray[np.bool_]:
        with np.errstate(invalid="ignore"):
            return np.asarray(np.abs(self.truth_deg - self.reading_deg) <= MISREAD_DEG)

    def columns(self) -> FloatArray:
        return posture_columns(self.reading_deg, self.off_deg, self.cues)

    def from_rest(self, terms: FloatArray) -> FloatArray:
        """Terms (N, ...) less those of the series' resting still, as the product takes its zero."""
        zeroed = self.rest >= 0
        change: FloatArray = terms.copy()
        change[zeroed] -= terms[self.rest[zeroed]]
        return change


@dataclass(eq=False)
class Correction:
    """Both parts of a fitted correction."""

    curve: Curve
    posture: PostureModel | None = field(default=None)

    def predict_deg(self, sample: Sample) -> FloatArray:
        """(N,) corrected angle of every still."""
        added = self.curve.predict_deg(sample.reading_deg, sample.off_deg)
        if self.posture is not None:
            added = added + self.posture.predict(sample.columns()).shift_deg
        corrected: FloatArray = sample.reading_deg + sample.from_rest(added)
        return corrected


def read_samples(stock: Stock, split: Split) -> dict[str, Sample]:
    """Readings and cues of every movement, computed with the product's own code."""
    rows: dict[str, list[dict[str, NDArray[np.generic]]]] = defaultdict(list)
    for stills in stock.choose(split=split):
        stills = neutral_first(stills)
        if np.isfinite(stills.xy_px).any():
            for side in acting_sides(stills):
                rows[stills.plan.movement].append(_read(stills, side))
    return {movement: _join(found) for movement, found in rows.items()}


def _join(found: list[dict[str, NDArray[np.generic]]]) -> Sample:
    """Rows of all series; the index of a resting still counts from the first of all rows."""
    before = 0
    for row in found:
        row["rest"] = np.where(row["rest"] >= 0, row["rest"] + before, -1)
        before += len(row["rest"])
    return Sample(**{key: np.concatenate([row[key] for row in found]) for key in found[0]})  # type: ignore[arg-type]


def neutral_first(stills: Stills) -> Stills:
    """The stills of a movement to both sides, beginning with the middle one."""
    if not stills.plan.to_both_sides:
        return stills
    middle = len(stills.truth_deg) // 2
    order = np.r_[middle, np.delete(np.arange(len(stills.truth_deg)), middle)]
    names = ("command_deg", "truth_deg", "lean_deg", "xy_px", "visibility", "world_m")
    changed = {name: getattr(stills, name)[order] for name in (*names, "legs_exchanged")}
    for name in ("face_px", "hand_px"):
        values = getattr(stills, name)
        changed[name] = None if values is None else values[order]
    return replace(stills, **changed)


def as_recording(stills: Stills) -> LandmarkSeries:
    """The stills as a very slow recording."""
    width_px, height_px = stills.plan.condition.size_px
    return LandmarkSeries(
        time_s=np.arange(len(stills.truth_deg)) * STILL_INTERVAL_S,
        xy_px=stills.xy_px,
        world_m=stills.world_m,
        visibility=stills.visibility,
        width_px=width_px,
        height_px=height_px,
        face_px=None if stills.face_px is None else stills.face_px.astype(np.float32),
        hand_px=None if stills.hand_px is None else stills.hand_px.astype(np.float32),
    )


def _read(stills: Stills, side: Side) -> dict[str, NDArray[np.generic]]:
    movement = MOVEMENTS[stills.plan.movement]
    series = as_recording(stills)
    if movement.joint in LEG_JOINTS:
        series, _ = repair_legs(series)
    named = None if movement.side_kind is SideKind.NONE else side
    towards = TOWARDS_LEFT[side.value] if stills.plan.to_both_sides else 1.0
    truth_deg = towards * stills.truth_deg
    count = len(truth_deg)
    acted = np.ones(count, np.bool_)
    if stills.plan.to_both_sides:  # a set goes one way only
        acted = truth_deg >= -OTHER_WAY_FRAC * truth_deg.max()
    series = _as_long_as_filmed(series, acted, int(np.argmax(truth_deg)))
    body = estimate_orientation(series)
    off_deg = signed_off_plane_deg(movement, named, body)
    reading_deg = compute_native_reading(series, movement, named, body)[:count]
    cues = compute_posture(series, movement.joint, named, body, cues_of(movement))[:count]
    truth_deg = movement.sign * truth_deg
    if movement.zeroed:
        reading_deg, truth_deg = reading_deg - reading_deg[0], truth_deg - truth_deg[0]
    learned = acted & (np.abs(truth_deg) <= LEARNED_UP_TO_DEG.get(movement.name, np.inf))
    reading_deg = np.where(learned, reading_deg, np.nan)
    return {
        "reading_deg": reading_deg,
        "truth_deg": truth_deg,
        "off_deg": np.full(count, off_deg),
        "cues": cues,
        "rest": np.full(count, 0 if movement.zeroed else -1),
        "member": np.full(count, stills.plan.member.name),
        "kind": np.full(count, stills.plan.condition.kind),
    }


def _as_long_as_filmed(
    series: LandmarkSeries, acted: NDArray[np.bool_], furthest: int
) -> LandmarkSeries:
    """The stills, those not acted being the first; it and the furthest come again behind."""
    rows = np.r_[
        np.where(acted, np.arange(len(series)), 0),
        np.zeros(REST_FRAMES - 1, np.int64),
        np.full(PEAK_FRAMES - 1, furthest),
    ]
    return replace(
        series,
        time_s=np.arange(len(rows)) * STILL_INTERVAL_S,
        **{
            name: getattr(series, name)[rows]
            for name in ("xy_px", "world_m", "visibility", "people_count", "identity_sure")
        },
        face_px=None if series.face_px is None else series.face_px[rows],
        hand_px=None if series.hand_px is None else series.hand_px[rows],
    )


def fit_correction(movement: str, sample: Sample) -> Correction:
    """Curve first, then what the posture adds to it."""
    usable = sample.usable
    missing_deg = (sample.truth_deg - sample.reading_deg)[usable]
    basis = sample.from_rest(correction_basis(sample.reading_deg, sample.off_deg))[usable]
    coefficients = fit_curve(basis, missing_deg)
    low_deg, high_deg = np.percentile(sample.off_deg[usable], VIEW_PERCENTILES)
    curve = Curve(coefficients, off_low_deg=float(low_deg), off_high_deg=float(high_deg))
    left_deg = missing_deg - basis @ coefficients
    posture = fit_posture(cues_of(MOVEMENTS[movement]), sample, left_deg)
    return Correction(curve, posture)


def fit_curve(basis: FloatArray, missing_deg: FloatArray) -> FloatArray:
    """(11,) coefficients in degrees: ridge regression with Huber weights."""
    weights = np.ones(len(missing_deg))
    coefficients = np.zeros(basis.shape[1])
    for _ in range(CURVE_ROUNDS):
        weighted = basis.T * weights
        coefficients = np.linalg.solve(
            weighted @ basis + CURVE_RIDGE * np.eye(basis.shape[1]), weighted @ missing_deg
        )
        weights = _huber(missing_deg - basis @ coefficients)
    return coefficients


def fit_posture(cues: tuple[str, ...], sample: Sample, left_deg: FloatArray) -> PostureModel:
    """Kernel ridge regression on typical postures (k-means), with Huber weights.

    `left_deg` is what the curve leaves of the usable stills.
    """
    usable, columns = sample.usable, sample.columns()
    seen = columns[usable]
    model = PostureModel(
        cues=cues,
        mean=np.nanmean(seen, axis=0),
        spread=np.nanstd(seen, axis=0) + 1e-6,
        centres=np.zeros((0, columns.shape[1])),
        weights_deg=np.zeros(0),
    )
    scaled = model.standardise(columns)
    count = min(CENTRES, int(usable.sum()) // 3)
    centres, _ = kmeans2(scaled[usable], count, seed=1, minit="points")
    kernel = sample.from_rest(bells(scaled, centres))[usable]
    among = bells(centres, centres)
    size_deg = 1.4826 * float(np.median(np.abs(left_deg)))
    weights, heights = np.ones(len(left_deg)), np.zeros(len(centres))
    for _ in range(POSTURE_ROUNDS):
        weighted = kernel.T * weights
        heights = np.linalg.solve(
            weighted @ kernel + POSTURE_RIDGE * among + 1e-6 * np.eye(len(centres)),
            weighted @ (left_deg / size_deg),
        )
        weights = 1.0 / np.maximum(
            1.0, np.abs(left_deg / size_deg - kernel @ heights) / HUBER_SIGMAS
        )
    return replace(model, centres=centres, weights_deg=size_deg * heights)


def _huber(left_deg: FloatArray) -> FloatArray:
    size = np.abs(left_deg)
    scale = 1.4826 * float(np.median(size)) + 1e-6
    weights: FloatArray = 1.0 / np.maximum(1.0, size / (HUBER_SIGMAS * scale))
    return weights


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One movement's mean errors on stills of people it was not fitted on, degrees."""

    movement: str
    kinds: str
    stills: int
    uncorrected_deg: float
    curve_deg: float
    posture_deg: float
    posture_p95_deg: float


def try_corrections(fitted: dict[str, Correction], samples: dict[str, Sample]) -> list[Trial]:
    """Errors on another split, near the recommended view and 30° off it."""
    trials = []
    for movement, sample in samples.items():
        correction = fitted[movement]
        curve_deg = Correction(correction.curve).predict_deg(sample)
        both_deg = correction.predict_deg(sample)
        for kinds in (("plain", "near", "again"), ("off30",), (ROUGH,)):
            chosen = np.isin(sample.kind, kinds) & np.isfinite(sample.reading_deg)
            if not chosen.any():
                continue
            errors = [
                np.abs(each - sample.truth_deg)[chosen]
                for each in (sample.reading_deg, curve_deg, both_deg)
            ]
            trials.append(
                Trial(
                    movement=movement,
                    kinds=" ".join(kinds),
                    stills=int(chosen.sum()),
                    uncorrected_deg=float(np.mean(errors[0])),
                    curve_deg=float(np.mean(errors[1])),
                    posture_deg=float(np.mean(errors[2])),
                    posture_p95_deg=float(np.percentile(errors[2], 95)),
                )
            )
    return trials


def write_corrections(fitted: dict[str, Correction], trials: list[Trial], folder: Path) -> None:
    """Write `correction.csv` and `posture.npz`; a posture model that does not win is left out."""
    arrays: dict[str, NDArray[np.generic]] = {}
    rows = []
    for movement, correction in fitted.items():
        shown = [trial for trial in trials if trial.movement == movement and trial.kinds != ROUGH]
        kept = _mean(shown, "posture_deg") < _mean(shown, "curve_deg")
        if correction.posture is not None and kept:
            arrays |= _posture_arrays(movement, correction.posture)
        rows.append(_curve_row(movement, correction, shown[0], kept))
    names = [row["movement_id"] for row in rows if row["posture_kept"] == "yes"]
    np.savez_compressed(folder / "posture.npz", movements=np.array(names), **arrays)  # type: ignore[arg-type]
    with (folder / "correction.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _mean(trials: list[Trial], name: str) -> float:
    return float(np.mean([getattr(trial, name) for trial in trials]))


def _posture_arrays(movement: str, posture: PostureModel) -> dict[str, NDArray[np.generic]]:
    parts = {
        part: getattr(posture, part).astype(np.float32)
        for part in ("mean", "spread", "centres", "weights_deg")
    }
    parts["cues"] = np.array(posture.cues)
    return {f"{movement}.{part}": values for part, values in parts.items()}


def _curve_row(movement: str, correction: Correction, trial: Trial, kept: bool) -> dict[str, str]:
    terms = zip(TERMS, correction.curve.coefficients_deg, strict=True)
    return {
        "movement_id": movement,
        **{f"{term}_deg": f"{value:.4f}" for term, value in terms},
        "off_low_deg": f"{correction.curve.off_low_deg:.1f}",
        "off_high_deg": f"{correction.curve.off_high_deg:.1f}",
        "posture_kept": "yes" if kept else "no",
        "stills": str(trial.stills),
        "error_uncorrected_deg": f"{trial.uncorrected_deg:.2f}",
        "error_curve_deg": f"{trial.curve_deg:.2f}",
        "error_posture_deg": f"{trial.posture_deg:.2f}",
        "source": "calibration/fit.py; errors on the tune split, near the recommended view",
    }
