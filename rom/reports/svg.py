"""SVG building blocks: axes with round ticks, lines, boxes and text.

Every value goes through `Markup.format`, which escapes it. Lengths are of the drawing's own view
box, `WIDTH` wide; colours come from the page's style by class.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 480


@dataclass(frozen=True)
class Axis:
    """Maps values onto a length of the drawing, with round ticks."""

    low: float
    high: float
    start: float
    end: float
    step: float

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    @property
    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [self.low + index * self.step for index in range(count + 1)]


def svg(
    parts: Sequence[Markup],
    *,
    height: int,
    title: str,
    description: str,
    id_: str,
    width: int = WIDTH,
) -> Markup:
    return Markup(
        '<svg class="figure" role="img" viewBox="0 0 {} {}" '
        'aria-labelledby="{id_}-title {id_}-desc"><title id="{id_}-title">{}</title>'
        '<desc id="{id_}-desc">{}</desc>{}</svg>'
    ).format(width, height, title, description, Markup("").join(parts), id_=id_)


def axis_over(low: float, high: float, start: float, end: float, *, ticks: int) -> Axis:
    span = max(float(high - low), 1e-3)
    raw_step = span / ticks
    magnitude = 10.0 ** math.floor(math.log10(raw_step))
    step = next(m * magnitude for m in (1, 2, 5, 10) if m * magnitude >= raw_step)
    first = math.floor(low / step) * step
    last = max(math.ceil(high / step) * step, first + step)
    return Axis(float(first), float(last), start, end, step)


def tick_text(value: float, step: float) -> str:
    decimals = max(0, -math.floor(math.log10(step)))
    return f"{value + 0.0:.{decimals}f}".replace("-", "−")


def text(x: float, y: float, words: str, *, anchor: str = "middle", style: str = "") -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}" class="{}">{}</text>').format(
        x, y, anchor, style, words
    )


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> Markup:
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>').format(
        x1, y1, x2, y2, style
    )


def rect(x: float, y: float, width: float, height: float, style: str) -> Markup:
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" class="{}"/>').format(
        x, y, round(max(width, 0.0), 1), round(height, 1), style
    )


def marker(x: float, y: float, style: str, *, size: float) -> Markup:
    """A dot whose shape tells its kind as well as its colour: after and right are squares."""
    if style in ("after", "right"):
        return Markup('<rect x="{}" y="{}" width="{}" height="{}" class="dot {}"/>').format(
            round(x - size, 1), round(y - size, 1), 2 * size, 2 * size, style
        )
    return Markup('<circle cx="{}" cy="{}" r="{}" class="dot {}"/>').format(x, y, size, style)
