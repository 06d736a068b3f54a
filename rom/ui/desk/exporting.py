"""Exports as one file to download: the file itself, or all of them in an archive."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from rom.exports.formats import ONE_FILE, Format, check_available, files_of, text_of
from rom.records.entities import PersonContent
from rom.records.store import now


def export_name(wanted: Format) -> str:
    """What the file is called."""
    if wanted is Format.FHIR:
        return "rom.fhir.json"
    return "rom.json" if wanted in ONE_FILE else f"rom-{wanted}.zip"


def export_bytes(wanted: Format, content: PersonContent) -> bytes:
    """Everything of a person in a format.

    Raises
    ------
    UsageError
        Nothing that the format holds is there, or a package is missing.
    """
    if wanted in ONE_FILE:
        return text_of(wanted, [content], made_at=now()).encode("utf-8")
    check_available(wanted)
    archive = io.BytesIO()
    with TemporaryDirectory(prefix="rom-export-") as folder:
        files = files_of(wanted, [content], Path(folder), made_at=now())
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for path, write in files.items():
                write(path)
                packed.write(path, path.name)
    return archive.getvalue()
