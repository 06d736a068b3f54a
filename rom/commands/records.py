"""The commands that work with records: who, the course, backups, deletion."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from rom.commands.arguments_records import RECORD_COMMANDS
from rom.commands.dialogue import Dialogue, terminal_width
from rom.commands.records_text import backups_text, history_text, people_text
from rom.errors import UsageError
from rom.keeping import ask_passphrase, records
from rom.landmarks import Side
from rom.outputs import Output, check_outputs, json_text, text_writer, write_together
from rom.records.backups import back_up, backups, plain_backups
from rom.records.deletion import Deletion, delete_person, forget
from rom.records.engine import is_encrypted, open_database, store_file
from rom.records.entities import PersonSummary
from rom.records.history import history_of
from rom.records.history_json import history_json
from rom.records.location import (
    NEW_PASSPHRASE_ENV,
    PASSPHRASE_ENV,
    backups_dir,
    database_url,
    passphrase,
)
from rom.records.names import name_key
from rom.records.restoring import restore

_STDOUT = "-"


def run(arguments: argparse.Namespace) -> int:
    """Carry out one of `RECORD_COMMANDS`."""
    assert arguments.command in RECORD_COMMANDS
    commands = {
        "people": _people,
        "history": _history,
        "backup": _backup,
        "restore": _restore,
        "delete": _delete,
    }
    return commands[arguments.command](arguments)


def _people(arguments: argparse.Namespace) -> int:
    with records() as store:
        if arguments.step == "add":
            person = store.add_person(
                arguments.name,
                birth_year=arguments.birth_year,
                sex=arguments.sex,
                notes=arguments.notes or "",
            )
            print(f"Added {person.pseudonym}. The records are in {store.database.shown}.")
        elif arguments.step == "change":
            person = store.person(arguments.name)
            told = {
                "pseudonym": arguments.new_name,
                "birth_year": arguments.birth_year,
                "sex": arguments.sex,
                "notes": arguments.notes,
            }
            changes = {name: value for name, value in told.items() if value is not None}
            changed = replace(person, **changes)
            store.change_person(changed)
            print(f"Changed {changed.pseudonym}.")
        elif arguments.json:
            print(json_text([_person_json(each) for each in store.people()]), end="")
        else:
            print(people_text(store.people(), width=terminal_width()))
    return 0


def _person_json(each: PersonSummary) -> dict[str, object]:
    person = each.person
    return {
        "id": person.id,
        "name": person.pseudonym,
        "birth_year": person.birth_year,
        "sex": person.sex,
        "notes": person.notes,
        "sessions": each.sessions,
        "sets": each.sets,
        "last_day": each.last_day.isoformat() if each.last_day else None,
    }


def _history(arguments: argparse.Namespace) -> int:
    paths = [] if arguments.json in (None, _STDOUT) else [Path(arguments.json)]
    check_outputs(paths, inputs=(), force=arguments.force)
    with records() as store:
        person = store.person(arguments.name)
        content = store.content(person.id, series=False)
        found = history_of(content, today=date.today())
        side = Side(arguments.side) if arguments.side else None
        courses = [
            each
            for each in found.courses
            if arguments.movement in (None, each.movement) and side in (None, each.side)
        ]
        text = json_text(history_json(found, courses)) if arguments.json else ""
        write_together([Output(path, text_writer(text)) for path in paths], force=arguments.force)
        for path in paths:
            store.note_copy("history", path, person.id)
    if arguments.json == _STDOUT:
        print(text, end="")
        return 0
    print(history_text(found, courses, width=terminal_width()))
    for path in paths:
        print(f"\nWrote {path}")
    return 0


def _backup(arguments: argparse.Namespace) -> int:
    if arguments.list:
        print(backups_text(backups(), backups_dir(), width=terminal_width()))
        return 0
    key = _new_passphrase() if arguments.encrypt else "" if arguments.plain else None
    with records() as store:
        path = back_up(store.database, arguments.file, key=key)
        store.note_copy("backup", path)
    print(f"Wrote {path}, and read it again: it is whole.")
    if arguments.encrypt and store_file(database_url()) is None:
        print("Without the passphrase nobody can read it. The server's own files are with who runs")
        print("it.")
    elif arguments.encrypt:
        print(f"Without the passphrase nobody can read it. `rom restore {path}` makes the records")
        print(f"themselves encrypted; set {PASSPHRASE_ENV} then, or type it when asked.")
    return 0


def _new_passphrase() -> str:
    if chosen := os.environ.get(NEW_PASSPHRASE_ENV):
        return chosen
    if not sys.stdin.isatty():
        raise UsageError(
            f"Expected a passphrase for the backup, got none; set {NEW_PASSPHRASE_ENV}, or type the"
            " command in a terminal"
        )
    import getpass

    first = getpass.getpass("New passphrase: ")
    if not first or first != getpass.getpass("The same again: "):
        raise UsageError("Expected the same passphrase twice, got something else; try again")
    return first


def _restore(arguments: argparse.Namespace) -> int:
    path = store_file(database_url())
    server = open_database(database_url()) if path is None else None
    ask = cache(lambda: passphrase() or ask_passphrase())  # asked once for all files
    try:
        done = restore(arguments.file, path, server, ask=ask)
    finally:
        if server is not None:
            server.close()
    people = "1 person" if done.people == 1 else f"{done.people} people"
    print(f"Brought back {people} and {_counted(done.sets, 'set')}.")
    if done.kept:
        print(f"The records as they were before are kept in {done.kept}")
    plain = plain_backups() if path is not None and is_encrypted(path) else []
    if plain:
        print("The records are encrypted, these backups are not. Delete them yourself if nobody")
        print("is to read them:", *(f"  {each}" for each in plain), sep="\n")
    return 0


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _delete(arguments: argparse.Namespace) -> int:
    with records() as store:
        if arguments.again:
            forget(store.database)
            print("What was deleted is no longer in the file.")
            return 0
        person = store.person(arguments.name)
        if not arguments.yes and not _confirmed(person.pseudonym):
            print("Nothing was deleted.")
            return 0
        done = delete_person(store, person.id)
        print(_deleted_words(person.pseudonym, done))
    return 0


def _confirmed(name: str) -> bool:
    dialogue = Dialogue()
    dialogue.say(f"This deletes {name} with all sessions and sets. It cannot be taken back.")
    key = name_key(name)
    return dialogue.ask(
        "Type the name again to go on, or press Enter to keep everything:",
        lambda line: name_key(line) == key,
    )


def _deleted_words(name: str, done: Deletion) -> str:
    held = f"{_counted(done.sessions, 'session')}, {_counted(done.sets, 'set')}"
    lines = [f"Deleted {name}: {held}."]
    if done.elsewhere:
        lines += ["These files still hold data of this person; delete them yourself if you want:"]
        lines += [f"  {path}" for path in done.elsewhere]
    if done.perhaps:
        lines += ["These could not be read to see:", *(f"  {path}" for path in done.perhaps)]
    return "\n".join(lines)
