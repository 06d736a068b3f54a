"""Smoothness, peak speed and pauses of one stroke."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from signal_builders import minimum_jerk

from rom.kinematics.smoothness import Pause, compute_peak_speed, find_pauses, sparc


def minimum_jerk_speed(duration_s: float, rate_hz: float) -> np.ndarray:
    progress = np.arange(0.0, duration_s, 1.0 / rate_hz) / duration_s
    return 30.0 * progress**2 * (1.0 - progress) ** 2 / duration_s


def test_published_example() -> None:
    """Gaussian speed profile of the authors' own code, which gives -1.41403."""
    time_s = np.arange(-1.0, 1.0, 0.01)
    assert sparc(np.exp(-5.0 * time_s**2), rate_hz=100.0) == pytest.approx(-1.41403, abs=5e-6)


def test_gaussian_by_integration() -> None:
    """Its spectrum is known: exp(-a x²), with the band scaled to 1 where it has fallen to 0.05."""
    a = np.log(1 / 0.05)
    length, _ = quad(lambda x: np.hypot(1.0, 2.0 * a * x * np.exp(-a * x * x)), 0.0, 1.0)
    time_s = np.arange(-4.0, 4.0, 0.001)
    measured = sparc(np.exp(-5.0 * time_s**2), rate_hz=1000.0, pad_level=6)
    assert measured == pytest.approx(-length, abs=2e-3)


@settings(max_examples=25, deadline=None)
@given(
    duration_s=st.floats(0.8, 6.0),
    rate_hz=st.sampled_from([25.0, 30.0, 60.0, 120.0]),
    gain=st.floats(0.1, 1000.0),
)
def test_minimum_jerk_does_not_depend_on_duration_rate_or_amplitude(
    duration_s: float, rate_hz: float, gain: float
) -> None:
    value = sparc(gain * minimum_jerk_speed(duration_s, rate_hz), rate_hz=rate_hz)
    assert value == pytest.approx(-1.405, abs=0.02)


def test_a_stop_in_the_middle_is_less_smooth_than_none() -> None:
    stroke = minimum_jerk_speed(1.0, 30.0)
    whole = sparc(minimum_jerk_speed(2.5, 30.0), rate_hz=30.0)
    halting = sparc(np.concatenate((stroke, np.zeros(15), stroke)), rate_hz=30.0)
    assert whole is not None and halting is not None
    assert halting < whole - 1.0


@pytest.mark.parametrize(
    "speed",
    [np.ones(7), np.zeros(30), np.array([]), np.array([1.0] * 20 + [np.nan] + [1.0] * 20)],
    ids=["too short", "no movement", "empty", "a missing sample"],
)
def test_nothing_is_said_about_what_cannot_be_measured(speed: np.ndarray) -> None:
    assert sparc(speed, rate_hz=30.0) is None


def test_peak_speed_ignores_a_single_spike() -> None:
    speed = np.full(200, 80.0)
    speed[100] = 900.0
    assert compute_peak_speed(speed) == pytest.approx(80.0)


def two_stage_stroke(stop_s: float, back_deg: float = 0.0) -> tuple[np.ndarray, ...]:
    """To 70 degrees in 1 s, a stop (going back a little), on to 140 in 1 s; 100 samples/s."""
    time_s = np.arange(0.0, 2.0 + stop_s, 0.01)
    angle = 70.0 * minimum_jerk(time_s) - back_deg * minimum_jerk((time_s - 1.0) / stop_s)
    angle += (70.0 + back_deg) * minimum_jerk(time_s - 1.0 - stop_s)
    return time_s, angle, np.gradient(angle, time_s)


@pytest.mark.parametrize("back_deg", [0.0, 6.0, 15.0])
def test_a_stop_or_a_step_back_is_one_pause(back_deg: float) -> None:
    pauses = find_pauses(*two_stage_stroke(0.6, back_deg))
    assert len(pauses) == 1
    assert pauses[0].start_s == pytest.approx(1.0, abs=0.2)
    assert pauses[0].end_s == pytest.approx(1.6, abs=0.2)


def test_a_smooth_stroke_has_no_pause() -> None:
    time_s = np.arange(0.0, 2.0, 0.01)
    angle = 140.0 * minimum_jerk(time_s / 2.0)
    assert find_pauses(time_s, angle, np.gradient(angle, time_s)) == ()


def test_a_short_slowing_is_no_pause() -> None:
    time_s, angle, speed = two_stage_stroke(0.6)
    assert find_pauses(time_s, angle, speed, min_duration_s=1.0) == ()


def test_pause_is_a_value() -> None:
    assert Pause(1.0, 2.0) == Pause(start_s=1.0, end_s=2.0)
