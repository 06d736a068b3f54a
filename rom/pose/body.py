"""Place the 33 landmarks of one body: the second of BlazePose's two networks.

Grishchenko et al. 2022, BlazePose GHUM Holistic, arXiv:2206.11678. Beside the 33 landmarks the
network gives two points that say where to look in the next picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rom.errors import ModelError
from rom.landmarks import LANDMARK_COUNT, MIRRORED_ORDER
from rom.pose.detector import BODY_REGION_SCALE
from rom.pose.litert import Network
from rom.pose.region import FloatArray, Image, Region, region_about

_INPUT_PX = 256
_POINTS = 39
_HEATMAP = 64
_OUTPUT_SHAPES = ((1, 195), (1, 1), (1, 256, 256, 1), (1, 64, 64, 39), (1, 117))
_NEXT_CENTER, _NEXT_RIM = 33, 34

# A landmark is moved to the centre of mass of its heatmap within this window, where sure enough.
_WINDOW_HALF = 3
_SURE_HEAT = 0.5


@dataclass(frozen=True, eq=False)
class Body:
    """What the network sees in one region: is it a body at all, and where are its points.

    Attributes
    ----------
    score
        0 to 1, how surely the region shows a body.
    xy_px
        (33, 2) in the image.
    world_m
        (33, 3) about the mid-hip, x right, y down, z away from the camera.
    visibility
        (33,) 0 to 1.
    next_region
        Where the body should be looked for in the next picture.
    """

    score: float
    xy_px: FloatArray
    world_m: FloatArray
    visibility: FloatArray
    next_region: Region


class BodyNetwork:
    """Reads the landmarks of the body that a region of the picture shows."""

    def __init__(self, network: bytes) -> None:
        self._network = Network(network, name="the pose landmark network")
        if self._network.input_px != _INPUT_PX or self._network.output_shapes != _OUTPUT_SHAPES:
            raise ModelError(
                "Expected a BlazePose network with 33 landmarks, but got one with outputs"
                f" {self._network.output_shapes}; use a MediaPipe pose landmarker bundle"
            )

    def read(self, rgb: Image, region: Region) -> Body:
        """Return the body's landmarks; they mean nothing where the score is low.

        In a mirrored region the network names the left side right; here the names are put back.
        """
        crop = region.crop(rgb, _INPUT_PX)
        values, score, _, heat, world = self._network.run(crop)
        points = values.reshape(_POINTS, 5).astype(np.float64)
        refined = _refine(points[:, :2] / _INPUT_PX, heat)
        placed_px = region.to_image(refined * _INPUT_PX, _INPUT_PX)
        world_m = region.turn(world.reshape(_POINTS, 3).astype(np.float64))
        named = MIRRORED_ORDER if region.mirrored else range(LANDMARK_COUNT)
        return Body(
            score=float(score[0]),
            xy_px=placed_px[named],
            world_m=world_m[named],
            visibility=_sigmoid(points[named, 3]),
            next_region=region_about(
                placed_px[_NEXT_CENTER], placed_px[_NEXT_RIM], scale=BODY_REGION_SCALE
            ),
        )


def _sigmoid(logits: FloatArray) -> FloatArray:
    sigmoid: FloatArray = 1.0 / (1.0 + np.exp(-np.clip(logits, -100.0, 100.0)))
    return sigmoid


def _refine(points: FloatArray, heat_logits: NDArray[np.float32]) -> FloatArray:
    """Return (39, 2) points, 0 to 1, moved to the nearby centre of mass of their heatmaps."""
    refined = points.copy()
    cells = (points * _HEATMAP).astype(int)
    inside = ((points >= 0) & (cells < _HEATMAP)).all(axis=1)
    for index in np.flatnonzero(inside):
        column, row = cells[index]
        left, top = max(column - _WINDOW_HALF, 0), max(row - _WINDOW_HALF, 0)
        right, bottom = column + _WINDOW_HALF + 1, row + _WINDOW_HALF + 1
        heat = _sigmoid(heat_logits[top:bottom, left:right, index].astype(np.float64))
        if heat.max() < _SURE_HEAT:
            continue
        columns, rows = left + np.arange(heat.shape[1]), top + np.arange(heat.shape[0])
        total = heat.sum() * _HEATMAP
        refined[index] = (heat.sum(axis=0) @ columns / total, heat.sum(axis=1) @ rows / total)
    return refined
