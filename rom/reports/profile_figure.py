"""Left and right across movements: a row each, all on one scale of degrees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from rom.clinical.wording import degrees
from rom.reports.svg import WIDTH, Axis, axis_over, line, marker, svg, text, tick_text

_ROW_HEIGHT = 47
_TOP, _BOTTOM = 8, 26


@dataclass(frozen=True, kw_only=True)
class Side:
    """One value of a row: `style` is left, right or after (where there is no side)."""

    name: str
    value_deg: float
    half_width_deg: float
    style: str
    at_least: bool = False

    @property
    def words(self) -> str:
        bound = "at least " if self.at_least else ""
        return f"{self.name} {bound}{degrees(self.value_deg)}".strip()


@dataclass(frozen=True, kw_only=True)
class Row:
    """A movement with the sides that were measured, and where its usual range begins."""

    name: str
    sides: Sequence[Side]
    usual_from_deg: float | None = None


def profile_figure(rows: Sequence[Row], *, title: str, identifier: str) -> Markup:
    """A row per movement: dots with the span in which the true angle lies, and the usual range."""
    edges = [0.0]
    for row in rows:
        edges += [each.value_deg - each.half_width_deg for each in row.sides]
        edges += [each.value_deg + each.half_width_deg for each in row.sides]
        edges += [row.usual_from_deg] if row.usual_from_deg is not None else []
    axis = axis_over(min(edges), max(edges), 16, WIDTH - 16, ticks=10)
    bottom = _TOP + _ROW_HEIGHT * len(rows)
    parts = [*_value_axis(axis, bottom)]
    for number, row in enumerate(rows):
        parts += _row(row, axis, _TOP + _ROW_HEIGHT * number)
    words = " ".join(_words(row) for row in rows)
    return svg(parts, height=bottom + _BOTTOM, title=title, description=words, id_=identifier)


def _value_axis(axis: Axis, bottom: float) -> Iterator[Markup]:
    for tick in axis.ticks:
        yield line(axis.at(tick), _TOP, axis.at(tick), bottom, "grid")
        yield text(axis.at(tick), bottom + 20, f"{tick_text(tick, axis.step)}°")


def _row(row: Row, axis: Axis, top: float) -> Iterator[Markup]:
    y = top + 32
    if row.usual_from_deg is not None:
        x = axis.at(row.usual_from_deg)
        yield line(x, y, axis.end, y, "usual-span")
        yield line(x, y - 11, x, y + 11, "usual")
    yield text(axis.start, top + 16, row.name, anchor="start", style="label")
    yield text(axis.end, top + 16, _values(row), anchor="end", style="label")
    lanes = [0] if len(row.sides) == 1 else [-5, 5]
    for side, lane in zip(row.sides, lanes, strict=True):
        yield from _dot(side, axis, y + lane)


def _dot(side: Side, axis: Axis, y: float) -> Iterator[Markup]:
    low = axis.at(side.value_deg - side.half_width_deg)
    high = axis.at(side.value_deg + side.half_width_deg)
    if side.at_least:
        low, high = axis.at(side.value_deg), axis.end
    yield line(low, y, high, y, f"interval {side.style}")
    yield marker(axis.at(side.value_deg), y, side.style, size=5.5)


def _values(row: Row) -> str:
    return " · ".join(each.words for each in row.sides)


def _words(row: Row) -> str:
    usual = ""
    if row.usual_from_deg is not None:
        usual = f"; the usual range begins at {degrees(row.usual_from_deg)}"
    return f"{row.name}: {', '.join(each.words for each in row.sides)}{usual}."
