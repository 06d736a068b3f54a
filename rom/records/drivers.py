"""How SQLite and PostgreSQL are connected to, so that they keep what they acknowledge.

SQLite waits for the disk at every commit (`synchronous=FULL`).
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from rom.errors import StoreError
from rom.records.database import WRITING
from rom.records.location import wrong_url

BUSY_TIMEOUT_S = 30.0
CONNECT_TIMEOUT_S = 5


def sqlite_engine(path: Path, key: str | None) -> Engine:
    """Connections to a file, encrypted if there is a key."""
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
        writing = connection.get_execution_options().get(WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def postgres_engine(url: URL) -> Engine:
    """Connections to a server.

    Raises
    ------
    UsageError
        The URL cannot be used.
    StoreError
        The library is not installed.
    """
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

    return engine


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


def quoted(text: str) -> str:
    """A text as SQL; `PRAGMA` takes no parameters."""
    return "'" + text.replace("'", "''") + "'"


def _prepare(connection: Any, key: str | None) -> None:
    if key:
        connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to standard error
        connection.execute(f"PRAGMA key = {quoted(key)}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
