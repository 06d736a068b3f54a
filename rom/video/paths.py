"""How a path is shown to the user."""

from __future__ import annotations

from pathlib import Path


def shown(path: Path) -> str:
    """Return the path as printable text, also when its name is not valid Unicode.

    >>> shown(Path("clips/arm.mp4"))
    'clips/arm.mp4'
    """
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")
