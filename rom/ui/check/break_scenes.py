"""Screens of a break, and of a check that goes on after one."""

from __future__ import annotations

from dataclasses import replace

from rom.protocol.session import CheckSession, StepKind
from rom.ui.check.between_scenes import measuring
from rom.ui.check.words import SKIP, capital, step_words, symptom_words
from rom.ui.stage.scenes import Option, Scene

HANDS = "Right hand up: take the marked answer. Left hand up: the next one. Arms crossed: pause."
_LEAVE_OUT = {
    StepKind.WARM_UP: "Go on without a warm-up",
    StepKind.TAKE: "Leave this movement out",
    StepKind.REST: "End the rest",
    StepKind.MASSAGE: "End the massage",
}


def pause_scene(session: CheckSession) -> Scene:
    """What is offered in a break."""
    options = [Option(id="resume", label="Go on")]
    if (left_out := _LEAVE_OUT.get(session.kind)) is not None:
        options.append(Option(id=SKIP, label=left_out))
    options.append(Option(id="unwell", label="I do not feel well"))
    options.append(Option(id="end", label="End the check", detail="What is done is kept."))
    return Scene(
        id="paused",
        kind="choose",
        title="Paused",
        text=f"Take your time. {HANDS}",
        spoken="Paused. Raise your right hand to go on.",
        options=tuple(options),
        step=step_words(session),
        standing=("resume", "end"),
        camera="small",
    )


def unwell_scene(session: CheckSession) -> Scene:
    """Which symptom it is."""
    options = [Option(id=f"felt:{name}", label=capital(each)) for name, each in symptom_words()]
    return Scene(
        id="unwell",
        kind="choose",
        title="What do you feel?",
        text="Sit down if you can.",
        spoken="What do you feel? Sit down if you can.",
        options=(*options, Option(id="resume", label="None of these, go on")),
        step=step_words(session),
        standing=("resume", "end"),
        camera="small",
    )


def resumed_scene(session: CheckSession) -> Scene:
    """The first screen of a check that was broken off."""
    return replace(
        pause_scene(session),
        id="back",
        title="You were in the middle of a check",
        text="Everything up to here is kept. Go on where you were, or end it.",
        spoken="You were in the middle of a check. Go on where you were, or end it.",
    )


def last_measuring_scene(session: CheckSession, measured_frac: float | None) -> Scene:
    """What is shown at the end while something that was filmed is still being read."""
    return replace(
        measuring(session),
        id="measuring-last",
        title="Keeping what was filmed",
        text="One moment: the last recording is being read.",
        spoken="One moment.",
        ring_frac=measured_frac,
        standing=(),
    )
