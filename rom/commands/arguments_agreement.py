"""Options of `rom agreement`."""

from __future__ import annotations

import argparse
from pathlib import Path

from rom.commands.arguments_values import angle_deg, day_of
from rom.errors import UsageError
from rom.movements import movement_named

INSTRUMENTS = ("goniometer", "inclinometer", "other")


def add_agreement(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "pairs",
        type=Path,
        nargs="*",
        metavar="PAIRS.csv",
        help="columns: person, movement, side, date, and rom_deg, reference_deg, instrument (or"
        " pre1_deg, pre2_deg for two sets before); without a table: what the records hold",
    )
    parser.add_argument("--movement", metavar="M", help="only this movement")
    parser.add_argument("--instrument", choices=INSTRUMENTS, help="only this instrument")
    parser.add_argument("--person", metavar="NAME", help="only this person; with --add, whose")
    parser.add_argument(
        "--add",
        action="store_true",
        help="type pairs of --person, which are put into PAIRS.csv; without a table: readings for"
        " the sets of a day in the records",
    )
    parser.add_argument(
        "--result",
        type=Path,
        metavar="RESULT.json",
        help="with --add: our value, from `rom assess --json`",
    )
    parser.add_argument(
        "--reference", type=angle_deg, metavar="DEG", help="with --result: what the instrument read"
    )
    parser.add_argument("--day", type=day_of, metavar="DATE", help="with --add; default: today")
    parser.add_argument(
        "--save",
        type=Path,
        metavar="FILE.json",
        help="keep own error figures, for --local-error of assess and compare",
    )
    parser.add_argument(
        "--switch-on",
        action="store_true",
        help="use own error figures from now on, for everybody in the records; a person's own for"
        " that person",
    )
    parser.add_argument(
        "--switch-off", action="store_true", help="use the figures of the program again"
    )
    parser.add_argument("--json", metavar="FILE", help="write the result as JSON; - prints it")
    parser.add_argument("--report", type=Path, metavar="OUT.html", help="write a page to keep")
    parser.add_argument("--force", action="store_true", help="replace files that exist")


def check_agreement(arguments: argparse.Namespace) -> None:
    """Check that the options go together; raise UsageError if not."""
    if arguments.movement is not None:
        movement_named(arguments.movement)
    switched = [name for name in ("switch_on", "switch_off") if getattr(arguments, name)]
    if len(switched) + arguments.add > 1:
        raise UsageError(
            "Expected one of --add, --switch-on and --switch-off, got several; leave the others out"
        )
    if arguments.switch_off:
        _check_switch_off(arguments)
    if not arguments.add:
        for option in ("result", "reference", "day"):
            if getattr(arguments, option) is not None:
                raise UsageError(f"Expected --add together with --{option}; add it")
        return
    if arguments.person is None:
        raise UsageError("Expected whose pairs are added, got nobody; name them with --person")
    if len(arguments.pairs) > 1:
        raise UsageError("Expected one table to add to, got several; name one")
    if not arguments.pairs and arguments.result is not None:
        raise UsageError("Expected a table to add the result to, got none; name one")
    if arguments.result is None and arguments.reference is not None:
        raise UsageError("Expected --result together with --reference; add it")


def _check_switch_off(arguments: argparse.Namespace) -> None:
    options = ("pairs", "movement", "instrument", "person", "save", "json", "report")
    given = [name for name in options if getattr(arguments, name)]
    if given:
        raise UsageError(
            f"Expected --switch-off alone, got {', '.join(given)} with it; leave them out"
        )
