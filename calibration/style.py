"""How a person does a movement besides the movement itself: habits, coupled motion, compensation.

Each trait is a number drawn once for a still (people to fit on) or once for a series (people to
report on), where it grows with the movement as it does in real people. The two splits therefore
differ in their motions and not only in their bodies: a correction cannot learn that a certain arm
angle comes with a certain lean.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from calibration.posing import SIDES, TOWARDS_LEFT, Posture, Side


@dataclass(frozen=True, kw_only=True)
class Style:
    """Traits; angles in degrees at full progress, fractions per degree of the movement.

    Attributes
    ----------
    lean_deg
        Trunk bent away from the moving side, or backwards in a movement of the sagittal plane.
    hike_deg
        Shoulder girdle pulled up on the moving side.
    plane_deg
        Arm raised in front of the frontal plane, or outside the sagittal plane.
    elbow_deg
        Bend of the elbow that should be straight.
    pelvis_frac
        Turn of the pelvis with the thigh: backwards in hip flexion (part of the norms' hip
        flexion), upwards in hip abduction.
    knee_frac
        Bend of the knee per degree of hip flexion.
    thigh_deg
        Thigh that travels along in knee flexion, positive forwards.
    hips_frac
        Share of a bow that happens at the hips.
    coupling_frac
        Rotation per degree of side-bending and the reverse, for neck and trunk.
    nod_deg
        Flexion that comes with a turn or side-bend of neck or trunk.
    habit_lateral_deg, habit_flexion_deg, habit_turn_deg, habit_nod_deg
        How the person stands before anything moves: trunk, and head.
    idle_deg
        Abduction of the idle arm beyond hanging.
    """

    lean_deg: float = 0.0
    hike_deg: float = 0.0
    plane_deg: float = 0.0
    elbow_deg: float = 0.0
    pelvis_frac: float = 0.15
    knee_frac: float = 0.85
    thigh_deg: float = 0.0
    hips_frac: float = 0.55
    coupling_frac: float = 0.0
    nod_deg: float = 0.0
    habit_lateral_deg: float = 0.0
    habit_flexion_deg: float = 0.0
    habit_turn_deg: float = 0.0
    habit_nod_deg: float = 0.0
    idle_deg: float = 0.0


_SPREAD: dict[str, tuple[float, float]] = {
    "lean_deg": (-1.0, 7.0),
    "hike_deg": (0.0, 8.0),
    "plane_deg": (0.0, 14.0),
    "elbow_deg": (0.0, 16.0),
    "pelvis_frac": (0.05, 0.25),
    "knee_frac": (0.65, 1.0),
    "thigh_deg": (-8.0, 8.0),
    "hips_frac": (0.42, 0.70),
    "coupling_frac": (-0.05, 0.20),
    "nod_deg": (-4.0, 6.0),
    "habit_lateral_deg": (-2.0, 2.0),
    "habit_flexion_deg": (-2.0, 4.0),
    "habit_turn_deg": (-4.0, 4.0),
    "habit_nod_deg": (-4.0, 6.0),
    "idle_deg": (-3.0, 6.0),
}
"""Usual low and high of every trait. Shares at pelvis and hips after the lumbopelvic rhythm as
reviews describe it, the rest as people are seen to do it; nothing here is a clinical figure."""

_PER_POSE = (
    "habit_lateral_deg",
    "habit_flexion_deg",
    "habit_turn_deg",
    "habit_nod_deg",
    "idle_deg",
)


def draw_style(rng: np.random.Generator) -> Style:
    """A person's manner, uniform between usual low and high."""
    return Style(**{name: float(rng.uniform(*limits)) for name, limits in _SPREAD.items()})


def sway_style(style: Style, rng: np.random.Generator, *, sigma_deg: float = 0.7) -> Style:
    """The same manner a moment later: only how the person stands has changed a little."""
    return replace(
        style,
        **{name: getattr(style, name) + float(rng.normal(0.0, sigma_deg)) for name in _PER_POSE},
    )


def guard(style: Style) -> Style:
    """A guarded manner: clearly more lean and hike than usual, and a bent arm."""
    return replace(style, lean_deg=14.0, hike_deg=14.0, elbow_deg=style.elbow_deg + 8.0)


def apply_style(
    posture: Posture,
    style: Style,
    *,
    movement: str,
    side: Side,
    command_deg: float,
    progress: float,
) -> Posture:
    """The posture as this person would take it; `progress` is 0 at rest and 1 at full range."""
    posture = _coupled(posture, style, movement, side, command_deg, progress)
    other: Side = "right" if side == "left" else "left"
    if "shoulder" not in movement:
        other_abduction_deg = posture.limbs(other).shoulder_abduction_deg + style.idle_deg
        posture = posture.with_limbs(other, shoulder_abduction_deg=other_abduction_deg)
    return replace(
        posture,
        trunk_lateral_deg=posture.trunk_lateral_deg + style.habit_lateral_deg,
        trunk_flexion_deg=posture.trunk_flexion_deg + style.habit_flexion_deg,
        neck_rotation_deg=posture.neck_rotation_deg + style.habit_turn_deg,
        neck_flexion_deg=posture.neck_flexion_deg + style.habit_nod_deg,
    )


def _coupled(
    posture: Posture, style: Style, movement: str, side: Side, command_deg: float, progress: float
) -> Posture:
    joint = movement.split("_")[0]
    if joint == "shoulder":
        return _shoulder(posture, style, movement, side, progress)
    if joint == "elbow":
        return posture.with_limbs(
            side,
            shoulder_flexion_deg=0.8 * style.plane_deg * progress,
            shoulder_abduction_deg=5.0 + 0.4 * style.elbow_deg,
        )
    if movement in ("hip_flexion", "hip_extension"):
        sign = 1.0 if movement == "hip_flexion" else -1.0
        return _hip_sagittal(posture, style, side, sign * command_deg, progress)
    if movement == "hip_abduction":
        return _hip_abduction(posture, style, side, command_deg, progress)
    if movement == "knee_flexion":
        hip_deg = posture.limbs(side).hip_flexion_deg + style.thigh_deg * progress
        posture = posture.with_limbs(side, hip_flexion_deg=hip_deg)
        return _leant_forwards(posture, 0.6 * style.lean_deg * progress)
    if movement == "trunk_flexion_with_hips":
        return _bow(posture, style, command_deg)
    if joint in ("cervical", "trunk") and movement not in ("trunk_extension",):
        return _axial(posture, style, movement, command_deg, progress)
    return posture


def _shoulder(
    posture: Posture, style: Style, movement: str, side: Side, progress: float
) -> Posture:
    limbs = posture.limbs(side)
    changes = {
        "shoulder_hike_deg": style.hike_deg * progress,
        "elbow_flexion_deg": limbs.elbow_flexion_deg + style.elbow_deg,
    }
    if movement == "shoulder_abduction":
        changes["shoulder_flexion_deg"] = style.plane_deg * float(
            np.sin(np.pi * min(progress, 1.0))
        )
        lateral_deg = -TOWARDS_LEFT[side] * style.lean_deg * progress
        posture = replace(posture, trunk_lateral_deg=posture.trunk_lateral_deg + lateral_deg)
    else:
        changes["shoulder_abduction_deg"] = limbs.shoulder_abduction_deg + 0.7 * style.plane_deg
        backwards = 1.0 if movement == "shoulder_flexion" else -1.0
        posture = _leant_forwards(posture, -backwards * style.lean_deg * progress)
    return posture.with_limbs(side, **changes)


def _leant_forwards(posture: Posture, lean_deg: float) -> Posture:
    return replace(posture, trunk_flexion_deg=posture.trunk_flexion_deg + lean_deg)


def _hip_sagittal(
    posture: Posture, style: Style, side: Side, flexion_deg: float, progress: float
) -> Posture:
    """The pelvis follows the thigh; the spine keeps the trunk up and the other leg stands."""
    tilt_deg = style.pelvis_frac * flexion_deg
    posture = replace(
        posture,
        pelvis_forward_deg=-tilt_deg,
        trunk_flexion_deg=posture.trunk_flexion_deg + tilt_deg,
    )
    other: Side = "right" if side == "left" else "left"
    posture = posture.with_limbs(other, hip_flexion_deg=-tilt_deg)
    limbs = posture.limbs(side)
    at_hip_deg = (1.0 - style.pelvis_frac) * limbs.hip_flexion_deg
    posture = posture.with_limbs(side, hip_flexion_deg=at_hip_deg)
    if flexion_deg > 0.0:
        posture = posture.with_limbs(side, knee_flexion_deg=2.0 + style.knee_frac * flexion_deg)
        return _leant_forwards(posture, -0.5 * style.lean_deg * progress)
    posture = posture.with_limbs(side, knee_flexion_deg=limbs.knee_flexion_deg + 6.0 * progress)
    return _leant_forwards(posture, style.lean_deg * progress)


def _hip_abduction(
    posture: Posture, style: Style, side: Side, command_deg: float, progress: float
) -> Posture:
    """The pelvis hikes on the moving side; the spine bends back, the other leg stands."""
    towards = TOWARDS_LEFT[side]
    hike_deg = style.pelvis_frac * command_deg
    other: Side = "right" if side == "left" else "left"
    posture = replace(
        posture,
        pelvis_left_deg=-towards * hike_deg,
        trunk_lateral_deg=posture.trunk_lateral_deg
        + towards * hike_deg
        - towards * style.lean_deg * progress,
    )
    standing_deg = posture.limbs(other).hip_abduction_deg + hike_deg
    return posture.with_limbs(other, hip_abduction_deg=standing_deg)


def _bow(posture: Posture, style: Style, command_deg: float) -> Posture:
    """Another share of hips and spine than the plain bow's 0.55."""
    at_hips_deg = style.hips_frac * command_deg
    spine_deg = posture.trunk_flexion_deg + 1.35 * (posture.pelvis_forward_deg - at_hips_deg)
    posture = replace(posture, pelvis_forward_deg=at_hips_deg, trunk_flexion_deg=spine_deg)
    for each in SIDES:
        posture = posture.with_limbs(each, hip_flexion_deg=at_hips_deg)
    return posture


def _axial(
    posture: Posture, style: Style, movement: str, command_deg: float, progress: float
) -> Posture:
    """Side-bending brings some rotation, rotation some side-bending, and both a nod."""
    region = "neck" if movement.startswith("cervical") else "trunk"
    coupled = {"lateral": "rotation", "rotation": "lateral"}
    changes: dict[str, float] = {}
    for axis, partner in coupled.items():
        if axis in movement:
            changes[f"{region}_{partner}_deg"] = style.coupling_frac * command_deg
            changes[f"{region}_flexion_deg"] = style.nod_deg * progress
    if region == "neck":
        changes["trunk_lateral_deg"] = 0.06 * command_deg * ("lateral" in movement)
    return replace(
        posture, **{name: getattr(posture, name) + value for name, value in changes.items()}
    )


assert {each.name for each in fields(Style)} == set(_SPREAD), "every trait needs its spread"
