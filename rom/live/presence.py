"""Does the person stay, and stay alone?"""

from __future__ import annotations

from enum import Enum

import numpy as np

from rom.landmarks import LandmarkSeries, Side
from rom.live.frames import time_of
from rom.live.holding import Holding
from rom.live.position_checks import framed_landmarks
from rom.movements import Movement

LOST_S = 1.0
"""A pose that is lost for less comes back by itself."""
BACK_S = 1.5
INSIDE_FRAC = 0.5
"""Part of the needed joints; the movement itself may take an arm out of the picture."""


class Trouble(Enum):
    """Why a recording cannot go on."""

    GONE = "gone"
    SEVERAL = "several"


class Presence:
    """Watches who is in the picture."""

    def __init__(self, movement: Movement, sides: tuple[Side | None, ...]) -> None:
        named = tuple(side for side in sides if side)
        self._needed = framed_landmarks(movement, named or tuple(Side))
        self._gone = Holding(LOST_S)
        self._several = Holding(LOST_S)
        self._well = Holding(BACK_S)
        self._well_frac = 0.0

    def see(self, frame: LandmarkSeries) -> Trouble | None:
        """What has been wrong for a second; None where nothing has."""
        now_s = time_of(frame)
        here = bool(frame.seen[0] and frame.identity_sure[0]) and self._inside(frame)
        alone = int(frame.people_count[0]) <= 1
        gone_frac = self._gone.see(now_s, not here)
        several_frac = self._several.see(now_s, not alone)
        self._well_frac = self._well.see(now_s, here and alone)
        if gone_frac >= 1.0:
            return Trouble.GONE
        return Trouble.SEVERAL if several_frac >= 1.0 else None

    @property
    def well(self) -> bool:
        """Whether the person has been there, alone, for long enough to start again."""
        return self._well_frac >= 1.0

    def _inside(self, frame: LandmarkSeries) -> bool:
        points = frame.xy_px[0, self._needed]
        inside = ((points >= 0.0) & (points < [frame.width_px, frame.height_px])).all(axis=1)
        return bool(np.mean(inside) >= INSIDE_FRAC)
