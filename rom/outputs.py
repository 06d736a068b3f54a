"""The files of one command: checked before the work, and shown all together or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rom.errors import OutputError, StorageFullError, UsageError


@dataclass(frozen=True)
class Output:
    """A file to be written; `write` gets a temporary path in the same folder."""

    path: Path
    write: Callable[[Path], None]


def check_outputs(paths: Sequence[Path], *, inputs: Iterable[Path], force: bool) -> None:
    """Check that every output can be written, before any long work.

    Raises
    ------
    UsageError
        Two outputs, or an output and an input, are the same file.
    OutputError
        A file exists and `force` is not given, or its folder cannot be written.
    """
    from rom.video.atomic import check_writable

    sources = {_identity(path) for path in inputs}
    seen: set[object] = set()
    for path in paths:
        identity = _identity(path)
        if identity in sources:
            raise OutputError(
                f"Expected an output beside the input, got {path} for both; name another file"
            )
        if identity in seen:
            raise UsageError(f"Expected one file for each output, got {path} twice; rename one")
        seen.add(identity)
        check_writable(path, force=force)


def check_suffix(path: Path, option: str, *suffixes: str) -> None:
    """Check that the name of an output says what it will hold.

    Raises
    ------
    UsageError
        The name ends in something else.
    """
    if path.suffix.lower() not in suffixes:
        wanted = " or ".join(suffixes)
        raise UsageError(f"Expected {option} to name a {wanted} file, got {path}; rename it")


def write_together(outputs: Iterable[Output], *, force: bool) -> None:
    """Write all files aside, then move them to their names.

    Whatever fails or interrupts the writing leaves none of them.
    """
    from rom.video.atomic import atomic_output

    with ExitStack() as commits:
        for output in outputs:
            temporary = commits.enter_context(atomic_output(output.path, force=force))
            _write_aside(output, temporary)


def _write_aside(output: Output, temporary: Path) -> None:
    try:
        output.write(temporary)
    except StorageFullError:
        raise StorageFullError(
            f"The disk is full while writing {output.path}; free some space or choose another"
            " folder."
        ) from None


@contextmanager
def output_folder(folder: Path) -> Iterator[None]:
    """Make a folder, and take it away again if what was to fill it fails.

    Raises
    ------
    OutputError
        It cannot be made.
    """
    existed = folder.is_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"Expected a folder to write to, but {folder} cannot be made ({error.strerror});"
            " choose another with --out."
        ) from error
    try:
        yield
    except BaseException:
        if not existed:
            with suppress(OSError):
                folder.rmdir()
        raise


def json_text(content: object) -> str:
    """Return strict JSON in ASCII, so that no locale can spoil it."""
    return json.dumps(content, allow_nan=False, indent=2) + "\n"


def text_writer(text: str) -> Callable[[Path], None]:
    """Return what writes a text to a path as UTF-8 with plain line ends."""

    def write(path: Path) -> None:
        path.write_bytes(text.encode("utf-8"))

    return write


def bytes_writer(content: bytes) -> Callable[[Path], None]:
    """Return what writes bytes to a path."""

    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def _identity(path: Path) -> object:
    """What tells whether two paths name one file, existing or not."""
    try:
        status = path.stat()
    except OSError:
        return path.absolute().parent.resolve() / path.name
    return status.st_dev, status.st_ino
