"""Keep the log lines of native libraries off the terminal."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_stderr_lock = threading.Lock()


@contextmanager
def silenced_native_logs() -> Iterator[None]:
    """Discard what native code writes to file descriptor 2 while the block runs.

    Python's own `sys.stderr` goes on writing to the real one, so messages of other threads and
    progress bars are kept; exceptions pass unchanged.
    """
    with _stderr_lock:
        try:
            real_fd = os.dup(2)
        except OSError:  # started without a standard error, for example under pythonw
            yield
            return
        python_stderr = sys.stderr
        if python_stderr is not None:
            python_stderr.flush()
        null_fd = os.open(os.devnull, os.O_WRONLY)
        detour = os.fdopen(os.dup(real_fd), "w", buffering=1, errors="replace")
        try:
            if _writes_to_fd_2(python_stderr):
                sys.stderr = detour
            os.dup2(null_fd, 2)
            yield
        finally:
            os.dup2(real_fd, 2)
            if sys.stderr is detour:
                sys.stderr = python_stderr
            detour.close()
            os.close(null_fd)
            os.close(real_fd)


def _writes_to_fd_2(stream: object) -> bool:
    """Whether a stream is the real standard error and not a replacement held in memory."""
    try:
        return bool(stream.fileno() == 2)  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return False
