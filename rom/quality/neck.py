"""Does the trunk stay still while the head moves? It carries the neck's reference arm."""

from __future__ import annotations

import numpy as np

from rom.kinematics.angles import trunk_up_px
from rom.kinematics.geometry import UP, length_px, turn_deg
from rom.kinematics.head import shoulder_roll_deg
from rom.landmarks import BoolArray, FloatArray, Landmark, LandmarkSeries
from rom.movements import Movement
from rom.quality.companions import excursion_deg
from rom.quality.issues import Issue
from rom.quality.limits import check_limit
from rom.quality.visibility import inside_picture

TRUNK_HEADS = 4.5
"""Length of the trunk in distances from the ears to the nose, where the hips are not in view."""


def shoulders_turn_deg(series: LandmarkSeries, movement: Movement) -> FloatArray:
    """(T,) turn of the reference arm in the picture; from the side, lean of the trunk."""
    if movement.reading != "neck_sagittal":
        return shoulder_roll_deg(series)
    hips = [int(Landmark.LEFT_HIP), int(Landmark.RIGHT_HIP)]
    if inside_picture(series, hips).mean() > 0.9:
        return turn_deg(UP, trunk_up_px(series))
    shoulders = series.middle_px("shoulder")
    face = length_px(series.point_px(Landmark.NOSE) - series.middle_px("ear"))
    trunk_px = TRUNK_HEADS * float(np.nanmedian(face)) if np.isfinite(face).any() else np.nan
    shift: FloatArray = np.degrees((shoulders[:, 0] - np.nanmedian(shoulders[:, 0])) / trunk_px)
    return shift


def check_shoulders(series: LandmarkSeries, movement: Movement, moving: BoolArray) -> list[Issue]:
    """How far the shoulders move during a set of the neck."""
    if movement.joint != "neck":
        return []
    turned_deg = excursion_deg(shoulders_turn_deg(series, movement)[moving])
    return check_limit(
        "shoulders_move",
        turned_deg,
        f"Your shoulders move with your head, by about {turned_deg:.0f}°. Sit against a backrest "
        "and move the head alone.",
    )
