"""Postures and forward kinematics: clinical joint angles in, bone rotations and positions out.

Everything is expressed in the model's axes (x left, y backwards, z up).  The angles asked for
here are a *command*; what a clip is worth is computed from the posed bones in ``truth``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from calibration.bodies import N_SKIN_VERTICES, Body

FloatArray = NDArray[np.float64]
Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")
LETTER: dict[Side, str] = {"left": "L", "right": "R"}
TOWARDS_LEFT: dict[Side, float] = {"left": 1.0, "right": -1.0}

LEFT, BACK, UP = np.eye(3)

# How much of a bend each bone takes; thoracic vertebrae bend less than lumbar ones.
_SPINE_SHARE = {"spine05": 0.20, "spine04": 0.25, "spine03": 0.25, "spine02": 0.20, "spine01": 0.10}
_NECK_SHARE = {"neck01": 0.25, "neck02": 0.25, "neck03": 0.25, "head": 0.25}

# Shoulder girdle: elevation of clavicle and scapula per degree of arm elevation, past a setting
# phase; together about a third of the movement, as in the classical scapulohumeral rhythm.
_CLAVICLE_SLOPE, _CLAVICLE_ONSET_DEG = 0.22, 25.0
_SCAPULA_SLOPE, _SCAPULA_ONSET_DEG = 0.11, 40.0


@dataclass(frozen=True, kw_only=True)
class Limbs:
    """Arm and leg of one side, degrees; 0 anatomical neutral, positive as the name says."""

    shoulder_abduction_deg: float = 8.0
    shoulder_flexion_deg: float = 0.0
    shoulder_hike_deg: float = 0.0
    """The whole girdle pulled up beyond what raising the arm needs, as people do who guard it."""
    elbow_flexion_deg: float = 12.0
    forearm_pronation_deg: float = 10.0
    wrist_flexion_deg: float = 0.0
    hip_flexion_deg: float = 0.0
    hip_abduction_deg: float = 3.0
    hip_internal_rotation_deg: float = 0.0
    knee_flexion_deg: float = 2.0
    ankle_dorsiflexion_deg: float | None = None
    """None keeps the sole level, as a foot on the floor does."""


@dataclass(frozen=True, kw_only=True)
class Posture:
    """A whole body, degrees: lateral and rotation positive to the left, flexion forwards."""

    left: Limbs = field(default_factory=Limbs)
    right: Limbs = field(default_factory=Limbs)
    trunk_lateral_deg: float = 0.0
    trunk_flexion_deg: float = 0.0
    trunk_rotation_deg: float = 0.0
    neck_lateral_deg: float = 0.0
    neck_flexion_deg: float = 0.0
    neck_rotation_deg: float = 0.0
    pelvis_forward_deg: float = 0.0
    pelvis_left_deg: float = 0.0

    def limbs(self, side: Side) -> Limbs:
        return self.left if side == "left" else self.right

    def with_limbs(self, side: Side, **angles_deg: float | None) -> Posture:
        """The same posture with some angles of one side replaced."""
        changed = replace(self.limbs(side), **angles_deg)
        return replace(self, left=changed) if side == "left" else replace(self, right=changed)


@dataclass(frozen=True, eq=False)
class PosedBody:
    """Bone rotations (B, 3, 3) from rest to world and bone heads (B, 3) in metres."""

    body: Body
    rotations: FloatArray
    heads_m: FloatArray

    def head_of(self, bone: str) -> FloatArray:
        return self.heads_m[self.body.mesh.bone_index[bone]]

    def rotation_of(self, bone: str) -> FloatArray:
        return self.rotations[self.body.mesh.bone_index[bone]]

    def moved(self, *, yaw_deg: float = 0.0, offset_m: FloatArray | None = None) -> PosedBody:
        """Turned about the vertical axis (positive: to the person's left), then shifted."""
        turn = rotation(UP, yaw_deg)
        offset_m = np.zeros(3) if offset_m is None else offset_m
        return PosedBody(self.body, turn @ self.rotations, self.heads_m @ turn.T + offset_m)

    def skin(self) -> FloatArray:
        """Vertices (V, 3) in metres by linear blend skinning."""
        rest_heads = self.body.bone_heads_m
        shifts = self.heads_m - np.einsum("bij,bj->bi", self.rotations, rest_heads)
        transforms = np.concatenate([self.rotations, shifts[:, :, None]], axis=2)
        blended = self.body.mesh.weights @ transforms.reshape(-1, 12).astype(np.float32)
        blended = np.asarray(blended).reshape(-1, 3, 4)
        rest = self.body.vertices_m
        vertices: FloatArray = np.einsum("vij,vj->vi", blended[:, :, :3], rest) + blended[:, :, 3]
        return vertices


def rotation(axis: FloatArray, angle_deg: float) -> FloatArray:
    """Rotation matrix (3, 3) about a direction, right-handed, degrees (Rodrigues' formula)."""
    x, y, z = (float(part) for part in axis)
    length = math.sqrt(x * x + y * y + z * z)
    x, y, z = x / length, y / length, z / length
    cosine, sine = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    rest = 1.0 - cosine
    return np.array(
        [
            [cosine + x * x * rest, x * y * rest - z * sine, x * z * rest + y * sine],
            [y * x * rest + z * sine, cosine + y * y * rest, y * z * rest - x * sine],
            [z * x * rest - y * sine, z * y * rest + x * sine, cosine + z * z * rest],
        ]
    )


def pose_body(body: Body, posture: Posture) -> PosedBody:
    """Forward kinematics; the pelvis stays where the rest shape has it."""
    turns = _axial_turns(posture)
    for side in SIDES:
        turns |= _arm_turns(body, posture.limbs(side), side)
        turns |= _leg_turns(body, posture, side)
    mesh = body.mesh
    rotations = np.tile(np.eye(3), (len(mesh.bone_names), 1, 1))
    heads_m = body.bone_heads_m.copy()
    for bone in mesh.bone_order:
        parent = mesh.bone_parents[bone]
        turn = turns.get(mesh.bone_names[bone])
        if parent >= 0:
            offset = body.bone_heads_m[bone] - body.bone_heads_m[parent]
            heads_m[bone] = heads_m[parent] + rotations[parent] @ offset
            rotations[bone] = rotations[parent]
        if turn is not None:
            rotations[bone] = rotations[bone] @ turn
    return PosedBody(body, rotations, heads_m)


def stand(posed: PosedBody, feet: tuple[Side, ...] = SIDES, *, lift_m: float = 0.0) -> PosedBody:
    """Put the body on the floor with the middle of the named ankles over the origin."""
    lowest_m = posed.skin()[:N_SKIN_VERTICES, 2].min()
    ankles = np.mean([posed.head_of(f"foot.{LETTER[side]}") for side in feet], axis=0)
    return posed.moved(offset_m=np.array([-ankles[0], -ankles[1], lift_m - lowest_m]))


def _axial_turns(posture: Posture) -> dict[str, FloatArray]:
    turns = {
        bone: _bend(
            lateral_deg=share * posture.trunk_lateral_deg,
            flexion_deg=share * posture.trunk_flexion_deg,
            rotation_deg=share * posture.trunk_rotation_deg,
        )
        for bone, share in _SPINE_SHARE.items()
    }
    for bone, share in _NECK_SHARE.items():
        turns[bone] = _bend(
            lateral_deg=share * posture.neck_lateral_deg,
            flexion_deg=share * posture.neck_flexion_deg,
            rotation_deg=share * posture.neck_rotation_deg,
        )
    turns["root"] = _pelvis_turn(posture)
    return turns


def _pelvis_turn(posture: Posture) -> FloatArray:
    return _bend(
        lateral_deg=posture.pelvis_left_deg,
        flexion_deg=posture.pelvis_forward_deg,
        rotation_deg=0.0,
    )


def _bend(*, lateral_deg: float, flexion_deg: float, rotation_deg: float) -> FloatArray:
    turn: FloatArray = (
        rotation(UP, rotation_deg) @ rotation(BACK, lateral_deg) @ rotation(LEFT, flexion_deg)
    )
    return turn


def _swing(*, flexion_deg: float, abduction_deg: float, side: Side) -> FloatArray:
    """Swing of a hanging limb; the smaller angle acts first so that the larger stays exact."""
    flex = rotation(LEFT, -flexion_deg)
    abduct = rotation(BACK, -TOWARDS_LEFT[side] * abduction_deg)
    return flex @ abduct if abs(flexion_deg) > abs(abduction_deg) else abduct @ flex


def _arm_turns(body: Body, limbs: Limbs, side: Side) -> dict[str, FloatArray]:
    letter, towards_left = LETTER[side], TOWARDS_LEFT[side]
    shoulder = body.head_of(f"upperarm01.{letter}")
    elbow, wrist = body.head_of(f"lowerarm01.{letter}"), body.head_of(f"wrist.{letter}")
    humerus, forearm = _unit(elbow - shoulder), _unit(wrist - elbow)
    swing = _swing(
        flexion_deg=limbs.shoulder_flexion_deg,
        abduction_deg=limbs.shoulder_abduction_deg,
        side=side,
    )
    direction = swing @ -UP
    elevation_deg = float(np.degrees(np.arctan2(np.hypot(*direction[:2]), -direction[2])))
    raised_deg = elevation_deg if limbs.shoulder_flexion_deg > -1.0 else 0.0
    clavicle_deg = _CLAVICLE_SLOPE * max(0.0, raised_deg - _CLAVICLE_ONSET_DEG)
    clavicle_deg += limbs.shoulder_hike_deg
    scapula_deg = _SCAPULA_SLOPE * max(0.0, raised_deg - _SCAPULA_ONSET_DEG)
    clavicle = rotation(BACK, -towards_left * clavicle_deg)
    scapula = rotation(BACK, -towards_left * scapula_deg)
    # The humerus turns outwards in abduction (else the greater tubercle would jam).
    frontal = abs(limbs.shoulder_abduction_deg) / (
        abs(limbs.shoulder_abduction_deg) + abs(limbs.shoulder_flexion_deg) + 1e-6
    )
    outwards_deg = -towards_left * 75.0 * frontal * np.clip((raised_deg - 45.0) / 90.0, 0.0, 1.0)
    hang = _align(humerus, -UP)
    upper = (clavicle @ scapula).T @ rotation(direction, 0.45 * outwards_deg) @ swing @ hang
    bend_axis = np.cross(humerus, forearm)
    rest_bend_deg = _angle_deg(humerus, forearm)
    return {
        f"clavicle.{letter}": clavicle,
        f"shoulder01.{letter}": scapula,
        f"upperarm01.{letter}": upper,
        f"upperarm02.{letter}": rotation(humerus, 0.55 * outwards_deg),
        f"lowerarm01.{letter}": rotation(bend_axis, limbs.elbow_flexion_deg - rest_bend_deg),
        f"lowerarm02.{letter}": rotation(forearm, towards_left * limbs.forearm_pronation_deg),
        f"wrist.{letter}": _wrist_turn(body, limbs, side),
    }


def _wrist_turn(body: Body, limbs: Limbs, side: Side) -> FloatArray:
    """Hand in line with the forearm, then flexed towards the palm."""
    letter = LETTER[side]
    elbow, wrist = body.head_of(f"lowerarm01.{letter}"), body.head_of(f"wrist.{letter}")
    knuckle = body.head_of(f"finger3-1.{letter}")
    forearm = _unit(wrist - elbow)
    straight = _align(_unit(knuckle - wrist), forearm)
    flexion_axis = np.cross(forearm, palm_direction(body, side))
    return rotation(flexion_axis, limbs.wrist_flexion_deg) @ straight


def palm_direction(body: Body, side: Side) -> FloatArray:
    """Where the palm faces at rest: unit vector across the row of knuckles."""
    letter = LETTER[side]
    wrist = body.head_of(f"wrist.{letter}")
    index = body.head_of(f"finger2-1.{letter}") - wrist
    little = body.head_of(f"finger5-1.{letter}") - wrist
    return _unit(-TOWARDS_LEFT[side] * np.cross(index, little))


def _leg_turns(body: Body, posture: Posture, side: Side) -> dict[str, FloatArray]:
    letter, towards_left = LETTER[side], TOWARDS_LEFT[side]
    limbs = posture.limbs(side)
    hip, knee = body.head_of(f"upperleg01.{letter}"), body.head_of(f"lowerleg01.{letter}")
    thigh, shank = _unit(knee - hip), _unit(body.head_of(f"foot.{letter}") - knee)
    swing = _swing(
        flexion_deg=limbs.hip_flexion_deg, abduction_deg=limbs.hip_abduction_deg, side=side
    )
    inwards = rotation(swing @ -UP, towards_left * limbs.hip_internal_rotation_deg)
    hang, straighten = _align(thigh, -UP), _align(shank, thigh)
    upper = inwards @ swing @ hang
    knee_axis = hang.T @ LEFT
    lower = rotation(knee_axis, limbs.knee_flexion_deg) @ straighten
    if limbs.ankle_dorsiflexion_deg is None:
        foot = (_pelvis_turn(posture) @ upper @ lower).T
    else:
        foot = (hang @ straighten).T @ rotation(LEFT, -limbs.ankle_dorsiflexion_deg)
    return {
        f"upperleg01.{letter}": upper,
        f"lowerleg01.{letter}": lower,
        f"foot.{letter}": foot,
    }


def _unit(vector: FloatArray) -> FloatArray:
    unit: FloatArray = vector / np.linalg.norm(vector)
    return unit


def _angle_deg(first: FloatArray, second: FloatArray) -> float:
    crossed = np.linalg.norm(np.cross(first, second))
    return float(np.degrees(np.arctan2(crossed, first @ second)))


def _align(source: FloatArray, target: FloatArray) -> FloatArray:
    """Smallest rotation that takes one direction onto another."""
    axis = np.cross(source, target)
    if np.linalg.norm(axis) < 1e-9:
        return np.eye(3)
    return rotation(axis, _angle_deg(source, target))
