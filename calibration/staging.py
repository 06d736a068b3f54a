"""Staging: what a clip's plan says, and where people, seats and the camera stand for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from calibration.acting import ACTIONS, Action, seated
from calibration.bodies import Body
from calibration.camera import Camera
from calibration.looks import Look
from calibration.motion import RepetitionSet
from calibration.posing import LETTER, PosedBody, Posture, Side, pose_body, stand
from calibration.room import Box, Room, chair_back, stool

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Bystander:
    """A second person: standing, or walking across at ``walk_m_s`` (positive: to picture right).

    ``place_m`` is x and y on the floor at the start; negative y is nearer to the camera.
    """

    person: str
    look: Look
    place_m: tuple[float, float]
    yaw_deg: float = 0.0
    walk_m_s: float = 0.0
    walk_from_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class ClipPlan:
    """Everything that decides a clip's pixels and truth.

    ``camera_yaw_deg`` counts from the front towards the person's left; ``lean_deg`` bends the
    spine away from the moving side in proportion to the angle reached.
    """

    name: str
    movement: str
    side: Side | Literal["alternating"] | None
    person: str
    look: Look
    room: Room
    repetitions: RepetitionSet
    camera_yaw_deg: float
    width_px: int = 480
    height_px: int = 640
    frame_rate_hz: int = 25
    distance_m: float = 3.1
    camera_height_m: float = 1.15
    field_of_view_deg: float = 46.0
    camera_roll_deg: float = 0.0
    place_m: tuple[float, float] = (0.0, 0.0)
    lean_deg: float = 0.0
    sway_amplitude_deg: float = 0.6
    noise_levels: float = 1.0
    crf: int = 24
    bystander: Bystander | None = None
    seated: bool = False
    seed: int = 1
    notes: str = ""

    @property
    def action(self) -> Action:
        action = ACTIONS[self.movement]
        return seated(action) if self.seated else action

    @property
    def acting_side(self) -> Side:
        return "right" if self.side == "right" else "left"


def camera_for(plan: ClipPlan, body: Body) -> Camera:
    """Camera square to the room; a close-up aims at the part that moves."""
    action = plan.action
    aim = 0.38 if action.seated else 0.58
    target = np.array([*plan.place_m, aim * body.height_m])
    height_m = plan.camera_height_m
    if action.framing != "body":
        rest = action.posed(body, action.pose(0.0, plan.acting_side), plan.acting_side)
        rest = place(plan, rest)
        letter = LETTER[plan.acting_side]
        bone = {"head": "head", "foot": f"foot.{letter}", "hand": f"wrist.{letter}"}
        target = rest.head_of(bone[action.framing]) + np.array([0.0, 0.0, -0.06])
        height_m = target[2] + 0.08
    target_x = 0.0 if action.framing == "body" else float(target[0])
    near_y = float(target[1]) if action.framing != "body" else 0.0
    return Camera(
        width_px=plan.width_px,
        height_px=plan.height_px,
        eye_m=(target_x, near_y - plan.distance_m, height_m),
        target_m=(target_x, near_y, float(target[2])),
        field_of_view_deg=plan.field_of_view_deg,
        roll_deg=plan.camera_roll_deg,
    )


def place(plan: ClipPlan, posed: PosedBody) -> PosedBody:
    """Turned so that the line of sight meets the body at the planned yaw, then put in place."""
    x, y = plan.place_m
    bearing_deg = float(np.degrees(np.arctan2(-x, plan.distance_m + y)))
    return posed.moved(yaw_deg=bearing_deg - plan.camera_yaw_deg, offset_m=np.array([x, y, 0.0]))


def seat(plan: ClipPlan, body: Body) -> tuple[Box, ...]:
    """A bench under a seated person, or the back of the chair behind a head."""
    action = plan.action
    if not action.seated:
        return ()
    posed = place(plan, action.posed(body, action.pose(0.0, plan.acting_side), plan.acting_side))
    root = posed.head_of("root")
    if action.framing != "head":
        return stool(float(root[2]) - 0.11, centre_m=(float(root[0]), float(root[1])))
    frontal = abs(plan.camera_yaw_deg) < 30.0
    return chair_back(float(root[2]), behind_m=float(root[1]) + 0.16) if frontal else ()


def pose_bystander(other: Bystander, body: Body, time_s: float) -> PosedBody:
    walked_m = other.walk_m_s * max(0.0, time_s - other.walk_from_s)
    posture = Posture(neck_rotation_deg=6.0 * np.sin(0.5 * time_s))
    yaw_deg = other.yaw_deg
    if other.walk_m_s:
        posture = _stride(abs(walked_m) / (0.8 * body.height_m))
        yaw_deg = 90.0 if other.walk_m_s > 0.0 else -90.0
    place = np.array([other.place_m[0] + walked_m, other.place_m[1], 0.0])
    return stand(pose_body(body, posture)).moved(yaw_deg=yaw_deg, offset_m=place)


def _stride(cycles: float) -> Posture:
    """A simple walk: legs and arms in antiphase, the swinging knee bends."""
    posture = Posture()
    for side, shift in (("left", 0.0), ("right", 0.5)):
        phase = 2.0 * np.pi * (cycles + shift)
        posture = posture.with_limbs(
            side,  # type: ignore[arg-type]
            hip_flexion_deg=8.0 + 22.0 * float(np.sin(phase)),
            knee_flexion_deg=8.0 + 42.0 * max(0.0, float(np.cos(phase))),
            shoulder_flexion_deg=-18.0 * float(np.sin(phase)),
            ankle_dorsiflexion_deg=4.0,
        )
    return posture
