"""All drawings by name: what the scenes of the stage and the pages ask for."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from functools import cache, partial

from markupsafe import Markup

from rom.clinical.muscles import muscle_named, muscles
from rom.errors import UsageError
from rom.landmarks import Side
from rom.movements import Movement, measurable_movements, movement_named
from rom.ui.drawings.body_map import view_drawing
from rom.ui.drawings.gesture import GESTURES, gesture_drawing
from rom.ui.drawings.movement import movement_drawing
from rom.ui.drawings.muscle import muscle_drawing
from rom.ui.drawings.placement import placement_drawing

NO_SIDE = "none"
"""Stands for the side where a movement has none; it may also be left out."""


@cache
def drawing(name: str) -> Markup:
    """Draw by name, as `movement/knee_flexion/left`, `placement/cervical_flexion`, `body/front`.

    Kinds: movement, mirror (the same as in a mirror) and placement with the name of a movement and
    a side; muscle with the name of a muscle and a side, or without one for both; gesture; body.

    Raises
    ------
    UsageError
        There is no such drawing; the message lists the nearest names.
    """
    kind, _, rest = name.partition("/")
    what, _, word = rest.partition("/")
    if kind in _OF_MOVEMENTS and name in (*_names_of_movements(kind), f"{kind}/{what}"):
        movement = movement_named(what)
        if movement.measurable and (_side(word) is not None or not movement.has_side):
            return _OF_MOVEMENTS[kind](movement, _side(word))
    if name in _names_of_muscles():
        return muscle_drawing(muscle_named(what), _side(word))
    if kind == "gesture" and rest in GESTURES:
        return gesture_drawing(rest)
    if name in ("body/front", "body/back"):
        return view_drawing("front" if rest == "front" else "back")
    near = difflib.get_close_matches(name, [*drawing_names()], n=4, cutoff=0.45)
    hint = f"did you mean {', '.join(near)}?" if near else "see rom.ui.drawings.names"
    raise UsageError(f"Expected the name of a drawing, got {name!r}: {hint}")


def drawing_names() -> Iterator[str]:
    """Every name that can be drawn, each drawing once."""
    for kind in _OF_MOVEMENTS:
        yield from _names_of_movements(kind)
    yield from _names_of_muscles()
    yield from (f"gesture/{each}" for each in GESTURES)
    yield from ("body/front", "body/back")


_OF_MOVEMENTS: dict[str, Callable[[Movement, Side | None], Markup]] = {
    "movement": movement_drawing,
    "mirror": partial(movement_drawing, mirrored=True),
    "placement": placement_drawing,
}


def _names_of_movements(kind: str) -> Iterator[str]:
    for movement in measurable_movements():
        words = [side.value for side in Side] if movement.has_side else [NO_SIDE]
        yield from (f"{kind}/{movement.name}/{word}" for word in words)


def _names_of_muscles() -> Iterator[str]:
    for name in muscles():
        yield from (f"muscle/{name}/{side.value}" for side in Side)
        yield f"muscle/{name}"


def _side(word: str) -> Side | None:
    return Side(word) if word in ("left", "right") else None
