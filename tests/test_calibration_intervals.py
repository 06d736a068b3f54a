"""Intervals of the bench: published examples, and coverage where clusters differ."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.intervals import (
    cluster_interval,
    cluster_sem,
    cluster_share,
    cluster_slope,
    expanded_tail,
    wilson_interval,
)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_agrees_with_the_examples_of_newcombe_1998(successes, trials, low, high) -> None:
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("clusters", "tail"), [(5, 0.0010), (10, 0.0086), (20, 0.0159), (40, 0.0203), (100, 0.0231)]
)
def test_tails_agree_with_the_table_of_hesterberg_2015(clusters, tail) -> None:
    assert expanded_tail(clusters) == pytest.approx(tail, abs=5e-5)


counts = st.lists(
    st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=20,
)


@given(counts)
def test_a_share_lies_in_its_interval_which_is_never_narrower_than_wilson(pairs) -> None:
    successes, trials = np.array(pairs).T
    share = cluster_share(successes, trials)
    low, high = wilson_interval(int(successes.sum()), int(trials.sum()))
    assert 0.0 <= share.low <= low + 1e-12 <= high <= share.high + 1e-12
    assert share.low - 1e-12 <= share.value <= share.high + 1e-12


def test_all_or_nothing_in_every_body_still_leaves_doubt() -> None:
    none = cluster_share([0] * 16, [30] * 16)
    assert none.low == 0.0
    assert 0.001 < none.high < 0.02


def test_bodies_that_differ_widen_the_interval() -> None:
    alike = cluster_share([15] * 16, [30] * 16)
    split = cluster_share([0, 30] * 8, [30] * 16)
    assert split.high - split.low > 3.0 * (alike.high - alike.low)


def test_nothing_tried_is_not_known() -> None:
    assert np.isnan(cluster_share([0, 0], [0, 0]).value)
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_one_body_says_nothing_of_how_bodies_differ() -> None:
    assert np.isnan(cluster_interval(np.ones((1, 2)), lambda sums: sums[:, 0])).all()


def test_interval_covers_a_mean_of_clusters_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    hits = 0
    for _ in range(300):
        values = rng.normal(size=12)
        sums = np.column_stack([values, np.ones(12)])
        low, high = cluster_interval(sums, lambda s: s[:, 0] / s[:, 1], draws=1000)
        hits += low <= 0.0 <= high
    assert 0.92 <= hits / 300 <= 0.985


def test_slope_of_a_line_and_its_spread_between_bodies() -> None:
    x = np.tile([-15.0, 0.0, 8.0, 15.0], 10)
    body = np.repeat(np.arange(10), 4)
    exact = cluster_slope(body, x, 2.0 + 0.9 * x)
    assert (exact.value, exact.low, exact.high) == pytest.approx((0.9, 0.9, 0.9))
    slopes = np.linspace(0.8, 1.0, 10)[body]
    spread = cluster_slope(body, x, 2.0 + slopes * x)
    assert spread.value == pytest.approx(np.polyfit(x, 2.0 + slopes * x, 1)[0])
    assert 0.8 < spread.low < 0.88 < 0.92 < spread.high < 1.0
    assert np.isnan(cluster_slope(body, np.zeros(40), x).value)


def test_sem_is_that_of_the_values_whose_differences_are_taken() -> None:
    rng = np.random.default_rng(2)
    first, second = rng.normal(0.0, 2.0, (2, 4000))
    sem = cluster_sem(np.arange(4000) % 16, second - first)
    assert sem.value == pytest.approx(2.0, rel=0.03)
    assert sem.low < 2.0 < sem.high
    assert cluster_sem([0, 0], [3.0, -3.0]).value == pytest.approx(3.0 / np.sqrt(2.0))
    assert np.isnan(cluster_sem([], []).value)
