"""The tables that the package carries, read once; a blank cell is None."""

from __future__ import annotations

import csv
import json
from functools import cache
from importlib import resources
from typing import Any

Row = dict[str, str | None]


@cache
def read_table(name: str) -> tuple[Row, ...]:
    """Rows of a CSV table in ``rom/clinical/data``, cells as text.

    >>> read_table("norm_defaults.csv")[0]["movement_id"]
    'shoulder_flexion'
    """
    text = resources.files("rom.clinical").joinpath("data", name).read_text(encoding="utf-8")
    return tuple(
        {column: cell or None for column, cell in row.items()}
        for row in csv.DictReader(text.splitlines())
    )


@cache
def read_schema(name: str) -> dict[str, Any]:
    """A JSON Schema of ``rom/clinical/data``: "assessment" or "comparison"."""
    path = resources.files("rom.clinical").joinpath("data", f"{name}.schema.json")
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def text_of(row: Row, column: str) -> str:
    """The cell of a column that is never blank."""
    cell = row[column]
    if cell is None:
        raise ValueError(f"column {column}: expected a value, the cell is blank in {row}")
    return cell


def number_of(row: Row, column: str) -> float:
    """The number in a column that is never blank."""
    return float(text_of(row, column))


def optional_number_of(row: Row, column: str) -> float | None:
    """The number in a column, None where blank."""
    cell = row[column]
    return None if cell is None else float(cell)
