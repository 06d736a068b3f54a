"""Manners: every trait shows somewhere, habits always, and compensation grows with the movement."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from calibration_builders import planned, stick_body
from hypothesis import given
from hypothesis import strategies as st

from calibration.acting import ACTIONS
from calibration.posing import TOWARDS_LEFT, Posture, pose_body
from calibration.series import SeriesPlan
from calibration.style import _PER_POSE, _SPREAD, Style, draw_style, guard, sway_style
from calibration.truth import compute_truth, read_skeleton

PLAIN = Style()
TRAITS = [each.name for each in fields(Style)]
HABITS = set(_PER_POSE)


def plan_of(movement: str) -> SeriesPlan:
    return planned("plain", movement)


def at(plan: SeriesPlan, progress: float, style: Style) -> Posture:
    low_deg, high_deg = plan.action.range_deg
    rest_deg = 0.0 if plan.to_both_sides else low_deg
    return plan.posture(rest_deg + progress * (high_deg - rest_deg), style)


def changed(trait: str, amount: float) -> Style:
    return replace(PLAIN, **{trait: getattr(PLAIN, trait) + amount})


@given(st.integers(0, 10_000))
def test_manners_lie_between_usual_low_and_high(seed: int) -> None:
    style = draw_style(np.random.default_rng(seed))
    for name, (low, high) in _SPREAD.items():
        assert low <= getattr(style, name) <= high


def test_a_moment_later_only_how_the_person_stands_has_changed() -> None:
    rng = np.random.default_rng(0)
    style = draw_style(rng)
    later = [sway_style(style, rng) for _ in range(400)]
    for name in TRAITS:
        moved = np.array([getattr(each, name) - getattr(style, name) for each in later])
        assert np.std(moved) == pytest.approx(0.7 if name in HABITS else 0.0, rel=0.15)


@pytest.mark.parametrize("trait", TRAITS)
def test_every_trait_shows_in_some_movement_at_its_end(trait: str) -> None:
    low, high = _SPREAD[trait]
    shown = {
        movement
        for movement in ACTIONS
        if at(plan_of(movement), 1.0, changed(trait, high - low))
        != at(plan_of(movement), 1.0, PLAIN)
    }
    assert shown
    if trait.startswith("habit"):
        assert shown == set(ACTIONS)


@pytest.mark.parametrize("movement", ["shoulder_abduction", "hip_abduction", "elbow_flexion"])
@pytest.mark.parametrize("trait", ["lean_deg", "hike_deg", "plane_deg"])
def test_compensation_begins_at_nothing(movement: str, trait: str) -> None:
    plan = plan_of(movement)
    assert at(plan, 0.0, changed(trait, 10.0)) == at(plan, 0.0, PLAIN)


def test_the_trunk_leans_away_from_the_arm_that_is_raised() -> None:
    plan = plan_of("shoulder_abduction")
    leans_deg = [
        at(plan, progress, changed("lean_deg", 10.0)).trunk_lateral_deg for progress in (0.5, 1.0)
    ]
    away = -TOWARDS_LEFT[plan.side]
    assert [away * each for each in leans_deg] == pytest.approx([5.0, 10.0])


def test_a_guarded_manner_leans_and_hikes_more_than_any_usual_one() -> None:
    usual = draw_style(np.random.default_rng(1))
    guarded = guard(usual)
    assert guarded.lean_deg > _SPREAD["lean_deg"][1]
    assert guarded.hike_deg > _SPREAD["hike_deg"][1]
    assert guarded.elbow_deg > usual.elbow_deg
    kept = {"lean_deg", "hike_deg", "elbow_deg"}
    assert all(getattr(guarded, each) == getattr(usual, each) for each in set(TRAITS) - kept)


@pytest.mark.parametrize("pelvis_frac", [0.0, 0.1, 0.25])
def test_the_thigh_goes_as_far_whatever_share_the_pelvis_takes(pelvis_frac: float) -> None:
    plan, body = plan_of("hip_flexion"), stick_body()
    posture = plan.posture(80.0, replace(PLAIN, pelvis_frac=pelvis_frac))
    centres_m = read_skeleton(pose_body(body, posture)).centres_m
    thigh_m = centres_m[f"knee_{plan.side}"] - centres_m[f"hip_{plan.side}"]
    assert np.degrees(np.arctan2(-thigh_m[1], -thigh_m[2])) == pytest.approx(80.0, abs=0.5)
    assert posture.pelvis_forward_deg == pytest.approx(-80.0 * pelvis_frac)
    assert posture.trunk_flexion_deg == -posture.pelvis_forward_deg


@pytest.mark.parametrize("hips_frac", [0.42, 0.55, 0.70])
def test_a_bow_reaches_about_as_far_however_hips_and_spine_share_it(hips_frac: float) -> None:
    plan, body = plan_of("trunk_flexion_with_hips"), stick_body()
    standing = read_skeleton(pose_body(body, Posture()))
    posture = plan.posture(80.0, replace(PLAIN, hips_frac=hips_frac))
    truth = compute_truth(read_skeleton(pose_body(body, posture)), standing)
    assert posture.pelvis_forward_deg == pytest.approx(80.0 * hips_frac)
    assert truth[plan.action.truth_key(plan.side)] == pytest.approx(80.0, abs=12.0)
