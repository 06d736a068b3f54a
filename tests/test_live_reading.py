"""The live angle is the measured one, a moment later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from live_builders import at_time, frames_of, nobody

from rom.kinematics.geometry import turn_deg
from rom.kinematics.steadying import average_mirrored
from rom.landmarks import MIRRORED_ORDER, FloatArray, Landmark, LandmarkSeries, Side
from rom.live.frames import joined, median_frame, steadied, time_of
from rom.live.legs import PARTNERS, LegNaming
from rom.live.one_euro import OneEuro
from rom.live.reading import LiveReader, LiveReading, LiveSide
from rom.movements import movement_named
from rom.quality.sides import LEG
from rom.trace import trace_movement
from tests.figures import Camera, film, frame_times, pose_figure
from tests.performances import cases, filmed

STEP_S = 0.04
SPREAD_DEG = 3.0


def read_all(name: str, side: LiveSide, series: LandmarkSeries) -> list[LiveReading]:
    reader = LiveReader(movement_named(name), side)
    return [reader.read(frame) for frame in frames_of(series)]


def angles_deg(readings: list[LiveReading]) -> FloatArray:
    return np.array([np.nan if r.angle_deg is None else r.angle_deg for r in readings])


@pytest.mark.parametrize(("name", "side"), cases())
def test_the_live_peaks_are_the_measured_ones(name: str, side: Side | None) -> None:
    series = filmed(name, side)
    trace = trace_movement(series, movement_named(name), side)
    live_deg = angles_deg(read_all(name, side, series))
    assert np.isfinite(live_deg).mean() > 0.95
    assert len(trace.counted) == 3
    for repetition in trace.counted:
        at = int(np.argmin(np.abs(series.time_s - repetition.peak_s)))
        assert np.nanmax(live_deg[at : at + 8]) == pytest.approx(
            repetition.peak_deg, abs=SPREAD_DEG
        )


@pytest.mark.parametrize("name", ["shoulder_abduction", "hip_flexion", "trunk_lateral_flexion"])
def test_the_arc_spans_the_reading(name: str) -> None:
    readings = read_all(name, Side.LEFT, filmed(name, Side.LEFT, noise_px=0.0))
    arcs = [(r.sides[0].unfiltered_deg, r.arc) for r in readings if r.arc is not None]
    assert len(arcs) > 100
    for value_deg, arc in arcs:
        start, end = (np.subtract(point, arc.centre_px) for point in (arc.start_px, arc.end_px))
        span_deg = abs(float(turn_deg(start, end)))
        assert span_deg == pytest.approx(abs(value_deg or 0.0), abs=15.0)  # uncorrected
        assert np.hypot(*start) == pytest.approx(np.hypot(*end))


def test_a_movement_to_both_sides_is_read_to_both(curve_alone: None) -> None:
    time_s = frame_times(6.0, 25.0)
    bend_deg = 30.0 * np.sin(np.clip(time_s - 2.0, 0.0, None) * np.pi / 2.0)
    series = film(pose_figure(time_s, {"trunk_lateral_flexion": bend_deg}), CAMERA)
    readings = read_all("trunk_lateral_flexion", "both", series)
    left_most, right_most = (readings[int(np.argmin(np.abs(time_s - t)))] for t in (3.1, 5.1))
    assert left_most.side is Side.LEFT and right_most.side is Side.RIGHT
    for reading in (left_most, right_most):
        away_deg = reading.of(reading.side.other).angle_deg if reading.side else None
        assert reading.angle_deg == pytest.approx(30.0, abs=4.0)
        assert away_deg is not None and away_deg < -20.0


CAMERA = Camera(frame_rate_hz=25.0)


def test_what_is_not_seen_is_not_read() -> None:
    frames = list(frames_of(filmed("shoulder_abduction", Side.LEFT)))
    reader = LiveReader(movement_named("shoulder_abduction"), Side.LEFT)
    assert reader.read(frames[0]).angle_deg is not None
    assert reader.read(nobody(frames[1])).angle_deg is None
    hidden = replace(frames[2], visibility=np.zeros_like(frames[2].visibility))
    assert reader.read(hidden).angle_deg is None
    outside = replace(frames[3], xy_px=frames[3].xy_px + [5000.0, 0.0])
    assert reader.read(outside).arc is None
    unsure = replace(frames[4], identity_sure=np.zeros(1, np.bool_))
    assert reader.read(unsure).angle_deg is None
    assert reader.read(frames[5]).angle_deg == pytest.approx(0.0, abs=5.0)


def test_a_frame_taken_for_its_back_is_not_read() -> None:
    frames = list(frames_of(filmed("shoulder_abduction", Side.LEFT)))
    reader = LiveReader(movement_named("shoulder_abduction"), Side.LEFT)
    for frame in frames[:30]:
        reader.read(frame)
    turned = replace(
        frames[30],
        xy_px=frames[30].xy_px[:, MIRRORED_ORDER],
        world_m=frames[30].world_m[:, MIRRORED_ORDER],
    )
    assert reader.read(turned).angle_deg is None
    assert reader.read(frames[31]).angle_deg is not None


def test_a_frame_that_is_not_later_repeats_the_reading() -> None:
    frames = list(frames_of(filmed("knee_flexion", Side.LEFT)))
    reader = LiveReader(movement_named("knee_flexion"), Side.LEFT)
    first = reader.read(frames[1])
    assert reader.read(frames[0]) is first


def test_settling_anew_moves_the_zero() -> None:
    series = film(pose_figure(frame_times(4.0, 25.0), {"trunk_lateral_flexion": 0.0}), CAMERA)
    leaning = film(pose_figure(frame_times(4.0, 25.0), {"trunk_lateral_flexion": 10.0}), CAMERA)
    reader = LiveReader(movement_named("trunk_lateral_flexion"), Side.LEFT)
    for frame in frames_of(series):
        reader.read(frame)
    frames = [at_time(frame, 5.0 + time_of(frame)) for frame in frames_of(leaning)]
    assert [reader.read(frame) for frame in frames][-1].angle_deg == pytest.approx(10.0, abs=2.0)
    reader.forget_rest()
    frames = [at_time(frame, 5.0 + time_of(frame)) for frame in frames]
    assert [reader.read(frame) for frame in frames][-1].angle_deg == pytest.approx(0.0, abs=0.5)


def test_only_a_movement_that_a_camera_measures_is_read() -> None:
    with pytest.raises(ValueError, match="forearm_pronation"):
        LiveReader(movement_named("forearm_pronation"), Side.LEFT)
    with pytest.raises(ValueError, match="one frame"):
        LiveReader(movement_named("knee_flexion"), Side.LEFT).read(
            filmed("knee_flexion", Side.LEFT)
        )


def test_legs_that_the_model_exchanged_are_named_as_before() -> None:
    series = filmed("hip_flexion", Side.LEFT)
    exchanged = series.xy_px.copy()
    rows = np.random.default_rng(1).random(len(series)) < 0.2
    rows[:5] = False
    exchanged[np.ix_(rows, LEG)] = series.xy_px[np.ix_(rows, PARTNERS)]
    naming = LegNaming()
    named = [naming.named(each) for each in frames_of(replace(series, xy_px=exchanged))]
    right = (joined(named).xy_px == series.xy_px).all(axis=(1, 2))
    apart_px = np.ptp(series.xy_px[:, [Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE], 0], axis=1)
    assert right.mean() > 0.98  # where the legs meet, nobody can tell before the next frames
    assert right[apart_px > 30.0].all()


def test_the_middle_of_frames_is_of_those_in_which_somebody_is_seen() -> None:
    frames = list(frames_of(filmed("cervical_rotation", Side.LEFT)))[:5]
    middle = median_frame(joined([nobody(frames[0]), *frames[1:]]))
    np.testing.assert_allclose(middle.xy_px[0], np.median([f.xy_px[0] for f in frames[1:]], axis=0))
    assert middle.face_px is not None and np.isfinite(middle.face_px).all()
    with pytest.raises(ValueError, match="somebody"):
        median_frame(nobody(frames[0]))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_frames_are_steadied_as_at_the_end_of_a_recording(count: int) -> None:
    frames = list(frames_of(filmed("cervical_rotation", Side.LEFT)))[:count]
    series = average_mirrored(joined(frames), np.ones(count, np.bool_))
    live = steadied(frames)
    np.testing.assert_allclose(live.xy_px[0], series.xy_px[-1])
    np.testing.assert_allclose(live.world_m[0], series.world_m[-1])
    assert live.face_px is not None and series.face_px is not None
    np.testing.assert_allclose(live.face_px[0], series.face_px[-1], rtol=1e-5)


def test_frames_after_a_gap_are_left_alone() -> None:
    frames = list(frames_of(filmed("cervical_rotation", Side.LEFT)))
    late = at_time(frames[2], 5.0)
    assert steadied([frames[0], frames[1], late]) is late


@given(st.lists(st.floats(-180.0, 180.0), min_size=1, max_size=60))
def test_the_filter_stays_between_what_it_was_given(values_deg: list[float]) -> None:
    smooth = OneEuro()
    out_deg = [smooth.add(i * STEP_S, value_deg) for i, value_deg in enumerate(values_deg)]
    assert out_deg[0] == values_deg[0]
    for i, each_deg in enumerate(out_deg):
        assert min(values_deg[: i + 1]) - 1e-9 <= each_deg <= max(values_deg[: i + 1]) + 1e-9


@given(st.floats(20.0, 200.0))
def test_the_filter_lags_less_than_two_frames_in_a_steady_movement(speed_deg_s: float) -> None:
    smooth = OneEuro()
    for i in range(100):
        value_deg = smooth.add(i * STEP_S, speed_deg_s * i * STEP_S)
    assert 0.0 <= 99 * STEP_S - value_deg / speed_deg_s <= 2 * STEP_S


def test_the_filter_calms_a_number_that_stands_still() -> None:
    jitter_deg = np.random.default_rng(0).normal(0.0, 1.0, 500)
    smooth = OneEuro()
    out_deg = [smooth.add(i * STEP_S, 90.0 + each) for i, each in enumerate(jitter_deg)]
    assert np.std(out_deg[50:]) < 0.55


def test_the_filter_starts_anew_after_a_gap() -> None:
    smooth = OneEuro()
    smooth.add(0.0, 10.0)
    assert smooth.add(2.0, 90.0) == 90.0
    assert smooth.add(2.0, 10.0) == 90.0
