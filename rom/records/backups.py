"""Backups: whole stores in one file each, looked through before they count, and brought back.

A backup is an SQLite store whatever the store itself is, so that a clinic's records can be opened
without their server. It is as private as the store, and encrypted if that is.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from rom.errors import DamagedStoreError, OutputError, PassphraseError, RomError, StoreError
from rom.records import schema
from rom.records.engine import (
    FILE_MODE,
    FOLDER_MODE,
    Database,
    cipher_module,
    companions,
    is_encrypted,
    no_answer,
    quoted,
    raw_connection,
    sqlite_database,
)
from rom.records.location import backups_dir
from rom.records.migrate import prepare, revision_of
from rom.records.transfer import copy_rows, empty_tables, row_counts

SUFFIX = ".sqlite3"

_Ask = Callable[[], str | None]


@dataclass(frozen=True)
class Restored:
    """What became of a store when a backup was brought back.

    `kept` is where the records as they were before are now; None where there were none.
    """

    people: int
    sets: int
    kept: Path | None


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
    target = path.absolute() if path is not None else _new_name(reason)
    chosen = database.key if key is None else key or None
    with _aside(target) as temporary:
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


def damaged(path: Path) -> DamagedStoreError:
    """The error for a store that is damaged; it offers the newest backup that may be whole."""
    whole = [each for each in backups() if "-damaged" not in each.name]
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


def restore(
    source: Path, database_path: Path | None, server: Database | None, *, ask: _Ask = no_answer
) -> Restored:
    """Bring back a backup, into the file of the store or into the database of a server.

    The records as they are are kept as a backup first; a damaged file is moved there as it is.

    Raises
    ------
    StoreError
        The backup is damaged, or written by a newer version; nothing was changed.
    """
    found = found_backup(source)
    check_whole(found, ask=ask)
    if server is not None:
        return _restore_server(found, server, ask)
    assert database_path is not None
    return _restore_file(found, database_path, ask)


def found_backup(source: Path) -> Path:
    """Where a backup is that was named by its path, or by its name in the folder of backups.

    Raises
    ------
    StoreError
        It is nowhere.
    """
    for path in (source.expanduser(), backups_dir() / source):
        if path.is_file():
            return path.absolute()
    names = [path.name for path in backups()[:3]]
    hint = f"the newest are {', '.join(names)}" if names else f"{backups_dir()} holds none"
    raise StoreError(f"Expected a backup, but there is no file {source}; {hint}")


def _restore_file(found: Path, target: Path, ask: _Ask) -> Restored:
    # A copy becomes the store, so that the backup stays what it is.
    with _aside(target, replace=True) as temporary:
        shutil.copyfile(found, temporary)
        people, sets = _bring_forward(temporary, ask)
        kept = _put_aside(target, ask)
    return Restored(people, sets, kept)


def _bring_forward(path: Path, ask: _Ask) -> tuple[int, int]:
    """Migrate a copy of a backup, and count what it holds."""
    database = sqlite_database(path, ask=ask, create=False)
    try:
        prepare(database)
        with database.reading() as connection:
            counts = row_counts(connection)
        _leave_writing_ahead(database)
    finally:
        database.close()
    return counts["people"], counts["sets"]


def _put_aside(path: Path, ask: _Ask) -> Path | None:
    """Keep the store as it is under another name, and make sure that nobody is writing to it."""
    if not path.is_file() or not path.stat().st_size:
        return None
    try:
        database = sqlite_database(path, ask=ask, create=False)
        try:
            kept = back_up(database, reason="before-restore")
            _leave_writing_ahead(database)
        finally:
            database.close()
    except (DamagedStoreError, PassphraseError):
        return _move_unread(path)
    return kept


def _move_unread(path: Path) -> Path:
    """Keep a file that is damaged, or whose passphrase is not known, as it is."""
    kept = _new_name("damaged")
    kept.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    for file in companions(path):
        if file.exists():
            shutil.move(file, kept.with_name(kept.name + file.name.removeprefix(path.name)))
    shutil.copyfile(path, kept)
    kept.chmod(FILE_MODE)
    return kept


def _restore_server(found: Path, server: Database, ask: _Ask) -> Restored:
    prepare(server)
    kept = back_up(server, reason="before-restore")
    with _aside(backups_dir() / f"trial{SUFFIX}", keep=False) as temporary:
        shutil.copyfile(found, temporary)
        people, sets = _bring_forward(temporary, ask)
        copy = sqlite_database(temporary, ask=ask, create=False)
        try:
            with copy.reading() as source, server.writing() as target:
                empty_tables(target)
                copy_rows(source, target)
        finally:
            copy.close()
    return Restored(people, sets, kept)


def _copy_file(database: Database, target: Path) -> dict[str, int]:
    """SQLite's online backup, of one state, while others may go on writing."""
    with database.reading() as connection:
        counts = _all_counts(connection)
        fresh = sqlite_database(target, key=database.key)
        try:
            with fresh.explained(), raw_connection(fresh) as copy:
                _raw_of(connection).backup(copy)
            _leave_writing_ahead(fresh)
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
        _leave_writing_ahead(fresh)
    finally:
        fresh.close()
    return counts


def _leave_writing_ahead(database: Database) -> None:
    """Make the file whole by itself; this needs that nobody else has it open."""
    database.close()
    with database.explained(), raw_connection(database) as raw:
        raw.execute("PRAGMA busy_timeout = 2000")
        raw.execute("PRAGMA journal_mode = DELETE")
    database.close()


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


def _new_name(reason: str) -> Path:
    moment = datetime.now().strftime("%Y%m%d-%H%M%S")
    stem = f"records-{moment}" + (f"-{reason}" if reason else "")
    path = backups_dir() / f"{stem}{SUFFIX}"
    number = 1
    while path.exists():
        number += 1
        path = backups_dir() / f"{stem}-{number}{SUFFIX}"
    return path


@contextmanager
def _aside(target: Path, *, replace: bool = False, keep: bool = True) -> Iterator[Path]:
    """A new private file that takes the name of the target when the block ends well."""
    temporary = target.with_name(f".rom-{secrets.token_hex(6)}{SUFFIX}")
    try:
        if target.exists() and not replace:
            raise OutputError(f"Expected a new file, but {target} exists; name another one")
        if not target.parent.is_dir():
            target.parent.mkdir(mode=FOLDER_MODE, parents=True)
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE_MODE))
        yield temporary
        if keep:
            _settle(temporary)
            os.replace(temporary, target)
            _settle(target.parent)
    except OSError as error:
        raise OutputError(
            f"Expected to write {target}, but that failed ({error.strerror}); name another folder"
        ) from error
    finally:
        for file in (temporary, *companions(temporary)):
            with suppress(OSError):
                file.unlink(missing_ok=True)


def _settle(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    if path.is_dir() and os.name != "posix":
        return  # Windows has no such call for folders
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
