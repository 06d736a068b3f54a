"""The weeks of one movement and side for the therapist: trend, what it rests on, every session."""

from __future__ import annotations

from collections.abc import Iterator

from rom.clinical.between_days import mdc95_between_days_deg
from rom.clinical.error import MDC95_FACTOR
from rom.clinical.history import SessionRecord
from rom.clinical.history_wording import day_words
from rom.clinical.trend import Trend
from rom.clinical.weeks import Weeks
from rom.clinical.wording import movement_title
from rom.reports import phrases
from rom.reports.blocks import Block, Column, Fact, Facts, Figure, Heading, Paragraph, Table
from rom.reports.content import Change, Course
from rom.reports.drawn import trend_caption, trend_drawing
from rom.reports.numbers import DASH, decimal, plus_minus, signed

_SIGNS = {"several": "several", "none": "none", "not_evaluable": DASH}


def course_blocks(course: Course, identifier: str) -> Iterator[Block]:
    """Heading, label, trend, figures and the table of sessions."""
    weeks = course.weeks
    last = weeks.sessions[-1]
    title = movement_title(last.movement, last.side)
    yield Heading(words=f"{title[:1].upper()}{title[1:]}")
    yield Paragraph(words=weeks.sentences[0], style="lead")
    drawing = trend_drawing(course, identifier)
    if drawing is not None:
        yield Figure(drawing=drawing, caption=trend_caption(course), width_frac=0.8)
    yield Facts(items=[*_facts(weeks), *_steps(course)])
    yield _sessions(course)


def _facts(weeks: Weeks) -> Iterator[Fact]:
    label = weeks.label
    yield Fact(term="Label over weeks", words=f"{label.id} {label.name}")
    yield Fact(
        term="Sessions used",
        words=f"{len(weeks.valid)} of {len(weeks.sessions)}",
        soft="Measured exactly before the massage, and filmed and analysed like the latest one.",
    )
    if weeks.range_deg is not None:
        yield Fact(
            term="Range",
            words=_trend(weeks.range_deg, "°"),
            soft=phrases.trend_explained(weeks.range_deg),
        )
    if weeks.valid:
        sems_deg = [each.sem_deg for each in weeks.valid if each.sem_deg is not None]
        limit_deg = mdc95_between_days_deg(weeks.valid[-1].movement, *sems_deg)
        yield Fact(
            term="MDC95 between days",
            words=f"{decimal(limit_deg)}° between two single sessions",
        )
    if weeks.pain is not None:
        yield Fact(term="Pain", words=_trend(weeks.pain, ""))


def _steps(course: Course) -> Iterator[Fact]:
    for term, sentences in (
        ("First and latest day", course.since_first),
        ("Retention", course.retained),
        ("Next steps", course.next_steps),
        ("Held back", course.held_back),
    ):
        if sentences:
            yield Fact(term=term, words=" ".join(sentences))


def _trend(trend: Trend, unit: str) -> str:
    words = f"{decimal(trend.first)}{unit} to {decimal(trend.last)}{unit}, "
    words += f"change {signed(trend.change)}{unit}, limit {decimal(trend.limit)}{unit}: "
    return words + {"open": "neither a change nor its absence is shown"}.get(
        trend.verdict, trend.verdict
    )


def _sessions(course: Course) -> Table:
    records = list(zip(course.weeks.sessions, course.after_deg, course.changes, strict=True))
    used = set(map(id, course.weeks.valid))
    of_arcs = any(each is not None and each.of_arc for each in course.changes)
    return Table(
        caption="Sessions",
        columns=[
            Column(words="Day", align="left", width=1.5),
            *(
                Column(words=words)
                for words in (
                    "before\u00a0°",
                    "95 %\u00a0°",
                    "after\u00a0°",
                    "change\u00a0°",
                    "MDC95\u00a0°",
                    "pain",
                )
            ),
            Column(words="label", align="left", width=0.8),
            Column(words="restricted", align="left", width=1.2),
            Column(words="signs", align="left"),
        ],
        rows=[_row(*each) for each in records],
        notes=[phrases.SESSIONS_EXPLAINED, *([phrases.ARC_EXPLAINED] if of_arcs else [])],
        weak=[number for number, each in enumerate(records) if id(each[0]) not in used],
    )


def _row(record: SessionRecord, after_deg: float | None, change: Change | None) -> list[str]:
    half_deg = None if record.sem_deg is None else MDC95_FACTOR * record.sem_deg
    found = change.change_deg if change else None
    after_pain = change.pain_after if change else None
    scores = [DASH if each is None else f"{each:g}" for each in (record.pain, after_pain)]
    return [
        day_words(record.day, short=True),
        decimal(record.pre1_deg),
        plus_minus(half_deg),
        decimal(after_deg),
        DASH if found is None else f"{signed(found)}{'*' if change and change.of_arc else ''}",
        decimal(change.limit_deg if change else None),
        DASH if scores == [DASH, DASH] else f"{scores[0]} → {scores[1]}",
        record.label_id or DASH,
        DASH if record.restricted == "unknown" else record.restricted,
        _SIGNS[record.signs],
    ]
