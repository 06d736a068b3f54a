"""Fit the correction of every reading on the swept stills and write `correction.csv`.

One ridge regression a reading, robust to the stills in which the model lost the limb. The errors
in the table are of people who were left out of the fit, never of those it was fitted on.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rom.kinematics.correction import TERMS, correction_basis
from rom.kinematics.orientation import estimate_orientation
from rom.landmarks import LandmarkSeries, Side
from rom.movements import MOVEMENTS, SideKind
from rom.quality.sides import repair_legs
from rom.quality.view import signed_off_plane_deg
from rom.trace import LEG_JOINTS, compute_native_reading

FloatArray = NDArray[np.float64]

RIDGE = 0.5
HUBER_SIGMAS = 2.0
ROUNDS = 15
NEAR_VIEW_DEG = 16.0
"""Errors are reported for cameras within this of the recommended view."""
MISREAD_DEG = 30.0
"""A still read further off than this shows the other leg or no limb at all: no correction can
mend it, so it is left out of the fit and counted in the table."""
STILL_INTERVAL_S = 2.0
"""Stills of one camera are handed on as a very slow recording, the neutral pose first."""


@dataclass
class Sample:
    """Readings and truths of one reading, a row for each still."""

    reading_deg: list[float] = field(default_factory=list)
    truth_deg: list[float] = field(default_factory=list)
    off_deg: list[float] = field(default_factory=list)
    person: list[str] = field(default_factory=list)
    camera_offset_deg: list[float] = field(default_factory=list)

    @property
    def misread_frac(self) -> float:
        """Share of the seen stills that no correction can mend."""
        missing = np.abs(np.array(self.truth_deg) - np.array(self.reading_deg))
        return float((missing[np.isfinite(missing)] > MISREAD_DEG).mean())

    def arrays(self) -> tuple[FloatArray, FloatArray, NDArray[np.str_], FloatArray]:
        """Basis (N, 11), what to add (N,), person (N,) and camera offset (N,) of usable stills."""
        reading, truth = np.array(self.reading_deg), np.array(self.truth_deg)
        with np.errstate(invalid="ignore"):
            seen = np.abs(truth - reading) <= MISREAD_DEG
        basis = correction_basis(reading, np.array(self.off_deg))
        return (
            basis[seen],
            (truth - reading)[seen],
            np.array(self.person)[seen],
            np.array(self.camera_offset_deg)[seen],
        )


def read_samples(sweeps: list[Path]) -> dict[str, Sample]:
    """Read `sweep.npz` files and compute every reading with the product's own code."""
    samples: dict[str, Sample] = defaultdict(Sample)
    for sweep in sweeps:
        _add_samples(samples, dict(np.load(sweep)))
    return samples


def _add_samples(samples: dict[str, Sample], data: dict[str, NDArray[np.generic]]) -> None:
    for rows in _recordings(data):
        movement = MOVEMENTS[str(data["movement"][rows[0]])]
        if abs(data["camera_offset_deg"][rows[0]]) > 45.0:
            continue
        series = _series(data, rows)
        if movement.joint in LEG_JOINTS:
            series, _ = repair_legs(series)
        body = estimate_orientation(series)
        for side in _sides(movement.side_kind, str(data["side"][rows[0]])):
            towards = (
                -1.0 if movement.side_kind is SideKind.DIRECTION and side is Side.RIGHT else 1.0
            )
            truth_deg = movement.sign * towards * data["movement_truth_deg"][rows]
            reading_deg = compute_native_reading(series, movement, side, body)
            if movement.zeroed:
                reading_deg, truth_deg = reading_deg - reading_deg[0], truth_deg - truth_deg[0]
            sample = samples[movement.reading]
            sample.reading_deg += reading_deg.tolist()
            sample.truth_deg += truth_deg.tolist()
            sample.off_deg += [signed_off_plane_deg(movement, side, body)] * len(rows)
            sample.person += data["person"][rows].tolist()
            sample.camera_offset_deg += data["camera_offset_deg"][rows].tolist()


def _sides(kind: SideKind, acting: str) -> list[Side]:
    """A movement named by direction is read towards both sides from the same stills."""
    return list(Side) if kind is SideKind.DIRECTION else [Side(acting)]


def _recordings(data: dict[str, NDArray[np.generic]]) -> Iterator[NDArray[np.int64]]:
    """Row numbers of one person, movement and camera, the pose nearest to neutral first."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row in range(len(data["movement"])):
        keys = ("movement", "person", "side", "camera_offset_deg")
        groups[tuple(str(data[key][row]) for key in keys)].append(row)
    for group in groups.values():
        rows = np.array(group)
        nearest = int(np.argmin(np.abs(data["movement_truth_deg"][rows])))
        yield np.concatenate([rows[[nearest]], np.delete(rows, nearest)])


def _series(data: dict[str, NDArray[np.generic]], rows: NDArray[np.int64]) -> LandmarkSeries:
    face_px, hand_px = data["face_px"][rows], data["hand_px"][rows]
    landmarks = data["landmarks"][rows].astype(np.float64)
    return LandmarkSeries(
        time_s=np.arange(len(rows)) * STILL_INTERVAL_S,
        xy_px=landmarks[..., :2],
        world_m=data["world_m"][rows].astype(np.float64),
        visibility=landmarks[..., 2],
        width_px=int(data["width_px"][rows[0]]),
        height_px=int(data["height_px"][rows[0]]),
        face_px=face_px.astype(np.float32) if np.isfinite(face_px).any() else None,
        hand_px=hand_px.astype(np.float32) if np.isfinite(hand_px).any() else None,
    )


def fit_curve(basis: FloatArray, missing_deg: FloatArray) -> FloatArray:
    """(11,) coefficients in degrees: ridge regression with Huber weights."""
    weights = np.ones(len(missing_deg))
    coefficients = np.zeros(basis.shape[1])
    for _ in range(ROUNDS):
        weighted = basis.T * weights
        coefficients = np.linalg.solve(
            weighted @ basis + RIDGE * np.eye(basis.shape[1]), weighted @ missing_deg
        )
        left = np.abs(missing_deg - basis @ coefficients)
        scale = 1.4826 * float(np.median(left)) + 1e-6
        weights = 1.0 / np.maximum(1.0, left / (HUBER_SIGMAS * scale))
    return coefficients


def left_out_errors_deg(sample: Sample) -> tuple[FloatArray, FloatArray]:
    """Errors before and after correction near the recommended view, each person left out once."""
    basis, missing_deg, person, camera_offset_deg = sample.arrays()
    near = np.abs(camera_offset_deg) <= NEAR_VIEW_DEG
    after = np.full(len(missing_deg), np.nan)
    for name in np.unique(person):
        held = person == name
        if held.all():
            continue
        coefficients = fit_curve(basis[~held], missing_deg[~held])
        after[held] = missing_deg[held] - basis[held] @ coefficients
    return missing_deg[near], after[near]


def write_corrections(sweeps: list[Path], out: Path) -> None:
    """Fit every reading and write the table; one that does not win on others keeps zeros."""
    rows = []
    for reading, sample in sorted(read_samples(sweeps).items()):
        basis, missing_deg, person, _ = sample.arrays()
        before, after = left_out_errors_deg(sample)
        error_before, error_after = np.mean(np.abs(before)), np.mean(np.abs(after))
        kept = bool(error_after < error_before)
        print(
            f"{reading:18s} {error_before:5.1f} -> {error_after:5.1f}  {'kept' if kept else 'no'}"
        )
        coefficients = fit_curve(basis, missing_deg) if kept else np.zeros(len(TERMS))
        after = after if kept else before
        rows.append(
            {"reading": reading}
            | {
                f"{term}_deg": f"{value:.4f}"
                for term, value in zip(TERMS, coefficients, strict=True)
            }
            | {
                "poses": len(missing_deg),
                "people": len(np.unique(person)),
                "misread_frac": f"{sample.misread_frac:.3f}",
                "error_before_deg": f"{error_before:.2f}",
                "error_after_deg": f"{np.mean(np.abs(after)):.2f}",
                "error_after_p95_deg": f"{np.percentile(np.abs(after), 95):.1f}",
                "source": "calibration/fit.py on rendered people; each person left out once",
            }
        )
    with out.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def raise_accuracy(corrections: Path, priors: Path, errors: Path) -> None:
    """Widen the accuracy of movements whose reading proved worse than the first estimate.

    A first estimate (`priors`, the table of usual ranges) is never narrowed here: real people are
    noisier than rendered ones.
    """
    p95_deg = {row["reading"]: float(row["error_after_p95_deg"]) for row in _rows(corrections)}
    prior_deg = {row["movement_id"]: float(row["accuracy_prior_deg"]) for row in _rows(priors)}
    rows = _rows(errors)
    for row in rows:
        movement = row["movement_id"]
        measured_deg = np.ceil(p95_deg.get(MOVEMENTS[movement].reading, 0.0))
        row["accuracy_deg"] = f"{max(measured_deg, prior_deg[movement]):.0f}"
        if measured_deg > prior_deg[movement]:
            row["source"] = "95 % of rendered people left out of the fit; calibration/fit.py"
            row["evidence_status"] = "derived"
    with errors.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))
