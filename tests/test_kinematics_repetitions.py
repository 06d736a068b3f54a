"""Repetitions and the values read from them, on signals whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from signal_builders import (
    Signal,
    frame_times,
    minimum_jerk,
    peak_errors_deg,
    repetition_set,
    through,
    variable_frame_times,
)

from rom.errors import InputError, UsageError
from rom.kinematics.repetitions import Repetition, RepetitionSettings, find_repetitions

RATES_HZ = [15.0, 24.0, 30.0, 60.0, 120.0, 240.0]
SEEDS = st.integers(0, 10_000)
BOUNDED = settings(max_examples=20, deadline=None)


def find(signal: Signal, min_amplitude_deg: float = 12.0) -> tuple[Repetition, ...]:
    return find_repetitions(signal.time_s, signal.angle_deg, min_amplitude_deg=min_amplitude_deg)


def counted(signal: Signal, min_amplitude_deg: float = 12.0) -> list[Repetition]:
    return [each for each in find(signal, min_amplitude_deg) if each.counted]


# --- counting -----------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(
    count=st.integers(1, 10),
    rate_hz=st.sampled_from(RATES_HZ[1:]),
    variable_rate=st.booleans(),
    amplitude_deg=st.floats(45.0, 170.0),
    rest_deg=st.floats(-140.0, 30.0),
    out_s=st.floats(0.8, 4.0),
    hold_s=st.floats(0.0, 5.0),
    pause_s=st.floats(0.0, 2.0),
    seed=SEEDS,
)
def test_every_repetition_counts_under_jitter_and_missing_frames(
    count: int, seed: int, **shape: float
) -> None:
    clean = repetition_set(count, **shape)  # type: ignore[arg-type]
    signal = clean.jittered(3.0, seed=seed).with_missing(0.2, seed=seed + 1)
    found = find(signal)
    assert len(found) == count
    assert [each.reason_not_counted for each in found if not each.counted] in (
        [],
        ["the end of the movement was not seen"],  # by chance, five frames in a row
    )
    for each, onset_s in zip(found, clean.onsets_s, strict=True):
        assert onset_s - 0.5 < each.onset_s < onset_s + shape["out_s"]
        assert each.onset_s < each.peak_s <= each.offset_s


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("out_s", [0.8, 1.5, 6.0])
@pytest.mark.parametrize("hold_s", [0.0, 5.0])
def test_count_at_jitter_of_five_degrees(rate_hz: float, out_s: float, hold_s: float) -> None:
    signal = repetition_set(3, amplitude_deg=60.0, out_s=out_s, hold_s=hold_s, rate_hz=rate_hz)
    assert len(counted(signal.jittered(5.0))) == 3


@BOUNDED
@given(seed=SEEDS, longest_s=st.floats(0.1, 0.9))
def test_bursts_of_missing_frames_never_add_or_bend(seed: int, longest_s: float) -> None:
    signal = repetition_set(4, hold_s=1.0).jittered(1.0, seed=seed)
    found = find(signal.with_bursts(0.2, longest_s=longest_s, seed=seed))
    assert len(found) <= 4
    assert all(abs(each.peak_deg - 150.0) < 4.0 for each in found if each.counted)


@settings(max_examples=40, deadline=None)
@given(
    rate_hz=st.sampled_from(RATES_HZ[:4]),
    seed=SEEDS,
    missing_frac=st.sampled_from([0.0, 0.2]),
    uniform=st.booleans(),
)
def test_jitter_alone_is_no_repetition(
    rate_hz: float, seed: int, missing_frac: float, uniform: bool
) -> None:
    rng = np.random.default_rng(seed)
    time_s = frame_times(30.0, rate_hz)
    noise = rng.uniform(-5, 5, time_s.size) if uniform else rng.normal(0.0, 5.0, time_s.size)
    assert find(Signal(time_s, 20.0 + noise).with_missing(missing_frac, seed=seed), 10.0) == ()


def test_sway_below_the_smallest_amplitude_is_no_repetition() -> None:
    time_s = frame_times(60.0, 30.0)
    sway = Signal(time_s, 4.0 * np.sin(2.0 * np.pi * time_s / 9.0)).jittered(1.5)
    assert find(sway, 10.0) == ()


def test_hesitation_is_one_repetition_with_a_pause() -> None:
    for back_deg in (0.0, 5.0, 12.0):
        signal = through(
            [(0, 0), (1, 0), (2, 70), (2.8, 70 - back_deg), (3.8, 140), (4.3, 140), (6, 0), (7, 0)]
        ).jittered(0.7)
        (only,) = find(signal)
        assert only.counted and only.peak_deg == pytest.approx(140.0, abs=1.5)
        assert only.pauses_evaluated and len(only.pauses) == 1
        assert 1.5 < only.pauses[0].start_s < only.pauses[0].end_s < 3.2


@pytest.mark.parametrize(("lowest_deg", "count"), [(0, 2), (60, 2), (75, 2), (90, 1), (110, 1)])
def test_coming_back_by_nearly_half_separates_two(lowest_deg: float, count: int) -> None:
    signal = through(
        [(0, 0), (1, 0), (2.5, 140), (4, lowest_deg), (5.5, 140), (7, 0), (8, 0)]
    ).jittered(1.0)
    assert len(counted(signal)) == count


def test_incomplete_returns_do_not_look_like_partial_repetitions() -> None:
    signal = through(
        [(0, 0), (1, 0), (2.5, 140), (4, 70), (5.5, 140), (7, 70), (8.5, 140), (10, 0), (11, 0)]
    )
    assert [each.peak_deg for each in counted(signal)] == pytest.approx([140.0] * 3, abs=1.0)


def test_a_partial_repetition_does_not_count() -> None:
    points = [(0.0, 0.0)]
    for top_deg in (140, 60, 138, 142):
        now_s = points[-1][0] + 1.0
        points += [(now_s, 0), (now_s + 1.5, top_deg), (now_s + 2, top_deg), (now_s + 3.5, 0)]
    found = find(through([*points, (points[-1][0] + 1.0, 0.0)]).jittered(2.0))
    assert [each.counted for each in found] == [True, False, True, True]
    assert found[1].reason_not_counted == "the movement went much less far than the others"
    assert found[1].peak_deg == pytest.approx(60.0, abs=1.5)


@pytest.mark.parametrize("drift_deg", [-25.0, 25.0])
def test_drift_of_the_baseline(drift_deg: float) -> None:
    signal = repetition_set(5, amplitude_deg=60.0).jittered(2.0)
    drift = drift_deg * signal.time_s / signal.time_s[-1]
    found = counted(replace(signal, angle_deg=signal.angle_deg + drift))
    assert len(found) == 5
    for each in found:
        expected_deg = 60.0 + np.interp(each.peak_s, signal.time_s, drift)
        assert each.peak_deg == pytest.approx(expected_deg, abs=2.0)


# --- recordings that begin or end in the middle -------------------------------------------------


@pytest.mark.parametrize("end_s", [2.0, 2.4, 2.7, 3.0])
def test_cut_off_before_the_return(end_s: float) -> None:
    """One stroke from 1.0 to 2.5 s, a hold to 3.0 s."""
    (only,) = find(repetition_set(1).until(end_s))
    assert not only.counted
    assert only.reason_not_counted == "the recording ends before the movement came back"


def test_cut_off_during_the_return_still_counts() -> None:
    (only,) = find(repetition_set(1).until(3.9))
    assert only.counted and only.offset_s == pytest.approx(3.9, abs=0.04)
    assert only.peak_deg == pytest.approx(150.0, abs=1.0)


def test_begun_late_in_the_stroke() -> None:
    found = find(repetition_set(2).after(1.9))
    assert [each.counted for each in found] == [False, True]
    assert found[0].reason_not_counted == "the recording begins in the middle of the movement"


@pytest.mark.parametrize("start_s", [2.6, 3.4])
def test_a_return_alone_is_no_repetition(start_s: float) -> None:
    assert len(find(repetition_set(2).after(start_s))) == 1


def test_no_rest_at_all() -> None:
    signal = repetition_set(4, hold_s=0.0, pause_s=0.0, lead_s=0.05, out_s=0.8).jittered(1.0)
    assert [each.peak_deg for each in counted(signal)] == pytest.approx([150.0] * 4, abs=3.0)


def test_leaving_the_picture_for_long_ends_a_repetition() -> None:
    signal = repetition_set(2, hold_s=3.0).with_gap(3.0, 4.6)
    found = find(signal)
    assert [each.counted for each in found] == [False, True]


# --- both directions ----------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("rest_deg", [0.0, 6.0])
@pytest.mark.parametrize("dwell_s", [0.02, 0.6])
def test_only_one_direction_of_an_alternating_set(
    sign: float, rest_deg: float, dwell_s: float
) -> None:
    points = [(0.0, 0.0), (1.0, 0.0)]
    for top_deg in (40, -35) * 3:
        now_s = points[-1][0]
        points += [(now_s + 1.0, top_deg), (now_s + 1.3, top_deg), (now_s + 2.3, 0)]
        points.append((now_s + 2.3 + dwell_s, 0))
    points.append((points[-1][0] + 1.0, 0))
    signal = through(points).jittered(1.0)
    signal = replace(signal, angle_deg=sign * signal.angle_deg + rest_deg)
    found = counted(signal)
    top_deg = 40.0 if sign > 0 else 35.0
    assert [each.peak_deg - rest_deg for each in found] == pytest.approx([top_deg] * 3, abs=1.5)
    assert [each.start_deg - rest_deg for each in found] == pytest.approx([0.0] * 3, abs=2.5)
    assert all(each.stroke_end_s - each.onset_s < 1.6 for each in found)


def test_swaying_without_a_stop_starts_at_neutral() -> None:
    time_s = frame_times(20.0, 30.0)
    signal = Signal(time_s, 40.0 * np.sin(2.0 * np.pi * time_s / 4.0 + 2.0)).jittered(1.0)
    assert [each.start_deg for each in counted(signal)] == pytest.approx([0.0] * 4, abs=1.0)


def test_rest_far_from_zero_is_no_second_direction() -> None:
    """An elbow that straightens, read as extension: rest at -140, end at 0."""
    found = counted(repetition_set(3, amplitude_deg=140.0, rest_deg=-140.0).jittered(1.0))
    assert [each.start_deg for each in found] == pytest.approx([-140.0] * 3, abs=1.5)
    assert [each.peak_deg for each in found] == pytest.approx([0.0] * 3, abs=1.5)


def test_neutral_can_be_given() -> None:
    signal = repetition_set(2, amplitude_deg=100.0, rest_deg=-40.0)
    limits = RepetitionSettings(neutral_deg=0.0)
    found = find_repetitions(
        signal.time_s, signal.angle_deg, min_amplitude_deg=12.0, settings=limits
    )
    assert [each.start_deg for each in found] == pytest.approx([0.0] * 2, abs=0.5)


# --- the peak -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("out_s", "hold_s", "rate_hz", "jitter_deg", "bias_deg", "sd_deg"),
    [
        (1.5, 0.0, 30.0, 0.0, 0.6, 0.1),
        (0.8, 0.0, 15.0, 0.0, 0.6, 0.3),
        (6.0, 0.0, 30.0, 0.0, 0.6, 0.1),
        (0.8, 0.0, 15.0, 2.0, 1.0, 1.8),
        (1.5, 0.5, 30.0, 5.0, 0.6, 1.6),
        (0.8, 0.5, 30.0, 5.0, 0.6, 1.6),
        (1.5, 2.0, 30.0, 5.0, 0.4, 0.9),
        (1.5, 0.0, 30.0, 5.0, 1.0, 2.2),
    ],
)
@pytest.mark.parametrize("amplitude_deg", [45.0, 150.0])
def test_bias_of_the_peak(
    amplitude_deg: float,
    out_s: float,
    hold_s: float,
    rate_hz: float,
    jitter_deg: float,
    bias_deg: float,
    sd_deg: float,
) -> None:
    errors = peak_errors_deg(
        amplitude_deg=amplitude_deg,
        out_s=out_s,
        hold_s=hold_s,
        rate_hz=rate_hz,
        jitter_deg=jitter_deg,
        sets=40 if jitter_deg else 3,
    )
    assert errors.size == (120 if jitter_deg else 9)
    assert abs(errors.mean()) < bias_deg
    assert errors.std() < sd_deg


def test_the_maximum_would_read_high() -> None:
    """What the estimator is there for."""
    raw = repetition_set(1).jittered(5.0).angle_deg.max() - 150.0
    assert raw > 5.0


def test_a_hold_that_sinks_reads_near_its_higher_end() -> None:
    points = [(0, 0), (1, 0), (2.5, 150), (5.5, 144), (7, 0), (8, 0)]
    (only,) = find(through([(float(t), float(a)) for t, a in points]).jittered(1.0))
    assert only.peak_deg == pytest.approx(149.0, abs=1.5)


def test_spikes_do_not_move_the_peak() -> None:
    signal = repetition_set(3).jittered(1.0)
    spoilt = signal.angle_deg.copy()
    spoilt[[40, 75, 80, 210, 222, 340, 360]] += 90.0
    found = counted(replace(signal, angle_deg=spoilt))
    assert [each.peak_deg for each in found] == pytest.approx([150.0] * 3, abs=1.0)


@pytest.mark.parametrize("rate_hz", [15.0, 30.0, 60.0])
@pytest.mark.parametrize("gap_s", [0.3, 0.5, 0.8])
def test_a_peak_inside_a_gap_does_not_count(rate_hz: float, gap_s: float) -> None:
    signal = repetition_set(3, hold_s=0.0, rate_hz=rate_hz).jittered(1.0)
    found = find(signal.with_gap(2.5 - gap_s / 2, 2.5 + gap_s / 2))
    assert [each.counted for each in found] == [False, True, True]
    assert found[0].reason_not_counted == "the end of the movement was not seen"


def test_a_gap_within_a_long_hold_does_no_harm() -> None:
    signal = repetition_set(1, hold_s=3.0).jittered(1.0).with_gap(3.5, 4.2)
    (only,) = find(signal)
    assert only.counted and only.peak_deg == pytest.approx(150.0, abs=1.0)
    seen_s = signal.time_s[np.isfinite(signal.angle_deg)]
    assert np.abs(seen_s - only.peak_s).min() < 1e-9


# --- the outward stroke -------------------------------------------------------------------------


def test_onset_end_speed_and_smoothness_of_a_clean_stroke() -> None:
    for each, onset_s in zip(counted(repetition_set(3)), repetition_set(3).onsets_s, strict=True):
        assert each.onset_s == pytest.approx(onset_s, abs=0.12)
        assert each.stroke_end_s == pytest.approx(onset_s + 1.5, abs=0.12)
        assert each.peak_s == pytest.approx(onset_s + 1.75, abs=0.1)
        assert each.offset_s == pytest.approx(onset_s + 3.5, abs=0.12)
        assert each.start_deg == pytest.approx(0.0, abs=0.2)
        assert each.peak_velocity_deg_s == pytest.approx(1.875 * 150.0 / 1.5, rel=0.02)
        assert each.sparc == pytest.approx(-1.40, abs=0.03)
        assert each.pauses == () and each.pauses_evaluated
        assert each.outward_frames == pytest.approx(42, abs=3)
        assert each.outward_missing_frac == 0.0


@BOUNDED
@given(rate_hz=st.sampled_from(RATES_HZ), variable_rate=st.booleans(), out_s=st.floats(1.0, 3.0))
def test_speed_and_smoothness_do_not_depend_on_the_frame_rate(
    rate_hz: float, variable_rate: bool, out_s: float
) -> None:
    signal = repetition_set(2, out_s=out_s, rate_hz=rate_hz, variable_rate=variable_rate)
    for each in counted(signal):
        assert each.peak_velocity_deg_s == pytest.approx(1.875 * 150.0 / out_s, rel=0.05)
        assert each.sparc == pytest.approx(-1.40, abs=0.15)


def test_a_gap_in_the_stroke_leaves_speed_unsaid() -> None:
    (only,) = find(repetition_set(1).with_gap(1.5, 1.9))
    assert only.counted
    assert only.peak_velocity_deg_s is None and only.sparc is None
    assert only.pauses == () and not only.pauses_evaluated
    assert only.outward_missing_frac == pytest.approx(0.26, abs=0.06)


def test_short_gaps_in_the_stroke_are_counted_as_missing() -> None:
    (only,) = find(repetition_set(1).with_gap(1.5, 1.64))
    assert only.peak_velocity_deg_s == pytest.approx(187.5, rel=0.05)
    assert only.outward_missing_frac == pytest.approx(4 / 42, abs=0.01)


@pytest.mark.parametrize(("amplitude_deg", "jitter_deg"), [(40.0, 0.5), (140.0, 4.0)])
def test_pauses_are_not_judged_in_small_or_noisy_strokes(
    amplitude_deg: float, jitter_deg: float
) -> None:
    signal = repetition_set(3, amplitude_deg=amplitude_deg).jittered(jitter_deg)
    for each in find(signal):
        assert each.pauses == () and not each.pauses_evaluated


@BOUNDED
@given(out_s=st.floats(1.0, 4.0), jitter_deg=st.floats(0.0, 1.0), seed=SEEDS)
def test_smooth_strokes_have_no_pauses(out_s: float, jitter_deg: float, seed: int) -> None:
    for each in find(repetition_set(2, out_s=out_s).jittered(jitter_deg, seed=seed)):
        assert each.pauses_evaluated and each.pauses == ()


def test_hand_over_to_another_movement_is_slow_not_smooth() -> None:
    halting = through([(0, 0), (1, 0), (2, 70), (2.6, 70), (3.6, 140), (4, 140), (6, 0), (7, 0)])
    smooth = repetition_set(1, amplitude_deg=140.0, out_s=2.6)
    assert find(halting)[0].sparc < find(smooth)[0].sparc - 1.0  # type: ignore[operator]


# --- invariances --------------------------------------------------------------------------------


def values_of(found: tuple[Repetition, ...]) -> np.ndarray:
    """Without SPARC: where a lobe of its spectrum just reaches 5 %, rounding decides on it."""
    return np.array([[each.counted, each.start_deg, each.peak_deg] for each in found], dtype=float)


@BOUNDED
@given(shift_s=st.floats(-100.0, 5000.0), seed=SEEDS)
def test_time_shift(shift_s: float, seed: int) -> None:
    signal = repetition_set(3).jittered(2.0, seed=seed)
    found = find(signal)
    later = find(replace(signal, time_s=signal.time_s + shift_s))
    assert values_of(later) == pytest.approx(values_of(found), abs=0.5)
    assert [r.onset_s - shift_s for r in later] == pytest.approx(
        [r.onset_s for r in found], abs=0.1
    )


@BOUNDED
@given(offset_deg=st.floats(1.0, 200.0), seed=SEEDS)
def test_angle_shift(offset_deg: float, seed: int) -> None:
    """Upwards: far below 0 a rest near 0 would mean two directions."""
    signal = repetition_set(3).jittered(2.0, seed=seed)
    moved = find(replace(signal, angle_deg=signal.angle_deg + offset_deg))
    expected = values_of(find(signal)) + np.array([0.0, offset_deg, offset_deg])
    assert values_of(moved) == pytest.approx(expected, abs=1e-6)


@BOUNDED
@given(gain=st.floats(0.3, 1.2))
def test_amplitude_scales(gain: float) -> None:
    signal = repetition_set(3, out_s=1.2, hold_s=0.3)
    scaled = find(replace(signal, angle_deg=gain * signal.angle_deg))
    assert [r.peak_deg for r in scaled] == pytest.approx(
        [gain * r.peak_deg for r in find(signal)], abs=0.05
    )


@BOUNDED
@given(rate_hz=st.sampled_from(RATES_HZ), out_s=st.floats(0.8, 4.0), hold_s=st.floats(0.0, 2.0))
def test_peak_does_not_depend_on_the_frame_rate(
    rate_hz: float, out_s: float, hold_s: float
) -> None:
    found = counted(repetition_set(2, out_s=out_s, hold_s=hold_s, rate_hz=rate_hz))
    assert [each.peak_deg for each in found] == pytest.approx([150.0] * 2, abs=0.8)


def test_frames_that_never_came_are_like_frames_not_seen() -> None:
    whole = repetition_set(2).with_gap(2.3, 3.4)
    seen = np.isfinite(whole.angle_deg)
    dropped = Signal(whole.time_s[seen], whole.angle_deg[seen])
    assert [r.counted for r in find(dropped)] == [r.counted for r in find(whole)] == [False, True]


@BOUNDED
@given(frac=st.floats(0.0, 1.0), seed=SEEDS)
def test_no_value_is_ever_nan(frac: float, seed: int) -> None:
    for each in find(repetition_set(2).jittered(1.0, seed=seed).with_missing(frac, seed=seed)):
        numbers = [each.onset_s, each.peak_s, each.offset_s, each.start_deg, each.peak_deg]
        numbers += [v for v in (each.peak_velocity_deg_s, each.sparc) if v is not None]
        assert np.isfinite(numbers).all()


# --- nothing to find, wrong input ---------------------------------------------------------------


@pytest.mark.parametrize(
    "signal",
    [
        Signal(np.array([]), np.array([])),
        Signal(np.array([0.0]), np.array([10.0])),
        Signal(frame_times(0.3, 30.0), np.linspace(0.0, 90.0, 9)),
        Signal(frame_times(5.0, 30.0), np.full(150, np.nan)),
        Signal(frame_times(5.0, 30.0), np.full(150, 33.0)),
        Signal(variable_frame_times(5.0, 30.0), np.zeros(variable_frame_times(5.0, 30.0).size)),
    ],
    ids=["empty", "one frame", "too short", "never seen", "still", "still at a variable rate"],
)
def test_nothing_to_find(signal: Signal) -> None:
    assert find(signal) == ()


def test_smaller_than_asked_for_is_nothing() -> None:
    signal = repetition_set(3, amplitude_deg=14.0).jittered(0.3)
    assert len(find(signal, 10.0)) == 3
    assert find(signal, 20.0) == ()


def test_wrong_input_is_one_clear_line() -> None:
    with pytest.raises(UsageError, match="above 0 degrees"):
        find_repetitions(np.zeros(3), np.zeros(3), min_amplitude_deg=0.0)
    with pytest.raises(InputError, match="increase"):
        find_repetitions(np.zeros(3), np.zeros(3), min_amplitude_deg=10.0)


def test_input_is_left_as_it_was() -> None:
    signal = repetition_set(2).with_missing(0.1)
    before = signal.angle_deg.copy()
    find(signal)
    assert np.array_equal(signal.angle_deg, before, equal_nan=True)


def test_minimum_jerk_builder() -> None:
    """The truth itself: half-way at half time, peak speed 1.875 times the mean."""
    assert minimum_jerk(np.array([-1.0, 0.0, 0.5, 1.0, 2.0])) == pytest.approx([0, 0, 0.5, 1, 1])
    progress = np.linspace(0.0, 1.0, 1001)
    speed = np.gradient(minimum_jerk(progress), progress)
    assert speed.max() == pytest.approx(1.875, abs=1e-3)
