"""How each movement of the catalogue is acted: one commanded angle in, a whole posture out.

The command is near the true angle but is not the truth (see ``truth``).  Side is the person's;
for movements without a side it is ignored, for alternating ones left is the positive direction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np

from calibration.bodies import Body
from calibration.posing import SIDES, TOWARDS_LEFT, PosedBody, Posture, Side, pose_body, stand
from calibration.truth import compute_truth, read_skeleton

Framing = Literal["body", "head", "foot", "hand"]
PoseRule = Callable[[float, Side], Posture]

_SEATED = {
    "hip_flexion_deg": 86.0,
    "knee_flexion_deg": 86.0,
    "hip_abduction_deg": 6.0,
    "shoulder_flexion_deg": 24.0,
    "shoulder_abduction_deg": 10.0,
    "elbow_flexion_deg": 52.0,
}


@dataclass(frozen=True, kw_only=True)
class Action:
    """One movement: how it is posed, seen and over which commanded range it makes sense.

    ``view_yaw_deg`` is the recommended camera: 0 in front, 90 square to the moving side (or to
    the left where there is no side).  ``stance`` names the feet that stay on the spot:
    ``other`` means the side that does not move.
    """

    movement: str
    pose: PoseRule
    view_yaw_deg: float
    range_deg: tuple[float, float]
    framing: Framing = "body"
    stance: Literal["both", "other", "same"] = "both"
    seated: bool = False
    sided: bool = True
    lift_m: float = 0.0

    def feet(self, side: Side) -> tuple[Side, ...]:
        """The feet that stay where they are."""
        other: Side = "right" if side == "left" else "left"
        return {"both": SIDES, "other": (other,), "same": (side,)}[self.stance]

    def posed(self, body: Body, posture: Posture, side: Side) -> PosedBody:
        """The body in a posture, put on the floor."""
        return stand(pose_body(body, posture), self.feet(side), lift_m=self.lift_m)

    def truth_key(self, side: Side) -> str:
        """Name of this movement's column in the truth table."""
        return f"{self.movement}_{side}_deg" if self.sided else f"{self.movement}_deg"

    def command_for(self, body: Body, side: Side, truth_deg: float) -> float:
        """Command that gives the true angle, by interpolation over the range."""
        standing = read_skeleton(pose_body(body, Posture()))
        low_deg, high_deg = self.range_deg
        commands = np.linspace(low_deg, high_deg, 13)
        truths = [
            compute_truth(read_skeleton(pose_body(body, self.pose(float(c), side))), standing)[
                self.truth_key(side)
            ]
            for c in commands
        ]
        order = np.argsort(truths)
        return float(np.interp(truth_deg, np.array(truths)[order], commands[order]))


def seated(action: Action) -> Action:
    """The same movement of the arm, done on a stool."""
    return replace(action, pose=partial(_on_a_stool, action), seated=True)


def _on_a_stool(action: Action, angle: float, side: Side) -> Posture:
    posture = action.pose(angle, side)
    legs = {name: value for name, value in _SEATED.items() if name.startswith(("hip", "knee"))}
    for each in SIDES:
        posture = posture.with_limbs(each, **legs)
    return posture


def _seated() -> Posture:
    posture = Posture()
    for side in SIDES:
        posture = posture.with_limbs(side, **_SEATED)
    return posture


def _shoulder_abduction(angle: float, side: Side) -> Posture:
    return Posture().with_limbs(side, shoulder_abduction_deg=angle, elbow_flexion_deg=6.0)


def _shoulder_flexion(angle: float, side: Side) -> Posture:
    return Posture().with_limbs(
        side, shoulder_flexion_deg=angle, shoulder_abduction_deg=4.0, elbow_flexion_deg=6.0
    )


def _shoulder_extension(angle: float, side: Side) -> Posture:
    return _shoulder_flexion(-angle, side)


def _elbow_flexion(angle: float, side: Side) -> Posture:
    return Posture().with_limbs(
        side, elbow_flexion_deg=angle, shoulder_abduction_deg=5.0, forearm_pronation_deg=-40.0
    )


def _elbow_extension(angle: float, side: Side) -> Posture:
    return _elbow_flexion(-angle, side)


def _wrist_flexion(angle: float, side: Side) -> Posture:
    return Posture().with_limbs(
        side,
        wrist_flexion_deg=angle,
        elbow_flexion_deg=88.0,
        shoulder_abduction_deg=12.0,
        forearm_pronation_deg=45.0,
    )


def _wrist_extension(angle: float, side: Side) -> Posture:
    return _wrist_flexion(-angle, side)


def _hip_flexion(angle: float, side: Side) -> Posture:
    raised = min(1.0, max(0.0, angle) / 30.0)
    return Posture().with_limbs(
        side,
        hip_flexion_deg=angle,
        hip_abduction_deg=2.0,
        knee_flexion_deg=2.0 + 0.85 * max(0.0, angle),
        ankle_dorsiflexion_deg=2.0 - 14.0 * raised,
    )


def _hip_extension(angle: float, side: Side) -> Posture:
    return Posture().with_limbs(
        side, hip_flexion_deg=-angle, ankle_dorsiflexion_deg=2.0 - 0.4 * angle, knee_flexion_deg=4.0
    )


def _hip_abduction(angle: float, side: Side) -> Posture:
    posture = Posture().with_limbs(side, hip_abduction_deg=angle, ankle_dorsiflexion_deg=2.0)
    return posture.with_limbs(side, shoulder_abduction_deg=10.0 + 0.5 * max(0.0, angle))


def _hip_internal_rotation(angle: float, side: Side) -> Posture:
    return _seated().with_limbs(side, hip_internal_rotation_deg=angle, ankle_dorsiflexion_deg=0.0)


def _hip_external_rotation(angle: float, side: Side) -> Posture:
    return _hip_internal_rotation(-angle, side)


def _knee_flexion(angle: float, side: Side) -> Posture:
    raised = min(1.0, max(0.0, angle) / 30.0)
    return Posture().with_limbs(
        side,
        knee_flexion_deg=angle,
        hip_flexion_deg=0.02 * angle,
        ankle_dorsiflexion_deg=2.0 - 18.0 * raised,
    )


def _knee_extension(angle: float, side: Side) -> Posture:
    return _seated().with_limbs(side, knee_flexion_deg=-angle, ankle_dorsiflexion_deg=0.0)


def _ankle_dorsiflexion(angle: float, side: Side) -> Posture:
    return _seated().with_limbs(side, knee_flexion_deg=40.0, ankle_dorsiflexion_deg=angle)


def _ankle_plantarflexion(angle: float, side: Side) -> Posture:
    return _ankle_dorsiflexion(-angle, side)


def _lunge(angle: float, side: Side) -> Posture:
    """Front foot flat; the knee travels over it while the rear leg reaches back on its toes."""
    other: Side = "right" if side == "left" else "left"
    bent_deg = 30.0 + 0.7 * angle
    posture = Posture().with_limbs(
        side, hip_flexion_deg=bent_deg, knee_flexion_deg=bent_deg + angle, hip_abduction_deg=1.0
    )
    return posture.with_limbs(
        other,
        hip_flexion_deg=-18.0,
        knee_flexion_deg=25.0 + 0.9 * angle,
        ankle_dorsiflexion_deg=12.0,
        hip_abduction_deg=1.0,
    )


def _neck(**rates: float) -> PoseRule:
    return partial(_head_turned, rates)


def _head_turned(rates: dict[str, float], angle: float, side: Side) -> Posture:
    return replace(_seated(), **{f"neck_{axis}_deg": rate * angle for axis, rate in rates.items()})


def _trunk_lateral(angle: float, side: Side) -> Posture:
    """Left is positive; the hand on the side moved to slides down the thigh, the other up."""
    posture = Posture(trunk_lateral_deg=angle)
    for each in SIDES:
        towards_deg = TOWARDS_LEFT[each] * angle
        hang_deg = 8.0 + (0.8 if towards_deg > 0.0 else 0.25) * towards_deg
        posture = posture.with_limbs(each, shoulder_abduction_deg=hang_deg)
    return posture


def _trunk_flexion(angle: float, side: Side) -> Posture:
    """Hips take 55 % and the spine the rest; the arms hang, the legs stay upright."""
    at_hips_deg = 0.55 * angle
    posture = Posture(
        pelvis_forward_deg=at_hips_deg, trunk_flexion_deg=0.62 * angle, neck_flexion_deg=0.1 * angle
    )
    for each in SIDES:
        posture = posture.with_limbs(
            each,
            hip_flexion_deg=at_hips_deg,
            shoulder_flexion_deg=0.75 * angle,
            shoulder_abduction_deg=6.0,
        )
    return posture


def _trunk_extension(angle: float, side: Side) -> Posture:
    """Mostly the spine; the pelvis goes a little with it, hands on the hips."""
    posture = Posture(
        trunk_flexion_deg=-1.2 * angle, pelvis_forward_deg=-0.2 * angle, neck_flexion_deg=-6.0
    )
    for each in SIDES:
        posture = posture.with_limbs(
            each,
            hip_flexion_deg=-0.2 * angle,
            shoulder_abduction_deg=38.0,
            shoulder_flexion_deg=-12.0,
            elbow_flexion_deg=78.0,
        )
    return posture


_LEG: dict[str, Any] = {"stance": "other"}
_SEAT: dict[str, Any] = {"stance": "other", "seated": True}
_HUNG: dict[str, Any] = {**_SEAT, "lift_m": 0.06}
_HAND: dict[str, Any] = {"framing": "hand"}
_HEAD: dict[str, Any] = {"framing": "head", "seated": True}
_NOD: dict[str, Any] = {**_HEAD, "sided": False}
_BOW: dict[str, Any] = {"sided": False}

# Movement, posture, recommended camera yaw, commanded range, and what is special about it.
_TABLE: tuple[tuple[str, PoseRule, float, tuple[float, float], dict[str, Any]], ...] = (
    ("shoulder_flexion", _shoulder_flexion, 90.0, (6.0, 178.0), {}),
    ("shoulder_extension", _shoulder_extension, 90.0, (6.0, 66.0), {}),
    ("shoulder_abduction", _shoulder_abduction, 0.0, (7.0, 176.0), {}),
    ("elbow_flexion", _elbow_flexion, 90.0, (4.0, 148.0), {}),
    ("elbow_extension", _elbow_extension, 90.0, (-90.0, 8.0), {}),
    ("wrist_flexion", _wrist_flexion, 90.0, (0.0, 80.0), _HAND),
    ("wrist_extension", _wrist_extension, 90.0, (0.0, 75.0), _HAND),
    ("hip_flexion", _hip_flexion, 65.0, (0.0, 124.0), _LEG),
    ("hip_extension", _hip_extension, 65.0, (0.0, 28.0), _LEG),
    ("hip_abduction", _hip_abduction, 0.0, (3.0, 48.0), _LEG),
    ("hip_internal_rotation", _hip_internal_rotation, 0.0, (0.0, 45.0), _HUNG),
    ("hip_external_rotation", _hip_external_rotation, 0.0, (0.0, 45.0), _HUNG),
    ("knee_flexion", _knee_flexion, 65.0, (2.0, 138.0), _LEG),
    ("knee_extension", _knee_extension, 65.0, (-90.0, 3.0), _SEAT),
    ("ankle_dorsiflexion", _ankle_dorsiflexion, 90.0, (-40.0, 22.0), _SEAT),
    ("ankle_plantarflexion", _ankle_plantarflexion, 90.0, (0.0, 60.0), _SEAT),
    ("ankle_dorsiflexion_lunge", _lunge, 65.0, (2.0, 46.0), {"stance": "same"}),
    ("cervical_flexion", _neck(flexion=1.0), 90.0, (0.0, 56.0), _NOD),
    ("cervical_extension", _neck(flexion=-1.0), 90.0, (0.0, 70.0), _NOD),
    ("cervical_lateral_flexion", _neck(lateral=1.0), 0.0, (-46.0, 46.0), _HEAD),
    ("cervical_rotation", _neck(rotation=1.0), 0.0, (-76.0, 76.0), _HEAD),
    ("trunk_lateral_flexion", _trunk_lateral, 0.0, (-56.0, 56.0), {}),
    ("trunk_flexion_with_hips", _trunk_flexion, 90.0, (0.0, 105.0), _BOW),
    ("trunk_extension", _trunk_extension, 90.0, (0.0, 34.0), _BOW),
)

ACTIONS: dict[str, Action] = {
    movement: Action(movement=movement, pose=pose, view_yaw_deg=yaw, range_deg=limits, **special)
    for movement, pose, yaw, limits, special in _TABLE
}
