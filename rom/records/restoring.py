"""Backups brought back, into the file of the store or into the database of a server."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from rom.errors import DamagedStoreError, PassphraseError, StoreError
from rom.records import schema
from rom.records.backups import back_up, backups, check_whole
from rom.records.database import Database
from rom.records.engine import FILE_MODE, FOLDER_MODE, companions, no_answer, sqlite_database
from rom.records.location import backups_dir
from rom.records.migrate import prepare
from rom.records.owning import present
from rom.records.rows import copy_row
from rom.records.store_files import SUFFIX, leave_writing_ahead, new_file, new_name
from rom.records.transfer import copy_rows, empty_tables, row_counts

_Ask = Callable[[], str | None]
_Row = dict[str, Any]


@dataclass(frozen=True)
class Restored:
    """What became of a store when a backup was brought back.

    `kept` is where the records as they were before are now; None where there were none.
    """

    people: int
    sets: int
    kept: Path | None


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
    with new_file(target, replace=True) as temporary:
        shutil.copyfile(found, temporary)
        people, sets = _bring_forward(temporary, ask)
        kept, noted = _put_aside(target, ask)
        _note_in_file(temporary, [*noted, _copy_of_all(found)], ask)
    return Restored(people, sets, kept)


def _bring_forward(path: Path, ask: _Ask) -> tuple[int, int]:
    """Migrate a copy of a backup, and count what it holds."""
    database = sqlite_database(path, ask=ask, create=False)
    try:
        prepare(database)
        with database.reading() as connection:
            counts = row_counts(connection)
        leave_writing_ahead(database)
    finally:
        database.close()
    return counts["people"], counts["sets"]


def _note_in_file(path: Path, noted: Sequence[_Row], ask: _Ask) -> None:
    database = sqlite_database(path, ask=ask, create=False)
    try:
        with database.writing() as connection:
            _note(connection, noted)
        leave_writing_ahead(database)
    finally:
        database.close()


def _note(connection: Connection, noted: Sequence[_Row]) -> None:
    """Let records that were brought back know which files hold their people still."""
    copies = schema.copies
    there = present(connection, copies, [row["id"] for row in noted])
    people = present(connection, schema.people, [row["person_id"] for row in noted])
    for row in noted:
        if row["id"] not in there and (row["person_id"] is None or row["person_id"] in people):
            connection.execute(insert(copies), row)


def _noted(connection: Connection) -> list[_Row]:
    return [dict(row) for row in connection.execute(select(schema.copies)).mappings()]


def _copy_of_all(path: Path) -> _Row:
    return copy_row("backup", path, made_at=datetime.now().astimezone())


def _put_aside(path: Path, ask: _Ask) -> tuple[Path | None, list[_Row]]:
    """Keep the store as it is under another name, and make sure that nobody is writing to it.

    Returns where it is now, and the files that it knew of.
    """
    if not path.is_file() or not path.stat().st_size:
        return None, []
    try:
        database = sqlite_database(path, ask=ask, create=False)
        try:
            kept = back_up(database, reason="before-restore")
            with database.reading() as connection:
                noted = _noted(connection)
            leave_writing_ahead(database)
        finally:
            database.close()
    except DamagedStoreError:
        return _move_unread(path, "damaged"), []
    except PassphraseError:
        return _move_unread(path, "unread"), []
    return kept, noted


def _move_unread(path: Path, reason: str) -> Path:
    """Keep a file that is damaged, or whose passphrase is not known, as it is."""
    kept = new_name(reason)
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
    with new_file(backups_dir() / f"trial{SUFFIX}", keep=False) as temporary:
        shutil.copyfile(found, temporary)
        people, sets = _bring_forward(temporary, ask)
        copy = sqlite_database(temporary, ask=ask, create=False)
        try:
            with copy.reading() as source, server.writing() as target:
                noted = _noted(target)
                empty_tables(target)
                copy_rows(source, target)
                _note(target, [*noted, _copy_of_all(found)])
        finally:
            copy.close()
    return Restored(people, sets, kept)
