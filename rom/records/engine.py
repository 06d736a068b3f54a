"""Connections to SQLite and PostgreSQL that keep what they acknowledge, and their errors in words.

SQLite writes ahead (WAL) and waits for the disk at every commit (`synchronous=FULL`). A writing
transaction takes the lock at its start (`BEGIN IMMEDIATE`), so that two programs wait for each
other instead of failing half-way.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from rom.errors import (
    OutputError,
    PassphraseError,
    StoreError,
)
from rom.records.explaining import error_name, explain
from rom.records.location import (
    DATA_ENV,
    PASSPHRASE_ENV,
    default_store,
    wrong_url,
)

PLAIN_HEADER = b"SQLite format 3\0"
BUSY_TIMEOUT_S = 30.0
CONNECT_TIMEOUT_S = 5
FOLDER_MODE = 0o700
FILE_MODE = 0o600

_WRITING = "rom_writing"


@dataclass(frozen=True, eq=False)
class Database:
    """A database that can be connected to.

    Attributes
    ----------
    path
        The file of an SQLite store; None for PostgreSQL.
    key
        The passphrase of an encrypted file; None for a plain one and for PostgreSQL.
    """

    engine: Engine
    path: Path | None = None
    key: str | None = field(default=None, repr=False)

    @property
    def shown(self) -> str:
        """Where it is, without a password."""
        if self.path is not None:
            return str(self.path)
        url = self.engine.url.set(drivername="postgresql")  # as it is written in the environment
        return url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state from beginning to end, and changes nothing."""
        with self.explained(), self.engine.connect() as connection:
            if self.path is None:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: all of it is on the disk when the block ends well, else none of it."""
        with self.explained(), self.engine.connect() as connection:
            connection = connection.execution_options(**{_WRITING: True})
            with connection.begin():
                yield connection

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn what the database says into one line for the user."""
        library = self.engine.dialect.loaded_dbapi.Error
        try:
            yield
        except DBAPIError as error:
            raise explain(error.orig or error, path=self.path, shown=self.shown) from error
        except library as error:
            raise explain(error, path=self.path, shown=self.shown) from error

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


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
        return _postgres_database(_parsed_url(url))
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
    database = Database(_sqlite_engine(path, key or None), path, key or None)
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


@contextmanager
def raw_connection(database: Database) -> Iterator[Any]:
    """A connection of the database's own library, outside any transaction."""
    proxied = database.engine.raw_connection()
    try:
        yield proxied.driver_connection
    finally:
        proxied.close()


def companions(path: Path) -> tuple[Path, ...]:
    """The files that SQLite keeps beside a store while it is open."""
    return tuple(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal"))


def cipher_module() -> ModuleType:
    """Return the library that reads encrypted stores.

    Raises
    ------
    StoreError
        It is not installed.
    """
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise StoreError(
            "Expected the library that encrypts records, but it is not installed; type"
            " `pip install 'rom[encryption]'`"
        ) from error
    module: ModuleType = dbapi2
    return module


def _close_to_others(file: Path) -> None:
    with suppress(FileNotFoundError):
        mode = stat.S_IMODE(file.stat().st_mode)
        if os.name == "posix" and mode & 0o077:
            file.chmod(FILE_MODE)


def _sqlite_engine(path: Path, key: str | None) -> Engine:
    import sqlite3

    module = cipher_module() if key else sqlite3

    def connect() -> Any:
        connection = module.connect(
            str(path), timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        _prepare(connection, key)
        return connection

    engine = create_engine("sqlite://", module=module, creator=connect, poolclass=QueuePool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(_WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _prepare(connection: Any, key: str | None) -> None:
    if key:
        connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to standard error
        connection.execute(f"PRAGMA key = {quoted(key)}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA trusted_schema = OFF")


def quoted(text: str) -> str:
    """A text as SQL; `PRAGMA` takes no parameters."""
    return "'" + text.replace("'", "''") + "'"


def _parsed_url(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise wrong_url("something else") from None


def _postgres_database(url: URL) -> Database:
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
        )
    except ImportError as error:
        raise StoreError(
            "Expected the library that speaks to PostgreSQL, but it is not installed; type"
            " `pip install 'rom[clinic]'`"
        ) from error
    except (ArgumentError, NoSuchModuleError, TypeError, ValueError):
        raise wrong_url(url.render_as_string(hide_password=True)) from None

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO on")
        connection.commit()

    return Database(engine)
