"""What else moves during a movement: one measure a compensation, frame by frame.

Every measure counts from the person's own resting frames, in degrees or in lengths of the body, and
is positive in the direction its name says. NaN where a landmark was not seen, and everywhere where
the rest was not. None of it is a clinical figure: limits are those of `rom.clinical.signs`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rom.kinematics.angles import trunk_up_px
from rom.kinematics.geometry import length_px, turn_deg
from rom.kinematics.head import head_roll_deg, head_yaw_deg
from rom.kinematics.orientation import Orientation
from rom.landmarks import BoolArray, FloatArray, Landmark, LandmarkSeries, Side

MIN_REST_FRAMES = 5
SHOULDER_TRUNKS = 0.70
"""Width of the shoulders in lengths of the trunk line, for views that do not show it: the median
that the pose model places on the bench's people from the front."""
HEAD_FACES = 1.3
"""Width of the head in distances from the ears to the nose, as seen from the side."""


@dataclass(frozen=True, eq=False)
class Observation:
    """A recording as the measures see it.

    Attributes
    ----------
    side
        Side of the body that moves, or the direction moved to; in movements without a side the one
        nearer to the camera.
    resting
        (T,) frames in which the person rests.
    """

    series: LandmarkSeries
    side: Side
    body: Orientation
    resting: BoolArray

    def own_px(self, name: str) -> FloatArray:
        """(T, 2) path of a joint of the side that moves."""
        return self.series.side_px(name, self.side)

    def other_px(self, name: str) -> FloatArray:
        """(T, 2) path of a joint of the other side."""
        return self.series.side_px(name, self.side.other)

    def at_rest(self, values: FloatArray) -> FloatArray:
        """Median of (T, ...) values over the resting frames, NaN where they were hardly seen."""
        rows = values[self.resting]
        rows = rows[np.isfinite(rows).all(axis=tuple(range(1, rows.ndim)))]
        if len(rows) < MIN_REST_FRAMES:
            return np.full(values.shape[1:], np.nan)
        middle: FloatArray = np.median(rows, axis=0)
        return middle

    def turned_deg(self, line_px: FloatArray) -> FloatArray:
        """(T,) turn of a line since rest, positive clockwise on the screen."""
        return turn_deg(self.at_rest(line_px), line_px)

    def change(self, values: FloatArray) -> FloatArray:
        """(T,) difference from rest."""
        changed: FloatArray = values - self.at_rest(values)
        return changed


def trunk_lean_forwards_deg(seen: Observation) -> FloatArray:
    """(T,) lean of the trunk line, seen from the side."""
    return seen.body.forward * seen.turned_deg(trunk_up_px(seen.series))


def trunk_lean_backwards_deg(seen: Observation) -> FloatArray:
    """(T,) the same, backwards."""
    return -trunk_lean_forwards_deg(seen)


def trunk_lean_away_deg(seen: Observation) -> FloatArray:
    """(T,) lean of the trunk line away from the side that moves, seen from the front."""
    return -seen.body.lateral(seen.side) * seen.turned_deg(trunk_up_px(seen.series))


def trunk_lean_any_deg(seen: Observation) -> FloatArray:
    """(T,) lean of the trunk line in the picture to whichever side."""
    return np.abs(seen.turned_deg(trunk_up_px(seen.series)))


def seated_lean_forwards_deg(seen: Observation) -> FloatArray:
    """(T,) lean of the shoulders over where the hips rest: a seat holds hips that seem to move."""
    up_px = seen.series.middle_px("shoulder") - seen.at_rest(seen.series.middle_px("hip"))
    return seen.body.forward * seen.turned_deg(up_px)


def seated_lean_backwards_deg(seen: Observation) -> FloatArray:
    """(T,) the same, backwards."""
    return -seated_lean_forwards_deg(seen)


def trunk_turn_deg(seen: Observation) -> FloatArray:
    """(T,) turn of the trunk to whichever side, from the visible width of the shoulders.

    Only where the person sits turned: from the front a turn of 10 degrees takes 1.5 % of the width,
    from 35 degrees off it 14 %.
    """
    width_px = length_px(seen.own_px("shoulder") - seen.other_px("shoulder"))
    off_deg = abs(seen.body.off_front_view_deg(Side.LEFT))
    with np.errstate(invalid="ignore", divide="ignore"):
        shown = np.cos(np.radians(off_deg)) * width_px / seen.at_rest(width_px)
    turned: FloatArray = np.degrees(np.arccos(np.clip(shown, -1.0, 1.0))) - off_deg
    return np.abs(turned)


def shoulder_hike_frac(seen: Observation) -> FloatArray:
    """(T,) rise of the moving shoulder along the trunk from the hips, in shoulder widths."""
    up_px = trunk_up_px(seen.series)
    with np.errstate(invalid="ignore", divide="ignore"):
        axis = up_px / length_px(up_px)[:, None]
    height_px = ((seen.own_px("shoulder") - seen.series.middle_px("hip")) * axis).sum(axis=1)
    return seen.change(height_px) / shoulder_width_px(seen)


def own_shoulder_rise_frac(seen: Observation) -> FloatArray:
    """(T,) rise in the picture of the shoulder on the side moved to, in shoulder widths."""
    return -seen.change(seen.own_px("shoulder")[:, 1]) / shoulder_width_px(seen)


def either_shoulder_rise_frac(seen: Observation) -> FloatArray:
    """(T,) rise in the picture of the shoulder that rises more, in shoulder widths."""
    rises = [-seen.change(seen.series.side_px("shoulder", side)[:, 1]) for side in Side]
    return np.maximum(*rises) / shoulder_width_px(seen)


def shoulder_forward_frac(seen: Observation) -> FloatArray:
    """(T,) shift of the shoulder forwards from the hip, in shoulder widths, from the side."""
    ahead_px = seen.own_px("shoulder")[:, 0] - seen.own_px("hip")[:, 0]
    return seen.body.forward * seen.change(ahead_px) / shoulder_width_px(seen)


def shoulder_width_loss_frac(seen: Observation) -> FloatArray:
    """(T,) loss of the visible width of the shoulders: the trunk turns or bends forwards."""
    width_px = length_px(seen.own_px("shoulder") - seen.other_px("shoulder"))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(1.0 - width_px / seen.at_rest(width_px))


def upper_arm_loss_frac(seen: Observation) -> FloatArray:
    """(T,) loss of the visible length of the upper arm: it leaves the plane of the picture.

    Against its own longest (95th percentile) in the recording; 0.15 is 32 degrees off the plane.
    """
    arm_px = length_px(seen.own_px("elbow") - seen.own_px("shoulder"))
    if not np.isfinite(arm_px).any():
        return arm_px
    return np.asarray(1.0 - arm_px / np.nanpercentile(arm_px, 95))


def upper_arm_drift_deg(seen: Observation) -> FloatArray:
    """(T,) swing of the upper arm against the trunk line, to whichever side."""
    arm_px = seen.own_px("elbow") - seen.own_px("shoulder")
    return np.abs(seen.change(turn_deg(-trunk_up_px(seen.series), arm_px)))


def elbow_bend_deg(seen: Observation) -> FloatArray:
    """(T,) bend of the elbow in the picture beyond the one at rest."""
    upper_px = seen.own_px("elbow") - seen.own_px("shoulder")
    return seen.change(np.abs(turn_deg(upper_px, seen.own_px("wrist") - seen.own_px("elbow"))))


def knee_bend_deg(seen: Observation) -> FloatArray:
    """(T,) bend of the knee in the picture beyond the one at rest, seen from the side."""
    thigh_px = seen.own_px("knee") - seen.own_px("hip")
    shank_px = seen.own_px("ankle") - seen.own_px("knee")
    return seen.body.forward * seen.change(turn_deg(thigh_px, shank_px))


def thigh_drift_deg(seen: Observation) -> FloatArray:
    """(T,) swing of the thigh in the picture, to whichever side."""
    return np.abs(seen.turned_deg(seen.own_px("knee") - seen.own_px("hip")))


def pelvic_hike_deg(seen: Observation) -> FloatArray:
    """(T,) tilt of the hip line that lifts the moving side, seen from the front."""
    line_px = seen.own_px("hip") - seen.other_px("hip")
    return -seen.body.lateral(seen.side) * seen.turned_deg(line_px)


def pelvis_shift_frac(seen: Observation) -> FloatArray:
    """(T,) sideways shift of the hips over the feet, in hip widths, seen from the front."""
    ahead_px = seen.series.middle_px("hip")[:, 0] - seen.series.middle_px("ankle")[:, 0]
    return np.abs(seen.change(ahead_px)) / _hip_width_px(seen)


def side_shift_frac(seen: Observation) -> FloatArray:
    """(T,) sideways shift of the shoulders over the hips, in hip widths, seen from the front."""
    return np.abs(seen.change(trunk_up_px(seen.series)[:, 0])) / _hip_width_px(seen)


def toes_out_deg(seen: Observation) -> FloatArray:
    """(T,) turn of the foot outwards against the shank, seen from the front."""
    shank_px = seen.own_px("ankle") - seen.own_px("knee")
    foot_px = seen.own_px("foot_index") - seen.own_px("heel")
    outwards = -seen.body.lateral(seen.side)
    return outwards * _wrapped_deg(seen.change(turn_deg(shank_px, foot_px)))


def heel_lift_frac(seen: Observation) -> FloatArray:
    """(T,) rise of the heel against the toes in the picture, in lengths of the shank."""
    lift_px = seen.own_px("foot_index")[:, 1] - seen.own_px("heel")[:, 1]
    shank_px = length_px(seen.own_px("ankle") - seen.own_px("knee"))
    return seen.change(lift_px) / seen.at_rest(shank_px)


def chin_poke_frac(seen: Observation) -> FloatArray:
    """(T,) shift of the nose forwards from the shoulders, in head widths, seen from the side."""
    nose_px = seen.series.point_px(Landmark.NOSE)
    face_px = length_px(nose_px - seen.series.middle_px("ear"))
    ahead_px = (nose_px - seen.series.middle_px("shoulder"))[:, 0]
    width_px = HEAD_FACES * seen.at_rest(face_px)
    return seen.body.forward * seen.change(ahead_px) / width_px


def head_turn_deg(seen: Observation) -> FloatArray:
    """(T,) turn of the head to whichever side, from the face mesh."""
    return np.abs(seen.change(head_yaw_deg(seen.series)))


def head_tilt_deg(seen: Observation) -> FloatArray:
    """(T,) side-bending of the head to whichever side, from the face mesh."""
    return np.abs(seen.change(head_roll_deg(seen.series)))


def shoulder_width_px(seen: Observation) -> FloatArray:
    """Width of the shoulders at rest; from the side it follows from the trunk."""
    if abs(seen.body.off_side_view_deg()) > 50.0:
        return seen.at_rest(length_px(seen.own_px("shoulder") - seen.other_px("shoulder")))
    return SHOULDER_TRUNKS * seen.at_rest(length_px(trunk_up_px(seen.series)))


def _hip_width_px(seen: Observation) -> FloatArray:
    return seen.at_rest(length_px(seen.own_px("hip") - seen.other_px("hip")))


def _wrapped_deg(angle_deg: FloatArray) -> FloatArray:
    """Angles in [-180, 180)."""
    wrapped: FloatArray = np.mod(angle_deg + 180.0, 360.0) - 180.0
    return wrapped


class Measure(NamedTuple):
    """A measure, the landmarks of the moving side it needs, and those it needs on both sides."""

    of: Callable[[Observation], FloatArray]
    own: tuple[str, ...] = ()
    both: tuple[str, ...] = ()


_TRUNK = ("shoulder", "hip")

MEASURES: dict[str, Measure] = {
    "trunk_lean_forwards_deg": Measure(trunk_lean_forwards_deg, both=_TRUNK),
    "trunk_lean_backwards_deg": Measure(trunk_lean_backwards_deg, both=_TRUNK),
    "trunk_lean_away_deg": Measure(trunk_lean_away_deg, both=_TRUNK),
    "trunk_lean_any_deg": Measure(trunk_lean_any_deg, both=_TRUNK),
    "seated_lean_forwards_deg": Measure(seated_lean_forwards_deg, both=_TRUNK),
    "seated_lean_backwards_deg": Measure(seated_lean_backwards_deg, both=_TRUNK),
    "trunk_turn_deg": Measure(trunk_turn_deg, both=("shoulder",)),
    "shoulder_hike_frac": Measure(shoulder_hike_frac, ("shoulder",), _TRUNK),
    "own_shoulder_rise_frac": Measure(own_shoulder_rise_frac, both=("shoulder",)),
    "either_shoulder_rise_frac": Measure(either_shoulder_rise_frac, both=("shoulder",)),
    "shoulder_forward_frac": Measure(shoulder_forward_frac, _TRUNK, _TRUNK),
    "shoulder_width_loss_frac": Measure(shoulder_width_loss_frac, both=("shoulder",)),
    "upper_arm_loss_frac": Measure(upper_arm_loss_frac, ("shoulder", "elbow")),
    "upper_arm_drift_deg": Measure(upper_arm_drift_deg, ("shoulder", "elbow"), _TRUNK),
    "elbow_bend_deg": Measure(elbow_bend_deg, ("shoulder", "elbow", "wrist")),
    "knee_bend_deg": Measure(knee_bend_deg, ("hip", "knee", "ankle")),
    "thigh_drift_deg": Measure(thigh_drift_deg, ("hip", "knee")),
    "pelvic_hike_deg": Measure(pelvic_hike_deg, both=("hip",)),
    "pelvis_shift_frac": Measure(pelvis_shift_frac, both=("hip", "ankle")),
    "side_shift_frac": Measure(side_shift_frac, both=_TRUNK),
    "toes_out_deg": Measure(toes_out_deg, ("knee", "ankle", "heel", "foot_index")),
    "heel_lift_frac": Measure(heel_lift_frac, ("knee", "ankle", "heel", "foot_index")),
    "chin_poke_frac": Measure(chin_poke_frac, ("ear",), ("shoulder",)),
    "head_turn_deg": Measure(head_turn_deg),
    "head_tilt_deg": Measure(head_tilt_deg, both=("shoulder",)),
}
"""Every measure by name; the unit is the end of it."""
