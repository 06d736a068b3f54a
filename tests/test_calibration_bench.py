"""The bench goes on where it was interrupted, and never with anything stale."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from calibration_builders import planned, stick_stills

from calibration.bench import SETS_OF, fingerprint, first_estimates, score_split, write_trials
from calibration.error_table import COLUMNS
from calibration.fit import Trial
from calibration.score import read_scores, write_scores
from calibration.stock import Stills, Stock
from rom.clinical.tables import number_of, read_table
from rom.movements import MOVEMENTS


def stills_of(member: int = 0) -> Stills:
    return stick_stills(planned("plain", "elbow_flexion", member))


def stock_of(*series: Stills) -> Stock:
    return Stock({stills.key: stills for stills in series})


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("calibration.bench.CACHE", tmp_path)
    return tmp_path / "sets"


def test_what_was_scored_is_not_scored_again(cache: Path) -> None:
    stock = stock_of(stills_of(0), stills_of(1))
    scores = score_split(stock, "tune", others=False)
    assert len(scores) == 2 * SETS_OF["tune"]
    (path,) = cache.iterdir()
    write_scores(path, read_scores(path)[:1])
    assert score_split(stock, "tune", others=False) == scores[:1]


def test_other_stills_are_scored_anew(cache: Path) -> None:
    stills = stills_of()
    score_split(stock_of(stills), "tune", others=False)
    moved = replace(stills, xy_px=stills.xy_px + 1.0)
    score_split(stock_of(moved), "tune", others=False)
    assert len(list(cache.iterdir())) == 2


def test_a_fingerprint_is_of_the_stills_and_their_order() -> None:
    first, second = stills_of(0), stills_of(1)
    assert fingerprint([first, second]) == fingerprint([stills_of(0), stills_of(1)])
    found = {fingerprint(each) for each in ([first], [second], [first, second], [second, first])}
    assert len(found) == 4


def test_one_first_estimate_a_movement_never_below_what_was_published() -> None:
    estimates = first_estimates()
    assert sorted(row["movement_id"] for row in estimates) == sorted(MOVEMENTS)
    floors = {
        str(row["movement_id"]): number_of(row, "mdc95_floor_deg")
        for row in read_table("error_floors.csv")
    }
    for row in estimates:
        assert set(row) <= set(COLUMNS)
        assert float(row["mdc95_within_deg"]) >= floors.get(row["movement_id"], 0.0)
        assert row["source"]
        assert row["evidence_status"]


def test_trials_are_written_to_a_hundredth_of_a_degree(tmp_path: Path) -> None:
    trial = Trial(
        movement="elbow_flexion",
        kinds="off30",
        stills=12,
        uncorrected_deg=float(np.pi),
        curve_deg=2.0,
        posture_deg=1.0,
        posture_p95_deg=4.0,
    )
    write_trials([trial], tmp_path / "corrections.csv")
    with (tmp_path / "corrections.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["movement"], row["stills"], row["uncorrected_deg"]) == (
        "elbow_flexion",
        "12",
        "3.14",
    )
