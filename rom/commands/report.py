"""`rom report`: from files, recordings or the store to a page or a PDF."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rom.errors import InputError, UsageError
from rom.landmarks import Side
from rom.outputs import (
    Output,
    bytes_writer,
    check_outputs,
    check_suffix,
    text_writer,
    write_together,
)
from rom.terminal import progress_bar

if TYPE_CHECKING:
    from rom.clinical.assessment import Assessment
    from rom.clinical.comparison import Comparison
    from rom.pipeline import AssessmentRequest
    from rom.reports.blocks import Document
    from rom.reports.content import SessionContent, ShownSet, Subject

_ROLES = ("pre1", "pre2", "post", "left", "right")
_JSON = ".json"
_MAX_JSON_BYTES = 100_000_000
_SUFFIXES = {"html": (".html", ".htm"), "pdf": (".pdf",)}


@dataclass(frozen=True, kw_only=True, eq=False)
class _Source:
    """What one file gave: its assessments, or a comparison, and a picture of each assessment."""

    path: Path
    assessments: Sequence[Assessment] = ()
    comparison: Comparison | None = None
    stills: Sequence[bytes | None] = ()

    def still(self, number: int) -> bytes | None:
        return self.stills[number] if number < len(self.stills) else None


def report(arguments: argparse.Namespace) -> int:
    """Write a report for the person or for the therapist."""
    path, form = _output(arguments)
    check_outputs([path], inputs=_inputs(arguments), force=arguments.force)
    kept = arguments.person is not None
    document = _kept_document(arguments, path) if kept else _files_document(arguments)
    note = _write(document, path, form, arguments)
    print("\n".join(part for part in (f"Wrote {path}", note) if part))
    return 0


def _output(arguments: argparse.Namespace) -> tuple[Path, str]:
    """Where to write, and in which form: as asked for, else as the name of the file says."""
    path: Path | None = arguments.out
    if path is None:
        form = arguments.format or "pdf"
        return Path(f"report.{form}"), form
    if arguments.format is not None:
        check_suffix(path, "--out", *_SUFFIXES[arguments.format])
        return path, arguments.format
    check_suffix(path, "--out", *(each for suffixes in _SUFFIXES.values() for each in suffixes))
    return path, "pdf" if path.suffix.lower() == ".pdf" else "html"


def _write(document: Document, path: Path, form: str, arguments: argparse.Namespace) -> str:
    """Write the report; return what the reader should know about it."""
    note = ""
    if form == "pdf":
        from rom.reports.pdf import report_pdf

        made = report_pdf(document, paper=arguments.paper)
        output = Output(path, bytes_writer(made.content))
        if made.unshown:
            note = (
                f"No font on this computer shows {made.unshown}; install one that does, such as"
                " Noto Sans for that script, or write a page with --format html."
            )
    else:
        from rom.reports.report_page import report_page

        output = Output(path, text_writer(report_page(document, paper=arguments.paper)))
    write_together([output], force=arguments.force)
    return note


def _kept_document(arguments: argparse.Namespace, path: Path) -> Document:
    """From the store, which is told of the file: the sessions of a person, or one of them."""
    from rom.keeping import ask_passphrase
    from rom.records.store import open_store
    from rom.reports.kept import session_content, weeks_content

    with open_store(ask=ask_passphrase, create=False) as store:
        kept = store.content(store.person(arguments.person).id)
        store.note_copy("report", path, kept.person.id)
    if arguments.weeks:
        side = Side(arguments.side) if arguments.side else None
        weeks = weeks_content(kept, today=date.today(), movement=arguments.movement, side=side)
        if arguments.audience == "therapist":
            from rom.reports.therapist import weeks_for_therapist

            return weeks_for_therapist(weeks)
        from rom.reports.person import weeks_for_person

        return weeks_for_person(weeks)
    count, number = len(kept.sessions), arguments.session or len(kept.sessions)
    if not 1 <= number <= count:
        raise UsageError(
            f"Expected a session from 1 to {count}, got {number}; correct --session"
            if count
            else f"Expected sessions of {kept.person.pseudonym}, but none are kept; measure first"
        )
    return _session_document(session_content(kept.person, kept.sessions[number - 1]), arguments)


def _session_document(content: SessionContent, arguments: argparse.Namespace) -> Document:
    if arguments.audience == "therapist":
        from rom.reports.therapist import session_for_therapist

        return session_for_therapist(content)
    from rom.reports.person import session_for_person

    return session_for_person(content)


def _files_document(arguments: argparse.Namespace) -> Document:
    from rom.reports.content import SessionContent

    roles = {role: path for role in _ROLES if (path := getattr(arguments, role)) is not None}
    paths = list(roles.values()) or arguments.files
    sources = _read(paths, list(roles) or [None] * len(paths), arguments)
    sets, comparison = (
        _compared(dict(zip(roles, sources, strict=True)), arguments)
        if roles
        else _as_given(sources)
    )
    content = SessionContent(
        subject=_subject(arguments), day=arguments.day, sets=sets, comparison=comparison
    )
    return _session_document(content, arguments)


def _subject(arguments: argparse.Namespace) -> Subject:
    from rom.records.names import checked_name
    from rom.reports.content import Subject

    name = None if arguments.name is None else checked_name(arguments.name)
    return Subject(name=name, age=arguments.age, sex=arguments.sex)


def _read(
    paths: Sequence[Path], roles: Sequence[str | None], arguments: argparse.Namespace
) -> list[_Source]:
    """Read the JSON, then measure the recordings, which takes longer."""
    sources = {path: _json_source(path) for path in paths if _is_json(path)}
    videos = [(path, role) for path, role in zip(paths, roles, strict=True) if not _is_json(path)]
    if arguments.pictures and not videos:
        raise UsageError(
            "Expected recordings for --pictures, got JSON, which holds none; give the videos, or"
            " leave --pictures out"
        )
    if videos and arguments.movement is None:
        raise UsageError(
            f"Expected --movement for the recording {videos[0][0]}, got none; name one from `rom"
            " movements`"
        )
    requests = [_request(path, role, arguments) for path, role in videos]
    for request, source in zip(requests, _measured(requests, arguments), strict=True):
        sources[request.video] = source
    return [sources[path] for path in paths]


def _measured(
    requests: Sequence[AssessmentRequest], arguments: argparse.Namespace
) -> list[_Source]:
    if not requests:
        return []
    from rom.measuring import measure_recordings
    from rom.overlay import peak_stills
    from rom.video.reading import open_video

    for request in requests:
        open_video(request.video).close()
    with progress_bar() as show:
        outcomes = measure_recordings(requests, show)
        return [
            _Source(
                path=outcome.request.video,
                assessments=outcome.assessments,
                stills=peak_stills(outcome.as_filmed()) if arguments.pictures else (),
            )
            for outcome in outcomes
        ]


def _request(path: Path, role: str | None, arguments: argparse.Namespace) -> AssessmentRequest:
    from rom.pipeline import AssessmentRequest

    side: Any = arguments.side
    if role in ("left", "right"):
        side = role
    return AssessmentRequest(
        video=path,
        movement=arguments.movement,
        side=Side(side) if side in ("left", "right") else side,
        age=arguments.age,
        sex=arguments.sex,
        mirrored=arguments.mirrored,
        model=arguments.model,
    )


def _json_source(path: Path) -> _Source:
    from rom.clinical.comparison import SCHEMA as COMPARISON_SCHEMA
    from rom.records.from_json import assessment_from_json, comparison_from_json

    content = _json_of(path)
    try:
        if isinstance(content, Mapping) and content.get("schema") == COMPARISON_SCHEMA:
            return _Source(path=path, comparison=comparison_from_json(content))
        both = isinstance(content, Mapping) and {"left", "right"} <= content.keys()
        parts = [content["left"], content["right"]] if both else [content]
        return _Source(path=path, assessments=[assessment_from_json(part) for part in parts])
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _json_of(path: Path) -> Any:
    try:
        if path.stat().st_size > _MAX_JSON_BYTES:
            raise InputError(
                f"Expected a result of up to {_MAX_JSON_BYTES // 1_000_000} MB, got a larger file:"
                f" {path}; name another one"
            )
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"Expected a result in {path}, but it cannot be read ({error.strerror}); correct the"
            " name"
        ) from error
    except ValueError as error:
        raise InputError(
            f"Expected JSON in {path}, got something else; name a file that `rom assess --json` or"
            " `rom compare --json` wrote"
        ) from error


def _compared(
    sources: Mapping[str, _Source], arguments: argparse.Namespace
) -> tuple[list[ShownSet], Comparison]:
    """Before and after, or left and right, from one file each."""
    from rom.clinical.comparison import compare, compare_sides
    from rom.reports.text import named_sets

    chosen = {role: _one_of(source, role, arguments) for role, source in sources.items()}
    sets = {role: assessment for role, (assessment, _) in chosen.items()}
    if "left" in sets:
        found = compare_sides(sets["left"], sets["right"], age=arguments.age, sex=arguments.sex)
    else:
        found = compare(
            sets["pre1"],
            sets["post"],
            pre2=sets.get("pre2"),
            pain_before=arguments.pain_before,
            pain_after=arguments.pain_after,
            worse=None if arguments.worse is None else arguments.worse == "yes",
            age=arguments.age,
            sex=arguments.sex,
        )
    shown = [
        _shown(name, assessment, sources[role], chosen[role][1])
        for role, (name, assessment) in zip(sets, named_sets(found), strict=True)
    ]
    return shown, found


def _one_of(
    source: _Source, role: str, arguments: argparse.Namespace
) -> tuple[Assessment, bytes | None]:
    """The assessment of a file that was asked for by its side, where it holds two."""
    side = role if role in ("left", "right") else arguments.side
    found = [
        (each, source.still(number))
        for number, each in enumerate(source.assessments)
        if len(source.assessments) == 1 or each.side == side
    ]
    if len(found) != 1:
        raise UsageError(
            f"Expected one assessment for --{role} in {source.path}, got "
            f"{'a comparison' if source.comparison else 'left and right'}; give the file of one"
            " recording, or --side"
        )
    return found[0]


def _as_given(sources: Sequence[_Source]) -> tuple[list[ShownSet], Comparison | None]:
    """Files without a role: one comparison at most, else all sets side by side."""
    from rom.reports.text import named_sets

    compared = [source for source in sources if source.comparison is not None]
    if len(compared) > 1:
        raise UsageError(f"Expected one comparison, got {len(compared)}; write a report for each")
    sets = []
    comparison = compared[0].comparison if compared else None
    for source in sources:
        if source.comparison is not None:
            pairs = named_sets(source.comparison)
            sets += [_shown(name, each, source, None) for name, each in pairs]
        else:
            sets += [
                _shown(each.side.value if each.side else "", each, source, source.still(number))
                for number, each in enumerate(source.assessments)
            ]
    return _distinct(sets), comparison


def _distinct(sets: Sequence[ShownSet]) -> list[ShownSet]:
    """Sets of one movement and side are told apart by the names of their files."""
    from dataclasses import replace

    def key(each: ShownSet) -> tuple[object, ...]:
        return each.name, each.assessment.movement, each.assessment.side

    keys = [key(each) for each in sets]
    return [
        replace(each, name=Path(each.recording).stem)
        if keys.count(key(each)) > 1 and each.recording
        else each
        for each in sets
    ]


def _shown(name: str, assessment: Assessment, source: _Source, still: bytes | None) -> ShownSet:
    from rom.reports.content import ShownSet

    return ShownSet(
        name=name or "recording", assessment=assessment, recording=source.path.name, still=still
    )


def _is_json(path: Path) -> bool:
    return path.suffix.lower() == _JSON


def _inputs(arguments: argparse.Namespace) -> Iterable[Path]:
    roles = (getattr(arguments, role) for role in _ROLES)
    return [*arguments.files, *(path for path in roles if path is not None)]
