"""Error figures: recovered where they are known, never too kind, and read as they were written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from calibration_builders import planned, stick_stills
from hypothesis import given, settings
from hypothesis import strategies as st
from test_calibration_tables import scored

from calibration.bench import first_estimates
from calibration.error_table import (
    COLUMNS,
    LEAST_SETS,
    NO_BETTER,
    VIEW_LIMITS_DEG,
    Repeat,
    change_slope,
    error_rows,
    instrument_sd_deg,
    measure_accuracy,
    measure_repeats,
    write_error_table,
)
from calibration.score import SetScore
from calibration.stock import Stock
from rom.clinical.error import MDC95_FACTOR, error_figures
from rom.clinical.tables import read_table
from rom.movements import MOVEMENTS, measurable_movements

ABDUCTION = "shoulder_abduction"
VIEWS_DEG = (5.0, 15.0, 35.0)
"""One in each row of a movement seen from the front."""


def repeats(sd_deg: float, *, count: int = 400, movement: str = ABDUCTION) -> list[Repeat]:
    rng = np.random.default_rng(4)
    truth_deg = rng.uniform(60.0, 150.0, count)
    first_deg, second_deg = truth_deg + rng.normal(0.0, sd_deg, (2, count))
    return [
        Repeat(movement=movement, member=f"tune{row % 8:02d}", first_deg=one, second_deg=other)
        for row, (one, other) in enumerate(zip(first_deg, second_deg, strict=True))
    ]


def sets(
    error_deg: float, *, view_deg: float = 5.0, bodies: int = 8, spread_deg: float = 0.0
) -> list[SetScore]:
    """Four sets of each body, wrong by so much and from body to body by that."""
    off_deg = error_deg + spread_deg * np.linspace(-1.0, 1.0, bodies)
    return [
        scored(float(off_deg[body]), member=f"tune{body:02d}", view_deg=view_deg)
        for body in range(bodies)
        for _ in range(4)
    ]


def estimates(**changes: str) -> list[dict[str, str]]:
    """The first estimate of shoulder abduction."""
    return [row | changes for row in first_estimates() if row["movement_id"] == ABDUCTION]


def rows_of(scores: list[SetScore], sd_deg: float | None = 1.0) -> list[dict[str, str]]:
    measured = [] if sd_deg is None else repeats(sd_deg)
    return list(error_rows(scores, measured, estimates()))


@pytest.fixture
def product_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[list[dict[str, str]]], None]]:
    """Puts rows in the place of the package's table."""
    (tmp_path / "data").mkdir()
    place = SimpleNamespace(files=lambda package: tmp_path)

    def put(rows: list[dict[str, str]]) -> None:
        write_error_table(tmp_path / "data" / "measurement_error.csv", rows)
        monkeypatch.setattr("rom.clinical.tables.resources", place)
        read_table.cache_clear()

    yield put
    read_table.cache_clear()


@given(sd_deg=st.floats(0.2, 4.0))
@settings(max_examples=20, deadline=None)
def test_the_spread_of_one_measurement_is_found_from_pairs(sd_deg: float) -> None:
    assert instrument_sd_deg(repeats(sd_deg)) == pytest.approx(sd_deg, rel=0.1)


def test_a_bias_between_the_two_set_ups_counts_as_error() -> None:
    shifted = [replace(each, second_deg=each.second_deg + 3.0) for each in repeats(1.0)]
    assert instrument_sd_deg(shifted) == pytest.approx(np.sqrt(1.0 + 9.0 / 2.0), rel=0.05)


def test_one_set_that_shows_the_other_limb_does_not_make_the_spread() -> None:
    pairs = repeats(1.0)
    misread = replace(pairs[0], second_deg=pairs[0].first_deg + 90.0)
    assert instrument_sd_deg([*pairs, misread]) == pytest.approx(instrument_sd_deg(pairs), rel=0.02)


def test_few_pairs_say_nothing() -> None:
    assert np.isnan(instrument_sd_deg(repeats(1.0, count=LEAST_SETS - 1)))
    assert np.isnan(instrument_sd_deg([]))


def test_repeats_are_of_the_same_truth_and_other_noise() -> None:
    stills = [
        stick_stills(planned(kind, "elbow_flexion", member))  # type: ignore[arg-type]
        for member in range(2)
        for kind in ("plain", "again")
    ]
    alone = stick_stills(planned("plain", "elbow_flexion", 2))
    stock = Stock({each.key: each for each in (*stills, alone)})
    found = list(measure_repeats(stock, "tune", "elbow_flexion", sets=3))
    assert {each.member for each in found} == {"tune01", "tune02"}
    assert len(found) == 2 * 3
    differences_deg = [abs(each.second_deg - each.first_deg) for each in found]
    assert min(differences_deg) > 0.0
    assert max(differences_deg) < 8.0
    assert np.ptp([each.first_deg for each in found]) > 20.0
    assert list(measure_repeats(stock, "report", "elbow_flexion")) == []


def test_a_camera_that_stands_where_it_stood_still_sees_other_noise() -> None:
    plain = stick_stills(planned("plain", "elbow_flexion"))
    again = replace(plain, plan=planned("again", "elbow_flexion"))
    stock = Stock({each.key: each for each in (plain, again)})
    found = list(measure_repeats(stock, "tune", "elbow_flexion", sets=3))
    assert len(found) == 3
    assert all(each.first_deg != each.second_deg for each in found)


@given(bias_deg=st.floats(-6.0, 6.0), spread_deg=st.floats(0.5, 4.0))
@settings(max_examples=40, deadline=None)
def test_accuracy_holds_bias_and_spread_and_is_wider_for_few_bodies(bias_deg, spread_deg) -> None:
    for bodies, factor in ((4, 3.182), (40, 2.023)):  # Student's t, 3 and 39 degrees of freedom
        found = measure_accuracy(sets(bias_deg, bodies=bodies, spread_deg=spread_deg))
        off_deg = bias_deg + spread_deg * np.linspace(-1.0, 1.0, bodies)
        assert found is not None
        assert found.bias_deg == pytest.approx(bias_deg, abs=1e-6)
        assert found.between_bodies_sd_deg == pytest.approx(np.std(off_deg, ddof=1))
        root_mean_square_deg = np.sqrt(np.mean(off_deg**2))
        assert found.half_width_deg == pytest.approx(factor * root_mean_square_deg, rel=1e-3)


def test_only_measured_values_count() -> None:
    beyond = [replace(each, bound="at_least") for each in sets(20.0, bodies=4)]
    refused = [replace(each, value_deg=None) for each in sets(0.0, bodies=4)]
    found = measure_accuracy([*sets(1.0), *beyond, *refused])
    assert found is not None
    assert (found.sets, found.bodies) == (32, 8)
    assert found.bias_deg == pytest.approx(1.0)


@pytest.mark.parametrize("few", [sets(1.0, bodies=3), sets(1.0)[: LEAST_SETS - 1], []])
def test_too_few_sets_or_bodies_say_nothing(few: list[SetScore]) -> None:
    assert measure_accuracy(few) is None


@given(slope=st.floats(0.5, 1.5), seed=st.integers(0, 99))
def test_the_slope_is_that_of_change_whatever_the_bodies_are_biased(slope, seed) -> None:
    rng = np.random.default_rng(seed)
    scores = []
    for body in range(6):
        bias_deg = float(rng.normal(0.0, 4.0))
        for truth_deg in (60.0, 80.0, 100.0):
            value_deg = 80.0 + bias_deg + slope * (truth_deg - 80.0)
            if abs(value_deg - truth_deg) < 30.0:
                scores.append(
                    scored(member=f"tune{body:02d}", truth_deg=truth_deg, value_deg=value_deg)
                )
    assert change_slope(scores) == pytest.approx(slope)


def test_without_a_true_change_there_is_no_slope() -> None:
    assert np.isnan(change_slope([scored(1.0, member=f"tune{body:02d}") for body in range(5)]))
    assert np.isnan(change_slope(sets(1.0, spread_deg=2.0)))
    assert rows_of(sets(1.0))[0]["slope"] == ""


def test_rows_go_from_the_narrowest_view_to_any() -> None:
    scores = [each for view_deg in VIEWS_DEG for each in sets(3.0, view_deg=view_deg)]
    found = rows_of(scores)
    assert [row["yaw_max_deg"] for row in found] == ["10", "20", ""]
    assert [row["sets"] for row in found] == ["32", "32", "32"]
    for limits_deg in VIEW_LIMITS_DEG.values():
        assert list(limits_deg) == sorted(limits_deg)
    views = {each.view for each in measurable_movements()}
    assert views <= set(VIEW_LIMITS_DEG)


def test_every_set_counts_in_one_row() -> None:
    rng = np.random.default_rng(2)
    views_deg = [0.0, 10.0, 20.0, *rng.uniform(0.0, 70.0, 117)]
    scores = [
        scored(1.0, member=f"tune{index % 8:02d}", view_deg=float(view_deg))
        for index, view_deg in enumerate(views_deg)
    ]
    assert sum(int(row["sets"]) for row in rows_of(scores)) == len(scores)


def test_a_view_with_few_sets_has_no_row_but_any_view_always_has() -> None:
    found = rows_of([*sets(3.0), *sets(3.0, view_deg=15.0, bodies=2)])
    assert [row["yaw_max_deg"] for row in found] == ["10", ""]
    assert found[-1]["accuracy_deg"] == estimates()[0]["accuracy_deg"]
    assert found[-1]["evidence_status"] == "heuristic"


@given(error_deg=st.floats(0.0, 12.0), sd_deg=st.floats(0.05, 3.0))
@settings(max_examples=25, deadline=None)
def test_no_figure_undercuts_what_was_published_or_first_estimated(error_deg, sd_deg) -> None:
    scores = [each for view_deg in VIEWS_DEG for each in sets(error_deg, view_deg=view_deg)]
    (estimate,) = estimates()
    for row in rows_of(scores, sd_deg):
        assert float(row["accuracy_deg"]) >= float(estimate["accuracy_deg"])
        assert float(row["accuracy_deg"]) >= MDC95_FACTOR * error_deg - 0.5
        for name in ("mdc95_within_deg", "set_sd_deg", "repetition_sd_deg"):
            assert row[name] == estimate[name]


def test_a_wider_view_is_never_called_more_accurate_than_a_narrower_one() -> None:
    narrow = sets(9.0, spread_deg=1.0)
    found = rows_of([*narrow, *sets(2.0, view_deg=15.0), *sets(2.0, view_deg=35.0, bodies=2)])
    accuracies_deg = [float(row["accuracy_deg"]) for row in found]
    assert accuracies_deg == sorted(accuracies_deg)
    assert found[-1]["source"] == NO_BETTER


def test_what_was_not_rendered_keeps_its_estimate() -> None:
    (kept,) = error_rows([], repeats(1.0), estimates())
    assert kept == estimates()[0]
    everything = list(error_rows(sets(1.0), [], first_estimates()))
    assert {row["movement_id"] for row in everything} == set(MOVEMENTS)


def test_without_repeats_the_first_estimate_of_repeatability_stays() -> None:
    assert {row["instrument_sd_deg"] for row in rows_of(sets(1.0), None)} == {
        estimates()[0]["instrument_sd_deg"]
    }


def test_every_row_has_a_source_and_an_evidence_mark() -> None:
    for row in error_rows(sets(1.0), repeats(1.0), first_estimates()):
        assert row["source"]
        assert row["evidence_status"] in ("derived", "heuristic")


def test_the_product_reads_the_row_of_the_view(product_reads) -> None:
    by_view = zip(VIEWS_DEG, (6.0, 8.0, 10.0), strict=True)
    scores = [each for view_deg, off_deg in by_view for each in sets(off_deg, view_deg=view_deg)]
    rows = list(error_rows(scores, repeats(1.3), first_estimates()))
    product_reads(rows)
    shown = [error_figures(ABDUCTION, yaw_deg=view_deg) for view_deg in VIEWS_DEG]
    accuracies_deg = [each.accuracy_deg for each in shown]
    assert accuracies_deg == sorted(set(accuracies_deg))
    assert all(each.instrument_sd_deg == pytest.approx(1.3, rel=0.1) for each in shown)
    assert {each.evidence for each in shown} == {"derived"}
    assert error_figures(ABDUCTION) == shown[-1]
    for row in first_estimates():
        if row["movement_id"] != ABDUCTION:
            figures = error_figures(row["movement_id"])
            assert figures.accuracy_deg == float(row["accuracy_deg"])


def test_the_table_has_its_columns_and_blanks_where_nothing_was_measured(product_reads) -> None:
    product_reads(list(error_rows(sets(1.0), [], first_estimates())))
    rows = read_table("measurement_error.csv")
    assert tuple(rows[0]) == COLUMNS
    elbow = next(row for row in rows if row["movement_id"] == "elbow_flexion")
    assert (elbow["bias_deg"], elbow["slope"], elbow["sets"]) == (None, None, None)
