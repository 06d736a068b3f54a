"""The bench as a whole: from the stock of landmarks to the package's tables and the report.

Every step writes files that the next one reads, so that a run goes on where it was interrupted and
any step can be done alone. Nothing before the report ever looks at the report split.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
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
from calibration.report import write_report
from calibration.score import SetScore, read_scores, score_sets, write_scores
from calibration.sessions import Figure, simulate, summarise, write_rows
from calibration.stock import STOCK_FOLDER, Stills, Stock, pack_shards, read_stock
from rom.terminal import progress_bar

RESULTS = Path(__file__).parent / "results"
CACHE = Path(platformdirs.user_cache_dir("rom")) / "calibration"
SETS_OF: dict[Split, int] = {"fit": 0, "tune": 4, "report": 3}
"""Sets scored for every series and side."""
QUICK_LEVELS = 16
"""Levels of simulated sessions in a quick run: 160 sessions without change for each movement."""
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
    stock: Stock, split: Split, *, others: bool = True, processes: int = 2
) -> list[SetScore]:
    """Score a split movement by movement; what is there for this correction is kept."""
    folder = CACHE / "sets"
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[Path, list[Stills]] = {}
    part = "" if others else "-own"
    for movement in stock.movements:
        chosen = list(stock.choose(split=split, movement=movement))
        paths[folder / f"{split}-{movement}{part}-{fingerprint(chosen)}.csv"] = chosen
    missing = {path: chosen for path, chosen in paths.items() if not path.exists()}
    with progress_bar() as show, ProcessPoolExecutor(processes) as workers:
        score = partial(_score_to_file, sets=SETS_OF[split], others=others)
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


def report_sessions(stock: Stock, *, levels: int, processes: int = 2) -> None:
    """Simulated sessions of the report split, with their summary."""
    sessions = simulate(stock, "report", CACHE / "sessions", levels=levels, processes=processes)
    write_rows(RESULTS / "sessions.csv", Figure, summarise(sessions))


def run_quick(*, levels: int = QUICK_LEVELS) -> None:
    """From the committed stock to the tables and the report; nothing is fitted anew."""
    stock = read_stock(STOCK_FOLDER)
    scores = [*score_split(stock, "tune"), *score_split(stock, "report")]
    write_scores(RESULTS / "sets.csv", scores)
    write_facts(RESULTS / "series.csv", map(describe_series, _reported(stock)))
    report_sessions(stock, levels=levels)
    write_report(RESULTS, Path(__file__).parent / "README.md", "report")


def run_full(out: Path, *, parts: int = 2) -> None:
    """Render what is missing, pack it, fit, measure the errors, then as `run_quick`."""
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


def _reported(stock: Stock) -> Iterator[Stills]:
    for split in ("tune", "report"):
        yield from stock.choose(split=split)  # type: ignore[arg-type]
