"""A movement: where it starts, how far it goes and which way, as it is filmed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from markupsafe import Markup

from rom.landmarks import Side
from rom.movements import Movement, SideKind
from rom.ui.drawings.figure import Chain
from rom.ui.drawings.limbs import (
    MOVING,
    floor,
    front_figure,
    limb,
    side_figure,
    start_of,
)
from rom.ui.drawings.plane import Frame, direction_deg, picture, styled
from rom.ui.drawings.poses import FRONT_MOVEMENTS, SIDE_MOVEMENTS, FrontMovement, SideMovement

_GRASPED = "stroke:var(--soft);stroke-width:3;stroke-linecap:round;fill:none"


AS_IN_A_MIRROR = "As in a mirror"


def movement_drawing(movement: Movement, side: Side | None, *, mirrored: bool = False) -> Markup:
    """Draw a movement of the catalogue; a dashed line is where the part starts.

    `mirrored` is for beside the live picture, which is a mirror: the same arm on the same side.
    """
    if movement.name in SIDE_MOVEMENTS:
        shown = SIDE_MOVEMENTS[movement.name]
        shown = replace(shown, frame=replace(shown.frame, mirrored=mirrored))
        frame, parts = shown.frame, [*_from_side(shown, side)]
    else:
        front = FRONT_MOVEMENTS[movement.name](side or Side.LEFT)
        front = replace(front, frame=replace(front.frame, mirrored=mirrored))
        frame, parts = front.frame, [*_from_front(front, side or Side.LEFT, movement.name)]
        parts += _side_word(front.frame, movement, side)
    title, description = movement.title_for(side), movement.instruction_for(side)
    if mirrored:
        description = f"{description} {AS_IN_A_MIRROR}."
    return picture(
        parts,
        title=title[:1].upper() + title[1:],
        description=description,
        width=frame.width,
        height=frame.height,
    )


def facing_of(side: Side | None) -> int:
    """Which way somebody looks whose side is towards the camera: 1 is to the viewer's right."""
    return -1 if side is Side.LEFT else 1


def _from_side(shown: SideMovement, side: Side | None) -> Iterator[Markup]:
    facing = facing_of(side)
    frame = _turned(shown.frame, facing)
    start, end = shown.start.skeleton(facing), shown.end.skeleton(facing)
    yield floor(frame)
    if shown.table:
        yield _table(frame, facing)
    if shown.support:
        yield _support(frame, facing)
    yield from side_figure(frame, end, facing, shown.part)
    first, last = start.chains[shown.part], end.chains[shown.part]
    if shown.from_foot:
        yield limb(frame, shown.part, last[1:3], MOVING)
        yield from _way(frame, first[2:0:-1], last[2:0:-1], 0, shown.arc_radius)
        return
    if shown.part in ("arm", "leg"):
        yield limb(frame, shown.part, last[shown.joint :], MOVING)
    if shown.part == "trunk":
        yield limb(frame, "arm", end.chains["arm"], MOVING)
    yield from _way(frame, first, last, shown.joint, shown.arc_radius)


def _from_front(shown: FrontMovement, side: Side, name: str) -> Iterator[Markup]:
    frame = shown.frame
    start, end = shown.start.skeleton(), shown.end.skeleton()
    part = f"{side.value}_{shown.part}" if shown.part in ("arm", "leg") else shown.part
    yield floor(frame)
    yield from front_figure(frame, end, shown.end.turn, shown.part)
    if shown.part in ("arm", "leg"):
        yield limb(frame, part, end.chains[part][shown.joint :], MOVING)
    if shown.part == "trunk":
        for limb_name in ("left_arm", "right_arm"):
            yield limb(frame, limb_name, end.chains[limb_name], MOVING)
    if name == "cervical_rotation":
        sign = 1.0 if side is Side.LEFT else -1.0
        head = end.chains["head"][1]
        yield frame.arc_arrow(head, shown.arc_radius, 0.0, 74.0 * sign, flat=0.62)
        return
    yield from _way(frame, start.chains[part], end.chains[part], shown.joint, shown.arc_radius)


def _way(frame: Frame, start: Chain, end: Chain, joint: int, radius: float) -> Iterator[Markup]:
    """The dashed start and the arrow from there to the end, about the joint."""
    yield start_of(frame, start[joint:])
    first, last = (_direction(chain, joint) for chain in (start, end))
    turned = last - first
    if turned > 180.0:
        last -= 360.0
    elif turned < -180.0:
        last += 360.0
    yield frame.arc_arrow(end[joint], radius, first, last)


def _direction(chain: Chain, joint: int) -> float:
    tip = chain[-1] if joint == 3 else chain[joint + 1]
    return direction_deg(tip - chain[joint])


def _side_word(frame: Frame, movement: Movement, side: Side | None) -> Sequence[Markup]:
    """The side in a word, at the viewer's right where it is the person's left."""
    if side is None or movement.side_kind is SideKind.NONE:
        return []
    right = side is Side.LEFT
    edge = frame.centre.real + (1 if right else -1) * (frame.span / 2 - 3.0)
    low = frame.centre.imag - frame.span * frame.height / frame.width / 2 + 4.0
    words = f"your {side.value}"
    return [frame.text(complex(edge, low), words, anchor="end" if right else "start")]


def _turned(frame: Frame, facing: int) -> Frame:
    centre = complex(facing * frame.centre.real, frame.centre.imag)
    return replace(frame, centre=centre)


def _table(frame: Frame, facing: int) -> Markup:
    level = 64.6
    edge, back = 39.0 * facing, 8.0 * facing
    return styled(
        _GRASPED,
        frame.path([complex(back, level), complex(edge, level)]),
        frame.path([complex(edge - 4.0 * facing, level), complex(edge - 4.0 * facing, 0.0)]),
    )


def _support(frame: Frame, facing: int) -> Markup:
    x = 34.0 * facing
    return styled(
        _GRASPED,
        frame.path([complex(x - 6, 84.0), complex(x + 6, 84.0)]),
        frame.path([complex(x, 84.0), complex(x, 0.0)]),
    )
