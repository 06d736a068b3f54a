"""What a frame shows besides the angle itself: how limbs are foreshortened, turned and tilted.

The same reading stands for different true angles when the trunk is turned, the limb points out of
the picture or the person is built differently. These cues tell such frames apart; what each is
worth is learned on the accuracy bench (`correction`). Angles are divided by 30° and ratios by 0.2,
so that all are of the order of 1. NaN where a landmark was not seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rom.kinematics.geometry import length_px, turn_deg
from rom.kinematics.orientation import Orientation, frame_yaw_deg
from rom.landmarks import FloatArray, Landmark, LandmarkSeries, Side, sided

ANGLE_UNIT_DEG = 30.0
RATIO_UNIT = 0.2
LEVEL_TRUNKS = 0.3
"""Added to the run of a line across the body, so that its tilt is calm in a view from the side."""

TRUNK_PERCENTILE = 80.0
"""The trunk's length is that of the frames in which it is hardly foreshortened."""

SEGMENTS = {
    "upper_arm": ("shoulder", "elbow"),
    "forearm": ("elbow", "wrist"),
    "thigh": ("hip", "knee"),
    "shank": ("knee", "ankle"),
    "foot": ("heel", "foot_index"),
    "near_trunk": ("hip", "shoulder"),
}
JOINT_SEGMENTS = {
    "elbow": ("upper_arm", "forearm"),
    "knee": ("thigh", "shank"),
    "ankle": ("shank", "foot"),
}
"""Proximal and distal segment of a hinge; shoulder and hip count from the trunk."""


@dataclass(frozen=True, eq=False)
class _Scene:
    """One recording as the cues see it."""

    series: LandmarkSeries
    side: Side
    joint: str
    forward: int
    trunk_px: float

    def image(self, name: str, side: Side) -> FloatArray:
        return self.series.side_px(name, side)

    def world(self, name: str, side: Side) -> FloatArray:
        return self.series.world_m[:, sided(name, side)]


def compute_posture(
    series: LandmarkSeries, joint: str, side: Side | None, body: Orientation, names: tuple[str, ...]
) -> FloatArray:
    """(T, K) the named cues.

    Raises
    ------
    KeyError
        Unknown cue; the message lists the valid ones.
    """
    trunk_px = length_px(series.middle_px("shoulder") - series.middle_px("hip"))
    seen = trunk_px[np.isfinite(trunk_px)]
    scene = _Scene(
        series=series,
        side=side or body.camera_side,
        joint=joint,
        forward=body.forward,
        trunk_px=float(np.percentile(seen, TRUNK_PERCENTILE)) if len(seen) else float("nan"),
    )
    unknown = [name for name in names if name not in CUES]
    if unknown:
        raise KeyError(f"unknown cues {unknown}; valid: {', '.join(CUES)}")
    columns = [CUES[name](scene) for name in names]
    return np.stack(columns, axis=1) if columns else np.zeros((len(series), 0))


def _length(segment: str) -> Cue:
    start, end = SEGMENTS[segment]

    def cue(scene: _Scene) -> FloatArray:
        line = scene.image(end, scene.side) - scene.image(start, scene.side)
        return length_px(line) / scene.trunk_px / RATIO_UNIT

    return cue


def _depth(segment: str) -> Cue:
    """Angle of a segment out of the picture, positive away from the camera."""
    start, end = SEGMENTS[segment]

    def cue(scene: _Scene) -> FloatArray:
        line = scene.world(end, scene.side) - scene.world(start, scene.side)
        across = np.hypot(line[:, 0], line[:, 1])
        return np.degrees(np.arctan2(line[:, 2], across)) / ANGLE_UNIT_DEG

    return cue


def _width(joint: str) -> Cue:
    def cue(scene: _Scene) -> FloatArray:
        line = scene.image(joint, Side.LEFT) - scene.image(joint, Side.RIGHT)
        return length_px(line) / scene.trunk_px / RATIO_UNIT

    return cue


def _tilt(joint: str) -> Cue:
    """Slope of a line across the body, positive where the measured side is lower."""

    def cue(scene: _Scene) -> FloatArray:
        line = scene.image(joint, scene.side) - scene.image(joint, scene.side.other)
        run = np.abs(line[:, 0]) + LEVEL_TRUNKS * scene.trunk_px
        return np.degrees(np.arctan2(line[:, 1], run)) / ANGLE_UNIT_DEG

    return cue


def _lean_deg(scene: _Scene) -> FloatArray:
    up = scene.series.middle_px("shoulder") - scene.series.middle_px("hip")
    lean: FloatArray = scene.forward * np.degrees(np.arctan2(up[:, 0], -up[:, 1]))
    return lean


def _head_lean(scene: _Scene) -> FloatArray:
    up = scene.series.middle_px("ear") - scene.series.middle_px("shoulder")
    return scene.forward * np.degrees(np.arctan2(up[:, 0], -up[:, 1])) / ANGLE_UNIT_DEG


def _near_trunk_turn(scene: _Scene) -> FloatArray:
    """Hip to shoulder of the measured side against the middle line."""
    near = scene.image("shoulder", scene.side) - scene.image("hip", scene.side)
    middle = scene.series.middle_px("shoulder") - scene.series.middle_px("hip")
    return scene.forward * turn_deg(middle, near) / ANGLE_UNIT_DEG


def _turn(scene: _Scene) -> FloatArray:
    return np.abs(frame_yaw_deg(scene.series)) / ANGLE_UNIT_DEG


def _face_length(scene: _Scene) -> FloatArray:
    line = scene.series.point_px(Landmark.NOSE) - scene.image("ear", scene.side)
    return length_px(line) / scene.trunk_px / RATIO_UNIT


def _toes_from_ankle(scene: _Scene) -> FloatArray:
    """Heel to toe against ankle to toe."""
    toe = scene.image("foot_index", scene.side)
    turn = turn_deg(toe - scene.image("ankle", scene.side), toe - scene.image("heel", scene.side))
    return scene.forward * turn / ANGLE_UNIT_DEG


def _heel_from_ankle(scene: _Scene) -> FloatArray:
    """Heel to knee against ankle to knee."""
    knee = scene.image("knee", scene.side)
    turn = turn_deg(knee - scene.image("ankle", scene.side), knee - scene.image("heel", scene.side))
    return scene.forward * turn / ANGLE_UNIT_DEG


def _world_angle(scene: _Scene) -> FloatArray:
    """The joint's angle in the model's own metric landmarks; without a sign."""
    return _angle_in_space(scene, lambda name, side: scene.world(name, side))


def _lifted_angle(scene: _Scene) -> FloatArray:
    """The joint's angle with the picture's x and y and the model's depth; without a sign."""
    world, image = scene.series.world_m, scene.series.xy_px
    trunk = _middle(world, "shoulder")[:, :2] - _middle(world, "hip")[:, :2]
    lengths_m = np.linalg.norm(trunk, axis=1)
    seen_m = lengths_m[np.isfinite(lengths_m)]
    trunk_m = float(np.median(seen_m)) if len(seen_m) else float("nan")
    lifted = np.concatenate([image * (trunk_m / scene.trunk_px), world[..., 2:]], axis=2)
    return _angle_in_space(scene, lambda name, side: lifted[:, sided(name, side)])


def _angle_in_space(scene: _Scene, point: Callable[[str, Side], FloatArray]) -> FloatArray:
    def segment(name: str) -> FloatArray:
        start, end = SEGMENTS[name]
        return point(end, scene.side) - point(start, scene.side)

    def middle(name: str) -> FloatArray:
        centre: FloatArray = 0.5 * (point(name, Side.LEFT) + point(name, Side.RIGHT))
        return centre

    if scene.joint in JOINT_SEGMENTS:
        proximal, distal = (segment(name) for name in JOINT_SEGMENTS[scene.joint])
    else:
        proximal = middle("hip") - middle("shoulder")
        distal = segment("thigh" if scene.joint == "hip" else "upper_arm")
    crossed = np.linalg.norm(np.cross(proximal, distal), axis=1)
    angle: FloatArray = np.degrees(np.arctan2(crossed, (proximal * distal).sum(axis=1)))
    return angle / ANGLE_UNIT_DEG


def _middle(points: FloatArray, name: str) -> FloatArray:
    left, right = (points[:, sided(name, side)] for side in Side)
    middle: FloatArray = 0.5 * (left + right)
    return middle


Cue = Callable[[_Scene], FloatArray]

CUES: dict[str, Cue] = {
    **{f"{segment}_length": _length(segment) for segment in SEGMENTS},
    **{f"{segment}_depth": _depth(segment) for segment in SEGMENTS},
    "shoulder_width": _width("shoulder"),
    "hip_width": _width("hip"),
    "ear_width": _width("ear"),
    "shoulder_tilt": _tilt("shoulder"),
    "hip_tilt": _tilt("hip"),
    "trunk_lean": lambda scene: _lean_deg(scene) / ANGLE_UNIT_DEG,
    "head_lean": _head_lean,
    "near_trunk_turn": _near_trunk_turn,
    "turn": _turn,
    "face_length": _face_length,
    "toes_from_ankle": _toes_from_ankle,
    "heel_from_ankle": _heel_from_ankle,
    "world_angle": _world_angle,
    "lifted_angle": _lifted_angle,
}
