"""Limits of agreement and intraclass correlation: published examples, and what must not matter."""

from __future__ import annotations

import math

import numpy as np
import pytest
from agreement_builders import (
    CARDIAC_OUTPUT,
    LARGE_METER,
    MINI_METER,
    SHROUT_FLEISS,
    WINES,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rom.clinical.agreement.bland_altman import (
    FEWEST_REPEATS,
    Estimate,
    Limits,
    limits_of_agreement,
    proportional_bias,
    tolerance_factor,
)
from rom.clinical.agreement.icc import reliability

PEAK_FLOW = [large - mini for large, mini in zip(LARGE_METER, MINI_METER, strict=True)]
NUMBERS = st.lists(st.integers(-400, 400), min_size=4, max_size=20).map(
    lambda found: [each / 10 for each in found]
)


def named(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def limits(differences: list[float]) -> Limits:
    return limits_of_agreement(differences, named(len(differences)))


def bounds(estimate: Estimate) -> tuple[float, float]:
    return estimate.low, estimate.high


def cardiac_output(first: int, last: int) -> tuple[list[float], list[str]]:
    """Differences and people of a part of the table."""
    chosen = CARDIAC_OUTPUT[first:last]
    differences = [one - other for person in chosen for one, other in person]
    return differences, [str(number) for number, each in enumerate(chosen) for _ in each]


def test_peak_flow_of_bland_and_altman() -> None:
    """Published with two standard deviations: bias -2.1, SD 38.8, limits -79.7 and 75.5 l/min."""
    found = limits([float(each) for each in PEAK_FLOW])
    assert found.bias.value == pytest.approx(-2.1, abs=0.05)
    assert found.sd_deg == pytest.approx(38.8, abs=0.05)
    assert found.bias.value - 2 * found.sd_deg == pytest.approx(-79.7, abs=0.1)
    assert found.bias.value + 2 * found.sd_deg == pytest.approx(75.5, abs=0.1)
    assert bounds(found.bias) == pytest.approx((-22.0, 17.8), abs=0.1)
    assert found.upper.value == pytest.approx(found.bias.value + 1.96 * found.sd_deg, abs=0.01)


@pytest.mark.parametrize(("count", "factor"), [(10, 2.911), (20, 2.396), (30, 2.220)])
def test_tolerance_factors_are_the_published_ones(count: int, factor: float) -> None:
    """The usual table of one-sided factors, 95 % of the values with 95 % confidence."""
    assert tolerance_factor(count, share=0.95, confidence=0.95) == pytest.approx(factor, abs=6e-4)


@pytest.mark.parametrize("count", [3, 17, 400])
def test_tolerance_factors_are_those_of_the_noncentral_t_distribution(count: int) -> None:
    expected = stats.nct.ppf(0.025, count - 1, stats.norm.ppf(0.975) * math.sqrt(count))
    found = tolerance_factor(count, share=0.975, confidence=0.025)
    assert found == pytest.approx(expected / math.sqrt(count))


def test_interval_of_a_limit_is_made_of_tolerance_factors() -> None:
    """Carkeet 2015, each limit on its own."""
    found = limits([3.0, -1.0, 4.0, 1.0, -5.0, 9.0])
    inner, outer = (
        tolerance_factor(6, share=0.975, confidence=confidence) for confidence in (0.025, 0.975)
    )
    expected = [found.bias.value + factor * found.sd_deg for factor in (inner, outer)]
    assert bounds(found.upper) == pytest.approx(expected)


def test_exact_interval_tends_to_the_approximate_one_of_bland_and_altman() -> None:
    """1999: standard error of a limit ≈ 1.71 SD / √n; blood pressure, n = 85, lower limit -54.7
    with the interval -61.9 to -47.5 around bias -16.29 and SD 19.61 mmHg."""
    raw = np.random.default_rng(2).normal(size=85)
    scaled = -16.29 + 19.61 * (raw - raw.mean()) / raw.std(ddof=1)
    found = limits(list(scaled))
    assert found.lower.value == pytest.approx(-54.7, abs=0.05)
    assert bounds(found.lower) == pytest.approx((-61.9, -47.5), abs=1.2)
    assert bounds(found.bias) == pytest.approx((-20.5, -12.1), abs=0.05)


def test_several_pairs_of_a_person_by_zou() -> None:
    """Zou 2013, the example with the first four people: limits, and the intervals of both."""
    found = limits_of_agreement(*cardiac_output(0, 4))
    assert (found.people, found.pairs, found.method) == (4, 20, "mover")
    assert found.bias.value == pytest.approx(0.7255, abs=5e-4)
    assert found.lower.value == pytest.approx(-2.14, abs=5e-3)
    assert found.upper.value == pytest.approx(3.59, abs=5e-3)
    assert bounds(found.lower) == pytest.approx((-9.83, -0.33), abs=0.01)
    assert bounds(found.upper) == pytest.approx((1.77, 11.27), abs=0.015)


def test_several_pairs_of_a_person_by_bland_and_altman() -> None:
    """2007: mean square within people 0.1707; 1999: mean of the people's means 0.7092, their
    variance 0.9127. Weighing people by their pairs, as 2007, gives SD 0.9906; ours is near it."""
    found = limits_of_agreement(*cardiac_output(0, 12))
    assert found.within_sd_deg is not None
    assert found.within_sd_deg**2 == pytest.approx(0.170714026, rel=1e-6)
    assert found.bias.value == pytest.approx(0.7092361, rel=1e-6)
    hidden = 1 - np.mean([1 / len(person) for person in CARDIAC_OUTPUT])
    assert found.sd_deg**2 - hidden * 0.170714026 == pytest.approx(0.91269114, rel=1e-5)
    assert found.sd_deg == pytest.approx(0.9906, rel=0.04)


def test_equal_numbers_of_pairs_agree_with_the_analysis_of_variance() -> None:
    """Bland & Altman 2007, section 3: between = (MS between − MS within) / m."""
    rng = np.random.default_rng(4)
    table = rng.normal(0, 3, (9, 1)) + rng.normal(0, 2, (9, 3)) + 1.5
    between = 3 * table.mean(axis=1).var(ddof=1)
    within = float(np.mean(table.var(axis=1, ddof=1)))
    people = [str(person) for person in range(9) for _ in range(3)]
    found = limits_of_agreement(list(table.ravel()), people)
    assert found.sd_deg**2 == pytest.approx((between - within) / 3 + within)
    assert found.bias.value == pytest.approx(table.mean())


def coverage(draw: np.random.Generator, people: int, pairs: int, runs: int) -> float:
    """How often the interval of the upper limit holds the true one."""
    truth = 2.0 + 1.959964 * math.hypot(3.0, 2.0)
    hits = 0
    names = [str(person) for person in range(people) for _ in range(pairs)]
    for _ in range(runs):
        own = draw.normal(2.0, 3.0, (people, 1)) + draw.normal(0.0, 2.0, (people, pairs))
        found = limits_of_agreement(list(own.ravel()), names)
        hits += found.upper.low <= truth <= found.upper.high
    return hits / runs


@pytest.mark.parametrize("pairs", [1, 3])
def test_intervals_hold_the_true_limit_in_95_of_100_studies(pairs: int) -> None:
    assert coverage(np.random.default_rng(9), 12, pairs, 500) == pytest.approx(0.95, abs=0.03)


@settings(deadline=None)
@given(differences=NUMBERS)
def test_swapping_the_readings_mirrors_everything(differences: list[float]) -> None:
    found, swapped = limits(differences), limits([-each for each in differences])
    assert swapped.bias.value == pytest.approx(-found.bias.value, abs=1e-9)
    assert swapped.lower.value == pytest.approx(-found.upper.value, abs=1e-9)
    assert bounds(swapped.lower) == pytest.approx((-found.upper.high, -found.upper.low), abs=1e-9)
    assert swapped.sd_deg == pytest.approx(found.sd_deg, abs=1e-9)


@settings(deadline=None)
@given(differences=NUMBERS, shift=st.integers(-90, 90), scale=st.integers(1, 20))
def test_a_shift_moves_the_bias_alone_and_a_scale_widens_all(
    differences: list[float], shift: int, scale: int
) -> None:
    found = limits(differences)
    moved = limits([each + shift for each in differences])
    assert moved.bias.value == pytest.approx(found.bias.value + shift, abs=1e-9)
    assert moved.sd_deg == pytest.approx(found.sd_deg, abs=1e-9)
    assert moved.upper.high == pytest.approx(found.upper.high + shift, abs=1e-6)
    wider = limits([each * scale for each in differences])
    assert wider.sd_deg == pytest.approx(found.sd_deg * scale, abs=1e-6)
    assert wider.lower.low == pytest.approx(found.lower.low * scale, abs=1e-5)


@settings(deadline=None)
@given(differences=NUMBERS)
def test_intervals_hold_their_estimates(differences: list[float]) -> None:
    found = limits(differences)
    for each in (found.bias, found.lower, found.upper):
        assert each.low <= each.value + 1e-9 and each.value <= each.high + 1e-9
    assert found.lower.value <= found.bias.value <= found.upper.value


def test_few_repeats_leave_one_pair_of_each_person() -> None:
    """A variance within people from four differences would make the intervals meaningless."""
    people = [*named(8), *named(FEWEST_REPEATS - 1)]
    differences = [1.0, 4.0, 2.0, 5.0, 3.0, 0.0, 6.0, 2.0, *[50.0] * (FEWEST_REPEATS - 1)]
    found = limits_of_agreement(differences, people)
    alone = limits(differences[:8])
    assert (found.pairs, found.left_out, found.method) == (8, FEWEST_REPEATS - 1, "exact")
    assert found.upper == alone.upper
    more = limits_of_agreement([*differences, 50.0], [*people, "7"])
    assert (more.pairs, more.left_out, more.method) == (13, 0, "mover")


@pytest.mark.parametrize(
    ("differences", "people"),
    [([1.0, 2.0], ["a", "b"]), ([1.0, 2.0, 3.0, 4.0], ["a", "a", "b", "b"]), ([], [])],
)
def test_too_few_people_have_no_limits(differences: list[float], people: list[str]) -> None:
    with pytest.raises(ValueError, match="at least 3 people"):
        limits_of_agreement(differences, people)


def test_what_is_no_number_has_no_limits() -> None:
    with pytest.raises(ValueError, match="one number for each difference"):
        limits([1.0, math.nan, 2.0])


def test_slope_is_that_of_the_difference_on_the_mean() -> None:
    """Ours reads a tenth too much: difference 0.1 x on a mean of 1.05 x."""
    truth = [40.0, 80.0, 120.0, 160.0]
    found = proportional_bias(
        [0.1 * each for each in truth], [1.05 * each for each in truth], named(4)
    )
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((0.1 / 1.05,) * 3)
    differences, means = [3.0, -1.0, 4.0, 1.0, -5.0], [10.0, 25.0, 30.0, 42.0, 60.0]
    line = stats.linregress(means, differences)
    found = proportional_bias(differences, means, named(5))
    assert found is not None
    assert found.value == pytest.approx(line.slope)
    assert found.high - found.value == pytest.approx(stats.t.ppf(0.975, 3) * line.stderr)
    assert proportional_bias([1.0, 2.0, 3.0], [5.0, 5.0, 5.0], named(3)) is None


def test_slope_counts_everybody_once() -> None:
    people = ["a", "b", "c", "d"] * 2
    differences, means = [1.0, 2.0, 0.0, 3.0] * 2, [10.0, 20.0, 30.0, 40.0] * 2
    once = proportional_bias(differences[:4], means[:4], people[:4])
    assert proportional_bias([*differences], means, people) == once


@pytest.mark.parametrize(
    ("readings", "agreement", "consistency"),
    [
        (SHROUT_FLEISS, (0.29, 0.02, 0.76), (0.71, 0.34, 0.95)),
        (WINES, (0.727689, 0.43, 0.93), (0.729487, 0.43, 0.93)),
    ],
    ids=["Shrout & Fleiss 1979", "pingouin"],
)
def test_published_coefficients(
    readings: tuple[tuple[int, ...], ...],
    agreement: tuple[float, float, float],
    consistency: tuple[float, float, float],
) -> None:
    """ICC(2,1) and ICC(3,1) of the paper's table 4; intervals as psych and pingouin print them."""
    found = reliability(np.array(readings, dtype=float))
    assert found is not None
    for estimate, expected in ((found.agreement, agreement), (found.consistency, consistency)):
        assert (estimate.value, estimate.low, estimate.high) == pytest.approx(expected, abs=0.005)


def test_mean_squares_of_the_published_table() -> None:
    """Shrout & Fleiss, table 3: between judges 32.49, residual 1.02."""
    found = reliability(np.array(SHROUT_FLEISS, dtype=float))
    assert found is not None
    assert found.sem_consistency_deg**2 == pytest.approx(1.02, abs=0.005)
    assert found.sem_agreement_deg**2 == pytest.approx((32.49 - 1.02) / 6 + 1.02, abs=0.005)


@settings(deadline=None)
@given(ours=NUMBERS, seed=st.integers(0, 99), shift=st.integers(1, 40))
def test_a_bias_lowers_agreement_and_leaves_consistency(
    ours: list[float], seed: int, shift: int
) -> None:
    noise = np.random.default_rng(seed).normal(0, 1, len(ours))
    readings = np.column_stack([ours, np.asarray(ours) + noise])
    readings[:, 1] -= readings[:, 1].mean() - readings[:, 0].mean()
    plain, biased = reliability(readings), reliability(readings + [0.0, shift])
    assert plain is not None and biased is not None
    assert biased.consistency.value == pytest.approx(plain.consistency.value, abs=1e-9)
    assert biased.sem_consistency_deg == pytest.approx(plain.sem_consistency_deg)
    assert biased.sem_agreement_deg > plain.sem_agreement_deg
    if plain.agreement.value > 0:
        assert biased.agreement.value < plain.agreement.value


@settings(deadline=None)
@given(ours=NUMBERS, theirs=NUMBERS)
def test_coefficients_are_correlations_inside_their_intervals(
    ours: list[float], theirs: list[float]
) -> None:
    count = min(len(ours), len(theirs))
    found = reliability(np.column_stack([ours[:count], theirs[:count]]))
    if found is None:
        assert np.ptp([*ours[:count], *theirs[:count]]) == 0
        return
    for each in (found.agreement, found.consistency):
        assert -1 <= each.low <= each.value + 1e-9
        assert each.value - 1e-9 <= each.high <= 1
    # Two readings: the error without the bias is the SD of the differences over √2.
    differences = np.subtract(ours[:count], theirs[:count])
    expected = float(np.std(differences, ddof=1)) / math.sqrt(2)
    assert found.sem_consistency_deg == pytest.approx(expected, abs=1e-5)


def test_equal_readings_agree_fully_and_a_constant_tells_nothing() -> None:
    same = reliability(np.array([[10.0, 10.0], [20.0, 20.0], [35.0, 35.0]]))
    assert same is not None
    assert (same.agreement.value, same.consistency.value) == (1.0, 1.0)
    apart = reliability(np.array([[10.0, 15.0], [20.0, 25.0], [35.0, 40.0]]))
    assert apart is not None and apart.agreement.value < apart.consistency.value == 1.0
    assert reliability(np.full((4, 2), 90.0)) is None
