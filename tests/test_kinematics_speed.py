"""Speed against another set, and sudden actions told apart from landmarks that jump."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from signal_builders import minimum_jerk

from rom.kinematics.repetitions import Repetition
from rom.kinematics.speed import (
    SuddenAction,
    amplitude_deg,
    find_sudden_actions,
    speed_ratio,
    stroke_s,
    usual_peak_speed,
)
from rom.landmarks import FloatArray

USUAL_DEG_S = 1.875 * 140.0 / 2.0  # peak speed of a minimum-jerk stroke of 140 degrees in 2 s


def repetition(
    *, reach_deg: float = 140.0, speed_deg_s: float | None = 130.0, start_deg: float = 5.0
) -> Repetition:
    return Repetition(
        counted=True,
        onset_s=1.0,
        peak_s=3.4,
        offset_s=5.0,
        start_deg=start_deg,
        peak_deg=start_deg + reach_deg,
        peak_velocity_deg_s=speed_deg_s,
        sparc=-1.4,
        pauses=(),
        stroke_end_s=3.0,
        outward_frames=60,
        outward_missing_frac=0.0,
        pauses_evaluated=True,
    )


def test_range_and_time_of_a_stroke() -> None:
    assert amplitude_deg(repetition()) == pytest.approx(140.0)
    assert stroke_s(repetition()) == pytest.approx(2.0)


@settings(deadline=None)
@given(factor=st.floats(0.1, 3.0))
def test_as_far_and_slower_by_a_factor(factor: float) -> None:
    slowed = repetition(speed_deg_s=130.0 * factor)
    assert speed_ratio(slowed, [repetition()] * 3) == pytest.approx(factor)


@settings(deadline=None)
@given(share=st.floats(0.3, 1.0))
def test_a_smaller_movement_in_the_same_time_is_not_slow(share: float) -> None:
    smaller = repetition(reach_deg=140.0 * share, speed_deg_s=130.0 * share)
    assert speed_ratio(smaller, [repetition()] * 3) == pytest.approx(1.0)


@settings(deadline=None)
@given(share=st.floats(1.0, 1.5), factor=st.floats(0.2, 1.0))
def test_a_larger_movement_is_not_excused(share: float, factor: float) -> None:
    larger = repetition(reach_deg=140.0 * share, speed_deg_s=130.0 * factor)
    assert speed_ratio(larger, [repetition()] * 3) == pytest.approx(factor)


def test_reference_is_the_median_of_its_set() -> None:
    reference = [repetition(speed_deg_s=speed) for speed in (100.0, 130.0, 900.0)]
    assert speed_ratio(repetition(), reference) == pytest.approx(1.0)


def test_a_speed_that_was_not_seen_has_no_ratio() -> None:
    unseen = repetition(speed_deg_s=None)
    assert speed_ratio(unseen, [repetition()]) is None
    assert speed_ratio(repetition(), [unseen]) is None
    assert speed_ratio(repetition(), []) is None


def stroke(
    rate_hz: float = 30.0, *, burst_deg: float = 0.0, burst_s: float = 0.15
) -> tuple[FloatArray, FloatArray]:
    """From 0.5 s on a stroke of 140 degrees in 2 s; at 1.4 s it goes ahead by a burst."""
    time_s = np.arange(0.0, 3.2, 1.0 / rate_hz)
    angle_deg = (140.0 - burst_deg) * minimum_jerk((time_s - 0.5) / 2.0)
    return time_s, angle_deg + burst_deg * minimum_jerk((time_s - 1.4) / burst_s)


def sudden(
    time_s: FloatArray, angle_deg: FloatArray, segment_px: FloatArray | float = 100.0
) -> tuple[SuddenAction, ...] | None:
    length_px = np.broadcast_to(np.asarray(segment_px, np.float64), time_s.shape)
    return find_sudden_actions(
        time_s,
        angle_deg,
        length_px,
        onset_s=0.5,
        stroke_end_s=2.5,
        usual_speed_deg_s=USUAL_DEG_S,
    )


@pytest.mark.parametrize("burst_deg", [0.0, 30.0, 50.0])
def test_usual_speed_is_that_of_the_stroke_without_its_burst(burst_deg: float) -> None:
    time_s, angle_deg = stroke(burst_deg=burst_deg, burst_s=0.2)
    usual = usual_peak_speed(time_s, angle_deg, onset_s=0.5, stroke_end_s=2.5)
    assert usual == pytest.approx(USUAL_DEG_S * (1.0 - burst_deg / 140.0), rel=0.12)


def test_speed_of_what_was_not_seen_is_unknown() -> None:
    time_s, angle_deg = stroke()
    hidden = np.where(np.abs(time_s - 1.5) < 0.3, np.nan, angle_deg)
    assert usual_peak_speed(time_s, hidden, onset_s=0.5, stroke_end_s=2.5) is None


@pytest.mark.parametrize("rate_hz", [25.0, 30.0, 60.0, 120.0])
def test_a_smooth_stroke_has_no_sudden_action(rate_hz: float) -> None:
    assert sudden(*stroke(rate_hz)) == ()


@pytest.mark.parametrize("rate_hz", [25.0, 30.0, 60.0, 120.0])
@pytest.mark.parametrize("burst_s", [0.17, 0.2])
def test_a_burst_is_found(rate_hz: float, burst_s: float) -> None:
    found = sudden(*stroke(rate_hz, burst_deg=50.0, burst_s=burst_s))
    assert found is not None and len(found) == 1
    assert found[0].start_s == pytest.approx(1.4, abs=0.12)
    assert found[0].ratio > 2.0


@settings(max_examples=40, deadline=None)
@given(jump_deg=st.floats(15.0, 90.0), at=st.integers(30, 60), frames=st.integers(1, 40))
def test_a_landmark_that_jumps_is_no_action(jump_deg: float, at: int, frames: int) -> None:
    time_s, angle_deg = stroke()
    angle_deg[at : at + frames] += jump_deg
    assert sudden(time_s, angle_deg) == ()


def test_a_limb_that_changes_its_length_is_a_jump() -> None:
    time_s, angle_deg = stroke(burst_deg=50.0, burst_s=0.2)
    length_px = np.where(time_s < 1.5, 100.0, 70.0)
    assert sudden(time_s, angle_deg, length_px) == ()


def test_a_brisk_start_is_no_action() -> None:
    time_s = np.arange(0.0, 3.2, 1.0 / 30.0)
    angle_deg = 60.0 * minimum_jerk((time_s - 0.5) / 0.2) + 80.0 * minimum_jerk(
        (time_s - 0.7) / 1.8
    )
    assert sudden(time_s, angle_deg) == ()


@pytest.mark.parametrize(
    "angle_deg",
    [stroke(15.0), (stroke()[0], np.where(np.abs(stroke()[0] - 1.5) < 0.2, np.nan, stroke()[1]))],
    ids=["too few frames a second", "not seen throughout"],
)
def test_what_cannot_be_told_is_not_told(angle_deg: tuple[FloatArray, FloatArray]) -> None:
    assert sudden(*angle_deg) is None
