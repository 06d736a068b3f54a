"""Changes by hand, and the measurement that they leave beside them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from rom.clinical.assessment import Assessment
from rom.errors import StoreError
from rom.records import queries, rows
from rom.records.arrays import pack_series
from rom.records.entities import Edit
from rom.records.schema import edits, originals, set_arrays, sets


def add(connection: Connection, set_id: str, edit: Edit, assessment: Assessment) -> None:
    """Put a changed assessment in the place of a set's that is held; the measured one is kept."""
    position = queries.next_position(connection, edits, edits.c.set_id, set_id)
    if position == 0:
        _keep_original(connection, set_id)
    connection.execute(insert(edits), rows.edit_row(set_id, position, edit))
    series = assessment.series
    _replace(connection, set_id, assessment, edited=True)
    if series is not None:
        _replace_series(connection, set_id, pack_series(series))


def undo(connection: Connection, set_id: str) -> None:
    """Put back what was measured in a set that is held.

    Raises
    ------
    StoreError
        It was changed when what was measured was not kept yet.
    """
    found = _original(connection, set_id)
    changes = connection.execute(delete(edits).where(edits.c.set_id == set_id)).rowcount
    if found is None and changes:
        raise StoreError(
            "Expected what was measured before this set was changed by hand, but an older version"
            " did not keep it; measure again"
        )
    if found is not None:
        _replace(connection, set_id, rows.assessment_of(found), edited=False)
        _replace_series(connection, set_id, found["series"])
        connection.execute(delete(originals).where(originals.c.set_id == set_id))


def _original(connection: Connection, set_id: str) -> RowMapping | None:
    query = select(originals).where(originals.c.set_id == set_id)
    return connection.execute(query).mappings().first()


def _keep_original(connection: Connection, set_id: str) -> None:
    measured = (
        select(sets.c.id, sets.c.assessment, set_arrays.c.series)
        .outerjoin(set_arrays)
        .where(sets.c.id == set_id)
    )
    connection.execute(insert(originals).from_select(["set_id", "assessment", "series"], measured))


def _replace(connection: Connection, set_id: str, assessment: Assessment, *, edited: bool) -> None:
    columns: dict[str, Any] = rows.assessment_columns(assessment) | {"edited": edited}
    connection.execute(update(sets).where(sets.c.id == set_id).values(columns))


def _replace_series(connection: Connection, set_id: str, series: bytes | None) -> None:
    command = update(set_arrays).where(set_arrays.c.set_id == set_id).values(series=series)
    if not connection.execute(command).rowcount and series is not None:
        connection.execute(insert(set_arrays).values(set_id=set_id, series=series))
