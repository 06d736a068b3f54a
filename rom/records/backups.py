"""Backups: whole stores in one file each, looked through before they count.

A backup is an SQLite store whatever the store itself is, so that a clinic's records can be opened
without their server. It is as private as the store, and encrypted if that is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from rom.errors import DamagedStoreError, RomError, StoreError
from rom.records import schema
from rom.records.database import Database, raw_connection
from rom.records.drivers import cipher_module, quoted
from rom.records.engine import is_encrypted, no_answer, sqlite_database
from rom.records.location import backups_dir
from rom.records.migrate import prepare, revision_of
from rom.records.store_files import SUFFIX, leave_writing_ahead, new_file, new_name
from rom.records.transfer import copy_rows, row_counts

UNREAD = ("-damaged", "-unread")
"""In the names of files that were kept although nobody could look into them."""

_Ask = Callable[[], str | None]


def back_up(
    database: Database, path: Path | None = None, *, reason: str = "", key: str | None = None
) -> Path:
    """Write a backup, look it through, and return where it is.

    Parameters
    ----------
    path
        A file that is not there yet; None for one in the folder of backups.
    key
        A passphrase for the backup other than the store's; "" for none.

    Raises
    ------
    OutputError
        The file is there already, or its folder cannot be written.
    DamagedStoreError
        The store is damaged.
    StorageFullError
        There is no room.
    """
    target = path.absolute() if path is not None else new_name(reason)
    chosen = database.key if key is None else key or None
    with new_file(target) as temporary:
        if database.path is None:
            counts = _copy_server(database, temporary, chosen)
        elif chosen == database.key:
            counts = _copy_file(database, temporary)
        else:
            counts = _copy_with_key(database, temporary, chosen or "")
        faults = _faults_of(temporary, key=chosen, ask=no_answer, counts=counts)
        if faults and database.path is not None:
            raise damaged(database.path)
        if faults:
            raise StoreError(f"Expected a whole backup, but it has faults ({faults[0]}); try again")
    return target


def backups() -> list[Path]:
    """The files in the folder of backups, the newest first."""
    with suppress(OSError):
        found = [path for path in backups_dir().iterdir() if path.name.endswith(SUFFIX)]
        visible = [path for path in found if not path.name.startswith(".")]
        return sorted(visible, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
    return []


def plain_backups() -> list[Path]:
    """The backups that anybody can read who gets hold of them, the newest first."""
    return [path for path in backups() if is_encrypted(path) is False]


def damaged(path: Path) -> DamagedStoreError:
    """The error for a store that is damaged; it offers the newest backup that may be whole."""
    whole = [each for each in backups() if not any(mark in each.name for mark in UNREAD)]
    if not whole:
        return DamagedStoreError(
            f"Expected whole records in {path}, but the file is damaged, and there is no backup in"
            f" {backups_dir()}; keep the file, and name a backup of your own to `rom restore`"
        )
    newest = whole[0]
    day = datetime.fromtimestamp(newest.stat().st_mtime).strftime("%Y-%m-%d %H:%M")
    return DamagedStoreError(
        f"Expected whole records in {path}, but the file is damaged; `rom restore {newest.name}`"
        f" brings back the newest backup ({day}) and keeps the damaged file",
        str(newest),
    )


def check_whole(path: Path, *, ask: _Ask = no_answer) -> None:
    """Read a store or a backup from end to end.

    Raises
    ------
    StoreError
        It is damaged, or holds something else.
    """
    if faults := _faults_of(path, key=None, ask=ask, counts=None):
        raise StoreError(
            f"Expected a whole file, but {path} is damaged ({faults[0]}); name another backup"
        )


def _faults_of(
    path: Path, *, key: str | None, ask: _Ask, counts: dict[str, int] | None
) -> list[str]:
    """What is wrong with a store; `counts` are the rows that it has to hold."""
    database = sqlite_database(path, key=key, ask=ask, create=False)
    try:
        with database.reading() as connection:
            if revision_of(database, connection) is None:
                raise StoreError(f"Expected records in {path}, but it is empty; name another file")
            faults = _faults(connection)
            if not faults and counts is not None and _counts_in(connection, counts) != counts:
                faults = ["rows are missing"]
    except DamagedStoreError:
        return ["it cannot be read to its end"]
    finally:
        database.close()
    return faults


def _copy_file(database: Database, target: Path) -> dict[str, int]:
    """SQLite's online backup, of one state, while others may go on writing."""
    with database.reading() as connection:
        counts = _all_counts(connection)
        fresh = sqlite_database(target, key=database.key)
        try:
            with fresh.explained(), raw_connection(fresh) as copy:
                _raw_of(connection).backup(copy)
            leave_writing_ahead(fresh)
        finally:
            fresh.close()
    return counts


def _copy_with_key(database: Database, target: Path, key: str) -> dict[str, int]:
    """A copy under another passphrase, or under none; the library of ciphers writes both."""
    module = cipher_module()
    with database.reading() as connection:
        counts = _all_counts(connection)
    raw = module.connect(str(database.path), isolation_level=None)
    try:
        with database.explained():
            if database.key:
                raw.execute(f"PRAGMA key = {quoted(database.key)}")
            raw.execute(f"ATTACH DATABASE {quoted(str(target))} AS fresh KEY {quoted(key)}")
            raw.execute("SELECT sqlcipher_export('fresh')")
            raw.execute(f"PRAGMA fresh.application_id = {schema.APPLICATION_ID}")
            raw.execute("DETACH DATABASE fresh")
    finally:
        raw.close()
    return counts


def _copy_server(database: Database, target: Path, key: str | None) -> dict[str, int]:
    fresh = sqlite_database(target, key=key)
    try:
        prepare(fresh)
        with database.reading() as source, fresh.writing() as connection:
            copy_rows(source, connection)
            counts = row_counts(source)
        leave_writing_ahead(fresh)
    finally:
        fresh.close()
    return counts


def _raw_of(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _all_counts(connection: Connection) -> dict[str, int]:
    """Rows of every table that is there, whichever version wrote it."""
    query = text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    names = connection.execute(query).scalars().all()
    return _counts_in(connection, dict.fromkeys(names, 0))


def _counts_in(connection: Connection, names: dict[str, int]) -> dict[str, int]:
    return {
        name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()
        for name in names
    }


def _faults(connection: Connection) -> list[str]:
    found = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(5)")]
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    return [each for each in found if each != "ok"] + ["rows without an owner"] * bool(orphans)


def holds_any(path: Path, person_ids: Sequence[str], *, key: str | None) -> bool | None:
    """Whether a backup holds one of these people; None where it cannot be read."""
    try:
        database = sqlite_database(path, key=key if is_encrypted(path) else None, create=False)
        try:
            with database.reading() as connection:
                query = select(schema.people.c.id).where(schema.people.c.id.in_(person_ids))
                return connection.execute(query).first() is not None
        finally:
            database.close()
    except (RomError, DBAPIError):
        return None
