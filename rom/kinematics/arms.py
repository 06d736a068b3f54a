"""The two arms of the goniometer in the picture, for drawing: where it turns, and from what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rom.kinematics.angles import pelvis_up_px, trunk_up_px, upper_trunk_down_px
from rom.kinematics.geometry import DOWN, UP, length_px, perpendicular_towards
from rom.landmarks import FacePoint, FloatArray, Landmark, LandmarkSeries, Side


@dataclass(frozen=True, eq=False)
class Arms:
    """Joint and far ends of both arms, (T, 2) in pixels; NaN where not seen.

    The reference arm lies where the moving arm would point at 0°.
    """

    vertex_px: FloatArray
    reference_px: FloatArray
    moving_px: FloatArray


def _along(direction: FloatArray, like: FloatArray) -> FloatArray:
    """`direction` at the length of `like`."""
    with np.errstate(invalid="ignore", divide="ignore"):
        scale: FloatArray = length_px(like) / length_px(direction * np.ones_like(like))
    return direction * scale[:, None]


def _hinge(series: LandmarkSeries, side: Side, start: str, joint: str, end: str) -> Arms:
    """A joint between two segments, whose 0° carries the first one on."""
    vertex = series.side_px(joint, side)
    moving = series.side_px(end, side) - vertex
    straight = vertex - series.side_px(start, side)
    return Arms(vertex, vertex + _along(straight, moving), vertex + moving)


def _from_trunk(
    series: LandmarkSeries, side: Side, joint: str, end: str, reference: FloatArray
) -> Arms:
    vertex = series.side_px(joint, side)
    moving = series.side_px(end, side) - vertex
    return Arms(vertex, vertex + _along(reference, moving), vertex + moving)


def _shoulder_sagittal(series: LandmarkSeries, side: Side) -> Arms:
    return _from_trunk(series, side, "shoulder", "elbow", -trunk_up_px(series))


def _shoulder_frontal(series: LandmarkSeries, side: Side) -> Arms:
    return _from_trunk(series, side, "shoulder", "elbow", upper_trunk_down_px(series))


def _elbow(series: LandmarkSeries, side: Side) -> Arms:
    return _hinge(series, side, "shoulder", "elbow", "wrist")


def _wrist(series: LandmarkSeries, side: Side) -> Arms:
    if series.hand_px is None:
        return _hinge(series, side, "elbow", "wrist", "index")
    hand = series.hand_px[:, 0 if side is Side.LEFT else 1].astype(np.float64)
    moving = hand[:, [5, 9, 13, 17]].mean(axis=1) - hand[:, 0]
    vertex = series.side_px("wrist", side)
    straight = vertex - series.side_px("elbow", side)
    return Arms(vertex, vertex + _along(straight, moving), vertex + moving)


def _hip_sagittal(series: LandmarkSeries, side: Side) -> Arms:
    return _from_trunk(series, side, "hip", "knee", -trunk_up_px(series))


def _hip_frontal(series: LandmarkSeries, side: Side) -> Arms:
    return _from_trunk(series, side, "hip", "knee", -pelvis_up_px(series))


def _hip_rotation(series: LandmarkSeries, side: Side) -> Arms:
    return _from_trunk(series, side, "knee", "ankle", -pelvis_up_px(series))


def _knee(series: LandmarkSeries, side: Side) -> Arms:
    return _hinge(series, side, "hip", "knee", "ankle")


def _ankle(series: LandmarkSeries, side: Side) -> Arms:
    vertex = series.side_px("ankle", side)
    foot = series.side_px("foot_index", side) - series.side_px("heel", side)
    square = perpendicular_towards(vertex - series.side_px("knee", side), foot)
    return Arms(vertex, vertex + _along(square, foot), vertex + foot)


def _shank(series: LandmarkSeries, side: Side) -> Arms:
    return _from_trunk(series, side, "ankle", "knee", UP)


def _trunk(series: LandmarkSeries, reference: FloatArray) -> Arms:
    vertex, moving = series.middle_px("hip"), trunk_up_px(series)
    return Arms(vertex, vertex + _along(reference, moving), vertex + moving)


def _trunk_sagittal(series: LandmarkSeries, side: Side) -> Arms:
    return _trunk(series, UP)


def _trunk_frontal(series: LandmarkSeries, side: Side) -> Arms:
    return _trunk(series, UP)


def _neck_sagittal(series: LandmarkSeries, side: Side) -> Arms:
    vertex = series.middle_px("ear")
    face = series.point_px(Landmark.NOSE) - vertex
    return Arms(vertex, vertex + _along(DOWN, face), vertex + face)


def _neck_frontal(series: LandmarkSeries, side: Side) -> Arms:
    """From chin to forehead of the face mesh, against the perpendicular of the shoulder line."""
    if series.face_px is None:
        return _no_arms(series, side)
    face = series.face_px[..., :2].astype(np.float64)
    vertex = face[:, FacePoint.CHIN]
    head = 1.5 * (face[:, FacePoint.FOREHEAD] - vertex)
    shoulders = series.side_px("shoulder", Side.LEFT) - series.side_px("shoulder", Side.RIGHT)
    upright = perpendicular_towards(shoulders, head)
    return Arms(vertex, vertex + _along(upright, head), vertex + head)


def _no_arms(series: LandmarkSeries, side: Side) -> Arms:
    """Turning the head has no arms in the picture's plane: only the value can be shown."""
    nowhere = np.full((len(series), 2), np.nan)
    return Arms(series.middle_px("ear"), nowhere, nowhere)


ARMS: dict[str, Callable[[LandmarkSeries, Side], Arms]] = {
    "shoulder_sagittal": _shoulder_sagittal,
    "shoulder_frontal": _shoulder_frontal,
    "elbow_sagittal": _elbow,
    "wrist_sagittal": _wrist,
    "hip_sagittal": _hip_sagittal,
    "hip_frontal": _hip_frontal,
    "hip_rotation": _hip_rotation,
    "knee_sagittal": _knee,
    "ankle_sagittal": _ankle,
    "shank_sagittal": _shank,
    "trunk_sagittal": _trunk_sagittal,
    "trunk_frontal": _trunk_frontal,
    "neck_sagittal": _neck_sagittal,
    "neck_frontal": _neck_frontal,
    "neck_rotation": _no_arms,
}


def compute_arms(series: LandmarkSeries, reading: str, side: Side | None) -> Arms:
    """The arms of a reading on one side of the person."""
    if reading not in ARMS:
        raise KeyError(f"unknown reading {reading!r}; valid: {', '.join(ARMS)}")
    return ARMS[reading](series, side or Side.LEFT)
