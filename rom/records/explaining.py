"""What SQLite and PostgreSQL say, in one line for the user."""

from __future__ import annotations

from pathlib import Path

from rom.errors import OutputError, RomError, StorageFullError, StoreError, UsageError
from rom.records.location import DATA_ENV, URL_ENV


def error_name(error: BaseException) -> str:
    """SQLite's name of an error, without what it adds ("SQLITE_IOERR" for all of its kind)."""
    name = getattr(error, "sqlite_errorname", None)
    if name is None:
        words = str(error).lower()
        found = [each for phrase, each in _BY_WORDS.items() if phrase in words]
        return found[0] if found else ""
    return "_".join(str(name).split("_")[:2])


_BY_WORDS = {
    "not a database": "SQLITE_NOTADB",
    "file is encrypted": "SQLITE_NOTADB",
    "malformed": "SQLITE_CORRUPT",
    "is full": "SQLITE_FULL",
    "is locked": "SQLITE_BUSY",
    "readonly": "SQLITE_READONLY",
    "disk i/o": "SQLITE_IOERR",
    "unable to open": "SQLITE_CANTOPEN",
}


def explain(error: BaseException, *, path: Path | None, shown: str) -> RomError:
    """What a database said, in one line for the user.

    `path` is the file of an SQLite store, None for a server; `shown` names either.
    """
    if _is(error, "IntegrityError") and "name_key" in str(error):
        return UsageError("Expected a new name, but somebody is called so already; choose another")
    if _is(error, "IntegrityError") and _twice(error):
        return StoreError(
            "Expected something new, but it was saved already, perhaps by another program at the"
            " same time; look at what is there, and try again"
        )
    if path is None:
        return _explain_postgres(error, shown)
    return _explain_sqlite(error, path)


def _is(error: BaseException, kind: str) -> bool:
    """Whether an error is of a kind that every library of databases names alike (PEP 249)."""
    return any(each.__name__ == kind for each in type(error).__mro__)


def _twice(error: BaseException) -> bool:
    """Whether a row was refused because its name is taken."""
    return getattr(error, "sqlstate", None) == "23505" or "UNIQUE constraint" in str(error)


def _explain_sqlite(error: BaseException, path: Path) -> RomError:
    name = error_name(error)
    if name in ("SQLITE_CORRUPT", "SQLITE_NOTADB"):
        from rom.records.backups import damaged

        return damaged(path)
    if name in ("SQLITE_FULL", "SQLITE_IOERR"):
        return StorageFullError(
            f"Expected room for the records in {path.parent}, but the disk is full or fails; what"
            " was saved before is safe; free some space and save again"
        )
    if name in ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"):
        return OutputError(
            f"Expected to write records in {path.parent}, but it does not let us; make it yours, or"
            f" name another folder with {DATA_ENV}"
        )
    if name in ("SQLITE_BUSY", "SQLITE_LOCKED"):
        return StoreError(
            f"Expected to write to {path}, but another program keeps it busy; close that and try"
            " again"
        )
    return StoreError(f"Expected to use the records in {path}, but the database says: {error}")


def _explain_postgres(error: BaseException, shown: str) -> RomError:
    words = (str(error).strip().splitlines() or ["no reason"])[0]
    if getattr(error, "sqlstate", None) in _NO_ROOM:
        return StorageFullError(
            f"Expected room in {shown}, but the server has none; what was saved before is"
            " safe; ask who runs it"
        )
    if _is(error, "OperationalError"):
        return StoreError(
            f"Expected an answer from {shown}, got: {words}; check that the server runs"
            f" and that {URL_ENV} is right"
        )
    return StoreError(f"Expected to use the records in {shown}, but it says: {words}")


_NO_ROOM = ("53100", "53200")
"""PostgreSQL's codes for a full disk and for want of memory."""
