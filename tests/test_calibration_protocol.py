"""Sets are drawn as people do them: within reach, spread as stated, over the whole range."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from calibration_builders import planned, stick_stills
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.acting import ACTIONS
from calibration.compose import Recording, acting_sides, compose_set, reachable_deg
from calibration.protocol import (
    FRAME_RATES_HZ,
    REPETITION_SD_DEG,
    SET_SD_DEG,
    draw_set,
    draw_sets,
    range_of,
)
from calibration.stock import Stills
from rom.landmarks import Side

MEDIAN_OF_THREE_FRAC = 0.449
"""Variance of the median of three normal values, relative to one value's."""


def stills_of(movement: str) -> Stills:
    return stick_stills(planned("plain", movement))


def drawn(movement: str, target_deg: float, count: int = 1500) -> list[Recording]:
    stills, rng = stills_of(movement), np.random.default_rng(6)
    return [draw_set(stills, target_deg, rng) for _ in range(count)]


@pytest.mark.parametrize(
    ("movement", "target_deg", "share"),
    [("elbow_flexion", 90.0, 1.0), ("knee_flexion", 80.0, 1.0), ("hip_abduction", 25.0, 0.5)],
)
def test_sets_and_repetitions_vary_as_stated(movement, target_deg, share) -> None:
    """Repetitions 3° and sets 2°; half of that where the whole range is below 50°."""
    peaks_deg = np.array([each.peaks_deg for each in drawn(movement, target_deg)])
    within_deg = float(np.sqrt(np.mean(np.var(peaks_deg, axis=1, ddof=1))))
    assert within_deg == pytest.approx(share * REPETITION_SD_DEG, rel=0.06)
    medians_deg = np.median(peaks_deg, axis=1)
    expected_deg = np.sqrt(SET_SD_DEG**2 + MEDIAN_OF_THREE_FRAC * REPETITION_SD_DEG**2)
    assert np.std(medians_deg) == pytest.approx(share * expected_deg, rel=0.06)
    assert np.mean(medians_deg) == pytest.approx(target_deg, abs=0.3)


def test_frame_rates_and_speeds_are_those_of_phones_and_people() -> None:
    sets = drawn("elbow_flexion", 90.0)
    assert {each.frame_rate_hz for each in sets} == set(FRAME_RATES_HZ)
    assert {15.0, 30.0, 60.0} <= set(FRAME_RATES_HZ)
    speeds = [each.speed for each in sets]
    assert min(speeds) < 0.85
    assert max(speeds) > 1.4
    assert len({each.seed for each in sets}) == len(sets)
    assert {len(each.peaks_deg) for each in sets} == {3}


def test_as_many_repetitions_as_asked_for_from_where_it_was_asked_for() -> None:
    asked = draw_set(
        stills_of("elbow_flexion"), 90.0, np.random.default_rng(0), repetitions=5, start_deg=30.0
    )
    assert len(asked.peaks_deg) == 5
    assert asked.start_deg == 30.0


@pytest.mark.parametrize("movement", ACTIONS)
def test_every_set_of_every_movement_can_be_composed(movement: str) -> None:
    stills = stills_of(movement)
    for side in acting_sides(stills):
        low_deg, high_deg = reachable_deg(stills, side)
        for asked in draw_sets(stills, side, 12, seed=1):
            assert low_deg <= asked.start_deg < min(asked.peaks_deg)
            assert max(asked.peaks_deg) <= high_deg
            assert len(compose_set(stills, side, asked).truth_deg) > 3 * 15


@pytest.mark.parametrize("movement", ACTIONS)
def test_the_range_leaves_room_for_repetitions_that_go_further(movement: str) -> None:
    stills = stills_of(movement)
    for side in acting_sides(stills):
        low_deg, high_deg = reachable_deg(stills, side)
        span = range_of(stills, side)
        assert low_deg <= span.start_deg < span.end_deg
        assert 0.0 < high_deg - span.end_deg <= 2.5 * REPETITION_SD_DEG
        assert span.peak_deg(0.0) == span.start_deg
        assert span.peak_deg(1.0) == pytest.approx(span.end_deg)


@given(count=st.integers(1, 8), seed=st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_sets_are_spread_evenly_over_their_part_of_the_range(count: int, seed: int) -> None:
    """Targets lie one in each equal part, so their sets do within what sets and people vary."""
    stills = stills_of("shoulder_abduction")
    side = acting_sides(stills)[0]
    span = range_of(stills, side)
    edges_deg = [span.peak_deg(part) for part in np.linspace(0.5, 1.0, count + 1)]
    most_deg = 5.0 * SET_SD_DEG + 2.5 * REPETITION_SD_DEG
    sets = draw_sets(stills, side, count, seed=seed)
    assert len(sets) == count
    for asked, low_deg, high_deg in zip(sets, edges_deg[:-1], edges_deg[1:], strict=True):
        assert low_deg - most_deg <= np.median(asked.peaks_deg) <= high_deg + most_deg


def test_partial_ranges_are_among_the_sets() -> None:
    stills = stills_of("shoulder_abduction")
    side = acting_sides(stills)[0]
    span = range_of(stills, side)
    sets = [each for seed in range(40) for each in draw_sets(stills, side, 4, seed=seed)]
    parts = [(np.median(each.peaks_deg) - span.start_deg) / (span.end_deg - span.start_deg)
             for each in sets]  # fmt: skip
    filled, _ = np.histogram(parts, 5, (0.5, 1.0))
    assert filled.min() > 0.1 * len(sets)


def test_sets_are_the_same_every_time_and_differ_by_seed_series_and_side() -> None:
    stills = stills_of("trunk_lateral_flexion")
    other = stick_stills(planned("plain", "trunk_lateral_flexion", 1))
    assert draw_sets(stills, Side.LEFT, 3, seed=5) == draw_sets(stills, Side.LEFT, 3, seed=5)
    drawings = [
        draw_sets(stills, Side.LEFT, 3, seed=5),
        draw_sets(stills, Side.LEFT, 3, seed=6),
        draw_sets(stills, Side.RIGHT, 3, seed=5),
        draw_sets(other, Side.LEFT, 3, seed=5),
    ]
    assert len({str(sets) for sets in drawings}) == len(drawings)


def test_a_direction_that_reaches_less_far_is_not_asked_for_more() -> None:
    stills = stills_of("trunk_lateral_flexion")
    stills = replace(stills, truth_deg=np.linspace(-30.0, 50.0, len(stills.truth_deg)))
    for seed in range(20):
        right = draw_sets(stills, Side.RIGHT, 4, seed=seed)
        assert max(max(each.peaks_deg) for each in right) <= 30.0
