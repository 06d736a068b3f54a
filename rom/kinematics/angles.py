"""Joint angles in the image plane, one function for each reading.

Every reading is the turn from a reference arm to a moving arm, as on a goniometer, with an axis
and a sign fixed to the body (`Orientation`). NaN where a landmark was not seen.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rom.kinematics.geometry import DOWN, UP, perpendicular_towards, turn_deg, turned
from rom.kinematics.head import head_roll_deg, head_yaw_deg
from rom.kinematics.orientation import Orientation
from rom.landmarks import FloatArray, Landmark, LandmarkSeries, Side

UPPER_TRUNK_SHARE = 0.5
"""Turn of the upper trunk beyond the hip-to-shoulder line, per degree that this line leans: 0 for a
trunk that leans as a whole, 1 for one bent evenly, as the chord of an arc turns half as far as its
end. The middle is at most half the lean off, which is where the limit of `trunk_lean` is from."""


def trunk_up_px(series: LandmarkSeries) -> FloatArray:
    """(T, 2) from mid-hip to mid-shoulder."""
    return series.middle_px("shoulder") - series.middle_px("hip")


def pelvis_up_px(series: LandmarkSeries) -> FloatArray:
    """(T, 2) perpendicular of the hip line, on the side of the trunk."""
    hip_line = series.side_px("hip", Side.LEFT) - series.side_px("hip", Side.RIGHT)
    return perpendicular_towards(hip_line, trunk_up_px(series))


def _segment_px(series: LandmarkSeries, side: Side, start: str, end: str) -> FloatArray:
    return series.side_px(end, side) - series.side_px(start, side)


def trunk_bend_deg(series: LandmarkSeries) -> FloatArray:
    """(T,) lean of the trunk line from its own upright start, positive clockwise on the screen.

    The start is the trunk line's median over the first second in which it was seen.
    """
    lean = turn_deg(UP, trunk_up_px(series))
    seen = np.flatnonzero(np.isfinite(lean))
    if len(seen) == 0:
        return lean
    first = seen[series.time_s[seen] <= series.time_s[seen[0]] + 1.0]
    bend: FloatArray = lean - np.median(lean[first])
    return bend


def upper_trunk_down_px(series: LandmarkSeries) -> FloatArray:
    """(T, 2) long axis of the upper trunk, pointing down, as the shoulder's reference arm."""
    return turned(-trunk_up_px(series), UPPER_TRUNK_SHARE * trunk_bend_deg(series))


def _shoulder_sagittal(series: LandmarkSeries, side: Side, body: Orientation) -> FloatArray:
    arm = _segment_px(series, side, "shoulder", "elbow")
    return -body.forward * turn_deg(-trunk_up_px(series), arm)


def _shoulder_frontal(series: LandmarkSeries, side: Side, body: Orientation) -> FloatArray:
    arm = _segment_px(series, side, "shoulder", "elbow")
    return -body.lateral(side) * turn_deg(upper_trunk_down_px(series), arm)


def _elbow_sagittal(series: LandmarkSeries, side: Side, body: Orientation) -> FloatArray:
    upper_arm = _segment_px(series, side, "shoulder", "elbow")
    return -body.forward * turn_deg(upper_arm, _segment_px(series, side, "elbow", "wrist"))


def _wrist_sagittal(series: LandmarkSeries, side: Side, body: Orientation) -> FloatArray:
    forearm = _segment_px(series, side, "elbow", "wrist")
    if series.hand_px is None:
        return np.full(len(series), np.nan)
    hand = series.hand_px[:, 0 if side is Side.LEFT else 1].astype(np.float64)
    knuckles = hand[:, [5, 9, 13, 17]].mean(axis=1) - hand[:, 0]
    return np.sign(forearm[:, 0]) * turn_deg(forearm, knuckles)


def _hip_sagittal(series: LandmarkSeries, side: Side, body: Orientation) -> FloatArray:
    return -body.forward * turn_deg(-trunk_up_px(series), _segment_px(series, side, "hip", "knee"))


def _hip_frontal(series: LandmarkSeries, side: Side, body: Orientation) -> FloatArray:
    thigh = _segment_px(series, side, "hip", "knee")
    return -body.lateral(side) * turn_deg(-pelvis_up_px(series), thigh)


def _hip_rotation(series: LandmarkSeries, side: Side, body: Orientation) -> FloatArray:
    shank = _segment_px(series, side, "knee", "ankle")
    return body.lateral(side) * turn_deg(-pelvis_up_px(series), shank)


def _knee_sagittal(series: LandmarkSeries, side: Side, body: Orientation) -> FloatArray:
    thigh = _segment_px(series, side, "hip", "knee")
    return body.forward * turn_deg(thigh, _segment_px(series, side, "knee", "ankle"))


def _ankle_sagittal(series: LandmarkSeries, side: Side, body: Orientation) -> FloatArray:
    shank = _segment_px(series, side, "knee", "ankle")
    foot = _segment_px(series, side, "heel", "foot_index")
    return -body.forward * turn_deg(shank, foot) - 90.0


def _shank_sagittal(series: LandmarkSeries, side: Side, body: Orientation) -> FloatArray:
    return body.forward * turn_deg(UP, _segment_px(series, side, "ankle", "knee"))


def _trunk_sagittal(series: LandmarkSeries, side: Side, body: Orientation) -> FloatArray:
    return body.forward * turn_deg(UP, trunk_up_px(series))


def _trunk_frontal(series: LandmarkSeries, side: Side, body: Orientation) -> FloatArray:
    return body.lateral(side) * turn_deg(UP, trunk_up_px(series))


def _neck_sagittal(series: LandmarkSeries, side: Side, body: Orientation) -> FloatArray:
    face = series.point_px(Landmark.NOSE) - series.middle_px("ear")
    return body.forward * turn_deg(DOWN, face)


def _neck_frontal(series: LandmarkSeries, side: Side, body: Orientation) -> FloatArray:
    return body.lateral(side) * head_roll_deg(series)


def _neck_rotation(series: LandmarkSeries, side: Side, body: Orientation) -> FloatArray:
    return (1.0 if side is Side.LEFT else -1.0) * head_yaw_deg(series)


Reading = Callable[[LandmarkSeries, Side, Orientation], FloatArray]

READINGS: dict[str, Reading] = {
    "shoulder_sagittal": _shoulder_sagittal,
    "shoulder_frontal": _shoulder_frontal,
    "elbow_sagittal": _elbow_sagittal,
    "wrist_sagittal": _wrist_sagittal,
    "hip_sagittal": _hip_sagittal,
    "hip_frontal": _hip_frontal,
    "hip_rotation": _hip_rotation,
    "knee_sagittal": _knee_sagittal,
    "ankle_sagittal": _ankle_sagittal,
    "shank_sagittal": _shank_sagittal,
    "trunk_sagittal": _trunk_sagittal,
    "trunk_frontal": _trunk_frontal,
    "neck_sagittal": _neck_sagittal,
    "neck_frontal": _neck_frontal,
    "neck_rotation": _neck_rotation,
}


def compute_reading(
    series: LandmarkSeries, reading: str, side: Side, body: Orientation
) -> FloatArray:
    """(T,) uncorrected angle of a reading in degrees, NaN where it was not seen; wrapped anyhow.

    Raises
    ------
    KeyError
        Unknown reading; the message lists the valid ones.
    """
    if reading not in READINGS:
        raise KeyError(f"unknown reading {reading!r}; valid: {', '.join(READINGS)}")
    return READINGS[reading](series, side, body)
