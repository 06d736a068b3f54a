"""Small files that a command reads: whole, of limited size, with one line for what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

from rom.errors import InputError

LARGEST_FILE_BYTES = 4_000_000


def read_bytes(path: Path, *, largest_bytes: int = LARGEST_FILE_BYTES) -> bytes:
    """Read a whole file.

    Raises
    ------
    InputError
        It cannot be read, or is larger than anything that is meant.
    """
    try:
        with path.open("rb") as file:
            content = file.read(largest_bytes + 1)
    except OSError as error:
        raise InputError(
            f"Expected a file to read, but {path} cannot be read ({error.strerror}); correct it"
        ) from error
    if len(content) > largest_bytes:
        raise InputError(
            f"Expected a file of at most {largest_bytes // 1_000_000} MB, but {path} is larger;"
            " name another file"
        )
    return content


def read_json(path: Path) -> object:
    """Read a JSON file.

    Raises
    ------
    InputError
        It cannot be read, is too large, or holds something else.
    """
    try:
        content: object = json.loads(read_bytes(path).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"Expected JSON that rom wrote, but {path} holds something else; name another file"
        ) from error
    return content


def read_table_text(path: Path) -> str:
    """Read a table of text as spreadsheets write it: UTF-8, UTF-16 with its mark, or Windows'.

    Raises
    ------
    InputError
        It cannot be read, is too large, or is no text.
    """
    content = read_bytes(path)
    names = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for name in names:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError(f"Expected a table of text (CSV), but {path} holds something else; export it")
