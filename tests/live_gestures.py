"""Figures that hold their arms as asked, in widths of the shoulders from each shoulder."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from live_builders import frames_of

from rom.landmarks import LandmarkSeries, Side, sided
from tests.figures import Camera, film, frame_times, pose_figure

RATE_HZ = 20.0
Place = tuple[float, float]
"""Outwards from the shoulder and up, in widths of the shoulders."""
Arm = tuple[Place, Place]
"""Elbow and wrist."""

HANGING: Arm = ((0.1, -0.8), (0.1, -1.5))
RAISED: Arm = ((0.5, 0.5), (0.6, 1.2))
RAISED_LOW: Arm = ((0.5, -0.6), (0.7, 0.0))
"""Of somebody whose shoulder does not go far: elbow at the side, hand up."""
CROSSED: Arm = ((0.15, -0.75), (-0.8, -0.3))
FOLDED_LOW: Arm = ((0.2, -0.75), (-0.55, -1.4))
"""Hands clasped before the belly, arms hanging."""
ON_HIP: Arm = ((0.6, -0.7), (0.1, -1.3))
AT_CHIN: Arm = ((0.15, -0.6), (-0.45, 0.4))


def out_at(height: float) -> Arm:
    """A hand out to the side, 0 at the hip to 10 over the head."""
    up = -1.4 + height / 10.0 * 2.68
    return ((0.5, 0.5 * up), (0.75, up))


def standing(
    left: Arm = HANGING,
    right: Arm = HANGING,
    *,
    seconds: float = 1.0,
    start_s: float = 0.0,
    camera: Camera | None = None,
) -> list[LandmarkSeries]:
    """Frames of a figure facing the camera with its arms like this."""  # fmt: skip
    camera = camera or Camera(frame_rate_hz=RATE_HZ)
    series = film(pose_figure(frame_times(seconds, RATE_HZ), {}), camera, noise_px=0.5)
    xy_px = series.xy_px.copy()
    unit_px = 0.36 * camera.scale_px_m
    for side, arm in ((Side.LEFT, left), (Side.RIGHT, right)):
        towards = 1.0 if side is Side.LEFT else -1.0
        shoulder = series.side_px("shoulder", side)
        for name, (outwards, up) in zip(("elbow", "wrist"), arm, strict=True):
            place = unit_px * np.array([towards * outwards, -up])
            xy_px[:, sided(name, side)] = shoulder + place
    frames = replace(series, xy_px=xy_px, time_s=series.time_s + start_s)
    return list(frames_of(frames))
