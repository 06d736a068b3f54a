"""The command line's options, and every check that needs nothing but the arguments."""

from __future__ import annotations

import argparse
import math
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple, NoReturn

from rom import __version__
from rom.commands.arguments_exchange import EXCHANGE_COMMANDS, add_exchange_commands, check_exchange
from rom.commands.arguments_records import (
    RECORD_COMMANDS,
    add_keeping,
    add_person,
    add_record_commands,
    check_keeping,
    check_record_command,
)
from rom.errors import UsageError
from rom.movements import Movement, SideKind, movement_named

AUTO = "auto"
STDOUT = "-"
INSTRUMENTS = ("goniometer", "inclinometer", "other")
MAX_AGE = 120
MAX_TILT_DEG = 45.0
READINESS = ("STRETCH_READY", "STRETCH_PARALLEL", "STRENGTH_READY")
WEEKS_LABELS = (
    "WORSENING",
    "BOTH_LIKELY",
    "SCENARIO_1_LIKELY",
    "SCENARIO_2_LIKELY",
    "NO_RESPONSE",
    "INCONCLUSIVE",
)

Sex = Literal["M", "F"]


class SubjectPosition(NamedTuple):
    """Where the subject is seen: pixels of the upright picture at a time of the recording."""

    x_px: float
    y_px: float
    time_s: float


class _Parser(argparse.ArgumentParser):
    """Reports wrong usage like every other error: one line, no list of options."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see `{self.prog} --help`")


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the checked arguments.

    Raises
    ------
    UsageError
        Unknown or missing option, a value out of range, an unknown movement, or a side that does
        not fit the movement.
    """
    parser = build_parser()
    parsed = parser.parse_args(arguments)
    if parsed.command is None:
        parser.error(
            "Expected a command (assess, compare, weeks, report, plan, massage, screen, people,"
            " history, backup, restore, delete, export, import, agreement, movements, app, demo,"
            " calibrate or doctor), got none"
        )
    if parsed.command == "assess":
        _check_assess(parsed)
    elif parsed.command == "compare":
        _check_compare(parsed)
    elif parsed.command == "report":
        _check_report(parsed)
    elif parsed.command in ("plan", "massage"):
        _check_guided(parsed)
    elif parsed.command == "agreement":
        _check_agreement(parsed)
    elif parsed.command in RECORD_COMMANDS:
        check_record_command(parsed)
    elif parsed.command in EXCHANGE_COMMANDS:
        check_exchange(parsed)
        if parsed.movement is not None:
            check_side(movement_named(parsed.movement), parsed.side, both_allowed=True)
    elif parsed.command == "calibrate" and parsed.step is None:
        raise UsageError(
            "Expected a step (board, camera, list or forget), got none; see `rom calibrate --help`"
        )
    return parsed


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = _Parser(
        prog="rom",
        description="Range of motion from one ordinary camera, with its measurement error.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"rom {__version__}")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", parser_class=_Parser
    )

    def command(name: str, words: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=words, description=words, allow_abbrev=False)

    _add_assess(command("assess", "Measure one movement in one video."))
    _add_compare(command("compare", "Compare before with after, or left with right."))
    _add_weeks(command("weeks", "What several sessions say together, and what may come next."))
    _add_report(command("report", "Write a report for the person or for the therapist."))
    _add_plan(command("plan", "Muscles worth trying for a limited movement, and what may follow."))
    _add_massage(command("massage", "Guide through self-massage, spot by spot."))
    _add_screen(command("screen", "Ask the safety questions before the first movement."))
    _add_agreement(command("agreement", "Hold our values against a goniometer's or their own."))
    add_record_commands(command, _Parser)
    add_exchange_commands(command, add_recording=_add_recording, add_told=_add_told)
    movements = command("movements", "List the movements, or explain one.")
    movements.add_argument("name", nargs="?", metavar="NAME", help="the movement to explain")
    _add_app(command("app", "Open the app in the browser; it runs on this computer alone."))
    _add_demo(command("demo", "Measure the sample pair that comes with rom and show the result."))
    _add_calibrate(command("calibrate", "Calibrate your camera: what its lens does to lines."))
    doctor = command("doctor", "Check this computer and say what to do about what is missing.")
    doctor.add_argument("--json", action="store_true", help="print the checks as JSON")
    return parser


def _add_assess(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("video", type=Path, metavar="VIDEO")
    parser.add_argument(
        "--movement",
        required=True,
        metavar="M",
        help="name from `rom movements`, or auto",
    )
    parser.add_argument(
        "--side",
        choices=("left", "right", "both"),
        help="the person's own side, or the direction moved to; both for a clip that alternates",
    )
    parser.add_argument(
        "--subject",
        type=_subject,
        metavar="X,Y@SECONDS",
        help="a point on the person to measure, in pixels of the upright picture",
    )
    parser.add_argument(
        "--series", action="store_true", help="put the angle of every frame into the JSON"
    )
    parser.add_argument(
        "--overlay", type=Path, metavar="OUT.mp4", help="write the video with the angle drawn in"
    )
    _add_common(parser)


def _add_compare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pre1", type=Path, metavar="VIDEO", help="before")
    parser.add_argument("--pre2", type=Path, metavar="VIDEO", help="before, again after a rest")
    parser.add_argument("--post", type=Path, metavar="VIDEO", help="after")
    parser.add_argument("--left", type=Path, metavar="VIDEO", help="the person's left side")
    parser.add_argument("--right", type=Path, metavar="VIDEO", help="the person's right side")
    parser.add_argument("--movement", required=True, metavar="M", help="name from `rom movements`")
    parser.add_argument("--side", choices=("left", "right"), help="the person's own side")
    parser.add_argument(
        "--other-side", type=Path, metavar="VIDEO", help="the other side, same day and view"
    )
    parser.add_argument("--pain-before", type=_pain, metavar="N", help="0 to 10")
    parser.add_argument("--pain-after", type=_pain, metavar="N", help="0 to 10")
    parser.add_argument("--worse", choices=("yes", "no"), help="did it get worse in any way?")
    parser.add_argument(
        "--flare",
        choices=("yes", "no"),
        help="with --person: did it hurt more for over 24 hours after the last session?",
    )
    _add_common(parser)


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="JSON of `rom assess` or `rom compare`, or recordings (with --movement)",
    )
    for role, words in _REPORT_ROLES.items():
        parser.add_argument(f"--{role}", type=Path, metavar="FILE", help=words)
    parser.add_argument("--person", metavar="NAME", help="somebody whose sessions are kept")
    parser.add_argument(
        "--session", type=_whole, metavar="N", help="which one, from 1; default: the latest"
    )
    parser.add_argument("--weeks", action="store_true", help="all sessions of the person")
    parser.add_argument(
        "--for",
        dest="audience",
        choices=("person", "therapist"),
        default="person",
        help="plain words on one page, or all numbers; default: person",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="default: ./report.pdf")
    parser.add_argument("--format", choices=("html", "pdf"), help="default: as --out ends")
    parser.add_argument("--paper", choices=("a4", "letter"), default="a4", help="default: a4")
    parser.add_argument(
        "--pictures", action="store_true", help="show the frames at the peak; they show the person"
    )
    parser.add_argument("--name", metavar="NAME", help="what to call the person on the report")
    parser.add_argument("--day", type=_day, metavar="YYYY-MM-DD", help="when it was recorded")
    parser.add_argument("--movement", metavar="M", help="of recordings, or to choose weeks")
    parser.add_argument(
        "--side", choices=("left", "right", "both"), help="of recordings, or to choose weeks"
    )
    parser.add_argument("--mirrored", action="store_true", help="the recordings are mirror images")
    parser.add_argument("--pain-before", type=_pain, metavar="N", help="0 to 10")
    parser.add_argument("--pain-after", type=_pain, metavar="N", help="0 to 10")
    parser.add_argument("--worse", choices=("yes", "no"), help="did it get worse in any way?")
    parser.add_argument("--age", type=_age, metavar="N", help="in years")
    parser.add_argument("--sex", choices=("M", "F"))
    parser.add_argument(
        "--model", type=Path, metavar="PATH", help="another pose landmarker bundle (.task)"
    )
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")


_REPORT_ROLES = {
    "pre1": "before: JSON of `rom assess --series`, or a recording",
    "pre2": "before, again after a rest",
    "post": "after",
    "left": "the left side",
    "right": "the right side",
}


def _add_common(parser: argparse.ArgumentParser) -> None:
    _add_recording(parser)
    parser.add_argument("--json", metavar="FILE", help="write the result as JSON; - prints it")
    parser.add_argument("--report", type=Path, metavar="OUT.html", help="write a page to keep")
    parser.add_argument("--force", action="store_true", help="replace files that exist")
    add_keeping(parser)


def _add_recording(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mirrored", action="store_true", help="the video is a mirror image")
    parser.add_argument(
        "--camera", metavar="NAME", help="a camera from `rom calibrate`, to take its lens out"
    )
    parser.add_argument(
        "--camera-tilt",
        type=_tilt,
        default=0.0,
        metavar="DEG",
        help="how far upright things lean clockwise in the picture, to level it",
    )
    _add_told(parser)
    parser.add_argument(
        "--model", type=Path, metavar="PATH", help="another pose landmarker bundle (.task)"
    )
    parser.add_argument(
        "--local-error",
        type=Path,
        metavar="FILE.json",
        help="error figures of your own, kept by `rom agreement --save`; or records, to learn"
        " them from those of --person; or none, to do without those that are switched on",
    )


def _add_told(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--age", type=_age, metavar="N", help="in years, for the usual range")
    parser.add_argument("--sex", choices=("M", "F"), help="for the usual range")


def _add_weeks(parser: argparse.ArgumentParser) -> None:
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
            name, type=_day, nargs="+", action="extend", default=[], metavar="DAY", help=words
        )
    parser.add_argument(
        "--stretched",
        type=_stretched,
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
        "--effort", type=_pain, metavar="N", help="pain of a light effort of 10 s, 0 to 10"
    )
    parser.add_argument(
        "--effort-settled", choices=("yes", "no"), help="did it settle within 24 hours?"
    )
    parser.add_argument(
        "--screen", type=Path, metavar="FILE.json", help="answers kept by `rom screen`"
    )
    parser.add_argument("--today", type=_day, metavar="YYYY-MM-DD", help=argparse.SUPPRESS)
    parser.add_argument("--json", metavar="FILE", help="write the result as JSON; - prints it")
    parser.add_argument("--force", action="store_true", help="replace files that exist")


def _add_plan(parser: argparse.ArgumentParser) -> None:
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


def _add_massage(parser: argparse.ArgumentParser) -> None:
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
        type=_also_limited,
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
        type=_hold_seconds,
        default=30.0,
        metavar="N",
        help="timer of a spot, 20 to 60; default: 30",
    )
    parser.add_argument(
        "--spots", type=_whole, default=2, metavar="N", help="at most so many, 1 to 6; default: 2"
    )
    parser.add_argument(
        "--rounds", type=_whole, default=1, metavar="N", help="on each spot, 1 or 2; default: 1"
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


def _add_screen(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--list", action="store_true", help="list the questions and their sources")
    parser.add_argument(
        "--earlier", type=Path, metavar="FILE.json", help="your answers of the last visit"
    )
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="keep the answers here")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")
    add_person(parser)


def _add_agreement(parser: argparse.ArgumentParser) -> None:
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
        "--reference", type=_angle, metavar="DEG", help="with --result: what the instrument read"
    )
    parser.add_argument("--day", type=_day, metavar="DATE", help="with --add; default: today")
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


def _add_app(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=_port, metavar="N", help="where it answers; default: 8501, or the next free"
    )
    parser.add_argument(
        "--no-browser", action="store_true", help="print the address, and open nothing"
    )


def _add_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: ./rom-demo")
    parser.add_argument("--force", action="store_true", help="replace files in DIR")


def _add_calibrate(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_subparsers(dest="step", metavar="STEP", title="steps", parser_class=_Parser)

    def step(name: str, words: str) -> argparse.ArgumentParser:
        return steps.add_parser(name, help=words, description=words, allow_abbrev=False)

    board = step("board", "Write the board to print and film.")
    board.add_argument(
        "--out",
        type=Path,
        default=Path("calibration-board.pdf"),
        metavar="FILE.pdf",
        help="default: ./calibration-board.pdf",
    )
    board.add_argument("--paper", choices=("a4", "letter"), default="a4", help="default: a4")
    board.add_argument("--force", action="store_true", help="replace the file if it exists")
    camera = step("camera", "Find out what a camera's lens does, from a video of the board.")
    camera.add_argument("video", type=Path, metavar="VIDEO")
    camera.add_argument("--name", required=True, metavar="NAME", help="what to call the camera")
    camera.add_argument(
        "--square-mm",
        type=_square,
        metavar="N",
        help="side of a square as measured on your print; only for the distances shown",
    )
    camera.add_argument("--force", action="store_true", help="replace a camera of this name")
    step("list", "List the calibrated cameras.")
    forget = step("forget", "Remove a calibrated camera.")
    forget.add_argument("name", metavar="NAME")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"Expected a day such as 2026-05-03, got {text!r}; correct it") from None


def _stretched(text: str) -> tuple[date, bool | None]:
    day, _, flare = text.partition(":")
    if flare not in ("", "yes", "no"):
        raise UsageError(
            f"Expected a day, and yes or no for a flare-up (2026-05-03:no), got {text!r}; correct"
            " --stretched"
        )
    return _day(day), None if not flare else flare == "yes"


def _age(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= MAX_AGE):
        raise UsageError(
            f"Expected an age of 0 to {MAX_AGE} whole years, got {text!r}; correct --age"
        )
    return int(text)


def _pain(text: str) -> float:
    value = _finite(text)
    if value is None or not 0 <= value <= 10:
        raise UsageError(f"Expected pain from 0 (none) to 10 (worst), got {text!r}; correct it")
    return value


def _hold_seconds(text: str) -> float:
    value = _finite(text)
    if value is None:
        raise UsageError(f"Expected seconds, 20 to 60, got {text!r}; correct --seconds")
    return value


def _also_limited(text: str) -> tuple[str, str | None]:
    name, _, side = text.partition(":")
    if movement_named(name).has_side:
        if side not in ("left", "right"):
            raise UsageError(f"Expected {name}:left or {name}:right, got {text!r}; correct it")
        return name, side
    if side:
        raise UsageError(f"Expected no side for {name}, which has none, got {text!r}; correct it")
    return name, None


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise UsageError(f"Expected a whole number from 1 up, got {text!r}; correct it")
    return int(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535):
        raise UsageError(f"Expected a port from 1 to 65535, got {text!r}; correct --port")
    return int(text)


def _tilt(text: str) -> float:
    value = _finite(text)
    if value is None or abs(value) > MAX_TILT_DEG:
        raise UsageError(
            f"Expected a tilt of -{MAX_TILT_DEG:g} to {MAX_TILT_DEG:g} degrees, got {text!r};"
            " correct --camera-tilt, or turn the video upright first"
        )
    return value


def _square(text: str) -> float:
    value = _finite(text)
    if value is None or not 1.0 <= value <= 1000.0:
        raise UsageError(
            f"Expected the side of a square in millimetres, 1 to 1000, got {text!r};"
            " correct --square-mm"
        )
    return value


def _angle(text: str) -> float:
    value = _finite(text.removesuffix("°").replace(",", "."))
    if value is None or abs(value) > 360:
        raise UsageError(f"Expected an angle in degrees, got {text!r}; correct --reference")
    return value


def _subject(text: str) -> SubjectPosition:
    place, _, seconds = text.partition("@")
    numbers = [_finite(part) for part in (*place.split(","), seconds)]
    x_px, y_px, time_s = numbers if len(numbers) == 3 else (None, None, None)
    if x_px is None or y_px is None or time_s is None or min(x_px, y_px, time_s) < 0:
        raise UsageError(
            "Expected --subject X,Y@SECONDS with pixels and seconds from 0 up, such as"
            f" 320,180@1.5, got {text!r}"
        )
    return SubjectPosition(x_px, y_px, time_s)


def _finite(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _check_assess(arguments: argparse.Namespace) -> None:
    check_keeping(arguments)
    if arguments.movement != AUTO:
        check_side(movement_named(arguments.movement), arguments.side, both_allowed=True)


def _check_compare(arguments: argparse.Namespace) -> None:
    check_keeping(arguments)
    movement = movement_named(arguments.movement)
    given = {
        name
        for name in ("pre1", "pre2", "post", "left", "right")
        if getattr(arguments, name) is not None
    }
    if {"left", "right"} <= given:
        _check_left_right(arguments, movement, given)
    elif {"pre1", "post"} <= given and not given & {"left", "right"}:
        check_side(movement, arguments.side, both_allowed=False)
        if arguments.other_side is not None and not movement.has_side:
            raise UsageError(
                f"Expected no --other-side for {movement.name}, which has no sides; leave it out"
            )
    else:
        came = " and ".join(f"--{name}" for name in sorted(given)) or "neither"
        raise UsageError(
            "Expected --pre1 and --post (before and after), or --left and --right, got"
            f" {came}; add what is missing"
        )


def _check_left_right(arguments: argparse.Namespace, movement: Movement, given: set[str]) -> None:
    if not movement.has_side:
        raise UsageError(
            f"Expected a movement with a left and a right, got {movement.name}; use --pre1 and"
            " --post for it"
        )
    before_after = given - {"left", "right"}
    before_after |= {
        name
        for name in ("side", "other_side", "pain_before", "pain_after", "worse", "flare")
        if getattr(arguments, name) is not None
    }
    if before_after:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in sorted(before_after))
        raise UsageError(f"Expected --left and --right without {names}; leave {names} out")


def _check_agreement(arguments: argparse.Namespace) -> None:
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


def _check_report(arguments: argparse.Namespace) -> None:
    roles = [name for name in _REPORT_ROLES if getattr(arguments, name) is not None]
    given = [
        name
        for name, there in (
            ("files", arguments.files),
            (" and ".join(f"--{role}" for role in roles), roles),
            ("--person", arguments.person is not None),
        )
        if there
    ]
    if len(given) != 1:
        raise UsageError(
            "Expected files, or --pre1 and --post (--left and --right), or --person, got"
            f" {' with '.join(given) or 'none of them'}; give one of the three"
        )
    before_after = {"pre1", "post"} <= {*roles} <= {"pre1", "pre2", "post"}
    if roles and not before_after and {*roles} != {"left", "right"}:
        raise UsageError(
            "Expected --pre1 and --post (before and after), or --left and --right, got"
            f" {given[0]}; add what is missing"
        )
    _check_report_of_person(arguments)
    if arguments.movement is not None and arguments.movement != AUTO:
        movement = movement_named(arguments.movement)
        if arguments.person is None and not {"left", "right"} & {*roles}:
            check_side(movement, arguments.side, both_allowed=not roles)


def _check_report_of_person(arguments: argparse.Namespace) -> None:
    if arguments.person is None:
        if arguments.session is not None or arguments.weeks:
            raise UsageError("Expected --person with --session or --weeks, got none; add it")
        return
    if arguments.session is not None and arguments.weeks:
        raise UsageError("Expected --session or --weeks, got both; leave one out")
    if arguments.pictures:
        raise UsageError(
            "Expected recordings for --pictures, got --person, and no video is kept; leave"
            " --pictures out"
        )
    fixed = [name for name in ("name", "day", "age", "sex") if getattr(arguments, name) is not None]
    if fixed:
        names = ", ".join(f"--{name}" for name in fixed)
        raise UsageError(f"Expected --person without {names}, which are kept; leave {names} out")


def _check_guided(arguments: argparse.Namespace) -> None:
    if arguments.movement is None:
        if not arguments.regions:
            raise UsageError("Expected a movement, got none; name one from `rom movements`")
        return
    check_side(movement_named(arguments.movement), arguments.side, both_allowed=False)


def check_side(movement: Movement, side: str | None, *, both_allowed: bool) -> None:
    """Check that a side is given where the movement has one, and only there.

    Raises
    ------
    UsageError
        The side is missing or does not belong to the movement.
    """
    if movement.side_kind is SideKind.NONE:
        if side is not None:
            raise UsageError(
                f"Expected no --side for {movement.name}, which has none, got {side}; leave it out"
            )
    elif movement.side_kind in (SideKind.BODY, SideKind.DIRECTION):
        if side is None:
            choices = "left, right or both" if both_allowed else "left or right"
            meaning = (
                "side of the person" if movement.side_kind is SideKind.BODY else "way moved to"
            )
            raise UsageError(
                f"Expected a side for {movement.name}, got none; add --side {choices}"
                f" (the {meaning})"
            )
    else:
        raise AssertionError(movement.side_kind)
