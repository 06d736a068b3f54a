"""Single frames put together to short recordings, so that the same functions read both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rom.kinematics.orientation import frame_yaw_deg
from rom.landmarks import LandmarkSeries


def time_of(frame: LandmarkSeries) -> float:
    """Presentation time of a series of one frame, seconds.

    Raises
    ------
    ValueError
        The series has more or fewer frames than one.
    """
    if len(frame) != 1:
        raise ValueError(f"frame: expected a series of one frame, got {len(frame)}")
    return float(frame.time_s[0])


def joined(frames: Sequence[LandmarkSeries]) -> LandmarkSeries:
    """One series of frames in order of time; a frame without face or hands has NaN there.

    Raises
    ------
    ValueError
        Times that do not increase.
    """
    first = frames[-1]
    return LandmarkSeries(
        time_s=np.concatenate([frame.time_s for frame in frames]),
        xy_px=np.concatenate([frame.xy_px for frame in frames]),
        world_m=np.concatenate([frame.world_m for frame in frames]),
        visibility=np.concatenate([frame.visibility for frame in frames]),
        width_px=first.width_px,
        height_px=first.height_px,
        people_count=np.concatenate([frame.people_count for frame in frames]),
        identity_sure=np.concatenate([frame.identity_sure for frame in frames]),
        face_px=_joined_extra([frame.face_px for frame in frames]),
        hand_px=_joined_extra([frame.hand_px for frame in frames]),
    )


def _joined_extra(extras: list[NDArray[np.float32] | None]) -> NDArray[np.float32] | None:
    shape = next((extra.shape[1:] for extra in extras if extra is not None), None)
    if shape is None:
        return None
    missing = np.full((1, *shape), np.nan, np.float32)
    return np.concatenate([missing if extra is None else extra for extra in extras])


def last_of(series: LandmarkSeries) -> LandmarkSeries:
    """The last frame of a series as a series of its own."""
    face_px, hand_px = series.face_px, series.hand_px
    return replace(
        series,
        time_s=series.time_s[-1:],
        xy_px=series.xy_px[-1:],
        world_m=series.world_m[-1:],
        visibility=series.visibility[-1:],
        people_count=series.people_count[-1:],
        identity_sure=series.identity_sure[-1:],
        face_px=None if face_px is None else face_px[-1:],
        hand_px=None if hand_px is None else hand_px[-1:],
    )


def median_frame(series: LandmarkSeries) -> LandmarkSeries:
    """The middle of several frames of a person who stays where they are, as one frame.

    Raises
    ------
    ValueError
        Nobody is seen in any of them.
    """
    seen = series.seen
    if not seen.any():
        raise ValueError("series: expected somebody to be seen in at least one frame")
    return replace(
        last_of(series),
        xy_px=np.median(series.xy_px[seen], axis=0, keepdims=True),
        world_m=np.median(series.world_m[seen], axis=0, keepdims=True),
        visibility=np.median(series.visibility[seen], axis=0, keepdims=True),
        people_count=np.ones(1, np.int64),
        identity_sure=np.ones(1, np.bool_),
        face_px=_median_found(series.face_px),
        hand_px=_median_found(series.hand_px),
    )


def _median_found(points: NDArray[np.float32] | None) -> NDArray[np.float32] | None:
    """Median over the frames in which all the points were found; NaN where in none."""
    if points is None:
        return None
    found = np.isfinite(points).all(axis=tuple(range(1, points.ndim)))
    if not found.any():
        return np.full_like(points[:1], np.nan)
    middle: NDArray[np.float32] = np.median(points[found], axis=0, keepdims=True)
    return middle


STEADY_WEIGHTS = (-0.25, 0.5, 0.75)
"""Of the last three frames, as `rom.kinematics.steadying` has them for the end of a recording: what
alternates from frame to frame is cancelled, a straight line is left alone."""
LONGEST_STEP_S = 0.2
PointArray = TypeVar("PointArray", NDArray[np.float64], NDArray[np.float32])


def steadied(frames: Sequence[LandmarkSeries]) -> LandmarkSeries:
    """The last of up to three frames, averaged with those before it.

    Every other frame is read in a mirror, where the pose model errs otherwise
    (`rom.kinematics.steadying`). Frames after a gap stay as they are.
    """
    last = frames[-1]
    near = [each for each in frames[-3:] if each.seen[0]]
    steps_s = np.diff([time_of(each) for each in near])
    if len(near) < 2 or (steps_s > LONGEST_STEP_S).any():
        near = near[-2:] if len(near) > 2 and steps_s[-1] <= LONGEST_STEP_S else near[-1:]
    if len(near) < 2:
        return last
    face_px, hand_px = last.face_px, last.hand_px
    return replace(
        last,
        xy_px=_weighted([each.xy_px for each in near]),
        world_m=_weighted([each.world_m for each in near]),
        face_px=None if face_px is None else _steady_extra([each.face_px for each in near]),
        hand_px=None if hand_px is None else _steady_extra([each.hand_px for each in near]),
    )


def _weighted(points: Sequence[PointArray]) -> PointArray:
    if len(points) == 2:
        pair: PointArray = 0.5 * (points[0] + points[1])
        return pair
    first, second, third = STEADY_WEIGHTS
    mean: PointArray = first * points[-3] + second * points[-2] + third * points[-1]
    return mean


def _steady_extra(points: Sequence[NDArray[np.float32] | None]) -> NDArray[np.float32] | None:
    """The mean where the points were found in all of the frames, else those of the last."""
    found = [each for each in points if each is not None]
    last = points[-1]
    if last is None or len(found) < len(points):
        return last
    mean = _weighted(found)
    steady: NDArray[np.float32] = np.where(np.isfinite(mean), mean, last)
    return steady


def turned_about(frame: LandmarkSeries, usual_yaw_deg: float) -> bool:
    """Whether the model takes front for back against how the person usually stands.

    See `rom.quality.visibility.facing_as_usual`.
    """
    away = np.radians(float(frame_yaw_deg(frame)[0]) - usual_yaw_deg)
    return bool(np.cos(away) < 0.0)
