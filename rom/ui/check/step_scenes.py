"""The screen of every step of a check but for camera work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rom.protocol.session import CheckSession, StepKind
from rom.ui.check import asking_scenes as asking
from rom.ui.check import between_scenes as between
from rom.ui.check.massage_scenes import massage_scene
from rom.ui.check.words import step_words
from rom.ui.stage.scenes import Scene, Standing

STANDING: tuple[Standing, ...] = ("pause", "end")
STANDING_AGAIN: tuple[Standing, ...] = ("pause", "repeat", "end")
_SCENES: dict[StepKind, Callable[[CheckSession], Scene]] = {
    StepKind.ANYTHING_NEW: asking.anything_new,
    StepKind.SCREEN: asking.screen,
    StepKind.SCREEN_PLACES: asking.screen_places,
    StepKind.SCREEN_AGREED: asking.screen_agreed,
    StepKind.NOTICES: asking.notices,
    StepKind.HURTS: asking.hurts,
    StepKind.PAIN_NOW: asking.pain_now,
    StepKind.PAIN_WARM_UP: asking.pain_warm_up,
    StepKind.PAIN_TAKE: asking.pain_take,
    StepKind.WORSE: asking.worse,
    StepKind.MEASURING: between.measuring,
    StepKind.NOT_MEASURED: between.not_measured,
    StepKind.TARGET: between.target,
    StepKind.NO_SPOT: between.no_spot,
    StepKind.REST: between.rest,
    StepKind.HANDS_ON: between.hands_on,
    StepKind.RESULT: between.ended,
    StepKind.STOPPED: between.ended,
    StepKind.ABANDONED: between.ended,
}


def scene_of(session: CheckSession, *, measured_frac: float | None = None) -> Scene:
    """The scene of a step without camera work; its id names the step alone."""
    scene = massage_scene(session) if session.kind is StepKind.MASSAGE else None
    if scene is None:
        scene = _SCENES[session.kind](session)
    if session.kind is StepKind.MEASURING:
        scene = replace(scene, ring_frac=measured_frac)
    repeat = session.kind is StepKind.PAIN_TAKE and session.stop is None
    standing = () if session.ended else STANDING_AGAIN if repeat else STANDING
    return replace(scene, step=step_words(session), standing=standing)
