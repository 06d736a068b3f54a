"""The tidy tables as Parquet, for analysts; needs the `analysis` extra."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rom
from rom.errors import UsageError
from rom.exports.columns import Column, columns_of
from rom.exports.tables import Row


def require_pyarrow() -> Any:
    """Return PyArrow.

    Raises
    ------
    UsageError
        It is not installed.
    """
    try:
        import pyarrow.parquet
    except ImportError:
        raise UsageError(
            "Expected PyArrow for Parquet files, but it is not installed; run"
            " `pip install 'rom[analysis]'`, or choose --format csv"
        ) from None
    return pyarrow


def write_table(table: str, rows: Sequence[Row], path: Path) -> None:
    """Write one table; every column carries its unit and meaning.

    Texts, times (ISO 8601) and JSON are strings, so that a time keeps its distance from UTC.
    """
    pyarrow = require_pyarrow()
    schema = pyarrow.schema(
        [_field(pyarrow, column) for column in columns_of(table)],
        metadata={"rom_version": rom.__version__, "table": table},
    )
    content = {
        column.name: [_value(column, row[column.name]) for row in rows]
        for column in columns_of(table)
    }
    pyarrow.parquet.write_table(pyarrow.table(content, schema=schema), path)


def _field(pyarrow: Any, column: Column) -> Any:
    kinds = {
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
    }
    notes = {
        "unit": column.unit,
        "meaning": column.meaning,
        "allowed_values": column.allowed_values,
        "null_means": column.blank,
    }
    return pyarrow.field(
        column.name,
        kinds.get(column.kind, pyarrow.string()),
        nullable=not column.required,
        metadata={name: text for name, text in notes.items() if text},
    )


def _value(column: Column, value: Any) -> Any:
    if column.kind == "json" and value is not None:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if column.kind == "number" and value is not None:
        return float(value)
    return value
