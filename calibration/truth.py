"""True joint angles of a posed body, as a goniometer on its bones would read them.

Every angle comes from joint centres and bone rotations after posing, never from the command.
Degrees; 0 is the anatomical neutral position and positive the direction the name says, so
hyperextension is a negative flexion.  Definitions follow the table "What each value means" of
the measurement page: segment axes of the body itself, not of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.posing import (
    LETTER,
    SIDES,
    TOWARDS_LEFT,
    UP,
    PosedBody,
    Side,
    palm_direction,
)

FloatArray = NDArray[np.float64]

HANGING_LEAST_FRAC = 0.05
"""A thigh of which less points down has no angle of abduction: it is flexed to a right angle."""


@dataclass(frozen=True, eq=False)
class Skeleton:
    """What the goniometer needs: joint centres (3,) in metres and segment frames (3, 3).

    The columns of a frame are the directions to the person's left, to the back and up, carried
    by that segment from the anatomical position.  Keys: ``hip_left``, ``ankle_right``, ``s1`` …
    """

    centres_m: dict[str, FloatArray]
    frames: dict[str, FloatArray]


_CENTRE_BONES = {
    "shoulder": "upperarm01",
    "elbow": "lowerarm01",
    "wrist": "wrist",
    "knuckle": "finger3-1",
    "hip": "upperleg01",
    "knee": "lowerleg01",
    "ankle": "foot",
    "toe": "toe2-1",
    "eye": "eye",
}
_MIDLINE_BONES = {"s1": "spine05", "c7": "neck01", "head": "head"}
_FRAME_BONES = {"pelvis": "root", "upper_trunk": "spine01", "head": "head"}
_LIMB_FRAME_BONES = {"humerus": "upperarm02", "forearm": "lowerarm02", "thigh": "upperleg01"}


def read_skeleton(posed: PosedBody) -> Skeleton:
    """Joint centres and segment frames of a posed body."""
    centres = {name: posed.head_of(bone) for name, bone in _MIDLINE_BONES.items()}
    frames = {name: posed.rotation_of(bone) for name, bone in _FRAME_BONES.items()}
    for side in SIDES:
        letter = LETTER[side]
        for name, bone in _CENTRE_BONES.items():
            centres[f"{name}_{side}"] = posed.head_of(f"{bone}.{letter}")
        for name, bone in _LIMB_FRAME_BONES.items():
            frames[f"{name}_{side}"] = posed.rotation_of(f"{bone}.{letter}")
        frames[f"foot_{side}"] = posed.rotation_of(f"foot.{letter}")
        frames[f"palm_{side}"] = _palm_frame(posed, side)
        frames[f"elbow_axis_{side}"] = _elbow_frame(posed, side)
    return Skeleton(centres, frames)


def compute_truth(skeleton: Skeleton, standing: Skeleton) -> dict[str, float]:
    """All movements of one posed body, degrees, keyed ``movement_side_deg``.

    ``standing`` is the same body upright; trunk flexion and extension start from its lean.
    Lateral flexion and rotation of neck and trunk have a column for each direction (one is the
    negative of the other); their flexion and extension have no side.
    """
    truth: dict[str, float] = {}
    for side in SIDES:
        limbs = _arm_truth(skeleton, side) | _leg_truth(skeleton, side)
        truth |= {f"{name}_{side}_deg": value for name, value in limbs.items()}
    lean_deg = _trunk_pitch_deg(skeleton) - _trunk_pitch_deg(standing)
    truth["trunk_flexion_with_hips_deg"] = lean_deg
    truth["trunk_extension_deg"] = -lean_deg
    neck = rotation_angles_deg(skeleton.frames["upper_trunk"].T @ skeleton.frames["head"])
    truth["cervical_flexion_deg"] = neck["flexion"]
    truth["cervical_extension_deg"] = -neck["flexion"]
    spine = rotation_angles_deg(skeleton.frames["pelvis"].T @ skeleton.frames["upper_trunk"])
    to_left = {
        "cervical_lateral_flexion": neck["lateral"],
        "cervical_rotation": neck["rotation"],
        "trunk_lateral_flexion": _trunk_lateral_deg(skeleton),
        "trunk_rotation": spine["rotation"],
        "trunk_line_lean": _trunk_line_lean_deg(skeleton),
    }
    for name, value in to_left.items():
        truth |= {f"{name}_{side}_deg": TOWARDS_LEFT[side] * value for side in SIDES}
    return truth


def rotation_angles_deg(relative: FloatArray) -> dict[str, float]:
    """Rotation (to the left), lateral (to the left) and flexion of a segment, degrees.

    From where the segment's left-pointing axis lies in the reference frame: heading in the
    transverse plane is rotation, elevation out of it lateral flexion, and the turn about it
    flexion.
    """
    axis = relative[:, 0]
    return {
        "rotation": _degrees(axis[1], axis[0]),
        "lateral": _degrees(-axis[2], float(np.hypot(axis[0], axis[1]))),
        "flexion": _degrees(relative[2, 1], relative[2, 2]),
    }


def _arm_truth(skeleton: Skeleton, side: Side) -> dict[str, float]:
    centre = skeleton.centres_m
    humerus = centre[f"elbow_{side}"] - centre[f"shoulder_{side}"]
    forearm = centre[f"wrist_{side}"] - centre[f"elbow_{side}"]
    hand = centre[f"knuckle_{side}"] - centre[f"wrist_{side}"]
    in_trunk = skeleton.frames["upper_trunk"].T @ humerus
    sideways, forwards = TOWARDS_LEFT[side] * in_trunk[0], -in_trunk[1]
    elevation_deg = _degrees(float(np.hypot(sideways, forwards)), -in_trunk[2])
    flexion_deg = _signed_elevation_deg(elevation_deg, forwards, -in_trunk[2])
    elbow_axis = skeleton.frames[f"elbow_axis_{side}"][:, 0]
    elbow_deg = _hinge_deg(humerus, forearm, elbow_axis)
    wrist_axis = np.cross(forearm, skeleton.frames[f"palm_{side}"][:, 0])
    wrist_deg = _hinge_deg(forearm, hand, wrist_axis)
    return {
        "shoulder_elevation": elevation_deg,
        "shoulder_abduction": _signed_elevation_deg(elevation_deg, sideways, -in_trunk[2]),
        "shoulder_flexion": flexion_deg,
        "shoulder_extension": -flexion_deg,
        "elbow_flexion": elbow_deg,
        "elbow_extension": -elbow_deg,
        "wrist_flexion": wrist_deg,
        "wrist_extension": -wrist_deg,
    }


def _leg_truth(skeleton: Skeleton, side: Side) -> dict[str, float]:
    centre, pelvis = skeleton.centres_m, skeleton.frames["pelvis"]
    thigh = centre[f"knee_{side}"] - centre[f"hip_{side}"]
    shank = centre[f"ankle_{side}"] - centre[f"knee_{side}"]
    foot = -skeleton.frames[f"foot_{side}"][:, 1]
    thigh_frame = skeleton.frames[f"thigh_{side}"]
    knee_deg = _hinge_deg(thigh, shank, thigh_frame[:, 0])
    trunk = pelvis.T @ (_middle(centre, "shoulder") - _middle(centre, "hip"))
    in_pelvis = pelvis.T @ thigh
    hip_deg = _wrap_deg(_degrees(-in_pelvis[1], -in_pelvis[2]) - _degrees(trunk[1], trunk[2]))
    abduction_deg = _hip_abduction_deg(in_pelvis, side)
    rotation_deg = _hip_rotation_deg(pelvis, thigh, shank, side)
    dorsiflexion_deg = 90.0 - _degrees(float(np.linalg.norm(np.cross(foot, shank))), -foot @ shank)
    lunge_deg = _degrees(float(-shank[:2] @ _unit(foot[:2])), -shank[2])
    return {
        "hip_flexion": hip_deg,
        "hip_extension": -hip_deg,
        "hip_abduction": abduction_deg,
        "hip_adduction": -abduction_deg,
        "hip_internal_rotation": rotation_deg,
        "hip_external_rotation": -rotation_deg,
        "knee_flexion": knee_deg,
        "knee_extension": -knee_deg,
        "ankle_dorsiflexion": dorsiflexion_deg,
        "ankle_plantarflexion": -dorsiflexion_deg,
        "ankle_dorsiflexion_lunge": lunge_deg,
    }


def _hip_abduction_deg(in_pelvis: FloatArray, side: Side) -> float:
    """Frontal-plane angle of the thigh; NaN where it does not hang down."""
    if -in_pelvis[2] < HANGING_LEAST_FRAC * np.linalg.norm(in_pelvis):
        return float("nan")
    return _degrees(TOWARDS_LEFT[side] * in_pelvis[0], -in_pelvis[2])


def _hip_rotation_deg(
    pelvis: FloatArray, thigh: FloatArray, shank: FloatArray, side: Side
) -> float:
    """Shank against the vertical in the frontal plane of the pelvis, less the pelvis's tilt.

    Positive when the foot goes outwards, which is internal rotation for a seated person.  NaN
    where the thigh hangs (below 45 degrees) or the shank does not: it points at nothing then.
    """
    if -thigh @ UP > np.sqrt(0.5) * np.linalg.norm(thigh) or shank @ UP >= 0.0:
        return float("nan")
    outwards = TOWARDS_LEFT[side] * pelvis[:, 0]
    level = outwards - (outwards @ UP) * UP
    tilt_deg = _degrees(float(outwards @ UP), float(np.linalg.norm(level)))
    return _degrees(float(shank @ _unit(level)), float(-shank @ UP)) - tilt_deg


def _trunk_lateral_deg(skeleton: Skeleton) -> float:
    line = skeleton.frames["pelvis"].T @ (skeleton.centres_m["c7"] - skeleton.centres_m["s1"])
    return _degrees(line[0], line[2])


def _trunk_pitch_deg(skeleton: Skeleton) -> float:
    """Forward lean of the line from S1 to C7 from the vertical, in the pelvis's heading."""
    line = skeleton.centres_m["c7"] - skeleton.centres_m["s1"]
    left = skeleton.frames["pelvis"][:, 0]
    forwards = _unit(np.cross(left, UP))
    return _degrees(float(line @ forwards), float(line @ UP))


def _trunk_line_lean_deg(skeleton: Skeleton) -> float:
    """Lean of mid-hip to mid-shoulder from the vertical, to the left; a pattern, not a range."""
    line = _middle(skeleton.centres_m, "shoulder") - _middle(skeleton.centres_m, "hip")
    left = skeleton.frames["pelvis"][:, 0]
    return _degrees(float(line @ _unit(left - (left @ UP) * UP)), float(line @ UP))


def _palm_frame(posed: PosedBody, side: Side) -> FloatArray:
    """The palm's direction, carried by the distal forearm, as the first column."""
    palm = posed.rotation_of(f"lowerarm02.{LETTER[side]}") @ palm_direction(posed.body, side)
    return palm[:, None]


def _elbow_frame(posed: PosedBody, side: Side) -> FloatArray:
    """The elbow's hinge axis, carried by the distal humerus, as the first column."""
    body, letter = posed.body, LETTER[side]
    shoulder, elbow, wrist = (
        body.head_of(f"{bone}.{letter}") for bone in ("upperarm01", "lowerarm01", "wrist")
    )
    hinge = _unit(np.cross(elbow - shoulder, wrist - elbow))
    return (posed.rotation_of(f"upperarm02.{letter}") @ hinge)[:, None]


def _signed_elevation_deg(elevation_deg: float, towards: float, down: float) -> float:
    """Elevation with the sign of the movement's plane; past overhead it stays positive.

    Elevation alone has no sign, and an arm that hangs a little to the side is not 8 degrees
    flexed: up to 20 degrees the component in the plane counts, from 40 on the elevation.
    """
    in_plane_deg = _degrees(towards, down)
    if in_plane_deg < -90.0:
        in_plane_deg += 360.0
    share = np.clip((abs(in_plane_deg) - 20.0) / 20.0, 0.0, 1.0)
    share = share * share * (3.0 - 2.0 * share)
    size_deg = (1.0 - share) * min(abs(in_plane_deg), 180.0) + share * elevation_deg
    return float(np.copysign(size_deg, in_plane_deg))


def _hinge_deg(proximal: FloatArray, distal: FloatArray, axis: FloatArray) -> float:
    """Angle from straight between two segments, positive for a turn about the hinge axis."""
    crossed = np.cross(proximal, distal)
    angle_deg = _degrees(float(np.linalg.norm(crossed)), float(proximal @ distal))
    return float(np.copysign(angle_deg, crossed @ axis))


def _middle(centres_m: dict[str, FloatArray], joint: str) -> FloatArray:
    middle: FloatArray = (centres_m[f"{joint}_left"] + centres_m[f"{joint}_right"]) / 2.0
    return middle


def _unit(vector: FloatArray) -> FloatArray:
    unit: FloatArray = vector / np.linalg.norm(vector)
    return unit


def _degrees(opposite: float, adjacent: float) -> float:
    return float(np.degrees(np.arctan2(opposite, adjacent)))


def _wrap_deg(angle_deg: float) -> float:
    return (angle_deg + 180.0) % 360.0 - 180.0
