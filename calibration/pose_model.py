"""`rom`'s own pose estimator on single pictures, as arrays: the bench reads what users get."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rom.landmarks import FACE_POINT_COUNT, HAND_POINT_COUNT, LANDMARK_COUNT
from rom.pose.estimator import PoseEstimator
from rom.pose.model import ensure_model

FloatArray = NDArray[np.float64]
Image = NDArray[np.uint8]

SETTLING_LOOKS = 3
"""Looks at the same picture: a person in a video is looked for where the last frame showed them."""
FRAME_S = 1.0 / 30.0


@dataclass(frozen=True, eq=False)
class PoseReading:
    """What was seen in one picture; NaN where nobody or nothing was found.

    landmarks (33, 3): x and y in pixels, visibility. world_m (33, 3): metres, x right, y down,
    z away. face_px (20, 3) and hand_px (2, 21, 2): pixels.
    """

    landmarks: FloatArray
    world_m: FloatArray
    face_px: FloatArray
    hand_px: FloatArray

    @property
    def found(self) -> bool:
        return not bool(np.isnan(self.landmarks).all())


class PoseModel:
    """The most prominent person of a picture, with face and hands where a movement needs them."""

    def __init__(self) -> None:
        self._model = ensure_model(extras=True)
        self._estimators: dict[str, PoseEstimator] = {}

    def estimate(self, image: Image, framing: str) -> PoseReading:
        """Landmarks in an RGB picture (H, W, 3); `framing` as in `acting.Action`."""
        estimator = self._estimator(framing)
        estimator.reset()
        poses = []
        for look in range(SETTLING_LOOKS):
            poses = estimator.estimate(np.ascontiguousarray(image), look * FRAME_S)
        face_px = np.full((FACE_POINT_COUNT, 3), np.nan)
        hand_px = np.full((2, HAND_POINT_COUNT, 2), np.nan)
        if not poses:
            nowhere = np.full((LANDMARK_COUNT, 3), np.nan)
            return PoseReading(nowhere, nowhere.copy(), face_px, hand_px)
        pose = poses[0]
        landmarks = np.concatenate([pose.xy_px, pose.visibility[:, None]], axis=1)
        return PoseReading(
            landmarks,
            pose.world_m,
            face_px if pose.face_px is None else pose.face_px,
            hand_px if pose.hand_px is None else pose.hand_px,
        )

    def _estimator(self, framing: str) -> PoseEstimator:
        if framing not in self._estimators:
            self._estimators[framing] = PoseEstimator(
                self._model, max_people=1, face=framing == "head", hands=framing == "hand"
            )
        return self._estimators[framing]
