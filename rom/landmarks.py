"""Body landmarks over time: the one value that every stage after the pose model works on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from functools import cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]


class Landmark(IntEnum):
    """The 33 body points of the BlazePose topology; left and right are the person's own."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


class FacePoint(IntEnum):
    """The points kept of the 468-point face mesh; left and right are the person's own."""

    FOREHEAD = 0
    GLABELLA = 1
    NOSE_BRIDGE = 2
    NOSE_TIP = 3
    NOSE_BASE = 4
    CHIN = 5
    LEFT_EYE_OUTER = 6
    RIGHT_EYE_OUTER = 7
    LEFT_EYE_INNER = 8
    RIGHT_EYE_INNER = 9
    LEFT_BROW = 10
    RIGHT_BROW = 11
    LEFT_MOUTH = 12
    RIGHT_MOUTH = 13
    LEFT_CHEEK = 14
    RIGHT_CHEEK = 15
    LEFT_JAW = 16
    RIGHT_JAW = 17
    LEFT_TEMPLE = 18
    RIGHT_TEMPLE = 19


LANDMARK_COUNT = len(Landmark)
FACE_POINT_COUNT = len(FacePoint)
HAND_POINT_COUNT = 21


class Side(StrEnum):
    """A side of the person, never of the image."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


@cache
def sided(name: str, side: Side) -> Landmark:
    """Return the landmark of a joint on one side of the person.

    >>> sided("knee", Side.LEFT)
    <Landmark.LEFT_KNEE: 25>
    """
    if name == "mouth":
        return Landmark[f"MOUTH_{side.name}"]
    return Landmark[f"{side.name}_{name.upper()}"]


def _mirrored_order(points: type[IntEnum]) -> list[int]:
    """Index of each point's partner on the other side; midline points are their own."""

    def partner(name: str) -> str:
        if "LEFT" in name:
            return name.replace("LEFT", "RIGHT")
        return name.replace("RIGHT", "LEFT")

    return [int(points[partner(point.name)]) for point in points]


MIRRORED_ORDER = _mirrored_order(Landmark)
MIRRORED_FACE_ORDER = _mirrored_order(FacePoint)


@dataclass(frozen=True, eq=False)
class LandmarkSeries:
    """Landmarks of one person over one recording.

    Attributes
    ----------
    time_s
        (T,) presentation time of each frame, strictly increasing.
    xy_px
        (T, 33, 2) image position, x to the right and y down; NaN where the person was not seen.
    world_m
        (T, 33, 3) the model's own metric estimate about the mid-hip, x right, y down, z away from
        the camera; depth is weak and is used for plausibility only, never for an angle's value.
    visibility
        (T, 33) the model's own figure from 0 to 1. Not a probability: an elbow was 50° off at 0.98.
    width_px, height_px
        Size of the analysed frames.
    people_count
        (T,) how many people were seen in each frame.
    identity_sure
        (T,) whether this frame surely shows the followed person.
    face_px
        (T, 20, 3) points of the face mesh (`FacePoint`) in pixels, depth on the same scale and
        away from the camera, NaN where no face was found; or None when it was not asked for.
    hand_px
        (T, 2, 21, 2) left and right hand of the person, NaN where not found; or None.
    """

    time_s: FloatArray
    xy_px: FloatArray
    world_m: FloatArray
    visibility: FloatArray
    width_px: int
    height_px: int
    people_count: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    identity_sure: BoolArray = field(default_factory=lambda: np.zeros(0, np.bool_))
    face_px: NDArray[np.float32] | None = None
    hand_px: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        frames = len(self.time_s)
        if len(self.people_count) == 0 and frames:
            seen = np.isfinite(self.xy_px).any(axis=(1, 2))
            object.__setattr__(self, "people_count", seen.astype(np.int64))
        if len(self.identity_sure) == 0 and frames:
            object.__setattr__(self, "identity_sure", np.ones(frames, np.bool_))
        expected: dict[str, tuple[int, ...]] = {
            "time_s": (frames,),
            "xy_px": (frames, LANDMARK_COUNT, 2),
            "world_m": (frames, LANDMARK_COUNT, 3),
            "visibility": (frames, LANDMARK_COUNT),
            "people_count": (frames,),
            "identity_sure": (frames,),
            "face_px": (frames, FACE_POINT_COUNT, 3),
            "hand_px": (frames, 2, HAND_POINT_COUNT, 2),
        }
        for name, shape in expected.items():
            value = getattr(self, name)
            if value is not None and value.shape != shape:
                raise ValueError(f"{name}: expected shape {shape}, got {value.shape}")
        if frames > 1 and not np.all(np.diff(self.time_s) > 0):
            raise ValueError("time_s: expected strictly increasing times")

    def __len__(self) -> int:
        return len(self.time_s)

    def point_px(self, landmark: Landmark) -> FloatArray:
        """(T, 2) path of one landmark."""
        return self.xy_px[:, landmark]

    def side_px(self, name: str, side: Side) -> FloatArray:
        """(T, 2) path of one joint of one side of the person."""
        return self.xy_px[:, sided(name, side)]

    def middle_px(self, name: str) -> FloatArray:
        """(T, 2) midpoint between the left and the right landmark of a name."""
        middle: FloatArray = 0.5 * (self.side_px(name, Side.LEFT) + self.side_px(name, Side.RIGHT))
        return middle

    @property
    def seen(self) -> BoolArray:
        """(T,) whether the person was found in the frame."""
        return np.asarray(np.isfinite(self.xy_px).any(axis=(1, 2)))

    @property
    def frame_rate_hz(self) -> float:
        """Median frame rate; NaN for fewer than two frames."""
        return float(1.0 / np.median(np.diff(self.time_s))) if len(self) > 1 else float("nan")

    def masked(self, keep: BoolArray) -> Self:
        """Return a copy in which the frames that are not kept count as not seen."""
        drop = ~keep
        xy_px, world_m, visibility = self.xy_px.copy(), self.world_m.copy(), self.visibility.copy()
        xy_px[drop] = np.nan
        world_m[drop] = np.nan
        visibility[drop] = 0.0
        return replace(self, xy_px=xy_px, world_m=world_m, visibility=visibility)

    def mirrored(self) -> Self:
        """Return the recording as its mirror image: x flipped, left and right names exchanged.

        Undoes a mirrored (selfie) video, in which the model names the person's left side "right".
        """
        order = MIRRORED_ORDER
        xy_px, world_m = self.xy_px[:, order].copy(), self.world_m[:, order].copy()
        xy_px[..., 0] = self.width_px - xy_px[..., 0]
        world_m[..., 0] *= -1.0
        face_px, hand_px = self.face_px, self.hand_px
        if face_px is not None:
            face_px = face_px[:, MIRRORED_FACE_ORDER].copy()
            face_px[..., 0] = self.width_px - face_px[..., 0]
        if hand_px is not None:
            hand_px = hand_px[:, ::-1].copy()
            hand_px[..., 0] = self.width_px - hand_px[..., 0]
        return replace(
            self,
            xy_px=xy_px,
            world_m=world_m,
            visibility=self.visibility[:, order],
            face_px=face_px,
            hand_px=hand_px,
        )
