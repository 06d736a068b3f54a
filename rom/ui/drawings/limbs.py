"""Draws a skeleton as a person of rounded limbs."""

from __future__ import annotations

import math
from collections.abc import Iterator

from markupsafe import Markup

from rom.ui.drawings.figure import HALF_HIPS, HALF_SHOULDERS, HEAD, SEAT_HEIGHT, Chain, Skeleton
from rom.ui.drawings.plane import Frame, Point, styled, towards

BODY, MOVING = "var(--edge)", "var(--accent)"
_LIMB_CM = {"arm": 7.0, "leg": 10.0, "trunk": 19.0, "head": 8.0}
_FLOOR = "stroke:var(--rule);stroke-width:2.5;stroke-linecap:round;fill:none"
_CHAIR = "stroke:var(--soft);stroke-width:3;stroke-linecap:round;stroke-linejoin:round;fill:none"


def limb(frame: Frame, name: str, chain: Chain, colour: str, *, faint: bool = False) -> Markup:
    """One chain as a rounded line."""
    width = next(size for part, size in _LIMB_CM.items() if name.endswith(part))
    style = (
        f"fill:none;stroke:{colour};stroke-width:{width * frame.scale:.1f};"
        f"stroke-linecap:round;stroke-linejoin:round{';opacity:0.45' if faint else ''}"
    )
    return styled(style, frame.path(chain))


def start_of(frame: Frame, chain: Chain) -> Markup:
    """Where a moving part starts: a dashed line through its middle."""
    style = (
        "fill:none;stroke:var(--soft);stroke-width:2.5;stroke-dasharray:2 6;"
        "stroke-linecap:round;stroke-linejoin:round"
    )
    return styled(style, frame.path(chain))


def head_from_side(frame: Frame, chain: Chain, facing: int, colour: str) -> Markup:
    """Head and neck in profile, the nose where the person looks to."""
    neck, head = chain
    up = (head - neck) / abs(head - neck)
    forward = up * (-1j * facing)
    nose = [
        head + HEAD * (0.93 * forward + 0.3 * up),
        head + HEAD * (1.17 * forward - 0.1 * up),
        head + HEAD * (0.92 * forward - 0.25 * up),
    ]
    neck_line = limb(frame, "head", (neck, head - 0.5 * HEAD * up), colour)
    face = styled(
        f"fill:{colour};stroke:{colour};stroke-width:2;stroke-linejoin:round",
        frame.path(nose, closed=True),
    )
    return Markup("").join([neck_line, frame.circle(head, HEAD, f"fill:{colour}"), face])


def head_from_front(frame: Frame, chain: Chain, turn_deg: float, colour: str) -> Markup:
    """Head and neck from the front; the face wanders to its side as the head turns."""
    neck, head = chain
    up = (head - neck) / abs(head - neck)
    across = up * -1j

    def on_face(sideways_deg: float, upwards: float) -> Point:
        return head + HEAD * (towards(turn_deg + sideways_deg).real * across + upwards * up)

    seen = [each for each in (-24.0, 24.0) if abs(turn_deg + each) < 80.0]
    lines = (
        f"fill:none;stroke:var(--card);stroke-width:{0.9 * frame.scale:.1f};stroke-linecap:round"
    )
    mouth = [on_face(*each) for each in ((-17.0, -0.4), (-8.0, -0.48), (8.0, -0.48), (17.0, -0.4))]
    parts = [
        limb(frame, "head", (neck, head - 0.5 * HEAD * up), colour),
        frame.circle(head, HEAD, f"fill:{colour}"),
        *(frame.circle(on_face(each, 0.18), 0.9, "fill:var(--card)") for each in seen),
        styled(lines, frame.path(mouth)),
    ]
    if abs(turn_deg) > 40.0:
        tip = head + HEAD * (math.copysign(1.0, turn_deg) * across - 0.08 * up)
        parts.append(frame.circle(tip, 1.9, f"fill:{colour}"))
    return Markup("").join(parts)


def trunk_from_front(frame: Frame, chain: Chain, colour: str) -> Markup:
    """Shoulders, waist and hips from the front."""
    hips, neck = chain
    up = (neck - hips) / abs(neck - hips)
    across = up * -1j
    corners = [
        neck + 5.0 * across + 1.0 * up,
        neck + (HALF_SHOULDERS - 2.0) * across - 4.0 * up,
        hips + (HALF_HIPS + 1.0) * across,
        hips - (HALF_HIPS + 1.0) * across,
        neck - (HALF_SHOULDERS - 2.0) * across - 4.0 * up,
        neck - 5.0 * across + 1.0 * up,
    ]
    width = 8.0 * frame.scale
    style = f"fill:{colour};stroke:{colour};stroke-width:{width:.1f};stroke-linejoin:round"
    return styled(style, frame.path(corners, closed=True))


def floor(frame: Frame) -> Markup:
    """The floor under a whole figure."""
    half = frame.span / 2 - 8.0
    return styled(_FLOOR, frame.path([complex(-half, -1.5), complex(half, -1.5)]))


def chair_from_side(frame: Frame, seat: Point, facing: int) -> Markup:
    """Seat, back and legs of a chair."""
    x, back, front = seat.real, -15.0 * facing, 26.0 * facing
    level = SEAT_HEIGHT - 9.0
    lines = [
        [complex(x + back, level + 44.0), complex(x + back, level), complex(x + front, level)],
        [complex(x + back, level), complex(x + back, 0.0)],
        [complex(x + front, level), complex(x + front, 0.0)],
    ]
    return styled(_CHAIR, *(frame.path(line) for line in lines))


def bench_from_front(frame: Frame) -> Markup:
    """A high seat with the legs of somebody hanging from it."""
    level = SEAT_HEIGHT - 1.0
    lines = [
        [complex(-34.0, level), complex(34.0, level)],
        [complex(-32.0, level), complex(-32.0, 0.0)],
        [complex(32.0, level), complex(32.0, 0.0)],
    ]
    return styled(_CHAIR, *(frame.path(line) for line in lines))


def side_figure(frame: Frame, skeleton: Skeleton, facing: int, moving: str) -> Iterator[Markup]:
    """A person from the side, from the far limbs to the near ones; `moving` names a part."""
    chains = skeleton.chains
    if skeleton.seat is not None:
        yield chair_from_side(frame, skeleton.seat, facing)
    for name in ("other_arm", "other_leg"):
        yield limb(frame, name, chains[name], BODY, faint=True)
    whole = moving == "trunk"
    yield limb(frame, "trunk", _shortened(chains["trunk"]), MOVING if whole else BODY)
    yield head_from_side(
        frame, chains["head"], facing, MOVING if moving in ("head", "trunk") else BODY
    )
    for name in ("leg", "arm"):
        yield limb(frame, name, chains[name], BODY)


def _shortened(trunk: Chain) -> Chain:
    """The trunk without the room of its round ends."""
    hip, neck = trunk
    along = (neck - hip) / abs(neck - hip)
    return hip + 1.0 * along, neck - 7.0 * along


def front_figure(
    frame: Frame, skeleton: Skeleton, turn_deg: float, moving: str
) -> Iterator[Markup]:
    """A person from the front; `moving` names a part."""
    chains = skeleton.chains
    if skeleton.seat is not None:
        yield bench_from_front(frame)
    colour = MOVING if moving == "trunk" else BODY
    for name in ("left_leg", "right_leg"):
        yield limb(frame, name, chains[name], BODY)
    yield trunk_from_front(frame, chains["trunk"], colour)
    head = MOVING if moving in ("head", "trunk") else BODY
    yield head_from_front(frame, chains["head"], turn_deg, head)
    for name in ("left_arm", "right_arm"):
        yield limb(frame, name, chains[name], BODY)
