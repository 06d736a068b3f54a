"""Tidy CSV tables with their data dictionary, and back without loss.

UTF-8 with a byte order mark, which spreadsheets need to show other scripts; commas; CRLF as in
RFC 4180. Beside the tables stand the dictionary as CSV and as CSV on the Web metadata.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import rom
from rom.clinical.json_values import JsonValue
from rom.errors import InputError
from rom.exports.cells import from_cell, to_cell
from rom.exports.columns import NO_TEXT, Column, columns_of, read_columns, table_names
from rom.exports.tables import Row, Tables, filled

DICTIONARY = "dictionary"
METADATA = "csv-metadata"
MAX_BYTES = 1_000_000_000

_DATATYPES = {
    "text": "string",
    "time": "datetime",
    "integer": "integer",
    "number": "double",
    "boolean": "boolean",
    "json": "json",
}
_KEYS = {"people": "person_id", "sessions": "session_id", "sets": "set_id", "results": "result_id"}
_REFERENCES = {"person_id": "people", "session_id": "sessions", "set_id": "sets"}

_ADDED_LATER = {"original", "remarks"}
"""Columns that tables of older versions do not have."""


def table_path(out: Path, table: str, suffix: str = ".csv") -> Path:
    """Where a table goes: a file of its name in a folder, or beside a file for the sets.

    >>> table_path(Path("study"), "sets").as_posix()
    'study/sets.csv'
    >>> table_path(Path("study.csv"), "pain").as_posix()
    'study.pain.csv'
    """
    if not out.suffix:
        return out / f"{table}{suffix}"
    return out if table == "sets" else out.with_name(f"{out.stem}.{table}{suffix}")


def metadata_path(out: Path) -> Path:
    """Where the metadata go, by the names that CSV on the Web looks for."""
    if not out.suffix:
        return out / f"{METADATA}.json"
    return out.with_name(f"{out.name}-metadata.json")


def csv_texts(tables: Mapping[str, Sequence[Row]], out: Path) -> dict[Path, str]:
    """Return the text of every file of an export to `out`, a folder or a file for the sets."""
    written = dict(filled(tables))
    texts = {table_path(out, name): table_text(name, rows) for name, rows in written.items()}
    texts[table_path(out, DICTIONARY)] = dictionary_text(written)
    texts[metadata_path(out)] = metadata_text(
        {name: table_path(out, name).name for name in written}
    )
    return texts


def table_text(table: str, rows: Iterable[Row]) -> str:
    """Return one table as CSV, with a byte order mark."""
    columns = columns_of(table)
    cells = ([_cell(column, row[column.name]) for column in columns] for row in rows)
    return _csv_text([[column.name for column in columns], *cells])


def dictionary_text(tables: Iterable[str]) -> str:
    """Return the data dictionary of these tables as CSV, with a byte order mark."""
    names = ("table", "column", "kind", "unit", "meaning", "allowed_values", "blank_means")
    wanted = set(tables)
    rows = (
        (each.table, each.name, each.kind, each.unit, each.meaning, each.allowed_values, each.blank)
        for each in read_columns()
        if each.table in wanted
    )
    guarded = ([to_cell("text", cell or None) for cell in row] for row in rows)
    return _csv_text([list(names), *guarded])


def metadata_text(file_names: Mapping[str, str]) -> str:
    """Return metadata of CSV on the Web for tables in files of these names."""
    content = {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": "Range of motion: sets, repetitions and what belongs to them",
        "dc:creator": f"rom {rom.__version__}",
        "tables": [_table_metadata(name, file_names) for name in file_names],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def read_tables(source: Path) -> Tables:
    """Read the tables of an export: a folder, or the file for the sets with those beside it.

    Raises
    ------
    InputError
        A file cannot be read, a table that was written is missing, or a cell does not fit.
    """
    written = _written_files(source)
    paths = {name: table_path(source, name) for name in table_names()}
    there = {
        name: path.is_file() if written is None else path.name in written
        for name, path in paths.items()
    }
    return {name: _read_table(name, path) if there[name] else [] for name, path in paths.items()}


def is_table_export(source: Path) -> bool:
    """Whether there is a table of sets."""
    return table_path(source, "sets").is_file()


def _cell(column: Column, value: JsonValue) -> str:
    return "" if value == "" and column.blank == NO_TEXT else to_cell(column.kind, value)


def _csv_text(rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return "\ufeff" + buffer.getvalue()


def _table_metadata(table: str, file_names: Mapping[str, str]) -> dict[str, object]:
    columns = columns_of(table)
    schema: dict[str, object] = {"columns": [_column_metadata(column) for column in columns]}
    if table in _KEYS:
        schema["primaryKey"] = _KEYS[table]
    schema["foreignKeys"] = [
        {
            "columnReference": name,
            "reference": {"resource": file_names[other], "columnReference": name},
        }
        for name, other in _REFERENCES.items()
        if other != table and name in {column.name for column in columns}
    ]
    return {"url": file_names[table], "tableSchema": schema}


def _column_metadata(column: Column) -> dict[str, object]:
    content: dict[str, object] = {
        "name": column.name,
        "dc:description": column.meaning,
        "datatype": _DATATYPES[column.kind],
        "required": column.required,
    }
    if column.choices:
        content["datatype"] = {"base": "string", "format": "|".join(column.choices)}
    if column.unit:
        content["http://qudt.org/schema/qudt/ucumCode"] = column.unit
    if not column.required:
        content["dc:description"] = f"{column.meaning}. Blank: {column.blank}."
    return content


def _written_files(source: Path) -> set[str] | None:
    """Names of the files that the metadata name, all of them there; None without metadata."""
    path = metadata_path(source)
    if not path.is_file():
        return None
    try:
        content = json.loads(_read_text(path))
        names = {str(table["url"]) for table in content["tables"]}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(
            f"Expected the metadata of an export, but {path} holds something else; export again"
        ) from error
    missing = sorted(name for name in names if not (path.parent / Path(name).name).is_file())
    if missing:
        raise InputError(
            f"Expected all tables of the export beside {path}, but {', '.join(missing)} is"
            " missing; copy it there as well"
        )
    return names


def _read_table(table: str, path: Path) -> list[Row]:
    columns = columns_of(table)
    lines = csv.reader(io.StringIO(_read_text(path), newline=""), strict=True)
    try:
        header = next(lines, [])
        missing = [column.name for column in columns if column.name not in header]
        if {*missing} - _ADDED_LATER:
            raise InputError(
                f"Expected the columns of an export in {path}, but {', '.join(missing)} is missing;"
                " keep all columns, separated by commas"
            )
        places = {column: header.index(column.name) for column in columns if column.name in header}
        blank: Row = dict.fromkeys(missing)
        return [blank | _row(path, lines.line_num, places, cells) for cells in lines if cells]
    except csv.Error as error:
        raise InputError(
            f"Expected a CSV table, but {path} is none at line {lines.line_num} ({error}); export"
            " it again"
        ) from error


def _row(path: Path, line: int, places: Mapping[Column, int], cells: Sequence[str]) -> Row:
    row: Row = {}
    for column, place in places.items():
        try:
            row[column.name] = _value(column, cells[place])
        except (ValueError, IndexError, RecursionError) as error:
            what = str(error) if isinstance(error, ValueError) else "the cell is missing"
            raise InputError(
                f"Expected {column.meaning[:1].lower()}{column.meaning[1:]} in column"
                f" {column.name} of {path}, line {line}: {what}; correct the cell"
            ) from error
    return row


def _value(column: Column, cell: str) -> JsonValue:
    value = from_cell(column.kind, cell)
    if value is None and column.blank == NO_TEXT:
        return ""
    if value is None and column.required:
        raise ValueError("the cell is blank")
    if value is not None and column.choices and value not in column.choices:
        raise ValueError(f"expected one of {', '.join(column.choices)}, got {str(value)[:40]!r}")
    return value


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"Expected a table of up to 1 GB, got {path}; split it")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(
            f"Expected a file to read, but {path} cannot be read ({error.strerror}); correct it"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"Expected UTF-8 text, but {path} is none at byte {error.start}; save it as UTF-8"
        ) from error
