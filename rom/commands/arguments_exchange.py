"""Options of the commands that take results out to other programs, and back in."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from rom.errors import UsageError

EXCHANGE_COMMANDS = ("export", "import")
FORMATS = ("csv", "json", "fhir", "opensim", "landmarks", "parquet")

_Command = Callable[[str, str], argparse.ArgumentParser]
_Add = Callable[[argparse.ArgumentParser], None]


def add_exchange_commands(command: _Command, *, add_recording: _Add, add_told: _Add) -> None:
    """Add both commands; `add_recording` adds how a recording is measured, `add_told` what is told
    of the person."""
    export = command("export", "Write results in a form that other programs read.")
    _add_export(export)
    _add_measured(export, "the recordings")
    add_recording(export)
    import_ = command("import", "Read exported results or landmarks back in.")
    _add_import(import_)
    _add_measured(import_, "landmarks that name none")
    add_told(import_)
    for parser in (export, import_):
        parser.add_argument("--force", action="store_true", help="replace files that exist")


def check_exchange(arguments: argparse.Namespace) -> None:
    """Check that an export has something to write and a place for it.

    Raises
    ------
    UsageError
        It has not.
    """
    if arguments.command != "export" or arguments.schema:
        return
    if bool(arguments.sources) == (arguments.person is not None):
        came = "both" if arguments.sources else "neither"
        raise UsageError(
            f"Expected files to export, or --person NAME, got {came}; name one of the two"
        )
    if arguments.out is None:
        raise UsageError("Expected --out with the file or folder to write, got none; add it")


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="results (JSON of `rom assess`, `rom compare`, `rom export`; tables) or recordings",
    )
    parser.add_argument(
        "--person", metavar="NAME", help="instead: everything in the records of NAME"
    )
    parser.add_argument("--out", metavar="PATH", help="a file or a folder; - prints JSON or FHIR")
    parser.add_argument("--format", choices=FORMATS, help="default: what the ending of --out says")
    parser.add_argument(
        "--schema", action="store_true", help="print the JSON Schema of --format json"
    )


def _add_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="JSON, tables (a folder or the file of sets), or landmarks (.npz, .px.trc, a folder)",
    )
    parser.add_argument(
        "--person", metavar="NAME", help="keep them in the records of NAME, from `rom people`"
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE.json", help="write one JSON file, change no records"
    )


def _add_measured(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--movement", metavar="M", help=f"of {what}; name from `rom movements`")
    parser.add_argument(
        "--side",
        choices=("left", "right", "both"),
        help="the person's own side, or the direction moved to; both where they alternate",
    )
