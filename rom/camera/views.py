"""Where the board is seen in a recording, and which of these views to calibrate with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rom.camera.board import COLUMNS, CORNER_COUNT, ROWS, charuco_board
from rom.camera.intrinsics import PIXEL_MIDDLE
from rom.landmarks import FloatArray
from rom.video.reading import VideoReader

Progress = Callable[[float | None], None]

LOOK_EVERY_S = 0.1
MOST_LOOKS = 900
"""Frames searched at most; in a recording of more than 90 s they lie further apart."""
FEWEST_CORNERS = CORNER_COUNT // 4
"""A view with fewer corners says little, and what it says may rest on misread markers."""
MOST_VIEWS = 40
DIFFERENT_FRAC = 0.03
"""Two views are different when corners of the board lie this far apart, in picture widths."""

_WINDOW_S = 0.5


@dataclass(frozen=True, eq=False)
class View:
    """The board in one frame.

    Attributes
    ----------
    corner_ids
        (N,) numbers of the corners seen.
    corners_px
        (N, 2) where, from the picture's upper left corner (the first pixel's middle is at 0.5).
    sharpness
        Higher in a sharper picture of the same scene; tells nothing across scenes.
    """

    time_s: float
    corner_ids: NDArray[np.int64]
    corners_px: FloatArray
    sharpness: float


def find_views(reader: VideoReader, *, progress: Progress | None = None) -> list[View]:
    """Return the board wherever it is seen well enough, in order of time."""
    duration_s = reader.info.duration_s
    step_s = max(LOOK_EVERY_S, (duration_s or 0.0) / MOST_LOOKS)
    detector = cv2.aruco.CharucoDetector(charuco_board())
    views, next_s = [], 0.0
    for frame in reader:
        if frame.time_s >= next_s and not frame.after_loss:
            next_s = frame.time_s + step_s - 1e-6
            view = find_board(frame.rgb, frame.time_s, detector)
            if view is not None:
                views.append(view)
        if progress is not None:
            progress(min(1.0, frame.time_s / duration_s) if duration_s else None)
    return views


def find_board(
    rgb: NDArray[np.uint8], time_s: float, detector: cv2.aruco.CharucoDetector
) -> View | None:
    """Return the board in a picture; None where too little of it is seen."""
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    corners, ids, _, _ = detector.detectBoard(grey)
    if ids is None or len(ids) < FEWEST_CORNERS:
        return None
    corners_px = np.asarray(corners, np.float64).reshape(-1, 2)
    corner_ids = np.asarray(ids, np.int64).reshape(-1)
    rows, columns = np.divmod(corner_ids, COLUMNS - 1)
    if len(set(rows)) < 3 or len(set(columns)) < 3:
        return None  # corners in a line or two fix no plane
    return View(time_s, corner_ids, corners_px + PIXEL_MIDDLE, _sharpness(grey, corners_px))


def choose_views(views: Sequence[View], *, width_px: int) -> list[View]:
    """Return views that differ, at most `MOST_VIEWS`, each the sharpest of its half second.

    Of what is left the next is always the one least like those chosen, so that the corners of the
    picture, near and far, and every tilt come before repetitions.
    """
    best: dict[int, View] = {}
    for view in views:
        window = int(view.time_s / _WINDOW_S)
        if window not in best or _worth(view) > _worth(best[window]):
            best[window] = view
    candidates = list(best.values())
    if not candidates:
        return []
    places = np.stack([_place(view) for view in candidates]) / width_px
    chosen = [int(np.argmax([_worth(view) for view in candidates]))]
    while len(chosen) < min(MOST_VIEWS, len(candidates)):
        apart = np.linalg.norm(places[:, None] - places[chosen], axis=-1).max(axis=-1).min(axis=1)
        if apart.max() < DIFFERENT_FRAC:
            break
        chosen.append(int(np.argmax(apart)))
    return [candidates[index] for index in sorted(chosen)]


def _worth(view: View) -> float:
    return view.sharpness * len(view.corner_ids)


def _place(view: View) -> FloatArray:
    """(4, 2) where the outer corners of the board lie in the picture, or would lie."""
    rows, columns = np.divmod(view.corner_ids, COLUMNS - 1)
    board = np.stack([columns, rows], axis=-1).astype(np.float64)
    # An affine fit: unlike a homography it stays near where only part of the board was seen.
    with_one = np.column_stack([board, np.ones(len(board))])
    fit, *_ = np.linalg.lstsq(with_one, view.corners_px, rcond=None)
    right, bottom = COLUMNS - 2.0, ROWS - 2.0
    outer = np.array([[0, 0, 1], [right, 0, 1], [right, bottom, 1], [0, bottom, 1]])
    return np.asarray(outer @ fit)


def _sharpness(grey: NDArray[np.uint8], corners_px: FloatArray) -> float:
    height_px, width_px = grey.shape
    left, top = np.clip(corners_px.min(axis=0).astype(int), 0, [width_px - 2, height_px - 2])
    right, bottom = np.ceil(corners_px.max(axis=0)).astype(int) + 1
    return float(cv2.Laplacian(grey[top:bottom, left:right], cv2.CV_64F).std())
