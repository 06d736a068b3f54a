"""The `rom` command: parse, call, end with an exit status."""

from __future__ import annotations

import argparse

from rom.arguments import parse_arguments
from rom.terminal import run_command


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status.

    0 is done (a refusal to measure is a result), 2 wrong usage or unreadable input, 130 Ctrl-C,
    1 anything else.
    """
    return run_command(lambda: _dispatch(parse_arguments(arguments)))


def _dispatch(arguments: argparse.Namespace) -> int:
    from rom import commands

    if arguments.command == "assess":
        return commands.assess(arguments)
    if arguments.command == "compare":
        return commands.compare(arguments)
    if arguments.command == "movements":
        return commands.movements(arguments)
    if arguments.command == "demo":
        return commands.demo(arguments)
    if arguments.command == "doctor":
        return commands.doctor(arguments)
    raise AssertionError(arguments.command)
