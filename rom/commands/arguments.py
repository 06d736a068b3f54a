"""The command line's options, and every check that needs nothing but the arguments."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from rom import __version__
from rom.commands.arguments_agreement import add_agreement, check_agreement
from rom.commands.arguments_exchange import EXCHANGE_COMMANDS, add_exchange_commands, check_exchange
from rom.commands.arguments_guide import (
    add_massage,
    add_plan,
    add_screen,
    add_weeks,
    check_guided,
)
from rom.commands.arguments_records import (
    RECORD_COMMANDS,
    add_keeping,
    add_record_commands,
    check_keeping,
    check_record_command,
)
from rom.commands.arguments_sides import check_side
from rom.commands.arguments_values import (
    age_years,
    day_of,
    pain_score,
    port_number,
    square_mm,
    subject_position,
    tilt_deg,
    whole_number,
)
from rom.errors import UsageError
from rom.movements import Movement, SideKind, movement_named

AUTO = "auto"
STDOUT = "-"


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
        check_guided(parsed)
    elif parsed.command == "agreement":
        check_agreement(parsed)
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
    add_weeks(command("weeks", "What several sessions say together, and what may come next."))
    _add_report(command("report", "Write a report for the person or for the therapist."))
    add_plan(command("plan", "Muscles worth trying for a limited movement, and what may follow."))
    add_massage(command("massage", "Guide through self-massage, spot by spot."))
    add_screen(command("screen", "Ask the safety questions before the first movement."))
    add_agreement(command("agreement", "Hold our values against a goniometer's or their own."))
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
        type=subject_position,
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
    parser.add_argument(
        "--side",
        choices=("left", "right", "both"),
        help="the person's own side, or the direction moved to; both for the whole arc of clips"
        " that show left and right",
    )
    parser.add_argument(
        "--other-side", type=Path, metavar="VIDEO", help="the other side, same day and view"
    )
    parser.add_argument("--pain-before", type=pain_score, metavar="N", help="0 to 10")
    parser.add_argument("--pain-after", type=pain_score, metavar="N", help="0 to 10")
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
        "--session", type=whole_number, metavar="N", help="which one, from 1; default: the latest"
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
    parser.add_argument("--day", type=day_of, metavar="YYYY-MM-DD", help="when it was recorded")
    parser.add_argument("--movement", metavar="M", help="of recordings, or to choose weeks")
    parser.add_argument(
        "--side", choices=("left", "right", "both"), help="of recordings, or to choose weeks"
    )
    parser.add_argument("--mirrored", action="store_true", help="the recordings are mirror images")
    parser.add_argument("--pain-before", type=pain_score, metavar="N", help="0 to 10")
    parser.add_argument("--pain-after", type=pain_score, metavar="N", help="0 to 10")
    parser.add_argument("--worse", choices=("yes", "no"), help="did it get worse in any way?")
    parser.add_argument("--age", type=age_years, metavar="N", help="in years")
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
        type=tilt_deg,
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
    parser.add_argument("--age", type=age_years, metavar="N", help="in years, for the usual range")
    parser.add_argument("--sex", choices=("M", "F"), help="for the usual range")


def _add_app(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port",
        type=port_number,
        metavar="N",
        help="where it answers; default: 8501, or the next free",
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
        type=square_mm,
        metavar="N",
        help="side of a square as measured on your print; only for the distances shown",
    )
    camera.add_argument("--force", action="store_true", help="replace a camera of this name")
    step("list", "List the calibrated cameras.")
    forget = step("forget", "Remove a calibrated camera.")
    forget.add_argument("name", metavar="NAME")


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
        _check_compared_side(movement, arguments)
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


def _check_compared_side(movement: Movement, arguments: argparse.Namespace) -> None:
    if arguments.side != "both" or not movement.has_side:
        check_side(movement, arguments.side, both_allowed=False)
        return
    if movement.side_kind is not SideKind.DIRECTION:
        raise UsageError(
            f"Expected --side left or right for {movement.name}, got both; compare each side by"
            " itself"
        )
    for name in ("other_side", "flare"):
        if getattr(arguments, name) is not None:
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"Expected --side both without {option}; leave {option} out")


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
