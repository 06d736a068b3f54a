"""A conversation in a terminal: wrapped words out, typed lines in, a timer in between.

Works as well with answers from a pipe: then nothing is drawn over and nothing waits for a key.
"""

from __future__ import annotations

import os
import queue
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from rom.errors import InputError, UsageError

DEFAULT_WIDTH = 80
MIN_WIDTH = 24

_POLL_S = 0.2

_T = TypeVar("_T")


class InputEndedError(InputError):
    """No more answers come."""

    def __init__(self) -> None:
        super().__init__("Expected an answer, but the input ended; start again to answer")


def terminal_width() -> int:
    """Columns to write in: those of the terminal or of COLUMNS, between 24 and 80."""
    columns = DEFAULT_WIDTH
    if os.environ.get("COLUMNS", "").isdigit():
        columns = int(os.environ["COLUMNS"])
    elif sys.stdout.isatty():
        # Not shutil's answer: it asks descriptor 1, which the process has closed off.
        columns = os.get_terminal_size(sys.stdout.fileno()).columns
    return max(MIN_WIDTH, min(DEFAULT_WIDTH, columns or DEFAULT_WIDTH))


class Dialogue:
    """Says, asks and waits.

    Parameters
    ----------
    descriptor
        Where the answers come from; standard input unless given.
    """

    def __init__(self, descriptor: int = 0) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._descriptor = descriptor
        self._interactive = os.isatty(descriptor) and sys.stdout.isatty()
        self._reader: threading.Thread | None = None

    @property
    def width(self) -> int:
        return terminal_width()

    def say(self, *paragraphs: str) -> None:
        """Print paragraphs, each wrapped; an empty one makes an empty line."""
        for paragraph in paragraphs:
            print("\n".join(textwrap.wrap(paragraph, self.width)))
        sys.stdout.flush()

    def item(self, head: str, words: str) -> None:
        """Print words behind a head, with a hanging indent."""
        indent = " " * len(head)
        print(textwrap.fill(words, self.width, initial_indent=head, subsequent_indent=indent))

    def show(self, text: str) -> None:
        """Print lines as they are."""
        print(text, flush=True)

    def ask(self, prompt: str, read: Callable[[str], _T]) -> _T:
        """Ask until `read` takes the answer; what it refuses is told in its own sentence.

        Raises
        ------
        InputEndedError
            No answer comes any more.
        """
        while True:
            print(f"{prompt} ", end="", flush=True)
            try:
                line = self._next_line()
            except InputEndedError:
                print(flush=True)
                raise
            if not self._interactive:
                print(flush=True)  # nobody pressed Enter on this screen
            try:
                return read(line.strip().lower())
            except UsageError as error:
                self.say(str(error))

    def wait(self, remaining_s: Callable[[], float], read: Callable[[str], None]) -> None:
        """Count down until nothing remains or `read` takes a line that was typed meanwhile.

        A pipe's lines answer questions, so they are left alone here.
        """
        shown = -1
        while (left_s := remaining_s()) > 0:
            if self._interactive and round(left_s) != shown:
                shown = round(left_s)
                print(f"\r  {shown:3d} s left ", end="", flush=True)
            line = self._typed_within(min(_POLL_S, left_s))
            if line is None:
                continue
            try:
                read(line.strip().lower())
                return
            except UsageError as error:
                self.say(str(error))
        if self._interactive:
            print("\r   time is up \a", flush=True)

    def _typed_within(self, seconds: float) -> str | None:
        if not self._interactive:
            time.sleep(seconds)
            return None
        self._start_reader()
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            return None
        if line is None:
            raise InputEndedError
        return line

    def _next_line(self) -> str:
        self._start_reader()
        while True:
            try:
                line = self._lines.get(timeout=_POLL_S)  # with a limit, so that Ctrl-C is heard
            except queue.Empty:
                continue
            if line is None:
                self._lines.put(None)  # so that the next question ends, too
                raise InputEndedError
            return line

    def _start_reader(self) -> None:
        if self._reader is None:
            self._reader = threading.Thread(target=self._read_lines, daemon=True)
            self._reader.start()

    def _read_lines(self) -> None:
        # Not through sys.stdin: a thread that waits in it would hold its lock at exit.
        rest = b""
        while True:
            try:
                piece = os.read(self._descriptor, 4096)
            except OSError:  # started without this stream
                piece = b""
            if not piece:
                break
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                self._lines.put(line.decode("utf-8", errors="replace"))
        if rest.strip():
            self._lines.put(rest.decode("utf-8", errors="replace"))
        self._lines.put(None)
