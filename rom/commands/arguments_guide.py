"""Options of the commands that go with somebody: over weeks, plan, massage, safety questions."""

from __future__ import annotations

import argparse
from pathlib import Path

from rom.commands.arguments_records import add_person
from rom.commands.arguments_sides import check_side
from rom.commands.arguments_values import (
    also_limited,
    day_of,
    hold_seconds,
    pain_score,
    stretched_on,
    whole_number,
)
from rom.errors import UsageError
from rom.movements import movement_named

READINESS = ("STRETCH_READY", "STRETCH_PARALLEL", "STRENGTH_READY")
WEEKS_LABELS = (
    "WORSENING",
    "BOTH_LIKELY",
    "SCENARIO_1_LIKELY",
    "SCENARIO_2_LIKELY",
    "NO_RESPONSE",
    "INCONCLUSIVE",
)


def add_weeks(parser: argparse.ArgumentParser) -> None:
    """Add the options of what sessions of several days say."""
    parser.add_argument(
        "results",
        type=Path,
        nargs="+",
        metavar="RESULT",
        help="files of `rom compare --json`, or folders of them",
    )
    for name, words in (
        ("--flared", "days after which it hurt more for over 24 hours"),
        ("--settled", "days after which it did not"),
    ):
        parser.add_argument(
            name, type=day_of, nargs="+", action="extend", default=[], metavar="DAY", help=words
        )
    parser.add_argument(
        "--stretched",
        type=stretched_on,
        nargs="+",
        action="extend",
        default=[],
        metavar="DAY:yes|no",
        help="days of stretching, and whether a flare-up followed; the day alone for not known",
    )
    parser.add_argument(
        "--wants-to-stretch", action="store_true", help="you would like to stretch already"
    )
    parser.add_argument(
        "--effort", type=pain_score, metavar="N", help="pain of a light effort of 10 s, 0 to 10"
    )
    parser.add_argument(
        "--effort-settled", choices=("yes", "no"), help="did it settle within 24 hours?"
    )
    parser.add_argument(
        "--screen", type=Path, metavar="FILE.json", help="answers kept by `rom screen`"
    )
    parser.add_argument("--today", type=day_of, metavar="YYYY-MM-DD", help=argparse.SUPPRESS)
    parser.add_argument("--json", metavar="FILE", help="write the result as JSON; - prints it")
    parser.add_argument("--force", action="store_true", help="replace files that exist")


def add_plan(parser: argparse.ArgumentParser) -> None:
    """Add the options of the plan of a massage."""
    _add_target(parser, movement_needed=False)
    parser.add_argument(
        "--readiness",
        choices=READINESS,
        help="what the readiness rules allow already: stretching, stretching alongside, strength",
    )
    parser.add_argument(
        "--weeks", choices=WEEKS_LABELS, metavar="LABEL", help="the label over weeks, if any"
    )
    parser.add_argument(
        "--flare",
        nargs="+",
        action="extend",
        default=[],
        metavar="FL1",
        help="questions after the last stretch that you answer with yes, by their numbers",
    )
    parser.add_argument("--regions", action="store_true", help="list what --hurts can name")
    parser.add_argument("--json", metavar="FILE", help="write the plan as JSON; - prints it")
    parser.add_argument("--force", action="store_true", help="replace files that exist")


def add_massage(parser: argparse.ArgumentParser) -> None:
    """Add the options of the guided massage."""
    _add_target(parser, movement_needed=True)
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="keep what was done here")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")
    add_person(parser)


def _add_target(parser: argparse.ArgumentParser, *, movement_needed: bool) -> None:
    parser.add_argument(
        "movement",
        nargs=None if movement_needed else "?",
        metavar="MOVEMENT",
        help="the limited movement, from `rom movements`",
    )
    parser.add_argument(
        "--side", choices=("left", "right"), help="the person's own side, or the way moved to"
    )
    parser.add_argument(
        "--hurts",
        nargs="+",
        action="extend",
        default=[],
        metavar="REGION",
        help="where it hurts, such as left_shoulder_front; `rom plan --regions` lists them",
    )
    parser.add_argument(
        "--also-limited",
        type=also_limited,
        nargs="+",
        action="extend",
        default=[],
        metavar="M[:SIDE]",
        help="other limited movements, such as shoulder_flexion:left, for the ranking",
    )
    parser.add_argument(
        "--muscle",
        action="append",
        default=[],
        metavar="NAME",
        help="keep to this muscle of the list; may be repeated",
    )
    parser.add_argument(
        "--seconds",
        type=hold_seconds,
        default=30.0,
        metavar="N",
        help="timer of a spot, 20 to 60; default: 30",
    )
    parser.add_argument(
        "--spots",
        type=whole_number,
        default=2,
        metavar="N",
        help="at most so many, 1 to 6; default: 2",
    )
    parser.add_argument(
        "--rounds",
        type=whole_number,
        default=1,
        metavar="N",
        help="on each spot, 1 or 2; default: 1",
    )
    parser.add_argument(
        "--screen", type=Path, metavar="FILE.json", help="answers kept by `rom screen`"
    )
    parser.add_argument(
        "--earlier",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE.json",
        help="massages kept by `rom massage`; those of today count towards the daily limits",
    )


def add_screen(parser: argparse.ArgumentParser) -> None:
    """Add the options of the safety questions."""
    parser.add_argument("--list", action="store_true", help="list the questions and their sources")
    parser.add_argument(
        "--earlier", type=Path, metavar="FILE.json", help="your answers of the last visit"
    )
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="keep the answers here")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")
    add_person(parser)


def check_guided(arguments: argparse.Namespace) -> None:
    """Check that there is a movement, and a side that fits it; raise UsageError if not."""
    if arguments.movement is None:
        if not arguments.regions:
            raise UsageError("Expected a movement, got none; name one from `rom movements`")
        return
    check_side(movement_named(arguments.movement), arguments.side, both_allowed=False)
