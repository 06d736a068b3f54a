"""A check as JSON and back, so that one that was broken off can go on."""

from __future__ import annotations

from dataclasses import replace

from rom.clinical.json_values import JsonValue
from rom.errors import InputError, RomError
from rom.protocol.events import MeasuredSet
from rom.protocol.session import CheckSession
from rom.records.codec import from_plain, to_plain

SCHEMA = "rom.check/1"


def session_to_json(session: CheckSession) -> dict[str, JsonValue]:
    """Everything of a check but the angles over time, which are in the records."""
    results = tuple(
        replace(result, sets=tuple(_without_series(each) for each in result.sets))
        for result in session.results
    )
    return {"schema": SCHEMA, "session": to_plain(replace(session, results=results))}


def session_from_json(content: object) -> CheckSession:
    """Read what `session_to_json` made.

    Raises
    ------
    InputError
        Anything else.
    """
    try:
        if not isinstance(content, dict) or content.get("schema") != SCHEMA:
            raise ValueError
        return from_plain(CheckSession, content.get("session"))
    except (KeyError, TypeError, ValueError, RomError) as error:
        raise InputError(
            f"Expected a check that was broken off ({SCHEMA}), got something else; begin a new one"
        ) from error


def _without_series(found: MeasuredSet) -> MeasuredSet:
    return replace(found, assessment=replace(found.assessment, series=None))
