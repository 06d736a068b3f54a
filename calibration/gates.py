"""Where a quality gate should stand: error against what the gate measures, and where it doubles.

Two tables go in: the scores of sets, and for every series what the gates themselves measure in its
stills (`facts`). The error is that of the value before refusal, in sets which no other gate
refuses, so that each curve shows what its own gate keeps out.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from calibration.conditions import Kind
from calibration.facts import FactsOf, SeriesFacts
from calibration.intervals import Estimate
from calibration.score import SetScore
from calibration.tables import bodies_of, mean, raw_error_deg
from rom.movements import MOVEMENTS, View
from rom.quality.limits import limits
from rom.quality.view import OBLIQUE_MIDDLE_DEG

FloatArray = NDArray[np.float64]

TOO_LARGE_DEG = 5.0
"""A mean error beyond this is more than a goniometer's, whatever it was in good circumstances."""
DOUBLES = 2.0
FEWEST_SETS = 12
"""Bins with fewer sets are joined to their better neighbour."""
_STROKE_S = 1.6
"""Length of the middle outward stroke of a composed set at speed 1 (`compose`)."""
_USUAL_VIEW: tuple[Kind, ...] = ("plain", "near")
_TURNED: tuple[Kind, ...] = ("plain", "near", "off30", "far")
_NO_ROUGH: tuple[Kind, ...] = (*_TURNED, "single")
_ALL: tuple[Kind, ...] = (*_NO_ROUGH, "rough")


Group = list[tuple[float, SetScore]]
"""Sets, each with its figure for a circumstance."""
Measure = Callable[[SetScore, SeriesFacts], float | None]


@dataclass(frozen=True, kw_only=True)
class Circumstance:
    """Something that makes readings worse, with the gate that watches it.

    Attributes
    ----------
    code
        Of the gate in the table of limits; empty where none watches it.
    edges
        Of the bins, ascending; outer bins are open.
    kinds
        The recordings in which this varies and little else does.
    """

    name: str
    title: str
    unit: str
    code: str
    edges: tuple[float, ...]
    measure: Measure
    kinds: tuple[Kind, ...]
    worse_when_above: bool = True


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Mean error of the sets within a part of a circumstance; `middle` is their median there.

    `adjusted_deg` is what the mean would be if all bins held the same mixture of movements, for
    the circumstance goes with the movement (a foot is small, a profile hides an arm).
    """

    middle: float
    sets: int
    bodies: int
    mae_deg: Estimate
    adjusted_deg: float


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Error against a circumstance, with the limit in use and the one that the curve asks for."""

    circumstance: Circumstance
    bins: tuple[Bin, ...]
    good_deg: float
    proposed: float | None

    @property
    def in_use(self) -> tuple[float | None, float | None]:
        """Warning and blocking limit of the table; None where there is none."""
        limit = limits().get(self.circumstance.code)
        return (limit.warning, limit.blocking) if limit else (None, None)


def _absolute(value: float | None) -> float | None:
    return None if value is None else abs(value)


def _oblique(score: SetScore) -> bool:
    return MOVEMENTS[score.movement].view is View.OBLIQUE_SIDE


def _straight_view_deg(score: SetScore, facts: SeriesFacts) -> float | None:
    return None if _oblique(score) else score.view_deg


def _leg_view_deg(score: SetScore, facts: SeriesFacts) -> float | None:
    """Off the plane beyond the best view for the legs, as the gate counts it."""
    if not _oblique(score) or facts.off_plane_deg is None:
        return None
    off_deg = facts.off_plane_deg
    return max(0.0, off_deg - OBLIQUE_MIDDLE_DEG) if off_deg > 0.0 else abs(off_deg)


def _stroke_frames(score: SetScore, facts: SeriesFacts) -> float:
    return _STROKE_S / score.speed * score.frame_rate_hz


CIRCUMSTANCES: tuple[Circumstance, ...] = (
    Circumstance(
        name="off_plane",
        title="Camera off the plane, estimated",
        unit="°",
        code="camera_off_plane",
        edges=(5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 45.0),
        measure=_straight_view_deg,
        kinds=_TURNED,
    ),
    Circumstance(
        name="leg_off_plane",
        title="Legs: beyond the best view, estimated",
        unit="°",
        code="camera_off_plane",
        edges=(5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0),
        measure=_leg_view_deg,
        kinds=_TURNED,
    ),
    Circumstance(
        name="offset",
        title="Camera off the recommended view, true",
        unit="°",
        code="",
        edges=(3.0, 6.0, 10.0, 15.0, 26.0, 30.0, 35.0, 45.0),
        measure=lambda score, facts: abs(score.offset_deg),
        kinds=_TURNED,
    ),
    Circumstance(
        name="tilt",
        title="Tilt of the resting trunk",
        unit="°",
        code="camera_tilted",
        edges=(1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0),
        measure=lambda score, facts: facts.tilt_deg,
        kinds=("plain", "near", "single"),
    ),
    Circumstance(
        name="roll",
        title="Roll of the camera, true",
        unit="°",
        code="",
        edges=(0.5, 1.0, 2.0, 4.0, 6.0, 8.0),
        measure=lambda score, facts: abs(score.roll_deg),
        kinds=("plain", "near", "single"),
    ),
    Circumstance(
        name="segment",
        title="Length of the moving segment",
        unit="px",
        code="subject_too_small",
        edges=(24.0, 30.0, 40.0, 50.0, 65.0, 85.0, 120.0),
        measure=lambda score, facts: facts.segment_px,
        kinds=("plain", "near", "single"),
        worse_when_above=False,
    ),
    Circumstance(
        name="length_ratio",
        title="Moving segment, shortest to longest",
        unit="ratio",
        code="limb_out_of_plane",
        edges=(0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95),
        measure=lambda score, facts: facts.length_ratio,
        kinds=_NO_ROUGH,
        worse_when_above=False,
    ),
    Circumstance(
        name="hidden",
        title="Stills with a guess",
        unit="fraction",
        code="landmarks_hidden",
        edges=(0.01, 0.15, 0.3, 0.5),
        measure=lambda score, facts: facts.hidden_frac,
        kinds=_ALL,
    ),
    Circumstance(
        name="outside",
        title="Stills out of the picture",
        unit="fraction",
        code="out_of_picture",
        edges=(0.01, 0.1, 0.3),
        measure=lambda score, facts: facts.outside_frac,
        kinds=_ALL,
    ),
    Circumstance(
        name="novelty",
        title="Posture from the nearest known",
        unit="SD",
        code="posture_unusual",
        edges=(0.7, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0),
        measure=lambda score, facts: score.novelty,
        kinds=_ALL,
    ),
    Circumstance(
        name="light",
        title="Luma of the brightest twentieth",
        unit="",
        code="picture_dark",
        edges=(100.0, 120.0, 150.0, 170.0, 185.0, 200.0),
        measure=lambda score, facts: score.lit_level,
        kinds=_ALL,
        worse_when_above=False,
    ),
    Circumstance(
        name="frame_rate",
        title="Frame rate",
        unit="Hz",
        code="frame_rate_low",
        edges=(20.0, 24.5, 27.0, 45.0),
        measure=lambda score, facts: score.frame_rate_hz,
        kinds=_USUAL_VIEW,
        worse_when_above=False,
    ),
    Circumstance(
        name="stroke",
        title="Frames of the outward stroke",
        unit="frames",
        code="few_frames",
        edges=(18.0, 22.0, 28.0, 35.0, 45.0, 70.0),
        measure=_stroke_frames,
        kinds=_USUAL_VIEW,
        worse_when_above=False,
    ),
    Circumstance(
        name="speed",
        title="Speed (1: 1.2 to 2 s a stroke)",
        unit="",
        code="",
        edges=(0.9, 1.0, 1.1, 1.2, 1.3, 1.4),
        measure=lambda score, facts: score.speed,
        kinds=_USUAL_VIEW,
    ),
)


def error_curve(circumstance: Circumstance, scores: Iterable[SetScore], facts: FactsOf) -> Curve:
    """Mean absolute error in bins of a circumstance, and the limit that it asks for."""
    bins = _bins(circumstance, _measured(circumstance, scores, facts))
    good_deg = good_error_deg(bins, worse_when_above=circumstance.worse_when_above)
    return Curve(
        circumstance=circumstance,
        bins=bins,
        good_deg=good_deg,
        proposed=propose_limit(bins, good_deg, worse_when_above=circumstance.worse_when_above),
    )


def refused_by_others(score: SetScore, code: str) -> bool:
    """Whether a set is refused for another reason than this gate."""
    return bool(set(score.refusals.split()) - {code})


def _measured(circumstance: Circumstance, scores: Iterable[SetScore], facts: FactsOf) -> Group:
    """Sets with a reading and with a figure for the circumstance, in ascending order of that."""
    pairs = []
    for score in scores:
        if score.kind not in circumstance.kinds or score.raw_deg is None:
            continue
        own = facts.get((score.movement, score.member, score.kind))
        if own is None or refused_by_others(score, circumstance.code):
            continue
        value = circumstance.measure(score, own)
        if value is not None:
            pairs.append((value, score))
    return sorted(pairs, key=lambda pair: pair[0])


def _bins(circumstance: Circumstance, pairs: Group) -> tuple[Bin, ...]:
    """Bins between the edges; sets of a thin bin go to the next, those of the last to the one
    before."""
    places = np.digitize([value for value, _ in pairs], circumstance.edges)
    groups: list[Group] = [[]]
    for place in range(len(circumstance.edges) + 1):
        groups[-1] += [pair for pair, at in zip(pairs, places, strict=True) if at == place]
        if len(groups[-1]) >= FEWEST_SETS:
            groups.append([])
    left_over = groups.pop()
    if groups:
        groups[-1] += left_over
    adjusted_deg = _adjusted_deg(groups)
    return tuple(_bin(*each) for each in zip(groups, adjusted_deg, strict=True))


def _bin(group: Group, adjusted_deg: float) -> Bin:
    scores = [score for _, score in group]
    errors_deg = np.abs([raw_error_deg(score) for score in scores])
    return Bin(
        middle=float(np.median([value for value, _ in group])),
        sets=len(group),
        bodies=len(set(bodies_of(scores))),
        mae_deg=mean(errors_deg, bodies_of(scores)),
        adjusted_deg=float(adjusted_deg),
    )


def _adjusted_deg(groups: Sequence[Group]) -> FloatArray:
    """(G,) mean errors for one mixture of movements: least squares, a level for each movement."""
    scores = [score for group in groups for _, score in group]
    if not scores:
        return np.zeros(0)
    errors_deg = np.abs([raw_error_deg(score) for score in scores])
    movements, of = np.unique([score.movement for score in scores], return_inverse=True)
    group_of = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    by_group = np.eye(len(groups))[group_of]
    by_movement = np.eye(len(movements))[of]
    design = np.hstack([by_group, by_movement - by_movement.mean(axis=0)])
    levels_deg: FloatArray = np.linalg.lstsq(design, errors_deg)[0][: len(groups)]
    return levels_deg


def good_error_deg(bins: Sequence[Bin], *, worse_when_above: bool) -> float:
    """Mean error in the better half of the sets, whole bins taken from the good end."""
    ordered = bins if worse_when_above else bins[::-1]
    total, taken, error_deg = sum(each.sets for each in bins), 0, 0.0
    for each in ordered:
        error_deg += each.sets * each.adjusted_deg
        taken += each.sets
        if 2 * taken >= total:
            break
    return error_deg / taken if taken else float("nan")


def crossing(bins: Sequence[Bin], error_deg: float, *, worse_when_above: bool) -> float | None:
    """Where the error first reaches a level on its way to the worse end; None if it never does.

    The course between bins is straight and never falls (isotonic regression, weighted by the
    number of sets), for circumstances that get worse do not make a reading better.
    """
    ordered = list(bins if worse_when_above else bins[::-1])
    if not ordered or not np.isfinite(error_deg):
        return None
    rising = isotonic_regression(
        [each.adjusted_deg for each in ordered], weights=[each.sets for each in ordered]
    ).x
    reached = np.flatnonzero(rising >= error_deg)
    if len(reached) == 0:
        return None
    first = int(reached[0])
    if first == 0:
        return ordered[0].middle
    part = (error_deg - rising[first - 1]) / (rising[first] - rising[first - 1])
    before, after = ordered[first - 1].middle, ordered[first].middle
    return float(before + part * (after - before))


def propose_limit(bins: Sequence[Bin], good_deg: float, *, worse_when_above: bool) -> float | None:
    """The limit that a curve asks for: the error has doubled, or passes 5° having been below."""
    levels_deg = [DOUBLES * good_deg, *([TOO_LARGE_DEG] if good_deg < TOO_LARGE_DEG else [])]
    return crossing(bins, min(levels_deg), worse_when_above=worse_when_above)


def write_curves(path: Path, curves: Iterable[Curve]) -> None:
    """Write one row a bin, with the limits beside it."""
    names = ["circumstance", "unit", "code", "middle", "sets", "bodies"]
    names += ["mae_deg", "mae_deg_low", "mae_deg_high", "adjusted_deg", "good_deg", "proposed"]
    names += ["warning", "blocking"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        for curve in curves:
            about = curve.circumstance
            for each in curve.bins:
                error = each.mae_deg
                row = [about.name, about.unit, about.code, f"{each.middle:.3g}"]
                row += [str(each.sets), str(each.bodies)]
                figures = (error.value, error.low, error.high, each.adjusted_deg, curve.good_deg)
                row += ["" if np.isnan(figure) else f"{figure:.2f}" for figure in figures]
                limits_text = (curve.proposed, *curve.in_use)
                row += ["" if limit is None else f"{limit:.3g}" for limit in limits_text]
                writer.writerow(row)
