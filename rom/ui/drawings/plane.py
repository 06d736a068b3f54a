"""Points, lines and arcs of a drawing as SVG, from a plane whose y points up.

A point is a complex number in centimetres of the drawn world, x to the viewer's right and y up. A
direction is an angle in degrees from straight down, positive to the viewer's right.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

Point = complex


def towards(direction_deg: float) -> Point:
    """The unit vector of a direction; 0 is straight down, 90 to the right.

    >>> towards(90.0) == 1
    True
    """
    vector = cmath.rect(1.0, math.radians(direction_deg - 90.0))
    return complex(round(vector.real, 12), round(vector.imag, 12))


def direction_deg(vector: Point) -> float:
    """The direction of a vector, -180 to 180.

    >>> direction_deg(1 + 0j)
    90.0
    """
    angle_deg = math.degrees(cmath.phase(vector)) + 90.0
    return angle_deg - 360.0 if angle_deg > 180.0 else angle_deg


@dataclass(frozen=True)
class Frame:
    """The part of the plane that is shown: centre and width in centimetres, and its picture.

    Attributes
    ----------
    width, height
        Size of the view box.
    mirrored
        Whether left and right are exchanged, as in a mirror; words stay readable.
    """

    centre: Point
    span: float
    width: float = 240.0
    height: float = 260.0
    mirrored: bool = False

    @property
    def scale(self) -> float:
        return self.width / self.span

    def at(self, point: Point) -> tuple[float, float]:
        """Where a point lies in the view box."""
        offset = (point - self.centre) * self.scale
        right = -offset.real if self.mirrored else offset.real
        return round(self.width / 2 + right, 1), round(self.height / 2 - offset.imag, 1)

    def path(self, points: Sequence[Point], *, closed: bool = False) -> Markup:
        """A line through points."""
        steps = " ".join(f"{x} {y}" for x, y in map(self.at, points))
        return Markup('<path d="M{}{}"/>').format(steps, "Z" if closed else "")

    def circle(self, centre: Point, radius: float, style: str = "") -> Markup:
        """A circle of a radius in centimetres."""
        x, y = self.at(centre)
        return Markup('<circle cx="{}" cy="{}" r="{}" style="{}"/>').format(
            x, y, round(radius * self.scale, 1), style
        )

    def text(self, at: Point, words: str, *, anchor: str = "middle") -> Markup:
        """Words at a point; `anchor` is start, middle or end, as without a mirror."""
        x, y = self.at(at)
        if self.mirrored:
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
        return Markup('<text x="{}" y="{}" text-anchor="{}" style="{}">{}</text>').format(
            x, y, anchor, WORDS, words
        )

    def arc_arrow(
        self, centre: Point, radius: float, from_deg: float, to_deg: float, *, flat: float = 1.0
    ) -> Markup:
        """An arrow along an arc, from one direction to another; `flat` below 1 squeezes it."""
        head_deg = math.copysign(min(16.0, abs(to_deg - from_deg) / 2), to_deg - from_deg)
        steps = max(3, round(abs(to_deg - from_deg) / 6))
        stop_deg = to_deg - 0.7 * head_deg
        along = [from_deg + (stop_deg - from_deg) * step / steps for step in range(steps + 1)]

        def on_arc(direction: float, distance: float) -> Point:
            vector = towards(direction) * distance
            return centre + complex(vector.real, vector.imag * flat)

        size = 9.0 / self.scale
        tip = on_arc(to_deg, radius)
        base = on_arc(to_deg - head_deg, radius)
        back = tip - base
        back *= 1.6 * size / abs(back)
        wings = [tip - back + back * turn / abs(back) * size * 0.8 for turn in (1j, -1j)]
        line = self.path([on_arc(each, radius) for each in along])
        head = self.path([tip, *wings], closed=True)
        return Markup('<g style="{}">{}<g style="{}">{}</g></g>').format(
            ARROW_LINE, line, ARROW_HEAD, head
        )


ARROW_LINE = "fill:none;stroke:var(--ink);stroke-width:2.5;stroke-linecap:round"
ARROW_HEAD = "fill:var(--ink);stroke:none"


def styled(style: str, *parts: Markup) -> Markup:
    """Parts in one style."""
    return Markup('<g style="{}">{}</g>').format(style, Markup("").join(parts))


def picture(
    parts: Sequence[Markup],
    *,
    title: str,
    description: str,
    width: float,
    height: float,
) -> Markup:
    """An SVG with its text alternative; without ids, so that a page may show it twice."""
    return Markup(
        '<svg class="drawing" role="img" viewBox="0 0 {} {}" aria-label="{}">'
        "<title>{}</title><desc>{}</desc>{}</svg>"
    ).format(
        f"{width:g}",
        f"{height:g}",
        f"{title}. {description}",
        title,
        description,
        Markup("").join(parts),
    )


WORDS = (
    "fill:var(--ink);font-size:14px;font-family:inherit;stroke:var(--page);stroke-width:4px;"
    "stroke-linejoin:round;paint-order:stroke"
)
