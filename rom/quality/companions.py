"""Is it the named movement? Joints that should stay still tell a squat from a raised knee."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rom.kinematics.angles import compute_reading
from rom.kinematics.geometry import wrap_deg
from rom.kinematics.orientation import Orientation
from rom.landmarks import BoolArray, FloatArray, LandmarkSeries, Side
from rom.movements import Movement
from rom.quality.issues import Issue
from rom.quality.limits import check_limit

MIN_COMPANION_DEG = 25.0
"""Less than this is how people move anyway and never calls the movement into question."""


class Companion(NamedTuple):
    """A reading that should stay still, on the measured or on the other side of the body."""

    reading: str
    other_side: bool
    words: str


_KNEE = Companion("knee_sagittal", False, "your knee bends as well")
_ARM = Companion("shoulder_sagittal", False, "your upper arm moves as well")
_HIP = Companion("hip_sagittal", False, "your thigh moves as well")
_OTHER_HIP = Companion("hip_sagittal", True, "both hips bend")
_OTHER_KNEE = Companion("knee_sagittal", True, "both knees bend")
_TRUNK = Companion("trunk_sagittal", False, "your trunk bends")
_ELBOW = Companion("elbow_sagittal", False, "your elbow bends as well")

COMPANIONS: dict[str, tuple[Companion, ...]] = {
    "shoulder_flexion": (_ELBOW, _KNEE),
    "shoulder_extension": (_TRUNK, _KNEE),
    "shoulder_abduction": (_ELBOW, _KNEE),
    "elbow_flexion": (_ARM,),
    "elbow_extension": (_ARM,),
    "hip_flexion": (_OTHER_HIP, _TRUNK),
    "hip_extension": (_OTHER_HIP, _TRUNK),
    "hip_abduction": (_KNEE,),
    "hip_adduction": (_KNEE,),
    "knee_flexion": (_HIP, _OTHER_KNEE),
    "knee_extension": (_HIP, _OTHER_KNEE),
    "ankle_dorsiflexion": (_KNEE,),
    "ankle_plantarflexion": (_KNEE,),
    "trunk_flexion_with_hips": (_KNEE,),
    "trunk_extension": (_KNEE,),
}


def excursion_deg(angle_deg: FloatArray) -> float:
    """Robust distance between the extremes of an angle, 0 when it was hardly seen."""
    finite = angle_deg[np.isfinite(angle_deg)]
    if len(finite) < 5:
        return 0.0
    centre = np.degrees(np.angle(np.exp(1j * np.radians(finite)).mean()))
    around = wrap_deg(finite, lowest_deg=centre - 180.0)
    return float(np.percentile(around, 95) - np.percentile(around, 5))


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
        if moved_deg < MIN_COMPANION_DEG:
            continue
        ratio = moved_deg / max(measured_deg, 1e-9)
        if worst is None or ratio > worst[0]:
            worst = (ratio, companion)
    if worst is None:
        return []
    ratio, companion = worst
    return check_limit(
        "other_movement",
        ratio,
        f"This looks like another movement than {movement.name}: {companion.words}, "
        f"{ratio:.0%} as far as what is measured. {movement.instruction_for(side)}",
    )
