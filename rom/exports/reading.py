"""What can be read back: exports, and the JSON of `rom assess` and `rom compare`."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from rom.clinical.assessment import SCHEMA as ASSESSMENT_SCHEMA
from rom.clinical.comparison import SCHEMA as COMPARISON_SCHEMA
from rom.errors import InputError
from rom.exports.csv_files import is_table_export, read_tables
from rom.exports.document import is_document, people_from_document
from rom.exports.loose import set_from_assessment, unnamed_person
from rom.exports.tables import document_of
from rom.records.entities import PersonContent, Phase, SetRecord
from rom.records.from_json import assessment_from_json

MAX_BYTES = 1_000_000_000


def is_readable(path: Path) -> bool:
    """Whether a path names an export or a JSON file rather than a recording."""
    return path.suffix.lower() in (".json", ".csv") or (path.is_dir() and is_table_export(path))


def read_people(path: Path) -> tuple[PersonContent, ...]:
    """Read an export (JSON, or CSV tables), or the result of a command.

    Raises
    ------
    InputError
        The file cannot be read or holds something else.
    """
    if path.is_dir() or path.suffix.lower() == ".csv":
        return _read_tables(path)
    content = _read_json(path)
    if is_document(content):
        return people_from_document(content)
    try:
        sets = _sets_of(content, path)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"Expected results that rom wrote, but {path} holds something else ({error}); name a"
            " file of `rom export`, `rom assess --json` or `rom compare --json`"
        ) from error
    return (unnamed_person(sets),)


def moment_of(path: Path) -> datetime:
    """When a file was last written, as far as its file system knows."""
    return datetime.fromtimestamp(path.stat().st_mtime).astimezone()


def _read_tables(path: Path) -> tuple[PersonContent, ...]:
    if not is_table_export(path):
        raise InputError(
            f"Expected a table of sets, but there is none at {path}; name the folder of an export"
            " or its file of sets"
        )
    try:
        return people_from_document(document_of(read_tables(path)))
    except ValueError as error:
        raise InputError(
            f"Expected the tables of one export at {path}, but they do not fit together ({error});"
            " export them again"
        ) from error


def _sets_of(content: Any, path: Path) -> list[SetRecord]:
    if not isinstance(content, dict):
        raise ValueError("no object")
    named = {"single": content}
    if content.get("schema") == COMPARISON_SCHEMA:
        named = {role: content[role] for role in ("pre1", "pre2", "post") if content.get(role)}
    elif "left" in content and "right" in content:
        named = {side: content[side] for side in ("left", "right")}
    elif content.get("schema") != ASSESSMENT_SCHEMA:
        raise ValueError("no schema that is known")
    phases = {phase.value: phase for phase in Phase}
    return [
        set_from_assessment(
            assessment_from_json(assessment),
            recording=path.name,
            recorded_at=moment_of(path),
            phase=phases.get(role, Phase.SINGLE),
        )
        for role, assessment in named.items()
    ]


def _read_json(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"Expected a JSON file of up to 1 GB, got {path}; split it")
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise InputError(
            f"Expected a file to read, but {path} cannot be read ({error.strerror}); correct it"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"Expected JSON that rom wrote, but {path} holds something else; name another file"
        ) from error
