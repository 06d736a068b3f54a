"""Courses over weeks in sentences: degrees and days, never a share of success."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rom.clinical.history_wording import day_words
from rom.clinical.wording import against_limit, degrees
from rom.records.adherence import Adherence
from rom.records.entities import Edit
from rom.records.history import Course
from rom.records.retention import Retention


def course_sentences(course: Course) -> tuple[str, ...]:
    """What the sessions of one movement and side say together, the most important first."""
    return (*course.weeks.sentences, *_since_first(course), *_retained(course))


def retention_sentence(found: Retention) -> str:
    """What was left of a gain on another day."""
    day, later = day_words(found.day), day_words(found.next_day)
    size, limit = against_limit(found.kept_deg, found.limit_deg)
    gained = f"On {day} you moved {degrees(found.gain_deg)} further afterwards."
    if found.verdict == "kept":
        return (
            f"{gained} When you began on {later}, you moved {size} further than at first that day."
        )
    return (
        f"{gained} When you began on {later}, no difference from the beginning of that day could be"
        f" shown: up to {limit} is common between days."
    )


_REPETITION = re.compile(r"assessment\.repetitions\[(\d+)\](?:\.(\w+))?")
_MARKS = {"onset_s": "start", "peak_s": "peak", "offset_s": "end"}


def edit_words(edit: Edit) -> str:
    """What was changed by hand, as in "repetition 2 taken out"."""
    found = _REPETITION.fullmatch(edit.field)
    if found is None:
        return f"{edit.field} from {edit.before} to {edit.after}"
    name, field = f"repetition {int(found[1]) + 1}", found[2]
    if field is None:
        return f"{name} {'added' if edit.before is None else 'removed'}"
    if field == "counted":
        return f"{name} {'put back' if edit.after else 'taken out'}"
    before, after = (
        f"{each:.2f} s" if isinstance(each, float) else str(each)
        for each in (edit.before, edit.after)
    )
    return f"{_MARKS.get(field, field)} of {name} moved from {before} to {after}"


def adherence_sentences(found: Adherence) -> tuple[str, ...]:
    """How regularly there was a session; empty where there was none yet."""
    if not found.days:
        return ()
    return tuple(_adherence(found))


def _adherence(found: Adherence) -> Iterator[str]:
    days = len(found.days)
    yield (
        f"There were sessions on {_count(days, 'day')}, in {found.weeks_with_session} of"
        f" {_count(found.weeks, 'week')}."
    )
    if found.longest_gap_days is not None and found.days_since_last is not None:
        last = _count(found.days_since_last, "day")
        ago = f"{last} ago" if found.days_since_last else "today"
        gap = _count(found.longest_gap_days, "day")
        yield f"The longest break was {gap}; the last session was {ago}."
    if found.massages:
        minutes = found.held_s / 60.0
        yield f"{_count(found.massages, 'massage')}, with {minutes:.0f} min of pressure in all."


def _since_first(course: Course) -> tuple[str, ...]:
    return course.since_first.sentences if course.since_first else ()


def _retained(course: Course) -> tuple[str, ...]:
    return tuple(retention_sentence(each) for each in course.retention[-1:])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
