"""The database that a URL or a file stands for; files are private to their owner."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from rom.errors import (
    OutputError,
    PassphraseError,
    StoreError,
)
from rom.records.database import Database
from rom.records.drivers import postgres_engine, sqlite_engine
from rom.records.explaining import error_name, explain
from rom.records.location import (
    DATA_ENV,
    PASSPHRASE_ENV,
    default_store,
    wrong_url,
)

PLAIN_HEADER = b"SQLite format 3\0"
FOLDER_MODE = 0o700
FILE_MODE = 0o600


def no_answer() -> None:
    """Asks nobody for a passphrase."""
    return None


def store_file(url: str | None) -> Path | None:
    """The file of the store; None where the URL names a server.

    Raises
    ------
    UsageError
        For a URL that names no database that can be used.
    """
    if url is None:
        return default_store()
    parsed = _parsed_url(url)
    if parsed.get_backend_name() == "postgresql":
        return None
    if parsed.get_backend_name() != "sqlite":
        raise wrong_url(parsed.render_as_string(hide_password=True))
    if not parsed.database or parsed.database == ":memory:":
        raise wrong_url("a store without a file")
    return Path(parsed.database).expanduser().absolute()


def open_database(
    url: str | None,
    *,
    key: str | None = None,
    ask: Callable[[], str | None] = no_answer,
    create: bool = True,
) -> Database:
    """Return the database of a URL, or of the user's own file where there is no URL.

    Parameters
    ----------
    key
        A passphrase; a new file is encrypted with it, and one that is plain is refused.
    ask
        Asks for the passphrase of an encrypted file, where there is no key.
    create
        Whether a file that is not there may be made.

    Raises
    ------
    UsageError
        For a URL that names no database that can be used.
    OutputError
        For a folder that cannot be written.
    StoreError
        For a file that cannot be opened.
    """
    path = store_file(url)
    if path is None:
        assert url is not None
        return Database(postgres_engine(_parsed_url(url)))
    return sqlite_database(path, key=key, ask=ask, create=create)


def sqlite_database(
    path: Path,
    *,
    key: str | None = None,
    ask: Callable[[], str | None] = no_answer,
    create: bool = True,
) -> Database:
    """Return the database of a file, readable for its owner only; see `open_database`."""
    encrypted = is_encrypted(path)
    if encrypted is None and not create:
        raise StoreError(f"Expected records in {path}, but there are none; correct the name")
    if encrypted:
        key = key or ask()
        if not key:
            raise PassphraseError(
                f"Expected a passphrase for {path}, which is encrypted (or damaged), got none; set"
                f" {PASSPHRASE_ENV}"
            )
    elif encrypted is False and key:
        raise PassphraseError(
            f"Expected records that are encrypted, because a passphrase is given, but {path} is"
            f" not; unset {PASSPHRASE_ENV}, or encrypt them as `rom backup --help` says"
        )
    make_private(path, create=create)
    database = Database(sqlite_engine(path, key or None), path, key or None)
    check_key(database)
    return database


def is_encrypted(path: Path) -> bool | None:
    """Whether a file begins otherwise than a plain SQLite store; None where it is not there yet."""
    try:
        with path.open("rb") as file:
            header = file.read(len(PLAIN_HEADER))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(
            f"Expected to read {path}, but it cannot be opened ({error.strerror}); make it yours,"
            f" or name another folder with {DATA_ENV}"
        ) from error
    return header != PLAIN_HEADER if header else None


def check_key(database: Database) -> None:
    """Raise StoreError unless the passphrase opens the file."""
    if database.key is None or not database.path or not database.path.stat().st_size:
        return
    try:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
    except DBAPIError as error:
        database.close()
        orig = error.orig or error
        if error_name(orig) != "SQLITE_NOTADB":
            raise explain(orig, path=database.path, shown=database.shown) from error
        raise PassphraseError(
            f"Expected the passphrase of {database.path}, got another one (or the file is"
            f" damaged); correct {PASSPHRASE_ENV}"
        ) from error


def make_private(path: Path, *, create: bool) -> None:
    """Make the file and its folder, or close those that others could read.

    Raises
    ------
    OutputError
        The folder cannot be made or written.
    """
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(mode=FOLDER_MODE, parents=True)
        if create:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, FILE_MODE))
        for file in (path, *companions(path)):
            _close_to_others(file)
        if not os.access(
            path.parent, os.W_OK, effective_ids=os.access in os.supports_effective_ids
        ):
            raise PermissionError(0, "read-only")
    except OSError as error:
        raise OutputError(
            f"Expected to write records in {path.parent}, but it does not let us"
            f" ({error.strerror}); name another folder with {DATA_ENV}"
        ) from error


def companions(path: Path) -> tuple[Path, ...]:
    """The files that SQLite keeps beside a store while it is open."""
    return tuple(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal"))


def _close_to_others(file: Path) -> None:
    with suppress(FileNotFoundError):
        mode = stat.S_IMODE(file.stat().st_mode)
        if os.name == "posix" and mode & 0o077:
            file.chmod(FILE_MODE)


def _parsed_url(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise wrong_url("something else") from None
