"""The live reading of real pose landmarks: the sample clips, whose true angles are known.

`pytest -m long tests/test_live_samples.py -s` prints what the live peaks and the delay are.
"""

from __future__ import annotations

import csv
import time
from functools import cache
from statistics import median

import numpy as np
import pytest
from live_builders import at_time, frames_of

from rom.landmarks import FloatArray, LandmarkSeries, Side
from rom.live.counting import RepetitionCounter
from rom.live.gestures import GestureReader
from rom.live.phases import Ending, Phase, TakePlan
from rom.live.reading import LiveReader, LiveSide
from rom.live.take import Take
from rom.movements import movement_named
from rom.pipeline import estimate_poses, needed_extras
from rom.pose.model import ensure_model
from rom.samples import sample_folder
from rom.subject import choose_subject
from rom.trace import trace_movement
from rom.video.reading import open_video

PEAKS_APART_DEG = 2.0
LONGEST_DELAY_S = 0.05
LONGEST_FRAME_MS = 3.0
RAISES_AN_ARM = ("shoulder_flexion", "shoulder_abduction")
SETTLING_S = 7.0

with (sample_folder() / "manifest.csv").open(newline="") as file:
    ROWS = list(csv.DictReader(file))
FILES = sorted({row["file"] for row in ROWS})
ALONE = [name for name in FILES if "passer_by" not in name and "bystander" not in name]

pytestmark = pytest.mark.long


def rows_of(name: str) -> list[dict[str, str]]:
    return [row for row in ROWS if row["file"] == name]


def side_of(name: str) -> LiveSide:
    rows = rows_of(name)
    return "both" if len(rows) > 1 else Side(rows[0]["side"])


@cache
def landmarks(name: str) -> LandmarkSeries:
    """The subject of a clip, through the pose model."""
    movement = movement_named(rows_of(name)[0]["movement"])
    face, hands = needed_extras(movement)
    with open_video(sample_folder() / name) as reader:
        poses = estimate_poses(reader, ensure_model(extras=face or hands), movement)
    side = side_of(name)
    chosen = choose_subject(
        poses.people, [movement], side if isinstance(side, Side) else None, None
    )
    assert isinstance(chosen, LandmarkSeries)
    return chosen


def delay_s(time_s: FloatArray, live_deg: FloatArray, measured_deg: FloatArray) -> float:
    """How much later the live angle is, by the best fit of one shifted against the other."""
    shifts_s = np.arange(-0.1, 0.2, 0.005)
    known = np.isfinite(live_deg) & np.isfinite(measured_deg)
    seen_s, measured = time_s[known], measured_deg[known]
    apart = [
        np.mean((live_deg[known] - np.interp(seen_s - shift_s, seen_s, measured)) ** 2)
        for shift_s in shifts_s
    ]
    return float(shifts_s[int(np.argmin(apart))])


@pytest.mark.parametrize("name", FILES)
def test_live_angles_and_counts_are_those_of_the_measurement(name: str) -> None:
    series, rows = landmarks(name), rows_of(name)
    movement = movement_named(rows[0]["movement"])
    reader, both = LiveReader(movement, side_of(name)), len(rows) > 1
    readings = [reader.read(frame) for frame in frames_of(series)]
    for row in rows:
        side = Side(row["side"])
        counter = RepetitionCounter(
            min_amplitude_deg=movement.min_amplitude_deg, neutral_deg=0.0 if both else None
        )
        for reading in readings:
            counter.add(reading.time_s, reading.of(side).unfiltered_deg)
        assert counter.count == int(row["n_repetitions"])
        trace = trace_movement(series, movement, side)
        angles = [reading.of(side).angle_deg for reading in readings]
        live_deg = np.array([np.nan if angle is None else angle for angle in angles])
        late_s = delay_s(series.time_s, live_deg, trace.angle_deg)
        apart_deg = [
            np.nanmax(live_deg[np.abs(series.time_s - each.peak_s) < 0.6]) - each.peak_deg
            for each in trace.counted
        ]
        print(f"{name} {side}: peaks {np.round(apart_deg, 1)}°, delay {late_s:.3f} s")
        assert np.abs(apart_deg).max() <= PEAKS_APART_DEG
        assert 0.0 <= late_s <= LONGEST_DELAY_S


@pytest.mark.parametrize("name", FILES)
def test_ordinary_movements_are_no_gestures(name: str) -> None:
    rows = rows_of(name)
    reader = GestureReader()
    seen = [reader.see(frame) for frame in frames_of(landmarks(name))]
    assert not any(gestures.crossed_frac for gestures in seen)
    raising = {Side(row["side"]) for row in rows if row["movement"] in RAISES_AN_ARM}
    assert {gestures.held for gestures in seen} - {None} <= raising


def settled(series: LandmarkSeries) -> list[LandmarkSeries]:
    """The clip after some seconds at rest: its first half second, to and fro."""
    frames = list(frames_of(series))
    step_s = float(np.median(np.diff(series.time_s)))
    rest = frames[: round(0.5 / step_s)]
    there_and_back = [*rest, *reversed(rest)]
    count = round(SETTLING_S / step_s)
    before = [there_and_back[i % len(there_and_back)] for i in range(count)]
    after = [frames[-1]] * round(2.0 / step_s)
    return [at_time(frame, i * step_s) for i, frame in enumerate([*before, *frames, *after])]


@pytest.mark.parametrize("name", ALONE)
def test_a_take_of_every_clip_is_complete(name: str) -> None:
    row = rows_of(name)[0]
    plan = TakePlan(name=name, movement=movement_named(row["movement"]), side=side_of(name))
    take, spent_ms = Take(plan), []
    phases = []
    for frame in settled(landmarks(name)):
        started_s = time.thread_time()
        state = take.see(frame, float(frame.time_s[0]))
        spent_ms.append(1000.0 * (time.thread_time() - started_s))
        if not phases or phases[-1] is not state.phase:
            phases.append(state.phase)
        if state.ended is None:
            last_ms = len(spent_ms)
    print(f"{name}: {median(spent_ms[:last_ms]):.2f} ms a frame")
    assert phases == [Phase.POSITION, Phase.COUNTDOWN, Phase.MOVING, Phase.STILL, Phase.ENDED]
    assert take.state.ended is Ending.COMPLETE
    assert median(spent_ms[:last_ms]) < LONGEST_FRAME_MS


def test_somebody_who_walks_past_starts_a_take_again() -> None:
    name = "shoulder_abduction_left_passer_by.mp4"
    plan = TakePlan(name="clip", movement=movement_named("shoulder_abduction"), side=Side.LEFT)
    take = Take(plan)
    phases = [take.see(frame, float(frame.time_s[0])).phase for frame in settled(landmarks(name))]
    assert Phase.WAITING in phases
    assert take.state.kept in (None, "clip-2")
