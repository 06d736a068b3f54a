"""Pairs as a table of text (CSV): read with every problem listed at once, and written.

One row a pair. Needed are the columns person, movement, side, date and either rom_deg,
reference_deg and instrument, or pre1_deg and pre2_deg; yaw_deg, subject_height_frac, model_sha256
and correction say how the value was filmed and analysed. Comma, semicolon or tab between the
cells, decimal point or comma, columns in any order; others are left alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from rom.clinical.agreement.pairs import (
    BaselinePair,
    Conditions,
    Instrument,
    ReferencePair,
    check_angle,
    check_instrument,
    check_person,
    check_side,
)
from rom.errors import UsageError
from rom.landmarks import Side
from rom.movements import movement_named

COMMON = ("person", "movement", "side", "date")
REFERENCE = ("rom_deg", "reference_deg", "instrument")
BASELINE = ("pre1_deg", "pre2_deg")
ANALYSIS = ("yaw_deg", "subject_height_frac", "model_sha256", "correction")
MOST_ROWS = 100_000

_MARKED = "=+-@'"
"""What a name may not begin with in a spreadsheet, and the mark that is put before it."""

_SHA256 = re.compile(r"[0-9a-f]{64}")

_V = TypeVar("_V")
_Cells = dict[str, str]


@dataclass(frozen=True)
class PairsTable:
    """What a table holds; `problems` are sentences that name their line."""

    references: tuple[ReferencePair, ...]
    baselines: tuple[BaselinePair, ...]
    problems: tuple[str, ...]


def read_pairs_table(text: str) -> PairsTable:
    """Read all pairs and all problems of a table."""
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    head = next((line for line in lines if line.strip()), "")
    rows = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=_delimiter(head))
    columns: list[str] | None = None
    references: list[ReferencePair] = []
    baselines: list[BaselinePair] = []
    problems: list[str] = []
    try:
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = [cell.strip().lower() for cell in cells]
                problems += _column_problems(columns)
                if problems:
                    break
                continue
            if len(references) + len(baselines) + len(problems) >= MOST_ROWS:
                problems.append(f"line {rows.line_num}: expected at most {MOST_ROWS} rows")
                break
            row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
            pair, found = _pair(row)
            problems += [f"line {rows.line_num}: {each}" for each in found]
            if isinstance(pair, ReferencePair):
                references.append(pair)
            elif pair is not None:
                baselines.append(pair)
    except csv.Error:
        problems.append(f"line {rows.line_num}: expected cells of a table, got something else")
    if columns is None:
        problems.append(f"expected a first line with columns ({_columns_words()}), got none")
    return PairsTable(tuple(references), tuple(baselines), tuple(problems))


def pairs_table_text(pairs: Iterable[ReferencePair | BaselinePair]) -> str:
    """Pairs of one kind as a table with commas, which `read_pairs_table` reads back."""
    listed = list(pairs)
    values = BASELINE if listed and isinstance(listed[0], BaselinePair) else REFERENCE
    out = io.StringIO()
    writer = csv.DictWriter(out, [*COMMON, *values, *ANALYSIS], lineterminator="\n")
    writer.writeheader()
    for pair in listed:
        writer.writerow(_row(pair, values))
    return out.getvalue()


def _row(pair: ReferencePair | BaselinePair, values: Iterable[str]) -> _Cells:
    person = f"'{pair.person}" if pair.person[0] in _MARKED else pair.person
    found: dict[str, object] = {
        "person": person,  # no spreadsheet takes the name for a formula
        "movement": pair.movement,
        "side": pair.side,
        "date": pair.day.isoformat(),
        **{name: getattr(pair, name) for name in values},
    }
    if pair.conditions is not None:
        found |= vars(pair.conditions)
    return {name: "" if value is None else str(value) for name, value in found.items()}


def _delimiter(head: str) -> str:
    """The sign that occurs most often in the first line."""
    return max(",;\t", key=head.count)


def _columns_words() -> str:
    return f"{', '.join(COMMON)}, {', '.join(REFERENCE)}"


def _column_problems(columns: list[str]) -> list[str]:
    wanted = (*COMMON, *(BASELINE if set(BASELINE) & set(columns) else REFERENCE))
    missing = [name for name in wanted if name not in columns]
    twice = [name for name in dict.fromkeys(columns) if name and columns.count(name) > 1]
    problems = []
    if missing:
        problems.append(
            f"line 1: expected the columns {', '.join(wanted)}; missing: {', '.join(missing)}"
        )
    if twice:
        problems.append(f"line 1: expected every column once, got {', '.join(twice)} twice")
    return problems


def _pair(row: _Cells) -> tuple[ReferencePair | BaselinePair | None, list[str]]:
    """The pair of a row, or all that is wrong with it."""
    problems: list[str] = []

    def read(column: str, reader: Callable[[str], _V]) -> _V | None:
        try:
            return reader(row.get(column, ""))
        except UsageError as error:
            problems.append(f"{column}: {error}")
            return None

    person = read("person", _person)
    before = len(problems)
    side = read("side", _side)
    side_read = len(problems) == before
    movement = read("movement", lambda cell: _movement(cell, side, known=side_read))
    day = read("date", _day)
    baseline = "pre1_deg" in row
    names = BASELINE if baseline else REFERENCE[:2]
    values: dict[str, object] = {name: read(name, _angle) for name in names}
    if not baseline:
        values["instrument"] = read("instrument", _instrument)
    yaw_deg, height_frac = (read(name, _optional_number) for name in ANALYSIS[:2])
    sha256 = read("model_sha256", _sha256)
    if problems:
        return None, problems
    conditions = None
    if sha256 is not None:
        conditions = Conditions(
            yaw_deg=yaw_deg,
            subject_height_frac=height_frac,
            model_sha256=sha256,
            correction=row.get("correction") or None,
        )
    content: dict[str, Any] = {
        "person": person,
        "movement": movement,
        "side": side,
        "day": day,
        "conditions": conditions,
        **values,
    }
    if baseline:
        return BaselinePair(**content), []
    return ReferencePair(**content), []


def _person(cell: str) -> str:
    return check_person(_name(cell))


def _movement(cell: str, side: Side | None, *, known: bool) -> str:
    """`known` tells whether the side could be read, so that one fault is told once."""
    if known:
        check_side(cell, side)
    return movement_named(cell).name


def _instrument(cell: str) -> Instrument:
    return check_instrument(cell.lower())


def _angle(cell: str) -> float:
    return check_angle(_number(cell))


def _name(cell: str) -> str:
    marked = cell[:1] == "'" and cell[1:2] != "" and cell[1] in _MARKED
    return cell[1:] if marked else cell


def _side(cell: str) -> Side | None:
    sides = {"left": Side.LEFT, "l": Side.LEFT, "right": Side.RIGHT, "r": Side.RIGHT, "": None}
    small = cell.lower()
    if small not in sides:
        raise UsageError(f"Expected left, right or nothing, got {_shown(cell)}; correct it")
    return sides[small]


def _day(cell: str) -> date:
    found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", cell)
    try:
        if found:
            day, month, year = (int(each) for each in found.groups())
            return date(year, month, day)
        return date.fromisoformat(cell[:10] if re.match(r"\d{4}-\d\d-\d\d[T ]", cell) else cell)
    except ValueError:
        raise UsageError(
            f"Expected a date such as 2030-01-31 or 31.1.2030, got {_shown(cell)}; correct it"
        ) from None


def _number(cell: str) -> float:
    """A number with a point or a comma; a degree sign and a true minus are taken."""
    plain = cell.removesuffix("°").strip().replace("−", "-")
    if not re.fullmatch(r"[+-]?(\d{1,6}([.,]\d{0,12})?|[.,]\d{1,12})", plain):
        raise UsageError(
            f"Expected a number such as 118.5 or 118,5, got {_shown(cell)}; correct it"
        )
    return float(plain.replace(",", "."))


def _optional_number(cell: str) -> float | None:
    return _number(cell) if cell else None


def _sha256(cell: str) -> str | None:
    if cell and not _SHA256.fullmatch(cell.lower()):
        raise UsageError(
            f"Expected 64 hexadecimal digits or nothing, got {_shown(cell)}; correct it"
        )
    return cell.lower() or None


def _shown(cell: str) -> str:
    return repr(cell if len(cell) <= 40 else f"{cell[:40]}…") if cell else "nothing"
