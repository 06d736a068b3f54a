"""Deletion that deletes: the rows, what they leave in the file, and what is left elsewhere named.

SQLite overwrites deleted rows (`secure_delete`), writes the file anew (`VACUUM`) and empties the
file of what was written ahead. PostgreSQL writes its tables anew (`VACUUM FULL`); its own log and
the backups of its server are with whoever runs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, text, update

from rom.errors import InputError, StoreError
from rom.records import own_errors, schema
from rom.records.backups import backups, holds_any
from rom.records.database import Database, raw_connection
from rom.records.owning import check_found, hold, present
from rom.records.rows import result_of
from rom.records.schema import metadata
from rom.records.settings import delete_setting, read_settings, write_setting
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
    return _delete_people(store, [person_id])


def delete_everything(store: Store) -> Deletion:
    """Delete all people of the store's owner, and the choices that lasted.

    Raises
    ------
    StoreError
        As `delete_person`.
    """
    settings = schema.settings
    with store.database.writing() as connection:
        connection.execute(delete(settings).where(settings.c.owner == store.owner))
    return _delete_people(store, [each.person.id for each in store.people()])


def delete_session(store: Store, session_id: str) -> Deletion:
    """Delete one session with all that it holds; see `delete_person`."""
    return _delete_within(store, schema.sessions, session_id, "session")


def delete_set(store: Store, set_id: str) -> Deletion:
    """Delete one set, and what it said together with others; see `delete_person`."""
    return _delete_within(store, schema.sets, set_id, "set")


def _delete_people(store: Store, person_ids: Sequence[str]) -> Deletion:
    with store.database.writing() as connection:
        found = present(connection, schema.people, person_ids, owner=store.owner)
        check_found(found == set(person_ids), "person")
        sessions, sets = (
            _count(connection, table, table.c.person_id.in_(person_ids))
            for table in (schema.sessions, schema.sets)
        )
        noted = _noted(connection, person_ids)
        connection.execute(delete(schema.people).where(schema.people.c.id.in_(person_ids)))
        _forget_own_errors(connection, store.owner, person_ids)
    elsewhere, perhaps = _still_there(noted, person_ids, key=store.database.key)
    forget(store.database)
    return Deletion(sessions, sets, elsewhere, perhaps)


def _forget_own_errors(connection: Connection, owner: str, person_ids: Sequence[str]) -> None:
    """Take the error figures of people who are no longer there out of what is switched on."""
    setting = read_settings(connection, owner).get(own_errors.KEY)
    if setting is None:
        return
    try:
        rest = own_errors.switched_on_from_json(setting.value).without(person_ids)
    except InputError:  # whose they are cannot be told any more
        rest = None
    if rest is None:
        delete_setting(connection, owner, own_errors.KEY)
    else:
        write_setting(connection, owner, own_errors.KEY, rest.to_json(), setting.changed_at)


def _delete_within(store: Store, table: Table, row_id: str, kind: str) -> Deletion:
    with store.database.writing() as connection:
        hold(connection, table, row_id, store.owner, kind)
        query = select(table.c.person_id).where(table.c.id == row_id)
        person_id = connection.execute(query).scalar_one()
        within = (schema.sets.c.session_id == row_id) | (schema.sets.c.id == row_id)
        sets = _count(connection, schema.sets, within)
        noted = _noted(connection, [person_id])
        if table is schema.sets:
            _delete_results_of(connection, row_id)
            _hand_on_landmarks(connection, row_id)
        connection.execute(delete(table).where(table.c.id == row_id))
    elsewhere, perhaps = _still_there(noted, [person_id], key=store.database.key)
    forget(store.database)
    return Deletion(int(table is schema.sessions), sets, elsewhere, perhaps)


def _delete_results_of(connection: Connection, set_id: str) -> None:
    """Delete what a set said together with others; without it nobody could look it up."""
    results, sets = schema.results, schema.sets
    query = select(results).join(sets, sets.c.session_id == results.c.session_id)
    for row in connection.execute(query.where(sets.c.id == set_id)).mappings().all():
        if set_id in result_of(row).set_ids.values():
            connection.execute(delete(results).where(results.c.id == row["id"]))


def _hand_on_landmarks(connection: Connection, set_id: str) -> None:
    """Let another set of the same recording keep the landmarks that both were measured from."""
    arrays = schema.set_arrays
    query = select(arrays.c.set_id).where(arrays.c.landmarks_of == set_id)
    heirs = connection.execute(query.order_by(arrays.c.set_id)).scalars().all()
    if not heirs:
        return
    shared = select(arrays.c.landmarks).where(arrays.c.set_id == set_id).scalar_subquery()
    first, *others = heirs
    command = update(arrays).where(arrays.c.set_id == first)
    connection.execute(command.values(landmarks=shared, landmarks_of=None))
    command = update(arrays).where(arrays.c.set_id.in_(others))
    connection.execute(command.values(landmarks_of=first))


def _count(connection: Connection, table: Table, condition: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(table).where(condition)
    return connection.execute(query).scalar_one()


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


def _noted(connection: Connection, person_ids: Sequence[str]) -> dict[Path, str]:
    """The files that hold some people as far as the store knows, and of what kind they are."""
    copies = schema.copies
    condition = copies.c.person_id.in_(person_ids) | copies.c.person_id.is_(None)
    query = select(copies.c.path, copies.c.kind).where(condition).order_by(copies.c.made_at)
    return {Path(path): kind for path, kind in connection.execute(query)}


def _still_there(
    noted: Mapping[Path, str], person_ids: Sequence[str], *, key: str | None
) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Files that hold some people, and files that cannot be read to see; none that is gone."""
    found: list[Path] = []
    unsure: list[Path] = []
    stores = dict.fromkeys([*backups(), *(p for p, kind in noted.items() if kind == "backup")])
    for path in stores:
        if path.exists():
            held = holds_any(path, person_ids, key=key)
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
