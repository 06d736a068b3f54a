"""Files that earlier commands wrote, read back and checked."""

from __future__ import annotations

import json
from pathlib import Path

from rom.clinical.massage.record import SCHEMA as MASSAGE_SCHEMA
from rom.clinical.massage.record import MassageRecord, record_from_json
from rom.clinical.screen import Screen, screen_from_json
from rom.errors import InputError

LARGEST_FILE_BYTES = 4_000_000


def read_json(path: Path) -> object:
    """The content of a JSON file.

    Raises
    ------
    InputError
        It cannot be read, is too large or holds something else.
    """
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise ValueError
        content: object = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"Expected a file to read, but {path} cannot be read ({error.strerror}); correct it"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"Expected JSON that rom wrote, but {path} holds something else; name another file"
        ) from error
    return content


def read_screen(path: Path) -> Screen:
    """Answers to the safety questions, from `rom screen` or out of the record of a massage.

    Raises
    ------
    InputError
        It holds neither.
    """
    content = read_json(path)
    if isinstance(content, dict) and content.get("schema") == MASSAGE_SCHEMA:
        kept = record_from_json(content).screen
        if kept is not None:
            return kept
    return screen_from_json(content)


def read_record(path: Path) -> MassageRecord:
    """The record of a massage.

    Raises
    ------
    InputError
        It holds something else.
    """
    return record_from_json(read_json(path))
