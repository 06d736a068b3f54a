"""The commands that take results out to other programs, and back in."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rom.commands.arguments import STDOUT
from rom.errors import InputError, UsageError
from rom.exports.document import read_export_schema
from rom.exports.formats import (
    ONE_FILE,
    WITH_LANDMARKS,
    Format,
    check_available,
    files_of,
    format_of,
    json_text,
    possible_files,
    text_of,
)
from rom.exports.loose import UNNAMED, set_from_assessment, unnamed_person
from rom.exports.reading import is_readable, moment_of, read_people
from rom.keeping import records
from rom.landmarks import Side
from rom.outputs import (
    Output,
    check_outputs,
    check_suffix,
    output_folder,
    text_writer,
    write_together,
)
from rom.records.entities import PersonContent, SetRecord
from rom.records.given import given_to
from rom.records.own_errors import everything_of
from rom.records.store import Store
from rom.terminal import progress_bar

if TYPE_CHECKING:
    from rom.pipeline import Outcome, Sides


def run(arguments: argparse.Namespace) -> int:
    """Carry out one of `EXCHANGE_COMMANDS`."""
    if arguments.command == "export":
        return _export(arguments)
    if arguments.command == "import":
        return _import(arguments)
    raise AssertionError(arguments.command)


def _export(arguments: argparse.Namespace) -> int:
    """Write results in a form that other programs read."""
    if arguments.schema:
        print(json_text(read_export_schema()), end="")
        return 0
    out = Path(arguments.out)
    wanted = _format(arguments, out)
    if arguments.out == STDOUT:
        print(text_of(wanted, _people(arguments, landmarks=False), made_at=_now()), end="")
        return 0
    check_available(wanted)
    _check_place(wanted, out, arguments.sources, force=arguments.force)
    people = _people(arguments, landmarks=wanted in WITH_LANDMARKS)
    files = files_of(wanted, people, out, made_at=_now())
    with _place(out):
        check_outputs(list(files), inputs=arguments.sources, force=arguments.force)
        _note_copy(arguments, people, out)
        outputs = [Output(path, write) for path, write in files.items()]
        write_together(outputs, force=arguments.force)
    print(f"{_amounts(people)}\n\n" + "\n".join(f"Wrote {path}" for path in files))
    return 0


def _import(arguments: argparse.Namespace) -> int:
    """Read results back: into the records, or into one JSON file."""
    if arguments.out is not None:
        check_suffix(arguments.out, "--out", ".json")
        check_outputs([arguments.out], inputs=arguments.sources, force=arguments.force)
    people = [content for path in arguments.sources for content in _imported(arguments, path)]
    if arguments.out is not None:
        text = text_of(Format.JSON, people, made_at=_now())
        write_together([Output(arguments.out, text_writer(text))], force=arguments.force)
        print(f"{_amounts(people)}\n\nWrote {arguments.out}")
        return 0
    with records() as store:
        print(_keep(store, people, arguments.person))
    return 0


def _format(arguments: argparse.Namespace, out: Path) -> Format:
    if arguments.out != STDOUT:
        return format_of(out, arguments.format)
    wanted = Format(arguments.format) if arguments.format else Format.JSON
    if wanted not in ONE_FILE:
        raise UsageError(
            f"Expected --format {' or '.join(sorted(ONE_FILE))} to print, got {wanted}; name a"
            " folder or a file"
        )
    return wanted


def _check_place(wanted: Format, out: Path, sources: Sequence[Path], *, force: bool) -> None:
    """Check where the export goes, before anything takes time."""
    if out.suffix:
        there = [path for path in possible_files(wanted, out) if path.exists()]
        check_outputs(there or [out], inputs=sources, force=force)
    elif out.exists() and not out.is_dir():
        raise UsageError(f"Expected a folder, but {out} is a file; name another with --out")
    elif out.is_dir() and any(out.iterdir()) and not force:
        raise UsageError(
            f"Expected a new or empty folder, but {out} holds files; name another, or say --force"
            " to replace those of the same names"
        )


def _place(out: Path) -> AbstractContextManager[None]:
    return nullcontext() if out.suffix else output_folder(out)


def _people(arguments: argparse.Namespace, *, landmarks: bool) -> list[PersonContent]:
    """What is to be exported: of the records, of files, of recordings measured now."""
    if arguments.person is not None:
        with records() as store:
            person = store.person(arguments.person)
            return [everything_of(store, person.id, landmarks=landmarks)]
    readable = [path for path in arguments.sources if is_readable(path)]
    recordings = [path for path in arguments.sources if not is_readable(path)]
    named: list[PersonContent] = []
    sets: list[SetRecord] = []
    for content in (content for path in readable for content in read_people(path)):
        if content.person.pseudonym == UNNAMED:
            sets += content.sets
        else:
            named.append(content)
    sets += _measured_sets(arguments, recordings)
    return named + ([unnamed_person(sets, sex=arguments.sex)] if sets else [])


def _measured_sets(arguments: argparse.Namespace, recordings: Sequence[Path]) -> list[SetRecord]:
    if not recordings:
        return []
    if arguments.movement is None:
        raise UsageError(
            f"Expected a movement to measure {recordings[0]}, got none; add --movement and --side"
        )
    from rom.pipeline import AssessmentRequest, assess_recording
    from rom.pose.model import ensure_model
    from rom.video.reading import open_video

    for path in recordings:
        open_video(path).close()  # what cannot be read is told before anything takes time
    sets: list[SetRecord] = []
    with progress_bar() as show:
        ensure_model(arguments.model, progress=show)
        for path in recordings:
            request = AssessmentRequest(
                video=path,
                movement=arguments.movement,
                side=_side(arguments),
                mirrored=arguments.mirrored,
                camera=arguments.camera,
                camera_tilt_deg=arguments.camera_tilt,
                age=arguments.age,
                sex=arguments.sex,
                model=arguments.model,
            )
            progress = partial(show, f"Reading {path.name}")
            outcome = assess_recording(request, progress=progress)
            sets += _sets_of(outcome, path.name, moment_of(path))
    return sets


def _sets_of(outcome: Outcome, recording: str, recorded_at: datetime) -> list[SetRecord]:
    return [
        set_from_assessment(
            assessment,
            recording=recording,
            recorded_at=recorded_at,
            landmarks=outcome.landmarks,
        )
        for assessment in outcome.assessments
    ]


def _imported(arguments: argparse.Namespace, path: Path) -> Iterable[PersonContent]:
    """The people of an export, or somebody unnamed with the sets measured from landmarks."""
    if is_readable(path):
        return read_people(path)
    from rom.landmark_assessment import assess_landmarks, landmark_paths, read_landmark_file

    sets: list[SetRecord] = []
    for each in landmark_paths(path):
        file = read_landmark_file(each)
        outcome = assess_landmarks(
            file,
            each,
            movement=arguments.movement,
            side=_side(arguments),
            age=arguments.age,
            sex=arguments.sex,
        )
        recorded_at = file.origin.recorded_at or moment_of(each)
        sets += _sets_of(outcome, file.origin.recording or each.name, recorded_at)
    if not sets:
        raise InputError(
            f"Expected exported results or landmarks (.npz, .px.trc) in {path}, found none; name"
            " another folder"
        )
    return [unnamed_person(sets, sex=arguments.sex)]


def _keep(store: Store, people: Sequence[PersonContent], name: str | None) -> str:
    """Save everything that is not in the records yet; return what to tell."""
    if name is not None:
        person = store.person(name)
        people = [given_to(person, content) for content in people]
    elif any(content.person.pseudonym == UNNAMED for content in people):
        raise UsageError(
            "Expected a name for results that came without one; add --person NAME of somebody in"
            " the records, or --out FILE.json to keep them in a file"
        )
    known = {summary.person.id: summary.sets for summary in store.people()}
    for content in people:
        store.import_content(content)
    now = {summary.person.id: summary.sets for summary in store.people()}
    new = sum(now[person_id] - known.get(person_id, 0) for person_id in now)
    there = len({each.id for content in people for each in content.sets}) - new
    verb = "was" if there == 1 else "were"
    already = f" {_plural(there, 'set')} {verb} there already." if there else ""
    return f"{_amounts(people)} Kept {_plural(new, 'new set')} in the records.{already}"


def _note_copy(arguments: argparse.Namespace, people: Sequence[PersonContent], out: Path) -> None:
    """Let the records know what left them, before it does, so that deletion can name it."""
    if arguments.person is None:
        return
    with records() as store:
        for content in people:
            store.note_copy("export", out, content.person.id)


def _side(arguments: argparse.Namespace) -> Sides:
    side: str | None = arguments.side
    if side is None:
        return None
    return "both" if side == "both" else Side(side)


def _amounts(people: Sequence[PersonContent]) -> str:
    sets = [each for content in people for each in content.sets]
    repetitions = sum(len(each.assessment.repetitions) for each in sets)
    measured = sum(each.assessment.measured for each in sets)
    all_names = dict.fromkeys(each.person.pseudonym for each in people)
    names = [name for name in all_names if name != UNNAMED]
    who = f"{', '.join(names)}: " if 0 < len(names) <= 3 else f"{len(names)} people: "
    return (
        f"{who if names else ''}{_plural(len(sets), 'set')} ({measured} measured),"
        f" {_plural(repetitions, 'repetition')}."
    )


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _now() -> datetime:
    return datetime.now().astimezone()
