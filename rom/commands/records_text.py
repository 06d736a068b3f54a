"""Records as tables for a terminal: no colour codes, so they read the same in a file."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rom.clinical.wording import degrees, movement_title
from rom.records.entities import PersonSummary
from rom.records.history import Course, History, SidePair
from rom.records.visits import Point, Visit
from rom.records.wording import adherence_sentences, course_sentences

_WHOLE = ("born", "day", "last", "written")
"""Columns whose cells are not broken over lines."""
_LATEST = 12
"""Sessions of a course that a table shows; --json holds all."""
_NARROWEST = 64
"""Columns that a table needs so that no number is broken; a narrower terminal breaks lines."""


def people_text(people: Sequence[PersonSummary], *, width: int) -> str:
    """Everybody, one a line."""
    if not people:
        return "Nobody yet. `rom people add NAME` adds somebody."
    table = _table("name", "born", "sex", "sessions", "sets", "last")
    for each in people:
        person = each.person
        _row(
            table,
            person.pseudonym,
            str(person.birth_year or ""),
            person.sex or "",
            str(each.sessions),
            str(each.sets),
            each.last_day.isoformat() if each.last_day else "",
        )
    return _rendered(table, width=width)


def backups_text(paths: Sequence[Path], folder: Path, *, width: int) -> str:
    """The backups, the newest first."""
    if not paths:
        return f"No backups in {folder} yet. `rom backup` writes one."
    table = _table("backup", "written", "MB")
    for path in paths:
        status = path.stat()
        moment = datetime.fromtimestamp(status.st_mtime).strftime("%Y-%m-%d %H:%M")
        _row(table, path.name, moment, f"{status.st_size / 1e6:.1f}")
    return _rendered(Text(f"{folder}\n"), table, width=width)


def history_text(history: History, courses: Sequence[Course], *, width: int) -> str:
    """Somebody's course: each movement and side, left against right, how regularly."""
    person = history.content.person
    if not courses:
        return (
            f"Nothing is kept of {person.pseudonym} yet. `rom assess` and `rom compare` keep what"
            " they measure with --person."
        )
    parts: list[Text | Table] = [Text(person.pseudonym)]
    for course in courses:
        parts += _course_parts(course)
    if history.profile:
        parts += [Text("\nLeft and right, in the same session"), _profile_table(history.profile)]
    parts += [Text("\n" + "\n".join(adherence_sentences(history.adherence)))]
    return _rendered(*parts, width=width)


def _course_parts(course: Course) -> Iterable[Text | Table]:
    title = movement_title(course.movement, course.side)
    yield Text(f"\n{title[:1].upper()}{title[1:]}")
    table = _table("day", "before", "after", "change", "pain", "signs")
    for visit in course.visits[-_LATEST:]:
        _row(table, *_visit_cells(visit))
    yield table
    left_out = len(course.visits) - _LATEST
    if left_out > 0:
        yield Text(f"{left_out} earlier sessions are not shown; --json holds them.")
    yield Text("\n".join(course_sentences(course)))


def _visit_cells(visit: Visit) -> tuple[str, ...]:
    result = visit.result
    after = [point for point in visit.points if point.phase == "post"]
    before = [point for point in visit.points if point.phase in ("pre1", "single")]
    pains = [point.pain for point in (*before[:1], *after[-1:]) if point.pain is not None]
    signs = sorted({sign for point in visit.points for sign in point.signs})
    change = ""
    if result and result.change_deg is not None and result.limit_deg is not None:
        change = f"{_signed(result.change_deg)} (limit {degrees(result.limit_deg)})"
        change += ", left and right together" if result.of_arc else ""
    elif result:
        change = "not comparable"
    return (
        visit.day.isoformat(),
        _value(before[0]) if before else "",
        _value(after[-1]) if after else "",
        change,
        " → ".join(f"{pain:g}" for pain in pains),
        ", ".join(sign.replace("_", " ") for sign in signs),
    )


def _value(point: Point) -> str:
    if point.value_deg is None or point.half_width_deg is None:
        return "not measured"
    at_least = "at least " if point.bound == "at_least" else ""
    return f"{at_least}{degrees(point.value_deg)} ±{degrees(point.half_width_deg)}"


def _profile_table(pairs: Sequence[SidePair]) -> Table:
    table = _table("movement", "day", "left", "right", "right − left")
    for pair in pairs:
        found = pair.comparison
        assert found.pre1.value_deg is not None and found.post.value_deg is not None
        difference = "not comparable"
        if found.change_deg is not None and found.limit_deg is not None:
            difference = f"{_signed(found.change_deg)} (limit {degrees(found.limit_deg)})"
        title = movement_title(pair.movement, None)
        values = (degrees(found.pre1.value_deg), degrees(found.post.value_deg))
        _row(table, title, pair.day.isoformat(), *values, difference)
    return table


def _signed(value_deg: float) -> str:
    return f"{'+' if value_deg > 0 else ''}{degrees(value_deg)}"


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, expand=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in _WHOLE)
    return table


def _row(table: Table, *cells: str) -> None:
    """Add cells as they are: what a name holds is no mark-up."""
    table.add_row(*(Text(cell) for cell in cells))


def _rendered(*parts: Text | Table, width: int) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=max(width, _NARROWEST),
        color_system=None,
        force_terminal=False,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()).strip("\n")
