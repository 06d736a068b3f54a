"""Files that earlier commands wrote, read back and checked."""

from __future__ import annotations

from pathlib import Path

from rom.clinical.massage.record import SCHEMA as MASSAGE_SCHEMA
from rom.clinical.massage.record import MassageRecord, record_from_json
from rom.clinical.screen import Screen, screen_from_json
from rom.inputs import read_json


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
