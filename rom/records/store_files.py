"""Files of stores and backups that appear whole or not at all, readable for their owner only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from rom.errors import OutputError
from rom.records.database import Database, raw_connection
from rom.records.engine import FILE_MODE, FOLDER_MODE, companions
from rom.records.location import backups_dir

SUFFIX = ".sqlite3"


@contextmanager
def new_file(target: Path, *, replace: bool = False, keep: bool = True) -> Iterator[Path]:
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


def leave_writing_ahead(database: Database) -> None:
    """Make the file whole by itself; this needs that nobody else has it open."""
    database.close()
    with database.explained(), raw_connection(database) as raw:
        raw.execute("PRAGMA busy_timeout = 2000")
        raw.execute("PRAGMA journal_mode = DELETE")
    database.close()


def new_name(reason: str) -> Path:
    """A name in the folder of backups that no file has yet."""
    moment = datetime.now().strftime("%Y%m%d-%H%M%S")
    stem = f"records-{moment}" + (f"-{reason}" if reason else "")
    path = backups_dir() / f"{stem}{SUFFIX}"
    number = 1
    while path.exists():
        number += 1
        path = backups_dir() / f"{stem}-{number}{SUFFIX}"
    return path
