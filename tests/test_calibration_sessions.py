"""Whole sessions: a stick figure whose changes are known is judged rightly, and counted rightly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from calibration_builders import planned, stick_stills
from hypothesis import given
from hypothesis import strategies as st

from calibration.compose import acting_sides
from calibration.sessions import (
    FILMED_AGAIN,
    NULL_SESSIONS,
    OTHER_SESSIONS,
    POOL,
    SCENARIOS,
    Body,
    Figure,
    Session,
    bodies_of,
    draw_level,
    draw_recording,
    is_right,
    read_sessions,
    simulate,
    simulate_body,
    summarise,
    usable_levels_deg,
    write_rows,
)
from calibration.stock import Stills, Stock
from rom.clinical.comparison import compare
from tests.clinical_builders import measured

MOVEMENTS = ("shoulder_abduction", "elbow_flexion", "trunk_lateral_flexion")
"""One of a body side from the front, one from the side, and one to both sides."""


def stills_of(kind: str, movement: str, member: int = 0) -> Stills:
    """The series that the grid plans, done by the stick figure."""
    return stick_stills(planned(kind, movement, member))  # type: ignore[arg-type]


def body_of(movement: str, member: int = 0) -> Body:
    kinds = ("plain", "again", "near", "off30")
    return {kind: stills_of(kind, movement, member) for kind in kinds}  # type: ignore[misc]


@pytest.fixture(scope="module", params=MOVEMENTS)
def sessions(request) -> list[Session]:
    return simulate_body(body_of(request.param), levels=2)


@pytest.fixture
def few_sets(monkeypatch) -> None:
    """A pool just large enough for sessions without change, where nothing else is asked of it."""
    monkeypatch.setattr("calibration.sessions.POOL", {("plain", 0.0): 3, ("again", 0.0): 1})
    monkeypatch.setattr("calibration.sessions.REFILMED", 1)
    monkeypatch.setattr("calibration.sessions.LEVELS", 2)


def of(rows: list[Session], *scenarios: str) -> list[Session]:
    return [row for row in rows if row.scenario in scenarios]


def test_a_change_of_15_degrees_is_found_and_its_size_too(sessions) -> None:
    changes = of(sessions, "gain_15", "loss_15")
    assert np.mean([row.right for row in changes]) > 0.7
    errors = [row.change_deg - row.set_change_deg for row in changes if row.change_deg is not None]
    assert abs(np.median(errors)) < 3.0


def test_the_verdict_says_which_way(sessions) -> None:
    assert not [row for row in of(sessions, "gain_15") if row.verdict == "loss"]
    assert not [row for row in of(sessions, "loss_15") if row.verdict == "gain"]


def test_the_same_motion_filmed_again_reads_nearly_the_same(sessions) -> None:
    differences = [row.change_deg for row in of(sessions, FILMED_AGAIN)]
    assert 0.0 < np.median(np.abs(differences)) < 3.0
    assert len(set(differences)) > 0.5 * len(differences)  # to a hundredth of a degree


def test_a_camera_on_the_other_side_is_seen_in_its_mirror_image(sessions) -> None:
    rows = of(sessions, "camera_near")
    assert len(rows) == 2 * OTHER_SESSIONS
    known = [row for row in rows if row.change_deg is not None]
    assert len(known) > 0.5 * len(rows)
    bias_deg = [row.change_deg - row.set_change_deg for row in known]
    assert abs(np.median(bias_deg)) < 5.0


def test_a_camera_30_degrees_off_never_makes_a_gain_out_of_nothing(sessions) -> None:
    rows = of(sessions, "camera_off30")
    assert rows
    assert np.mean([row.verdict == "not_comparable" for row in rows]) > 0.9


def test_sessions_are_as_many_as_said_and_differ(sessions) -> None:
    assert len(of(sessions, "no_change")) == 2 * NULL_SESSIONS
    assert len({row.change_deg for row in of(sessions, "no_change")}) > NULL_SESSIONS
    assert {row.post_at for row in of(sessions, "no_change")} == {"plain", "again"}


def test_the_true_change_counts_from_the_second_set_before(sessions) -> None:
    expected = {"no_change": 0.0, "gain_8": 8.0, "gain_15": 15.0, "loss_15": -15.0}
    expected |= {"warm_up_before_pre2": 0.0, "warm_up_after_pre2": 5.0}
    expected |= {"camera_near": 0.0, "camera_off30": 0.0, FILMED_AGAIN: 0.0}
    assert {row.scenario: row.true_change_deg for row in sessions} == expected


def test_no_set_is_compared_with_itself(few_sets) -> None:
    rows = of(simulate_body({"plain": stills_of("plain", "elbow_flexion")}, levels=4), "no_change")
    assert all(row.set_change_deg != 0.0 for row in rows)


def test_sets_differ_by_what_people_vary_and_share_their_frame_rate() -> None:
    body, rng = body_of("elbow_flexion"), np.random.default_rng(3)
    level = draw_level(body, acting_sides(body["plain"])[0], 0.5, rng)
    sets = [draw_recording(level, 8.0, rng) for _ in range(600)]
    medians_deg = np.array([np.median(each.peaks_deg) for each in sets])
    assert np.mean(medians_deg) == pytest.approx(level.level_deg + 8.0, abs=0.5)
    median_of_three_frac = 0.449  # of one normal value's variance
    expected_deg = np.sqrt(2.0**2 + median_of_three_frac * 3.0**2)
    assert np.std(medians_deg) == pytest.approx(expected_deg, rel=0.1)
    assert {each.frame_rate_hz for each in sets} == {level.frame_rate_hz}
    assert len({each.seed for each in sets}) == len(sets)


def test_the_pool_is_large_enough_for_sets_that_are_never_used_twice() -> None:
    for scenario in SCENARIOS.values():
        for place in scenario.post_at:
            asked = [("plain", scenario.pre1_deg), ("plain", scenario.pre2_deg)]
            asked.append((place, scenario.post_deg))
            assert all(asked.count(each) <= POOL[each] for each in asked)


def test_levels_and_sessions_are_the_same_every_time(few_sets) -> None:
    body = body_of("elbow_flexion")
    assert simulate_body(body, levels=1) == simulate_body(body, levels=1)


def test_without_a_second_set_up_the_first_takes_its_place() -> None:
    body = {"plain": stills_of("plain", "elbow_flexion")}
    rows = simulate_body(body, levels=1)
    assert {row.post_at for row in rows} == {"plain"}
    assert not of(rows, "camera_near", "camera_off30")


def test_both_directions_are_simulated(few_sets) -> None:
    rows = simulate_body(body_of("trunk_lateral_flexion"), levels=2)
    assert {row.side for row in rows} == {"left", "right"}


@given(
    st.floats(-90.0, 10.0), st.floats(15.0, 180.0), st.floats(8.0, 20.0), st.sampled_from((8, 15))
)
def test_levels_lie_in_the_range_and_leave_room(start_deg, span_deg, amplitude_deg, gain) -> None:
    end_deg = start_deg + span_deg
    low_deg, high_deg = usable_levels_deg(start_deg, end_deg, amplitude_deg)
    assert start_deg < low_deg <= high_deg <= start_deg + 0.85 * span_deg + 1e-9
    if end_deg - gain >= start_deg + max(0.4 * span_deg, 1.5 * amplitude_deg):
        assert high_deg + gain <= end_deg + 1e-9
        assert low_deg >= start_deg + min(0.55 * span_deg, 1.5 * amplitude_deg) - 1e-9


def test_large_movements_use_55_to_85_percent() -> None:
    assert usable_levels_deg(0.0, 160.0, 20.0) == pytest.approx((88.0, 136.0))


def test_the_highest_level_still_leaves_room_for_15_degrees() -> None:
    for movement in MOVEMENTS:
        body = body_of(movement)
        level = draw_level(body, acting_sides(body["plain"])[0], 1.0, np.random.default_rng(0))
        assert level.reaches(15.0)


def test_a_changed_camera_that_saw_less_of_the_range_does_not_narrow_it() -> None:
    body = body_of("elbow_flexion")
    side, rng = acting_sides(body["plain"])[0], np.random.default_rng(0)
    near = body["near"]
    body["near"] = replace(near, truth_deg=0.6 * near.truth_deg)
    low, high = draw_level(body, side, 0.0, rng), draw_level(body, side, 1.0, rng)
    without = draw_level({"plain": body["plain"], "again": body["again"]}, side, 1.0, rng)
    assert high.level_deg == without.level_deg
    assert "near" in low.body
    assert "near" not in high.body


def test_levels_stay_below_what_the_product_reads() -> None:
    body = body_of("cervical_rotation")
    side = acting_sides(body["plain"])[0]
    level = draw_level(body, side, 1.0, np.random.default_rng(0))
    assert level.level_deg + 15.0 <= 55.0


@pytest.mark.parametrize(
    ("name", "pre2_deg", "post_deg", "right"),
    [
        ("no_change", 140.0, 141.0, True),
        ("no_change", 140.0, 160.0, False),
        ("gain_8", 140.0, 160.0, True),
        ("gain_15", 140.0, 141.0, False),
        ("gain_15", 140.0, 120.0, False),
        ("loss_15", 140.0, 120.0, True),
        ("camera_near", 140.0, 142.0, True),
        ("camera_near", 140.0, 160.0, False),
        ("warm_up_before_pre2", 140.0, 141.0, True),
        ("warm_up_before_pre2", 140.0, 160.0, False),
        ("warm_up_before_pre2", 160.0, 160.0, True),
        ("warm_up_after_pre2", 140.0, 160.0, None),
    ],
)
def test_what_is_right_in_each_scenario(name, pre2_deg, post_deg, right) -> None:
    said = compare(measured(140.0), measured(post_deg), pre2=measured(pre2_deg))
    assert is_right(name, said) is right


def test_a_refusal_is_right_only_where_the_camera_changed() -> None:
    elsewhere = measured(140.0)
    turned = replace(elsewhere, view=replace(elsewhere.view, yaw_deg=40.0))
    said = compare(measured(140.0), turned, pre2=measured(140.0))
    assert is_right("camera_off30", said) is True
    assert is_right("no_change", said) is False


def session(**changes: object) -> Session:
    usual: dict[str, object] = {
        "movement": "elbow_flexion",
        "member": "tune01",
        "side": "left",
        "scenario": "no_change",
        "post_at": "again",
        "level_deg": 90.0,
        "true_change_deg": 0.0,
        "set_change_deg": 1.5,
        "change_deg": 1.0,
        "mdc95_deg": 8.0,
        "verdict": "no_measurable_change",
        "right": True,
    }
    return Session(**(usual | changes))  # type: ignore[arg-type]


def figure(rows: list[Session], scenario: str, name: str) -> Figure:
    found = summarise(rows)
    return next(
        each
        for each in found
        if (each.movement, each.scenario, each.figure) == ("elbow_flexion", scenario, name)
    )


def test_the_summary_counts_verdicts_by_body() -> None:
    rows = [session(member=f"tune{index:02d}") for index in range(1, 9)]
    rows += [session(verdict="gain", right=False, change_deg=9.0)] * 2
    gain = figure(rows, "no_change", "gain")
    assert (gain.value, gain.sessions, gain.bodies) == (0.2, 10, 8)
    assert gain.low < 0.2 < gain.high
    assert figure(rows, "no_change", "right").value == 0.8
    assert figure(rows, "no_change", "within_mdc95").value == 0.8
    assert figure(rows, "no_change", "mdc95_deg").value == 8.0


def test_refusals_count_among_the_sessions_but_not_among_the_answers() -> None:
    refused = session(
        scenario="gain_15", verdict="not_comparable", right=False, change_deg=None, mdc95_deg=None
    )
    found = session(scenario="gain_15", verdict="gain", change_deg=15.0, true_change_deg=15.0)
    rows = [found, found, found, refused]
    assert figure(rows, "gain_15", "right").value == 0.75
    assert figure(rows, "gain_15", "right_if_answered").value == 1.0
    assert figure(rows, "any_15", "right").value == 0.75


def test_the_slope_is_of_measured_against_true_change() -> None:
    rows = [
        session(
            member=member, scenario=name, set_change_deg=true_deg, change_deg=0.5 + 0.9 * true_deg
        )
        for member in ("tune01", "tune02", "tune03")
        for name, true_deg in (("no_change", 1.0), ("gain_15", 14.0), ("loss_15", -16.0))
    ]
    slope = figure(rows, "all_changes", "slope")
    assert (slope.value, slope.low, slope.high) == pytest.approx((0.9, 0.9, 0.9))


def test_sessions_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = [session(), session(change_deg=None, mdc95_deg=None, right=None, verdict="")]
    rows.append(session(right=False))
    write_rows(tmp_path / "rows.csv", Session, rows)
    assert read_sessions(tmp_path / "rows.csv") == rows
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_what_was_simulated_is_not_simulated_again(tmp_path: Path, few_sets) -> None:
    series = [stills_of("plain", "elbow_flexion", member) for member in range(2)]
    stock = Stock({stills.key: stills for stills in series})
    rows = simulate(stock, "tune", tmp_path)
    (path,) = tmp_path.iterdir()
    assert {row.member for row in rows} == {"tune01", "tune02"}
    write_rows(path, Session, rows[:3])
    assert simulate(stock, "tune", tmp_path) == rows[:3]


def test_other_stills_are_simulated_anew(tmp_path: Path, few_sets) -> None:
    stills = stills_of("plain", "elbow_flexion")
    for moved_px in (0.0, 1.0):
        moved = replace(stills, xy_px=stills.xy_px + moved_px)
        simulate(Stock({stills.key: moved}), "tune", tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_movement_without_stills_is_named(tmp_path: Path) -> None:
    stills = stills_of("plain", "elbow_flexion")
    stock = Stock({stills.key: stills})
    assert bodies_of(stock, "report", "elbow_flexion") == []
    with pytest.raises(ValueError, match="expected stills of elbow_flexion in split report"):
        simulate(stock, "report", tmp_path)
