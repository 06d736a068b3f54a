"""Pairs typed in a terminal, put into their table one by one so that none is lost."""

from __future__ import annotations

import argparse
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from rom.clinical.agreement.pairs import (
    INSTRUMENTS,
    LARGEST_DEG,
    Conditions,
    Instrument,
    ReferencePair,
    check_person,
)
from rom.clinical.agreement.pairs_table import pairs_table_text
from rom.clinical.wording import degrees, movement_title
from rom.commands.dialogue import Dialogue, InputEndedError
from rom.errors import InputError, UsageError
from rom.inputs import read_json, read_table_text
from rom.landmarks import Side
from rom.movements import MOVEMENTS, movement_named
from rom.outputs import Output, check_outputs, text_writer, write_together
from rom.records.entities import ManualReading, new_id

if TYPE_CHECKING:
    from rom.records.store import Store

ASSESSMENT_SCHEMA = "rom.assessment/1"


class _Table:
    """A table that only grows, complete after every pair."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.added = 0
        self._text = pairs_table_text(())
        if path.exists():
            check_outputs([path], inputs=(), force=True)
            self._text = _own_table(path)
        else:
            check_outputs([path], inputs=(), force=False)

    def add(self, pair: ReferencePair) -> None:
        head, _, row = pairs_table_text([pair]).partition("\n")
        assert self._text.startswith(head)
        self._text += row
        write_together([Output(self.path, text_writer(self._text))], force=True)
        self.added += 1


def add_pairs(arguments: argparse.Namespace) -> None:
    """Add one pair with the value of a result, or pairs typed until an empty line.

    Raises
    ------
    InputError
        The table is not one of ours, the result holds no value, or the answers end.
    """
    arguments.person = check_person(arguments.person.strip())
    table = _Table(arguments.pairs[0])
    day = arguments.day or datetime.now().astimezone().date()
    dialogue = Dialogue()
    try:
        if arguments.result is not None:
            _add_result(arguments, table, dialogue, day)
        else:
            _add_typed(arguments, table, dialogue, day)
    except InputEndedError as error:
        kept = f"{table.added} of them kept in {table.path}" if table.added else "none was kept"
        raise InputError(f"Expected an answer, but the input ended; {kept}") from error
    if table.added:
        noun = "pair" if table.added == 1 else "pairs"
        dialogue.say("", f"Added {table.added} {noun} to {table.path}")


def _add_result(
    arguments: argparse.Namespace, table: _Table, dialogue: Dialogue, day: date
) -> None:
    """The instrument's value is asked for before ours is shown, so that it cannot follow it."""
    values = _values_of_result(read_json(arguments.result))
    for content in values:
        title = movement_title(content["movement"], content["side"])
        reference_deg = arguments.reference
        if reference_deg is not None and len(values) > 1:
            raise UsageError(
                "Expected --reference for a result of one side, got one of both; leave it out and"
                " type them"
            )
        if reference_deg is None:
            dialogue.say(f"{title[:1].upper()}{title[1:]}, {arguments.person}")
            reference_deg = dialogue.ask("The instrument read, in degrees:", _read_angle)
        instrument = arguments.instrument or dialogue.ask("Instrument:", _read_instrument)
        pair = ReferencePair(
            person=arguments.person,
            reference_deg=reference_deg,
            instrument=cast(Instrument, instrument),
            day=day,
            **content,
        )
        table.add(pair)
        dialogue.say(
            f"Ours {degrees(pair.rom_deg, decimals=1)}, the instrument"
            f" {degrees(pair.reference_deg, decimals=1)}: a difference of"
            f" {degrees(pair.difference_deg, decimals=1)}."
        )


def _add_typed(arguments: argparse.Namespace, table: _Table, dialogue: Dialogue, day: date) -> None:
    dialogue.say(
        f"Pairs of {arguments.person}; an empty line ends. Values that are typed serve for the"
        " agreement; own error figures need --result, which tells how it was filmed.",
        "",
    )
    while True:
        movement = arguments.movement
        if movement is None or table.added:
            movement = dialogue.ask("Movement:", _read_movement)
        if movement is None:
            return
        side = dialogue.ask("Side:", _read_side) if movement_named(movement).has_side else None
        reference_deg = dialogue.ask("The instrument read, in degrees:", _read_angle)
        rom_deg = dialogue.ask("We read, in degrees:", _read_angle)
        instrument = arguments.instrument or dialogue.ask("Instrument:", _read_instrument)
        table.add(
            ReferencePair(
                person=arguments.person,
                movement=movement,
                side=side,
                rom_deg=rom_deg,
                reference_deg=reference_deg,
                instrument=cast(Instrument, instrument),
                day=day,
            )
        )


def add_readings(arguments: argparse.Namespace, store: Store) -> None:
    """Ask what an instrument read for each set of a day, and keep it in the records.

    An empty answer leaves a set out. What was read is asked for before our value is shown.

    Raises
    ------
    InputError
        There is no set of that day, or the answers end; what was typed before is kept.
    """
    person = store.person(arguments.person)
    day = arguments.day or datetime.now().astimezone().date()
    sets = [
        kept
        for kept in store.sets(person.id, movement=arguments.movement, series=False)
        if kept.day == day and kept.assessment.bound == "exact"
    ]
    if not sets:
        raise InputError(
            f"Expected measured sets of {person.pseudonym} on {day.isoformat()}, got none; measure"
            " first with --person, or name another --day"
        )
    dialogue = Dialogue()
    dialogue.say(f"Sets of {person.pseudonym} on {day.isoformat()}; an empty line leaves one out.")
    for kept in sets:
        title = movement_title(kept.movement, kept.side)
        dialogue.say("", f"{title[:1].upper()}{title[1:]}, {kept.recorded_at:%H:%M}")
        value_deg = dialogue.ask("The instrument read, in degrees:", _read_optional_angle)
        if value_deg is None:
            continue
        instrument = arguments.instrument or dialogue.ask("Instrument:", _read_instrument)
        reading = ManualReading(
            id=new_id(),
            value_deg=value_deg,
            instrument=cast(Instrument, instrument),
            read_at=datetime.combine(day, datetime.now().time()).astimezone(),
        )
        store.add_reading(kept.id, reading)
        ours = kept.assessment.value_deg
        assert ours is not None
        dialogue.say(f"Ours {degrees(ours, decimals=1)}. Kept.")


def _own_table(path: Path) -> str:
    """The text of a table to add to, which must have our columns in our order."""
    text = read_table_text(path)
    head = pairs_table_text(()).rstrip("\n")
    if text.split("\n", 1)[0].rstrip("\r") != head:
        raise InputError(
            f"Expected a table that `rom agreement --add` began, but {path} has other columns;"
            " name a new one, and give both to `rom agreement`"
        )
    return text if text.endswith("\n") else f"{text}\n"


def _values_of_result(content: object) -> list[dict[str, Any]]:
    """Movement, side, value and conditions of each assessment in a result."""
    try:
        if not isinstance(content, dict):
            raise ValueError
        parts = [content] if "schema" in content else [content["left"], content["right"]]
        return [_value(part) for part in parts]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(
            "Expected a result from `rom assess --json`, got something else; correct --result"
        ) from error


def _value(content: dict[str, Any]) -> dict[str, Any]:
    if content["schema"] != ASSESSMENT_SCHEMA:
        raise ValueError
    if content["status"] != "measured" or content["bound"] != "exact":
        raise InputError(
            f"Expected a measured value, but {content['movement']} has none in this result, or only"
            " a bound; measure again"
        )
    made, view = content["provenance"], content.get("view") or {}
    return {
        "movement": str(content["movement"]),
        "side": None if content["side"] is None else Side(content["side"]),
        "rom_deg": float(content["value_deg"]),
        "conditions": Conditions(
            yaw_deg=_optional(view.get("yaw_deg")),
            subject_height_frac=_optional(view.get("subject_height_frac")),
            model_sha256=str(made["model_sha256"]),
            correction=None if made["correction"] is None else str(made["correction"]),
        ),
    }


def _optional(value: object) -> float | None:
    return None if value is None else float(cast(float, value))


def _read_movement(text: str) -> str | None:
    if not text:
        return None
    if text not in MOVEMENTS:
        raise UsageError(
            f"Expected a movement's name such as knee_flexion, got {text!r}; `rom movements` lists"
            " them, an empty line ends"
        )
    return text


def _read_side(text: str) -> Side:
    sides = {"left": Side.LEFT, "l": Side.LEFT, "right": Side.RIGHT, "r": Side.RIGHT}
    if text not in sides:
        raise UsageError(f"Expected left or right, got {text!r}; answer again")
    return sides[text]


def _read_angle(text: str) -> float:
    try:
        value = float(text.removesuffix("°").replace(",", ".").replace("−", "-"))
    except ValueError:
        value = float("nan")
    if not abs(value) <= LARGEST_DEG:
        raise UsageError(f"Expected an angle in degrees such as 118.5, got {text!r}; answer again")
    return value


def _read_optional_angle(text: str) -> float | None:
    return _read_angle(text) if text else None


def _read_instrument(text: str) -> str:
    matches = [name for name in INSTRUMENTS if text and name.startswith(text)]
    if len(matches) != 1:
        raise UsageError(f"Expected {', '.join(INSTRUMENTS)}, got {text!r}; answer again")
    return matches[0]
