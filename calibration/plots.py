"""The figures of the report: agreement, error curves of the gates, nuisances, exchanged legs.

Colours are those of Okabe and Ito, told apart by people who are blind to red or green; marks differ
in shape as well. Every function draws from rows and saves one small PNG.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from PIL import Image

from calibration.acting import ACTIONS
from calibration.conditions import NUISANCES
from calibration.facts import SeriesFacts
from calibration.gates import Curve
from calibration.intervals import Estimate, cluster_share
from calibration.score import SetScore
from calibration.tables import bodies_of, mean, raw_error_deg, share
from rom.movements import MOVEMENTS, View
from rom.quality.limits import limits

matplotlib.use("Agg")

BLUE, ORANGE, RED, GREY = "#0072B2", "#E69F00", "#D55E00", "#777777"
LARGEST_BYTES = 100_000
SHOWN_DEG = 30.0
"""Differences beyond this are drawn at the edge, as triangles."""
_COLUMNS = 5
_PALETTE = 96
_STYLE = {
    "font.size": 8.0,
    "axes.titlesize": 8.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "legend.frameon": False,
}


def graded_a() -> list[str]:
    """Movements of grade A, in the order of the catalogue of poses."""
    return [movement for movement in ACTIONS if MOVEMENTS[movement].grade == "A"]


def plot_agreement(path: Path, scores: Sequence[SetScore]) -> None:
    """Bland–Altman plots of grade A: rom above, the naive angle in the image plane below.

    The abscissa is the truth and not the mean of both methods, as the truth has no error.
    """
    movements = [name for name in graded_a() if any(s.movement == name for s in scores)]
    bands = -(-len(movements) // _COLUMNS)
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(9.6, 3.1 * bands + 0.5), layout="constrained")
        axes = figure.subplots(2 * bands, _COLUMNS, squeeze=False, sharey=True)
        for place in range(bands * _COLUMNS):
            row, column = 2 * (place // _COLUMNS), place % _COLUMNS
            pair = (axes[row][column], axes[row + 1][column])
            if place >= len(movements):
                for each in pair:
                    each.set_axis_off()
                continue
            own = [score for score in scores if score.movement == movements[place]]
            _agreement(pair[0], own, "value_deg")
            _agreement(pair[1], own, "naive_image_deg")
            pair[0].set_title(f"{_words(movements[place])}\n", fontweight="bold")
            for each, name in zip(pair, ("rom", "naive"), strict=True):
                each.text(0.02, 1.0, name, transform=each.transAxes, va="bottom", color=GREY)
        figure.supxlabel("true angle (°)", fontsize=9)
        figure.supylabel("reading minus truth (°)", fontsize=9)
        handles, names = axes[0][0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper center", ncols=4, fontsize=8)
        save_small(figure, path)


def _agreement(axes: Axes, scores: Sequence[SetScore], name: str) -> None:
    """Differences against truth, with bias and limits of agreement within 15° of the view."""
    groups = (
        ("camera within 15°", ("plain", "near"), BLUE, "o"),
        ("30° off, or rough", ("off30", "rough"), ORANGE, "s"),
    )
    for label, kinds, colour, marker in groups:
        read = [s for s in scores if s.kind in kinds and getattr(s, name) is not None]
        truth_deg = np.array([score.truth_deg for score in read])
        apart_deg = np.array([getattr(score, name) - score.truth_deg for score in read])
        inside = np.abs(apart_deg) <= SHOWN_DEG
        dots: dict[str, Any] = {"color": colour, "alpha": 0.55, "linewidths": 0.0}
        axes.scatter(truth_deg[inside], apart_deg[inside], s=7, marker=marker, label=label, **dots)
        edge_deg = np.clip(apart_deg[~inside], -SHOWN_DEG, SHOWN_DEG)
        for sign, triangle in ((1.0, "^"), (-1.0, "v")):
            there = edge_deg * sign > 0.0
            axes.scatter(truth_deg[~inside][there], edge_deg[there], s=12, marker=triangle, **dots)
        if kinds[0] == "plain" and len(apart_deg) > 1:
            bias_deg, spread_deg = float(apart_deg.mean()), 1.96 * float(apart_deg.std(ddof=1))
            axes.axhline(bias_deg, color=BLUE, linewidth=1.0, label="bias")
            for limit_deg in (bias_deg - spread_deg, bias_deg + spread_deg):
                axes.axhline(limit_deg, color=BLUE, linewidth=0.8, linestyle=(0, (4, 2)))
            axes.plot([], [], color=BLUE, linewidth=0.8, linestyle=(0, (4, 2)), label="±1.96 SD")
    axes.axhline(0.0, color="black", linewidth=0.4, zorder=0)
    axes.set_ylim(-1.08 * SHOWN_DEG, 1.08 * SHOWN_DEG)
    axes.set_yticks((-30, -15, 0, 15, 30))
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))


def plot_curves(path: Path, curves: Sequence[Curve]) -> None:
    """Error of the value before refusal against each circumstance, with the limits in use."""
    drawn = [curve for curve in curves if len(curve.bins) > 1]
    columns = 4
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(9.6, 2.2 * -(-len(drawn) // columns) + 0.5), layout="constrained")
        grid = figure.subplots(-(-len(drawn) // columns), columns, squeeze=False).ravel()
        highest_deg = [each.mae_deg.value for curve in drawn for each in curve.bins]
        for axes, curve in zip(grid, drawn, strict=False):
            _curve(axes, curve)
            axes.set_ylim(0.0, min(1.4 * max([5.0, *highest_deg]), SHOWN_DEG))
        for axes in grid[len(drawn) :]:
            axes.set_axis_off()
        figure.supylabel("mean absolute error before refusal (°)", fontsize=9)
        figure.legend(handles=_curve_legend(grid[0]), loc="outside upper center", ncols=5)
        save_small(figure, path)


def _curve(axes: Axes, curve: Curve) -> None:
    about, bins = curve.circumstance, curve.bins
    middle = np.array([each.middle for each in bins])
    error_deg = np.array([each.mae_deg.value for each in bins])
    arms_deg = _arms([each.mae_deg for each in bins])
    adjusted_deg = [each.adjusted_deg for each in bins]
    axes.errorbar(middle, error_deg, arms_deg, color=BLUE, fmt="o", markersize=3.5, linewidth=0.9)
    axes.plot(middle, adjusted_deg, color=BLUE, linewidth=1.2)
    warning, blocking = curve.in_use
    low, high = axes.get_xlim()
    for limit, colour, dashes in ((warning, ORANGE, (0, (4, 2))), (blocking, RED, "solid")):
        if limit is not None and low - 0.4 * (high - low) <= limit <= high + 0.4 * (high - low):
            axes.axvline(limit, color=colour, linewidth=1.2, linestyle=dashes, zorder=0)
    if curve.proposed is not None:
        axes.plot([curve.proposed], [0.0], "^", color="black", markersize=6, clip_on=False)
    axes.axhline(5.0, color=GREY, linewidth=0.5, linestyle=(0, (1, 2)), zorder=0)
    if not about.worse_when_above:
        axes.invert_xaxis()
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set_xlabel(f"{about.title} ({about.unit})" if about.unit else about.title)


def _curve_legend(axes: Axes) -> list[matplotlib.artist.Artist]:
    """Entries drawn nowhere, so that every panel can do without a legend of its own."""
    looks: tuple[tuple[str, dict[str, object]], ...] = (
        ("mean of a bin, 95 %", {"color": BLUE, "marker": "o", "linestyle": "none"}),
        ("same mixture of movements", {"color": BLUE}),
        ("warning limit", {"color": ORANGE, "linestyle": (0, (4, 2))}),
        ("blocking limit", {"color": RED}),
        ("limit the curve asks for", {"color": "black", "marker": "^", "linestyle": "none"}),
    )
    return [axes.plot([], [], label=label, **look)[0] for label, look in looks]  # type: ignore[arg-type]


def plot_nuisances(path: Path, scores: Sequence[SetScore]) -> None:
    """Error before refusal and share refused with one nuisance, beside recordings without any."""
    groups = [("none (plain)", [s for s in scores if s.kind == "plain"])]
    for nuisance in NUISANCES:
        groups.append(
            (
                _words(nuisance),
                [s for s in scores if s.kind == "single" and s.nuisances == nuisance],
            )
        )
    groups.append(("rough: all of the picture's", [s for s in scores if s.kind == "rough"]))
    groups = [(name, own) for name, own in groups if own]
    errors, refusals = [], []
    for _, own in groups:
        read = [score for score in own if score.raw_deg is not None]
        errors.append(mean(np.abs([raw_error_deg(s) for s in read]), bodies_of(read)))
        refusals.append(share([s.value_deg is None for s in own], bodies_of(own)))
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(8.0, 0.26 * len(groups) + 1.0), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        names = [f"{name}  (n = {len(own)})" for name, own in groups]
        _bars(left, names, errors, 1.0, "mean absolute error before refusal (°)")
        _bars(right, names, refusals, 100.0, "refused (%)")
        save_small(figure, path)


def _bars(
    axes: Axes, names: Sequence[str], figures: Sequence[Estimate], scale: float, label: str
) -> None:
    at = np.arange(len(names))
    values = scale * np.array([figure.value for figure in figures])
    colours = [GREY, *[BLUE] * (len(names) - 1)]
    axes.barh(at, values, color=colours, height=0.7, alpha=0.75)
    axes.errorbar(
        values, at, xerr=scale * _arms(figures), fmt="none", ecolor="black", elinewidth=0.8
    )
    axes.axvline(values[0], color=GREY, linewidth=0.8, linestyle=(0, (1, 2)), zorder=0)
    axes.set_yticks(at, names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(left=0.0)
    axes.set_xlabel(label)


def plot_exchanged_legs(path: Path, facts: Sequence[SeriesFacts]) -> None:
    """Share of stills with left and right leg exchanged, against the true view of the legs."""
    own = [f for f in facts if MOVEMENTS[f.movement].view in (View.SIDE, View.OBLIQUE_SIDE)]
    own = [f for f in own if MOVEMENTS[f.movement].joint in ("hip", "knee", "ankle")]
    towards_deg = np.array([90.0 - ACTIONS[f.movement].view_yaw_deg - f.offset_deg for f in own])
    edges_deg = np.arange(-45.0, 91.0, 10.0)
    at = np.digitize(towards_deg, edges_deg)
    places = [place for place in np.unique(at) if (at == place).sum() >= 5]
    middle_deg = [float(np.median(towards_deg[at == place])) for place in places]
    rates = [
        _exchanged([f for f, each in zip(own, at, strict=True) if each == place])
        for place in places
    ]
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(5.6, 3.0), layout="constrained")
        axes = figure.subplots()
        values = 100.0 * np.array([rate.value for rate in rates])
        axes.errorbar(
            middle_deg, values, 100.0 * _arms(rates), color=BLUE, marker="o", markersize=4
        )
        square_deg = limits()["leg_view_too_square"].warning
        if square_deg is not None:
            axes.axvspan(-square_deg, square_deg, color=ORANGE, alpha=0.2, linewidth=0.0)
            axes.text(
                0.0,
                1.0,
                "warned of",
                color=RED,
                ha="center",
                va="bottom",
                transform=axes.get_xaxis_transform(),
            )
        axes.set_ylim(bottom=0.0)
        axes.set_xlabel("camera off the pure side view, positive towards the front (°)")
        axes.set_ylabel("stills with exchanged legs (%)")
        save_small(figure, path)


def _exchanged(facts: Sequence[SeriesFacts]) -> Estimate:
    """Share of the stills, by people."""
    names, of = np.unique([each.member for each in facts], return_inverse=True)
    stills = np.array([each.stills for each in facts])
    exchanged = np.round(stills * [each.exchanged_frac for each in facts])
    return cluster_share(
        np.bincount(of, exchanged, len(names)), np.bincount(of, stills, len(names))
    )


def _arms(figures: Sequence[Estimate]) -> np.ndarray:
    """(2, N) lengths of error bars below and above; 0 where there is no interval."""
    values = np.array([figure.value for figure in figures])
    low, high = np.array([(figure.low, figure.high) for figure in figures]).reshape(-1, 2).T
    return np.nan_to_num(np.clip([values - low, high - values], 0.0, None))


def _words(name: str) -> str:
    return name.replace("cervical", "neck").replace("_", " ")


def save_small(figure: Figure, path: Path) -> None:
    """Save as a PNG of few colours.

    Raises
    ------
    ValueError
        When it is larger than `LARGEST_BYTES` all the same.
    """
    drawn = BytesIO()
    figure.savefig(drawn, format="png", dpi=120)
    picture = (
        Image.open(drawn)
        .convert("RGB")
        .quantize(_PALETTE, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    )
    small = BytesIO()
    picture.save(small, format="png", optimize=True)
    if small.tell() > LARGEST_BYTES:
        raise ValueError(
            f"expected a figure of at most {LARGEST_BYTES} bytes, {path.name} takes "
            f"{small.tell()}: draw fewer panels or points"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(small.getvalue())
