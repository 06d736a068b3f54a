"""What the screens of a check say of a session: its parts, movements, values and answers."""

from __future__ import annotations

from rom.clinical.safety import symptoms
from rom.clinical.wording import degrees
from rom.movements import movement_named
from rom.protocol.session import SCREENING, CheckSession, StepKind, TakeResult
from rom.protocol.takes import TakeRequest
from rom.protocol.target import Finding
from rom.records.entities import Phase

NONE = "none"
YES, NO = "yes", "no"
GO_ON, AGAIN, SKIP, DONE = "go_on", "again", "skip", "done"
REGION_WORDS = {
    "neck": "Neck",
    "shoulder": "Shoulder",
    "hip": "Hip",
    "knee_ankle": "Knee and ankle",
    "trunk": "Trunk",
}
RESTRICTED_WORDS = {
    "clearly": "below the usual range, or clearly less than the other side",
    "possibly": "near the lower end of the usual range",
    "no": "within the usual range, or like the other side",
    "unknown": "nothing to compare it with",
}
_PARTS = {
    "full": (
        "safety questions",
        "where it hurts",
        "profile",
        "your question",
        "rest",
        "measure again",
        "massage",
        "measure after",
    ),
    "quick": ("safety questions", "where it hurts", "measure", "massage", "measure after"),
    "therapist": ("measure", "your hands", "measure after"),
}


def take_title(request: TakeRequest) -> str:
    """The movement of a clip, with its sides."""
    known = movement_named(request.movement)
    sides = request.sides.each
    if len(sides) == 2:
        return capital(f"{known.title_for(None)}, left and right")
    return capital(known.title_for(sides[0]))


def step_words(session: CheckSession) -> str:
    """Where in the check this is, as "3 of 9, profile"."""
    parts = _PARTS[session.plan.mode]
    part = _part(session)
    if part not in parts:
        return ""
    words = f"{parts.index(part) + 1} of {len(parts)}, {part}"
    if part == "profile" and session.taken(Phase.PRE1) + session.taken(Phase.PRE2) + (
        *session.takes,
    ):
        wanted = len(session.takes) + len(session.taken(Phase.PRE1))
        number = min(len(session.taken(Phase.PRE1)) + 1, wanted)
        return f"{words}: movement {number} of {wanted}"
    return words


def finding_words(found: Finding) -> str:
    """A value of the profile with its error, and where it stands."""
    known = found.assessment
    assert known.value_deg is not None and known.accuracy_deg is not None
    least = "at least " if known.bound == "at_least" else ""
    value = f"{least}{degrees(known.value_deg)} ±{degrees(known.accuracy_deg)}"
    return f"{value}, {RESTRICTED_WORDS[found.restriction.status]}"


def failure_words(failed: TakeResult) -> str:
    """Why a clip has no value."""
    refusals = [
        each.assessment.refusals[0].message for each in failed.sets if not each.assessment.measured
    ]
    return " ".join(dict.fromkeys(refusals)) or failed.reason


def symptom_words() -> list[tuple[str, str]]:
    """The symptoms to ask for, in words, by their names."""
    return list(symptoms().items())


def capital(words: str) -> str:
    """Words with a large first letter."""
    return f"{words[:1].upper()}{words[1:]}"


def _part(session: CheckSession) -> str:
    kind, full = session.kind, session.plan.mode == "full"
    if kind in SCREENING or kind is StepKind.NOTICES:
        return "safety questions"
    if kind in (StepKind.HURTS, StepKind.PAIN_NOW):
        return "where it hurts" if session.plan.mode != "therapist" else "measure"
    named = {
        StepKind.TARGET: "your question",
        StepKind.NO_SPOT: "your question" if full else "massage",
        StepKind.REST: "rest",
        StepKind.MASSAGE: "massage",
        StepKind.HANDS_ON: "your hands",
        StepKind.RESULT: "",
        StepKind.STOPPED: "",
        StepKind.ABANDONED: "",
    }
    if kind in named:
        return named[kind]
    first = "profile" if full else "measure"
    return {Phase.PRE1: first, Phase.PRE2: "measure again", Phase.POST: "measure after"}[
        session.phase
    ]
