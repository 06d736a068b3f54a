"""One thing to change at a time, the most important first, and never to and fro."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live_builders import at_time, frames_of, nobody, with_people
from live_gestures import RAISED, standing

from rom.landmarks import LandmarkSeries, Side, sided
from rom.live.position import STAYS_S, Position, PositionCheck, PromptHold
from rom.live.prompts import Prompt
from rom.live.reading import LiveSide
from rom.movements import movement_named
from tests.figures import Camera, film, frame_times, pose_figure
from tests.performances import cases, move, recommended_camera

RATE_HZ = 20.0


def seen(
    name: str, side: LiveSide, *, seconds: float = 2.0, start_s: float = 0.0, **camera: object
) -> list[LandmarkSeries]:
    """A figure that stays at the start of a movement before a camera."""
    one_side = side if isinstance(side, Side) else None
    view = replace(recommended_camera(movement_named(name), one_side), **camera)  # type: ignore[arg-type]
    still = move(name, one_side, peak_deg=None, frame_rate_hz=RATE_HZ)
    frames = list(frames_of(film(still, view, noise_px=0.5)))[:20]
    count = round(seconds * RATE_HZ)
    return [at_time(frames[i % 20], start_s + i / RATE_HZ) for i in range(count)]


def check(
    name: str, side: LiveSide, frames: Iterable[LandmarkSeries], **how: float
) -> list[Position]:
    checker = PositionCheck(movement_named(name), side)
    return [checker.see(frame, **how) for frame in frames]  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "side"), cases())
def test_who_stands_as_asked_is_ready_after_a_second(name: str, side: Side | None) -> None:
    positions = check(name, side, seen(name, side))
    assert positions[-1] == Position(ready_frac=1.0)
    assert {position.prompt for position in positions} == {""}
    assert not positions[round(0.8 * RATE_HZ)].ready


ABDUCTION = ("shoulder_abduction", Side.LEFT)


@pytest.mark.parametrize(
    ("case", "camera", "words"),
    [
        (ABDUCTION, {"middle_frac": (0.85, 0.5)}, "Step to your right a little"),
        (ABDUCTION, {"middle_frac": (1.05, 0.5)}, "is outside the picture. Step to your right"),
        (ABDUCTION, {"middle_frac": (-0.05, 0.5)}, "is outside the picture. Step to your left"),
        (ABDUCTION, {"middle_frac": (0.5, 0.35)}, "room above your head"),
        (ABDUCTION, {"scale_px_m": 1500.0}, "Step back a little."),
        (ABDUCTION, {"scale_px_m": 100.0}, "closer to the camera"),
        (ABDUCTION, {"yaw_deg": 35.0}, "Turn a little to your left."),
        (ABDUCTION, {"yaw_deg": -35.0}, "Turn a little to your right."),
        (ABDUCTION, {"yaw_deg": 90.0}, "Turn to face the camera."),
        (ABDUCTION, {"roll_deg": 12.0}, "Stand upright"),
        (("shoulder_flexion", Side.LEFT), {"yaw_deg": -90.0}, "your left side faces the camera"),
        (("shoulder_flexion", Side.RIGHT), {"yaw_deg": -55.0}, "Turn a little to your left."),
        (("shoulder_flexion", Side.LEFT), {"yaw_deg": 55.0}, "Turn a little to your right."),
        (("shoulder_flexion", Side.LEFT), {"middle_frac": (0.06, 0.5)}, "forwards|backwards"),
        (("knee_flexion", Side.LEFT), {"yaw_deg": 88.0}, "Turn a little to your left."),
        (("knee_flexion", Side.RIGHT), {"yaw_deg": -30.0}, "Turn a little to your left."),
        (("knee_flexion", Side.LEFT), {"middle_frac": (0.5, 0.8)}, "foot is outside the picture"),
        (("trunk_flexion_with_hips", None), {"yaw_deg": 40.0}, "Turn a little to your right."),
        (("cervical_rotation", Side.LEFT), {"yaw_deg": 40.0}, "Turn a little to your left."),
        (("cervical_rotation", Side.LEFT), {"scale_px_m": 200.0}, "Move a little closer"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_what_to_do(
    case: tuple[str, Side | None], camera: dict[str, object], words: str
) -> None:
    last = check(*case, seen(*case, **camera))[-1]
    assert any(each in last.prompt for each in words.split("|")), last.prompt
    assert last.ready_frac == 0.0


def test_following_the_turn_prompts_leads_to_the_position() -> None:
    name, side = "knee_flexion", Side.RIGHT
    checker, yaw_deg = PositionCheck(movement_named(name), side), 20.0
    for number in range(60):
        frames = seen(name, side, seconds=1.8, start_s=2.0 * number, yaw_deg=yaw_deg)
        position = [checker.see(frame) for frame in frames][-1]
        if position.ready:
            break
        steps_deg = {"to your right": 10.0, "to your left": -10.0, "right side faces": -60.0}
        (step_deg,) = [step for words, step in steps_deg.items() if words in position.prompt]
        yaw_deg += step_deg
    assert position.ready and -85.0 <= yaw_deg <= -40.0


def test_nobody_several_people_and_dark_come_first() -> None:
    frames = seen(*ABDUCTION, yaw_deg=90.0)
    assert check(*ABDUCTION, map(nobody, frames))[-1].prompt == "Come into the picture."
    alone = check(*ABDUCTION, (with_people(frame, 2) for frame in frames))[-1]
    assert "Only one person" in alone.prompt
    assert "too dark to see" in check(*ABDUCTION, map(nobody, frames), lit_level=60.0)[-1].prompt
    good = seen(*ABDUCTION)
    assert "more light" in check(*ABDUCTION, good, lit_level=60.0)[-1].prompt
    assert check(*ABDUCTION, good, lit_level=200.0)[-1].ready


def test_hidden_joints_are_named() -> None:
    def hide(frame: LandmarkSeries) -> LandmarkSeries:
        visibility = frame.visibility.copy()
        visibility[:, sided("elbow", Side.LEFT)] = 0.1
        return replace(frame, visibility=visibility)

    last = check(*ABDUCTION, map(hide, seen(*ABDUCTION)))[-1]
    assert last.prompt == "Your left elbow is hidden. Let the camera see it."


def test_a_face_that_is_needed_has_to_be_found() -> None:
    frames = seen("cervical_rotation", Side.LEFT)
    last = check("cervical_rotation", Side.LEFT, (replace(f, face_px=None) for f in frames))[-1]
    assert "Look into the camera" in last.prompt


def test_who_stands_is_asked_to_sit_for_a_seated_movement() -> None:
    case = ("hip_internal_rotation", Side.LEFT)
    assert "Sit facing the camera" in check(*case, standing(seconds=2.0))[-1].prompt


def test_arms_that_are_up_are_let_down_first() -> None:
    last = check(*ABDUCTION, standing(right=RAISED, seconds=2.0))[-1]
    assert last.prompt == "Let your arms hang."


def test_who_moves_is_asked_to_stand_still() -> None:
    time_s = frame_times(3.0, RATE_HZ)
    swing_deg = 25.0 * np.sin(3.0 * time_s)
    motion = pose_figure(time_s, {"shoulder_abduction_left": swing_deg})
    positions = check(*ABDUCTION, frames_of(film(motion, Camera(frame_rate_hz=RATE_HZ))))
    assert {position.prompt for position in positions} == {"", "Stand still for a moment."}
    assert not any(position.ready for position in positions)


def test_both_sides_need_room_on_both_sides() -> None:
    name = "shoulder_abduction"
    assert check(name, "both", seen(name, "both"))[-1].ready
    narrow = check(name, "both", seen(name, "both", width_px=400))[-1]
    assert narrow.prompt == "Step back a little."


def test_a_larger_clip_lets_a_person_stand_further_away() -> None:
    frames = seen(*ABDUCTION, scale_px_m=120.0)
    movement, side = movement_named(ABDUCTION[0]), ABDUCTION[1]
    small, large = PositionCheck(movement, side), PositionCheck(
        movement, side, recorded_width_px=2 * frames[0].width_px
    )  # fmt: skip
    assert "closer" in [small.see(frame) for frame in frames][-1].prompt
    assert [large.see(frame) for frame in frames][-1].ready


@settings(max_examples=20)
@given(
    yaws_deg=st.lists(st.floats(-60.0, 60.0), min_size=4, max_size=16),
    each_s=st.sampled_from([0.1, 0.25, 0.6]),
)
def test_prompts_never_come_faster_than_they_can_be_read(
    yaws_deg: list[float], each_s: float
) -> None:
    views = [seen(*ABDUCTION, seconds=each_s, yaw_deg=yaw_deg) for yaw_deg in yaws_deg]
    frames = [frame for view in views for frame in view]
    positions = check(*ABDUCTION, (at_time(f, i / RATE_HZ) for i, f in enumerate(frames)))
    shown_s = [
        i / RATE_HZ
        for i, (before, now) in enumerate(zip([None, *positions], positions, strict=False))
        if now.prompt and (before is None or now.prompt != before.prompt)
    ]
    gaps_s = [after - before for before, after in pairwise(shown_s)]
    assert all(gap_s >= STAYS_S - 1e-9 for gap_s in gaps_s)


def test_at_a_limit_nothing_flickers() -> None:
    random = np.random.default_rng(3)
    frames = [
        at_time(seen(*ABDUCTION, seconds=0.05, yaw_deg=20.0 + each)[0], i / RATE_HZ)
        for i, each in enumerate(random.normal(0.0, 2.0, 200))
    ]
    positions = check(*ABDUCTION, frames)
    changes = sum(before.prompt != now.prompt for before, now in pairwise(positions))
    assert changes <= 2


def test_a_slow_camera_is_enough() -> None:
    frames = [at_time(frame, 0.3 * i) for i, frame in enumerate(seen(*ABDUCTION, seconds=0.6))]
    assert check(*ABDUCTION, frames)[-1].ready


def test_what_goes_by_is_no_prompt() -> None:
    hold = PromptHold()
    near = Prompt("near", "Step back a little.")
    assert [hold.see(t, near if t == 0.1 else None) for t in (0.0, 0.1, 0.2, 0.3)] == [None] * 4
    assert [hold.see(1.0 + t, near) for t in (0.0, 0.2, 0.35)] == [None, None, near]
