"""The `rom` command: parse, call, end with an exit status."""

from __future__ import annotations

import argparse

from rom.terminal import run_command


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status.

    0 is done (a refusal to measure is a result), 2 wrong usage or unreadable input, 130 Ctrl-C,
    1 anything else.
    """
    return run_command(lambda: _dispatch(arguments))


def _dispatch(arguments: list[str] | None) -> int:
    # Imported here, so that what goes wrong with packages is told in one line as well.
    from rom.commands import measure
    from rom.commands.arguments import parse_arguments
    from rom.commands.arguments_exchange import EXCHANGE_COMMANDS
    from rom.commands.arguments_records import RECORD_COMMANDS

    parsed = parse_arguments(arguments)
    if parsed.command == "assess":
        return measure.assess(parsed)
    if parsed.command == "compare":
        return measure.compare(parsed)
    if parsed.command == "report":
        from rom.commands.report import report

        return report(parsed)
    if parsed.command in ("plan", "massage", "screen"):
        return _guide(parsed)
    if parsed.command == "agreement":
        from rom.commands.agreement import agreement

        return agreement(parsed)
    if parsed.command in RECORD_COMMANDS:
        from rom.commands import records

        return records.run(parsed)
    if parsed.command in EXCHANGE_COMMANDS:
        from rom.commands import exchange

        return exchange.run(parsed)
    if parsed.command == "weeks":
        from rom.commands.weeks import weeks

        return weeks(parsed)
    if parsed.command == "movements":
        return measure.movements(parsed)
    if parsed.command == "demo":
        return measure.demo(parsed)
    if parsed.command == "calibrate":
        return measure.calibrate(parsed)
    if parsed.command == "app":
        from rom.commands.app import app

        return app(parsed)
    if parsed.command == "doctor":
        return measure.doctor(parsed)
    raise AssertionError(parsed.command)


def _guide(parsed: argparse.Namespace) -> int:
    from rom.commands import guide

    if parsed.command == "plan":
        return guide.plan(parsed)
    if parsed.command == "massage":
        return guide.massage(parsed)
    return guide.screen(parsed)
