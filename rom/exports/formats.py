"""The formats of an export, and the files of each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

from rom.errors import UsageError
from rom.exports import parquet
from rom.exports.columns import table_names
from rom.exports.csv_files import DICTIONARY, csv_texts, metadata_path, table_path
from rom.exports.document import document
from rom.exports.fhir import fhir_bundle
from rom.exports.landmark_files import LandmarkFile, landmark_bytes, origin_of, origin_text
from rom.exports.opensim import angle_name, mot_text, trc_px_text, trc_world_text
from rom.exports.tables import filled, tables_of
from rom.records.entities import PersonContent, SetRecord

Writer = Callable[[Path], None]
Files = dict[Path, Writer]


class Format(StrEnum):
    """What an export can be written as."""

    CSV = "csv"
    JSON = "json"
    FHIR = "fhir"
    OPENSIM = "opensim"
    LANDMARKS = "landmarks"
    PARQUET = "parquet"


_BY_ENDING = {
    ".csv": Format.CSV,
    ".json": Format.JSON,
    ".fhir.json": Format.FHIR,
    ".parquet": Format.PARQUET,
}
ONE_FILE = frozenset({Format.JSON, Format.FHIR})
_FOLDER = {Format.OPENSIM, Format.LANDMARKS}

WITH_LANDMARKS = frozenset(_FOLDER)
"""Formats that hold landmarks; all others hold none."""

_LONGEST_NAME = 60


def format_of(out: Path, given: str | None) -> Format:
    """The format that is named, else the one that the file's ending stands for.

    Raises
    ------
    UsageError
        Neither says one, or the ending does not fit the format.
    """
    ending = next(
        (
            each
            for each in sorted(_BY_ENDING, key=len, reverse=True)
            if out.name.lower().endswith(each)
        ),
        "",
    )
    if given is None and not ending:
        raise UsageError(
            f"Expected --format or a file ending in {', '.join(_BY_ENDING)}, got {out}; add"
            f" --format {'|'.join(Format)}"
        )
    wanted = Format(given) if given else _BY_ENDING[ending]
    if wanted in ONE_FILE and not out.name.lower().endswith(".json"):
        raise UsageError(f"Expected --out to name a .json file, got {out}; rename it")
    if wanted in _FOLDER and out.suffix:
        raise UsageError(f"Expected --out to name a folder for {wanted}, got {out}; rename it")
    if wanted in (Format.CSV, Format.PARQUET) and out.suffix.lower() not in ("", f".{wanted}"):
        raise UsageError(
            f"Expected --out to name a folder or a .{wanted} file, got {out}; rename it"
        )
    return wanted


def check_available(wanted: Format) -> None:
    """Check that what a format needs is installed.

    Raises
    ------
    UsageError
        It is not.
    """
    if wanted is Format.PARQUET:
        parquet.require_pyarrow()


def possible_files(wanted: Format, out: Path) -> list[Path]:
    """All files that an export to one file may write, for a check before the work."""
    if wanted is Format.CSV:
        return [
            *(table_path(out, name) for name in (*table_names(), DICTIONARY)),
            metadata_path(out),
        ]
    if wanted is Format.PARQUET:
        return [table_path(out, name, ".parquet") for name in table_names()]
    return [out]


def files_of(
    wanted: Format, people: Sequence[PersonContent], out: Path, *, made_at: datetime
) -> Files:
    """Return what writes each file of an export.

    Raises
    ------
    UsageError
        Nothing that the format holds is there, or a package is missing.
    """
    if wanted is Format.CSV:
        tables = tables_of(document(people))
        return {path: _text(text) for path, text in csv_texts(tables, out).items()}
    if wanted in ONE_FILE:
        return {out: _text(text_of(wanted, people, made_at=made_at))}
    if wanted is Format.PARQUET:
        return _parquet_files(people, out)
    if wanted is Format.OPENSIM:
        return _some(_opensim_files(people, out), wanted)
    if wanted is Format.LANDMARKS:
        return _some(_landmark_files(people, out), wanted)
    raise AssertionError(wanted)


def text_of(wanted: Format, people: Sequence[PersonContent], *, made_at: datetime) -> str:
    """Return the text of a format that is one file."""
    if wanted is Format.JSON:
        return json_text(document(people))
    if wanted is Format.FHIR:
        return json_text(fhir_bundle(people, made_at=made_at))
    raise AssertionError(wanted)


def json_text(content: object) -> str:
    """Return strict JSON that shows every script as it is."""
    return json.dumps(content, allow_nan=False, ensure_ascii=False, indent=1) + "\n"


def _parquet_files(people: Sequence[PersonContent], out: Path) -> Files:
    return {
        table_path(out, name, ".parquet"): partial(parquet.write_table, name, rows)
        for name, rows in filled(tables_of(document(people)))
    }


def _opensim_files(people: Sequence[PersonContent], folder: Path) -> Files:
    files: Files = {}
    for name, record in _named_sets(people):
        angles = mot_text(record.assessment)
        if angles is not None:
            files[folder / f"{name}.mot"] = _text(angles)
        if record.landmarks is not None:
            for ending, text in (("px", trc_px_text), ("world", trc_world_text)):
                path = folder / f"{name}.{ending}.trc"
                files[path] = _text(text(record.landmarks, path.name))
            files[folder / f"{name}.origin.json"] = _text(origin_text(origin_of(record)))
    return files


def _landmark_files(people: Sequence[PersonContent], folder: Path) -> Files:
    return {
        folder / f"{name}.npz": _landmark_writer(record)
        for name, record in _named_sets(people)
        if record.landmarks is not None
    }


def _landmark_writer(record: SetRecord) -> Writer:
    assert record.landmarks is not None
    file = LandmarkFile(landmarks=record.landmarks, origin=origin_of(record))
    return lambda path: _write(path, landmark_bytes(file))


def _named_sets(people: Sequence[PersonContent]) -> Iterator[tuple[str, SetRecord]]:
    """All sets, each with a name for its files: recording or day, movement, side."""
    taken: set[str] = set()
    for record in (record for content in people for record in content.sets):
        recording = Path(record.recording).stem if record.recording else record.day.isoformat()
        plain = re.sub(r"[^\w.-]+", "_", recording)[:_LONGEST_NAME].strip("._")
        name = f"{plain or 'set'}.{angle_name(record.assessment)}"
        number = 1
        while (unique := name if number == 1 else f"{name}.{number}").casefold() in taken:
            number += 1
        taken.add(unique.casefold())
        yield unique, record


def _some(files: Files, wanted: Format) -> Files:
    if not files:
        raise UsageError(
            f"Expected landmarks or angles over time for --format {wanted}, but these results hold"
            " none; give the recordings themselves, or JSON written with --series"
        )
    return files


def _text(text: str) -> Writer:
    return lambda path: _write(path, text.encode("utf-8"))


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
