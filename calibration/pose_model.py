"""`rom`'s own pose estimator on single pictures, as arrays: the bench reads what users get.

Users get the mean of neighbouring frames, every other one of which was read in a mirror; here it is
the mean of two looks at one picture, one of them in a mirror.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rom.landmarks import FACE_POINT_COUNT, HAND_POINT_COUNT, LANDMARK_COUNT, MIRRORED_ORDER
from rom.pose.estimator import PersonPose, PoseEstimator
from rom.pose.model import ensure_model
from rom.quality.sides import LEG

FloatArray = NDArray[np.float64]
Image = NDArray[np.uint8]

SETTLING_LOOKS = 2
"""Looks at the same picture before the two that count: a person in a video is looked for where the
last frame showed them."""
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


_NOTHING = PoseReading(
    landmarks=np.full((LANDMARK_COUNT, 3), np.nan),
    world_m=np.full((LANDMARK_COUNT, 3), np.nan),
    face_px=np.full((FACE_POINT_COUNT, 3), np.nan),
    hand_px=np.full((2, HAND_POINT_COUNT, 2), np.nan),
)


class PoseModel:
    """The most prominent person of a picture, with face and hands where a movement needs them."""

    def __init__(self) -> None:
        self._model = ensure_model(extras=True)
        self._estimators: dict[str, PoseEstimator] = {}

    def estimate(self, image: Image, framing: str) -> PoseReading:
        """Landmarks in an RGB picture (H, W, 3); `framing` as in `acting.Action`."""
        estimator = self._estimator(framing)
        estimator.reset()
        looks = []
        for look in range(SETTLING_LOOKS + 2):
            people = estimator.estimate(np.ascontiguousarray(image), look * FRAME_S)
            looks.append(people[0] if people else None)
        counted = [_reading(pose) for pose in looks[SETTLING_LOOKS:] if pose is not None]
        if not counted:
            return _NOTHING
        return counted[0] if len(counted) == 1 else _average(*counted)

    def _estimator(self, framing: str) -> PoseEstimator:
        if framing not in self._estimators:
            self._estimators[framing] = PoseEstimator(
                self._model, max_people=1, face=framing == "head", hands=framing == "hand"
            )
        return self._estimators[framing]


def _reading(pose: PersonPose) -> PoseReading:
    return PoseReading(
        landmarks=np.concatenate([pose.xy_px, pose.visibility[:, None]], axis=1),
        world_m=pose.world_m,
        face_px=_NOTHING.face_px if pose.face_px is None else pose.face_px,
        hand_px=_NOTHING.hand_px if pose.hand_px is None else pose.hand_px,
    )


def _average(first: PoseReading, second: PoseReading) -> PoseReading:
    """Mean of two readings, legs named as in the first; what only one shows is that one's."""
    second = _with_legs_of(first, second)
    pairs = [
        (first.landmarks, second.landmarks),
        (first.world_m, second.world_m),
        (first.face_px, second.face_px),
        (first.hand_px, second.hand_px),
    ]
    means = []
    for one, other in pairs:
        both = 0.5 * (one + other)
        means.append(np.where(np.isfinite(both), both, np.where(np.isfinite(one), one, other)))
    return PoseReading(*means)


def _with_legs_of(first: PoseReading, second: PoseReading) -> PoseReading:
    """The second reading, left and right leg exchanged where that is nearer to the first."""
    partners = [MIRRORED_ORDER[index] for index in LEG]

    def distance_px(names: list[int]) -> float:
        gap_px = first.landmarks[LEG, :2] - second.landmarks[names, :2]
        return float(np.linalg.norm(gap_px, axis=1).sum())

    if distance_px(list(LEG)) <= distance_px(partners):
        return second
    landmarks, world_m = second.landmarks.copy(), second.world_m.copy()
    landmarks[LEG], world_m[LEG] = second.landmarks[partners], second.world_m[partners]
    return PoseReading(landmarks, world_m, second.face_px, second.hand_px)
