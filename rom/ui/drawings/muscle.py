"""Where a muscle lies, where to press it, and where its pain is felt."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from rom.clinical.body import View, regions
from rom.clinical.muscles import Muscle
from rom.landmarks import Side
from rom.ui.drawings.body_map import body_map
from rom.ui.drawings.muscle_spots import SPOTS


def muscle_drawing(muscle: Muscle, side: Side | None) -> Markup:
    """Draw a muscle on one side, or on both.

    Only a muscle that a person may press alone has rings where to press.
    """
    sides = tuple(Side) if side is None or muscle.both_at_once else (side,)
    both = [each for each in muscle.location_regions if each in muscle.referral_regions]
    marked = {
        **_marked(muscle.referral_regions, sides, "refers"),
        **_marked(muscle.location_regions, sides, "press"),
        **_marked(both, sides, "press_refers"),
    }
    spots = [] if muscle.dose is None else _spots(muscle, sides)
    shown: set[View] = {regions()[each].view for each in muscle.location_regions}
    shown |= {regions()[each].view for each in muscle.referral_regions}
    title = f"{muscle.name[:1].upper()}{muscle.name[1:]}"
    views: tuple[View, ...] = ("front", "back")
    return body_map(
        coloured=marked,
        spots=spots,
        title=title,
        views=tuple(view for view in views if view in shown),
    )


def _marked(names: Sequence[str], sides: tuple[Side, ...], kind: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        if regions()[name].sided:
            found |= {f"{side.value}_{name}": kind for side in sides}
        else:
            found[name] = kind
    return found


def _spots(muscle: Muscle, sides: tuple[Side, ...]) -> list[tuple[View, float, float]]:
    """The spots of the table, on the viewer's side that is the person's."""
    return [
        (view, x if (side is Side.LEFT) == (view == "front") else -x, y)
        for view, x, y in SPOTS[muscle.id]
        for side in sides
    ]
