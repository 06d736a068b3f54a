"""A take from the first frame to the clip that is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import pytest
from live_builders import at_time, frames_of, nobody, with_people

from rom.landmarks import LandmarkSeries, Side
from rom.live.frames import time_of
from rom.live.phases import Ending, Phase, TakePlan, TakeState
from rom.live.take import Take
from rom.movements import movement_named
from rom.trace import trace_movement
from tests.figures import Camera, Tempo, film, frame_times, min_jerk, pose_figure
from tests.performances import cases, filmed

RATE_HZ = 20.0
SETTLING_S = 6.0
CAMERA = Camera(frame_rate_hz=RATE_HZ)


def plan(name: str = "shoulder_abduction", side: object = Side.LEFT, **more: object) -> TakePlan:
    return TakePlan(name="pre1", movement=movement_named(name), side=side, **more)  # type: ignore[arg-type]


def run(take: Take, frames: Iterable[LandmarkSeries]) -> list[TakeState]:
    return [take.see(frame, time_of(frame)) for frame in frames]


def acted(pieces: list[tuple[float, dict[str, float]]], camera: Camera = CAMERA) -> LandmarkSeries:
    """A figure that goes from pose to pose: (seconds, joint angles to reach), from standing."""
    time_s = frame_times(sum(duration_s for duration_s, _ in pieces), RATE_HZ)
    names = {name for _, angles in pieces for name in angles}
    angles = {name: np.zeros(len(time_s)) for name in names}
    start_s, before = 0.0, dict.fromkeys(names, 0.0)
    for duration_s, target in pieces:
        way = min_jerk((time_s - start_s) / min(duration_s, 1.2))
        for name in names:
            angles[name] += (target.get(name, 0.0) - before[name]) * way
            before[name] = target.get(name, 0.0)
        start_s += duration_s
    return film(pose_figure(time_s, angles), camera, noise_px=0.5)


STAND: tuple[float, dict[str, float]] = (SETTLING_S, {})
CROSSED = {f"shoulder_abduction_{side}": -75.0 for side in Side}
LEFT_UP = {"shoulder_abduction_left": 140.0}
RIGHT_UP = {"shoulder_abduction_right": 140.0}


def phases(states: list[TakeState]) -> list[Phase]:
    return [
        state.phase
        for before, state in zip([None, *states], states, strict=False)
        if before is None or before.phase is not state.phase
    ]


WHOLE = [Phase.POSITION, Phase.COUNTDOWN, Phase.MOVING, Phase.STILL, Phase.ENDED]


FEW = [
    ("shoulder_flexion", Side.RIGHT),
    ("hip_extension", Side.LEFT),
    ("hip_internal_rotation", Side.RIGHT),
    ("ankle_dorsiflexion_lunge", Side.LEFT),
    ("cervical_flexion", None),
    ("cervical_rotation", Side.LEFT),
    ("trunk_flexion_with_hips", None),
]
ALL = [case if case in FEW else pytest.param(*case, marks=pytest.mark.long) for case in cases()]


@pytest.mark.parametrize(("name", "side"), ALL)
def test_a_take_of_every_movement_ends_with_a_clip_that_can_be_measured(
    name: str, side: Side | None
) -> None:
    series = filmed(name, side, tempo=Tempo(rest_s=SETTLING_S))
    states = run(Take(plan(name, side)), frames_of(series))
    last = states[-1]
    assert phases(states) == WHOLE
    assert (last.ended, last.kept, last.recording) == (Ending.COMPLETE, "pre1-1", None)
    recorded = np.array([state.recording is not None for state in states])
    clip = series.masked(recorded)
    assert len(trace_movement(clip, movement_named(name), side).counted) == 3
    moving = series.time_s[[state.phase is Phase.MOVING for state in states]]
    assert moving[0] - series.time_s[recorded][0] >= 1.0


def test_the_countdown_is_said_and_sounded_once() -> None:
    states = run(Take(plan()), frames_of(filmed("shoulder_abduction", Side.LEFT,
                                                tempo=Tempo(rest_s=SETTLING_S))))  # fmt: skip
    cues = {state.cue: (state.spoken, state.beep) for state in states}
    said = [cues[cue] for cue in sorted(cues)]
    assert said[-8:] == [
        ("3", "tick"), ("2", "tick"), ("1", "tick"), ("Go.", "go"), ("1.", None), ("2.", None),
        ("Stand still.", None), ("Done. You can relax.", "done"),
    ]  # fmt: skip
    assert {state.count for state in states if state.phase is Phase.MOVING} == {
        "repetition 1 of 3", "repetition 2 of 3", "repetition 3 of 3",
    }  # fmt: skip
    assert {state.number for state in states if state.phase is Phase.POSITION} == {None}
    assert any((state.number or "").endswith("°") for state in states)


def test_left_and_right_in_turn_are_asked_for_and_counted() -> None:
    pieces = [STAND, *[(2.5, pose) for _ in range(2) for pose in (LEFT_UP, {}, RIGHT_UP, {})],
              (4.0, {})]  # fmt: skip
    states = run(Take(plan(side="both", repetitions=2)), frames_of(acted(pieces)))
    assert states[-1].ended is Ending.COMPLETE
    asked = [state.side for state in states if state.phase is Phase.MOVING]
    turns = [a for a, b in zip(asked, [None, *asked], strict=False) if a is not b]
    assert turns == [Side.LEFT, Side.RIGHT, Side.LEFT, Side.RIGHT]
    spoken = {state.spoken for state in states}
    assert {"Go. Now your left.", "1. Now your right.", "1. Now your left."} <= spoken


def test_the_warm_up_comes_first_and_is_not_recorded() -> None:
    one = [(2.5, LEFT_UP), (2.5, {})]
    series = acted([STAND, *one, *one, STAND, *one, (4.0, {})])
    states = run(Take(plan(warm_up=2, repetitions=1)), frames_of(series))
    assert phases(states) == [Phase.POSITION, Phase.WARM_UP, *WHOLE]
    assert all(state.recording is None for state in states if state.phase is Phase.WARM_UP)
    assert any("warm up, 2 times" in state.spoken for state in states)
    assert states[-1].ended is Ending.COMPLETE


def changed(
    series: LandmarkSeries, start_s: float, end_s: float, change: Callable[..., LandmarkSeries]
) -> list[LandmarkSeries]:
    return [
        change(frame) if start_s <= time_of(frame) < end_s else frame for frame in frames_of(series)
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (nobody, "cannot see you any more"),
        (lambda frame: with_people(frame, 2), "Somebody else"),
    ],
)
def test_a_take_that_is_disturbed_starts_again_under_another_name(
    change: Callable[..., LandmarkSeries], words: str
) -> None:
    one = [(2.5, LEFT_UP), (2.5, {})]
    series = acted([STAND, *one, (4.0, {}), STAND, *one, *one, (4.0, {})])
    disturbed_s = SETTLING_S + 3.0
    take = Take(plan(repetitions=2))
    states = run(take, changed(series, disturbed_s, disturbed_s + 3.0, change))
    assert phases(states) == [*WHOLE[:3], Phase.WAITING, *WHOLE]
    assert any(words in state.spoken and state.beep == "warn" for state in states)
    waiting = [state for state in states if state.phase is Phase.WAITING]
    assert all(state.recording is None for state in waiting)
    assert states[-1].kept == "pre1-2"


@pytest.mark.parametrize("clock_s", [7.0, -100.0])
def test_a_break_of_the_camera_starts_a_take_again(clock_s: float) -> None:
    frames = list(frames_of(filmed("shoulder_abduction", Side.LEFT,
                                   tempo=Tempo(rest_s=SETTLING_S))))  # fmt: skip
    take = Take(plan())
    states = run(take, frames[: round((SETTLING_S + 1.0) * RATE_HZ)])
    assert states[-1].recording == "pre1-1"
    later_s = time_of(frames[0]) + SETTLING_S + 4.0
    states = [
        take.see(at_time(frame, time_of(frame) + clock_s + SETTLING_S), later_s + time_of(frame))
        for frame in frames
    ]
    assert "stopped for a moment" in states[0].spoken and states[0].beep == "warn"
    assert states[-1].kept == "pre1-2"


def test_a_glance_away_of_the_camera_does_not_end_a_take() -> None:
    series = filmed("shoulder_abduction", Side.LEFT, tempo=Tempo(rest_s=SETTLING_S))
    states = run(Take(plan()), changed(series, SETTLING_S + 2.0, SETTLING_S + 2.6, nobody))
    assert states[-1].kept == "pre1-1"


def test_who_does_not_move_is_asked_kindly_and_the_take_ends_by_itself() -> None:
    states = run(Take(plan()), frames_of(acted([(60.0, {})])))
    spoken = [state.spoken for state in states]
    assert any(words.startswith("Begin when you are ready. Raise your") for words in spoken)
    offered = [state for state in states if state.can_skip]
    assert offered and "raise your right hand" in offered[0].spoken
    assert states[-1].ended is Ending.EMPTY and states[-1].kept is None


def test_who_comes_to_rest_elsewhere_is_not_waited_for_for_ever() -> None:
    rest_elsewhere = {"shoulder_abduction_left": 60.0}
    pieces = [STAND, (2.5, LEFT_UP), (60.0, rest_elsewhere)]
    states = run(Take(plan(max_s=120.0)), frames_of(acted(pieces)))
    assert states[-1].ended is Ending.FEWER


def test_the_other_hand_goes_on_without_the_movement() -> None:
    pieces = [STAND, (22.0, {}), (3.0, RIGHT_UP), (2.0, {})]
    states = run(Take(plan()), frames_of(acted(pieces)))
    assert states[-1].ended is Ending.SKIPPED


def test_fewer_repetitions_are_kept_when_no_more_come() -> None:
    states = run(Take(plan()), frames_of(acted([STAND, (2.5, LEFT_UP), (60.0, {})])))
    assert states[-1].ended is Ending.FEWER and states[-1].kept == "pre1-1"


def test_a_take_ends_at_its_longest_time() -> None:
    one = [(2.5, LEFT_UP), (2.5, {})]
    states = run(Take(plan(repetitions=30, max_s=12.0)), frames_of(acted([STAND, *one * 4])))
    assert states[-1].ended is Ending.FEWER
    moving = [i for i, state in enumerate(states) if state.phase is Phase.MOVING]
    assert len(moving) / RATE_HZ == pytest.approx(12.0, abs=0.2)


def test_crossed_arms_pause_a_raised_hand_goes_on_and_crossing_again_stops() -> None:
    pieces = [STAND, (3.0, CROSSED), (2.0, {}), (3.0, RIGHT_UP), (2.0, {})]
    states = run(Take(plan()), frames_of(acted(pieces)))
    assert phases(states)[-2:] == [Phase.PAUSED, Phase.POSITION]
    pieces = [STAND, (3.0, CROSSED), (2.0, {}), (3.0, CROSSED), (1.0, {})]
    states = run(Take(plan()), frames_of(acted(pieces)))
    assert states[-1].ended is Ending.STOPPED and states[-1].kept is None


def test_clicks_do_what_gestures_do() -> None:
    frames = list(frames_of(filmed("shoulder_abduction", Side.LEFT,
                                   tempo=Tempo(rest_s=SETTLING_S))))  # fmt: skip
    take = Take(plan())
    states = run(take, frames[: round(7.0 * RATE_HZ)])
    assert states[-1].recording == "pre1-1"
    take.pause(7.0)
    assert (take.state.phase, take.state.recording) == (Phase.PAUSED, None)
    take.resume(8.0)
    assert take.state.phase is Phase.POSITION
    take.repeat(9.0)
    states = run(take, [at_time(frame, time_of(frame) + 10.0) for frame in frames])
    assert states[-1].kept == "pre1-2"
    take.repeat(40.0)
    assert take.state.phase is Phase.POSITION and take.state.kept is None
    take.skip(41.0)
    assert take.state.ended is Ending.SKIPPED
    take.stop(41.0)
    assert take.state.ended is Ending.STOPPED


def test_the_mark_of_pain_stands_at_the_angle_at_which_the_hand_came_up() -> None:
    up = LEFT_UP | RIGHT_UP
    series = acted([STAND, (2.0, {"shoulder_abduction_left": 90.0}), (2.0, up), (2.0, LEFT_UP),
                    (2.5, {}), (4.0, {})])  # fmt: skip
    (mark,) = run(Take(plan(repetitions=1)), frames_of(series))[-1].pain_marks
    assert mark.side is Side.LEFT
    assert 85.0 < (mark.angle_deg or 0.0) < 150.0
    assert SETTLING_S + 2.0 < mark.time_s < SETTLING_S + 3.5


def test_the_same_frames_tell_the_same_story() -> None:
    frames = list(frames_of(filmed("knee_flexion", Side.LEFT, tempo=Tempo(rest_s=SETTLING_S))))
    stories = [
        [replace(state, reading=None) for state in run(Take(plan("knee_flexion")), frames)]
        for _ in range(2)
    ]
    assert stories[0] == stories[1]
