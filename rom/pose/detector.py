"""Find people in a picture: the first of BlazePose's two networks.

Bazarevsky et al. 2020, BlazePose: On-device Real-time Body Pose Tracking, arXiv:2006.10204. The
numbers below are those of the network, as MediaPipe's pose detection graph gives them.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rom.errors import ModelError
from rom.pose.litert import Network
from rom.pose.region import FloatArray, Image, Region, region_about, whole_image

# (step of the grid in pixels, candidates at each of its points)
_GRIDS = ((8, 2), (16, 2), (32, 6))
_INPUT_PX = 224
_CANDIDATES = 2254
_SAME_PERSON_IOU = 0.3
_HIP_CENTER, _BODY_RIM = 0, 1
BODY_REGION_SCALE = 1.25


@dataclass(frozen=True, eq=False)
class Detection:
    """A person as the detector sees one: how surely, and the square that should hold the body."""

    score: float
    region: Region


class PersonDetector:
    """Finds the people of one picture; knows nothing of the pictures before."""

    def __init__(self, network: bytes, *, minimum_score: float) -> None:
        self._network = Network(network, name="the pose detector")
        if self._network.input_px != _INPUT_PX or self._network.output_shapes[:1] != (
            (1, _CANDIDATES, 12),
        ):
            raise ModelError(
                f"Expected a BlazePose detector with {_CANDIDATES} candidates, but got one with"
                f" outputs {self._network.output_shapes}; use a MediaPipe pose landmarker bundle"
            )
        self._grid = _grid_points()
        self._minimum_score = minimum_score

    def detect(self, rgb: Image) -> list[Detection]:
        """Return the people found, the surest first."""
        picture = whole_image(rgb)
        crop = picture.crop(rgb, _INPUT_PX, outside=cv2.BORDER_CONSTANT)
        values, logits = self._network.run(crop, low=-1.0, high=1.0)
        scores = 1.0 / (1.0 + np.exp(-np.clip(logits[:, 0].astype(np.float64), -100.0, 100.0)))
        chosen = np.flatnonzero(scores >= self._minimum_score)
        chosen = chosen[np.argsort(-scores[chosen], kind="stable")]
        boxes, points = self._decode(values[chosen], self._grid[chosen])
        detections = []
        for group in _groups(boxes):
            weights = scores[chosen][group]
            center_rim = np.average(points[group, :2], axis=0, weights=weights) * _INPUT_PX
            placed = picture.to_image(center_rim, _INPUT_PX)
            region = region_about(placed[_HIP_CENTER], placed[_BODY_RIM], scale=BODY_REGION_SCALE)
            detections.append(Detection(float(weights[0]), region))
        return detections

    @staticmethod
    def _decode(values: NDArray[np.float32], grid: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return (N, 4) boxes (left, top, right, bottom) and (N, 4, 2) points, 0 to 1."""
        scaled = values.astype(np.float64) / _INPUT_PX
        center, half_size = scaled[:, :2] + grid, scaled[:, 2:4] / 2.0
        boxes = np.concatenate([center - half_size, center + half_size], axis=1)
        return boxes, scaled[:, 4:].reshape(-1, 4, 2) + grid[:, np.newaxis]


def _grid_points() -> FloatArray:
    """(2254, 2) position of every candidate's grid point, 0 to 1."""
    points = []
    for step_px, candidates in _GRIDS:
        count = _INPUT_PX // step_px
        y, x = (np.mgrid[:count, :count] + 0.5) / count
        points.append(np.repeat(np.stack([x, y], axis=-1).reshape(-1, 2), candidates, axis=0))
    return np.concatenate(points)


def _groups(boxes: FloatArray) -> list[NDArray[np.intp]]:
    """Group boxes, best first, that overlap the best one left: each group is one person."""
    groups = []
    left = np.arange(len(boxes))
    while len(left):
        same = _iou(boxes[left[0]], boxes[left]) > _SAME_PERSON_IOU
        same[0] = True  # also where the box is empty
        groups.append(left[same])
        left = left[~same]
    return groups


def _iou(box: FloatArray, others: FloatArray) -> FloatArray:
    corners = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    shared: FloatArray = np.clip(corners, 0.0, None).prod(axis=1)
    union = _area(box) + _area(others) - shared
    return shared / np.maximum(union, np.finfo(np.float64).tiny)


def _area(boxes: FloatArray) -> FloatArray:
    area: FloatArray = np.clip(boxes[..., 2:] - boxes[..., :2], 0.0, None).prod(axis=-1)
    return area
