"""Keep the native libraries quiet: no log lines on the terminal, no usage logs over the network."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Port 9 ("discard") of this machine: nothing listens there, so the attempt ends at once.
_NOWHERE = "http://127.0.0.1:9"

_stderr_lock = threading.Lock()


def disable_usage_logging() -> None:
    """Give MediaPipe's native HTTP client a proxy that leads nowhere.

    MediaPipe 1.2 reports the use of a landmarker to its maker and has no setting against it. Its
    client reads the proxy from the C environment, which Python's own clients do not look at:
    `os.environ` stays as the user set it. Must run before the first landmarker is created.
    """
    for name in ("https_proxy", "http_proxy", "all_proxy"):
        os.putenv(name, _NOWHERE)
    # An exception list of the user's ("*") would lead around the proxy.
    for name in ("no_proxy", "NO_PROXY"):
        os.putenv(name, "")


def child_environment() -> dict[str, str]:
    """Environment for a child process that may use the network, as the user set it.

    A child that is started without an explicit environment inherits the C one, blocked proxy
    included; so this is also cleaned where the current process is such a child.
    """
    return {name: value for name, value in os.environ.items() if value != _NOWHERE}


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
