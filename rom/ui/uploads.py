"""Files that came through the browser: private, for a while, gone with the app.

They lie in a folder that only the user of this computer may open. What an earlier run could not
take away, because the computer was switched off, goes at the next start.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from rom.errors import OutputError, StorageFullError
from rom.video.atomic import is_storage_full

PREFIX = "rom-app-"
LONGEST_NAME = 80
LONGEST_KEPT_S = 24 * 3600.0
VIDEO_TYPES = ("mp4", "mov", "m4v", "avi", "mkv", "webm", "3gp", "mts", "mpg", "mpeg", "wmv")
LARGEST_MB = 500

_lock = threading.Lock()
_folder: list[Path] = []


def temporary_folder() -> Path:
    """The folder of this process, made when first asked for.

    Raises
    ------
    OutputError
        It cannot be made.
    """
    with _lock:
        if not (_folder and _folder[0].is_dir()):
            _sweep()
            try:
                _folder[:] = [Path(tempfile.mkdtemp(prefix=PREFIX))]
            except OSError as error:
                raise OutputError(
                    f"Expected a place for temporary files, but {tempfile.gettempdir()} does not"
                    f" let us write ({error.strerror}); free some space, or set TMPDIR"
                ) from error
        return _folder[0]


def put_aside(name: str, content: IO[bytes]) -> Path:
    """Copy what was uploaded to a file of its own; whoever takes it deletes it.

    Raises
    ------
    StorageFullError
        There is no room.
    OutputError
        It cannot be written.
    """
    ending = re.sub(r"[^a-z0-9.]", "", Path(shown_name(name)).suffix.lower())[:8]
    path = temporary_folder() / f"{secrets.token_hex(12)}{ending}"
    try:
        with open(path, "xb", opener=_private) as file:
            shutil.copyfileobj(content, file)
    except OSError as error:
        path.unlink(missing_ok=True)
        if is_storage_full(error.errno):
            raise StorageFullError(
                f"The disk is full while taking in {shown_name(name)}; free some space and add it"
                " again"
            ) from None
        raise OutputError(
            f"Expected to take in {shown_name(name)}, but that failed ({error.strerror}); free"
            " some space and add it again"
        ) from error
    return path


def shown_name(name: str) -> str:
    """A file's name as it can be shown and kept: one line, no folders, of bearable length."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    plain = "".join(each for each in last if each.isprintable()).strip()
    stem, dot, ending = plain.rpartition(".")
    if dot and len(ending) <= 8:
        return f"{stem[:LONGEST_NAME]}.{ending}"
    return plain[:LONGEST_NAME] or "recording"


def remove_all() -> None:
    """Delete everything that was taken in by this process."""
    with _lock:
        for folder in _folder:
            shutil.rmtree(folder, ignore_errors=True)
        _folder.clear()


def remove_old() -> None:
    """Delete what nobody came back for."""
    with _lock:
        for folder in _folder:
            for path in _older(folder.iterdir()):
                path.unlink(missing_ok=True)


def _sweep() -> None:
    for folder in _older(Path(tempfile.gettempdir()).glob(f"{PREFIX}*")):
        shutil.rmtree(folder, ignore_errors=True)


def _older(paths: Iterator[Path]) -> list[Path]:
    found = []
    with suppress(OSError):
        for path in paths:
            if not path.is_symlink() and time.time() - path.stat().st_mtime > LONGEST_KEPT_S:
                found.append(path)
    return found


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
