"""The sessions of one movement and side as a table."""

from __future__ import annotations

from rom.clinical.decisions import label_of, rules_of
from rom.clinical.history_wording import day_words
from rom.clinical.signs.rules import sign_words
from rom.clinical.wording import degrees, onset_interval
from rom.records.entities import Phase
from rom.records.history import Course
from rom.records.visits import Point, Visit
from rom.reports.blocks import Column, Table
from rom.reports.numbers import DASH
from rom.reports.phrases import ONSET_EXPLAINED

_COLUMNS = (
    Column(words="Day", align="left"),
    Column(words="Before"),
    Column(words="After"),
    Column(words="Pain"),
    Column(words="Signs", align="left"),
)

_ONSET = Column(words="Pain begins")


def session_table(course: Course) -> Table:
    """Day, value before and after with its 95 % interval, pain and signs, the latest first."""
    visits = sorted(course.visits, key=lambda each: each.day, reverse=True)
    marked = any(point.pain_onset for each in visits for point in each.points)
    notes = ["Values with their 95 % interval of repeated measurement. Pain from 0 to 10."]
    notes += [ONSET_EXPLAINED] if marked else []
    notes += [f"{day_words(each.day)}: {words}" for each in visits if (words := _label(each))]
    return Table(
        caption="All sessions",
        hidden_caption=True,
        columns=(*_COLUMNS[:-1], _ONSET, _COLUMNS[-1]) if marked else _COLUMNS,
        rows=[_row(course, each, marked=marked) for each in visits],
        notes=notes,
    )


def _row(course: Course, visit: Visit, *, marked: bool) -> list[str]:
    first = next((each for each in visit.points if each.phase is not Phase.POST), None)
    after = next((each for each in visit.points if each.phase is Phase.POST), None)
    names = sign_words(course.movement)
    signs = [] if first is None else [names.get(code, code) for code in first.signs]
    return [
        day_words(visit.day, short=True),
        _value(first),
        _value(after),
        _pain(visit, first),
        *([_onset(first, after)] if marked else []),
        "; ".join(signs) or DASH,
    ]


def _value(point: Point | None) -> str:
    if point is None:
        return DASH
    if point.value_deg is None or point.half_width_deg is None:
        return "not measured"
    value = degrees(point.value_deg, decimals=1)
    if point.bound == "at_least":
        return f"at least {value}"
    return f"{value} ±{degrees(point.half_width_deg, decimals=1)}"


def _pain(visit: Visit, first: Point | None) -> str:
    result = visit.result
    if result is not None and result.pain_before is not None and result.pain_after is not None:
        return f"{result.pain_before:g} → {result.pain_after:g}"
    return DASH if first is None or first.pain is None else f"{first.pain:g}"


def _onset(first: Point | None, after: Point | None) -> str:
    """Where pain began before and after, with its 95 % interval."""
    found = [each.pain_onset if each else None for each in (first, after)]
    if not any(found):
        return DASH
    words = [onset_interval(each) if each else DASH for each in found]
    return words[0] if after is None else " → ".join(words)


def _label(visit: Visit) -> str:
    """The wording of the session's label or why there is none, and what was done otherwise."""
    if visit.result is None:
        return " ".join(visit.remarks)
    row = next((r for r in rules_of("session") if r["rule_id"] == visit.result.label_id), None)
    words = visit.result.label_reason or "" if row is None else label_of(row).wording
    return " ".join([*([words] if words else []), *visit.remarks])
