"""Everything `rom` raises on purpose: one line that says what was expected, what came, what to do.

The same sentence is shown by the command line and by the app, so it is written for the user.
"""

from __future__ import annotations


class RomError(Exception):
    """Base of all errors that a user can act on."""

    exit_status = 1

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class UsageError(RomError):
    """The request cannot be carried out as it was given."""

    exit_status = 2


class InputError(RomError):
    """The input cannot be read."""

    exit_status = 2


class OutputError(RomError):
    """The output cannot be written, for a reason known before the work starts."""

    exit_status = 2


class StorageFullError(RomError):
    """The disk filled up while writing."""


class ModelError(RomError):
    """The pose model is missing, damaged, or cannot be loaded."""


class StoreError(InputError):
    """The store of people and sessions cannot be reached, opened or read."""


class PassphraseError(StoreError):
    """An encrypted store was opened without its passphrase, or with another one."""


class DamagedStoreError(StoreError):
    """The store is damaged; `newest_backup` names what can be brought back, if anything."""

    def __init__(self, message: str, newest_backup: str | None = None) -> None:
        super().__init__(message)
        self.newest_backup = newest_backup
