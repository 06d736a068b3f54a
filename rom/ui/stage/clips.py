"""Recorded clips on the disk: a folder for each running app, emptied when it ends or crashed."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from filelock import FileLock, Timeout

_LOCK_SUFFIX = ".lock"


class ClipFolder:
    """The folder of one running app, for its user's eyes only.

    The lock beside it tells other apps on this computer that it is in use; the system lets go of
    it when the app dies, however it dies.
    """

    def __init__(self, root: Path) -> None:
        root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        root.mkdir(mode=0o700, exist_ok=True)
        remove_leftovers(root)
        self.path = root / secrets.token_hex(8)
        self._lock = FileLock(self.path.with_suffix(_LOCK_SUFFIX))
        self._lock.acquire(blocking=False)
        self.path.mkdir(mode=0o700)

    def new_folder(self) -> Path:
        """A folder for the clips of one stage."""
        path = self.path / secrets.token_hex(8)
        path.mkdir(mode=0o700)
        return path

    def close(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.release()
        self.path.with_suffix(_LOCK_SUFFIX).unlink(missing_ok=True)


def new_file(folder: Path, suffix: str) -> tuple[int, Path]:
    """Open a new file that only its owner can read; return its descriptor and where it is."""
    path = folder / f"{secrets.token_hex(8)}{suffix}"
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    return os.open(path, flags, 0o600), path


def remove_leftovers(root: Path) -> None:
    """Remove the folders of apps that are no longer running."""
    if not root.is_dir():
        return
    for folder in [each for each in root.iterdir() if each.is_dir()]:
        lock_path = folder.with_suffix(_LOCK_SUFFIX)
        lock = FileLock(lock_path)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            continue
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
        lock_path.unlink(missing_ok=True)
