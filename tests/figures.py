"""Stick-figure people with known joint angles, filmed by a known camera.

A figure is built from body-fixed segments by forward kinematics in body axes: x to the person's
left, y to the back, z up. Angles follow the catalogue: 0 neutral, positive in the named direction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rom.landmarks import (
    FACE_POINT_COUNT,
    HAND_POINT_COUNT,
    LANDMARK_COUNT,
    FacePoint,
    FloatArray,
    Landmark,
    LandmarkSeries,
    Side,
    sided,
)

LEFT, BACK, UP = np.eye(3)
TOWARDS_LEFT = {Side.LEFT: 1.0, Side.RIGHT: -1.0}

Angles = Mapping[str, FloatArray | float]
"""Joint angles in degrees, (T,) or constant: `knee_flexion_left`, `trunk_flexion`, ..."""


@dataclass(frozen=True, kw_only=True)
class Body:
    """Segment lengths in metres."""

    trunk_m: float = 0.50
    shoulder_m: float = 0.36
    hip_m: float = 0.20
    upper_arm_m: float = 0.30
    forearm_m: float = 0.26
    hand_m: float = 0.09
    thigh_m: float = 0.42
    shank_m: float = 0.42
    foot_m: float = 0.24
    neck_m: float = 0.20


@dataclass(frozen=True, kw_only=True)
class Camera:
    """An orthographic camera.

    `yaw_deg` is the person's turn: 0 facing the camera, 90 with the left side towards it, 180 with
    the back. `roll_deg` turns the picture clockwise. `middle_frac` is where the mid-hip is seen.
    """

    yaw_deg: float = 0.0
    roll_deg: float = 0.0
    scale_px_m: float = 300.0
    width_px: int = 1280
    height_px: int = 960
    frame_rate_hz: float = 20.0
    middle_frac: tuple[float, float] = (0.5, 0.5)


@dataclass(frozen=True, kw_only=True)
class Tempo:
    """A set: rest, then out, hold, back and rest for every repetition."""

    repetitions: int = 3
    rest_s: float = 1.2
    out_s: float = 1.2
    hold_s: float = 0.6
    pause_s: float = 0.7


@dataclass(frozen=True, eq=False)
class Motion:
    """Points of one person over time in body axes, metres from the mid-hip."""

    time_s: FloatArray
    points_m: FloatArray
    face_m: FloatArray
    hands_m: FloatArray


def rotation(axis: FloatArray, angle_deg: FloatArray | float) -> FloatArray:
    """(..., 3, 3) right-handed rotation about a unit axis (Rodrigues)."""
    angle = np.radians(np.asarray(angle_deg, np.float64))[..., None, None]
    cross = np.cross(np.eye(3), axis)
    along = np.outer(axis, axis)
    return np.cos(angle) * np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * along


_HEAD_POINTS_M = {
    Landmark.NOSE: (0.0, -0.11, -0.01),
    Landmark.LEFT_EYE_INNER: (0.018, -0.085, 0.03),
    Landmark.LEFT_EYE: (0.032, -0.082, 0.03),
    Landmark.LEFT_EYE_OUTER: (0.046, -0.078, 0.03),
    Landmark.LEFT_EAR: (0.075, 0.0, 0.0),
    Landmark.MOUTH_LEFT: (0.025, -0.085, -0.05),
}
_FACE_POINTS_M = {
    FacePoint.FOREHEAD: (0.0, -0.09, 0.09),
    FacePoint.GLABELLA: (0.0, -0.095, 0.04),
    FacePoint.NOSE_BRIDGE: (0.0, -0.10, 0.02),
    FacePoint.NOSE_TIP: (0.0, -0.12, -0.01),
    FacePoint.NOSE_BASE: (0.0, -0.10, -0.02),
    FacePoint.CHIN: (0.0, -0.085, -0.09),
    FacePoint.LEFT_EYE_OUTER: (0.046, -0.078, 0.03),
    FacePoint.LEFT_EYE_INNER: (0.018, -0.085, 0.03),
    FacePoint.LEFT_BROW: (0.03, -0.09, 0.05),
    FacePoint.LEFT_MOUTH: (0.025, -0.085, -0.05),
    FacePoint.LEFT_CHEEK: (0.05, -0.07, -0.02),
    FacePoint.LEFT_JAW: (0.06, -0.03, -0.06),
    FacePoint.LEFT_TEMPLE: (0.068, -0.03, 0.05),
}
_ACROSS = np.array([-1.0, 1.0, 1.0])


def _head_table(points: type[Landmark] | type[FacePoint], left: Mapping) -> dict[int, FloatArray]:
    table = {}
    for point, place in left.items():
        table[int(point)] = np.array(place)
        if "LEFT" in point.name:
            table[int(points[point.name.replace("LEFT", "RIGHT")])] = _ACROSS * place
    return table


def pose_figure(time_s: FloatArray, angles: Angles, body: Body | None = None) -> Motion:
    """Place all points of a figure with the given joint angles; what is not named is 0."""
    body = body or Body()
    points = np.zeros((len(time_s), LANDMARK_COUNT, 3))
    hands = np.full((len(time_s), 2, HAND_POINT_COUNT, 3), np.nan)

    def turn(axis: FloatArray, name: str, sign: float = 1.0) -> FloatArray:
        return rotation(axis, sign * np.broadcast_to(angles.get(name, 0.0), time_s.shape))

    pelvis = turn(BACK, "pelvis_tilt")
    lean = turn(BACK, "trunk_lateral_flexion")
    trunk = pelvis @ lean @ turn(LEFT, "trunk_flexion")
    upper_trunk = pelvis @ lean @ lean @ turn(LEFT, "trunk_flexion")  # evenly bent spine
    neck = trunk @ (body.trunk_m * UP)
    head = upper_trunk @ turn(UP, "neck_rotation") @ turn(BACK, "neck_lateral_flexion")
    head = head @ turn(LEFT, "neck_flexion")
    skull = neck + upper_trunk @ (0.5 * body.neck_m * UP) + head @ (0.5 * body.neck_m * UP)
    for index, place in _head_table(Landmark, _HEAD_POINTS_M).items():
        points[:, index] = skull + head @ place
    face = np.zeros((len(time_s), FACE_POINT_COUNT, 3))
    for index, place in _head_table(FacePoint, _FACE_POINTS_M).items():
        face[:, index] = skull + head @ place

    for side in Side:
        outwards = TOWARDS_LEFT[side]

        def put(name: str, place: FloatArray, side: Side = side) -> FloatArray:
            points[:, sided(name, side)] = place
            return place

        shoulder = put("shoulder", neck + upper_trunk @ (0.5 * outwards * body.shoulder_m * LEFT))
        arm = upper_trunk @ turn(BACK, f"shoulder_abduction_{side}", -outwards)
        arm = arm @ turn(LEFT, f"shoulder_flexion_{side}", -1.0)
        elbow = put("elbow", shoulder - arm @ (body.upper_arm_m * UP))
        arm = arm @ turn(LEFT, f"elbow_flexion_{side}", -1.0)
        wrist = put("wrist", elbow - arm @ (body.forearm_m * UP))
        hand = arm @ turn(LEFT, f"wrist_flexion_{side}")
        for name, share in (("pinky", 0.9), ("index", 1.0), ("thumb", 0.6)):
            put(name, wrist - hand @ (share * body.hand_m * UP))
        row = 0 if side is Side.LEFT else 1
        for index in range(HAND_POINT_COUNT):
            share = 0.0 if index == 0 else 1.0 if index in (5, 9, 13, 17) else 1.4
            hands[:, row, index] = wrist - hand @ (share * body.hand_m * UP)

        hip = put("hip", pelvis @ (0.5 * outwards * body.hip_m * LEFT))
        leg = pelvis @ turn(BACK, f"hip_abduction_{side}", -outwards)
        leg = leg @ turn(LEFT, f"hip_flexion_{side}", -1.0)
        knee = put("knee", hip - leg @ (body.thigh_m * UP))
        leg = leg @ turn(UP, f"hip_external_rotation_{side}", outwards)
        leg = leg @ turn(LEFT, f"knee_flexion_{side}")
        ankle = put("ankle", knee - leg @ (body.shank_m * UP))
        foot = leg @ turn(LEFT, f"ankle_dorsiflexion_{side}", -1.0)
        heel = put("heel", ankle + foot @ (0.05 * BACK - 0.06 * UP))
        put("foot_index", heel - foot @ (body.foot_m * BACK))
    return Motion(time_s, points, face, hands)


def anchored(motion: Motion, landmark: Landmark) -> Motion:
    """The same motion about a landmark that stays where it is, such as a foot on the floor."""
    shift = motion.points_m[:, [landmark]] - motion.points_m[0, landmark]
    return Motion(
        motion.time_s,
        motion.points_m - shift,
        motion.face_m - shift,
        motion.hands_m - shift[:, None],
    )


def film(motion: Motion, camera: Camera, *, noise_px: float = 0.0, seed: int = 0) -> LandmarkSeries:
    """Project a figure; limbs of the side turned away from the camera get a low visibility."""
    to_camera = np.array([LEFT, -UP, BACK])  # rows: right, down, away, for somebody who faces it
    to_camera = to_camera @ rotation(UP, -camera.yaw_deg)
    to_camera = rotation(np.array([0.0, 0.0, 1.0]), camera.roll_deg) @ to_camera

    def project(points_m: FloatArray) -> FloatArray:
        seen = camera.scale_px_m * points_m @ to_camera.T
        middle_px = np.array([camera.width_px, camera.height_px]) * camera.middle_frac
        seen[..., :2] += middle_px
        return seen

    hips = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]
    middle_hip_m = motion.points_m[:, hips].mean(axis=1, keepdims=True)
    random = np.random.default_rng(seed)
    xy_px = project(motion.points_m)[..., :2]
    face_px, hand_px = project(motion.face_m), project(motion.hands_m)[..., :2]
    for array in (xy_px, face_px, hand_px):
        array += noise_px * random.standard_normal(array.shape)
    visibility = np.full(xy_px.shape[:2], 0.99)
    if abs(np.sin(np.radians(camera.yaw_deg))) > 0.8:
        far = Side.RIGHT if np.sin(np.radians(camera.yaw_deg)) > 0.0 else Side.LEFT
        for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "ear", "eye"):
            visibility[:, sided(name, far)] = 0.2
    return LandmarkSeries(
        time_s=motion.time_s,
        xy_px=xy_px,
        world_m=(motion.points_m - middle_hip_m) @ to_camera.T,
        visibility=visibility,
        width_px=camera.width_px,
        height_px=camera.height_px,
        face_px=face_px.astype(np.float32) if np.cos(np.radians(camera.yaw_deg)) > 0.2 else None,
        hand_px=hand_px.astype(np.float32),
    )


def frame_times(duration_s: float, frame_rate_hz: float) -> FloatArray:
    return np.arange(round(duration_s * frame_rate_hz) + 1) / frame_rate_hz


def min_jerk(share: FloatArray) -> FloatArray:
    """Way of a minimum-jerk stroke from 0 to 1 at a share of its time."""
    share = np.clip(share, 0.0, 1.0)
    return share**3 * (10.0 - 15.0 * share + 6.0 * share**2)


def set_duration_s(tempo: Tempo) -> float:
    one_s = 2 * tempo.out_s + tempo.hold_s + tempo.pause_s
    return 2 * tempo.rest_s + tempo.repetitions * one_s


def set_shape(time_s: FloatArray, tempo: Tempo, peaks: FloatArray | None = None) -> FloatArray:
    """(T,) way of a whole set: 0 at rest, 1 (or each of `peaks`) at the end of the range."""
    heights = np.ones(tempo.repetitions) if peaks is None else np.asarray(peaks)
    one_s = 2 * tempo.out_s + tempo.hold_s + tempo.pause_s
    way = np.zeros(len(time_s))
    for number, height in enumerate(heights):
        inside_s = time_s - tempo.rest_s - number * one_s
        back_s = inside_s - tempo.out_s - tempo.hold_s
        way += height * (min_jerk(inside_s / tempo.out_s) - min_jerk(back_s / tempo.out_s))
    return way
