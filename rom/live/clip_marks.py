"""The mark "pain starts here" found again in the recorded clip, frame by frame.

When a browser begins to record is known only within some tenths of a second, in which an arm goes
through ten degrees and more. The hand that was raised is in the clip, so its own frames say when.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from rom.landmarks import LandmarkSeries, Side
from rom.live.hands import raised_hands
from rom.live.pain import free_hands
from rom.movements import Movement

WITHIN_S = 1.0
"""How far the browser's clock may be off; repetitions are further apart."""
DOWN_FRAMES = 3
"""As many frames in a row with the hand down make a frame with it up the beginning of a mark."""


def marks_in_clip(
    landmarks: LandmarkSeries, movement: Movement, side: Side | None, *, near_s: Iterable[float]
) -> tuple[float, ...]:
    """When the hand came up in the clip, seconds, for each time about which it did.

    A time about which no free hand comes up in the clip stays as it is.
    """
    return tuple(_nearest_s(landmarks, movement, side, mark_s) for mark_s in near_s)


def _nearest_s(
    landmarks: LandmarkSeries, movement: Movement, side: Side | None, mark_s: float
) -> float:
    near = np.flatnonzero(np.abs(landmarks.time_s - mark_s) <= WITHIN_S)
    hands = free_hands(movement, side)
    up = [any(hand in raised_hands(_frame(landmarks, int(n))) for hand in hands) for n in near]
    began = [
        float(landmarks.time_s[near[place]])
        for place in range(DOWN_FRAMES, len(up))
        if up[place] and not any(up[place - DOWN_FRAMES : place])
    ]
    return min(began, key=lambda time_s: abs(time_s - mark_s), default=mark_s)


def _frame(landmarks: LandmarkSeries, number: int) -> LandmarkSeries:
    one = slice(number, number + 1)
    return replace(
        landmarks,
        time_s=landmarks.time_s[one],
        xy_px=landmarks.xy_px[one],
        world_m=landmarks.world_m[one],
        visibility=landmarks.visibility[one],
        people_count=landmarks.people_count[one],
        identity_sure=landmarks.identity_sure[one],
        face_px=None,
        hand_px=None,
    )
