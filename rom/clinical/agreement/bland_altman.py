"""Bias and 95 % limits of agreement with their intervals, with one or several pairs of a person.

Differences are taken as normally distributed around one bias. With one pair of each person the
intervals of the limits are exact (Carkeet 2015, doi:10.1097/OPX.0000000000000513, each limit on
its own, by the noncentral t distribution). With several pairs of a person the variance between
people and the one within are added up (Bland & Altman 2007, doi:10.1080/10543400701329422) and
the intervals follow from those of the parts (Zou 2013, doi:10.1177/0962280211402548); every person
then counts alike, whatever the number of pairs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from scipy import special

from rom.landmarks import FloatArray

Method = Literal["exact", "mover"]

FEWEST_PEOPLE = 3
"""Two differences have a spread, but an interval that says nothing."""
FEWEST_REPEATS = 5
"""So many pairs beyond the first of each person show a variance within people at all."""

_Z95 = float(special.ndtri(0.975))


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Agreement of pairs, in degrees.

    Attributes
    ----------
    people, pairs
        How many entered; `left_out` pairs did not, because too few people had a second one.
    bias
        Mean difference.
    sd_deg
        Standard deviation of a single difference of a new person.
    within_sd_deg
        Its part within people; None with one pair of each.
    lower, upper
        Between them lie 95 % of the differences: bias ± 1.96 SD.
    method
        Of the intervals of the limits: "exact" (Carkeet), "mover" (Zou).
    """

    people: int
    pairs: int
    left_out: int
    bias: Estimate
    sd_deg: float
    within_sd_deg: float | None
    lower: Estimate
    upper: Estimate
    method: Method


def kept_pairs(people: Sequence[str]) -> list[int]:
    """Which pairs enter: all, or the first of each person where too few have a second one."""
    first = {person: index for index, person in reversed(list(enumerate(people)))}
    if 0 < len(people) - len(first) < FEWEST_REPEATS:
        return sorted(first.values())
    return list(range(len(people)))


def limits_of_agreement(differences_deg: Sequence[float], people: Sequence[str]) -> Limits:
    """Compute bias and limits of agreement; `people` names the person of each difference.

    Raises
    ------
    ValueError
        With fewer than three people, or differences that are not numbers.

    >>> found = limits_of_agreement([1.0, 2.0, 3.0], ["a", "b", "c"])
    >>> found.bias.value, round(found.upper.value, 2)
    (2.0, 3.96)
    """
    if len(differences_deg) != len(people) or not np.isfinite(differences_deg).all():
        raise ValueError("expected one person and one number for each difference")
    kept = kept_pairs(people)
    groups: dict[str, list[float]] = {}
    for index in kept:
        groups.setdefault(people[index], []).append(float(differences_deg[index]))
    if len(groups) < FEWEST_PEOPLE:
        raise ValueError(f"expected at least {FEWEST_PEOPLE} people, got {len(groups)}")
    values = [np.asarray(group) for group in groups.values()]
    left_out = len(people) - len(kept)
    if len(kept) == len(groups):
        return _single(np.concatenate(values), left_out)
    return _repeated(values, left_out)


@cache
def tolerance_factor(count: int, *, share: float, confidence: float) -> float:
    """How many SD above the mean of `count` normal values a quantile lies, with confidence.

    One-sided tolerance factor by the noncentral t distribution.

    >>> round(tolerance_factor(10, share=0.95, confidence=0.95), 3)
    2.911
    """
    root = math.sqrt(count)
    shift = float(special.ndtri(share)) * root
    return float(special.nctdtrit(count - 1, shift, confidence)) / root


def _single(differences: FloatArray, left_out: int) -> Limits:
    count = len(differences)
    bias, sd = float(np.mean(differences)), float(np.std(differences, ddof=1))
    inner, outer = (
        tolerance_factor(count, share=0.975, confidence=tail) * sd for tail in (0.025, 0.975)
    )
    return Limits(
        people=count,
        pairs=count,
        left_out=left_out,
        bias=_mean_estimate(differences),
        sd_deg=sd,
        within_sd_deg=None,
        lower=Estimate(bias - _Z95 * sd, bias - outer, bias - inner),
        upper=Estimate(bias + _Z95 * sd, bias + inner, bias + outer),
        method="exact",
    )


def _repeated(groups: Sequence[FloatArray], left_out: int) -> Limits:
    """Zou 2013, sections 2 and 3: variance of the people's means plus what a mean hides."""
    sizes = np.array([len(group) for group in groups])
    means = np.array([group.mean() for group in groups])
    people, pairs = len(groups), int(sizes.sum())
    within = sum(float(((group - group.mean()) ** 2).sum()) for group in groups) / (pairs - people)
    hidden = (1.0 - float(np.mean(1.0 / sizes))) * within
    of_means = float(np.var(means, ddof=1))
    variance = of_means + hidden
    sd = math.sqrt(variance)
    low, high = (
        variance
        + sign
        * math.hypot(
            of_means * _chi_square_share(people - 1, tail),
            hidden * _chi_square_share(pairs - people, tail),
        )
        for sign, tail in ((-1, 0.975), (1, 0.025))
    )
    bias = float(means.mean())
    of_bias = _Z95 * math.sqrt(of_means / people)
    inner = math.hypot(of_bias, _Z95 * (sd - math.sqrt(max(low, 0.0))))
    outer = math.hypot(of_bias, _Z95 * (math.sqrt(high) - sd))
    lower, upper = bias - _Z95 * sd, bias + _Z95 * sd
    return Limits(
        people=people,
        pairs=pairs,
        left_out=left_out,
        bias=_mean_estimate(means),
        sd_deg=sd,
        within_sd_deg=math.sqrt(within),
        lower=Estimate(lower, lower - outer, lower + inner),
        upper=Estimate(upper, upper - inner, upper + outer),
        method="mover",
    )


def _chi_square_share(freedom: int, tail: float) -> float:
    """How far a variance's confidence limit lies from it, as a share of it."""
    return abs(1.0 - freedom / float(special.chdtri(freedom, 1.0 - tail)))


def _mean_estimate(values: FloatArray) -> Estimate:
    mean = float(values.mean())
    error = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    half = float(special.stdtrit(len(values) - 1, 0.975)) * error
    return Estimate(mean, mean - half, mean + half)


def proportional_bias(
    differences_deg: Sequence[float], means_deg: Sequence[float], people: Sequence[str]
) -> Estimate | None:
    """Slope of the difference on the mean of both readings, in degrees per degree.

    From each person's mean of both, so that nobody counts twice (Bland & Altman 1999, section 3,
    doi:10.1177/096228029900800204). Readings of unequal spread slope by that alone. None where all
    means are the same.

    Raises
    ------
    ValueError
        With fewer than three people.
    """
    groups: dict[str, list[int]] = {}
    for index in kept_pairs(people):
        groups.setdefault(people[index], []).append(index)
    if len(groups) < FEWEST_PEOPLE:
        raise ValueError(f"expected at least {FEWEST_PEOPLE} people, got {len(groups)}")
    x, y = (
        np.array([np.mean([values[index] for index in group]) for group in groups.values()])
        for values in (means_deg, differences_deg)
    )
    if np.ptp(x) < 1e-9:
        return None
    x, y = x - x.mean(), y - y.mean()
    freedom = len(x) - 2
    slope = float(x @ y / (x @ x))
    error = math.sqrt(float(((y - slope * x) ** 2).sum()) / freedom / float(x @ x))
    half = float(special.stdtrit(freedom, 0.975)) * error
    return Estimate(slope, slope - half, slope + half)
