"""Sets of repetitions of every movement of the catalogue, done by a stick figure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rom.assess import Person, assess_movement
from rom.clinical.assessment import Assessment, Provenance
from rom.clinical.error import best_accuracy_deg
from rom.kinematics.correction import correct_reading
from rom.kinematics.orientation import estimate_orientation
from rom.landmarks import FloatArray, LandmarkSeries, Side, sided
from rom.movements import Movement, View, measurable_movements, movement_named
from rom.quality.limits import limits
from rom.quality.view import signed_off_plane_deg
from rom.trace import Trace
from tests.figures import (
    Angles,
    Body,
    Camera,
    Motion,
    Tempo,
    anchored,
    film,
    frame_times,
    pose_figure,
    set_duration_s,
    set_shape,
)

PROVENANCE = Provenance(
    rom_version="0",
    model="stick figure",
    model_sha256="0" * 64,
    mediapipe_version="0",
    correction="none",
    frames=0,
    frame_rate_hz=None,
)

TOO_POOR_DEG = limits()["accuracy_too_poor"].blocking or np.inf

PEAK_DEG: dict[str, float] = {
    "shoulder_flexion": 150.0,
    "shoulder_extension": 50.0,
    "shoulder_abduction": 150.0,
    "elbow_flexion": 135.0,
    "elbow_extension": -5.0,
    "wrist_flexion": 60.0,
    "wrist_extension": 55.0,
    "hip_flexion": 100.0,
    "hip_extension": 18.0,
    "hip_abduction": 35.0,
    "hip_adduction": 18.0,
    "hip_internal_rotation": 35.0,
    "hip_external_rotation": 30.0,
    "knee_flexion": 120.0,
    "knee_extension": -5.0,
    "ankle_dorsiflexion": 15.0,
    "ankle_plantarflexion": 40.0,
    "ankle_dorsiflexion_lunge": 38.0,
    "cervical_flexion": 45.0,
    "cervical_extension": 50.0,
    "cervical_lateral_flexion": 35.0,
    "cervical_rotation": 45.0,
    "trunk_flexion_with_hips": 90.0,
    "trunk_extension": 22.0,
    "trunk_lateral_flexion": 28.0,
}
"""A usual end of the range of every movement that can be measured."""

START_DEG = {"elbow_extension": -120.0, "knee_extension": -90.0, "ankle_dorsiflexion": -15.0}
"""Where movements begin that do not begin at 0."""


STANDING = pose_figure(np.arange(3.0), {})


def cases() -> list[tuple[str, Side | None]]:
    """Every movement that is handed out, with each of its sides.

    Those whose error is too large in the best view are refused whatever they show
    (`test_a_movement_that_is_read_too_poorly_is_refused_with_its_reason`).
    """
    return [
        (movement.name, side)
        for movement in measurable_movements()
        if best_accuracy_deg(movement.name) <= TOO_POOR_DEG
        for side in (list(Side) if movement.has_side else [None])
    ]


def handed_out(*names: str) -> list[str]:
    """Those of some movements that are not read too poorly in any view."""
    return [name for name in names if best_accuracy_deg(name) <= TOO_POOR_DEG]


def angles_of(name: str, side: Side | None, value: FloatArray | float) -> Angles:
    """Joint angles of the whole figure when a movement stands at a value."""
    value = np.asarray(value, np.float64)
    seated = {f"hip_flexion_{s}": 90.0 for s in Side} | {f"knee_flexion_{s}": 90.0 for s in Side}
    towards = -1.0 if side is Side.RIGHT else 1.0
    if name in ("cervical_flexion", "cervical_extension"):
        return seated | {"neck_flexion": value if name == "cervical_flexion" else -value}
    if name in ("cervical_lateral_flexion", "cervical_rotation"):
        return seated | {name.replace("cervical", "neck"): towards * value}
    if name in ("trunk_flexion_with_hips", "trunk_extension"):
        bent = value if name == "trunk_flexion_with_hips" else -value
        return {"trunk_flexion": bent} | {f"shoulder_flexion_{s}": bent for s in Side}
    if name == "trunk_lateral_flexion":
        return {"trunk_lateral_flexion": towards * value}
    if name.startswith("wrist"):
        bent = value if name == "wrist_flexion" else -value
        return seated | {f"elbow_flexion_{side}": 90.0, f"wrist_flexion_{side}": bent}
    if name in ("hip_internal_rotation", "hip_external_rotation"):
        turned = value if name == "hip_external_rotation" else -value
        return seated | {f"hip_external_rotation_{side}": turned}
    if name == "knee_extension":
        return seated | {f"knee_flexion_{side}": -value}
    if name in ("ankle_dorsiflexion", "ankle_plantarflexion"):
        lifted = value if name == "ankle_dorsiflexion" else -value
        return seated | {f"ankle_dorsiflexion_{side}": lifted}
    if name == "ankle_dorsiflexion_lunge":
        legs = {"hip_flexion": 30.0, "knee_flexion": 30.0 + value, "ankle_dorsiflexion": value}
        return {f"{joint}_{side}": angle for joint, angle in legs.items()}
    opposite = {"extension": "flexion", "adduction": "abduction"}
    joint, motion = name.split("_")
    if motion in opposite:
        return {f"{joint}_{opposite[motion]}_{side}": -value}
    if motion in ("flexion", "abduction"):
        return {f"{name}_{side}": value}
    raise KeyError(f"no figure for {name!r}")


def recommended_camera(movement: Movement, side: Side | None, **changes: object) -> Camera:
    """The view that the catalogue asks for; a movement without a side is seen from its left."""
    towards = -1.0 if side is Side.RIGHT else 1.0
    if movement.view in (View.FRONT, View.FACE):
        yaw_deg = 0.0
    elif movement.view is View.SIDE:
        yaw_deg = 90.0 * towards
    elif movement.view is View.OBLIQUE_SIDE:
        yaw_deg = 65.0 * towards
    else:
        raise ValueError(f"no camera for view {movement.view}")
    camera = Camera(yaw_deg=yaw_deg)
    if movement.joint == "neck":
        camera = replace(camera, scale_px_m=700.0, middle_frac=(0.5, 1.0))
    return replace(camera, **changes)  # type: ignore[arg-type]


def move(
    name: str,
    side: Side | None,
    *,
    peak_deg: float | None = None,
    peaks_deg: list[float] | None = None,
    tempo: Tempo | None = None,
    frame_rate_hz: float = 20.0,
    body: Body | None = None,
    extra: Angles | None = None,
    anchor: str | None = None,
) -> Motion:
    """A figure that performs a set.

    `extra` are joint angles that move in step with it; `anchor` names a joint that stays where it
    is instead of the hips.
    """
    peaks = (
        peaks_deg
        or [PEAK_DEG[name] if peak_deg is None else peak_deg] * (tempo or Tempo()).repetitions
    )
    tempo = replace(tempo or Tempo(), repetitions=len(peaks))
    time_s = frame_times(set_duration_s(tempo), frame_rate_hz)
    start_deg = START_DEG.get(name, 0.0)
    ways = np.array(peaks) - start_deg
    value_deg = start_deg + set_shape(time_s, tempo, ways)
    share = set_shape(time_s, tempo)
    angles = dict(angles_of(name, side, value_deg))
    for joint, end_deg in (extra or {}).items():
        angles[joint] = angles.get(joint, 0.0) + share * end_deg
    motion = pose_figure(time_s, angles, body)
    anchor = "heel" if name == "ankle_dorsiflexion_lunge" else anchor
    return motion if anchor is None else anchored(motion, sided(anchor, side or Side.LEFT))


def filmed(name: str, side: Side | None, *, camera: Camera | None = None, noise_px: float = 0.5,
           seed: int = 0, **how: object) -> LandmarkSeries:  # fmt: skip
    """A set as it is asked for, in the recommended view unless a camera is given."""
    camera = camera or recommended_camera(movement_named(name), side)
    motion = move(name, side, frame_rate_hz=camera.frame_rate_hz, **how)  # type: ignore[arg-type]
    return film(motion, camera, noise_px=noise_px, seed=seed)


def assess(
    series: LandmarkSeries, name: str, side: Side | None, **more: object
) -> tuple[Assessment, Trace]:
    return assess_movement(
        series,
        movement_named(name),
        side,
        person=Person(),
        provenance=PROVENANCE,
        **more,  # type: ignore[arg-type]
    )


def seen_deg(name: str, side: Side | None, value_deg: float, camera: Camera) -> float:
    """What a perfect reading of a value gives in a view, with the correction that is applied.

    The limb's own plane is turned away from the picture by a known angle, which shrinks what lies
    across the picture by its cosine.
    """
    movement = movement_named(name)
    if movement.view in (View.FRONT, View.FACE):
        shrink = abs(np.cos(np.radians(camera.yaw_deg)))
    else:
        shrink = abs(np.sin(np.radians(camera.yaw_deg)))

    def flattened(angle_deg: float) -> float:
        angle = np.radians(angle_deg)
        flat = float(np.degrees(np.arctan2(np.sin(angle) * shrink, np.cos(angle))))
        return flat + 360.0 * round((angle_deg - flat) / 360.0)

    # The thigh of a seated person and the foot of anybody start across the picture.
    level_deg = 90.0 if name == "knee_extension" or movement.reading == "ankle_sagittal" else 0.0
    flat_deg = flattened(level_deg) - flattened(level_deg - movement.sign * value_deg)

    off_deg = signed_off_plane_deg(movement, side, estimate_orientation(film(STANDING, camera)))

    def corrected(reading_deg: float) -> float:
        reading = np.array(reading_deg)
        return movement.sign * float(correct_reading(movement.name, reading, off_deg=off_deg))

    return corrected(flat_deg) - (corrected(0.0) if movement.zeroed else 0.0)


def codes(assessment: Assessment) -> set[str]:
    return {issue.code for issue in assessment.issues}


def blocking_codes(assessment: Assessment) -> set[str]:
    return {issue.code for issue in assessment.issues if issue.blocking}
