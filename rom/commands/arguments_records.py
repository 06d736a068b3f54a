"""Options of the commands that keep records: who, which day, which backup."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from rom.errors import UsageError
from rom.movements import movement_named

RECORD_COMMANDS = ("people", "history", "backup", "restore", "delete")

_Command = Callable[[str, str], argparse.ArgumentParser]


def add_record_commands(command: _Command, parser_class: type[argparse.ArgumentParser]) -> None:
    """Add the commands that only work with records."""
    _add_people(command("people", "List whose records are kept, or add somebody."), parser_class)
    _add_history(command("history", "Show somebody's course over days and weeks."))
    _add_backup(command("backup", "Write all records into one file, and look it through."))
    _add_restore(command("restore", "Bring back a backup; the records as they are are kept."))
    _add_delete(command("delete", "Delete somebody with everything that is kept about them."))


def add_person(parser: argparse.ArgumentParser) -> None:
    """Add the option that names somebody whose records to keep this in."""
    parser.add_argument(
        "--person", metavar="NAME", help="keep this in the records of NAME, from `rom people`"
    )


def add_keeping(parser: argparse.ArgumentParser) -> None:
    """Add what says in whose records, and on which day, to keep a result."""
    add_person(parser)
    parser.add_argument(
        "--day",
        type=_day,
        metavar="YYYY-MM-DD",
        help="the day of the recording; default: today",
    )


def check_keeping(arguments: argparse.Namespace) -> None:
    """Check that what only makes sense in records comes with a person.

    Raises
    ------
    UsageError
        It does not.
    """
    if arguments.person is None:
        of_records = ("flare",) if arguments.command == "compare" else ("day", "flare")
        for name in of_records:
            if getattr(arguments, name, None) is not None:
                raise UsageError(
                    f"Expected --person beside --{name}, got none; say in whose records to keep"
                    " this, or leave it out"
                )


def check_record_command(arguments: argparse.Namespace) -> None:
    """Check the arguments of a command that works with records.

    Raises
    ------
    UsageError
        They do not fit together.
    """
    if arguments.command == "history" and arguments.movement is not None:
        movement_named(arguments.movement)
    if arguments.command == "delete" and (arguments.name is None) == (not arguments.again):
        raise UsageError(
            "Expected the name of somebody to delete, or --again to finish an earlier deletion; see"
            " `rom delete --help`"
        )
    if arguments.command == "people" and arguments.step == "change":
        told = (arguments.new_name, arguments.birth_year, arguments.sex, arguments.notes)
        if all(each is None for each in told):
            raise UsageError(
                "Expected something to change, got nothing; see `rom people change --help`"
            )


def _add_people(
    parser: argparse.ArgumentParser, parser_class: type[argparse.ArgumentParser]
) -> None:
    parser.add_argument("--json", action="store_true", help="print the list as JSON")
    steps = parser.add_subparsers(
        dest="step", metavar="STEP", title="steps", parser_class=parser_class
    )

    def step(name: str, words: str) -> argparse.ArgumentParser:
        return steps.add_parser(name, help=words, description=words, allow_abbrev=False)

    add = step("add", "Add somebody.")
    add.add_argument("name", metavar="NAME", help="what to call them here; need not be their name")
    change = step("change", "Change what is told of somebody.")
    change.add_argument("name", metavar="NAME")
    change.add_argument("--name", dest="new_name", metavar="NEW", help="what to call them from now")
    for each in (add, change):
        each.add_argument(
            "--birth-year", type=_year, metavar="YYYY", help="for the usual range at their age"
        )
        each.add_argument("--sex", choices=("M", "F"), help="for the usual range")
        each.add_argument("--notes", metavar="TEXT", help="anything to remember")


def _add_history(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="from `rom people`")
    parser.add_argument("--movement", metavar="M", help="only this one")
    parser.add_argument("--side", choices=("left", "right"), help="only this one")
    parser.add_argument("--json", metavar="FILE", help="write it as JSON; - prints it")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")


def _add_backup(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Write all records into one file, and look it through. `rom backup FILE --encrypt` asks for"
        " a passphrase; `rom restore FILE` then makes the records themselves encrypted, and from"
        " then on every command asks for it or takes it from ROM_PASSPHRASE. --plain goes back."
    )
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="default: the folder of backups"
    )
    parser.add_argument("--list", action="store_true", help="list the backups")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--encrypt", action="store_true", help="ask for a new passphrase")
    form.add_argument("--plain", action="store_true", help="without a passphrase")


def _add_restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="BACKUP", help="a file, or a name from `rom backup --list`"
    )


def _add_delete(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="from `rom people`")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument(
        "--again",
        action="store_true",
        help="make illegible what was deleted while another program held on to it",
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"Expected a day as in 2030-01-31, got {text!r}; correct --day") from None


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise UsageError(f"Expected a year as in 1970, got {text!r}; correct --birth-year")
    return int(text)
