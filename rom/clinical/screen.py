"""Answers to the safety questions, as they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from rom.clinical.body import Place, place_named
from rom.clinical.json_values import JsonValue
from rom.errors import InputError, RomError

SCHEMA = "rom.screen/1"

_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to one question; `agreed` is None where it was not asked."""

    id: str
    yes: bool
    places: tuple[Place, ...] = ()
    agreed: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Screen:
    """The answers of one visit; `answered_at` is a date and time as in ISO 8601."""

    answers: tuple[Answer, ...]
    answered_at: str

    def to_json(self) -> dict[str, JsonValue]:
        """The contract `rom.screen/1`; places by their names."""
        answers: list[JsonValue] = [
            {
                "id": answer.id,
                "yes": answer.yes,
                "places": [place.name for place in answer.places],
                "agreed": answer.agreed,
            }
            for answer in self.answers
        ]
        return {"schema": SCHEMA, "answered_at": self.answered_at, "answers": answers}


def screen_from_json(content: object) -> Screen:
    """Read what `Screen.to_json` made.

    Raises
    ------
    InputError
        Anything else.
    """
    try:
        if not isinstance(content, dict) or content["schema"] != SCHEMA:
            raise ValueError
        return Screen(
            answers=tuple(_answer(each) for each in content["answers"]),
            answered_at=_checked(content["answered_at"], str),
        )
    except (KeyError, TypeError, ValueError, RomError) as error:
        raise InputError(
            f"Expected answers to the safety questions ({SCHEMA}), got something else; answer"
            " them again with `rom screen`"
        ) from error


def _answer(content: dict[str, object]) -> Answer:
    places, agreed = content["places"], content["agreed"]
    if not isinstance(places, list):
        raise TypeError
    return Answer(
        id=_checked(content["id"], str),
        yes=_checked(content["yes"], bool),
        places=tuple(place_named(_checked(name, str)) for name in places),
        agreed=None if agreed is None else _checked(agreed, bool),
    )


def _checked(value: object, kind: type[_T]) -> _T:
    if not isinstance(value, kind):
        raise TypeError
    return value
