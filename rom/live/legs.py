"""Left and right leg kept apart while frames come in.

The same path costs as `rom.quality.sides`, carried forwards only: what is known now decides, and
later frames cannot mend earlier ones.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rom.landmarks import MIRRORED_ORDER, FloatArray, LandmarkSeries
from rom.quality.sides import EXCHANGED_PATH, LEG, NAMED_ANEW_TRUNKS, PATH_LANDMARKS

PARTNERS = [MIRRORED_ORDER[index] for index in LEG]


class LegNaming:
    """Exchanges the legs back in frames in which the pose model exchanged them."""

    def __init__(self) -> None:
        self._previous: FloatArray | None = None
        self._cost = np.zeros(2)
        """Cheapest path that ends with the model's own names, and with exchanged ones."""

    def named(self, frame: LandmarkSeries) -> LandmarkSeries:
        """The frame with its legs named as before."""
        legs_px = frame.xy_px[0]
        if not np.isfinite(legs_px[PATH_LANDMARKS]).all():
            return frame
        if self._previous is not None:
            self._step(self._previous, legs_px)
        self._previous = legs_px
        return _exchanged(frame) if self._cost[1] < self._cost[0] else frame

    def _step(self, before_px: FloatArray, now_px: FloatArray) -> None:
        start_px = before_px[PATH_LANDMARKS]
        same = float(np.linalg.norm(now_px[PATH_LANDMARKS] - start_px, axis=1).sum())
        swap = float(np.linalg.norm(now_px[EXCHANGED_PATH] - start_px, axis=1).sum())
        trunk_px = float(np.linalg.norm(now_px[[11, 12]].mean(axis=0) - now_px[[23, 24]].mean(0)))
        own, exchanged = self._cost
        arriving = np.array([min(own + same, exchanged + swap), min(own + swap, exchanged + same)])
        arriving[1] += NAMED_ANEW_TRUNKS * trunk_px
        self._cost = arriving - arriving.min()


def _exchanged(frame: LandmarkSeries) -> LandmarkSeries:
    xy_px, world_m = frame.xy_px.copy(), frame.world_m.copy()
    visibility = frame.visibility.copy()
    xy_px[:, LEG] = frame.xy_px[:, PARTNERS]
    world_m[:, LEG] = frame.world_m[:, PARTNERS]
    visibility[:, LEG] = frame.visibility[:, PARTNERS]
    return replace(frame, xy_px=xy_px, world_m=world_m, visibility=visibility)
