"""The measured part of this folder's README and its figures, from the tables of results.

``python -m calibration.report`` reads `results/sets*.csv` and `results/series.csv`, writes what it
worked out beside them, and puts it into words between two markers of the README. With
``--describe`` it first makes `series.csv` from the stock.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from calibration import plots
from calibration.cohort import Split
from calibration.facts import SeriesFacts, by_key, describe_series, read_facts, write_facts
from calibration.gates import CIRCUMSTANCES, Curve, error_curve, write_curves
from calibration.intervals import Estimate
from calibration.score import SetScore, read_scores
from calibration.sessions import FILMED_AGAIN, Figure, read_figures
from calibration.stock import read_stock
from calibration.tables import (
    LARGE_ERROR_DEG,
    CellRow,
    GuardRow,
    cell_rows,
    grade_rows,
    guard_rows,
    write_rows,
)

HERE = Path(__file__).parent
START, END = "<!-- results:start -->", "<!-- results:end -->"
TUNING: tuple[Split, ...] = ("tune", "report")
"""Gates may be judged by both, for nothing of the reading was fitted on either."""


def main() -> None:
    """Write the report."""
    parser = argparse.ArgumentParser(prog="python -m calibration.report", description=__doc__)
    parser.add_argument("--results", type=Path, default=HERE / "results", help="folder of tables")
    parser.add_argument("--readme", type=Path, default=HERE / "README.md")
    parser.add_argument("--split", choices=("tune", "report"), default="report")
    parser.add_argument("--describe", action="store_true", help="make series.csv from the stock")
    parser.add_argument("--stock", type=Path, default=HERE / "stock")
    arguments = parser.parse_args()
    if arguments.describe:
        stock = read_stock(arguments.stock)
        chosen = (stills for split in TUNING for stills in stock.choose(split=split))
        write_facts(arguments.results / "series.csv", map(describe_series, chosen))
    write_report(arguments.results, arguments.readme, arguments.split)


def write_report(results: Path, readme: Path, split: Split) -> None:
    """Tables into `results`, figures into `plots` beside the README, words into the README.

    Figures of accuracy are of `split` alone; with "tune" nothing of the report split is looked at.

    Raises
    ------
    ValueError
        When there are no scores of this split, or the README has no markers.
    """
    scores = [score for path in sorted(results.glob("sets*.csv")) for score in read_scores(path)]
    own = [score for score in scores if score.split == split]
    if not own:
        raise ValueError(
            f"expected sets of split {split!r} in {results}/sets*.csv, got none: score them first"
        )
    seen = TUNING if split == "report" else (split,)
    judged = [score for score in scores if score.split in seen]
    facts = [each for each in read_facts(results / "series.csv") if each.split in seen]
    curves = [error_curve(each, judged, by_key(facts)) for each in CIRCUMSTANCES]
    grades, cells, guards = grade_rows(own), cell_rows(own), guard_rows(own)
    write_rows(results / "accuracy.csv", [*grades, *cells])
    write_rows(results / "guards.csv", guards)
    write_curves(results / "gates.csv", curves)
    draw(readme.parent / "plots", own, judged, curves, facts)
    parts = [
        provenance_text(own, judged),
        accuracy_text(grades, cells),
        guards_text(guards),
        gates_text(curves),
    ]
    if (results / "sessions.csv").exists():
        parts.append(sessions_text(read_figures(results / "sessions.csv")))
    replace_between(readme, "\n\n".join(parts))


def draw(
    folder: Path,
    own: Sequence[SetScore],
    judged: Sequence[SetScore],
    curves: Sequence[Curve],
    facts: Sequence[SeriesFacts],
) -> None:
    """All figures of the report."""
    plots.plot_agreement(folder / "agreement.png", own)
    plots.plot_curves(folder / "gates.png", curves)
    plots.plot_nuisances(folder / "nuisances.png", judged)
    plots.plot_exchanged_legs(folder / "exchanged_legs.png", facts)


def replace_between(readme: Path, text: str) -> None:
    """Put text between the markers of the README; the rest stays as it is."""
    page = readme.read_text(encoding="utf-8")
    if page.count(START) != 1 or page.count(END) != 1 or page.index(START) > page.index(END):
        raise ValueError(f"expected {START} and then {END} once each in {readme}: put them in")
    before, after = page.split(START)[0], page.split(END)[1]
    readme.write_text(f"{before}{START}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def provenance_text(own: Sequence[SetScore], judged: Sequence[SetScore]) -> str:
    """What the figures are of."""
    return (
        f"Written by `python -m calibration.report`; do not edit. Accuracy: {len(own)} sets of "
        f"{len({s.member for s in own})} people of split {_listed({s.split for s in own})}. "
        f"Gates: {len(judged)} sets of {len({s.member for s in judged})} people of split "
        f"{_listed({s.split for s in judged})}. Correction "
        f"{_listed({s.correction for s in own})}, grid version "
        f"{_listed({str(s.grid_version) for s in own})}. In brackets: 95 % intervals by person."
    )


def accuracy_text(grades: Sequence[CellRow], cells: Sequence[CellRow]) -> str:
    """Error beside its target and beside what other tools read from the same landmarks."""
    inside = [row for row in cells if row.grade == "A"]
    others = [row for row in cells if row.grade != "A"]
    return "\n\n".join(
        (
            "### Error",
            "Mean absolute error (MAE), mean signed error (bias), 95th percentile of the absolute "
            "error and share refused. **Bold**: misses its target. The last columns are the MAE of "
            "the naive three-point angle in the image plane and in MediaPipe's 3D landmarks, and "
            "of Sports2D's angle definitions, from the same landmarks in the same sets: those that "
            "were not refused here. None of the three has a gate; *all sets* is the naive image "
            "angle with those refused here, too.",
            _table(grades),
            "Grade A, by movement:",
            _table(inside),
            "![Bland–Altman plots of the movements of grade A, rom above and the naive angle below]"
            "(plots/agreement.png)",
            "Agreement with the truth, grade A. Each mark is a set. Lines: bias and limits of "
            "agreement of the cells plain and near. Triangles lie beyond 30°. Refused sets show "
            "below only.",
            "<details><summary>Grade B, by movement</summary>",
            _table(others),
            "</details>",
        )
    )


def _table(rows: Sequence[CellRow]) -> str:
    head = (
        "movement",
        "cell",
        "sets (people)",
        "MAE (°)",
        "target",
        "bias (°)",
        "target",
        "p95 (°)",
        "refused (%)",
        "naive image (°)",
        "naive 3D (°)",
        "Sports2D (°)",
        "naive image, all sets (°)",
    )
    return _markdown(head, [_cells(row) for row in rows])


def _cells(row: CellRow) -> tuple[str, ...]:
    bias_size_deg = abs(row.bias_deg.value)
    return (
        row.movement.replace("_", " "),
        row.cell,
        f"{row.sets} ({row.bodies})",
        _marked(_interval(row.mae_deg), row.mae_deg.value, row.mae_target_deg),
        _target(row.mae_target_deg),
        _marked(_interval(row.bias_deg, signed=True), bias_size_deg, row.bias_target_deg),
        _target(row.bias_target_deg, "±"),
        _number(row.p95_deg.value),
        _percent(row.refused_frac),
        _number(row.naive_image_deg.value),
        _number(row.naive_world_deg.value),
        _number(row.sports2d_deg.value),
        _number(row.naive_image_all_deg.value),
    )


def guards_text(rows: Sequence[GuardRow]) -> str:
    """Whether bad values are kept back, and good ones are not."""
    head = (
        "cell",
        "sets",
        f"off by more than {LARGE_ERROR_DEG:.0f}°",
        "of these refused or warned (%)",
        "off by so much among values without a warning (%)",
        "refused or warned though not off by so much (%)",
        "refused (%)",
    )
    body = [
        (
            row.cell,
            str(row.sets),
            str(row.large),
            _percent(row.caught_frac),
            _percent(row.silent_large_frac),
            _percent(row.alarm_frac),
            _percent(row.refused_frac),
        )
        for row in rows
    ]
    return "\n\n".join(
        (
            "### Refusals and warnings",
            "All movements. Errors are of the value before refusal. The last figure of the row "
            "*plain* is the share of clean recordings that are refused for nothing. Recordings "
            "with all nuisances are dim and carry the warning for that; the last row leaves it "
            "out.",
            _markdown(head, body),
        )
    )


def gates_text(curves: Sequence[Curve]) -> str:
    """The limits beside what the error curves ask for."""
    head = (
        "circumstance",
        "gate",
        "sets",
        "seen from – to",
        "error in the better half (°)",
        "asked for",
        "warning",
        "blocking",
    )
    body = [
        (
            curve.circumstance.title,
            f"`{curve.circumstance.code}`" if curve.circumstance.code else "–",
            str(sum(each.sets for each in curve.bins)),
            _range(curve),
            _number(curve.good_deg),
            _limit(curve.proposed, curve.circumstance.unit),
            *(_limit(limit, curve.circumstance.unit) for limit in curve.in_use),
        )
        for curve in curves
        if curve.bins
    ]
    return "\n\n".join(
        (
            "### Gates",
            "![Mean error against each circumstance, with the limits](plots/gates.png)",
            "Error of the value before refusal against what each gate measures, in sets that no "
            "other gate refuses. Dots: means of bins; line: the same if all bins held the same "
            "mixture of movements. *Asked for* is where that line, made to rise only, has doubled "
            "from its level in the better half of the sets, or passes 5° having been below. No "
            "figure: it does neither within what was seen.",
            _markdown(head, body),
            "![Error and refusals with one nuisance at a time](plots/nuisances.png)",
            "One nuisance at a time, in the recommended view; movements of all grades. The dotted "
            "line is without any.",
            "![Share of stills with left and right leg exchanged, against the view]"
            "(plots/exchanged_legs.png)",
            "How often the pose model takes the left leg for the right, before the repair.",
        )
    )


def sessions_text(figures: Sequence[Figure]) -> str:
    """How often the verdict on a before-and-after session is right."""
    known = {(each.movement, each.scenario, each.figure): each for each in figures}
    movements = list(dict.fromkeys(each.movement for each in figures))

    def share(movement: str, scenario: str, figure: str) -> str:
        found = known.get((movement, scenario, figure))
        return "–" if found is None else _percent(_estimate(found))

    def size(movement: str, scenario: str, figure: str, form: str) -> str:
        found = known.get((movement, scenario, figure))
        return "–" if found is None or found.value is None else f"{found.value:{form}}"

    head = (
        "movement",
        "sessions without change",
        "false gain (%)",
        "false loss (%)",
        "+8° found (%)",
        "±15° found (%)",
        "camera moved by 30°: no false change (%)",
        "median MDC95 (°)",
        "no change within it (%)",
        "instrument's MDC95 (°)",
        "no change within that (%)",
        "slope",
    )
    body = [
        (
            movement.replace("_", " "),
            _session_count(known.get((movement, "no_change", "gain"))),
            share(movement, "no_change", "gain"),
            share(movement, "no_change", "loss"),
            share(movement, "gain_8", "right_if_answered"),
            share(movement, "any_15", "right_if_answered"),
            share(movement, "camera_off30", "right"),
            size(movement, "no_change", "mdc95_deg", ".1f"),
            share(movement, "no_change", "within_mdc95"),
            size(movement, FILMED_AGAIN, "mdc95_deg", ".1f"),
            share(movement, FILMED_AGAIN, "within_mdc95"),
            size(movement, "all_changes", "slope", ".2f"),
        )
        for movement in movements
    ]
    return "\n\n".join(
        (
            "### Before and after",
            "Whole sessions (Pre 1, Pre 2, Post) through the product; how they are made stands in "
            "`sessions.py`, more scenarios (warming up, a camera moved less) in "
            "`results/sessions.csv`. *Found* counts sessions with an answer; the instrument's "
            "figures are of the same true peaks filmed twice, without what people vary.",
            _markdown(head, body),
        )
    )


def _session_count(figure: Figure | None) -> str:
    return "–" if figure is None else f"{figure.sessions} ({figure.bodies} people)"


def _estimate(figure: Figure) -> Estimate:
    numbers = (figure.value, figure.low, figure.high)
    return Estimate(*(float("nan") if number is None else number for number in numbers))


def _range(curve: Curve) -> str:
    return f"{curve.bins[0].middle:.3g} – {curve.bins[-1].middle:.3g}"


def _limit(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    return f"{value:.3g}°" if unit == "°" else f"{value:.3g} {unit}".strip()


def _markdown(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    rows = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _marked(text: str, value: float, target: float | None) -> str:
    missed = target is not None and np.isfinite(value) and value > target
    return f"**{text}**" if missed else text


def _target(value: float | None, sign: str = "") -> str:
    return "–" if value is None else f"{sign or '≤ '}{value:g}"


def _interval(figure: Estimate, *, signed: bool = False) -> str:
    if not np.isfinite(figure.value):
        return "–"
    form = "+.1f" if signed else ".1f"
    value = f"{figure.value:{form}}"
    if not np.isfinite(figure.low):
        return value
    return f"{value} ({figure.low:{form}} to {figure.high:{form}})"


def _percent(figure: Estimate) -> str:
    if not np.isfinite(figure.value):
        return "–"
    return f"{100 * figure.value:.0f} ({100 * figure.low:.0f} to {100 * figure.high:.0f})"


def _number(value: float) -> str:
    return f"{value:.1f}" if np.isfinite(value) else "–"


def _listed(names: set[str] | set[Split]) -> str:
    return " and ".join(sorted(names))


if __name__ == "__main__":
    main()
