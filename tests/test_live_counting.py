"""Counting while it happens agrees with finding afterwards."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from signal_builders import Signal, repetition_set, through

from rom.kinematics.repetitions import find_repetitions
from rom.live.counting import RepetitionCounter, Stroke


def counted(signal: Signal, *, min_amplitude_deg: float = 8.0) -> int:
    counter = RepetitionCounter(min_amplitude_deg=min_amplitude_deg)
    count = 0
    for time_s, angle_deg in zip(signal.time_s, signal.angle_deg, strict=True):
        count = counter.add(float(time_s), float(angle_deg))
    return count


def found(signal: Signal, *, min_amplitude_deg: float = 8.0) -> int:
    repetitions = find_repetitions(
        signal.time_s, signal.angle_deg, min_amplitude_deg=min_amplitude_deg
    )
    return sum(repetition.counted for repetition in repetitions)


@settings(max_examples=30)
@given(
    count=st.integers(0, 4),
    amplitude_deg=st.floats(15.0, 170.0),
    rest_deg=st.floats(-90.0, 40.0),
    out_s=st.floats(0.8, 4.0),
    hold_s=st.floats(0.0, 2.0),
    pause_s=st.floats(0.4, 2.0),
    rate_hz=st.sampled_from([15.0, 24.0, 30.0]),
)
def test_the_count_is_what_is_found_afterwards(
    count: int, amplitude_deg: float, rest_deg: float, out_s: float, hold_s: float,
    pause_s: float, rate_hz: float,
) -> None:  # fmt: skip
    signal = repetition_set(
        count, amplitude_deg=amplitude_deg, rest_deg=rest_deg, out_s=out_s, hold_s=hold_s,
        pause_s=pause_s, rate_hz=rate_hz,
    )  # fmt: skip
    assert counted(signal) == found(signal) == count


LEVELS_DEG = [0.0, 8.0, 27.0, 70.0, 100.0]
"""Clear of the limits: every fall is much more or much less than the part that separates two tops,
and every height much more or much less than the part of the others' that counts."""


@settings(max_examples=80)
@given(levels=st.lists(st.sampled_from(LEVELS_DEG), min_size=1, max_size=7))
def test_any_course_counts_as_it_is_found_afterwards(levels: list[float]) -> None:
    points = [(0.0, 0.0), (1.0, 0.0)]
    for level_deg in [*levels, 0.0]:
        points.append((points[-1][0] + 1.2, level_deg))
    signal = through([*points, (points[-1][0] + 1.5, 0.0)])
    assert counted(signal, min_amplitude_deg=15.0) == found(signal, min_amplitude_deg=15.0)


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000), jitter_deg=st.floats(0.5, 5.0))
@example(seed=1670, jitter_deg=3.0)  # counted while noise was told from 3 s
def test_a_still_person_counts_nothing_however_the_landmarks_jitter(
    seed: int, jitter_deg: float
) -> None:
    still = repetition_set(0, lead_s=30.0, rate_hz=25.0).jittered(jitter_deg, seed=seed)
    assert counted(still) == 0


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10_000),
    jitter_deg=st.floats(0.0, 3.0),
    amplitude_deg=st.floats(40.0, 150.0),
)
def test_noise_and_missing_frames_add_and_lose_none(
    seed: int, jitter_deg: float, amplitude_deg: float
) -> None:
    signal = repetition_set(3, amplitude_deg=amplitude_deg, rate_hz=25.0)
    signal = signal.jittered(jitter_deg, seed=seed).with_missing(0.1, seed=seed)
    assert counted(signal) == 3


def test_spikes_add_none() -> None:
    signal = repetition_set(2, amplitude_deg=60.0, lead_s=3.0)
    for at in (20, 21, 60, 130, 131, 200):
        signal.angle_deg[at] += 80.0
    assert counted(signal) == 2


def test_a_small_range_counts_like_a_large_one() -> None:
    assert counted(repetition_set(3, amplitude_deg=12.0)) == 3
    assert counted(repetition_set(3, amplitude_deg=170.0)) == 3


def test_it_counts_when_the_return_is_under_way() -> None:
    signal = repetition_set(1, amplitude_deg=100.0, out_s=1.5, hold_s=1.0, back_s=2.0)
    counter = RepetitionCounter()
    (top_s, first_s) = (1.0 + 1.5 + 1.0, 0.0)
    for time_s, angle_deg in zip(signal.time_s, signal.angle_deg, strict=True):
        if counter.add(float(time_s), float(angle_deg)) and not first_s:
            first_s = float(time_s)
    assert top_s < first_s < top_s + 2.0


def test_the_strokes_are_told_in_order() -> None:
    signal = repetition_set(2, amplitude_deg=90.0, hold_s=1.0, pause_s=1.0)
    counter, strokes = RepetitionCounter(), []
    for time_s, angle_deg in zip(signal.time_s, signal.angle_deg, strict=True):
        counter.add(float(time_s), float(angle_deg))
        if not strokes or strokes[-1] is not counter.stroke:
            strokes.append(counter.stroke)
    one = [Stroke.OUTWARD, Stroke.END, Stroke.BACK, Stroke.START]
    assert strokes == [Stroke.START, *one, *one]


@given(st.integers(0, 100))
def test_a_limb_that_only_jitters_is_slow(seed: int) -> None:
    signal = repetition_set(1, amplitude_deg=90.0, lead_s=3.0).jittered(1.0, seed=seed)
    counter = RepetitionCounter()
    speeds_deg_s = []
    for time_s, angle_deg in zip(signal.time_s, signal.angle_deg, strict=True):
        counter.add(float(time_s), float(angle_deg))
        speeds_deg_s.append(abs(counter.speed_deg_s))
    at_rest = (signal.time_s > 1.0) & (signal.time_s < 2.9)
    assert sum(np.array(speeds_deg_s)[at_rest] < 6.0) > 0.9 * at_rest.sum()
    assert max(speeds_deg_s) > 50.0


def test_of_a_movement_that_goes_both_ways_only_its_own_half_counts() -> None:
    points = [(0.0, 0.0), (1.0, 0.0)]
    for _ in range(3):
        for level_deg in (30.0, -35.0):
            points.append((points[-1][0] + 1.5, level_deg))
    signal = through([*points, (points[-1][0] + 1.5, 0.0), (points[-1][0] + 3.0, 0.0)])
    left, right = RepetitionCounter(neutral_deg=0.0), RepetitionCounter(neutral_deg=0.0)
    for time_s, angle_deg in zip(signal.time_s, signal.angle_deg, strict=True):
        left.add(float(time_s), float(angle_deg))
        right.add(float(time_s), -float(angle_deg))
    assert (left.count, right.count) == (3, 3)


def test_a_repetition_whose_end_was_not_seen_is_lost() -> None:
    signal = repetition_set(3, amplitude_deg=90.0).with_gap(1.8, 4.0)
    assert counted(signal) == 2


@pytest.mark.parametrize("angle_deg", [None, float("nan")])
def test_a_frame_without_an_angle_changes_nothing(angle_deg: float | None) -> None:
    counter = RepetitionCounter()
    assert counter.add(0.0, 0.0) == counter.add(0.1, angle_deg) == 0
    assert counter.stroke is Stroke.START


def test_starting_again_forgets_what_was_counted() -> None:
    signal = repetition_set(1)
    counter = RepetitionCounter()
    for time_s, angle_deg in zip(signal.time_s, signal.angle_deg, strict=True):
        counter.add(float(time_s), float(angle_deg))
    counter.restart()
    assert counter.count == 0 and counter.excursions == ()
