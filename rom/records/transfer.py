"""All rows of one database into another, whichever kind either is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select

from rom.records.schema import metadata

_ROWS_AT_ONCE = 500


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy every table into one that is empty; owners come before what belongs to them."""
    for table in metadata.sorted_tables:
        for batch in _batches(source, table):
            target.execute(insert(table), batch)


def empty_tables(connection: Connection) -> None:
    """Delete all rows."""
    for table in reversed(metadata.sorted_tables):
        connection.execute(delete(table))


def row_counts(connection: Connection) -> dict[str, int]:
    """How many rows each table holds."""
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
    }


def _batches(source: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    found = source.execution_options(yield_per=_ROWS_AT_ONCE).execute(select(table)).mappings()
    rows = iter(found)
    while batch := [dict(row) for row in islice(rows, _ROWS_AT_ONCE)]:
        yield batch
