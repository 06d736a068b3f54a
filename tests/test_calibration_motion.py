"""Commanded repetitions: peaks, rests, pauses and their timing are exactly the planned ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.motion import (
    Repetition,
    RepetitionSet,
    commanded_angle_deg,
    minimum_jerk,
    sway_deg,
)

plans = st.builds(
    RepetitionSet,
    repetitions=st.lists(
        st.builds(
            Repetition,
            peak_deg=st.floats(20, 170),
            outward_s=st.floats(0.8, 3.0),
            hold_s=st.floats(0.2, 1.0),
            return_s=st.floats(0.8, 3.0),
            pause_s=st.sampled_from([0.0, 0.5]),
        ),
        min_size=1,
        max_size=4,
    ).map(tuple),
    start_deg=st.floats(-5, 10),
)


def sampled(plan: RepetitionSet, rate_hz: float = 100.0) -> tuple[np.ndarray, np.ndarray]:
    time_s = np.arange(int(plan.duration_s * rate_hz) + 1) / rate_hz
    return time_s, commanded_angle_deg(plan, time_s)


@given(plans)
def test_each_repetition_reaches_its_peak_and_rests_are_still(plan):
    time_s, angle_deg = sampled(plan)
    in_any = np.zeros(len(time_s), bool)
    for (onset_s, offset_s), repetition in zip(plan.windows_s(), plan.repetitions, strict=True):
        inside = (time_s >= onset_s) & (time_s <= offset_s)
        in_any |= inside
        assert angle_deg[inside].max() == pytest.approx(repetition.peak_deg, abs=1e-6)
        assert offset_s - onset_s == pytest.approx(repetition.duration_s)
    assert angle_deg[~in_any] == pytest.approx(plan.start_deg, abs=1e-6)


def test_minimum_jerk_starts_and_ends_at_rest_with_the_known_peak_speed():
    phase = np.linspace(-0.5, 1.5, 4001)
    course = minimum_jerk(phase)
    speed = np.gradient(course, phase)
    assert course[phase <= 0.0].max() == 0.0
    assert course[phase >= 1.0].min() == 1.0
    assert np.all(np.diff(course) >= 0.0)
    assert speed.max() == pytest.approx(1.875, abs=1e-4)


@pytest.mark.parametrize("pause_s", [0.4, 0.6])
@pytest.mark.parametrize("pause_frac", [0.3, 0.6])
def test_a_pause_stands_still_part_way_and_adds_its_time(pause_s, pause_frac):
    halting = Repetition(peak_deg=100.0, pause_s=pause_s, pause_frac=pause_frac)
    plan = RepetitionSet(repetitions=(halting,))
    assert halting.duration_s == pytest.approx(Repetition(peak_deg=100.0).duration_s + pause_s)
    time_s, angle_deg = sampled(plan, 500.0)
    still = np.abs(angle_deg - 100.0 * pause_frac) < 1e-6
    assert still.sum() / 500.0 == pytest.approx(pause_s, abs=0.1)
    assert angle_deg.max() == pytest.approx(100.0)


def test_alternating_sets_go_both_ways():
    plan = RepetitionSet(repetitions=(Repetition(peak_deg=30.0), Repetition(peak_deg=-25.0)))
    _, angle_deg = sampled(plan)
    assert (angle_deg.max(), angle_deg.min()) == pytest.approx((30.0, -25.0))


def test_sway_is_slow_small_and_reproducible():
    time_s = np.arange(0.0, 30.0, 0.02)
    first = sway_deg(time_s, amplitude_deg=1.0, rng=np.random.default_rng(3))
    again = sway_deg(time_s, amplitude_deg=1.0, rng=np.random.default_rng(3))
    assert np.array_equal(first, again)
    assert 0.3 < np.abs(first).max() <= 1.0
    assert np.abs(np.gradient(first, time_s)).max() < 3.0
