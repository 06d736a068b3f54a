"""Bring a store to the form that this version of the program works with.

Only ever forwards. A store that already holds something is tried as a copy first; what a failing
step leaves behind is then that copy. The step itself is one transaction, after a backup.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from rom import __version__
from rom.errors import RomError, StoreError
from rom.records.database import Database, raw_connection
from rom.records.drivers import BUSY_TIMEOUT_S
from rom.records.engine import FOLDER_MODE, sqlite_database
from rom.records.location import DATA_ENV
from rom.records.schema import APPLICATION_ID, REVISION, VERSION_TABLE, metadata

VERSIONS = Path(__file__).parent / "migrations" / "versions"

_RETRY_S = 0.05
_LOCK = 0x726F6D
"""Of PostgreSQL's advisory locks, the one that stands for migrating."""


def prepare(database: Database, *, versions: Path = VERSIONS, newest: str = REVISION) -> None:
    """Make the tables of an empty store, bring an older one forward, or leave all as it is.

    Raises
    ------
    StoreError
        The database holds something else, was written by a newer version, or cannot be brought
        forward; in each case nothing was changed.
    """
    with database.reading() as connection:
        found = revision_of(database, connection)
    if found != newest:
        if found is not None:
            _check_known(database, found, versions)
            _rehearse(database, versions, newest)
        _migrate(database, versions, newest)
    _write_ahead(database)


def revision_of(database: Database, connection: Connection) -> str | None:
    """The migration that a store stands at; None for one that is empty.

    Raises
    ------
    StoreError
        The database holds something else.
    """
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE in tables and _marked(database, connection):
        query = text(f"SELECT version_num FROM {VERSION_TABLE}")
        found: str | None = connection.execute(query).scalar()
        return found
    foreign = tables if database.path else tables & set(metadata.tables)
    if foreign:
        raise StoreError(
            f"Expected records in {database.shown}, but it holds something else; name another place"
            f" with {DATA_ENV}"
        )
    return None


def _marked(database: Database, connection: Connection) -> bool:
    if database.path is None:
        return True
    return connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION_ID


def _check_known(database: Database, found: str, versions: Path) -> None:
    known = {path.name[1:5] for path in versions.glob("v[0-9][0-9][0-9][0-9]_*.py")}
    if found not in known:
        raise StoreError(
            f"Expected records that rom {__version__} knows, but {database.shown} was written by a"
            " newer version; install that one. Nothing was changed"
        )


def _rehearse(database: Database, versions: Path, newest: str) -> None:
    """Migrate a copy and look at the outcome; a failure is told, and the store is untouched."""
    try:
        if database.path is None:
            _migrate(database, versions, newest, keep=False)
        else:
            _rehearse_file(database, versions, newest)
    except (
        RomError,
        SQLAlchemyError,
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        raise StoreError(
            f"Expected to bring the records in {database.shown} to the form of rom {__version__},"
            f" but a trial on a copy failed ({type(error).__name__}); nothing was changed; keep the"
            " version that you had, and report it"
        ) from error


def _rehearse_file(database: Database, versions: Path, newest: str) -> None:
    from rom.records.backups import back_up

    assert database.path is not None
    backup = back_up(database, reason="before-update")
    with tempfile.TemporaryDirectory(dir=backup.parent, prefix=".trial-") as folder:
        Path(folder).chmod(FOLDER_MODE)
        trial = Path(folder) / "trial.sqlite3"
        trial.write_bytes(backup.read_bytes())
        copy = sqlite_database(trial, key=database.key, create=False)
        try:
            _migrate(copy, versions, newest)
        finally:
            copy.close()


def _migrate(database: Database, versions: Path, newest: str, *, keep: bool = True) -> None:
    """Carry out all steps in one transaction, which is kept or taken back."""
    with _one_at_a_time(database) as connection:
        before = _counts(connection)
        if revision_of(database, connection) != newest:
            _run_steps(connection, versions, newest)
            _check_whole(database, connection, before)
            if database.path is not None:
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        if keep:
            connection.commit()
        else:
            connection.rollback()


@contextmanager
def _one_at_a_time(database: Database) -> Iterator[Connection]:
    """A transaction in which nobody else migrates; foreign keys rest while tables change."""
    with database.explained(), database.engine.connect() as connection:
        if database.path is not None:
            connection = connection.execution_options(rom_writing=True)
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys = OFF")
        else:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        try:
            yield connection
        finally:
            connection.invalidate()


def _run_steps(connection: Connection, versions: Path, newest: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.attributes["connection"] = connection
    folder = str(VERSIONS.parent).replace("%", "%%")
    config.set_main_option("script_location", folder)
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    command.upgrade(config, newest)


def _counts(connection: Connection) -> dict[str, int]:
    tables = sorted(set(inspect(connection).get_table_names()) & {"people", "sessions", "sets"})
    return {
        table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        for table in tables
    }


def _check_whole(database: Database, connection: Connection, before: dict[str, int]) -> None:
    after = _counts(connection)
    lost = [name for name, count in before.items() if after.get(name) != count]
    if lost:
        raise ValueError(f"expected all rows of {', '.join(lost)} after the update")
    if database.path is not None:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise ValueError(f"expected owners of all rows, {len(broken)} have none")


def _write_ahead(database: Database) -> None:
    """Switch an SQLite file to writing ahead; it stays so. Some network disks cannot, and need not.

    The rollback journal, which then stays, is as safe at `synchronous=FULL`.
    """
    if database.path is None:
        return
    end_s = time.monotonic() + BUSY_TIMEOUT_S
    with database.explained(), raw_connection(database) as raw:
        while raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                raw.execute("PRAGMA journal_mode = WAL")
                return
            except Exception as error:  # of one library or the other
                # SQLite does not wait here for another program that opens the same store.
                if "locked" not in str(error) or time.monotonic() > end_s:
                    raise
                time.sleep(_RETRY_S)
