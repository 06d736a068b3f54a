"""Pictures of people for the pose tests: frames of the sample clips, moved, turned and combined."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from rom.pose.estimator import PersonPose, PoseEstimator
from rom.pose.model import PoseModel, ensure_model
from rom.samples import demo_videos

RgbImage = NDArray[np.uint8]
WALL = (190, 180, 170)
FRAME_S = 1 / 30


@cache
def model() -> PoseModel:
    """The user's own pose model; fetched on the first run of the tests."""
    return ensure_model()


@cache
def standing_person() -> RgbImage:
    """(640, 480, 3) a woman who stands facing the camera, arms down."""
    return first_frame(demo_videos()[0])


def first_frame(video: Path) -> RgbImage:
    with av.open(str(video)) as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24")


def empty_room(height_px: int = 480, width_px: int = 640) -> RgbImage:
    return np.full((height_px, width_px, 3), WALL, np.uint8)


def side_by_side(*pictures: RgbImage) -> RgbImage:
    return np.concatenate(pictures, axis=1)


def shifted(picture: RgbImage, *, right_px: float, down_px: float = 0.0) -> RgbImage:
    height_px, width_px = picture.shape[:2]
    move = np.array([[1.0, 0.0, right_px], [0.0, 1.0, down_px]])
    return cv2.warpAffine(picture, move, (width_px, height_px), borderMode=cv2.BORDER_REPLICATE)


def turned(picture: RgbImage, degrees: float, center_px: NDArray[np.float64]) -> RgbImage:
    """The picture turned clockwise about a point."""
    height_px, width_px = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((float(center_px[0]), float(center_px[1])), -degrees, 1.0)
    return cv2.warpAffine(picture, turn, (width_px, height_px), borderMode=cv2.BORDER_REPLICATE)


def in_other_clothes(picture: RgbImage) -> RgbImage:
    """The same picture with red and blue exchanged."""
    return np.ascontiguousarray(picture[:, :, ::-1])


def poses_of(
    picture: RgbImage, *, face: bool = False, hands: bool = False, max_people: int = 3
) -> list[PersonPose]:
    """The people that a fresh estimator sees in one picture."""
    with PoseEstimator(model(), max_people=max_people, face=face, hands=hands) as estimator:
        return estimator.estimate(picture, 0.0)


def mean_distance_px(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(first - second, axis=-1).mean())
