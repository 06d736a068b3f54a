"""Figures worked out by hand from a few sets, and what must hold for any of them."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.facts import SeriesFacts, by_key, read_facts, write_facts
from calibration.gates import (
    CIRCUMSTANCES,
    Bin,
    crossing,
    error_curve,
    good_error_deg,
    propose_limit,
)
from calibration.intervals import Estimate
from calibration.score import SetScore
from calibration.tables import (
    bias_target_deg,
    cell_rows,
    flagged,
    flatten,
    grade_rows,
    guard_rows,
    mae_target_deg,
    mean,
    percentile,
    share,
    write_rows,
)
from rom.quality.limits import limits

OFF_PLANE = next(each for each in CIRCUMSTANCES if each.name == "off_plane")
SEGMENT = next(each for each in CIRCUMSTANCES if each.name == "segment")


def scored(error_deg: float | None = 0.0, **changes: object) -> SetScore:
    """A set of shoulder abduction to 100° that reads wrong by so much; None reads nothing."""
    read_deg = None if error_deg is None else 100.0 + error_deg
    score = SetScore(
        movement="shoulder_abduction",
        side="left",
        member="tune01",
        split="tune",
        kind="plain",
        nuisances="",
        offset_deg=0.0,
        roll_deg=0.0,
        height_m=1.1,
        body_frac=0.6,
        frame_rate_hz=30.0,
        speed=1.0,
        seed=0,
        grid_version=1,
        correction="none",
        start_deg=5.0,
        truth_deg=100.0,
        value_deg=read_deg,
        raw_deg=read_deg,
        sem_deg=None,
        accuracy_deg=None,
        view_deg=3.0,
        novelty=1.0,
        lit_level=None,
        bound="exact",
        repetitions=3,
        warnings="",
        refusals="" if read_deg is not None else "no_person",
        naive_image_deg=110.0,
        naive_world_deg=None,
        sports2d_deg=90.0,
    )
    return replace(score, **changes)  # type: ignore[arg-type]


def described(member: str, kind: str = "plain", **changes: object) -> SeriesFacts:
    facts = SeriesFacts(
        movement="shoulder_abduction",
        member=member,
        split="tune",
        kind=kind,
        offset_deg=0.0,
        stills=9,
        found_frac=1.0,
        hidden_frac=0.0,
        outside_frac=0.0,
        exchanged_frac=0.0,
        off_plane_deg=-3.0,
        segment_px=80.0,
        length_ratio=0.95,
        tilt_deg=None,
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def test_a_cell_by_hand() -> None:
    scores = [
        scored(1.0),
        scored(-3.0),
        scored(5.0, member="tune02"),
        scored(40.0, member="tune02", value_deg=None, refusals="camera_off_plane"),
    ]
    (row,) = cell_rows(scores)
    assert (row.sets, row.measured, row.bodies, row.grade) == (4, 3, 2, "A")
    assert row.mae_deg.value == pytest.approx(3.0)
    assert row.bias_deg.value == pytest.approx(1.0)
    assert row.p95_deg.value == pytest.approx(5.0)
    assert row.refused_frac.value == pytest.approx(0.25)
    assert row.agreement_high_deg - row.agreement_low_deg == pytest.approx(2 * 1.96 * 4.0)
    assert row.naive_image_deg.value == pytest.approx(10.0)
    assert row.sports2d_deg.value == pytest.approx(10.0)
    assert np.isnan(row.naive_world_deg.value)
    assert (row.mae_target_deg, row.bias_target_deg) == (2.5, 1.5)


def test_other_tools_are_compared_in_the_sets_that_were_not_refused() -> None:
    refused = scored(None, naive_image_deg=180.0)
    (row,) = cell_rows([scored(0.0), refused])
    assert row.naive_image_deg.value == pytest.approx(10.0)
    assert row.naive_image_all_deg.value == pytest.approx(45.0)


def test_a_cell_without_any_value_has_refusals_alone() -> None:
    (row,) = cell_rows([scored(None), scored(None, member="tune02")])
    assert row.refused_frac.value == 1.0 and row.refused_frac.low < 1.0
    assert np.isnan(row.mae_deg.value) and np.isnan(row.bias_deg.value)
    assert flatten(row)["mae_deg"] == "" and flatten(row)["measured"] == "0"


def test_rotation_of_the_neck_has_a_row_up_to_60_degrees() -> None:
    turned = scored(2.0, movement="cervical_rotation", truth_deg=50.0, value_deg=52.0)
    profile = replace(turned, truth_deg=70.0, value_deg=80.0)
    rows = {row.movement: row for row in cell_rows([turned, profile])}
    assert rows["cervical_rotation"].mae_deg.value == pytest.approx(6.0)
    assert rows["cervical_rotation to 60°"].mae_deg.value == pytest.approx(2.0)
    assert rows["cervical_rotation to 60°"].mae_target_deg == 3.0
    assert rows["cervical_rotation"].mae_target_deg == 5.0


def test_grades_are_pooled_over_movements_and_never_with_each_other() -> None:
    scores = [
        scored(2.0),
        scored(4.0, movement="knee_flexion"),
        scored(9.0, movement="hip_extension"),
    ]
    rows = {row.grade: row for row in grade_rows(scores)}
    assert rows["A"].mae_deg.value == pytest.approx(3.0)
    assert rows["B"].mae_deg.value == pytest.approx(9.0)
    assert rows["A"].bias_target_deg == 1.5 and rows["B"].bias_target_deg is None


def test_targets_loosen_from_cell_to_cell() -> None:
    for movement in ("shoulder_flexion", "elbow_extension", "cervical_flexion"):
        targets = [mae_target_deg(movement, cell) for cell in ("plain", "near", "off30", "rough")]
        assert None not in targets and targets == sorted(targets)  # type: ignore[type-var]
    assert bias_target_deg("elbow_extension", "plain") is None


def test_guards_by_hand() -> None:
    scores = [
        scored(20.0),  # silent and wrong
        scored(20.0, warnings="picture_dark"),
        scored(-20.0, value_deg=None, refusals="far_side"),
        scored(1.0),
        scored(1.0, warnings="gaps"),
        scored(1.0),
        scored(None),  # nothing was read: neither right nor wrong
    ]
    plain, everything, lit = guard_rows(scores)
    assert (plain.sets, plain.large) == (7, 3)
    assert plain.caught_frac.value == pytest.approx(2 / 3)
    assert plain.silent_large_frac.value == pytest.approx(1 / 3)
    assert plain.alarm_frac.value == pytest.approx(1 / 3)
    assert plain.refused_frac.value == pytest.approx(2 / 7)
    assert everything.cell == "all" and everything.caught_frac == plain.caught_frac
    assert lit.caught_frac.value == pytest.approx(1 / 3)
    assert lit.alarm_frac == plain.alarm_frac


def test_a_set_is_flagged_when_refused_or_warned_of() -> None:
    assert not flagged(scored(0.0))
    assert flagged(scored(0.0, warnings="gaps")) and flagged(scored(None))


@given(
    errors=st.lists(st.floats(-50.0, 50.0), min_size=4, max_size=30),
    people=st.integers(2, 6),
)
@settings(max_examples=25, deadline=None)
def test_intervals_hold_their_figure_and_do_not_depend_on_the_order(errors, people) -> None:
    clusters = [f"tune{number % people:02d}" for number in range(len(errors))]
    values = np.abs(errors)
    for figure in (mean(values, clusters), percentile(values, clusters)):
        assert figure.low - 1e-9 <= figure.value <= figure.high + 1e-9
    turned = mean(values[::-1], clusters[::-1])
    assert turned.value == pytest.approx(mean(values, clusters).value)
    assert turned.low == pytest.approx(mean(values, clusters).low)


def test_the_percentile_is_the_smallest_value_that_enough_do_not_exceed() -> None:
    values = np.arange(1.0, 101.0)
    assert percentile(values, ["a", "b"] * 50).value == 95.0
    assert percentile(values, ["a", "b"] * 50, frac=0.5).value == 50.0


def test_sets_of_one_person_do_not_make_a_narrow_interval() -> None:
    rng = np.random.default_rng(1)
    of_person = rng.normal(0.0, 5.0, 8)
    once, often = (np.repeat(of_person, count) for count in (1, 50))
    few = mean(once, [f"p{n}" for n in range(8)])
    many = mean(often, [f"p{n}" for n in np.repeat(range(8), 50)])
    assert many.high - many.low == pytest.approx(few.high - few.low)


def test_a_share_that_all_people_have_is_still_uncertain() -> None:
    never = share([False] * 40, [f"p{n % 8}" for n in range(40)])
    assert never.value == 0.0 and never.low == 0.0 and 0.0 < never.high < 0.2
    assert np.isnan(share([], []).value)


def test_rows_come_out_as_a_table(tmp_path) -> None:
    write_rows(tmp_path / "accuracy.csv", cell_rows([scored(1.0), scored(2.0, member="tune02")]))
    with (tmp_path / "accuracy.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["movement"] == "shoulder_abduction" and row["mae_deg"] == "1.500"
    assert float(row["mae_deg_low"]) <= 1.5 <= float(row["mae_deg_high"])
    assert row["naive_world_deg"] == ""


def test_facts_come_back_as_they_were_written(tmp_path) -> None:
    facts = [described("tune01"), described("tune02", segment_px=None, tilt_deg=2.5)]
    write_facts(tmp_path / "series.csv", facts)
    assert read_facts(tmp_path / "series.csv") == facts


def bins(*errors_deg: float) -> list[Bin]:
    return [
        Bin(
            middle=10.0 * place,
            sets=20,
            bodies=4,
            mae_deg=Estimate(error_deg, error_deg, error_deg),
            adjusted_deg=error_deg,
        )
        for place, error_deg in enumerate(errors_deg)
    ]


def test_the_limit_lies_where_the_error_doubles_or_passes_5_degrees() -> None:
    doubling = bins(2.0, 2.0, 2.0, 6.0)
    assert good_error_deg(doubling, worse_when_above=True) == pytest.approx(2.0)
    assert propose_limit(doubling, 2.0, worse_when_above=True) == pytest.approx(25.0)
    passing = bins(4.0, 4.0, 4.0, 6.0)
    assert propose_limit(passing, 4.0, worse_when_above=True) == pytest.approx(25.0)
    always_bad = bins(6.0, 6.0, 7.0, 8.0)
    assert propose_limit(always_bad, 6.0, worse_when_above=True) is None


def test_a_limit_from_above_mirrors_one_from_below() -> None:
    below = crossing(bins(6.0, 2.0, 2.0, 2.0), 4.0, worse_when_above=False)
    above = crossing(bins(2.0, 2.0, 2.0, 6.0), 4.0, worse_when_above=True)
    assert below == pytest.approx(5.0) and above == pytest.approx(25.0)


def test_a_bump_between_good_bins_asks_for_no_limit() -> None:
    assert propose_limit(bins(2.0, 4.1, 1.0, 2.0), 2.0, worse_when_above=True) is None
    assert propose_limit([], float("nan"), worse_when_above=True) is None


def turning_sets(spoilt_from_deg: float) -> tuple[list[SetScore], list[SeriesFacts]]:
    """Sets with the camera from 0 to 40° off; the error is 2°, and 8° from somewhere on."""
    scores = [
        scored(8.0 if view_deg >= spoilt_from_deg else 2.0, view_deg=view_deg, member=member)
        for view_deg in np.arange(0.0, 40.0, 0.5)
        for member in ("tune01", "tune02")
    ]
    return scores, [described("tune01"), described("tune02")]


@pytest.mark.parametrize("spoilt_from_deg", [15.0, 25.0])
def test_a_curve_finds_from_where_on_readings_are_spoilt(spoilt_from_deg: float) -> None:
    scores, facts = turning_sets(spoilt_from_deg)
    curve = error_curve(OFF_PLANE, scores, by_key(facts))
    assert sum(each.sets for each in curve.bins) == len(scores)
    assert curve.good_deg == pytest.approx(2.0, abs=1.6)
    assert curve.proposed == pytest.approx(spoilt_from_deg, abs=4.0)
    off_plane = limits()["camera_off_plane"]
    assert curve.in_use == (off_plane.warning, off_plane.blocking)


def test_a_curve_sees_what_its_own_gate_refuses_and_not_what_others_do() -> None:
    scores, facts = turning_sets(100.0)
    own = [replace(score, value_deg=None, refusals="camera_off_plane") for score in scores]
    others = [replace(score, value_deg=None, refusals="gaps") for score in scores]
    assert sum(b.sets for b in error_curve(OFF_PLANE, own, by_key(facts)).bins) == len(scores)
    assert error_curve(OFF_PLANE, others, by_key(facts)).bins == ()


def test_a_difficult_movement_that_is_filmed_small_does_not_make_size_matter() -> None:
    rng = np.random.default_rng(2)
    scores, facts = [], []
    for movement, error_deg, middle_px in (
        ("shoulder_abduction", 2.0, 90.0),
        ("ankle_dorsiflexion", 8.0, 45.0),
    ):
        for number in range(40):
            member = f"tune{number:02d}"
            size_px = float(middle_px + rng.uniform(-25.0, 25.0))
            scores.append(scored(error_deg, movement=movement, member=member))
            facts.append(described(member, movement=movement, segment_px=size_px))
    curve = error_curve(SEGMENT, scores, by_key(facts))
    crude_deg = [each.mae_deg.value for each in curve.bins]
    assert max(crude_deg) - min(crude_deg) > 5.0
    assert [each.adjusted_deg for each in curve.bins] == pytest.approx([5.0] * len(curve.bins))
    assert curve.proposed is None
