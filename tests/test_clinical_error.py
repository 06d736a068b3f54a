"""Measurement error: published worked examples, shrinkage, and what a change has to exceed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.clinical.error import (
    MDC95_PER_SEM,
    accuracy_deg,
    error_figures,
    mdc95_deg,
    mdc95_of_change,
    median_variance_frac,
    sem_deg,
    set_value_deg,
)
from rom.clinical.tables import number_of, read_table, text_of
from rom.movements import MOVEMENTS

PEAKS_DEG = st.lists(st.floats(-30, 190), min_size=1, max_size=10)


@pytest.mark.parametrize(
    ("sem", "mdc95"),
    [(2, 5.5), (3, 8.3), (4, 11.1), (5, 13.9), (6, 16.6), (4.25, 11.8), (7.88, 21.8), (11, 30.5)],
)
def test_mdc95_of_published_sem(sem: float, mdc95: float) -> None:
    """Cagnie 2007 (4.25 to 7.88), Hayes 2001 (11), and the usual table of whole degrees."""
    assert mdc95_deg(sem) == pytest.approx(mdc95, abs=0.06)


def test_floor_agrees_with_the_published_sem() -> None:
    """Fletcher 2008: flexion with neck pain, SEM 4.1 and MDC90 9.6."""
    floor = next(
        row for row in read_table("error_floors.csv") if row["movement_id"] == "cervical_flexion"
    )
    assert number_of(floor, "mdc95_floor_deg") == pytest.approx(1.96 * math.sqrt(2) * 4.1, rel=0.01)


def test_error_table_follows_priors_and_floors() -> None:
    """Never below a prior or a published floor, for every movement of the catalogue."""
    priors = {
        row["movement_id"]: number_of(row, "mdc95_within_session_prior")
        for row in read_table("norm_defaults.csv")
    }
    floors = {
        row["movement_id"]: number_of(row, "mdc95_floor_deg")
        for row in read_table("error_floors.csv")
    }
    assert set(priors) == set(MOVEMENTS)
    for movement, prior in priors.items():
        figures = error_figures(movement)
        assert figures.mdc95_within_deg == max(prior, floors.get(movement, 0.0))
        usual = math.sqrt(
            figures.instrument_sd_deg**2
            + figures.set_sd_deg**2
            + 0.45 * figures.repetition_sd_deg**2
        )
        assert MDC95_PER_SEM * usual >= 0.99 * figures.mdc95_within_deg


def test_floors_are_published_figures_at_95_percent() -> None:
    for row in read_table("error_floors.csv"):
        assert text_of(row, "published_level_percent") == "90"
        published = number_of(row, "published_mdc_deg")
        assert number_of(row, "mdc95_floor_deg") == pytest.approx(1.19 * published, abs=0.01)


def test_value_is_the_median_and_never_the_best() -> None:
    assert set_value_deg([118.0, 171.0, 120.0]) == 120.0
    assert set_value_deg([100.0, 110.0]) == 105.0


@pytest.mark.parametrize("peaks_deg", [[], [120.0, math.nan], [math.inf]])
def test_no_value_from_nothing(peaks_deg: list[float]) -> None:
    with pytest.raises(ValueError, match="expected at least one peak"):
        set_value_deg(peaks_deg)
    with pytest.raises(ValueError, match="expected at least one peak"):
        sem_deg(movement="knee_flexion", peaks_deg=peaks_deg)


def test_sem_by_hand() -> None:
    """Peaks 100, 120, 140: variance 400 with 2 against 9 with 4 degrees of freedom."""
    variance = (4 * 9.0 + 2 * 400.0) / 6
    instrument_deg = error_figures("shoulder_abduction").instrument_sd_deg
    expected = math.sqrt(instrument_deg**2 + 2.0**2 + 0.45 * variance)
    found = sem_deg(movement="shoulder_abduction", peaks_deg=[100.0, 120.0, 140.0])
    assert found == pytest.approx(expected)


def test_equal_repetitions_do_not_beat_the_prior() -> None:
    found = sem_deg(movement="shoulder_abduction", peaks_deg=[120.0] * 10)
    assert found == pytest.approx(8 / 2.77)


def test_few_repetitions_widen_the_error() -> None:
    by_count = [
        sem_deg(movement="knee_flexion", peaks_deg=[120.0 + (i % 2) * 4 for i in range(count)])
        for count in (1, 2, 3)
    ]
    assert by_count[0] > by_count[1] > by_count[2]


@pytest.mark.parametrize("count", range(2, 14))
def test_variance_of_the_median(count: int) -> None:
    medians = np.median(np.random.default_rng(7).normal(size=(60_000, count)), axis=1)
    most = 1.05 if count <= 10 else 1.15
    assert 0.95 < median_variance_frac(count) / medians.var() < most


@settings(deadline=None)
@given(peaks_deg=PEAKS_DEG, shift_deg=st.floats(-50, 50))
def test_error_does_not_depend_on_the_angle(peaks_deg: list[float], shift_deg: float) -> None:
    moved = [peak + shift_deg for peak in peaks_deg]
    found = sem_deg(movement="hip_flexion", peaks_deg=peaks_deg)
    assert sem_deg(movement="hip_flexion", peaks_deg=moved) == pytest.approx(found, rel=1e-6)
    assert found >= 9 / 2.77


@settings(deadline=None)
@given(peaks_deg=PEAKS_DEG)
def test_accuracy_is_never_better_than_repeatability(peaks_deg: list[float]) -> None:
    movement = "trunk_lateral_flexion"
    accuracy = accuracy_deg(movement, peaks_deg=peaks_deg)
    assert accuracy >= 1.96 * sem_deg(movement=movement, peaks_deg=peaks_deg) - 1e-9
    assert accuracy >= accuracy_deg(movement) == 6.0


@settings(deadline=None)
@given(a=st.floats(0.1, 30), b=st.floats(0.1, 30))
def test_mdc_of_change_is_symmetric_and_larger_than_either(a: float, b: float) -> None:
    assert mdc95_of_change(a, b) == mdc95_of_change(b, a)
    assert mdc95_of_change(a, b) > 1.96 * max(a, b)


@pytest.mark.parametrize("yaw_deg", [None, math.nan, 0.0, -30.0])
def test_error_is_known_in_any_view(yaw_deg: float | None) -> None:
    assert error_figures("knee_flexion", yaw_deg=yaw_deg).mdc95_within_deg == 8.0


def test_unknown_movement_has_no_error() -> None:
    with pytest.raises(ValueError, match="expected a movement and view of known error"):
        error_figures("knee_wobble")


def test_false_changes_stay_at_five_percent_when_people_scatter_differently() -> None:
    """Repetition SD around 3° with 35 % between people, set-to-set SD 2°, nothing changed."""
    rng = np.random.default_rng(11)
    false_changes, pairs = 0, 4000
    for repetition_sd_deg in 3.0 * np.exp(rng.normal(-0.06, 0.35, pairs)):
        sets = [120 + rng.normal(0, 2.07) + rng.normal(0, repetition_sd_deg, 3) for _ in range(2)]
        sems = [sem_deg(movement="shoulder_abduction", peaks_deg=each) for each in sets]
        change = set_value_deg(sets[1]) - set_value_deg(sets[0])
        false_changes += abs(change) > mdc95_of_change(*sems)
    assert 0.02 < false_changes / pairs < 0.06
