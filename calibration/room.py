"""Furnished rooms out of coloured boxes; metres, the back wall at +y, the camera towards -y."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.looks import Colour, linear

FloatArray = NDArray[np.float64]
Point = tuple[float, float, float]
Grain = tuple[float, float, float, float]

_CORNERS = np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=float)
_BOX_FACES = (
    ((0, 1, 3, 2), (-1, 0, 0)),
    ((4, 6, 7, 5), (1, 0, 0)),
    ((0, 4, 5, 1), (0, -1, 0)),
    ((2, 3, 7, 6), (0, 1, 0)),
    ((0, 2, 6, 4), (0, 0, -1)),
    ((1, 5, 7, 3), (0, 0, 1)),
)
_PLAIN: Grain = (1.0, 1.0, 1.0, 0.0)
_PLASTER: Grain = (0.7, 0.7, 0.7, 0.12)
FABRIC: Grain = (9.0, 9.0, 9.0, 0.30)
WOOD: Grain = (5.0, 0.5, 0.6, 0.45)


@dataclass(frozen=True, kw_only=True)
class Room:
    """Colours and furniture of a room; ``arrangement`` picks which pieces stand where.

    ``mirror`` puts a large mirror on the right instead of shelf, window or door.
    """

    wall: Colour = (0.80, 0.78, 0.73)
    floor: Colour = (0.56, 0.42, 0.29)
    rug: Colour | None = (0.42, 0.45, 0.50)
    sofa: Colour = (0.38, 0.44, 0.46)
    arrangement: tuple[str, ...] = ("sofa", "picture", "plant")
    half_width_m: float = 2.5
    depth_m: float = 1.9
    lamp_azimuth_deg: float = -30.0
    lamp_elevation_deg: float = 52.0
    lamp_strength: float = 1.0
    warmth: float = 0.04
    ambient_frac: float = 1.0
    """Scales the light from all around; a dark room needs less of it as well as a weak lamp."""
    clutter_pieces: int = 0
    mirror: bool = False
    seed: int = 1


@dataclass(frozen=True)
class Box:
    """An axis-aligned box from one corner to the other, metres."""

    low_m: Point
    high_m: Point
    colour: Colour
    grain: Grain = _PLAIN


def build_room(room: Room, extra: tuple[Box, ...] = ()) -> FloatArray:
    """Triangles of the room (N, 13): position, normal, linear colour, grain."""
    rng = np.random.default_rng(room.seed)
    boxes = _shell(room) + _floor(room, rng) + list(extra)  # far to near; reversed below
    for piece in room.arrangement:
        if piece not in _FURNITURE:
            raise ValueError(f"expected furniture out of {sorted(_FURNITURE)}, got {piece!r}")
        if room.mirror and piece in _WHERE_THE_MIRROR_HANGS:
            continue
        boxes += _FURNITURE[piece](room, rng)
    return np.concatenate([triangles(box) for box in reversed(boxes)])


def stool(top_m: float, *, centre_m: tuple[float, float] = (0.0, 0.0)) -> tuple[Box, ...]:
    """A padded bench to sit on, its top at the given height."""
    x, y = centre_m
    pad = Box(
        (x - 0.24, y - 0.2, top_m - 0.07), (x + 0.24, y + 0.2, top_m), (0.2, 0.2, 0.24), FABRIC
    )
    legs = tuple(
        Box(
            (x + i * 0.2 - 0.02, y + j * 0.16 - 0.02, 0.0),
            (x + i * 0.2 + 0.02, y + j * 0.16 + 0.02, top_m - 0.07),
            (0.5, 0.38, 0.26),
        )
        for i in (-1, 1)
        for j in (-1, 1)
    )
    return (pad, *legs)


def chair_back(seat_m: float, *, behind_m: float) -> tuple[Box, ...]:
    """The back rest of a chair, behind a seated person."""
    wood = (0.45, 0.32, 0.21)
    rest = Box((-0.22, behind_m, seat_m + 0.12), (0.22, behind_m + 0.03, seat_m + 0.42), wood, WOOD)
    return (rest,)


def _shell(room: Room) -> list[Box]:
    w, d, h = room.half_width_m, room.depth_m, 2.6
    skirting = (0.86, 0.85, 0.83)
    return [
        Box((-w, d, 0.0), (w, d + 0.1, h), room.wall, _PLASTER),
        Box((-w - 0.1, -6.0, 0.0), (-w, d, h), room.wall, _PLASTER),
        Box((w, -6.0, 0.0), (w + 0.1, d, h), room.wall, _PLASTER),
        Box((-w, -6.0, h), (w, d, h + 0.1), (0.9, 0.9, 0.88)),
        Box((-w, d - 0.015, 0.0), (w, d, 0.09), skirting),
        Box((-w, -6.0, 0.0), (-w + 0.015, d, 0.09), skirting),
        Box((w - 0.015, -6.0, 0.0), (w, d, 0.09), skirting),
    ]


def _floor(room: Room, rng: np.random.Generator) -> list[Box]:
    """Planks of slightly different shades, and a rug."""
    boxes = []
    width_m = 0.16
    for row in range(int(2 * room.half_width_m / width_m) + 1):
        x = -room.half_width_m + row * width_m
        start = -6.0 - rng.uniform(0.0, 1.2)
        while start < room.depth_m:
            shade = rng.uniform(0.86, 1.08)
            colour = (room.floor[0] * shade, room.floor[1] * shade, room.floor[2] * shade)
            boxes.append(
                Box((x, start, -0.02), (x + width_m - 0.003, start + 1.19, 0.0), colour, WOOD)
            )
            start += 1.2
    if room.rug is not None:
        boxes.append(Box((-1.25, -1.3, 0.0), (1.25, 0.85, 0.004), room.rug, FABRIC))
        border = (0.8 * room.rug[0], 0.8 * room.rug[1], 0.8 * room.rug[2])
        boxes.append(Box((-1.32, -1.37, 0.0), (1.32, 0.92, 0.003), border, FABRIC))
    return boxes


def _sofa(room: Room, rng: np.random.Generator) -> list[Box]:
    x, d, c = -1.15, room.depth_m - 0.06, room.sofa
    dark = (0.85 * c[0], 0.85 * c[1], 0.85 * c[2])
    boxes = [
        Box((x - 0.95, d - 0.82, 0.08), (x + 0.95, d - 0.05, 0.30), dark, FABRIC),
        Box((x - 0.95, d - 0.22, 0.30), (x + 0.95, d, 0.82), c, FABRIC),
        Box((x - 1.1, d - 0.85, 0.06), (x - 0.92, d, 0.60), c, FABRIC),
        Box((x + 0.92, d - 0.85, 0.06), (x + 1.1, d, 0.60), c, FABRIC),
    ]
    for start in (-0.91, 0.01):
        boxes.append(Box((x + start, d - 0.84, 0.30), (x + start + 0.90, d - 0.2, 0.44), c, FABRIC))
    cushion = tuple(rng.uniform(0.45, 0.65, 3))
    boxes.append(Box((x + 0.45, d - 0.36, 0.44), (x + 0.85, d - 0.2, 0.80), cushion, FABRIC))
    return boxes


def _shelf(room: Room, rng: np.random.Generator) -> list[Box]:
    x, d, wood = 0.75, room.depth_m, (0.60, 0.47, 0.33)
    boxes = [Box((x, d - 0.02, 0.0), (x + 1.0, d - 0.005, 1.9), (0.5, 0.39, 0.27), WOOD)]
    boxes += [Box((x + i, d - 0.3, 0.0), (x + i + 0.03, d, 1.9), wood, WOOD) for i in (0.0, 0.97)]
    for level in range(6):
        z = 0.06 + 0.36 * level
        boxes.append(Box((x, d - 0.3, z), (x + 1.0, d, z + 0.025), wood, WOOD))
        along = x + 0.05
        while level < 5 and along < x + rng.uniform(0.5, 0.92):
            thick, tall = rng.uniform(0.02, 0.055), rng.uniform(0.18, 0.29)
            red, green, blue = rng.uniform(0.2, 0.7) + rng.uniform(-0.12, 0.12, 3)
            spine = Box(
                (along, d - 0.24, z + 0.025),
                (along + thick, d - 0.04, z + 0.025 + tall),
                (red, green, blue),
            )
            boxes.append(spine)
            along += thick + 0.003
    return boxes


def _picture(room: Room, rng: np.random.Generator) -> list[Box]:
    x, d = -1.25, room.depth_m
    boxes = [Box((x - 0.42, d - 0.03, 1.30), (x + 0.42, d, 1.86), (0.16, 0.13, 0.11))]
    boxes.append(Box((x - 0.39, d - 0.032, 1.33), (x + 0.39, d - 0.03, 1.83), (0.88, 0.86, 0.80)))
    for _ in range(7):
        left, low = rng.uniform(-0.28, 0.10), rng.uniform(1.40, 1.62)
        wide, tall = rng.uniform(0.06, 0.2, 2)
        red, green, blue = rng.uniform(0.3, 0.75) + rng.uniform(-0.15, 0.15, 3)
        boxes.append(
            Box(
                (x + left, d - 0.034, low),
                (x + left + wide, d - 0.032, low + tall),
                (red, green, blue),
            )
        )
    return boxes


def _window(room: Room, rng: np.random.Generator) -> list[Box]:
    x, d = 0.55, room.depth_m
    boxes = [
        Box((x - 0.62, d - 0.05, 0.85), (x + 0.62, d - 0.01, 2.12), (0.92, 0.92, 0.90)),
        Box((x - 0.57, d - 0.052, 0.90), (x - 0.02, d - 0.05, 2.07), (0.86, 0.93, 1.0)),
        Box((x + 0.02, d - 0.052, 0.90), (x + 0.57, d - 0.05, 2.07), (0.84, 0.92, 1.0)),
        Box((x - 0.7, d - 0.16, 0.82), (x + 0.7, d, 0.85), (0.9, 0.9, 0.88)),
    ]
    red, green, blue = rng.uniform(0.45, 0.75, 3)
    for side in (-1, 1):
        for fold in range(4):
            left = x + side * 0.72 + side * fold * 0.07 - 0.035
            deep = 0.08 + 0.03 * (fold % 2)
            boxes.append(
                Box(
                    (left, d - deep, 0.15),
                    (left + 0.07, d - 0.02, 2.2),
                    (red, green, blue),
                    FABRIC,
                )
            )
    return boxes


def _plant(room: Room, rng: np.random.Generator) -> list[Box]:
    x, y = room.half_width_m - 0.45, room.depth_m - 0.45
    boxes = [
        Box((x - 0.14, y - 0.14, 0.0), (x + 0.14, y + 0.14, 0.30), (0.62, 0.36, 0.26), _PLASTER)
    ]
    for _ in range(40):
        lean, size = rng.normal(0.0, 0.035, 2), rng.uniform(0.012, 0.028)
        tall, shade = rng.uniform(0.25, 0.75), rng.uniform(0.6, 1.2)
        leaf = (0.20 * shade, 0.36 * shade, 0.17 * shade)
        for step in range(4):
            px, py = (x, y) + lean * (1.0 + 1.5 * step)
            wide = size * (1.0 - 0.22 * step)
            low, high = 0.28 + tall * step / 4.0, 0.28 + tall * (step + 1) / 4.0
            boxes.append(Box((px - wide, py - 0.005, low), (px + wide, py + 0.005, high), leaf))
    return boxes


def _door(room: Room, rng: np.random.Generator) -> list[Box]:
    x, d, frame = 1.35, room.depth_m, (0.88, 0.87, 0.84)
    panel = (0.80, 0.79, 0.75)
    boxes = [
        Box((x - 0.5, d - 0.03, 0.0), (x + 0.5, d, 2.08), frame),
        Box((x - 0.43, d - 0.045, 0.0), (x + 0.43, d - 0.03, 2.02), panel, _PLASTER),
        Box((x - 0.37, d - 0.09, 1.0), (x - 0.25, d - 0.045, 1.025), (0.4, 0.4, 0.42)),
    ]
    for low, high in ((0.2, 0.9), (1.1, 1.85)):
        boxes.append(
            Box((x - 0.3, d - 0.052, low), (x + 0.3, d - 0.045, high), (0.75, 0.74, 0.70), _PLASTER)
        )
    return boxes


def _lamp(room: Room, rng: np.random.Generator) -> list[Box]:
    x, y = -room.half_width_m + 0.35, room.depth_m - 0.35
    return [
        Box((x - 0.13, y - 0.13, 0.0), (x + 0.13, y + 0.13, 0.03), (0.2, 0.2, 0.2)),
        Box((x - 0.012, y - 0.012, 0.03), (x + 0.012, y + 0.012, 1.45), (0.2, 0.2, 0.2)),
        Box((x - 0.17, y - 0.17, 1.42), (x + 0.17, y + 0.17, 1.72), (0.95, 0.88, 0.70), FABRIC),
    ]


_FURNITURE = {
    "sofa": _sofa,
    "shelf": _shelf,
    "picture": _picture,
    "window": _window,
    "plant": _plant,
    "door": _door,
    "lamp": _lamp,
}

_WHERE_THE_MIRROR_HANGS = ("shelf", "window", "door")


def triangles(box: Box) -> FloatArray:
    """Triangles of a box (36, 13), as in ``build_room``."""
    corners = np.array(box.low_m) + _CORNERS * (np.array(box.high_m) - np.array(box.low_m))
    look = np.array([*linear(box.colour), *box.grain])
    rows = []
    for (a, b, c, d), normal in _BOX_FACES:
        for corner in (a, b, c, a, c, d):
            rows.append(np.concatenate([corners[corner], normal, look]))
    return np.array(rows)
