"""Guarded sets of the bench: stick figures, courses of time, and the table of what was found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from calibration_builders import planned, stick_stills

from calibration.compose import Recording, draw_course, reachable_deg
from calibration.guarded import (
    Outcome,
    tabulate,
    timed_outcomes,
    unguarded_outcomes,
    write_rows,
)
from calibration.guarded_posed import GUARDS, SEVERITIES
from calibration.guarded_time import guarded_in_time, roughened, with_bursts
from calibration.motion import minimum_jerk
from calibration.stock import Stock
from rom.clinical.signs.rules import compensation_rules
from rom.kinematics.repetitions import find_repetitions
from rom.landmarks import Side

RECORDING = Recording(peaks_deg=(140.0, 145.0, 142.0), start_deg=10.0, seed=4)


def course() -> tuple[np.ndarray, np.ndarray]:
    return draw_course(RECORDING, np.random.default_rng(RECORDING.seed))


def speeds_deg_s(time_s: np.ndarray, course_deg: np.ndarray) -> float:
    return float(np.max(np.gradient(course_deg, time_s)))


def test_every_guard_acts_a_row_that_is_judged() -> None:
    for movement, code in GUARDS:
        rules = {rule.code: rule for rule in compensation_rules(movement)}
        assert rules[code].not_scored is None


@pytest.mark.parametrize("ratio", [2.0, 3.0])
def test_a_leap_is_as_much_faster_as_asked_and_goes_as_far(ratio: float) -> None:
    time_s, clean_deg = course()
    repetitions = find_repetitions(time_s, clean_deg, min_amplitude_deg=30.0)
    leaping_deg = with_bursts(time_s, clean_deg, repetitions, ratio)
    usual = float(np.median([r.peak_velocity_deg_s for r in repetitions]))  # type: ignore[misc]
    assert speeds_deg_s(time_s, leaping_deg) == pytest.approx(ratio * usual, rel=0.15)
    assert leaping_deg.max() == pytest.approx(clean_deg.max(), abs=2.0)
    resting = time_s < repetitions[0].onset_s
    np.testing.assert_array_equal(leaping_deg[resting], clean_deg[resting])


@pytest.mark.parametrize("loss", [0.5, 1.0, 1.5])
def test_roughness_is_what_was_asked_for(loss: float) -> None:
    time_s, clean_deg = course()
    before = find_repetitions(time_s, clean_deg, min_amplitude_deg=30.0)
    rough_deg = roughened(time_s, clean_deg, before, loss)
    after = find_repetitions(time_s, rough_deg, min_amplitude_deg=30.0)
    fallen = np.median([r.sparc for r in before]) - np.median([r.sparc for r in after])  # type: ignore[misc]
    assert loss - 0.35 < fallen < loss + 0.1  # it falls in steps as the spectrum grows wider


def stick_stock(*movements: str) -> Stock:
    stills = [stick_stills(planned("plain", movement)) for movement in movements]
    return Stock({each.key: each for each in stills})


def test_stick_figures_that_do_not_guard_show_nothing() -> None:
    found = list(
        unguarded_outcomes(stick_stock("shoulder_abduction", "knee_flexion"), sets=2, split="tune")
    )
    assert {each.code for each in found} >= {"any", "index", "hesitation", "slow", "trunk_lean"}
    assert not [each for each in found if each.present]
    assert any(each.evaluated for each in found if each.code == "index")
    assert {each.severity for each in found} == {0}


def test_stick_figures_that_stop_or_slow_down_are_found() -> None:
    found = list(timed_outcomes(stick_stock("shoulder_abduction"), sets=2, split="tune"))
    for code in ("hesitation", "slow"):
        twice = [each for each in found if each.code == code and each.severity == 2]
        assert twice and all(each.present for each in twice if each.evaluated)
        assert any(each.evaluated for each in twice)


def test_severity_is_in_thresholds() -> None:
    stills = stick_stills(planned("plain", "shoulder_abduction"))
    side = Side(stills.plan.side)
    low_deg, high_deg = reachable_deg(stills, side)
    recording = replace(RECORDING, start_deg=low_deg + 1.0, peaks_deg=(high_deg - 5.0,) * 3)
    lengths_s = []
    for severity in SEVERITIES:
        composed = guarded_in_time(stills, side, recording, "hesitation", severity)
        assert composed is not None
        lengths_s.append(composed.series.time_s[-1])
    np.testing.assert_allclose(np.diff(lengths_s), 3 * 0.3, atol=0.1)


def test_table_counts_sets_and_people(tmp_path: Path) -> None:
    def outcome(member: str, evaluated: bool, present: bool) -> Outcome:
        return Outcome(
            split="tune",
            how="rendered",
            movement="hip_flexion",
            member=member,
            code="trunk_lean",
            severity=2,
            evaluated=evaluated,
            present=present,
        )

    found = [outcome("a", True, True), outcome("a", True, False), outcome("b", True, True)]
    rows = tabulate([*found, outcome("c", False, False)])
    assert [row.movement for row in rows] == ["all", "hip_flexion"]
    for row in rows:
        assert (row.people, row.sets, row.evaluated, row.present) == (2, 4, 3, 2)
        assert row.share == pytest.approx(2 / 3, abs=1e-3)
        assert row.low is not None and row.high is not None and row.low < 2 / 3 < row.high
    write_rows(tmp_path / "signs.csv", rows)
    lines = (tmp_path / "signs.csv").read_text().splitlines()
    assert lines[0].startswith("split,code,movement,how,severity") and len(lines) == 3


def test_rows_of_other_people_stay_in_the_table(tmp_path: Path) -> None:
    path = tmp_path / "signs.csv"
    for split, present in (("tune", 3), ("report", 2), ("tune", 1)):
        outcomes = [
            Outcome(
                split=split,  # type: ignore[arg-type]
                how="composed",
                movement="hip_flexion",
                member=f"{split}{number}",
                code="slow",
                severity=1,
                evaluated=True,
                present=number < present,
            )
            for number in range(3)
        ]
        write_rows(path, tabulate(outcomes))
    kept = {line.split(",")[0]: line.split(",")[8] for line in path.read_text().splitlines()[1:]}
    assert kept == {"report": "2", "tune": "1"}


def test_minimum_jerk_is_that_of_the_leap() -> None:
    """A leap of a share d in 0.2 s has the peak speed d/0.2 of 1.875; strokes likewise."""
    phase = np.linspace(0.0, 1.0, 2001)
    assert np.gradient(minimum_jerk(phase), phase).max() == pytest.approx(1.875, abs=1e-3)
