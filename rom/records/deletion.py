"""Deletion that deletes: the rows, what they leave in the file, and what is left elsewhere named.

SQLite overwrites deleted rows (`secure_delete`), writes the file anew (`VACUUM`) and empties the
file of what was written ahead. PostgreSQL writes its tables anew (`VACUUM FULL`); its own log and
the backups of its server are with whoever runs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, func, select, text

from rom.errors import StoreError
from rom.records import schema
from rom.records.backups import backups, holds_person
from rom.records.engine import Database, raw_connection
from rom.records.schema import metadata
from rom.records.store import Store


@dataclass(frozen=True)
class Deletion:
    """What was deleted, and where some of it still is.

    Attributes
    ----------
    elsewhere
        Exports and backups that hold the person; deleting those is left to whoever owns them.
    perhaps
        Files that could not be read to see.
    """

    sessions: int
    sets: int
    elsewhere: tuple[Path, ...]
    perhaps: tuple[Path, ...] = ()


def delete_person(store: Store, person_id: str) -> Deletion:
    """Delete a person with everything that is kept about them.

    Raises
    ------
    StoreError
        The person is not in the store, or another program holds on to the file: then the rows are
        deleted, but may be legible in it until this is called again.
    """
    database = store.database
    elsewhere, perhaps = copies_of(database, person_id)
    with database.writing() as connection:
        sessions, sets = (
            connection.execute(
                select(func.count()).select_from(table).where(table.c.person_id == person_id)
            ).scalar_one()
            for table in (schema.sessions, schema.sets)
        )
        command = delete(schema.people).where(schema.people.c.id == person_id)
        if not connection.execute(command).rowcount:
            raise StoreError("Expected somebody of these records, but they are not there any more")
    forget(database)
    return Deletion(sessions, sets, elsewhere, perhaps)


def delete_session(store: Store, session_id: str) -> None:
    """Delete one session with its sets.

    Raises
    ------
    StoreError
        As `delete_person`.
    """
    command = delete(schema.sessions).where(schema.sessions.c.id == session_id)
    with store.database.writing() as connection:
        if not connection.execute(command).rowcount:
            raise StoreError("Expected a session of these records, but it is not there any more")
    forget(store.database)


def forget(database: Database) -> None:
    """Make what was deleted illegible."""
    if database.path is None:
        _forget_on_server(database)
        return
    database.close()  # our own connections must not hold on to an older state
    with database.explained(), raw_connection(database) as raw:
        raw.execute("VACUUM")
        busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise StoreError(
            f"Expected nobody else at {database.path}, but another program holds on to an older"
            " state, so that what was deleted may still be legible in the file; close that program"
            " and type `rom delete --again`"
        )


def copies_of(database: Database, person_id: str) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Files that hold a person, and files that cannot be read to see; those gone are left out."""
    copies = schema.copies
    query = select(copies.c.path, copies.c.kind).where(
        (copies.c.person_id == person_id) | copies.c.person_id.is_(None)
    )
    with database.reading() as connection:
        noted = {Path(path): kind for path, kind in connection.execute(query.order_by("made_at"))}
    found: list[Path] = []
    unsure: list[Path] = []
    stores = dict.fromkeys([*backups(), *(p for p, kind in noted.items() if kind == "backup")])
    for path in stores:
        if path.exists():
            held = holds_person(path, person_id, key=database.key)
            if held is not False:
                (found if held else unsure).append(path)
    found += [path for path, kind in noted.items() if kind != "backup" and path.exists()]
    return tuple(found), tuple(unsure)


def _forget_on_server(database: Database) -> None:
    with database.explained(), database.engine.connect() as connection:
        free = connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in metadata.sorted_tables:
            free.execute(text(f"VACUUM FULL {table.name}"))
        free.execute(text("CHECKPOINT")) if _may_checkpoint(database) else None


def _may_checkpoint(database: Database) -> bool:
    """Whether the user may ask the server to write everything down."""
    with database.engine.connect() as connection:
        query = text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(connection.execute(query).scalar())
