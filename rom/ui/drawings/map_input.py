"""The body map as an input: by click or touch on the drawing, or from the list beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import streamlit as st

from rom.clinical.body import Place, View, regions
from rom.landmarks import Side
from rom.ui.drawings.body_map import body_map, places

_HERE = Path(__file__).parent / "browser"

WORDS = {
    "list": "Choose from a list",
    "none": "Nothing is chosen yet. Touch every place that is stiff or sore.",
    "chosen": "Chosen:",
    "remove": "Take away {place}",
}

_GROUPS: dict[str, tuple[str, ...]] = {
    "Head and neck": ("neck",),
    "Shoulder and chest": ("shoulder", "chest"),
    "Arm and hand": ("arm", "forearm", "hand"),
    "Back and belly": ("trunk", "abdomen"),
    "Hip and thigh": ("hip", "thigh"),
    "Lower leg and foot": ("calf", "shin", "foot"),
}


def body_map_input(key: str, chosen: Collection[str] = ()) -> set[str]:
    """Draw the map and return the names of the places that are chosen, as `left_knee_front`.

    `chosen` is what is chosen at first; afterwards the person decides.
    """
    result = _component()(
        key=key,
        data={
            "front": body_map(views=("front",), title="Front of the body"),
            "back": body_map(views=("back",), title="Back of the body"),
            "groups": groups(),
            "words": WORDS,
            "chosen": known(chosen),
        },
        default={"chosen": known(chosen)},
        on_chosen_change=_nothing,
    )
    return set(known(result.chosen))


def groups() -> list[dict[str, Any]]:
    """The list: every place once, under the part of the body that it belongs to."""
    found: dict[str, list[dict[str, str]]] = {title: [] for title in _GROUPS}
    views: tuple[View, ...] = ("front", "back")
    for view in views:
        for place in places(view):
            found[_group_of(place)].append({"name": place.name, "words": _capital(place)})
    return [{"title": title, "places": items} for title, items in found.items()]


def known(names: Any) -> list[str]:
    """Those of the names that are places, sorted; whatever else a browser may say is left out."""
    given = {each for each in names if isinstance(each, str)} if _is_many(names) else set()
    return sorted(given & _names())


def _names() -> set[str]:
    views: tuple[View, ...] = ("front", "back")
    return {place.name for view in views for place in places(view)}


def _is_many(names: Any) -> bool:
    return isinstance(names, Iterable) and not isinstance(names, str | bytes)


def _group_of(place: Place) -> str:
    """The first group, from the feet up, that names an area of the place."""
    areas = regions()[place.region].areas
    return next(title for title, named in reversed(_GROUPS.items()) if areas & set(named))


def _capital(place: Place) -> str:
    region = regions()[place.region].words.removeprefix("the ")
    side = f", {place.side.value}" if isinstance(place.side, Side) else ""
    return f"{region[:1].upper()}{region[1:]}{side}"


def _component() -> Any:
    """The component; made anew for each runtime, as tests start several."""
    return st.components.v2.component(
        "rom_body_map",
        html=(_HERE / "map.html").read_text(encoding="utf-8"),
        css=(_HERE / "map.css").read_text(encoding="utf-8"),
        js=(_HERE / "map.js").read_text(encoding="utf-8"),
    )


def _nothing() -> None:
    """Streamlit wants to be told what to do when a state changes: draw the page again."""
