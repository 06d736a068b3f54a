"""Sessions over days and weeks as plain text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from rom.clinical.history import SessionRecord
from rom.clinical.history_wording import day_words
from rom.clinical.readiness import Readiness
from rom.clinical.weeks import Weeks
from rom.clinical.wording import degrees, movement_title

DEFAULT_WIDTH = 80

_SIGNS = {"several": "several", "none": "no", "not_evaluable": "open"}


def weeks_text(weeks: Weeks, readiness: Readiness, *, width: int = DEFAULT_WIDTH) -> str:
    """The sessions of one movement and side, what they say together, and what may come next."""
    latest = weeks.sessions[-1]
    title = movement_title(latest.movement, latest.side)
    lines = [*_wrapped(f"{title[:1].upper()}{title[1:]}: your sessions", width), ""]
    lines += [*_table(weeks.sessions), ""]
    for sentence in weeks.sentences:
        lines += _wrapped(sentence, width)
    lines += ["", "What may come next:"]
    for sentence in readiness.sentences:
        lines += _item(sentence, width)
    if readiness.labels:
        lines += ["", *_wrapped(_plan_words(weeks, readiness), width)]
    return "\n".join(lines)


def _table(sessions: Sequence[SessionRecord]) -> Iterator[str]:
    yield "  day                 before °   pain   protective signs   session"
    for each in sessions:
        value = "–" if each.pre1_deg is None else degrees(each.pre1_deg)[:-1]
        pain = "–" if each.pain is None else f"{each.pain:g}"
        yield (
            f"  {day_words(each.day):18}{value:>10}{pain:>7}   {_SIGNS[each.signs]:<19}"
            f"{each.label_id or '–'}"
        )


def _plan_words(weeks: Weeks, readiness: Readiness) -> str:
    latest, furthest = weeks.sessions[-1], readiness.furthest
    side = f" --side {latest.side.value}" if latest.side else ""
    step = f" --readiness {furthest.name}" if furthest else ""
    command = f"rom plan {latest.movement}{side}{step} --weeks {weeks.label.name}"
    return f"How to stretch, and what to ask yourself before the next time: `{command}`"


def _item(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent="  - ", subsequent_indent="    ")


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False)
