"""The bench as a whole: from the stock of landmarks to the package's tables and the report.

Every step writes files that the next one reads, so that a run goes on where it was interrupted and
any step can be done alone. Nothing before the report ever looks at the report split.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path

import platformdirs

from calibration.cohort import Split
from calibration.error_table import error_rows, measure_repeats, write_error_table
from calibration.facts import describe_series, write_facts
from calibration.fit import (
    Trial,
    fit_correction,
    read_samples,
    try_corrections,
    write_corrections,
)
from calibration.freshness import PRODUCT, fingerprint
from calibration.report import END, START, write_report
from calibration.score import SetScore, read_scores, score_sets, write_scores
from calibration.sessions import LEVELS, Figure, simulate, summarise, write_rows
from calibration.stock import STOCK_FOLDER, Stills, Stock, pack_shards, read_stock
from rom.terminal import progress_bar

RESULTS = Path(__file__).parent / "results"
CACHE = Path(platformdirs.user_cache_dir("rom")) / "calibration"
SETS_OF: dict[Split, int] = {"fit": 0, "tune": 4, "report": 3}
"""Sets scored for every series and side."""
QUICK_SETS, QUICK_LEVELS = 2, 8
"""Of a quick run; its 8 levels make 80 sessions without change for each movement."""
SEED = 20261121


def fit_tables(stock: Stock) -> None:
    """Fit the corrections on the fit split, try them on the tune split, write both tables."""
    fitted = {
        movement: fit_correction(movement, sample)
        for movement, sample in read_samples(stock, "fit").items()
    }
    trials = try_corrections(fitted, read_samples(stock, "tune"))
    for trial in trials:
        print(
            f"{trial.movement:26s} {trial.kinds:17s} {trial.uncorrected_deg:5.1f} -> curve "
            f"{trial.curve_deg:4.1f} -> posture {trial.posture_deg:4.1f}°"
        )
    write_corrections(fitted, trials, PRODUCT / "kinematics" / "data")
    write_trials(trials, RESULTS / "corrections.csv")


def write_trials(trials: list[Trial], path: Path) -> None:
    """What the corrections did on people they were not fitted on."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(asdict(trials[0])), lineterminator="\n")
        writer.writeheader()
        for trial in trials:
            values = asdict(trial)
            writer.writerow(
                {k: round(v, 2) if isinstance(v, float) else v for k, v in values.items()}
            )


def score_split(
    stock: Stock,
    split: Split,
    *,
    sets: int | None = None,
    others: bool = True,
    processes: int = 2,
) -> list[SetScore]:
    """Score a split movement by movement; what is there for this correction is kept."""
    sets = sets or SETS_OF[split]
    folder = CACHE / "sets"
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[Path, list[Stills]] = {}
    part = f"{sets}" if others else f"{sets}-own"
    for movement in stock.movements:
        chosen = list(stock.choose(split=split, movement=movement))
        paths[folder / f"{split}-{movement}-{part}-{fingerprint(chosen)}.csv"] = chosen
    missing = {path: chosen for path, chosen in paths.items() if not path.exists()}
    with progress_bar() as show, ProcessPoolExecutor(processes) as workers:
        score = partial(_score_to_file, sets=sets, others=others)
        for done, _ in enumerate(workers.map(score, missing, missing.values()), start=1):
            show(f"Sets of {split}", done / len(missing))
    return [score for path in paths for score in read_scores(path)]


def _score_to_file(path: Path, series: list[Stills], *, sets: int, others: bool) -> None:
    write_scores(path, score_sets(series, sets=sets, seed=SEED, others=others))


def write_errors(stock: Stock, scores: list[SetScore]) -> None:
    """The package's error figures from the tune split."""
    repeats = [
        repeat
        for movement in stock.movements
        for repeat in measure_repeats(stock, "tune", movement)
    ]
    rows = error_rows(scores, repeats, first_estimates())
    write_error_table(PRODUCT / "clinical" / "data" / "measurement_error.csv", rows)


def first_estimates() -> list[dict[str, str]]:
    """Published floors and first estimates, one row a movement, as they were before the bench."""
    with (Path(__file__).parent / "first_estimates.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def run_quick(out: Path) -> Path:
    """Whether a change to the product helps: the tune split alone, into a folder of its own.

    Returns the page; the committed results and the report split are left alone.
    """
    out.mkdir(parents=True, exist_ok=True)
    page = out / "report.md"
    page.write_text(f"# Quick run, people of the tune split\n\n{START}\n{END}\n", encoding="utf-8")
    stock = _without(read_stock(STOCK_FOLDER), "report")
    scores = score_split(stock, "tune", sets=QUICK_SETS)
    _write_results(stock, "tune", scores, out, page, levels=QUICK_LEVELS)
    return page


def run_report() -> None:
    """From the committed stock to the committed tables and the README; nothing is fitted anew."""
    stock = read_stock(STOCK_FOLDER)
    scores = [*score_split(stock, "tune"), *score_split(stock, "report")]
    _write_results(stock, "report", scores, RESULTS, RESULTS.parent / "README.md", levels=LEVELS)


def _write_results(
    stock: Stock, split: Split, scores: list[SetScore], results: Path, page: Path, *, levels: int
) -> None:
    write_scores(results / "sets.csv", scores)
    splits: tuple[Split, ...] = ("tune",) if split == "tune" else ("tune", "report")
    series = (stills for each in splits for stills in stock.choose(split=each))
    write_facts(results / "series.csv", map(describe_series, series))
    sessions = simulate(stock, split, CACHE / "sessions", levels=levels, processes=2)
    write_rows(results / "sessions.csv", Figure, summarise(sessions))
    write_report(results, page, split)


def _without(stock: Stock, split: Split) -> Stock:
    return Stock(
        {k: stills for k, stills in stock.series.items() if stills.plan.member.split != split}
    )


def run_full(out: Path, *, parts: int = 2) -> None:
    """Render what is missing, pack it, fit, measure the errors, then as `run_report`."""
    commands = [
        [
            sys.executable,
            "-m",
            "calibration",
            "grid",
            "--out",
            str(out),
            "--part",
            f"{part}/{parts}",
        ]
        for part in range(1, parts + 1)
    ]
    workers = [subprocess.Popen(command) for command in commands]
    statuses = [worker.wait() for worker in workers]
    if any(statuses):
        raise SystemExit("expected all pictures, got an error above: run it again to go on")
    pack_shards(out / "shards")
    stock = read_stock(STOCK_FOLDER)
    fit_tables(stock)
    for command in (["errors"], ["report"]):  # anew, so that they read the new tables
        subprocess.run([sys.executable, "-m", "calibration", *command], check=True)
