"""Does the person stay, and stay alone?"""

from __future__ import annotations

from enum import Enum

from rom.landmarks import Landmark, LandmarkSeries
from rom.live.frames import time_of
from rom.live.holding import Holding
from rom.quality.visibility import inside_picture

LOST_S = 1.0
"""A pose that is lost for less comes back by itself."""
BACK_S = 1.5
SHOULDERS = [int(Landmark.LEFT_SHOULDER), int(Landmark.RIGHT_SHOULDER)]


class Trouble(Enum):
    """Why a recording cannot go on."""

    GONE = "gone"
    SEVERAL = "several"


class Presence:
    """Watches who is in the picture."""

    def __init__(self) -> None:
        self._gone = Holding(LOST_S)
        self._several = Holding(LOST_S)
        self._well = Holding(BACK_S)
        self._well_frac = 0.0

    def see(self, frame: LandmarkSeries) -> Trouble | None:
        """What has been wrong for a second; None where nothing has."""
        now_s = time_of(frame)
        here = bool(frame.seen[0] and frame.identity_sure[0]) and _upper_body_inside(frame)
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


def _upper_body_inside(frame: LandmarkSeries) -> bool:
    """Whether head or shoulders are in the picture; the movement may take one of them out of it."""
    return bool(inside_picture(frame, [Landmark.NOSE])[0] or inside_picture(frame, SHOULDERS)[0])
