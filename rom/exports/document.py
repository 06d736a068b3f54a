"""People, sessions and sets as one JSON document (`rom.export/1`), and back without loss.

Landmarks are not part of it: they go into files of their own (`rom.exports.landmark_files`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from jsonschema import Draft202012Validator

import rom
from rom.clinical.agreement.switched_on import local_errors_from_json
from rom.clinical.assessment import Assessment
from rom.clinical.json_values import JsonValue
from rom.clinical.massage.record import record_from_json
from rom.clinical.screen import screen_from_json
from rom.clinical.signs.judged import Sign
from rom.errors import InputError, RomError
from rom.records.codec import from_plain, to_plain
from rom.records.entities import (
    Edit,
    ManualReading,
    PainScore,
    Person,
    PersonContent,
    Phase,
    Session,
    SessionContent,
    SessionResult,
    SetRecord,
)
from rom.records.from_json import assessment_from_json

_T = TypeVar("_T")

SCHEMA = "rom.export/1"


@cache
def read_export_schema() -> dict[str, Any]:
    """The JSON Schema of the document, complete in one file."""
    path = resources.files("rom.exports").joinpath("schema", "export.schema.json")
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def document(people: Iterable[PersonContent]) -> dict[str, JsonValue]:
    """Return everything about these people as JSON values; numbers keep every digit."""
    return {
        "schema": SCHEMA,
        "rom_version": rom.__version__,
        "people": [_person_json(content) for content in people],
    }


def people_from_document(content: object) -> tuple[PersonContent, ...]:
    """Read what `document` made.

    Raises
    ------
    InputError
        For anything else; the message names the place of the first value that does not fit.
    """
    _check_schema(content)
    assert isinstance(content, dict)
    try:
        return tuple(_person(each) for each in content["people"])
    except (KeyError, TypeError, ValueError, RomError) as error:
        raise InputError(
            f"Expected results as `rom export` writes them, but they do not fit together ({error});"
            " export them again"
        ) from error


def is_document(content: object) -> bool:
    """Whether JSON says that it is an export."""
    return isinstance(content, dict) and content.get("schema") == SCHEMA


def _check_schema(content: object) -> None:
    errors = Draft202012Validator(read_export_schema()).iter_errors(content)
    error = next(iter(errors), None)
    if error is None:
        return
    place = "/".join(str(step) for step in error.absolute_path) or "the top"
    words = error.message if len(error.message) <= 120 else f"{error.validator} does not hold"
    raise InputError(
        f"Expected results as `rom export` writes them ({SCHEMA}), but at {place}: {words};"
        " export them again"
    )


def _person_json(content: PersonContent) -> JsonValue:
    own = {"own_errors": content.own_errors.to_json()} if content.own_errors else {}
    sessions = [_session_json(session) for session in content.sessions]
    return _fields(content.person) | own | {"sessions": sessions}


def _session_json(content: SessionContent) -> JsonValue:
    session = content.session
    return _without(_fields(replace(session, screen=None)), "person_id") | {
        "screen": session.screen.to_json() if session.screen else None,
        "massages": [massage.to_json() for massage in content.massages],
        "results": [_without(_fields(result), "session_id") for result in content.results],
        "sets": [_set_json(each) for each in content.sets],
    }


def _set_json(record: SetRecord) -> JsonValue:
    assessment = replace(record.assessment, series=None)
    light = replace(record, landmarks=None, assessment=assessment, original=None)
    content = _without(_fields(light), "session_id", "landmarks", "original")
    if record.original is not None:
        content["original"] = _assessment_json(record.original)
    return content | _assessment_json(record.assessment)


def _assessment_json(assessment: Assessment) -> dict[str, JsonValue]:
    return {
        "assessment": assessment.to_json(exact=True),
        "signs": [sign_json(sign) for sign in assessment.signs],
    }


def sign_json(sign: Sign) -> dict[str, JsonValue]:
    """Everything about a sign; the threshold of one that is never judged is null."""
    unjudged = {"threshold": None} if math.isnan(sign.threshold) else {}
    return _fields(sign) | unjudged


def sign_from_json(content: dict[str, Any]) -> Sign:
    """Read what `sign_json` made.

    Raises
    ------
    ValueError
        For anything else.
    """
    unjudged = {"threshold": math.nan} if content["threshold"] is None else {}
    return from_plain(Sign, content | unjudged)


def _fields(value: object) -> dict[str, JsonValue]:
    content = to_plain(value)
    assert isinstance(content, dict)
    return content


def _without(content: dict[str, JsonValue], *names: str) -> dict[str, JsonValue]:
    return {name: value for name, value in content.items() if name not in names}


def _person(content: dict[str, Any]) -> PersonContent:
    person = from_plain(Person, content)
    sessions = tuple(_session(each, person.id) for each in content["sessions"])
    told = content.get("own_errors")
    own_errors = None if told is None else local_errors_from_json(told)
    return PersonContent(person=person, sessions=sessions, own_errors=own_errors)


def _session(content: dict[str, Any], person_id: str) -> SessionContent:
    screen = content["screen"]
    session = from_plain(Session, content | {"person_id": person_id, "screen": None})
    owner = {"session_id": session.id}
    return SessionContent(
        session=replace(session, screen=None if screen is None else screen_from_json(screen)),
        sets=tuple(_set(each | owner) for each in content["sets"]),
        results=tuple(from_plain(SessionResult, each | owner) for each in content["results"]),
        massages=tuple(record_from_json(each) for each in content["massages"]),
    )


def _set(content: dict[str, Any]) -> SetRecord:
    return SetRecord(
        id=content["id"],
        session_id=content["session_id"],
        recorded_at=from_plain(datetime, content["recorded_at"]),
        phase=from_plain(Phase, content["phase"]),
        assessment=_assessment(content),
        pain=_all(PainScore, content["pain"]),
        readings=_all(ManualReading, content["readings"]),
        edits=_all(Edit, content["edits"]),
        recording=content["recording"],
        notes=content["notes"],
        original=_assessment(content["original"]) if "original" in content else None,
    )


def _assessment(content: dict[str, Any]) -> Assessment:
    """An assessment of a set, with its signs in full where they were written."""
    assessment = assessment_from_json(content["assessment"])
    if "signs" not in content:
        return assessment
    return replace(assessment, signs=tuple(sign_from_json(each) for each in content["signs"]))


def _all(kind: type[_T], contents: list[Any]) -> tuple[_T, ...]:
    return tuple(from_plain(kind, each) for each in contents)
