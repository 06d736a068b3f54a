"""A database that is open: connections that read or write, and its errors in words.

A writing transaction of SQLite takes the lock at its start (`BEGIN IMMEDIATE`), so that two
programs wait for each other instead of failing half-way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from rom.records.explaining import explain

WRITING = "rom_writing"
"""The option that a connection has while it writes."""


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
            connection = connection.execution_options(**{WRITING: True})
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


@contextmanager
def raw_connection(database: Database) -> Iterator[Any]:
    """A connection of the database's own library, outside any transaction."""
    proxied = database.engine.raw_connection()
    try:
        yield proxied.driver_connection
    finally:
        proxied.close()
