"""The steps of a guided massage in words, the same for the terminal and the app."""

from __future__ import annotations

from rom.clinical.guidance import guidance_words
from rom.clinical.massage.plan import Spot
from rom.clinical.massage.record import SpotRecord
from rom.clinical.massage.session import MassageSession, StepKind
from rom.clinical.muscles import Muscle, muscle_named
from rom.clinical.safety import symptoms
from rom.landmarks import Side

_SCALE = "0 is none, 10 the worst you can imagine."


def spot_title(muscle: str, side: Side | None) -> str:
    """A muscle with its side.

    >>> spot_title("soleus", Side.LEFT)
    'soleus (lower calf), left'
    """
    return f"{muscle_named(muscle).name}, {side.value if side else 'both sides'}"


def dose_words(spot: Spot) -> str:
    """How long and how strong to press.

    >>> dose_words(Spot(muscle="soleus", side=None, hold_s=30, rounds=1,
    ...                 strength_min=4, strength_max=6))
    '30 s of steady pressure, 4 to 6 of 10 and easing'
    """
    return f"{spot.hold_s:g} s of steady pressure, {_strength_words(spot)} and easing"


def step_words(session: MassageSession) -> tuple[str, ...]:
    """What to tell or ask at the present step: paragraphs, the question last."""
    words = _step_words(session)
    return (session.note, *words) if session.note and session.note not in words else words


def spot_sentences(record: SpotRecord) -> tuple[str, ...]:
    """What was done on one spot, and what the person said about it."""
    sentences = [f"Held for {record.held_s:.0f} of {record.planned_s:.0f} s."]
    if record.strength_before is not None and record.strength_after is not None:
        before, after = f"{record.strength_before:g}", f"{record.strength_after:g}"
        sentences.append(f"The pressure felt {before} at first and {after} at the end, of 10.")
    if record.familiar is not None:
        key = record.reported_as or record.familiar
        sentences.append(guidance_words(key))
    return tuple(sentences)


def _step_words(session: MassageSession) -> tuple[str, ...]:
    kind = session.kind
    if kind is StepKind.PAIN_BEFORE:
        return (f"How much does it hurt now, hands off, from 0 to 10? {_SCALE}",)
    if kind is StepKind.FINISHED:
        return "That is all for now.", guidance_words("measure_soon")
    if kind is StepKind.STOPPED:
        return (session.stop.message if session.stop else "You ended the massage.",)
    if kind is StepKind.SYMPTOMS:
        return (f"Let go. Do you feel any of these: {', '.join(symptoms().values())}?",)
    if kind is StepKind.PAIN_NOW:
        return (f"How much does it hurt now, hands off, from 0 to 10? {_SCALE}",)
    return _spot_words(session)


def _spot_words(session: MassageSession) -> tuple[str, ...]:
    kind, spot = session.kind, session.turn.spot
    if kind is StepKind.LEARN:
        return _learn_words(session)
    if kind is StepKind.PRESS:
        if session.turn.pressed:
            return ("How strong is it now, 0 to 10?",)
        words = f"Press slowly until it feels {_strength_words(spot)}. How strong is it, 0 to 10?"
        return (words,)
    if kind is StepKind.FAMILIAR:
        return ("Stay there. Is this your familiar pain?",)
    if kind is StepKind.HOLD:
        left = f"{session.remaining_s(session.last_s):.0f} s"
        return (f"Hold it steady for {left} and breathe on. Ease off if it gets too strong.",)
    if kind is StepKind.EASE:
        return ("How strong is it now, 0 to 10?",)
    if kind is StepKind.STRENGTH_AFTER:
        return ("Time. Before you let go: how strong is the same pressure now, 0 to 10?",)
    raise AssertionError(kind)


def _learn_words(session: MassageSession) -> tuple[str, ...]:
    turn = session.turn
    muscle = muscle_named(turn.spot.muscle)
    again = f", round {turn.round}" if turn.round > 1 else ""
    title = f"{spot_title(muscle.id, turn.spot.side)}{again}"
    if turn.round > 1:
        return title, f"Once more: {dose_words(turn.spot)}."
    return title, *muscle_words(muscle), "Feel around for the point that is most tender."


def muscle_words(muscle: Muscle) -> tuple[str, ...]:
    """Where it lies, how to press it and what to keep away from."""
    words = [f"Where: {muscle.location}", f"How: {muscle.technique}", f"With {muscle.tool}."]
    if muscle.avoid:
        words.append(f"Keep in mind: {muscle.avoid}")
    return tuple(words)


def _strength_words(spot: Spot) -> str:
    if spot.strength_min > 0:
        return f"{spot.strength_min:g} to {spot.strength_max:g} of 10"
    return f"light, at most {spot.strength_max:g} of 10"
