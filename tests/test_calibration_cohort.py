"""The people of the bench: enough of them, in splits that share nobody, tied to no camera."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from calibration.acting import ACTIONS
from calibration.cohort import _RANGES, SPLIT_SIZES, Member, Split, cohort
from calibration.conditions import KINDS, LENSES_DEG
from calibration.series import SeriesPlan, series_plans

SPLITS = list(SPLIT_SIZES)
PER_SPLIT = pytest.mark.parametrize("split", SPLITS)
TRAITS = list(_RANGES)


def members_of(split: Split) -> list[Member]:
    return [member for member in cohort() if member.split == split]


@cache
def plans_of(split: Split) -> list[SeriesPlan]:
    return [
        plan
        for member in members_of(split)
        for kind in KINDS[split]
        for plan in series_plans(kind, member)
    ]


def is_woman(member: Member) -> bool:
    return member.person.female_frac > 0.5


def origin_of(member: Member) -> str:
    person = member.person
    return "african" if person.african_frac else "asian" if person.asian_frac else "european"


def correlation(first: list[float], second: list[float]) -> float:
    return float(np.corrcoef(first, second)[0, 1])


def test_there_are_more_than_40_people_and_each_has_a_name_and_a_number() -> None:
    members = cohort()
    assert len(members) >= 40
    assert [member.index for member in members] == list(range(len(members)))
    assert len({member.name for member in members}) == len(members)
    assert {split: len(members_of(split)) for split in SPLITS} == SPLIT_SIZES


def test_splits_share_no_body_no_look_and_no_lens() -> None:
    bodies = {replace(member.person, name="") for member in cohort()}
    looks = {replace(member.look) for member in cohort()}
    assert len(bodies) == len(looks) == len(cohort())
    for first, second in combinations(SPLITS, 2):
        assert not set(LENSES_DEG[first]) & set(LENSES_DEG[second])


@PER_SPLIT
@pytest.mark.parametrize("trait", TRAITS)
def test_every_split_covers_the_range_of_every_trait_evenly(split: Split, trait: str) -> None:
    """One person in each of as many equal parts of the range as there are people."""
    low, high = _RANGES[trait]
    values = np.sort([getattr(member.person, trait) for member in members_of(split)])
    edges = np.linspace(low, high, len(values) + 1)
    rounded = 0.0006
    assert (values >= edges[:-1] - rounded).all()
    assert (values <= edges[1:] + rounded).all()


@PER_SPLIT
def test_half_of_every_split_and_of_every_origin_are_women(split: Split) -> None:
    everybody = Counter(origin_of(member) for member in members_of(split))
    women = Counter(origin_of(member) for member in members_of(split) if is_woman(member))
    assert set(everybody) == {"european", "african", "asian"}
    assert {origin: 2 * count for origin, count in women.items()} == everybody


@PER_SPLIT
def test_sex_goes_with_neither_the_side_nor_the_view_of_any_movement(split: Split) -> None:
    for kind in KINDS[split]:
        plans = [plan for plan in plans_of(split) if plan.condition.kind == kind]
        for movement in ACTIONS:
            chosen = [plan for plan in plans if plan.movement == movement]
            seen = Counter((is_woman(plan.member), plan.camera_side) for plan in chosen)
            assert len(seen) == 4
            assert len(set(seen.values())) == 1
            if kind in ("near", "off30", "far"):
                turned = Counter(
                    (is_woman(plan.member), plan.condition.offset_deg > 0.0) for plan in chosen
                )
                assert len(turned) == 4
                assert len(set(turned.values())) == 1


@PER_SPLIT
@pytest.mark.parametrize("trait", TRAITS)
def test_build_and_age_go_with_neither_side_nor_view(split: Split, trait: str) -> None:
    plans = plans_of(split)
    values = [float(getattr(plan.member.person, trait)) for plan in plans]
    sides = [float(plan.camera_side == "left") for plan in plans]
    offsets_deg = [plan.condition.offset_deg for plan in plans]
    assert abs(correlation(values, sides)) < 0.05
    assert abs(correlation(values, offsets_deg)) < 0.05
    assert abs(correlation(values, [abs(each) for each in offsets_deg])) < 0.05


@PER_SPLIT
def test_origin_goes_with_neither_side_nor_view(split: Split) -> None:
    plans = plans_of(split)
    for origin in ("european", "african", "asian"):
        own = [plan for plan in plans if origin_of(plan.member) == origin]
        left_frac = np.mean([plan.camera_side == "left" for plan in own])
        towards_frac = np.mean([plan.condition.offset_deg > 0.0 for plan in own])
        assert left_frac == pytest.approx(0.5, abs=0.02)
        assert towards_frac == pytest.approx(0.5, abs=0.05)


@PER_SPLIT
def test_everybody_does_every_movement_with_and_for_both_sides(split: Split) -> None:
    """Else one movement's left limb would belong to other bodies than its right one."""
    seen: dict[tuple[str, str], set[str]] = {}
    for plan in plans_of(split):
        seen.setdefault((plan.movement, plan.member.name), set()).add(plan.camera_side)
    assert len(seen) == len(ACTIONS) * SPLIT_SIZES[split]
    assert all(sides == {"left", "right"} for sides in seen.values())


def test_looks_fit_the_person() -> None:
    for member in cohort():
        if is_woman(member):
            assert member.look.beard_frac == 0.0
            assert member.look.hair_cut != "thinning"
        if member.person.age_frac > 0.8:
            assert member.look.hair == "grey"
