"""Repair of legs that the pose model exchanged.

Seen from the side, the model names the near leg "left" in one frame and "right" in the next while
its visibility stays near 1. Legs move continuously, so the assignment with the shortest total path
is the right one up to one exchange for the whole recording, and for that the majority of the
model's own names decides.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rom.landmarks import MIRRORED_ORDER, BoolArray, FloatArray, LandmarkSeries, Side, sided

LEG = [int(sided(name, side)) for name in ("knee", "ankle", "heel", "foot_index") for side in Side]
PATH_LANDMARKS = [int(sided(name, side)) for name in ("knee", "ankle") for side in Side]
EXCHANGED_PATH = [MIRRORED_ORDER[index] for index in PATH_LANDMARKS]
NAMED_ANEW_TRUNKS = 0.02
"""Cost of going against the model's own naming, in trunk lengths: breaks ties where legs meet."""


def _step_costs(xy_px: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Path length to each next frame with the same and with exchanged names, (T-1,) each."""
    here, following = xy_px[:-1, PATH_LANDMARKS], xy_px[1:, PATH_LANDMARKS]
    exchanged = xy_px[1:, EXCHANGED_PATH]
    same = np.linalg.norm(following - here, axis=-1).sum(axis=-1)
    swap = np.linalg.norm(exchanged - here, axis=-1).sum(axis=-1)
    return same, swap


def find_exchanged_frames(series: LandmarkSeries) -> BoolArray:
    """(T,) frames whose left and right leg have to be exchanged."""
    exchanged = np.zeros(len(series), np.bool_)
    legs = series.xy_px[:, PATH_LANDMARKS]
    rows = np.flatnonzero(np.isfinite(legs).all(axis=(1, 2)))
    if len(rows) < 3:
        return exchanged
    trunk = series.middle_px("shoulder")[rows] - series.middle_px("hip")[rows]
    prior = NAMED_ANEW_TRUNKS * float(np.nanmedian(np.linalg.norm(trunk, axis=-1)))
    same, swap = _step_costs(series.xy_px[rows])
    state = _cheapest_states(same, swap, prior)
    if state.mean() > 0.5:
        state = ~state
    exchanged[rows] = state
    return exchanged


def _cheapest_states(same: FloatArray, swap: FloatArray, prior: float) -> BoolArray:
    """Viterbi path over the two namings of each frame."""
    steps = len(same)
    total = np.array([0.0, prior])
    came_from = np.zeros((steps, 2), np.int64)
    for step in range(steps):
        options = np.array([[same[step], swap[step]], [swap[step], same[step]]])
        arriving = total[:, None] + options
        came_from[step] = arriving.argmin(axis=0)
        total = arriving.min(axis=0) + np.array([0.0, prior])
    state = np.zeros(steps + 1, np.bool_)
    state[-1] = bool(total.argmin())
    for step in range(steps - 1, -1, -1):
        state[step] = bool(came_from[step, int(state[step + 1])])
    return state


def repair_legs(series: LandmarkSeries) -> tuple[LandmarkSeries, float]:
    """Exchange legs back where they were exchanged; also the share of frames repaired."""
    exchanged = find_exchanged_frames(series)
    if not exchanged.any():
        return series, 0.0
    partners = [MIRRORED_ORDER[index] for index in LEG]
    rows = np.flatnonzero(exchanged)
    xy_px, world_m, visibility = (
        series.xy_px.copy(),
        series.world_m.copy(),
        series.visibility.copy(),
    )
    at = rows[:, None]
    xy_px[at, LEG] = series.xy_px[at, partners]
    world_m[at, LEG] = series.world_m[at, partners]
    visibility[at, LEG] = series.visibility[at, partners]
    share = float(exchanged.sum() / max(int(series.seen.sum()), 1))
    return replace(series, xy_px=xy_px, world_m=world_m, visibility=visibility), share
