"""Scores: none off where the reading is right, off by what it is wrong, and refusals kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from calibration_builders import planned, stick_stills

from calibration.compose import Recording
from calibration.noise import Jitter
from calibration.score import SetScore, read_scores, score_set, score_sets, write_scores
from calibration.series import GRID_VERSION
from calibration.stock import Stills
from rom.kinematics.correction import NAME
from rom.landmarks import Side
from rom.movements import MOVEMENTS as MOVEMENT_NAMED

SMALLEST_DEG = 0.6
"""Sway of the composed truth (0.3°), and what the projection of a camera 4° off bends."""
MOVEMENTS = ("elbow_flexion", "shoulder_abduction", "trunk_lateral_flexion", "cervical_rotation")


@pytest.fixture(autouse=True)
def uncorrected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readings as they are: the corrections were fitted on people, whom stick figures are not."""
    for fitted in ("correction_curves", "posture_models"):
        monkeypatch.setattr(f"rom.kinematics.correction.{fitted}", dict)


@pytest.fixture
def noiseless(monkeypatch: pytest.MonkeyPatch) -> None:
    still = Jitter(sigma_trunks=0.0, correlation_s=0.1)
    monkeypatch.setattr("calibration.score.MEASURED", still)


def square_on(movement: str) -> Stills:
    """Stills from exactly the recommended view."""
    plan = planned("plain", movement)
    plan = replace(plan, condition=replace(plan.condition, offset_deg=0.0))
    return stick_stills(plan)


def asked(stills: Stills, part: float = 0.6, **changes: object) -> Recording:
    end_deg = float(stills.truth_deg[-1])
    start_deg = 0.0 if stills.plan.to_both_sides else float(stills.truth_deg[0]) + 1.0
    given = {"peaks_deg": (part * end_deg,) * 3, "start_deg": start_deg, "seed": 3} | changes
    return Recording(**given)  # type: ignore[arg-type]


def score(stills: Stills, **changes: object) -> SetScore:
    return score_set(stills, Side(stills.plan.side), asked(stills, **changes))


def unseen(stills: Stills) -> Stills:
    """Nobody was found in most stills."""
    xy_px = stills.xy_px.copy()
    xy_px[2:] = np.nan
    return replace(stills, xy_px=xy_px)


def scored_sets() -> Iterator[SetScore]:
    yield score(square_on("elbow_flexion"))
    yield score(unseen(square_on("elbow_flexion")))


@pytest.mark.parametrize("movement", MOVEMENTS)
@pytest.mark.usefixtures("noiseless")
def test_a_reading_without_error_scores_nothing(movement: str) -> None:
    scored = score(square_on(movement))
    assert scored.refusals == ""
    assert scored.bound == "exact"
    assert scored.error_deg == pytest.approx(0.0, abs=SMALLEST_DEG)
    assert scored.repetitions == 3


def error_with_truth(
    stills: Stills, *, less_deg: float = 0.0, times: float = 1.0, part: float = 0.6
) -> float:
    """Error of the same picture when the truth behind it is another."""

    def other(deg: float) -> float:
        return times * deg - less_deg

    right = asked(stills, part)
    wanted = replace(
        right,
        peaks_deg=tuple(other(peak_deg) for peak_deg in right.peaks_deg),
        start_deg=other(right.start_deg),
    )
    shifted = replace(stills, truth_deg=times * stills.truth_deg - less_deg)
    return score_set(shifted, Side(stills.plan.side), wanted).error_deg


@pytest.mark.usefixtures("noiseless")
@pytest.mark.parametrize("movement", MOVEMENTS)
@pytest.mark.parametrize("offset_deg", [-6.0, 4.0])
def test_a_known_offset_scores_as_that_offset(movement: str, offset_deg: float) -> None:
    """A movement that counts from the person's own rest has none: rest is off by as much."""
    stills = square_on(movement)
    found_deg = error_with_truth(stills, less_deg=offset_deg) - error_with_truth(stills)
    expected_deg = 0.0 if MOVEMENT_NAMED[movement].zeroed else offset_deg
    assert found_deg == pytest.approx(expected_deg, abs=0.011)


@pytest.mark.usefixtures("noiseless")
@pytest.mark.parametrize("movement", MOVEMENTS)
def test_a_reading_that_goes_too_far_scores_by_how_far_it_goes(movement: str) -> None:
    stills = square_on(movement)
    found_deg = error_with_truth(stills, times=0.9) - error_with_truth(stills)
    assert found_deg == pytest.approx(0.1 * 0.6 * stills.truth_deg[-1], abs=0.1)  # sway stays


@pytest.mark.usefixtures("noiseless")
def test_truth_and_value_are_those_of_the_middle_repetition() -> None:
    scored = score(square_on("elbow_flexion"), peaks_deg=(90.0, 120.0, 100.0))
    assert scored.truth_deg == 100.0
    assert scored.value_deg == pytest.approx(100.0, abs=SMALLEST_DEG)


def test_noise_of_the_landmarks_is_part_of_the_score() -> None:
    stills = square_on("elbow_flexion")
    errors_deg = {score(stills, seed=seed).error_deg for seed in range(3)}
    assert len(errors_deg) == 3
    assert max(abs(each) for each in errors_deg) < 5.0


def test_refused_sets_are_rows_like_the_others() -> None:
    stills = [square_on("elbow_flexion"), unseen(square_on("knee_flexion"))]
    rows = list(score_sets(stills, sets=2, seed=1))
    refused = [row for row in rows if row.value_deg is None]
    assert len(rows) == 4
    assert {row.movement for row in refused} == {"knee_flexion"}
    assert len(refused) == 2
    for row in refused:
        assert row.refusals != ""
        assert np.isnan(row.error_deg)
        assert row.truth_deg > 0.0


def test_both_directions_are_scored_and_other_tools_only_on_request() -> None:
    rows = list(score_sets([square_on("trunk_lateral_flexion")], sets=1, seed=1, others=True))
    assert [row.side for row in rows] == ["left", "right"]
    assert all(row.naive_image_deg is not None for row in rows)
    alone = score(square_on("trunk_lateral_flexion"))
    assert (alone.naive_image_deg, alone.naive_world_deg, alone.sports2d_deg) == (None, None, None)


def test_a_row_says_whose_it_is_and_how_to_make_it_again() -> None:
    stills = stick_stills(planned("rough", "elbow_flexion", 2))
    (row,) = score_sets([stills], sets=1, seed=9)
    plan = stills.plan
    assert f"{row.movement}-{row.member}-{row.kind}" == plan.key
    assert (row.split, row.side) == ("tune", plan.side)
    assert row.nuisances.split() == list(plan.condition.nuisances)
    assert (row.grid_version, row.correction) == (GRID_VERSION, NAME)
    assert list(score_sets([stills], sets=1, seed=9)) == [row]


def test_scores_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = list(scored_sets())
    assert [row.value_deg is None for row in rows] == [False, True]
    path = tmp_path / "sets.csv"
    assert write_scores(path, rows) == 2
    assert read_scores(path) == rows
    assert [each.name for each in tmp_path.iterdir()] == ["sets.csv"]


def test_an_interrupted_run_leaves_no_table(tmp_path: Path) -> None:
    def interrupted() -> Iterator[SetScore]:
        yield score(square_on("elbow_flexion"))
        raise KeyboardInterrupt

    path = tmp_path / "sets.csv"
    with pytest.raises(KeyboardInterrupt):
        write_scores(path, interrupted())
    assert not path.exists()
