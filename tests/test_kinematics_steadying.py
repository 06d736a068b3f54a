"""Averaging neighbouring frames: what alternates goes, what moves stays, nothing crosses a gap."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rom.kinematics.steadying import LONGEST_STEP_S, average_mirrored, average_neighbours
from rom.landmarks import LandmarkSeries, Side
from tests.performances import filmed

rates_hz = st.floats(10.0, 60.0)


def all_near(frames: int) -> np.ndarray:
    return np.ones(max(frames - 1, 0), np.bool_)


def all_trusted(series: LandmarkSeries) -> np.ndarray:
    return np.ones(len(series), np.bool_)


@given(st.integers(2, 40), st.floats(-50.0, 50.0), st.floats(-5.0, 5.0))
def test_what_alternates_is_taken_out_exactly(frames: int, level: float, step: float) -> None:
    alternating = level + step * (-1.0) ** np.arange(frames)
    np.testing.assert_allclose(average_neighbours(alternating, all_near(frames)), level, atol=1e-9)


@given(st.integers(3, 40), st.floats(-50.0, 50.0), st.floats(-5.0, 5.0))
def test_a_straight_line_stays_as_it_is(frames: int, level: float, slope: float) -> None:
    line = level + slope * np.arange(frames)
    np.testing.assert_allclose(average_neighbours(line, all_near(frames)), line, atol=1e-9)


@given(st.floats(0.1, 0.5), rates_hz, st.floats(0.0, 6.28))
def test_a_movement_keeps_its_height(turns_hz: float, rate_hz: float, phase: float) -> None:
    time_s = np.arange(0.0, 12.0, 1.0 / rate_hz)
    angle_deg = 75.0 * np.cos(2.0 * np.pi * turns_hz * time_s + phase)
    averaged_deg = average_neighbours(angle_deg, all_near(len(time_s)))
    np.testing.assert_allclose(averaged_deg[2:-2], angle_deg[2:-2], atol=0.06)


def test_noise_becomes_smaller() -> None:
    noise = np.random.default_rng(3).normal(0.0, 1.0, 20_000)
    averaged = average_neighbours(noise, all_near(len(noise)))
    assert averaged.std() == pytest.approx(np.sqrt(134.0) / 16.0, abs=0.02)


@given(st.integers(1, 30), st.sets(st.integers(0, 29)))
def test_frames_not_seen_stay_so_and_touch_no_neighbour(frames: int, unseen: set[int]) -> None:
    values = np.where(np.arange(frames) % 2, 3.0, 1.0)
    gone = [frame for frame in unseen if frame < frames]
    values[gone] = np.nan
    averaged = average_neighbours(values, all_near(frames))
    assert np.isnan(averaged).tolist() == np.isnan(values).tolist()
    lonely = np.isfinite(values) & ~np.isfinite(np.roll(values, 1)) & ~np.isfinite(
        np.roll(values, -1)
    )  # fmt: skip
    np.testing.assert_array_equal(averaged[lonely], values[lonely])


def test_nothing_is_averaged_over_a_break_in_time() -> None:
    series = filmed("shoulder_abduction", Side.LEFT)
    late = np.arange(len(series)) >= 40
    broken = replace(series, time_s=series.time_s + np.where(late, 2.0 * LONGEST_STEP_S, 0.0))
    moved = broken.xy_px + np.where(late, 500.0, 0.0)[:, None, None]
    averaged = average_mirrored(replace(broken, xy_px=moved), all_trusted(broken)).xy_px
    np.testing.assert_allclose(averaged, moved, atol=2.0)


@pytest.mark.parametrize("frames", [0, 1, 2, 3])
def test_hardly_any_frames_are_no_error(frames: int) -> None:
    values = np.arange(float(frames))
    assert average_neighbours(values, all_near(frames)).shape == (frames,)


@given(st.sets(st.integers(0, 59), max_size=20))
def test_a_frame_that_is_not_trusted_spoils_no_neighbour(wrong: set[int]) -> None:
    series = filmed("shoulder_abduction", Side.LEFT)
    spoilt = np.isin(np.arange(len(series)), list(wrong))
    moved = series.xy_px + np.where(spoilt, 300.0, 0.0)[:, None, None]
    averaged = average_mirrored(replace(series, xy_px=moved), ~spoilt).xy_px
    np.testing.assert_array_equal(averaged[spoilt], moved[spoilt])
    unseen = np.where(spoilt[:, None, None], np.nan, series.xy_px)
    without = average_mirrored(replace(series, xy_px=unseen), all_trusted(series)).xy_px
    np.testing.assert_array_equal(averaged[~spoilt], without[~spoilt])
