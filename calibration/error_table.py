"""The error figures of every movement, from the tune split: `measurement_error.csv` of the package.

Repeatability is of the instrument: the same body, the same true peaks, new noise, the camera and
the person put up again. Accuracy is the 95 % half-width against truth with all bodies, views and
nuisances of that view together, bias included. Real people are noisier than rendered ones, so
neither a published figure nor the first estimate of the table of usual ranges is ever undercut; nor
is the usual variation of people between sets and repetitions, which the bench takes for granted.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.stats import t as student

from calibration.acting import ACTIONS
from calibration.cohort import Split
from calibration.compose import acting_sides, compose_set, reachable_deg
from calibration.noise import MEASURED
from calibration.protocol import (
    REPETITION_SD_DEG,
    SET_SD_DEG,
    draw_sets,
    small_movement_factor,
)
from calibration.score import SetScore, assess_composed
from calibration.stock import Stills, Stock
from rom.clinical.assessment import Assessment
from rom.clinical.error import set_value_deg
from rom.landmarks import FloatArray
from rom.movements import MOVEMENTS, View
from rom.quality.issues import Severity

VIEW_LIMITS_DEG: dict[View, tuple[float, ...]] = {
    View.FRONT: (10.0, 20.0),
    View.FACE: (10.0, 20.0),
    View.SIDE: (10.0, 20.0),
    View.OBLIQUE_SIDE: (40.0,),
}
"""Estimated angle off the plane up to which a row holds; one more row holds for any view."""
COLUMNS = (
    "movement_id",
    "yaw_max_deg",
    "mdc95_within_deg",
    "instrument_sd_deg",
    "set_sd_deg",
    "repetition_sd_deg",
    "bias_deg",
    "between_bodies_sd_deg",
    "slope",
    "accuracy_deg",
    "sets",
    "bodies",
    "source",
    "evidence_status",
)
NO_BETTER = "first estimate; accuracy as in the nearer views, which were measured"
LEAST_SETS = 12
LEAST_BODIES = 4
MISREAD_DEG = 30.0
TOO_POOR = "accuracy_too_poor"


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """One true set measured twice, the set-up built up anew in between."""

    movement: str
    member: str
    first_deg: float
    second_deg: float


def measure_repeats(
    stock: Stock, split: Split, movement: str, *, sets: int = 4
) -> Iterator[Repeat]:
    """Pairs of the same true peaks from the `plain` and the `again` series of each body."""
    again = {
        stills.plan.member.name: stills
        for stills in stock.choose(split=split, movement=movement, kinds=("again",))
    }
    for stills in stock.choose(split=split, movement=movement, kinds=("plain",)):
        other = again.get(stills.plan.member.name)
        if other is not None:
            yield from _pairs(stills, other, sets)


def _pairs(stills: Stills, other: Stills, sets: int) -> Iterator[Repeat]:
    movement = MOVEMENTS[stills.plan.movement]
    for side in acting_sides(stills):
        low_deg, high_deg = reachable_deg(other, side)
        for drawn in draw_sets(stills, side, sets, seed=17):
            recording = replace(
                drawn,
                start_deg=max(drawn.start_deg, low_deg),
                peaks_deg=tuple(min(peak, high_deg) for peak in drawn.peaks_deg),
            )
            twin = replace(recording, seed=recording.seed + 1)
            pair = [
                assess_composed(compose_set(each, side, wanted, jitter=MEASURED), movement)
                for each, wanted in ((stills, recording), (other, twin))
            ]
            first, second = (_read_deg(assessment) for assessment in pair)
            if first is not None and second is not None:
                yield Repeat(
                    movement=movement.name,
                    member=stills.plan.member.name,
                    first_deg=first,
                    second_deg=second,
                )


def _read_deg(assessment: Assessment) -> float | None:
    """The value, also where only the error figures that are being made would refuse it."""
    blocking = {issue.code for issue in assessment.issues if issue.severity is Severity.BLOCKING}
    if blocking - {TOO_POOR} or not assessment.counted:
        return None
    return set_value_deg([repetition.peak_deg for repetition in assessment.counted])


def instrument_sd_deg(repeats: Iterable[Repeat]) -> float:
    """Standard deviation of one measurement, from pairs; robust to a single misread set."""
    differences = np.array([repeat.second_deg - repeat.first_deg for repeat in repeats])
    if len(differences) < LEAST_SETS:
        return float("nan")
    usual = differences[np.abs(differences) < MISREAD_DEG]
    return float(np.sqrt(np.mean(usual**2) / 2.0))


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """Errors against truth in one kind of view, degrees.

    `half_width_deg` is the 95 % half-width: 1.96 times the root mean square error, widened by
    Student's t for the few bodies behind it.
    """

    sets: int
    bodies: int
    bias_deg: float
    between_bodies_sd_deg: float
    half_width_deg: float
    slope: float


def unjudged(score: SetScore) -> SetScore:
    """The score with its value, also where only the error figures being made would refuse it."""
    if score.value_deg is None and score.refusals == TOO_POOR:
        return replace(score, value_deg=score.raw_deg)
    return score


def measure_accuracy(scores: list[SetScore]) -> Accuracy | None:
    """Accuracy of measured sets; None where too few were measured."""
    measured = [score for score in scores if score.value_deg is not None]
    measured = [score for score in measured if score.bound in ("exact", "")]
    bodies = sorted({score.member for score in measured})
    if len(measured) < LEAST_SETS or len(bodies) < LEAST_BODIES:
        return None
    errors = np.array([score.error_deg for score in measured])
    names = np.array([score.member for score in measured])
    means = np.array([errors[names == body].mean() for body in bodies])
    widening = student.ppf(0.975, len(bodies) - 1)
    return Accuracy(
        sets=len(measured),
        bodies=len(bodies),
        bias_deg=float(errors.mean()),
        between_bodies_sd_deg=float(means.std(ddof=1)),
        half_width_deg=float(widening * np.sqrt(np.mean(errors**2))),
        slope=change_slope(measured),
    )


def change_slope(scores: list[SetScore]) -> float:
    """Measured against true change within series: regression of deviations from series means."""
    groups: dict[tuple[str, str, str], list[SetScore]] = {}
    for score in scores:
        if score.value_deg is not None and abs(score.error_deg) < MISREAD_DEG:
            groups.setdefault((score.member, score.kind, score.side), []).append(score)
    truth, value = [], []
    for group in groups.values():
        if len(group) >= 2:
            truth.append(_centred([score.truth_deg for score in group]))
            value.append(_centred([score.value_deg or 0.0 for score in group]))
    if not truth:
        return float("nan")
    x, y = np.concatenate(truth), np.concatenate(value)
    return float(x @ y / (x @ x)) if x.any() else float("nan")


def _centred(values: list[float]) -> FloatArray:
    array = np.array(values)
    centred: FloatArray = array - array.mean()
    return centred


def error_rows(
    scores: list[SetScore], repeats: list[Repeat], first_estimates: list[dict[str, str]]
) -> Iterator[dict[str, str]]:
    """Rows of `measurement_error.csv`; movements that were not rendered keep their estimates.

    A view further off is never called more accurate than one nearer to what is recommended.
    """
    for estimate in first_estimates:
        name = estimate["movement_id"]
        own = [unjudged(score) for score in scores if score.movement == name]
        sd_deg = instrument_sd_deg(each for each in repeats if each.movement == name)
        if not own:
            yield estimate
            continue
        for limit_deg, chosen in _by_view(name, own):
            accuracy = measure_accuracy(chosen)
            if accuracy is not None or limit_deg is None:
                row = _row(estimate, limit_deg, accuracy, sd_deg)
                yield row
                if row["accuracy_deg"] != estimate["accuracy_deg"]:
                    estimate = estimate | {"accuracy_deg": row["accuracy_deg"], "source": NO_BETTER}


def _by_view(name: str, scores: list[SetScore]) -> Iterator[tuple[float | None, list[SetScore]]]:
    """Each row's sets, the narrowest view first; the last row takes what is left."""
    low_deg = -1.0
    for limit_deg in VIEW_LIMITS_DEG[MOVEMENTS[name].view]:
        yield limit_deg, [s for s in scores if low_deg < (s.view_deg or 0.0) <= limit_deg]
        low_deg = limit_deg
    yield None, [score for score in scores if (score.view_deg or 0.0) > low_deg]


def _row(
    estimate: dict[str, str], limit_deg: float | None, accuracy: Accuracy | None, sd_deg: float
) -> dict[str, str]:
    row = dict(estimate, yaw_max_deg="" if limit_deg is None else f"{limit_deg:.0f}")
    factor = small_movement_factor(ACTIONS[row["movement_id"]])
    for name, usual_deg in (("set", SET_SD_DEG), ("repetition", REPETITION_SD_DEG)):
        least_deg = max(float(row[f"{name}_sd_deg"]), factor * usual_deg)
        row[f"{name}_sd_deg"] = f"{least_deg:.2f}"
    if np.isfinite(sd_deg):
        row["instrument_sd_deg"] = f"{sd_deg:.2f}"
    if accuracy is not None:
        half_width_deg = max(accuracy.half_width_deg, float(estimate["accuracy_deg"]))
        row |= {
            "bias_deg": f"{accuracy.bias_deg:.1f}",
            "between_bodies_sd_deg": f"{accuracy.between_bodies_sd_deg:.1f}",
            "slope": f"{accuracy.slope:.2f}" if np.isfinite(accuracy.slope) else "",
            "sets": str(accuracy.sets),
            "bodies": str(accuracy.bodies),
            "accuracy_deg": str(_rounded_up(half_width_deg)),
            "source": "calibration/error_table.py: rendered people of the tune split; never below "
            "the first estimate",
            "evidence_status": "derived",
        }
    return row


def write_error_table(path: Path, rows: Iterable[dict[str, str]]) -> None:
    """Write the table; blank where a figure was not measured."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _rounded_up(value_deg: float) -> int:
    """Whole degrees, never fewer; what is within a tenth of a degree counts as even."""
    return math.ceil(value_deg - 0.1)
