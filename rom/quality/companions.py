"""Is it the named movement? Joints that should stay still tell a squat from a raised knee."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rom.kinematics.angles import compute_reading
from rom.kinematics.geometry import length_px, wrap_deg
from rom.kinematics.orientation import Orientation
from rom.landmarks import BoolArray, FloatArray, LandmarkSeries, Side
from rom.movements import Movement, View
from rom.quality.issues import Issue
from rom.quality.limits import check_limit

MIN_COMPANION_DEG = 25.0
"""Less than this is how people move anyway and never calls the movement into question."""

SMALLEST_TRUNK_DEG = 10.0
"""Sway of a trunk that is held still."""


class Companion(NamedTuple):
    """A reading that should stay still, on the measured or on the other side of the body.

    `allowance` is how many times as far as the measured joint it may move and still be a usual
    part of the movement, as the arm that hangs down beside a bent trunk.
    """

    reading: str
    other_side: bool
    words: str
    allowance: float = 1.0


_KNEE = Companion("knee_sagittal", False, "your knee bends as well")
_ARM = Companion("shoulder_sagittal", False, "your upper arm moves as well")
_HIP = Companion("hip_sagittal", False, "your thigh moves as well")
_OTHER_HIP = Companion("hip_sagittal", True, "both hips bend")
_OTHER_KNEE = Companion("knee_sagittal", True, "both knees bend")
_TRUNK = Companion("trunk_sagittal", False, "your trunk bends")
_ELBOW = Companion("elbow_sagittal", False, "your elbow bends as well")
_SIDE_BEND = Companion("trunk_frontal", False, "your trunk bends sideways")
_RAISED = Companion("shoulder_frontal", False, "your arm is raised", 2.5)
_OTHER_RAISED = Companion("shoulder_frontal", True, "your arm is raised", 2.5)
_STRAIGHT_KNEE = Companion("knee_sagittal", False, "your knee bends", 2.0)
_ARMS = (_RAISED, _OTHER_RAISED)

COMPANIONS: dict[str, tuple[Companion, ...]] = {
    "shoulder_flexion": (_ELBOW, _KNEE),
    "shoulder_extension": (_TRUNK, _KNEE),
    "shoulder_abduction": (_ELBOW, _KNEE, _SIDE_BEND),
    "elbow_flexion": (_ARM,),
    "elbow_extension": (_ARM,),
    "hip_flexion": (_OTHER_HIP, _TRUNK),
    "hip_extension": (_OTHER_HIP, _TRUNK, _STRAIGHT_KNEE),
    "hip_abduction": (_KNEE, _SIDE_BEND),
    "hip_adduction": (_KNEE, _SIDE_BEND),
    "knee_flexion": (_HIP, _OTHER_KNEE),
    "knee_extension": (_HIP, _OTHER_KNEE),
    "ankle_dorsiflexion": (_KNEE, _HIP),
    "ankle_plantarflexion": (_KNEE, _HIP),
    "trunk_flexion_with_hips": (_KNEE,),
    "trunk_extension": (_KNEE,),
    "trunk_lateral_flexion": _ARMS,
    "cervical_lateral_flexion": _ARMS,
    "cervical_rotation": _ARMS,
}

TRAVELLING = ("ankle_dorsiflexion_lunge", "wrist_flexion", "wrist_extension")
"""Movements in which the hips move with the joint, or are not in the picture."""
IN_PLACE_TRUNKS = 0.4
"""How far from the place of the set a person still counts as being there."""


def excursion_deg(angle_deg: FloatArray) -> float:
    """Robust distance between the extremes of an angle, 0 when it was hardly seen."""
    finite = angle_deg[np.isfinite(angle_deg)]
    if len(finite) < 5:
        return 0.0
    centre = np.degrees(np.angle(np.exp(1j * np.radians(finite)).mean()))
    around = wrap_deg(finite, lowest_deg=centre - 180.0)
    return float(np.percentile(around, 95) - np.percentile(around, 5))


def check_place(
    series: LandmarkSeries, movement: Movement, side: Side | None, moving: BoolArray
) -> list[Issue]:
    """Whether the person stays where they are, and sits where the movement is done seated."""
    issues: list[Issue] = []
    if movement.name not in TRAVELLING:
        travel = travel_trunks(series, movement, moving)
        issues += check_limit(
            "subject_moves",
            travel,
            f"You move about by {travel:.1f} trunk lengths during the set. Stay in one place from "
            "the first repetition to the last.",
        )
    if movement.reading == "shank_sagittal":
        travel = heel_travel_shanks(series, side or Side.LEFT, moving)
        issues += check_limit(
            "foot_moves",
            travel,
            f"Your foot moves by {travel:.1f} lengths of the lower leg, but it has to stay on the "
            f"floor. {movement.start}",
        )
    if movement.reading == "hip_rotation":
        ratio = thigh_shank_ratio(series, side or Side.LEFT, moving)
        issues += check_limit(
            "not_seated",
            ratio,
            "You do not seem to be seated facing the camera, which this movement needs. "
            f"{movement.start}",
        )
    return issues


def travel_trunks(series: LandmarkSeries, movement: Movement, moving: BoolArray) -> float:
    """Robust distance that the body's fixed point covers, in trunk lengths; NaN if not seen."""
    anchor = "shoulder" if movement.view is View.FACE else "hip"
    path = series.middle_px(anchor)[moving]
    trunk = length_px(series.middle_px("shoulder") - series.middle_px("hip"))
    if not np.isfinite(path).all(axis=1).any():
        return float("nan")
    return _travel_px(path) / float(np.nanmax([np.nanpercentile(trunk, 75), 1.0]))


def in_place(series: LandmarkSeries, movement: Movement, moving: BoolArray) -> BoolArray:
    """(T,) frames in which the person is where the set is done: not yet walking up or rising."""
    if movement.name in TRAVELLING:
        return np.ones(len(series), np.bool_)
    path = series.middle_px("shoulder" if movement.view is View.FACE else "hip")
    trunk = length_px(series.middle_px("shoulder") - series.middle_px("hip"))[moving]
    if not (np.isfinite(trunk).any() and np.isfinite(path[moving]).any()):
        return np.ones(len(series), np.bool_)
    away = length_px(path - np.nanmedian(path[moving], axis=0))
    with np.errstate(invalid="ignore"):
        return np.asarray(away <= IN_PLACE_TRUNKS * np.nanpercentile(trunk, 75))


def heel_travel_shanks(series: LandmarkSeries, side: Side, moving: BoolArray) -> float:
    """Robust distance that the heel covers, in lengths of the lower leg; NaN if not seen."""
    shank = length_px(series.side_px("ankle", side) - series.side_px("knee", side))[moving]
    if not np.isfinite(shank).any():
        return float("nan")
    return _travel_px(series.side_px("heel", side)[moving]) / float(np.nanpercentile(shank, 75))


def _travel_px(path: FloatArray) -> float:
    """Diagonal of the box that holds a (T, 2) path but for its outliers; NaN if hardly seen."""
    path = path[np.isfinite(path).all(axis=1)]
    if len(path) < 5:
        return float("nan")
    spread = np.percentile(path, 95, axis=0) - np.percentile(path, 5, axis=0)
    return float(np.hypot(*spread))


def thigh_shank_ratio(series: LandmarkSeries, side: Side, moving: BoolArray) -> float:
    """Projected length of the thigh against the shank, median; NaN if not seen."""
    thigh = length_px(series.side_px("knee", side) - series.side_px("hip", side))[moving]
    shank = length_px(series.side_px("ankle", side) - series.side_px("knee", side))[moving]
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = thigh / shank
    return float(np.nanmedian(ratio)) if np.isfinite(ratio).any() else float("nan")


def _least_deg(companion: Companion, measured_deg: float) -> float:
    """From where on a companion counts; a trunk that bends as far as a small movement is it."""
    if companion is not _TRUNK:
        return MIN_COMPANION_DEG
    return min(MIN_COMPANION_DEG, max(SMALLEST_TRUNK_DEG, 0.8 * measured_deg))


def check_companions(
    series: LandmarkSeries,
    movement: Movement,
    side: Side | None,
    body: Orientation,
    *,
    measured_deg: float,
    moving: BoolArray,
) -> list[Issue]:
    """Compare what should stay still with `measured_deg`, the excursion of the named movement."""
    worst: tuple[float, Companion] | None = None
    chosen = side or Side.LEFT
    for companion in COMPANIONS.get(movement.name, ()):
        where = chosen.other if companion.other_side else chosen
        angle_deg = compute_reading(series, companion.reading, where, body)
        moved_deg = excursion_deg(angle_deg[moving])
        if moved_deg < _least_deg(companion, measured_deg):
            continue
        ratio = moved_deg / max(measured_deg, 1e-9) / companion.allowance
        if worst is None or ratio > worst[0]:
            worst = (ratio, companion)
    if worst is None:
        return []
    ratio, companion = worst
    return check_limit(
        "other_movement",
        ratio,
        f"This looks like another movement than {movement.name}: {companion.words}, "
        f"{ratio * companion.allowance:.0%} as far as what is measured. "
        f"{movement.instruction_for(side)}",
    )
