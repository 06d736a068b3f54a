"""The command that looks at several sessions together."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from rom.clinical.history import SessionRecord
from rom.clinical.history_json import session_from_json, with_flares
from rom.clinical.json_values import JsonValue
from rom.clinical.readiness import LightEffort, Readiness, StretchSession, judge_readiness
from rom.clinical.screening import clearance
from rom.clinical.weeks import Weeks, judge_weeks
from rom.commands.arguments import STDOUT
from rom.commands.dialogue import terminal_width
from rom.commands.json_files import read_screen
from rom.errors import InputError, RomError
from rom.inputs import read_json
from rom.outputs import Output, check_outputs, json_text, text_writer, write_together
from rom.reports.weeks_text import weeks_text

SCHEMA = "rom.weeks/1"


def weeks(arguments: argparse.Namespace) -> int:
    """Say what the sessions of each movement and side show together, and what may come next."""
    files = _files(arguments.results)
    paths = [] if arguments.json in (None, STDOUT) else [Path(arguments.json)]
    check_outputs(paths, inputs=files, force=arguments.force)
    sessions = sorted((_session(path) for path in files), key=lambda each: each.day)
    records = with_flares(
        tuple(sessions), flared=tuple(arguments.flared), settled=tuple(arguments.settled)
    )
    found = [_judged(arguments, group) for group in _groups(records)]
    content = json_text({"schema": SCHEMA, "movements": [_json(*each) for each in found]})
    write_together([Output(path, text_writer(content)) for path in paths], force=arguments.force)
    if arguments.json == STDOUT:
        print(content, end="")
        return 0
    width = terminal_width()
    print("\n\n".join(weeks_text(*each, width=width) for each in found))
    for path in paths:
        print(f"\nWrote {path}")
    return 0


def _judged(
    arguments: argparse.Namespace, records: tuple[SessionRecord, ...]
) -> tuple[Weeks, Readiness]:
    effort = None
    if arguments.effort is not None:
        settled = arguments.effort_settled
        effort = LightEffort(arguments.effort, None if settled is None else settled == "yes")
    answered = read_screen(arguments.screen) if arguments.screen else None
    return judge_weeks(records), judge_readiness(
        records,
        today=arguments.today or date.today(),
        red_flag=clearance(answered.answers).red_flag if answered else None,
        wants_to_stretch=arguments.wants_to_stretch,
        stretches=[StretchSession(*each) for each in sorted(arguments.stretched)],
        effort=effort,
    )


def _groups(records: Iterable[SessionRecord]) -> list[tuple[SessionRecord, ...]]:
    """The sessions of each movement and side, in order of their days."""
    groups: dict[object, list[SessionRecord]] = {}
    for record in records:
        groups.setdefault((record.movement, record.side), []).append(record)
    return [tuple(group) for group in groups.values()]


def _files(given: Iterable[Path]) -> list[Path]:
    """The files named; a folder stands for all results in it."""
    files: list[Path] = []
    for path in given:
        found = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not found:
            raise InputError(f"Expected results (.json) in {path}, found none; name another folder")
        files += found
    return files


def _session(path: Path) -> SessionRecord:
    try:
        return session_from_json(read_json(path))
    except RomError as error:
        raise InputError(f"{path.name}: {error}") from error


def _json(found: Weeks, readiness: Readiness) -> JsonValue:
    latest = found.sessions[-1]
    return {
        "movement": latest.movement,
        "side": latest.side.value if latest.side else None,
        "sessions": len(found.sessions),
        "valid_sessions": len(found.valid),
        "label": {"id": found.label.id, "name": found.label.name},
        "sentences": list(found.sentences),
        "readiness": [{"id": label.id, "name": label.name} for label in readiness.labels],
        "readiness_sentences": list(readiness.sentences),
    }
