"""Plans of the grid: made again from their key alone, balanced, and as varied as was asked for."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from calibration_builders import planned

from calibration.acting import ACTIONS
from calibration.cohort import SPLIT_SIZES, Split, cohort
from calibration.conditions import KINDS, LENSES_DEG, NUISANCES, PICTURE_NUISANCES, Kind
from calibration.posing import SIDES
from calibration.series import STILLS, SeriesPlan, plan_series, series_plans
from calibration.style import _PER_POSE, Style
from rom.movements import measurable_movements

SPLITS = list(SPLIT_SIZES)
PER_SPLIT = pytest.mark.parametrize("split", SPLITS)
OTHERS: list[Split] = ["tune", "report"]
"""Splits that hold every kind; the corrections are fitted on clean pictures alone."""


@cache
def plans_of(split: Split, *kinds: Kind) -> list[SeriesPlan]:
    return [
        plan
        for member in cohort()
        if member.split == split
        for kind in kinds or KINDS[split]
        for plan in series_plans(kind, member)
    ]


def bins_filled(values: list[float], low: float, high: float, count: int) -> bool:
    """Whether values lie in every one of so many equal parts of a range."""
    filled, _ = np.histogram(values, count, (low, high))
    return bool((filled > 0).all())


def test_every_movement_of_grade_a_and_b_is_planned() -> None:
    asked = {each.name for each in measurable_movements() if each.grade in ("A", "B")}
    assert asked <= set(ACTIONS)


@PER_SPLIT
def test_a_key_gives_the_same_plan_alone_and_among_others(split: Split) -> None:
    members = {member.name: member for member in cohort()}
    plans = plans_of(split)
    assert len({plan.key for plan in plans}) == len(plans)
    assert len({plan.seed for plan in plans}) == len(plans)
    for plan in plans[::17]:
        movement, name, kind = plan.key.split("-")
        assert plan_series(kind, members[name], movement) == plan  # type: ignore[arg-type]


def test_a_key_gives_the_same_plan_in_another_process() -> None:
    code = (
        "from calibration_builders import planned\n"
        "print([planned('rough', 'knee_flexion', 3), planned('again', 'cervical_rotation', 5)])"
    )
    folder = os.path.dirname(__file__)
    found = {
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": os.pathsep.join([folder, os.path.dirname(folder)]),
    }
    told = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | found, capture_output=True, text=True
    )
    plans = [planned("rough", "knee_flexion", 3), planned("again", "cervical_rotation", 5)]
    assert told.stdout.strip() == str(plans), told.stderr


@PER_SPLIT
def test_half_of_every_movement_is_done_and_seen_from_the_left(split: Split) -> None:
    for kind in KINDS[split]:
        plans = plans_of(split, kind)
        seen = Counter((plan.movement, plan.camera_side) for plan in plans)
        assert set(seen.values()) == {SPLIT_SIZES[split] // 2}
        for plan in plans:
            if plan.to_both_sides or not plan.action.sided:
                assert plan.side == "left"
            else:
                assert plan.side == plan.camera_side


@PER_SPLIT
def test_cameras_stand_off_to_either_side_equally_often_for_either_limb(split: Split) -> None:
    for kind in {"near", "off30", "far"} & set(KINDS[split]):
        plans = plans_of(split, kind)  # type: ignore[arg-type]
        turned = Counter(
            (plan.movement, plan.camera_side, plan.condition.offset_deg > 0.0) for plan in plans
        )
        assert set(turned.values()) == {SPLIT_SIZES[split] // 4}


@pytest.mark.parametrize(
    ("kind", "low_deg", "high_deg"), [("plain", 0, 4), ("near", 4, 15), ("off30", 26, 34)]
)
@PER_SPLIT
def test_kinds_keep_to_their_view(split: Split, kind: Kind, low_deg, high_deg) -> None:
    for plan in plans_of(split, kind):
        assert low_deg <= abs(plan.condition.offset_deg) <= high_deg
        assert plan.condition.nuisances == ()


@pytest.mark.parametrize("split", OTHERS)
def test_filmed_again_is_the_same_but_for_a_small_shift_of_the_camera(split: Split) -> None:
    shifts = []
    for plain, again in zip(plans_of(split, "plain"), plans_of(split, "again"), strict=True):
        camera = again.condition
        assert again.seed != plain.seed
        assert replace(again, condition=plain.condition, seed=plain.seed) == plain
        moved = ("offset_deg", "height_m", "roll_deg", "body_frac")
        kept = {name: getattr(plain.condition, name) for name in moved}
        assert replace(camera, kind="plain", **kept) == plain.condition
        shifts.append([getattr(camera, name) - kept[name] for name in moved])
    spread = np.std(shifts, axis=0)
    assert (spread > 0.0).all()
    assert spread == pytest.approx([2.0, 0.03, 0.5, 0.012], rel=0.2)


def test_only_the_splits_that_are_judged_hold_nuisances() -> None:
    assert not any(plan.condition.nuisances for plan in plans_of("fit"))
    assert list(series_plans("rough", cohort()[0])) == []


@pytest.mark.parametrize("split", OTHERS)
def test_views_heights_rolls_and_sizes_cover_what_was_asked_for(split: Split) -> None:
    conditions = [plan.condition for plan in plans_of(split)]
    assert bins_filled([each.offset_deg for each in conditions], -60.0, 60.0, 24)
    assert bins_filled([each.height_m for each in conditions], 0.6, 1.8, 12)
    assert bins_filled([each.roll_deg for each in conditions], -9.0, 9.0, 6)
    assert bins_filled([each.body_frac for each in conditions], 0.30, 0.95, 6)
    assert max(abs(each.offset_deg) for each in conditions) <= 60.0
    assert max(abs(each.roll_deg) for each in conditions) <= 10.0
    assert {each.lens_deg for each in conditions} == set(LENSES_DEG[split])
    shapes = {each.size_px for each in conditions}
    assert {(640, 360), (640, 480), (1920, 1080)} <= shapes
    assert shapes == {(height_px, width_px) for width_px, height_px in shapes}


@pytest.mark.parametrize("split", OTHERS)
def test_every_nuisance_comes_alone_and_those_of_the_picture_together(split: Split) -> None:
    alone = Counter(plan.condition.nuisances for plan in plans_of(split, "single"))
    assert {nuisances for (nuisances,) in alone} == set(NUISANCES)
    assert min(alone.values()) >= 3
    together = [set(plan.condition.nuisances) for plan in plans_of(split, "rough")]
    always = set(PICTURE_NUISANCES) - {"seated"}
    assert all(always <= names <= set(PICTURE_NUISANCES) for names in together)
    assert 0 < sum("seated" in names for names in together) < len(together)


@pytest.mark.parametrize("split", OTHERS)
def test_nobody_is_seated_who_has_to_stand(split: Split) -> None:
    for plan in plans_of(split):
        if "seated" in plan.condition.nuisances:
            assert plan.movement.startswith(("shoulder", "elbow"))
            assert plan.action.seated


def test_pictures_are_as_large_as_their_nuisance_says() -> None:
    plain = replace(planned("plain", "elbow_flexion").condition, portrait=False)
    sizes = {name: replace(plain, nuisances=(name,)).size_px for name in NUISANCES}
    assert sizes.pop("low_resolution") == (640, 360)
    assert sizes.pop("high_resolution") == (1920, 1080)
    assert set(sizes.values()) == {(640, 480)}


@pytest.mark.parametrize("field_deg", [38.0, 64.0])
@pytest.mark.parametrize("portrait", [False, True])
def test_a_body_is_as_large_in_the_picture_as_planned(field_deg: float, portrait: bool) -> None:
    condition = replace(
        planned("plain", "elbow_flexion").condition, lens_deg=field_deg, portrait=portrait
    )
    distance_m = condition.distance_m(1.7)
    half_m = distance_m * np.tan(np.radians(condition.vertical_field_deg / 2.0))
    assert 1.7 / (2.0 * half_m) == pytest.approx(condition.body_frac)
    width_px, height_px = condition.size_px
    across_deg = 2.0 * np.degrees(np.arctan(half_m / distance_m * width_px / height_px))
    assert max(across_deg, condition.vertical_field_deg) == pytest.approx(field_deg)


@pytest.mark.parametrize("movement", ACTIONS)
def test_stills_go_from_end_to_end_and_progress_from_rest_to_the_end(movement: str) -> None:
    plan = planned("plain", movement)
    commands_deg = plan.commands_deg
    assert len(commands_deg) == STILLS
    assert (commands_deg[0], commands_deg[-1]) == plan.action.range_deg
    progress = [plan.progress(float(each)) for each in commands_deg]
    assert min(progress) == 0.0
    assert progress[-1] == 1.0
    assert max(progress) == 1.0
    assert progress[0] == (1.0 if plan.to_both_sides else 0.0)


def test_stills_to_fit_on_are_unrelated_and_those_to_report_on_only_sway() -> None:
    fitted, reported = (planned("plain", "hip_flexion", split=each) for each in ("fit", "report"))
    traits = [each.name for each in Style.__dataclass_fields__.values()]

    def varied(plan: SeriesPlan) -> set[str]:
        styles = plan.styles()
        assert len(styles) == STILLS
        assert styles == plan.styles()
        return {name for name in traits if len({getattr(each, name) for each in styles}) > 1}

    assert varied(fitted) == set(traits)
    assert varied(reported) == set(_PER_POSE)


@pytest.mark.parametrize("side", SIDES)
def test_a_manner_leaves_the_command_in_charge(side) -> None:
    plan = replace(planned("plain", "elbow_flexion"), side=side)
    bent_deg = [plan.posture(each).limbs(side).elbow_flexion_deg for each in (20.0, 90.0)]
    assert bent_deg == pytest.approx([20.0, 90.0])
    other = "right" if side == "left" else "left"
    idle_deg = [plan.posture(each).limbs(other).elbow_flexion_deg for each in (20.0, 90.0)]
    assert idle_deg[0] == idle_deg[1]


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_a_plan_can_be_handed_to_another_process(name: str) -> None:
    plan = planned("rough", name)
    copy = pickle.loads(pickle.dumps(plan))
    posture = plan.posture(float(plan.commands_deg[3]))
    assert copy.posture(float(copy.commands_deg[3])) == posture
