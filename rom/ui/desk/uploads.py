"""Recordings that were uploaded: written where only this user can read them, and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Protocol

from rom.errors import InputError
from rom.ui.desk.pair import Role
from rom.video.reading import open_video

LARGEST_MB = 1024
ENDINGS = ("mp4", "m4v", "mov", "webm", "mkv", "avi", "mpg", "mpeg", "3gp")

_LONGEST_NAME = 80
_CHUNK_BYTES = 1 << 20


class Upload(Protocol):
    """A file that a browser sent."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    def seek(self, offset: int, /) -> int: ...
    def read(self, size: int, /) -> bytes: ...


def store_uploads(
    uploads: Mapping[Role, Upload],
) -> tuple[TemporaryDirectory[str], dict[Role, Path]]:
    """Write uploads into a folder of their own and check that each can be read.

    Raises
    ------
    InputError
        One is too large, or is no video; then nothing is left of any.
    """
    folder = TemporaryDirectory(prefix="rom-compare-")
    try:
        paths: dict[Role, Path] = {}
        for role, upload in uploads.items():
            if upload.size > LARGEST_MB << 20:
                raise InputError(
                    f"Expected a video of up to {LARGEST_MB} MB, got {upload.size >> 20} MB in"
                    f" {upload.name}; cut it to the repetitions"
                )
            place = Path(folder.name) / role
            place.mkdir(mode=0o700)
            paths[role] = place / safe_name(upload.name)
            upload.seek(0)
            with paths[role].open("xb") as file:
                _copy(upload, file)
            open_video(paths[role]).close()
    except BaseException:
        folder.cleanup()
        raise
    return folder, paths


def safe_name(name: str) -> str:
    """The name of an upload as a name of a file in whatever folder.

    >>> safe_name("../../etc/pass wd.MP4")
    'pass wd.MP4'
    """
    last = re.split(r"[/\\]", name)[-1]
    stem, dot, ending = last.rpartition(".")
    plain = re.sub(r"[^\w .()+-]+", "_", stem or ending).strip(" .")[:_LONGEST_NAME] or "video"
    return f"{plain}{dot}{re.sub(r'[^A-Za-z0-9]+', '', ending)[:8]}" if stem and dot else plain


def _copy(upload: Upload, file: BinaryIO) -> None:
    while chunk := upload.read(_CHUNK_BYTES):
        file.write(chunk)
