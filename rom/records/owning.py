"""Whose rows they are. What is named from outside is looked for among an owner's people only.

An owner is whoever signed in, or "" for the user of the command line; rows belong to the owner of
the person at the end of their foreign keys.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from sqlalchemy import Column, ColumnElement, Connection, Table, exists, select

from rom.errors import StoreError, UsageError

LOCAL_USER = ""
"""The owner of what the command line keeps."""

MAX_OWNER_CHARACTERS = 255


def checked_owner(owner: str) -> str:
    """Return the name of an owner as it is.

    Raises
    ------
    UsageError
        It is longer than 255 characters, or holds what cannot be shown.
    """
    unshown = any(unicodedata.category(each) in ("Cc", "Cs") for each in owner)
    if len(owner) > MAX_OWNER_CHARACTERS or unshown:
        raise UsageError(
            f"Expected a name of a user of up to {MAX_OWNER_CHARACTERS} characters that can be"
            f" shown, got {ascii(owner[:40])}; sign in with another"
        )
    return owner


def owned(table: Table, owner: str) -> ColumnElement[bool]:
    """The condition that a row belongs to an owner."""
    if "owner" in table.c:
        return table.c.owner == owner
    column, above = _above(table)
    return exists().where(above.c.id == column, owned(above, owner))


def present(
    connection: Connection, table: Table, ids: Iterable[str], *, owner: str | None = None
) -> set[str]:
    """Which of these ids are there; all owners' where none is named."""
    query = select(table.c.id).where(table.c.id.in_(list(ids)))
    if owner is not None:
        query = query.where(owned(table, owner))
    return set(connection.execute(query).scalars())


def hold(connection: Connection, table: Table, row_id: str, owner: str, kind: str) -> None:
    """Make sure that a row is the owner's, and that nobody else changes it in this transaction.

    Raises
    ------
    StoreError
        It is not there, or not the owner's.
    """
    query = select(table.c.id).where(table.c.id == row_id, owned(table, owner)).with_for_update()
    check_found(len(connection.execute(query).all()), kind)


def check_found(count: int, kind: str) -> None:
    """Raise StoreError if there was nothing of this name for this owner."""
    if not count:
        raise StoreError(f"Expected a {kind} of these records, but it is not there any more")


def _above(table: Table) -> tuple[Column[str], Table]:
    """The column that names the next row on the way to the person, and its table."""
    for name in ("person_id", "session_id", "set_id", "massage_id"):
        if name in table.c:
            (key,) = table.c[name].foreign_keys
            return table.c[name], key.column.table
    raise ValueError(f"expected a table of somebody's rows, got {table.name}")
