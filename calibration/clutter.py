"""Things that lie and hang about in a home, out of boxes; none stands before the person."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from calibration.looks import Colour
from calibration.room import FABRIC, WOOD, Box, Room

FloatArray = NDArray[np.float64]
_ASIDE_M, _BEHIND_M = 0.95, 0.75
_WIDEST_M = 0.2
"""Half the width of the largest piece; added to what is kept free about the person."""


def scatter(room: Room) -> list[Box]:
    """As many random pieces as the room asks for, the same ones for the same seed."""
    rng = np.random.default_rng((room.seed, 1))
    boxes: list[Box] = []
    for _ in range(room.clutter_pieces):
        piece = _PIECES[rng.integers(len(_PIECES))]
        boxes += piece(room, rng)
    return boxes


def _place(room: Room, rng: np.random.Generator) -> tuple[float, float]:
    """A spot on the floor beside the person's reach or behind the person, metres."""
    if rng.random() < 0.35:
        side = rng.choice([-1.0, 1.0])
        return float(side * (_ASIDE_M + rng.uniform(0.0, 0.4))), float(rng.uniform(-0.2, 0.9))
    x = rng.uniform(-1.4, 1.4)
    return float(x), float(rng.uniform(_BEHIND_M + _WIDEST_M, room.depth_m - _WIDEST_M))


def _colour(rng: np.random.Generator) -> Colour:
    red, green, blue = np.clip(rng.uniform(0.15, 0.85) + rng.uniform(-0.25, 0.25, 3), 0.03, 0.95)
    return float(red), float(green), float(blue)


def _flesh(rng: np.random.Generator) -> Colour:
    """Wood, leather and light cloth: the colours of skin."""
    shade = rng.uniform(0.45, 1.05)
    return 0.80 * shade, 0.60 * shade, 0.48 * shade


def _pile(room: Room, rng: np.random.Generator) -> list[Box]:
    """Books, boxes or folded clothes on each other."""
    (x, y), top = _place(room, rng), 0.0
    boxes = []
    for _ in range(rng.integers(2, 7)):
        (wide, deep), tall = rng.uniform(0.10, _WIDEST_M - 0.03, 2), rng.uniform(0.04, 0.22)
        dx, dy = rng.uniform(-0.03, 0.03, 2)
        low = (x + dx - wide, y + dy - deep, top)
        boxes.append(Box(low, (x + dx + wide, y + dy + deep, top + tall), _colour(rng), FABRIC))
        top += tall
    return boxes


def _coat_stand(room: Room, rng: np.random.Generator) -> list[Box]:
    """A pole with coats; their sleeves hang beside them like arms."""
    x, y = _place(room, rng)
    wood = _flesh(rng)
    boxes = [
        Box((x - 0.02, y - 0.02, 0.0), (x + 0.02, y + 0.02, 1.75), wood, WOOD),
        Box((x - 0.19, y - 0.02, 0.0), (x + 0.19, y + 0.02, 0.03), wood, WOOD),
        Box((x - 0.02, y - 0.19, 0.0), (x + 0.02, y + 0.19, 0.03), wood, WOOD),
    ]
    for _ in range(rng.integers(1, 3)):
        colour, top, length = _colour(rng), rng.uniform(1.45, 1.68), rng.uniform(0.6, 1.0)
        dx, dy = rng.uniform(-0.06, 0.06, 2)
        coat = (x + dx - 0.1, y + dy - 0.07, top - length), (x + dx + 0.1, y + dy + 0.07, top)
        boxes.append(Box(*coat, colour, FABRIC))
        for left in (x + dx - 0.15, x + dx + 0.09):
            sleeve = (left, y + dy - 0.05, top - 0.62), (left + 0.06, y + dy + 0.01, top - 0.03)
            boxes.append(Box(*sleeve, colour, FABRIC))
    return boxes


def _frame(room: Room, rng: np.random.Generator) -> list[Box]:
    """A poster or photograph on the back wall."""
    x, z, d = rng.uniform(-1.5, 1.5), rng.uniform(1.2, 2.0), room.depth_m
    wide, tall = rng.uniform(0.12, 0.35, 2)
    boxes = [Box((x - wide, d - 0.02, z - tall), (x + wide, d, z + tall), _colour(rng))]
    for layer in range(rng.integers(1, 6)):
        left, low = rng.uniform(-0.85, 0.3, 2)
        right, high = (left, low) + rng.uniform(0.2, 0.5, 2)
        front = d - 0.021 - 0.001 * layer
        patch = (x + wide * left, front, z + tall * low), (x + wide * right, d, z + tall * high)
        boxes.append(Box(*patch, _flesh(rng) if layer % 2 else _colour(rng)))
    return boxes


def _bag(room: Room, rng: np.random.Generator) -> list[Box]:
    """A bag on the floor, its handles standing up."""
    (x, y), colour = _place(room, rng), _colour(rng)
    wide, tall = rng.uniform(0.12, _WIDEST_M), rng.uniform(0.2, 0.42)
    boxes = [Box((x - wide, y - 0.08, 0.0), (x + wide, y + 0.08, tall), colour, FABRIC)]
    for at in (-0.06, 0.06):
        handle = (x + at - 0.012, y - 0.01, tall), (x + at + 0.012, y + 0.01, tall + 0.13)
        boxes.append(Box(*handle, colour))
    boxes.append(Box((x - 0.07, y - 0.01, tall + 0.12), (x + 0.07, y + 0.01, tall + 0.14), colour))
    return boxes


def _sticks(room: Room, rng: np.random.Generator) -> list[Box]:
    """Broom, umbrella, walking stick: long and thin, about as wide as a forearm or less."""
    x, y = _place(room, rng)
    boxes = []
    for _ in range(rng.integers(1, 4)):
        half, tall = rng.uniform(0.015, 0.04), rng.uniform(0.7, 1.5)
        dx, dy = rng.uniform(-0.14, 0.14, 2)
        low = (x + dx - half, y + dy - half, 0.0)
        boxes.append(Box(low, (x + dx + half, y + dy + half, tall), _flesh(rng), WOOD))
    return boxes


_PIECES: tuple[Callable[[Room, np.random.Generator], list[Box]], ...] = (
    _pile,
    _coat_stand,
    _frame,
    _bag,
    _sticks,
)
