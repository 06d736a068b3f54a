"""Rotation of the head, read from the face mesh.

The mesh is a rigid body to good approximation, so the best rotation that carries the face at rest
into the face now is the head's rotation; its three angles are taken in the order of the truth on
the accuracy bench: turning about the trunk's long axis, then side-bending, then nodding.
"""

from __future__ import annotations

import numpy as np

from rom.kinematics.geometry import turn_deg
from rom.landmarks import BoolArray, FacePoint, FloatArray, IntArray, LandmarkSeries, Side

REST_S = 1.0
"""The face at rest is the median of the first second in which a face was found."""

_RIGID_POINTS = [
    point for point in FacePoint if not point.name.endswith(("MOUTH", "JAW", "CHIN", "BROW"))
]
_CAMERA_TO_BODY = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""Rows: the person's left, back and up in camera axes, for a person who faces the camera."""


def _centred_faces(series: LandmarkSeries) -> FloatArray:
    """(T, P, 3) rigid points about their own centre; NaN where no face was found."""
    if series.face_px is None:
        return np.full((len(series), len(_RIGID_POINTS), 3), np.nan)
    faces = series.face_px[:, _RIGID_POINTS].astype(np.float64)
    centred: FloatArray = faces - faces.mean(axis=1, keepdims=True)
    return centred


def best_rotation(start: FloatArray, end: FloatArray) -> FloatArray:
    """(..., 3, 3) rotations that carry centred points (..., P, 3) best onto `end`, least squares.

    Source: Kabsch 1976, doi:10.1107/S0567739476001873.
    """
    left, _, right = np.linalg.svd(np.swapaxes(end, -1, -2) @ start)
    handedness = np.ones(left.shape[:-1])
    handedness[..., 2] = np.sign(np.linalg.det(left @ right))
    rotation: FloatArray = (left * handedness[..., None, :]) @ right
    return rotation


def _rest_rows(series: LandmarkSeries, found: BoolArray) -> IntArray:
    rows = np.flatnonzero(found)
    rest: IntArray = rows[series.time_s[rows] <= series.time_s[rows[0]] + REST_S]
    return rest


def head_rotations(series: LandmarkSeries) -> FloatArray:
    """(T, 3, 3) rotation of the head from rest in body axes left, back, up; NaN without face."""
    faces = _centred_faces(series)
    rotations = np.full((len(series), 3, 3), np.nan)
    found: BoolArray = np.asarray(np.isfinite(faces).all(axis=(1, 2)))
    if not found.any():
        return rotations
    rest = np.median(faces[_rest_rows(series, found)], axis=0)
    rotations[found] = _CAMERA_TO_BODY @ best_rotation(rest, faces[found]) @ _CAMERA_TO_BODY.T
    return rotations


def shoulder_roll_deg(series: LandmarkSeries) -> FloatArray:
    """(T,) tilt of the shoulder line in the image since rest, positive clockwise on the screen."""
    line = series.side_px("shoulder", Side.LEFT) - series.side_px("shoulder", Side.RIGHT)
    seen: BoolArray = np.asarray(np.isfinite(line).all(axis=1))
    if not seen.any():
        return np.full(len(series), np.nan)
    rest = np.median(line[_rest_rows(series, seen)], axis=0)
    return turn_deg(rest, line)


def head_roll_deg(series: LandmarkSeries) -> FloatArray:
    """(T,) side-bending of the head against the shoulder line, positive clockwise on the screen.

    Clockwise on the screen is towards the person's left when facing the camera.
    """
    rotation = head_rotations(series)
    roll: FloatArray = np.degrees(np.arcsin(np.clip(-rotation[:, 2, 0], -1.0, 1.0)))
    return roll - shoulder_roll_deg(series)


def head_yaw_deg(series: LandmarkSeries) -> FloatArray:
    """(T,) turning of the head from its rest, positive towards the person's left."""
    rotation = head_rotations(series)
    yaw: FloatArray = np.degrees(np.arctan2(rotation[:, 1, 0], rotation[:, 0, 0]))
    return yaw
