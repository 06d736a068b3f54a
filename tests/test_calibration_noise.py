"""Noise of the landmarks: drawn as large and as slow as was said, and measured as it was drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.noise import (
    MEASURED,
    PARTS,
    Jitter,
    draw_jitter_px,
    measure_jitter,
    measure_left_over,
    split_course,
)
from rom.landmarks import LANDMARK_COUNT, FloatArray, Landmark, LandmarkSeries

MANY = {"frames": 3000, "points": 20}
SIGMAS = st.floats(0.002, 0.05)
MEMORIES_S = st.floats(0.02, 0.4)
RATES_HZ = st.sampled_from([15.0, 24.0, 30.0, 60.0])


def drawn_px(jitter: Jitter, rate_hz: float, *, trunk_px: float = 100.0) -> FloatArray:
    rng = np.random.default_rng(8)
    return draw_jitter_px(jitter, **MANY, rate_hz=rate_hz, trunk_px=trunk_px, rng=rng)


@given(sigma=SIGMAS, memory_s=MEMORIES_S, rate_hz=RATES_HZ)
@settings(max_examples=12, deadline=None)
def test_noise_is_as_large_as_was_said_in_lengths_of_the_trunk(sigma, memory_s, rate_hz) -> None:
    jitter = Jitter(sigma_trunks=sigma, correlation_s=memory_s)
    noise_px = drawn_px(jitter, rate_hz, trunk_px=150.0)
    assert noise_px.shape == (3000, 20, 2)
    assert np.std(noise_px) == pytest.approx(150.0 * sigma, rel=0.06)
    assert abs(np.mean(noise_px)) < 0.05 * 150.0 * sigma


@given(memory_s=MEMORIES_S, rate_hz=RATES_HZ)
@settings(max_examples=12, deadline=None)
def test_noise_resembles_itself_by_one_in_e_after_its_correlation_time(memory_s, rate_hz) -> None:
    noise_px = drawn_px(Jitter(sigma_trunks=0.01, correlation_s=memory_s), rate_hz)
    for frames in (1, 2, 5):
        product = np.mean(noise_px[frames:] * noise_px[:-frames])
        resemblance = product / np.mean(noise_px**2)
        expected = np.exp(-frames / rate_hz / memory_s)
        assert resemblance == pytest.approx(expected, abs=0.05)


def test_noise_is_as_large_in_the_first_frame_as_in_the_last() -> None:
    jitter = Jitter(sigma_trunks=0.01, correlation_s=0.5)
    rng = np.random.default_rng(2)
    noise_px = draw_jitter_px(jitter, 40, 4000, 30.0, 100.0, rng)
    for frame in (0, 1, 39):
        assert np.std(noise_px[frame]) == pytest.approx(1.0, rel=0.05)


def test_points_and_coordinates_shake_on_their_own() -> None:
    noise_px = drawn_px(Jitter(sigma_trunks=0.01, correlation_s=0.05), 30.0).reshape(3000, -1)
    others = np.corrcoef(noise_px.T)[~np.eye(noise_px.shape[1], dtype=bool)]
    assert np.abs(others).max() < 0.15


def test_the_noise_that_sets_are_composed_with_is_one_that_can_be_measured() -> None:
    noise = drawn_px(MEASURED, 30.0, trunk_px=1.0).reshape(3000, -1)
    found = measure_jitter(split_course(noise, 30.0)[1], 30.0)
    assert found.sigma_trunks == pytest.approx(MEASURED.sigma_trunks, rel=0.1)
    assert found.correlation_s == pytest.approx(MEASURED.correlation_s, rel=0.25)


def noisy(series: LandmarkSeries, jitter: Jitter, trunk_px: float) -> LandmarkSeries:
    rng = np.random.default_rng(5)
    noise = draw_jitter_px(jitter, len(series), LANDMARK_COUNT, 20.0, trunk_px, rng)
    return replace(series, xy_px=series.xy_px + noise)


@pytest.fixture
def course() -> LandmarkSeries:
    """A person who moves slowly: 600 frames, a trunk of 150 px."""
    time_s = np.arange(600) / 20.0
    xy_px = np.full((600, LANDMARK_COUNT, 2), 200.0)
    xy_px[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP], 1] += 150.0
    xy_px[..., 0] += 30.0 * np.sin(time_s)[:, None]
    return LandmarkSeries(
        time_s=time_s,
        xy_px=xy_px,
        world_m=np.zeros((600, LANDMARK_COUNT, 3)),
        visibility=np.ones((600, LANDMARK_COUNT)),
        width_px=480,
        height_px=640,
    )


@given(
    sigma=st.floats(0.002, 0.05),
    memory_s=st.floats(0.03, 0.2),
    rate_hz=st.sampled_from([15.0, 20.0, 30.0]),
)
@settings(max_examples=8, deadline=None)
def test_noise_is_measured_as_it_was_drawn_whatever_moves_slowly(sigma, memory_s, rate_hz) -> None:
    jitter = Jitter(sigma_trunks=sigma, correlation_s=memory_s)
    noise = draw_jitter_px(jitter, 900, 12, rate_hz, 1.0, np.random.default_rng(1))
    slow = 3.0 * sigma * np.sin(np.arange(900) / rate_hz)[:, None]
    _, fast = split_course(noise.reshape(900, -1) + slow, rate_hz)
    found = measure_jitter(fast, rate_hz)
    assert found.sigma_trunks == pytest.approx(sigma, rel=0.15)
    assert found.correlation_s == pytest.approx(memory_s, rel=0.35, abs=0.01)


def test_slow_and_fast_part_make_the_whole_and_a_step_is_slow() -> None:
    step = np.repeat([0.0, 1.0], 50)[:, None]
    slow, fast = split_course(step, 20.0)
    assert slow + fast == pytest.approx(step)
    assert fast == pytest.approx(0.0)


def test_noise_of_limbs_counts_in_trunk_lengths_and_leaves_out_what_was_not_seen(course) -> None:
    jitter = Jitter(sigma_trunks=0.02, correlation_s=0.1)
    found = measure_left_over(noisy(course, jitter, 150.0), course, "limbs", key="a")
    assert found is not None
    assert found.points == 12
    assert found.sigma_trunks == pytest.approx(0.02, rel=0.15)
    assert found.typical_sigma_trunks == pytest.approx(0.02, rel=0.15)
    hidden = course.visibility.copy()
    hidden[:, Landmark.LEFT_WRIST] = 0.1
    wild = noisy(course, jitter, 150.0).xy_px.copy()
    wild[::2, Landmark.LEFT_WRIST] += 100.0
    unseen = replace(course, visibility=hidden, xy_px=wild)
    found = measure_left_over(unseen, course, "limbs", key="a")
    assert found is not None
    assert found.points == 11
    assert found.sigma_trunks == pytest.approx(0.02, rel=0.15)


def test_an_error_that_stays_is_offset_and_not_noise(course) -> None:
    jitter = Jitter(sigma_trunks=0.005, correlation_s=0.05)
    filmed = noisy(course, jitter, 150.0)
    shifted = replace(filmed, xy_px=filmed.xy_px + np.array([15.0, 0.0]))
    found, without = (
        measure_left_over(each, course, "head", key="a") for each in (shifted, filmed)
    )
    assert found is not None
    assert without is not None
    assert found.offset_trunks == pytest.approx(0.1 / np.sqrt(2.0), rel=0.02)
    assert without.offset_trunks < 0.002
    assert found.sigma_trunks == without.sigma_trunks == pytest.approx(0.005, rel=0.15)
    assert found.slow_trunks == without.slow_trunks < 0.005


def test_there_is_no_noise_of_points_that_were_not_asked_for(course) -> None:
    assert measure_left_over(course, course, "face", key="a") is None
    assert measure_left_over(course, course, "hands", key="a") is None


def test_a_part_that_was_seldom_seen_is_left_out(course) -> None:
    lost = course.xy_px.copy()
    lost[: len(lost) // 2, : Landmark.LEFT_SHOULDER] = np.nan
    seldom = noisy(replace(course, xy_px=lost), Jitter(sigma_trunks=0.01, correlation_s=0.1), 150.0)
    assert measure_left_over(seldom, course, "head", key="a") is None
    assert measure_left_over(seldom, course, "limbs", key="a") is not None
    assert set(PARTS) == {"limbs", "head", "face", "hands"}
