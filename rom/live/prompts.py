"""All words that are shown or spoken before and during a take. Short, second person, one thing."""

from __future__ import annotations

from dataclasses import dataclass

from rom.landmarks import Side
from rom.movements import Movement, SideKind

PART_WORDS = {
    "nose": "head",
    "ear": "head",
    "ankle": "foot",
    "heel": "foot",
    "foot_index": "foot",
    "wrist": "hand",
}


@dataclass(frozen=True)
class Prompt:
    """One thing to change; `code` stays the same while the words may differ."""

    code: str
    text: str


def _step(movement: Movement) -> str:
    return "Move" if movement.position == "seated" else "Step"


def _stay(movement: Movement) -> str:
    return "Sit" if movement.position == "seated" else "Stand"


NOBODY = Prompt("nobody", "Come into the picture.")
NOBODY_DARK = Prompt("nobody", "It is too dark to see you. Switch on more light.")
ALONE = Prompt("several", "Only one person in the picture, please.")
DARK = Prompt("dark", "It is dark here. Switch on more light, in front of you.")
ARMS_DOWN = Prompt("arms", "Let your arms hang.")
SIT = Prompt("seated", "Sit facing the camera, lower legs hanging.")
FACE = Prompt("face", "Look into the camera, face well lit.")
HAND = Prompt("hand", "Bring your hand closer to the camera.")
PAIN_MARKED = "Noted: pain starts here."
PAIN_MARKED_SPOKEN = "Noted."


def step_back(movement: Movement) -> Prompt:
    return Prompt("near", f"{_step(movement)} back a little.")


def come_closer(movement: Movement) -> Prompt:
    return Prompt("far", f"{_step(movement)} a little closer to the camera.")


def mark_pain(hands: tuple[Side, ...]) -> str:
    """How to say where it begins to hurt; empty where no hand is free.

    >>> mark_pain((Side.RIGHT,))
    'Where it begins to hurt, raise your right hand.'
    """
    if not hands:
        return ""
    which = f"your {hands[0].value} hand" if len(hands) == 1 else "a hand"
    return f"Where it begins to hurt, raise {which}."


def part_name(name: str, side: Side | None) -> str:
    """A joint of the catalogue in plain words.

    >>> part_name("foot_index", Side.RIGHT)
    'right foot'
    """
    words = PART_WORDS.get(name, name)
    return words if side is None or words == "head" else f"{side.value} {words}"


def outside(movement: Movement, part: str, towards: str) -> Prompt:
    """`towards` is where to go, as "to your left"."""
    return Prompt("outside", f"Your {part} is outside the picture. {_step(movement)} {towards}.")


def hidden(part: str) -> Prompt:
    return Prompt("hidden", f"Your {part} is hidden. Let the camera see it.")


def turn_to_camera() -> Prompt:
    return Prompt("turn", "Turn to face the camera.")


def turn_side_to_camera(side: Side) -> Prompt:
    return Prompt("turn", f"Turn until your {side.value} side faces the camera.")


def turn_a_little(side: Side) -> Prompt:
    return Prompt("turn", f"Turn a little to your {side.value}.")


def room_above(movement: Movement) -> Prompt:
    return Prompt("room", f"{_step(movement)} back a little, to have room above your head.")


def room_beside(movement: Movement, towards: str) -> Prompt:
    return Prompt("room", f"{_step(movement)} {towards} a little, to have room for the movement.")


def stay_upright(movement: Movement) -> Prompt:
    return Prompt("upright", f"{_stay(movement)} upright, and level the camera.")


def keep_still(movement: Movement) -> Prompt:
    return Prompt("still", f"{_stay(movement)} still for a moment.")


GONE = "The camera cannot see you any more. It starts again when you are back."
SEVERAL = "Somebody else is in the picture. It starts again when you are alone."
INTERRUPTED = "The camera stopped for a moment. It starts again now."
UNREAD = "The camera cannot see the movement. Stay in the picture, turned as you were."
PAUSED = "Paused. Raise a hand to go on, or cross your arms again to stop."
DONE = "Done. You can relax."


def warm_up(movement: Movement, sides: tuple[Side | None, ...], count: int) -> str:
    times = "once" if count == 1 else f"{count} times"
    turns = ", left and right in turn" if len(sides) > 1 else ""
    return f"To warm up, {times} and gently{turns}. {movement.instruction_for(sides[0])}"


def warmed_up(movement: Movement) -> str:
    return f"That was the warm-up. {_stay(movement)} still, the recording comes next."


def go(movement: Movement, turn: Side | None) -> str:
    """`turn` is the first side, where both alternate."""
    return f"Go. {now_side(movement, turn)}" if turn else "Go."


def now_side(movement: Movement, side: Side) -> str:
    towards = "to the " if movement.side_kind is SideKind.DIRECTION else "your "
    return f"Now {towards}{side.value}."


def begin_when_ready(movement: Movement, side: Side | None) -> str:
    return f"Begin when you are ready. {movement.instruction_for(side)}"


def offer_to_go_on(hands: tuple[Side, ...]) -> str:
    """`hands` are those that can answer."""
    if not hands:
        return "To pause, face the camera and cross your arms."
    hand = "a hand" if len(hands) > 1 else f"your {hands[0].value} hand"
    return f"To go on without this, raise {hand}. To pause, cross your arms."


def still_until_end(movement: Movement) -> str:
    return f"{_stay(movement)} still."


def repetition_of(number: int, wanted: int, side: Side | None) -> str:
    """As shown beside the angle; `side` where both alternate."""
    words = f"repetition {min(number, wanted)} of {wanted}"
    return f"{words}, {side.value}" if side else words
