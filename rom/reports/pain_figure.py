"""Pain before and after on its scale from 0 to 10."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from rom.clinical.decisions import PAIN_MAX
from rom.reports.svg import WIDTH, Axis, line, marker, svg, text, tick_text

_LINE_Y, _HEIGHT = 34, 62


def pain_figure(before: float, after: float, *, title: str, identifier: str) -> Markup:
    """A circle before, a square after, and the way from one to the other."""
    axis = Axis(0.0, PAIN_MAX, 16, WIDTH - 16, 1.0)
    parts = [
        line(axis.start, _LINE_Y, axis.end, _LINE_Y, "grid"),
        *_ticks(axis),
        line(axis.at(before), _LINE_Y, axis.at(after), _LINE_Y, "pain"),
        marker(axis.at(before), _LINE_Y, "before", size=8),
        marker(axis.at(after), _LINE_Y, "after", size=7),
        *_labels(axis, before, after),
    ]
    words = f"{before:g} of 10 before, {after:g} of 10 after."
    return svg(parts, height=_HEIGHT, title=title, description=words, id_=identifier)


def _ticks(axis: Axis) -> Iterator[Markup]:
    for tick in axis.ticks:
        yield line(axis.at(tick), _LINE_Y - 4, axis.at(tick), _LINE_Y + 4, "grid")
        yield text(axis.at(tick), _LINE_Y + 24, tick_text(tick, axis.step))


def _labels(axis: Axis, before: float, after: float) -> Iterator[Markup]:
    if before == after:
        yield _label(axis, before, f"before and after: {before:g}")
    elif abs(before - after) < 2:
        first, second = sorted([(before, "before"), (after, "after")])
        yield _label(
            axis, (before + after) / 2, f"{first[1]} {first[0]:g}, {second[1]} {second[0]:g}"
        )
    else:
        yield _label(axis, before, f"before: {before:g}")
        yield _label(axis, after, f"after: {after:g}")


def _label(axis: Axis, score: float, words: str) -> Markup:
    half = 4.6 * len(words)
    place = min(max(axis.at(score), half + 4), WIDTH - half - 4)
    return text(round(place, 1), _LINE_Y - 16, words, style="label")
