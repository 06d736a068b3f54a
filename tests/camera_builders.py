"""The calibration board as a known camera would film it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from video_builders import write_clip

from rom.camera.board import COLUMNS, DOT_PER_MM, ROWS, SQUARE_MM, board_image
from rom.camera.intrinsics import Intrinsics

LENS = Intrinsics(
    width_px=1280,
    height_px=720,
    fx_px=985.0,
    fy_px=985.0,
    cx_px=651.0,
    cy_px=352.0,
    k1=-0.12,
    k2=0.03,
    p1=0.0008,
    p2=-0.0005,
)
"""A webcam of 66° across with a barrel distortion that moves its corners by 51 pixels."""

MARGIN_MM = 8.0
FINER = 2
SOURCE_DOT_PER_MM = 5.0


class Pose(NamedTuple):
    """Where the middle of the board is, and how it is turned about its own axes."""

    x_mm: float
    y_mm: float
    z_mm: float
    pitch_deg: float
    yaw_deg: float
    roll_deg: float


def varied_poses(count: int = 30, *, seed: int = 1) -> list[Pose]:
    """Near and far, through the whole picture, tilted every way."""
    rng = np.random.default_rng(seed)
    poses = []
    for index in range(count):
        z_mm = rng.uniform(280.0, 620.0)
        x_frac, y_frac = (index % 5 - 2) / 2.0, (index // 5 % 3 - 1)
        poses.append(
            Pose(
                0.50 * z_mm * x_frac * rng.uniform(0.7, 1.0),
                0.24 * z_mm * y_frac * rng.uniform(0.7, 1.0),
                z_mm,
                *rng.uniform(-38.0, 38.0, 2),
                90.0 + rng.uniform(-40.0, 40.0),
            )
        )
    return poses


def rotation(pose: Pose) -> NDArray[np.float64]:
    turns = np.eye(3)
    for axis, angle_deg in enumerate((pose.pitch_deg, pose.yaw_deg, pose.roll_deg)):
        vector = np.zeros(3)
        vector[axis] = np.radians(angle_deg)
        turns = turns @ cv2.Rodrigues(vector)[0]
    return turns


def board_to_ray(pose: Pose) -> NDArray[np.float64]:
    """(3, 3) homography from the board's millimetres, its corner at 0, to x/z and y/z."""
    turns = rotation(pose)
    middle = np.array([COLUMNS * SQUARE_MM / 2.0, ROWS * SQUARE_MM / 2.0, 0.0])
    shift = np.array([pose.x_mm, pose.y_mm, pose.z_mm]) - turns @ middle
    return np.column_stack([turns[:, 0], turns[:, 1], shift])


def film(lens: Intrinsics, pose: Pose) -> NDArray[np.uint8]:
    """(height, width, 3) picture of the board before a grey wall."""
    rays = _rays(lens)
    board = cv2.perspectiveTransform(rays, np.linalg.inv(board_to_ray(pose)))
    source, margin = _source(), MARGIN_MM * SOURCE_DOT_PER_MM
    dots = (board * SOURCE_DOT_PER_MM + margin - 0.5).astype(np.float32)
    fine = cv2.remap(
        source, dots[..., 0], dots[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT,
        borderValue=110,
    )  # fmt: skip
    grey = cv2.resize(fine, (lens.width_px, lens.height_px), interpolation=cv2.INTER_AREA)
    return np.repeat(grey[..., None], 3, axis=2)


def write_board_video(
    path: Path, lens: Intrinsics, poses: Sequence[Pose], *, mirrored: bool = False
) -> Path:
    """A recording with each view for half a second."""
    pictures = [film(lens, pose) for pose in poses]
    if mirrored:
        pictures = [np.ascontiguousarray(picture[:, ::-1]) for picture in pictures]
    return write_clip(
        path,
        times_s=[0.5 * index for index in range(len(poses))],
        size_px=(lens.width_px, lens.height_px),
        picture=lambda index, width_px, height_px: pictures[index],
        options={"crf": "18"},
    )


@functools.cache
def _rays(lens: Intrinsics) -> NDArray[np.float64]:
    """(rows, columns, 2) ray of every point of a finer picture; OpenCV's own inverse."""
    matrix = np.array(
        [[lens.fx_px, 0, lens.cx_px - 0.5], [0, lens.fy_px, lens.cy_px - 0.5], [0, 0, 1.0]]
    )
    x = (np.arange(lens.width_px * FINER) + 0.5) / FINER - 0.5
    y = (np.arange(lens.height_px * FINER) + 0.5) / FINER - 0.5
    pixels = np.stack(np.meshgrid(x, y), axis=-1)
    criteria = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 30, 1e-9)
    flat = pixels.reshape(-1, 1, 2)
    rays = cv2.undistortPoints(flat, matrix, np.array(lens.distortion), criteria=criteria)
    return rays.reshape(pixels.shape)


@functools.cache
def _source() -> NDArray[np.uint8]:
    fine = board_image()
    scale = SOURCE_DOT_PER_MM / DOT_PER_MM
    board = cv2.resize(fine, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    margin = round(MARGIN_MM * SOURCE_DOT_PER_MM)
    return cv2.copyMakeBorder(board, *[margin] * 4, cv2.BORDER_CONSTANT, value=255)
