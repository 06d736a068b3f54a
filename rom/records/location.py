"""Where the records are: a file of the user's own, or the database that a clinic names."""

from __future__ import annotations

import os
from pathlib import Path

from rom.errors import UsageError

DATA_ENV = "ROM_DATA_DIR"
URL_ENV = "ROM_DATABASE_URL"
PASSPHRASE_ENV = "ROM_PASSPHRASE"
NEW_PASSPHRASE_ENV = "ROM_NEW_PASSPHRASE"

STORE_NAME = "records.sqlite3"
BACKUPS_NAME = "backups"

_EXAMPLE = "postgresql://NAME@HOST/DATABASE"


def data_dir() -> Path:
    """Return the folder of the records; `ROM_DATA_DIR` moves it."""
    if configured := os.environ.get(DATA_ENV):
        return Path(configured).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("rom", appauthor=False)


def default_store() -> Path:
    """Return the file of the store that is used where no database is named."""
    return data_dir() / STORE_NAME


def backups_dir() -> Path:
    """Return the folder of the backups."""
    return data_dir() / BACKUPS_NAME


def database_url() -> str | None:
    """Return the database that `ROM_DATABASE_URL` names; None for the store in a file."""
    return os.environ.get(URL_ENV) or None


def wrong_url(shown: str) -> UsageError:
    """The error for a URL that names no database that can be used. Give it without a password."""
    return UsageError(
        f"Expected a database as in {_EXAMPLE}, got {shown}; correct {URL_ENV}, or unset it to keep"
        " the records on this computer"
    )


def passphrase() -> str | None:
    """Return the passphrase that `ROM_PASSPHRASE` gives; None without one."""
    return os.environ.get(PASSPHRASE_ENV) or None
