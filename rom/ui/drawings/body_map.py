"""The body from the front and the back, divided into the places that a person points at.

Each place is a path with its name (`left_knee_front`) as the end of its id and under `data-place`.
In the front view the person's left is at the viewer's right, in the back view at the left.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from rom.clinical.body import Place, View, regions
from rom.landmarks import Side
from rom.ui.drawings.body_shapes import HALF_WIDTH, HEIGHT, OUTLINES, Outline
from rom.ui.drawings.plane import WORDS

WIDTH = 2 * HALF_WIDTH + 20.0
_TOP = 22.0
_CORNER = 3.0
_EDGE = "stroke:var(--edge);stroke-width:1;stroke-linejoin:round"
_VIEWS: tuple[View, ...] = ("front", "back")
_VIEW_WORDS = {"front": "Front", "back": "Back"}


@dataclass(frozen=True)
class Mark:
    """How a place is told apart: a word for the key, a colour, and a pattern besides it.

    Pattern: "none", "lines", "dots", "cross" or "outline".
    """

    words: str
    colour: str
    pattern: str


MARKS: dict[str, Mark] = {
    "chosen": Mark("chosen", "var(--accent)", "none"),
    "below": Mark("below the usual range", "var(--warning)", "lines"),
    "near_lower_end": Mark("near the lower end", "var(--warning)", "dots"),
    "within": Mark("within the usual range", "var(--after)", "none"),
    "not_stated": Mark("measured, no usual range", "var(--before)", "cross"),
    "not_measured": Mark("not measured", "var(--soft)", "outline"),
    "press": Mark("where it lies", "var(--accent)", "none"),
    "press_refers": Mark("where it lies and its pain is felt", "var(--accent)", "lines"),
    "refers": Mark("where its pain is felt", "var(--pain)", "lines"),
}
"""The kinds of marks by name: the values of `coloured`."""


def places(view: View) -> Iterator[Place]:
    """All places of a view, the right side of the person first."""
    for region in regions().values():
        if region.view != view:
            continue
        if not region.sided:
            yield Place(region.id)
        else:
            yield from (Place(region.id, side) for side in (Side.RIGHT, Side.LEFT))


def view_drawing(view: View) -> Markup:
    """One view without marks."""
    return body_map(views=(view,))


def body_map(
    chosen: Collection[str] = (),
    coloured: Mapping[str, str] | None = None,
    *,
    views: tuple[View, ...] = _VIEWS,
    title: str = "Body map",
    spots: Collection[tuple[View, float, float]] = (),
) -> Markup:
    """Draw the body with marked places and a key in words.

    Parameters
    ----------
    chosen
        Names of places to mark as chosen.
    coloured
        Kind of mark (see `MARKS`) by the name of the place; a name without a side is both sides.
    spots
        Points to ring: the view, and where in it, x from its middle to the viewer's right and y
        from the top.

    Raises
    ------
    KeyError
        For an unknown kind of mark.
    """
    marked = {**_both_sides(coloured or {}), **dict.fromkeys(_both_sides(chosen), "chosen")}
    kinds = [each for each in MARKS if each in set(marked.values())]
    id_ = "body-" + "-".join([*views, *kinds])
    rows = len(kinds) + bool(spots)
    key_height = 26.0 * rows + (8.0 if rows else 0.0)
    parts = [_patterns(id_, kinds)]
    for number, view in enumerate(views):
        middle = number * WIDTH + WIDTH / 2
        parts.append(_view(view, middle, marked, id_))
        parts += [_ring(middle + x, _TOP + y) for at, x, y in spots if at == view]
    parts += _key(kinds, id_, with_rings=bool(spots))
    height = _TOP + HEIGHT + key_height
    return Markup(
        '<svg class="drawing body" role="img" viewBox="0 0 {} {}" aria-label="{title}. {words}">'
        "<title>{title}</title><desc>{words}</desc>{}</svg>"
    ).format(
        f"{WIDTH * len(views):g}",
        f"{height:g}",
        Markup("").join(parts),
        title=title,
        words=_in_words(marked, views),
    )


def place_path(place: Place, middle: float, style: str, id_: str) -> Markup:
    """The outline of one place; `middle` is where the body's middle line lies."""
    outline = OUTLINES[place.region]
    view = regions()[place.region].view
    sign = 1.0 if (place.side is Side.LEFT) == (view == "front") else -1.0
    points = tuple((middle + sign * x, _TOP + y) for x, y in outline)
    return Markup(
        '<path id="{}-{}" data-place="{}" d="{}" style="{}"><title>{}</title></path>'
    ).format(id_, place.name, place.name, rounded(points, _CORNER), f"{style};{_EDGE}", place.words)


def rounded(points: Outline, radius: float) -> str:
    """The commands of a closed path whose corners are rounded, as far as its sides are long."""
    commands: list[str] = []
    for index, corner in enumerate(points):
        before, after = points[index - 1], points[(index + 1) % len(points)]
        enter, leave = (_towards(corner, end, radius) for end in (before, after))
        step = "L" if commands else "M"
        commands.append(
            f"{step}{enter[0]:.1f} {enter[1]:.1f}"
            f"Q{corner[0]:.1f} {corner[1]:.1f} {leave[0]:.1f} {leave[1]:.1f}"
        )
    return "".join(commands) + "Z"


def _towards(
    corner: tuple[float, float], end: tuple[float, float], radius: float
) -> tuple[float, float]:
    length = math.dist(corner, end)
    share = min(radius, length / 2) / length
    return tuple(a + share * (b - a) for a, b in zip(corner, end, strict=True))  # type: ignore[return-value]


def _both_sides(names: Collection[str] | Mapping[str, str]) -> dict[str, str]:
    """Names with their side; one without stands for both."""
    kinds = names if isinstance(names, Mapping) else dict.fromkeys(names, "")
    found: dict[str, str] = {}
    for name, kind in kinds.items():
        if name in regions() and regions()[name].sided:
            found |= {Place(name, side).name: kind for side in Side}
        else:
            found[name] = kind
    return found


def _view(view: View, middle: float, marked: Mapping[str, str], id_: str) -> Markup:
    words = [(middle, _VIEW_WORDS[view])]
    paths = []
    for place in places(view):
        kind = marked.get(place.name)
        style = "fill:var(--rule)" if kind is None else _fill(kind, id_)
        paths.append(place_path(place, middle, style, id_))
    sides = ("right", "left") if view == "front" else ("left", "right")
    words += [(middle - 74.0, f"your {sides[0]}"), (middle + 74.0, f"your {sides[1]}")]
    labels = [
        Markup('<text x="{}" y="15" text-anchor="middle" style="{}">{}</text>').format(
            x, WORDS, each
        )
        for x, each in words
    ]
    return Markup("").join([*paths, *labels])


def _fill(kind: str, id_: str) -> str:
    mark = MARKS[kind]
    if mark.pattern == "outline":
        return "fill:var(--card);stroke-dasharray:3 2"
    if mark.pattern == "none":
        return f"fill:{mark.colour}"
    return f"fill:url(#{id_}-{kind})"


def _patterns(id_: str, kinds: Collection[str]) -> Markup:
    """The patterns that are used, over their colour at half strength."""
    found = []
    for kind in kinds:
        mark = MARKS[kind]
        if mark.pattern in _PATTERNS:
            found.append(
                Markup(
                    '<pattern id="{}-{}" width="6" height="6" patternUnits="userSpaceOnUse">'
                    '<rect width="6" height="6" style="fill:{c};opacity:0.3"/>'
                    '<path d="{}" style="fill:none;stroke:{c};stroke-width:{};'
                    'stroke-linecap:round"/></pattern>'
                ).format(id_, kind, *_PATTERNS[mark.pattern], c=mark.colour)
            )
    return Markup("<defs>{}</defs>").format(Markup("").join(found))


_PATTERNS = {
    "lines": ("M-1 1L1 -1M0 6L6 0M5 7L7 5", "1.8"),
    "dots": ("M1.5 1.5h0M4.5 4.5h0", "2"),
    "cross": ("M0 6L6 0M0 0L6 6", "1"),
}


def _ring(x: float, y: float) -> Markup:
    return Markup(
        '<circle cx="{x}" cy="{y}" r="8" style="fill:none;stroke:var(--page);stroke-width:6"/>'
        '<circle cx="{x}" cy="{y}" r="8" style="fill:none;stroke:var(--ink);stroke-width:2.5"/>'
        '<circle cx="{x}" cy="{y}" r="2.6" style="fill:var(--ink)"/>'
    ).format(x=f"{x:g}", y=f"{y:g}")


def _key(kinds: Collection[str], id_: str, *, with_rings: bool) -> Iterator[Markup]:
    for row, kind in enumerate(kinds):
        y = _TOP + HEIGHT + 26.0 * row
        edge = "stroke:var(--soft);stroke-width:1.5"
        yield Markup('<rect x="20" y="{}" width="22" height="16" rx="4" style="{};{}"/>').format(
            f"{y:g}", _fill(kind, id_), edge
        )
        yield _key_words(y, MARKS[kind].words)
    if with_rings:
        y = _TOP + HEIGHT + 26.0 * len(kinds)
        yield _ring(31.0, y + 8.0)
        yield _key_words(y, "where to press")


def _key_words(y: float, words: str) -> Markup:
    return Markup('<text x="52" y="{}" style="{}">{}</text>').format(f"{y + 13:g}", WORDS, words)


def _in_words(marked: Mapping[str, str], views: tuple[View, ...]) -> str:
    """What the map shows, for those who do not see it."""
    by_kind: dict[str, list[str]] = {}
    for view in views:
        for place in places(view):
            if place.name in marked:
                by_kind.setdefault(marked[place.name], []).append(place.words)
    sentences = [
        f"{MARKS[kind].words.capitalize()}: {', '.join(by_kind[kind])}."
        for kind in MARKS
        if kind in by_kind
    ]
    return " ".join(sentences) or f"The body from the {' and the '.join(views)}."
