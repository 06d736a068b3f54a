"""The `rom` command: parse, call, end with an exit status."""

from __future__ import annotations

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

    parsed = parse_arguments(arguments)
    if parsed.command == "assess":
        return commands.assess(parsed)
    if parsed.command == "compare":
        return commands.compare(parsed)
    if parsed.command == "movements":
        return commands.movements(parsed)
    if parsed.command == "demo":
        return commands.demo(parsed)
    if parsed.command == "calibrate":
        return commands.calibrate(parsed)
    if parsed.command == "doctor":
        return commands.doctor(parsed)
    raise AssertionError(parsed.command)
