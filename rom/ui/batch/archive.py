"""Everything that a batch gave, in one file to take away."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from rom.clinical.norms import Sex
from rom.errors import UsageError
from rom.exports.cells import guarded
from rom.exports.formats import Format, check_available, files_of
from rom.exports.loose import unnamed_person
from rom.records.entities import SetRecord

FAILURES_NAME = "not_measured.csv"
_FOLDERS = {
    Format.JSON: "results.json",
    Format.CSV: "tables",
    Format.PARQUET: "parquet",
    Format.LANDMARKS: "landmarks",
    Format.OPENSIM: "opensim",
}


def archive(
    sets: Sequence[SetRecord],
    failures: Iterable[tuple[str, str]],
    *,
    sex: Sex | None,
    made_at: datetime,
) -> bytes:
    """A ZIP file of all formats, with the list of what gave no number.

    Tables come with their dictionary; Parquet is left out where its package is not installed.
    """
    packed = io.BytesIO()
    with (
        tempfile.TemporaryDirectory(prefix="rom-app-") as folder,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        if sets:
            _add_formats(target, sets, Path(folder), sex=sex, made_at=made_at)
        target.writestr(FAILURES_NAME, _failures_text(failures))
    return packed.getvalue()


def _add_formats(
    target: zipfile.ZipFile,
    sets: Sequence[SetRecord],
    folder: Path,
    *,
    sex: Sex | None,
    made_at: datetime,
) -> None:
    people = [unnamed_person(sets, sex=sex)]
    for wanted, name in _FOLDERS.items():
        out = folder / name
        try:
            check_available(wanted)
            files = files_of(wanted, people, out, made_at=made_at)
        except UsageError:
            continue  # nothing of this kind, or its package is not installed
        for path, write in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path)
            target.write(path, path.relative_to(folder))


def _failures_text(failures: Iterable[tuple[str, str]]) -> str:
    """A table of names and reasons; no cell can pass for a formula."""
    rows = [("recording", "reason"), *failures]
    lines = (",".join(_quoted(guarded(cell)) for cell in row) for row in rows)
    return "\r\n".join(lines) + "\r\n"


def _quoted(cell: str) -> str:
    escaped = cell.replace('"', '""')
    return f'"{escaped}"'
