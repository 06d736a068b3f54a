"""What the scores say: error, refusals and warnings by movement and cell, beside their targets.

All intervals are 95 % and draw people anew, not sets, for the sets of one body are alike. A set
that was refused has no error; what it would have been counts only for the guards (`guard_rows`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from calibration.acting import ACTIONS
from calibration.conditions import Kind
from calibration.intervals import Estimate, cluster_interval, cluster_share
from calibration.score import SetScore
from rom.movements import MOVEMENTS

FloatArray = NDArray[np.float64]
Other = Literal["naive_image_deg", "naive_world_deg", "sports2d_deg"]

CELLS: tuple[Kind, ...] = ("plain", "near", "off30", "rough")
OTHERS: tuple[Other, ...] = ("naive_image_deg", "naive_world_deg", "sports2d_deg")
LARGE_ERROR_DEG = 10.0
"""An error that would change what a clinician concludes, and so must not pass in silence."""
ROTATION_WITHIN_DEG = 60.0
"""Up to where rotation of the neck is held to its own target: beyond it the face is in profile."""
_WITHIN = f" to {ROTATION_WITHIN_DEG:.0f}°"

_MAE_TARGETS_DEG = {
    "A": dict(zip(CELLS, (2.5, 3.0, 4.5, 5.0), strict=True)),
    "B": dict(zip(CELLS, (5.0, 5.0, 6.0, 6.0), strict=True)),
}
_BIAS_TARGETS_DEG = {"A": dict(zip(CELLS, (1.5, 2.0, 3.0, 3.0), strict=True))}
_NECK_TARGETS_DEG = {
    "cervical_lateral_flexion": 2.0,
    f"cervical_rotation{_WITHIN}": 3.0,
    "cervical_flexion": 4.0,
    "cervical_extension": 4.0,
}


UNKNOWN = Estimate(float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True, kw_only=True)
class CellRow:
    """One movement, or all of a grade, in one cell.

    `naive_image_deg`, `naive_world_deg` and `sports2d_deg` are mean absolute errors in the sets
    that were not refused here either; `naive_image_all_deg` that of all sets, as that reading has
    no gate. Limits of agreement are bias ± 1.96 standard deviations.
    """

    movement: str
    grade: str
    cell: str
    sets: int
    measured: int
    bodies: int
    mae_deg: Estimate
    mae_target_deg: float | None
    bias_deg: Estimate
    bias_target_deg: float | None
    p95_deg: Estimate
    refused_frac: Estimate
    agreement_low_deg: float
    agreement_high_deg: float
    naive_image_deg: Estimate
    naive_world_deg: Estimate
    sports2d_deg: Estimate
    naive_image_all_deg: Estimate


@dataclass(frozen=True, kw_only=True)
class GuardRow:
    """How well refusals and warnings tell bad values from good ones in one cell.

    Attributes
    ----------
    large, caught_frac
        Sets whose value before refusal is off by more than `LARGE_ERROR_DEG`, and the share of
        them that was refused or carries a warning.
    silent_large_frac
        Share of all values handed out without a warning that are off by so much.
    alarm_frac
        Share of the other sets that was refused or carries a warning all the same.
    refused_frac
        Share of all sets refused, whatever their error.
    """

    cell: str
    sets: int
    large: int
    caught_frac: Estimate
    silent_large_frac: Estimate
    alarm_frac: Estimate
    refused_frac: Estimate


def mae_target_deg(movement: str, cell: str) -> float | None:
    """Largest mean absolute error aimed at; None where there is no aim."""
    if cell == "plain" and movement in _NECK_TARGETS_DEG:
        return _NECK_TARGETS_DEG[movement]
    return _MAE_TARGETS_DEG.get(_grade(movement), {}).get(cell)  # type: ignore[call-overload, no-any-return]


def bias_target_deg(movement: str, cell: str) -> float | None:
    """Largest mean signed error aimed at, either way; None where there is no aim."""
    return _BIAS_TARGETS_DEG.get(_grade(movement), {}).get(cell)  # type: ignore[call-overload, no-any-return]


def cell_rows(scores: Iterable[SetScore]) -> list[CellRow]:
    """A row for every movement and cell that has scores, in the order of the catalogue of poses."""
    chosen = list(scores)
    rows = []
    for movement in ACTIONS:
        own = [score for score in chosen if score.movement == movement]
        for cell in CELLS:
            inside = [score for score in own if score.kind == cell]
            if inside:
                rows.append(summarise(inside, movement=movement, cell=cell))
        if movement == "cervical_rotation":
            near_deg = [s for s in own if s.kind == "plain" and s.truth_deg <= ROTATION_WITHIN_DEG]
            if near_deg:
                rows.append(summarise(near_deg, movement=f"{movement}{_WITHIN}", cell="plain"))
    return rows


def grade_rows(scores: Iterable[SetScore]) -> list[CellRow]:
    """All movements of a grade together, for every cell that has scores."""
    chosen = list(scores)
    rows = []
    for grade in ("A", "B"):
        for cell in CELLS:
            inside = [s for s in chosen if s.kind == cell and MOVEMENTS[s.movement].grade == grade]
            if inside:
                rows.append(summarise(inside, movement=f"all of grade {grade}", cell=cell))
    return rows


def summarise(scores: Sequence[SetScore], *, movement: str, cell: str) -> CellRow:
    """Error, refusals and the other tools' errors of some sets."""
    measured = [score for score in scores if score.value_deg is not None]
    errors_deg = errors_of(measured)
    bodies = bodies_of(measured)
    spread_deg = float(np.std(errors_deg, ddof=1)) if len(measured) > 1 else float("nan")
    bias = mean(errors_deg, bodies)
    others = {name: other_error(measured, name) for name in OTHERS}
    return CellRow(
        movement=movement,
        grade=_grade(movement),
        cell=cell,
        sets=len(scores),
        measured=len(measured),
        bodies=len({score.member for score in scores}),
        mae_deg=mean(np.abs(errors_deg), bodies),
        mae_target_deg=mae_target_deg(movement, cell),
        bias_deg=bias,
        bias_target_deg=bias_target_deg(movement, cell),
        p95_deg=percentile(np.abs(errors_deg), bodies),
        refused_frac=share([score.value_deg is None for score in scores], bodies_of(scores)),
        agreement_low_deg=bias.value - 1.96 * spread_deg,
        agreement_high_deg=bias.value + 1.96 * spread_deg,
        naive_image_all_deg=other_error(scores, "naive_image_deg"),
        **others,
    )


def other_error(scores: Sequence[SetScore], name: Other) -> Estimate:
    """Mean absolute error of another tool's reading of some sets."""
    read = [score for score in scores if getattr(score, name) is not None]
    errors_deg = np.array([getattr(score, name) - score.truth_deg for score in read])
    return mean(np.abs(errors_deg), bodies_of(read))


DARK = "picture_dark"
"""Every recording with all nuisances is dim, so this warning alone would catch all its errors."""


def guard_rows(scores: Iterable[SetScore]) -> list[GuardRow]:
    """A row for every cell, and one for all of them."""
    chosen = [score for score in scores if score.kind in CELLS]
    rows = [_guard(cell, [score for score in chosen if score.kind == cell]) for cell in CELLS]
    lit = [replace(score, warnings=_without(score.warnings, DARK)) for score in chosen]
    rows += [_guard("all", chosen), _guard("all, had it been light", lit)]
    return [row for row in rows if row.sets]


def _without(codes: str, code: str) -> str:
    return " ".join(each for each in codes.split() if each != code)


def _guard(cell: str, scores: Sequence[SetScore]) -> GuardRow:
    read = [score for score in scores if score.raw_deg is not None]
    large = [score for score in read if abs(raw_error_deg(score)) > LARGE_ERROR_DEG]
    small = [score for score in read if abs(raw_error_deg(score)) <= LARGE_ERROR_DEG]
    silent = [score for score in read if not flagged(score)]
    return GuardRow(
        cell=cell,
        sets=len(scores),
        large=len(large),
        caught_frac=share([flagged(score) for score in large], bodies_of(large)),
        silent_large_frac=share(
            [abs(raw_error_deg(score)) > LARGE_ERROR_DEG for score in silent], bodies_of(silent)
        ),
        alarm_frac=share([flagged(score) for score in small], bodies_of(small)),
        refused_frac=share([score.value_deg is None for score in scores], bodies_of(scores)),
    )


def flagged(score: SetScore) -> bool:
    """Whether the user is told that something is wrong: no value, or one with a warning."""
    return score.value_deg is None or bool(score.warnings)


def raw_error_deg(score: SetScore) -> float:
    """Error of the value before refusal; NaN where there was nothing to refuse."""
    return float("nan") if score.raw_deg is None else score.raw_deg - score.truth_deg


def errors_of(scores: Iterable[SetScore]) -> FloatArray:
    """(N,) signed errors, positive where too much was read."""
    return np.array([score.error_deg for score in scores], np.float64)


def bodies_of(scores: Iterable[SetScore]) -> list[str]:
    """(N,) who did the sets: the clusters of all intervals."""
    return [score.member for score in scores]


def share(happened: Sequence[bool], clusters: Sequence[str]) -> Estimate:
    """Share (N,) of what happened, with the interval by clusters (N,)."""
    values = np.array(happened, np.float64)
    names, of = np.unique(np.asarray(clusters, str), return_inverse=True)
    return cluster_share(
        np.bincount(of, values, minlength=len(names)), np.bincount(of, minlength=len(names))
    )


def mean(values: FloatArray, clusters: Sequence[str]) -> Estimate:
    """Mean of values (N,), with the interval by clusters (N,)."""
    if len(values) == 0:
        return UNKNOWN
    names, of = np.unique(np.asarray(clusters), return_inverse=True)
    sums = np.column_stack(
        [np.bincount(of, values, len(names)), np.bincount(of, minlength=len(names)).astype(float)]
    )
    return Estimate(float(np.mean(values)), *cluster_interval(sums, _ratio))


def percentile(values: FloatArray, clusters: Sequence[str], frac: float = 0.95) -> Estimate:
    """The value that a part of the values (N,) does not exceed, to 0.1, by clusters (N,)."""
    if len(values) == 0:
        return UNKNOWN
    levels, at = np.unique(np.round(values, 1), return_inverse=True)
    names, of = np.unique(np.asarray(clusters), return_inverse=True)
    counts = np.zeros((len(names), len(levels)))
    np.add.at(counts, (of, at), 1.0)

    def reached(totals: FloatArray) -> FloatArray:
        below = np.cumsum(totals, axis=1)
        found: FloatArray = levels[(below >= frac * below[:, -1:]).argmax(axis=1)]
        return found

    value = float(reached(counts.sum(axis=0, keepdims=True))[0])
    return Estimate(value, *cluster_interval(counts, reached))


def _ratio(sums: FloatArray) -> FloatArray:
    ratios: FloatArray = sums[:, 0] / sums[:, 1]
    return ratios


def _grade(movement: str) -> str:
    if movement.startswith("all of grade "):
        return movement[-1]
    return MOVEMENTS[movement.removesuffix(_WITHIN)].grade


def write_rows(path: Path, rows: Sequence[CellRow] | Sequence[GuardRow]) -> None:
    """Write rows as CSV; an estimate takes three columns: NAME, NAME_low and NAME_high."""
    flat = [flatten(row) for row in rows]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(flat[0]) if flat else [], lineterminator="\n")
        writer.writeheader()
        writer.writerows(flat)


def flatten(row: CellRow | GuardRow) -> dict[str, str]:
    """The cells of a row as text, three decimals; blank where not known."""
    cells: dict[str, str] = {}
    for each in fields(row):
        value = getattr(row, each.name)
        value = float("nan") if value is None else value
        if isinstance(value, Estimate):
            for suffix, part in (("", value.value), ("_low", value.low), ("_high", value.high)):
                cells[each.name + suffix] = _text(part)
        else:
            cells[each.name] = _text(value) if isinstance(value, float) else str(value)
    return cells


def _text(value: float) -> str:
    return f"{value:.3f}" if np.isfinite(value) else ""
