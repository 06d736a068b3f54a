"""Files that appear complete or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from rom.errors import OutputError, StorageFullError
from rom.video.paths import shown

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


def is_storage_full(number: int | None) -> bool:
    """Whether an error number means want of room: disk full, quota, or largest file reached."""
    return number in _FULL


def check_writable(path: Path, *, force: bool) -> None:
    """Make sure, before any work, that the file can be written.

    Raises
    ------
    OutputError
        If the file exists and `force` is not given, is not a regular file, or its folder does not
        exist or does not let us write.
    StorageFullError
        If the disk is full already.
    """
    target = _checked_target(path, force=force)
    with _explained(path):
        _remove(_create_beside(target))


@contextlib.contextmanager
def atomic_output(path: Path, *, force: bool) -> Iterator[Path]:
    """Yield a temporary file in the same folder that becomes `path` if the block succeeds.

    On any exception, Ctrl-C too, the temporary file is removed and `path` is as it was. The
    temporary file keeps the suffix, and a symbolic link is written through.

    Raises
    ------
    OutputError
        As `check_writable`, also when the file appeared in the meantime.
    StorageFullError
        If the disk fills up inside the block.
    """
    target = _checked_target(path, force=force)
    with _explained(path):
        temporary = _create_beside(target)
    try:
        try:
            yield temporary
        except OSError as error:
            if is_storage_full(error.errno):
                raise storage_full(path) from None
            raise
        if not force:
            _checked_target(path, force=force)
        with _explained(path):
            os.replace(temporary, target)
    finally:
        _remove(temporary)


def _checked_target(path: Path, *, force: bool) -> Path:
    """Return where `path` really leads."""
    with _explained(path):
        target = path.resolve()
        if target.is_dir():
            raise OutputError(
                f"Expected a file to write, but {shown(path)} is a folder; name a file in it."
            )
        if target.exists():
            if not target.is_file():
                raise OutputError(
                    f"{shown(path)} is not a regular file; choose another output name."
                )
            if not force:
                raise OutputError(
                    f"{shown(path)} exists; say --force to replace it or choose another name."
                )
        elif not target.parent.is_dir():
            raise OutputError(
                f"Cannot write {shown(path)}: the folder {shown(target.parent)} does not exist; "
                "create it first."
            )
        return target


def _create_beside(target: Path) -> Path:
    """Create an empty file beside the target, with the permissions that the target would get."""
    temporary = target.with_name(f".rom-{secrets.token_hex(6)}{target.suffix[:16]}")
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    return temporary


def _remove(temporary: Path) -> None:
    with contextlib.suppress(OSError):
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what the system says about an output path into one line for the user."""
    try:
        yield
    except OSError as error:
        if is_storage_full(error.errno):
            raise storage_full(path) from None
        raise OutputError(
            f"Cannot write {shown(path)} ({error.strerror}); choose a folder that you may write to."
        ) from None
    except ValueError:
        raise OutputError(f"{shown(path)} is not a possible file name; choose another.") from None


def storage_full(path: Path) -> StorageFullError:
    """Return the error that says which file found no room."""
    return StorageFullError(
        f"The disk is full while writing {shown(path)}; free some space or choose another folder."
    )
