"""The data dictionary: every column of every table, with unit, meaning and allowed values."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import get_args

from rom.exports.cells import CellKind

NEVER_BLANK = "never"
NO_TEXT = "no text"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of an exported table.

    Attributes
    ----------
    unit
        In UCUM; empty where there is none or where the row names it.
    field
        Path of the value in the JSON of the row's object; empty for a column that refers to
        another table or that is computed for the reader.
    allowed_values
        The texts or numbers that occur; empty where any may.
    blank
        What a blank cell means; "never" where there is none.
    """

    table: str
    name: str
    kind: CellKind
    unit: str
    field: str
    meaning: str
    allowed_values: str
    blank: str

    @property
    def required(self) -> bool:
        return self.blank == NEVER_BLANK

    @property
    def choices(self) -> tuple[str, ...]:
        """The texts of which one must stand here; empty where any may."""
        parts = self.allowed_values.split(" | ")
        return tuple(parts) if self.kind == "text" and len(parts) > 1 else ()


@cache
def read_columns() -> tuple[Column, ...]:
    """All columns, in the order of the tables and of their columns."""
    path = resources.files("rom.exports").joinpath("data", "columns.csv")
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    columns = tuple(
        Column(**(row | {"name": row.pop("column")}))  # type: ignore[arg-type]
        for row in rows
    )
    unknown = {column.kind for column in columns} - set(get_args(CellKind))
    if unknown:
        raise ValueError(f"columns.csv: expected kinds of cells, got {sorted(unknown)}")
    return columns


def table_names() -> tuple[str, ...]:
    """Names of all tables, in order."""
    return tuple(dict.fromkeys(column.table for column in read_columns()))


@cache
def columns_of(table: str) -> tuple[Column, ...]:
    """The columns of one table, in order."""
    found = tuple(column for column in read_columns() if column.table == table)
    if not found:
        raise ValueError(f"expected one of {', '.join(table_names())}, got {table!r}")
    return found
