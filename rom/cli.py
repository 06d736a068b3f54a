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
    from rom import commands
    from rom.arguments import parse_arguments
    from rom.arguments_exchange import EXCHANGE_COMMANDS
    from rom.arguments_records import RECORD_COMMANDS

    parsed = parse_arguments(arguments)
    if parsed.command == "assess":
        return commands.assess(parsed)
    if parsed.command == "compare":
        return commands.compare(parsed)
    if parsed.command == "report":
        from rom.report_commands import report

        return report(parsed)
    if parsed.command in ("plan", "massage", "screen"):
        return _guide(parsed)
    if parsed.command == "agreement":
        from rom import agreement_commands

        return agreement_commands.agreement(parsed)
    if parsed.command in RECORD_COMMANDS:
        from rom import records_commands

        return records_commands.run(parsed)
    if parsed.command in EXCHANGE_COMMANDS:
        from rom import exchange_commands

        return exchange_commands.run(parsed)
    if parsed.command == "weeks":
        from rom.weeks_command import weeks

        return weeks(parsed)
    if parsed.command == "movements":
        return commands.movements(parsed)
    if parsed.command == "demo":
        return commands.demo(parsed)
    if parsed.command == "calibrate":
        return commands.calibrate(parsed)
    if parsed.command == "doctor":
        return commands.doctor(parsed)
    raise AssertionError(parsed.command)


def _guide(parsed: argparse.Namespace) -> int:
    from rom import guide_commands

    if parsed.command == "plan":
        return guide_commands.plan(parsed)
    if parsed.command == "massage":
        return guide_commands.massage(parsed)
    return guide_commands.screen(parsed)
