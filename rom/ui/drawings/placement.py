"""Where to put the camera: the room from above, the person, the side towards the camera."""

from __future__ import annotations

from markupsafe import Markup

from rom.landmarks import Side
from rom.movements import Movement, SideKind, View
from rom.ui.drawings.limbs import BODY, MOVING
from rom.ui.drawings.plane import Frame, Point, direction_deg, picture, styled, towards

FRAME = Frame(centre=complex(0.0, -7.5), span=300.0, height=224.0)
OBLIQUE_DEG = 25.0
_PERSON, _CAMERA = complex(0.0, 60.0), complex(0.0, -118.0)
_ROOM = "fill:var(--card);stroke:var(--rule);stroke-width:2"
_CONE = "fill:var(--shade);stroke:var(--after);stroke-width:1.5;stroke-dasharray:5 5"
_LINE = "fill:none;stroke:var(--soft);stroke-width:2;stroke-linecap:round"
_HANDS = {"wrist"}


def placement_drawing(movement: Movement, side: Side | None) -> Markup:
    """Draw the room for a movement and side."""
    facing_deg = _facing_deg(movement, side)
    return picture(
        [
            styled(_ROOM, FRAME.path(_corners(), closed=True)),
            _cone(),
            _distance(movement),
            *_seat(movement, facing_deg),
            _person(facing_deg),
            *_side_word(movement, side),
            _camera(),
        ],
        title="Where to put the camera",
        description=" ".join(placement_words(movement, side)),
        width=FRAME.width,
        height=FRAME.height,
    )


def placement_words(movement: Movement, side: Side | None) -> tuple[str, ...]:
    """What the drawing says, in sentences: distance, height, which way to face."""
    height = "eye level" if movement.joint == "neck" else "hip height"
    if movement.joint in _HANDS:
        height = "the height of the table"
    seated = "Sit" if movement.position == "seated" else "Stand"
    return (
        f"Put the camera {_distance_words(movement)} away, upright, at {height}.",
        f"{seated} {_facing_words(movement, side)}.",
    )


def _facing_words(movement: Movement, side: Side | None) -> str:
    if movement.view in (View.FRONT, View.FACE):
        return "facing the camera"
    if movement.side_kind is not SideKind.BODY or side is None:
        return "side-on to the camera"
    turned = "" if movement.view is View.SIDE else ", turned 20 to 30° towards it"
    return f"with your {side.value} side towards the camera{turned}"


def _distance_words(movement: Movement) -> str:
    if movement.joint == "neck":
        return "0.8 to 1 m"
    if movement.joint in _HANDS:
        return "so near that the hand fills a third of the picture"
    return "2 to 3 m"


def _facing_deg(movement: Movement, side: Side | None) -> float:
    """Which way the person looks from above; 0 is towards the camera, 90 to the viewer's right."""
    if movement.view in (View.FRONT, View.FACE):
        return 0.0
    turned = 90.0 - (OBLIQUE_DEG if movement.view is View.OBLIQUE_SIDE else 0.0)
    return -turned if side is Side.LEFT else turned


def _corners() -> list[Point]:
    return [complex(x, y) for x, y in ((-140, -143), (140, -143), (140, 128), (-140, 128))]


def _cone() -> Markup:
    edges = [_CAMERA + 246.0 * towards(180.0 + half) for half in (-24.0, 24.0)]
    return styled(_CONE, FRAME.path([_CAMERA, edges[0], edges[1]], closed=True))


def _camera() -> Markup:
    corners = [_CAMERA + complex(x, y) for x, y in ((-13, -9), (13, -9), (13, 7), (-13, 7))]
    lens = [_CAMERA + complex(x, y) for x, y in ((-6, 7), (6, 7), (8, 14), (-8, 14))]
    style = "fill:var(--ink);stroke:var(--ink);stroke-width:3;stroke-linejoin:round"
    body = styled(style, FRAME.path(corners, closed=True), FRAME.path(lens, closed=True))
    return Markup("").join([body, FRAME.text(_CAMERA + complex(24, -4), "camera", anchor="start")])


def _person(facing_deg: float) -> Markup:
    """Shoulders, head and nose from above, with an arrow where the person looks."""
    forward = towards(facing_deg)
    across = forward * 1j
    shoulders = [_PERSON + 27.0 * across, _PERSON - 27.0 * across]
    body = styled(
        f"fill:none;stroke:{BODY};stroke-width:{26 * FRAME.scale:.1f};stroke-linecap:round",
        FRAME.path(shoulders),
    )
    nose = [
        _PERSON + 11.0 * across * sign + 9.0 * forward if sign else _PERSON + 23.0 * forward
        for sign in (1, 0, -1)
    ]
    head = [
        FRAME.circle(_PERSON, 14.0, f"fill:{MOVING}"),
        styled(
            f"fill:{MOVING};stroke:{MOVING};stroke-width:3;stroke-linejoin:round",
            FRAME.path(nose, closed=True),
        ),
    ]
    return Markup("").join([body, *head])


def _seat(movement: Movement, facing_deg: float) -> list[Markup]:
    """A chair under somebody who sits: its seat, and its back behind the person."""
    if movement.position != "seated":
        return []
    forward = towards(facing_deg)
    across = forward * 1j
    ends = ((-30, -24), (30, -24), (30, 34), (-30, 34))
    seat = [_PERSON + x * across + y * forward for x, y in ends]
    back = [_PERSON - 30 * across - 27 * forward, _PERSON + 30 * across - 27 * forward]
    return [
        styled("fill:none;stroke:var(--soft);stroke-width:2", FRAME.path(seat, closed=True)),
        styled("fill:none;stroke:var(--soft);stroke-width:6", FRAME.path(back)),
    ]


def _distance(movement: Movement) -> Markup:
    """The line between camera and person, with the distance."""
    top, low = _PERSON - 42.0j, _CAMERA + 20.0j
    ticks = [[end - 6.0, end + 6.0] for end in (top, low)]
    words = "close up" if movement.joint in _HANDS else _distance_words(movement)
    return Markup("").join(
        [
            styled(_LINE, FRAME.path([top, low]), *(FRAME.path(each) for each in ticks)),
            FRAME.text((top + low) / 2 + 10.0, words, anchor="start"),
        ]
    )


def _side_word(movement: Movement, side: Side | None) -> list[Markup]:
    if side is None or movement.view in (View.FRONT, View.FACE):
        return []
    if movement.side_kind is not SideKind.BODY:
        return []
    near = -1.0 if direction_deg(towards(_facing_deg(movement, side))) < 0 else 1.0
    at = _PERSON + complex(-near * 46.0, -38.0)
    return [FRAME.text(at, f"your {side.value}", anchor="start" if near < 0 else "end")]
