"""Hands say what is meant, and nothing by themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live_builders import frames_of, nobody
from live_gestures import (
    AT_CHIN,
    CROSSED,
    FOLDED_LOW,
    HANGING,
    ON_HIP,
    RAISED,
    RAISED_LOW,
    Arm,
    out_at,
    standing,
)

from rom.landmarks import LandmarkSeries, Side
from rom.live.clip_marks import marks_in_clip
from rom.live.counting import Stroke
from rom.live.frames import joined
from rom.live.gestures import GestureReader, Gestures
from rom.live.holding import Holding
from rom.live.pain import PainMarker, free_hands
from rom.movements import measurable_movements, movement_named
from tests.figures import Camera
from tests.performances import cases, filmed

UPPER_BODY = Camera(scale_px_m=900.0, middle_frac=(0.5, 1.35))
"""Head, shoulders and chest at arm's length of the screen; the hips are below the picture."""


def read(frames: list[LandmarkSeries]) -> list[Gestures]:
    reader = GestureReader()
    return [reader.see(frame) for frame in frames]


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("arm", [RAISED, RAISED_LOW])
def test_a_raised_hand_is_held_for_a_second(side: Side, arm: Arm) -> None:
    seen = read(standing(**{side.value: arm}, seconds=1.2))
    assert {gestures.raised for gestures in seen} == {side}
    assert np.all(np.diff([gestures.held_frac for gestures in seen]) >= 0.0)
    assert seen[10].held is None and seen[10].held_frac == pytest.approx(0.5)
    assert seen[-1].held is side


@pytest.mark.parametrize("arm", [HANGING, ON_HIP, AT_CHIN, FOLDED_LOW])
def test_other_things_that_arms_do_say_nothing(arm: Arm) -> None:
    last = read(standing(arm, arm, seconds=3.0))[-1]
    assert (last.raised, last.held, last.crossed, last.rated) == (None, None, False, None)


def test_both_hands_up_are_no_choice() -> None:
    assert read(standing(RAISED, RAISED, seconds=2.0))[-1].held is None


def test_crossed_arms_are_held_for_a_second() -> None:
    seen = read(standing(CROSSED, CROSSED, seconds=1.2))
    assert seen[10].crossed_frac == pytest.approx(0.5) and not seen[10].crossed
    assert seen[-1].crossed and seen[-1].raised is None


@pytest.mark.parametrize("camera", [None, UPPER_BODY])
@pytest.mark.parametrize("side", Side)
def test_hands_are_read_with_the_upper_body_alone_in_view(
    side: Side, camera: Camera | None
) -> None:
    assert read(standing(**{side.value: RAISED_LOW}, seconds=1.2, camera=camera))[-1].held is side
    assert read(standing(CROSSED, CROSSED, seconds=1.2, camera=camera))[-1].crossed


@given(height=st.integers(0, 10), side=st.sampled_from(Side))
def test_the_height_of_a_hand_is_a_rating(height: int, side: Side) -> None:
    last = read(standing(**{side.value: out_at(height)}, seconds=1.7))[-1]
    assert last.rated == height


def test_a_rating_follows_the_hand_and_is_taken_once_it_holds_still() -> None:
    moving = [standing(out_at(h), start_s=0.2 * h, seconds=0.14) for h in range(8)]
    held = standing(out_at(7), start_s=1.6, seconds=1.7)
    seen = read([*(frame for frames in moving for frame in frames), *held])
    assert [g.rated for g in seen if g.time_s < 2.8] == [None] * sum(g.time_s < 2.8 for g in seen)
    assert seen[-1].rated == 7


def test_with_the_upper_body_alone_the_scale_fits_into_the_picture() -> None:
    heights = [
        read(standing(((0.5, up / 2), (0.75, up)), camera=UPPER_BODY))[-1].height_rating
        for up in (-0.15, 0.3, 0.8, 1.2)
    ]
    assert all(height is not None for height in heights)
    assert heights == sorted(heights, key=lambda each: each or 0) and heights[0] != heights[-1]


def test_a_gesture_survives_a_lost_frame_and_not_a_lowered_hand() -> None:
    up = standing(right=RAISED, seconds=1.2)
    assert read([*up[:8], nobody(up[8]), *up[9:]])[-1].held is Side.RIGHT
    down = standing(start_s=0.5, seconds=0.4)
    again = standing(right=RAISED, start_s=1.0, seconds=0.6)
    assert read([*up[:10], *down, *again])[-1].held is None


def test_an_answer_has_to_be_let_go_before_the_next() -> None:
    reader = GestureReader()
    for frame in standing(right=RAISED, seconds=1.2):
        held = reader.see(frame).held
    assert held is Side.RIGHT
    reader.spend()
    later = [reader.see(frame) for frame in standing(right=RAISED, start_s=1.25, seconds=2.0)]
    assert {(gestures.raised, gestures.held) for gestures in later} == {(None, None)}
    for frame in standing(start_s=3.3, seconds=0.4):
        reader.see(frame)
    again = [reader.see(frame) for frame in standing(right=RAISED, start_s=3.75, seconds=1.2)]
    assert again[-1].held is Side.RIGHT


RAISES_AN_ARM = ("shoulder_flexion", "shoulder_abduction")


@pytest.mark.parametrize(("name", "side"), cases())
def test_movements_are_no_gestures_but_where_an_arm_is_really_raised(
    name: str, side: Side | None
) -> None:
    seen = read(list(frames_of(filmed(name, side))))
    assert not any(gestures.crossed_frac for gestures in seen)
    held = {gestures.held for gestures in seen} - {None}
    assert held <= ({side} if name in RAISES_AN_ARM else set())


def test_hidden_hands_say_nothing() -> None:
    frames = standing(RAISED, seconds=1.5)
    hidden = [replace(frame, visibility=np.full_like(frame.visibility, 0.3)) for frame in frames]
    assert read(hidden)[-1].raised is None


def test_the_mark_of_pain_comes_once_for_each_repetition() -> None:
    marker = PainMarker(movement_named("shoulder_abduction"), Side.LEFT)
    frames = standing(right=RAISED, seconds=1.0)
    marks = [marker.see(f, stroke=Stroke.OUTWARD, angle_deg=70.0 + i) for i, f in enumerate(frames)]
    (mark,) = [each for each in marks if each is not None]
    assert (mark.time_s, mark.angle_deg, mark.side) == (0.0, 70.0, Side.LEFT)
    marker.see(standing(start_s=1.1)[0], stroke=Stroke.BACK, angle_deg=10.0)
    again = standing(right=RAISED, start_s=2.2, seconds=1.0)
    assert any(marker.see(frame, stroke=Stroke.END, angle_deg=90.0) for frame in again)


@pytest.mark.parametrize("stroke", [Stroke.START, Stroke.BACK])
def test_a_hand_that_is_raised_at_rest_marks_nothing(stroke: Stroke) -> None:
    marker = PainMarker(movement_named("knee_flexion"), Side.LEFT)
    frames = standing(right=RAISED, seconds=1.0)
    assert not any(marker.see(frame, stroke=stroke, angle_deg=50.0) for frame in frames)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.3, 2.5), st.floats(-0.9, 0.9))
def test_a_mark_stands_where_the_hand_comes_up_in_the_clip(up_s: float, off_s: float) -> None:
    frames = [*standing(seconds=up_s), *standing(right=RAISED, start_s=up_s + 0.05, seconds=0.6)]
    clip, movement = joined(frames), movement_named("shoulder_abduction")
    (found_s,) = marks_in_clip(clip, movement, Side.LEFT, near_s=[up_s + off_s])
    assert found_s == pytest.approx(up_s + 0.05, abs=0.06)
    (kept_s,) = marks_in_clip(clip, movement, Side.RIGHT, near_s=[up_s + off_s])
    assert kept_s == up_s + off_s, "the hand that moves marks nothing"


def test_the_moving_arm_never_marks_pain() -> None:
    for movement in measurable_movements():
        if movement.joint in ("shoulder", "elbow", "wrist"):
            assert free_hands(movement, Side.LEFT) == (Side.RIGHT,)


@given(st.lists(st.booleans(), max_size=60))
def test_holding_is_never_fuller_than_the_time_that_it_was_held(held: list[bool]) -> None:
    holding, step_s = Holding(1.0, forgiven_s=0.0), 0.05
    run = 0
    for i, now in enumerate(held):
        run = run + 1 if now else 0
        assert holding.see(i * step_s, now) == pytest.approx(min(1.0, max(0, run - 1) * step_s))
