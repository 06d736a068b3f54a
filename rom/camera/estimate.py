"""From views of the board to the intrinsics of the camera, or the reason for none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rom.camera.board import charuco_board
from rom.camera.intrinsics import PIXEL_MIDDLE, Intrinsics
from rom.camera.views import View
from rom.errors import InputError
from rom.landmarks import FloatArray

FEWEST_VIEWS = 12
COVERED_FRAC = 0.6
"""Share of the picture's fields that must have held a corner: distortion is not known elsewhere."""
FIELDS = (8, 8)
RMS_FRAC = 0.0008
"""Largest reprojection error, as a share of the longer side (1.0 px of 1280)."""
FOCAL_SE_FRAC = 0.005
"""Largest standard error of the focal length."""
TILT_DEG = 8.0
"""Least root mean square tilt of the board. Views from straight ahead cannot tell the focal length
from the distance, and the standard error does not show it: rendered boards tilted by 0, 2 and 4°
gave focal lengths that were 116, 22 and 11 % off, by 9° 0.2 %."""
OUTLIER_TIMES = 2.5
"""A view this many times worse than the median view is left out, unless it is good all the same."""
GOOD_FRAC = RMS_FRAC / 4.0
"""A view whose reprojection error is within this share of the longer side is good."""

_ROUNDS = 4
_FLAGS = cv2.CALIB_FIX_K3
_STOP = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 100, 1e-9)
_ACROSS = ("left", "middle", "right")
_DOWN = ("top", "middle", "bottom")


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What came out of a calibration.

    Attributes
    ----------
    rms_px
        Root mean square reprojection error of the views used.
    focal_se_frac
        Standard error of the focal length, relative to it.
    covered_frac
        Share of the picture in which the board was seen.
    nearest_mm, farthest_mm
        Distances of the board's middle.
    """

    intrinsics: Intrinsics
    views: int
    left_out: int
    rms_px: float
    focal_se_frac: float
    covered_frac: float
    nearest_mm: float
    farthest_mm: float


@dataclass(frozen=True, eq=False)
class _Fit:
    rms_px: float
    matrix: FloatArray
    distortion: FloatArray
    focal_se_frac: float
    view_rms_px: FloatArray
    distance_mm: FloatArray
    tilt_deg: float


def estimate_intrinsics(
    views: Sequence[View], *, width_px: int, height_px: int, square_mm: float
) -> Estimate:
    """Calibrate, leaving out views that do not fit the others.

    Raises
    ------
    InputError
        Too few views, too little of the picture covered, too large an error, or a focal length
        that the views do not determine.
    """
    size_px = (width_px, height_px)
    _check_views(len(views), "The board was seen in")
    covered = covered_fields(views, size_px)
    _check_covered(covered)
    used, fit = _fit_without_outliers(list(views), size_px, square_mm)
    covered = covered_fields(used, size_px)
    _check_fit(fit, len(used), covered, size_px)
    return Estimate(
        intrinsics=_checked_lens(fit, size_px),
        views=len(used),
        left_out=len(views) - len(used),
        rms_px=fit.rms_px,
        focal_se_frac=fit.focal_se_frac,
        covered_frac=float(covered.mean()),
        nearest_mm=float(fit.distance_mm.min()),
        farthest_mm=float(fit.distance_mm.max()),
    )


def covered_fields(views: Sequence[View], size_px: tuple[int, int]) -> NDArray[np.bool_]:
    """(rows, columns) whether a corner of the board was ever seen in this field of the picture."""
    covered = np.zeros(FIELDS, np.bool_)
    for view in views:
        place = view.corners_px / size_px * FIELDS[::-1]
        column, row = np.clip(place.astype(int), 0, np.array(FIELDS[::-1]) - 1).T
        covered[row, column] = True
    return covered


def _fit_without_outliers(
    views: list[View], size_px: tuple[int, int], square_mm: float
) -> tuple[list[View], _Fit]:
    fit = _fit(views, size_px, square_mm)
    for _ in range(_ROUNDS):
        limit_px = max(OUTLIER_TIMES * np.median(fit.view_rms_px), GOOD_FRAC * max(size_px))
        good = fit.view_rms_px <= limit_px
        if good.all():
            break
        views = [view for view, keep in zip(views, good, strict=True) if keep]
        fit = _fit(views, size_px, square_mm)
    return views, fit


def _fit(views: Sequence[View], size_px: tuple[int, int], square_mm: float) -> _Fit:
    board_mm = np.asarray(charuco_board(square_mm).getChessboardCorners(), np.float32)
    on_board = [board_mm[view.corner_ids] for view in views]
    seen = [(view.corners_px - PIXEL_MIDDLE).astype(np.float32) for view in views]
    unused = np.eye(3), np.zeros(5)  # first guesses, which the flags do not ask for
    try:
        rms_px, matrix, distortion, turns, shifts, errors, _, view_rms_px = (
            cv2.calibrateCameraExtended(
                on_board, seen, size_px, *unused, flags=_FLAGS, criteria=_STOP
            )
        )
    except cv2.error as error:
        raise InputError(
            "Expected views that determine the camera, but no lens fits them; film again, tilting"
            " the board every way and turning video stabilisation off."
        ) from error
    middle_mm = board_mm.mean(axis=0)
    normals = np.array([cv2.Rodrigues(turn)[0][:2, 2] for turn in turns])
    distance_mm = [
        float(np.linalg.norm(cv2.Rodrigues(turn)[0] @ middle_mm + shift.ravel()))
        for turn, shift in zip(turns, shifts, strict=True)
    ]
    return _Fit(
        rms_px=float(rms_px),
        matrix=np.asarray(matrix, np.float64),
        distortion=np.asarray(distortion, np.float64).ravel()[:4],
        focal_se_frac=float(np.max(errors.ravel()[:2] / [matrix[0, 0], matrix[1, 1]])),
        view_rms_px=np.asarray(view_rms_px, np.float64).ravel(),
        distance_mm=np.array(distance_mm),
        tilt_deg=_tilt_deg(normals),
    )


def _tilt_deg(normals: FloatArray) -> float:
    """Root mean square tilt of the board; 0 for views from straight ahead.

    `normals` (N, 2) are x and y of the board's unit normals.
    """
    return float(np.degrees(np.arcsin(np.sqrt((normals**2).sum(axis=1).mean()))))


def _check_views(count: int, seen: str) -> None:
    if count < FEWEST_VIEWS:
        raise InputError(
            f"Expected at least {FEWEST_VIEWS} different views of the board. {seen} {count}; film"
            " for 30 to 60 s in good light, moving it slowly through the whole picture, near and"
            " far, tilted every way."
        )


def _check_covered(covered: NDArray[np.bool_]) -> None:
    if covered.mean() < COVERED_FRAC:
        raise InputError(
            f"Expected the board in at least {COVERED_FRAC:.0%} of the picture, got"
            f" {covered.mean():.0%}; film again and hold it into the {_emptiest(covered)} too."
        )


def _emptiest(covered: NDArray[np.bool_]) -> str:
    """Name the parts of the picture, of nine, that were covered least."""
    parts = {
        " ".join(dict.fromkeys((down, across))): float(part.mean())
        for down, rows in zip(_DOWN, np.array_split(covered, 3, axis=0), strict=True)
        for across, part in zip(_ACROSS, np.array_split(rows, 3, axis=1), strict=True)
    }
    least = min(parts.values())
    names = [name for name, share in parts.items() if share <= least + 0.2]
    return ", ".join(names[:4])


def _check_fit(fit: _Fit, views: int, covered: NDArray[np.bool_], size_px: tuple[int, int]) -> None:
    limit_px = RMS_FRAC * max(size_px)
    if not fit.rms_px <= limit_px:
        raise InputError(
            f"Expected a reprojection error of up to {limit_px:.1f} px, got {fit.rms_px:.1f} px;"
            " glue the board to something flat, turn video stabilisation off, move it slowly, and"
            " film again."
        )
    _check_views(views, "Those that agree with each other are")
    _check_covered(covered)
    if fit.tilt_deg < TILT_DEG:
        raise InputError(
            f"Expected the board tilted, by {TILT_DEG:.0f}° on average at the least, got"
            f" {fit.tilt_deg:.0f}°; film again with it tilted by 30 to 45° to every side."
        )
    if not fit.focal_se_frac <= FOCAL_SE_FRAC:
        raise InputError(
            f"Expected views that tell the focal length within {FOCAL_SE_FRAC:.1%}, got"
            f" ±{fit.focal_se_frac:.1%}; film again for longer, near and far, and tilted by 30 to"
            " 45° to every side."
        )


def _checked_lens(fit: _Fit, size_px: tuple[int, int]) -> Intrinsics:
    """Return the lens where it is one that landmarks can be straightened for."""
    k1, k2, p1, p2 = (float(term) for term in fit.distortion)
    try:
        lens = Intrinsics(
            width_px=size_px[0],
            height_px=size_px[1],
            fx_px=float(fit.matrix[0, 0]),
            fy_px=float(fit.matrix[1, 1]),
            cx_px=float(fit.matrix[0, 2]) + PIXEL_MIDDLE,
            cy_px=float(fit.matrix[1, 2]) + PIXEL_MIDDLE,
            k1=k1,
            k2=k2,
            p1=p1,
            p2=p2,
        )
        straightens = bool(np.isfinite(lens.largest_shift_px()))
    except ValueError:
        straightens = False
    if not straightens:
        raise InputError(
            "Expected a lens without strong distortion, but no such lens fits these views; hold"
            " the board into all corners of the picture, or use the ordinary lens instead of the"
            " widest."
        )
    return lens
