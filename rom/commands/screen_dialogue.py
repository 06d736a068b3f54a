"""The safety questions as a conversation."""

from __future__ import annotations

import re
from datetime import datetime

from rom.clinical.body import Place, places_named
from rom.clinical.screen import Answer, Screen
from rom.clinical.screening import (
    ANYTHING_NEW,
    Group,
    Question,
    first_groups,
    later_groups,
    merged,
)
from rom.commands.dialogue import Dialogue
from rom.errors import UsageError
from rom.reports.plan_text import regions_text

_INTRODUCTION = (
    "Some safety questions first. They decide what is left out today; the answers stay on this "
    "computer."
)
_WORDS = {"yes": True, "y": True, "no": False, "n": False}


def ask_screen(dialogue: Dialogue, earlier: Screen | None) -> Screen:
    """Ask the questions of a first or later visit; one that stops everything ends the asking."""
    dialogue.say(_INTRODUCTION, "")
    answers: list[Answer] = []
    before = earlier.answers if earlier else ()
    for group in _groups(dialogue, earlier):
        found = _ask_group(dialogue, group)
        answers += found
        if any(answer.yes and _question(group, answer).ends_screen for answer in found):
            break
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    return Screen(answers=merged(before, answers), answered_at=now)


def read_yes_no(text: str) -> bool:
    """Read yes or no.

    Raises
    ------
    UsageError
        Anything else.
    """
    if text not in _WORDS:
        raise UsageError(f"Expected yes or no, got {text!r}; answer again")
    return _WORDS[text]


def _groups(dialogue: Dialogue, earlier: Screen | None) -> tuple[Group, ...]:
    if earlier is None:
        return first_groups()
    dialogue.say(ANYTHING_NEW)
    anything_new = dialogue.ask("yes or no:", read_yes_no)
    dialogue.say("")
    return later_groups(earlier.answers, anything_new=anything_new)


def _ask_group(dialogue: Dialogue, group: Group) -> list[Answer]:
    dialogue.say(group.heading, "  0  none of these")
    for number, question in enumerate(group.questions, start=1):
        dialogue.item(f"{number:3d}  ", f"{question.words}")
    count = len(group.questions)
    chosen = dialogue.ask("Numbers, or 0:", lambda text: _read_numbers(text, count))
    dialogue.say("")
    return [
        _details(dialogue, question) if number in chosen else Answer(id=question.id, yes=False)
        for number, question in enumerate(group.questions, start=1)
    ]


def _details(dialogue: Dialogue, question: Question) -> Answer:
    places: tuple[Place, ...] = ()
    agreed = None
    if question.asks_places:
        dialogue.say(f"{question.words}: where?", "Names such as left_calf; ? lists them.")
        places = dialogue.ask("Where:", lambda text: _read_places(dialogue, text))
    if question.asks_agreed:
        dialogue.say(_agreed_question(question))
        agreed = dialogue.ask("yes or no:", read_yes_no)
    return Answer(id=question.id, yes=True, places=places, agreed=agreed)


def _agreed_question(question: Question) -> str:
    if question.measuring == "blocked_unless_cleared":
        return f"{question.words}: has your surgeon agreed to active movement there?"
    return f"{question.words}: has a doctor or physiotherapist agreed to self-massage?"


def _read_numbers(text: str, count: int) -> frozenset[int]:
    words = re.split(r"[\s,;]+", text.strip()) if text.strip() else []
    if words in (["none"], ["no"]):
        return frozenset()
    numbers = {int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 4}
    complete = words and all(word.isascii() and word.isdigit() for word in words)
    if not complete or max(numbers, default=count + 1) > count or (0 in numbers and len(words) > 1):
        raise UsageError(
            f"Expected 0 for none, or numbers of 1 to {count} such as 1 2, got {text!r};"
            " answer again"
        )
    return frozenset(numbers - {0})


def _read_places(dialogue: Dialogue, text: str) -> tuple[Place, ...]:
    if text == "?":
        dialogue.show(regions_text(width=dialogue.width))
    names = [name for name in re.split(r"[\s,;]+", text) if name and name != "?"]
    if not names:
        raise UsageError("Expected one or more places, got none; name them, or ? for the list")
    return places_named(names)


def _question(group: Group, answer: Answer) -> Question:
    return next(each for each in group.questions if each.id == answer.id)
