"""Values as cells of a CSV file and back without loss; no text becomes a formula.

A spreadsheet takes a cell that starts with = + - @, a tab or a carriage return for a formula. Such
a text gets one apostrophe in front, and so does a text that starts with an apostrophe itself, so
that taking one away gives every text back. The same is done after a semicolon, a tab or a line end
within the text, where a spreadsheet set to another separator would start a new cell. Numbers stay
numbers: a blank cell is a missing value, and an empty text is a lone apostrophe.
"""

from __future__ import annotations

import json
import math
import re
from typing import Literal

from rom.clinical.json_values import JsonValue

CellKind = Literal["text", "time", "integer", "number", "boolean", "json"]

_STARTS_CELL = r"(?:\A|(?<=[;\t\r\n]))"
_DANGEROUS = re.compile(_STARTS_CELL + r"(?=[=+\-@＝＋－＠\t\r\n'])")
_GUARDED = re.compile(_STARTS_CELL + "'")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> guarded("=1+1"), guarded("'tis"), guarded("stiff, +5 on Monday"), guarded("")
    ("'=1+1", "''tis", 'stiff, +5 on Monday', "'")
    """
    return _DANGEROUS.sub("'", text) if text else "'"


def unguarded(cell: str) -> str:
    """Return the text that `guarded` took."""
    return _GUARDED.sub("", cell)


def to_cell(kind: CellKind, value: JsonValue) -> str:
    """Return a value as a cell; None is blank, a number keeps every digit.

    >>> to_cell("number", -5.25), to_cell("boolean", True), to_cell("text", None)
    ('-5.25', 'true', '')
    """
    if value is None:
        return ""
    if kind == "json":
        return guarded(json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True))
    if kind == "boolean":
        return "true" if value else "false"
    if kind in ("integer", "number"):
        return repr(value)
    if kind in ("text", "time"):
        return guarded(str(value))
    raise AssertionError(kind)


def from_cell(kind: CellKind, cell: str) -> JsonValue:
    """Return the value of a cell.

    Raises
    ------
    ValueError
        For a cell that holds something else.
    """
    if cell == "":
        return None
    if kind == "json":
        content: JsonValue = json.loads(unguarded(cell))
        return content
    if kind == "boolean":
        return {"true": True, "false": False}[_checked(cell.lower(), "true", "false")]
    if kind == "integer":
        if not _WHOLE_NUMBER.fullmatch(cell):
            raise ValueError(f"expected a whole number, got {cell[:40]!r}")
        return int(cell)
    if kind == "number":
        return _number(cell)
    if kind in ("text", "time"):
        return unguarded(cell)
    raise AssertionError(kind)


def _checked(cell: str, *allowed: str) -> str:
    if cell not in allowed:
        raise ValueError(f"expected {' or '.join(allowed)}, got {cell[:40]!r}")
    return cell


def _number(cell: str) -> float | int:
    if _WHOLE_NUMBER.fullmatch(cell):
        return int(cell)
    value = float(cell) if _NUMBER.fullmatch(cell) else math.nan
    if not math.isfinite(value):
        raise ValueError(f"expected a number, got {cell[:40]!r}")
    return value
