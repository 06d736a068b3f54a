"""Spikes, gaps and low-pass, at any frame rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from signal_builders import frame_times, repetition_set, variable_frame_times

from rom.errors import InputError, UsageError
from rom.kinematics.filtering import (
    check_series,
    fill_gaps,
    find_seen_segments,
    low_pass,
    mark_missing_frames,
    remove_outliers,
)

RATES_HZ = [15.0, 24.0, 30.0, 60.0, 120.0, 240.0]


@pytest.mark.parametrize(
    ("time_s", "angle_deg", "part"),
    [
        ([0.0, 0.1], [1.0], "one angle per frame time"),
        ([0.0, 0.1, 0.1], [1.0, 2.0, 3.0], "increase, got 0.1 s at frame 2"),
        ([0.0, np.nan, 0.2], [1.0, 2.0, 3.0], "increase, got nan s at frame 1"),
        ([[0.0]], [[1.0]], "one angle per frame time"),
    ],
)
def test_bad_times_are_one_clear_line(time_s: list, angle_deg: list, part: str) -> None:
    with pytest.raises(InputError, match=part) as caught:
        check_series(np.array(time_s), np.array(angle_deg))
    assert "\n" not in str(caught.value)


def test_infinite_angles_are_not_seen() -> None:
    _, angle = check_series(np.array([0.0, 0.1]), np.array([np.inf, 3.0]))
    assert np.isnan(angle[0]) and angle[1] == 3.0


@pytest.mark.parametrize("step", [fill_gaps, remove_outliers])
def test_empty_and_never_seen_stay_so(step) -> None:  # type: ignore[no-untyped-def]
    assert step(np.array([]), np.array([])).size == 0
    assert np.isnan(step(frame_times(1.0, 30.0), np.full(30, np.nan))).all()


def test_segments_end_at_missing_frames_and_at_jumps_in_time() -> None:
    time_s = np.array([0.0, 0.1, 0.2, 0.3, 2.0, 2.1])
    angle = np.array([1.0, 1.0, np.nan, 1.0, 1.0, 1.0])
    assert find_seen_segments(time_s, angle) == [slice(0, 2), slice(3, 4), slice(4, 6)]


# --- gaps ---------------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(
    rate_hz=st.sampled_from(RATES_HZ),
    start_s=st.floats(0.5, 2.0),
    length_s=st.floats(0.0, 0.6),
    max_gap_s=st.sampled_from([0.1, 0.2, 0.4]),
)
def test_a_gap_is_filled_as_a_whole_or_not_at_all(
    rate_hz: float, start_s: float, length_s: float, max_gap_s: float
) -> None:
    signal = repetition_set(1, rate_hz=rate_hz).with_gap(start_s, start_s + length_s)
    missing = np.isnan(signal.angle_deg)
    filled = fill_gaps(signal.time_s, signal.angle_deg, max_gap_s=max_gap_s)
    assert np.array_equal(filled[~missing], signal.angle_deg[~missing])
    if missing.any():
        edges = np.flatnonzero(np.diff(missing.astype(int)))
        gap_s = signal.time_s[edges[1] + 1] - signal.time_s[edges[0]]
        if gap_s <= max_gap_s:
            assert np.isfinite(filled).all()
        elif gap_s > max_gap_s + 1e-3:
            assert np.isnan(filled[missing]).all()


def test_filling_never_goes_beyond_its_edges() -> None:
    signal = repetition_set(1).with_gap(2.4, 2.56)
    before, after = signal.angle_deg[~np.isnan(signal.angle_deg)][[72, 73]]
    filled = fill_gaps(signal.time_s, signal.angle_deg)[np.isnan(signal.angle_deg)]
    assert (filled >= min(before, after) - 1e-9).all() and (filled <= 150.0).all()


def test_what_is_missing_at_the_ends_stays_missing() -> None:
    angle = np.array([np.nan, 1.0, np.nan, 3.0, np.nan])
    filled = fill_gaps(np.arange(5) / 30.0, angle)
    assert np.isnan(filled[[0, 4]]).all() and filled[2] == pytest.approx(2.0)


def test_frames_that_never_came_become_unseen_frames() -> None:
    time_s = np.concatenate((frame_times(1.0, 30.0), 2.0 + frame_times(1.0, 30.0)))
    marked_s, marked_deg = mark_missing_frames(time_s, np.ones(60), max_step_s=0.1)
    added = np.isnan(marked_deg)
    assert np.array_equal(marked_s[~added], time_s)
    assert added.sum() == 10 and np.diff(marked_s).max() <= 0.1 + 1e-9
    steady_s = frame_times(3.0, 6.0)
    assert mark_missing_frames(steady_s, np.ones(18), max_step_s=0.1)[0].size == 18


# --- spikes -------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(
    rate_hz=st.sampled_from(RATES_HZ),
    out_s=st.floats(0.8, 3.0),
    at=st.floats(0.05, 0.95),
    spike_deg=st.sampled_from([-170.0, -90.0, 90.0, 170.0]),
    seed=st.integers(0, 1000),
)
def test_a_spike_goes_and_the_movement_stays(
    rate_hz: float, out_s: float, at: float, spike_deg: float, seed: int
) -> None:
    signal = repetition_set(2, out_s=out_s, rate_hz=rate_hz).jittered(1.0, seed=seed)
    frame = int(at * signal.time_s.size)
    spoilt = signal.angle_deg.copy()
    spoilt[frame] += spike_deg
    cleaned = remove_outliers(signal.time_s, spoilt)
    assert np.isnan(cleaned[frame])
    assert np.isnan(cleaned).mean() < 0.02


@settings(max_examples=30, deadline=None)
@given(rate_hz=st.sampled_from(RATES_HZ), out_s=st.floats(0.6, 3.0), variable=st.booleans())
def test_a_fast_clean_movement_loses_nothing(rate_hz: float, out_s: float, variable: bool) -> None:
    signal = repetition_set(
        2, amplitude_deg=170.0, out_s=out_s, hold_s=0.0, rate_hz=rate_hz, variable_rate=variable
    )
    assert np.isfinite(remove_outliers(signal.time_s, signal.angle_deg)).all()


def test_a_burst_of_spikes_goes_as_a_whole() -> None:
    signal = repetition_set(1).jittered(1.0)
    spoilt = signal.angle_deg.copy()
    spoilt[100:104] = 300.0
    assert np.isnan(remove_outliers(signal.time_s, spoilt)[100:104]).all()


def test_a_lone_frame_cannot_be_judged() -> None:
    angle = np.full(90, np.nan)
    angle[[10, 50, 51, 52, 53]] = 20.0
    cleaned = remove_outliers(frame_times(3.0, 30.0), angle)
    assert np.isnan(cleaned[10]) and np.isfinite(cleaned[50:54]).all()


def test_jitter_is_hardly_touched() -> None:
    signal = repetition_set(5).jittered(5.0)
    assert np.isnan(remove_outliers(signal.time_s, signal.angle_deg)).mean() < 0.01


# --- low-pass -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rate_hz", [30.0, 60.0, 240.0])
@pytest.mark.parametrize("frequency_hz", [0.0, 0.3, 1.5, 3.0, 6.0])
def test_gain(rate_hz: float, frequency_hz: float) -> None:
    """Two second-order passes: 1 / (1 + (f / f0)^4), which is -3 dB at the cut-off."""
    gain = 1.0 / (1.0 + (np.sqrt(2.0) - 1.0) * (frequency_hz / 3.0) ** 4)
    time_s = frame_times(20.0, rate_hz)
    wave = np.cos(2.0 * np.pi * frequency_hz * time_s)
    middle = slice(round(5 * rate_hz), round(15 * rate_hz))
    smooth = low_pass(time_s, wave, cutoff_hz=3.0)[middle]
    assert np.abs(smooth).max() == pytest.approx(gain, abs=0.04)


def test_no_delay() -> None:
    signal = repetition_set(1, hold_s=0.0)
    smooth = low_pass(signal.time_s, signal.angle_deg, cutoff_hz=3.0)
    assert np.argmax(smooth) == np.argmax(signal.angle_deg)


@settings(max_examples=30, deadline=None)
@given(
    rate_hz=st.sampled_from(RATES_HZ),
    out_s=st.floats(0.8, 3.0),
    cutoff_hz=st.sampled_from([3.0, 6.0]),
    variable=st.booleans(),
)
def test_frame_rate_does_not_matter(
    rate_hz: float, out_s: float, cutoff_hz: float, variable: bool
) -> None:
    signal = repetition_set(
        2, out_s=out_s, hold_s=0.0, pause_s=0.5, rate_hz=rate_hz, variable_rate=variable
    )
    fine = repetition_set(2, out_s=out_s, hold_s=0.0, pause_s=0.5, rate_hz=480.0)
    reference = low_pass(fine.time_s, fine.angle_deg, cutoff_hz=cutoff_hz)
    smooth = low_pass(signal.time_s, signal.angle_deg, cutoff_hz=cutoff_hz)
    tolerance_deg = 4.0 if variable and rate_hz < 30.0 else 1.0
    expected = np.interp(signal.time_s, fine.time_s, reference)
    assert smooth == pytest.approx(expected, abs=tolerance_deg)


@pytest.mark.parametrize(
    ("out_s", "cutoff_hz", "loss_deg"),
    [(0.8, 3.0, 0.6), (1.5, 3.0, 0.2), (0.8, 6.0, 0.1), (1.5, 6.0, 0.1)],
)
def test_loss_at_the_peak_is_as_documented(out_s: float, cutoff_hz: float, loss_deg: float) -> None:
    signal = repetition_set(1, out_s=out_s, hold_s=0.0, rate_hz=60.0)
    smooth = low_pass(signal.time_s, signal.angle_deg, cutoff_hz=cutoff_hz)
    assert abs(smooth.max() - signal.angle_deg.max()) < loss_deg


@settings(max_examples=40, deadline=None)
@given(
    frac=st.floats(0.0, 0.9),
    seed=st.integers(0, 1000),
    rate_hz=st.sampled_from(RATES_HZ),
    cutoff_hz=st.floats(0.5, 20.0),
)
def test_missing_stays_missing_and_seen_stays_seen(
    frac: float, seed: int, rate_hz: float, cutoff_hz: float
) -> None:
    signal = repetition_set(1, rate_hz=rate_hz).with_missing(frac, seed=seed)
    smooth = low_pass(signal.time_s, signal.angle_deg, cutoff_hz=cutoff_hz)
    assert np.array_equal(np.isnan(smooth), np.isnan(signal.angle_deg))


def test_each_side_of_a_gap_is_filtered_on_its_own() -> None:
    time_s = frame_times(4.0, 30.0)
    angle = np.where(time_s < 2.0, 10.0, 90.0)
    angle[(time_s > 1.7) & (time_s < 2.3)] = np.nan
    smooth = low_pass(time_s, angle, cutoff_hz=1.5)
    seen = np.isfinite(angle)
    assert smooth[seen] == pytest.approx(angle[seen], abs=1e-6)


def test_a_line_keeps_its_ends() -> None:
    time_s = variable_frame_times(3.0, 30.0)
    assert low_pass(time_s, 40.0 * time_s, cutoff_hz=3.0) == pytest.approx(40.0 * time_s, abs=0.2)


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 5, 8])
def test_short_runs_do_not_break(frames: int) -> None:
    time_s = frame_times(1.0, 30.0)[:frames]
    assert low_pass(time_s, np.full(frames, 7.0), cutoff_hz=3.0) == pytest.approx(7.0)


@pytest.mark.parametrize("cutoff_hz", [0.0, -1.0, np.nan])
def test_cutoff_must_be_positive(cutoff_hz: float) -> None:
    with pytest.raises(UsageError, match="above 0 Hz"):
        low_pass(frame_times(1.0, 30.0), np.zeros(30), cutoff_hz=cutoff_hz)
