"""The process around a command: clean streams, one-line errors, exit status, progress.

Nothing here knows what a command does.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TextIO

from rom.errors import RomError

DEBUG_ENV = "ROM_DEBUG"

StepProgress = Callable[[str, float | None], None]

_DISK_FULL_ERRNOS = frozenset(
    getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name)
)


class _Interruption:
    """Remembers that the user stopped the command.

    A KeyboardInterrupt that arrives inside an import or a native call may come out as another
    exception, so the signal itself is what counts.
    """

    signal_number: int | None = None

    def handle(self, signal_number: int, frame: FrameType | None) -> None:
        self.signal_number = signal_number
        raise KeyboardInterrupt

    def install(self) -> None:
        # Also where Ctrl-C is ignored, as a shell without job control does for background jobs.
        signal.signal(signal.SIGINT, self.handle)
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) == signal.SIG_DFL:
                signal.signal(number, self.handle)


def run_command(command: Callable[[], int]) -> int:
    """Carry out a command and return the exit status of the process.

    Errors become one line on standard error. `ROM_DEBUG=1` shows the trace and the logs of the
    native libraries as well.
    """
    debug = bool(os.environ.get(DEBUG_ENV))
    interruption = _Interruption()
    if threading.current_thread() is threading.main_thread():
        interruption.install()
    _separate_streams(keep_native_logs=debug)
    if not debug:
        _silence_python_noise()
    try:
        status = command()
        sys.stdout.flush()
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 0
    except BaseException as error:
        if debug:
            traceback.print_exc()
        status, line = _describe(error, interruption.signal_number)
        _drop_pending_output()
        print_error(line)
    return status


def print_error(line: str) -> None:
    """Write one line to standard error, whatever the text holds."""
    words = " ".join(line.split())
    printable = "".join(char if char.isprintable() else "?" for char in words)
    with suppress(OSError, ValueError):
        print(f"rom: {printable}", file=sys.stderr, flush=True)


def _describe(error: BaseException, signal_number: int | None) -> tuple[int, str]:
    """Return the exit status and the line for an exception."""
    if signal_number is not None or isinstance(error, KeyboardInterrupt):
        return 128 + (signal_number or signal.SIGINT), "stopped; no unfinished output was kept"
    if isinstance(error, RomError):
        return error.exit_status, str(error)
    if isinstance(error, BrokenPipeError):
        return 1, (
            "Expected to write the whole result, but the program reading it closed early;"
            " write it to a file with --json FILE"
        )
    if isinstance(error, OSError) and error.errno in _DISK_FULL_ERRNOS:
        where = f" ({error.filename})" if error.filename else ""
        return 1, f"Expected room for the output, but the disk is full{where}; free some space"
    if _lacks_system_library(error):
        return 1, (
            f"Expected a system library that is not there ({error}); `rom doctor` names the"
            " package to install"
        )
    return 1, (
        f"rom hit an unexpected problem ({type(error).__name__}: {error}); please report it;"
        f" {DEBUG_ENV}=1 shows the trace"
    )


def _lacks_system_library(error: BaseException) -> bool:
    """Whether a loader error names a shared library; the loader sets no error number."""
    if isinstance(error, OSError) and error.errno is not None:
        return False
    return isinstance(error, ImportError | OSError) and ".so" in str(error)


def _separate_streams(*, keep_native_logs: bool) -> None:
    """Give `sys.stdout` and `sys.stderr` descriptors of their own and close off 1 and 2.

    What native code prints can then neither corrupt JSON on standard output nor stand beside the
    one line of an error.
    """
    sys.stdout = _own_stream(sys.stdout, 1, native_goes_on=False)
    sys.stderr = _own_stream(sys.stderr, 2, native_goes_on=keep_native_logs)


def _own_stream(stream: TextIO | None, descriptor: int, *, native_goes_on: bool) -> TextIO:
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        own = os.dup(descriptor)
    except OSError:  # started without this stream
        own = os.dup(null)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    if stream is not None:
        with suppress(OSError, ValueError):
            stream.flush()
    if not native_goes_on:
        os.dup2(null, descriptor)
    os.close(null)
    return os.fdopen(own, "w", encoding=encoding, errors="replace")


def _silence_python_noise() -> None:
    """Keep warnings and errors in finalisers of other packages off the terminal."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    sys.unraisablehook = lambda _: None
    threading.excepthook = lambda _: None


def _drop_pending_output() -> None:
    """Forget what is still buffered for standard output, so that exit cannot fail on it."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)


@contextmanager
def progress_bar() -> Iterator[StepProgress]:
    """Show named steps with bars on standard error; nothing where that is not a terminal.

    Call what is yielded with the step's name and the fraction done, None where it is unknown.
    """
    if not sys.stderr.isatty():
        yield lambda step, fraction: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskID,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TaskProgressColumn(),
        TimeRemainingColumn(compact=True),
    )
    width = min(80, os.get_terminal_size(sys.stderr.fileno()).columns or 80)
    console = Console(file=sys.stderr, width=width)
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=console, transient=True) as progress:

        def show(step: str, fraction: float | None) -> None:
            if step not in tasks:
                for task in tasks.values():
                    progress.update(task, visible=False)
                tasks[step] = progress.add_task(step, total=None)
            if fraction is not None:
                progress.update(tasks[step], total=1.0, completed=min(fraction, 1.0))

        yield show
