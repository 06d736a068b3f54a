"""What other tools do with the same landmarks, as yardsticks for the bench.

Two of them, both without any gate. *Naive*: the textbook three-point angle between landmarks, in
the image plane or in the pose model's 3D world landmarks, and its largest value over a recording.
*Sports2D*: the angle definitions of Sports2D, which are signed and know which way a person faces.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from rom.kinematics.geometry import DOWN, UP, turn_deg, wrap_deg
from rom.landmarks import FloatArray, Landmark, LandmarkSeries, Side, sided
from rom.movements import Movement, View

Dimension = Literal["image", "world"]

AVERAGED_FRAMES = 5
REST_S = 1.0
"""A line that is not at 0 in the neutral position counts from its median over this time."""


def naive_angle_deg(
    series: LandmarkSeries, movement: Movement, side: Side | None, dimension: Dimension
) -> FloatArray:
    """(T,) angle of a movement as a tutorial on pose estimation would compute it, degrees.

    Zero and direction are the movement's own, but most angles have no sign, as the included angle
    between three points has none: an arm in extension reads as flexion, a hyperextended knee as a
    bent one. Signed are the hip abductions, the ankle's motions and the neck's flexion and
    extension, whose zero lies within the range. NaN where a landmark was not seen.

    - shoulder: hip, shoulder, elbow. Elbow: shoulder, elbow, wrist, from 180°. Wrist: elbow,
      wrist, index, from 180°.
    - hip flexion and extension: shoulder, hip, knee, from 180°. Hip abduction and adduction: other
      hip, hip, knee, from 90°. Hip rotation and lunge: shank against the vertical.
    - knee: hip, knee, ankle, from 180°. Ankle: knee, ankle, foot index, from 90°.
    - trunk: mid-hip to mid-shoulder against the vertical.
    - neck flexion and extension: mid-ear to nose against the vertical, from its first second.
      Lateral flexion: ear line against shoulder line. Rotation: offset of the nose from mid-ear
      against the length of the ear line (image), ear line against shoulder line seen from above
      (world).

    Parameters
    ----------
    side
        Of the person; for lateral flexion and rotation it changes nothing, as there is no sign.
    dimension
        "image" for pixels, "world" for the model's metric landmarks.

    Raises
    ------
    ValueError
        The movement is not one that a camera can measure.
    """
    if movement.name not in NAIVE_ANGLES:
        raise ValueError(f"expected a measurable movement, got {movement.name!r}")
    points = _Points(series.xy_px if dimension == "image" else series.world_m, side or Side.LEFT)
    return NAIVE_ANGLES[movement.name](points, series.time_s)


def naive_value_deg(
    series: LandmarkSeries, movement: Movement, side: Side | None, dimension: Dimension
) -> float:
    """What a naive tool reports for a recording, degrees; NaN when nothing was seen.

    The maximum of `naive_angle_deg` after a moving average over 5 frames, whatever the frame rate;
    frames without a reading are left out of the average. Nothing is ever refused.
    """
    return largest_deg(naive_angle_deg(series, movement, side, dimension))


def largest_deg(angle_deg: FloatArray) -> float:
    """Maximum of an angle (T,) after the moving average; NaN when nothing was seen."""
    seen = np.isfinite(angle_deg)
    if not seen.any():
        return float("nan")
    window = np.ones(AVERAGED_FRAMES)
    start = AVERAGED_FRAMES // 2
    total = np.convolve(np.where(seen, angle_deg, 0.0), window)[start : start + len(seen)]
    count = np.convolve(seen.astype(np.float64), window)[start : start + len(seen)]
    return float((total[seen] / count[seen]).max())


def included_deg(first: FloatArray, second: FloatArray) -> FloatArray:
    """(...) angle between (..., D) vectors, 0 to 180°, in the plane or in space.

    Kahan's half-angle formula, exact for straight limbs too. NaN where a vector has no length.
    Source: W. Kahan, "How futile are mindless assessments of roundoff", 2006, section 12.
    """
    lengths = [np.linalg.norm(vector, axis=-1, keepdims=True) for vector in (first, second)]
    with np.errstate(invalid="ignore", divide="ignore"):
        a, b = first / lengths[0], second / lengths[1]
    half = np.arctan2(np.linalg.norm(a - b, axis=-1), np.linalg.norm(a + b, axis=-1))
    angle: FloatArray = np.degrees(2.0 * half)
    return angle


@dataclass(frozen=True, eq=False)
class _Points:
    """(T, 33, 2 or 3) landmarks, and the side that names without one refer to."""

    points: FloatArray
    side: Side

    def at(self, name: str) -> FloatArray:
        """(T, D) "knee" of the side, "other:hip", "mid:hip" or "nose"."""
        if name == "nose":
            return self.points[:, Landmark.NOSE]
        if name.startswith("mid:"):
            return 0.5 * (self.of(name[4:], Side.LEFT) + self.of(name[4:], Side.RIGHT))
        if name.startswith("other:"):
            return self.of(name[6:], self.side.other)
        return self.of(name, self.side)

    def of(self, name: str, side: Side) -> FloatArray:
        return self.points[:, sided(name, side)]

    def line(self, start: str, end: str) -> FloatArray:
        line: FloatArray = self.at(end) - self.at(start)
        return line

    @property
    def down(self) -> FloatArray:
        """Down in the picture; the model's world axes point the same way."""
        down: FloatArray = np.eye(self.points.shape[-1])[1]
        return down


NaiveAngle = Callable[[_Points, FloatArray], FloatArray]


def _three_point(first: str, vertex: str, last: str, *, zero_deg: float, sign: int) -> NaiveAngle:
    def angle_deg(points: _Points, time_s: FloatArray) -> FloatArray:
        included = included_deg(points.line(vertex, first), points.line(vertex, last))
        return sign * (included - zero_deg)

    return angle_deg


def _against_down(start: str, end: str) -> NaiveAngle:
    def angle_deg(points: _Points, time_s: FloatArray) -> FloatArray:
        return included_deg(points.line(start, end), points.down)

    return angle_deg


def _nod(sign: int) -> NaiveAngle:
    def angle_deg(points: _Points, time_s: FloatArray) -> FloatArray:
        pitch = included_deg(points.line("mid:ear", "nose"), -points.down)
        first = pitch[np.isfinite(pitch) & (time_s <= time_s[:1].sum() + REST_S)]
        rest = np.median(first) if len(first) else np.nan
        nod: FloatArray = sign * (pitch - rest)
        return nod

    return angle_deg


def _across(points: _Points, name: str) -> FloatArray:
    return points.of(name, Side.LEFT) - points.of(name, Side.RIGHT)


def _tilt(points: _Points, time_s: FloatArray) -> FloatArray:
    return included_deg(_across(points, "ear"), _across(points, "shoulder"))


def _turn(points: _Points, time_s: FloatArray) -> FloatArray:
    ears = _across(points, "ear")
    if points.points.shape[-1] == 3:
        return included_deg(ears[:, [0, 2]], _across(points, "shoulder")[:, [0, 2]])
    length = np.linalg.norm(ears, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        offset = (points.line("mid:ear", "nose") * ears).sum(axis=-1) / length
    turn: FloatArray = np.degrees(np.arctan2(np.abs(offset), length))
    return turn


_SHOULDER = _three_point("hip", "shoulder", "elbow", zero_deg=0.0, sign=1)
_WRIST = _three_point("elbow", "wrist", "index", zero_deg=180.0, sign=-1)
_HIP = _three_point("shoulder", "hip", "knee", zero_deg=180.0, sign=-1)
_SHANK = _against_down("knee", "ankle")
_TRUNK = _against_down("mid:shoulder", "mid:hip")

NAIVE_ANGLES: dict[str, NaiveAngle] = {
    "shoulder_flexion": _SHOULDER,
    "shoulder_extension": _SHOULDER,
    "shoulder_abduction": _SHOULDER,
    "elbow_flexion": _three_point("shoulder", "elbow", "wrist", zero_deg=180.0, sign=-1),
    "elbow_extension": _three_point("shoulder", "elbow", "wrist", zero_deg=180.0, sign=1),
    "wrist_flexion": _WRIST,
    "wrist_extension": _WRIST,
    "hip_flexion": _HIP,
    "hip_extension": _HIP,
    "hip_abduction": _three_point("other:hip", "hip", "knee", zero_deg=90.0, sign=1),
    "hip_adduction": _three_point("other:hip", "hip", "knee", zero_deg=90.0, sign=-1),
    "hip_internal_rotation": _SHANK,
    "hip_external_rotation": _SHANK,
    "knee_flexion": _three_point("hip", "knee", "ankle", zero_deg=180.0, sign=-1),
    "knee_extension": _three_point("hip", "knee", "ankle", zero_deg=180.0, sign=1),
    "ankle_dorsiflexion": _three_point("knee", "ankle", "foot_index", zero_deg=90.0, sign=-1),
    "ankle_plantarflexion": _three_point("knee", "ankle", "foot_index", zero_deg=90.0, sign=1),
    "ankle_dorsiflexion_lunge": _SHANK,
    "cervical_flexion": _nod(1),
    "cervical_extension": _nod(-1),
    "cervical_lateral_flexion": _tilt,
    "cervical_rotation": _turn,
    "trunk_flexion_with_hips": _TRUNK,
    "trunk_extension": _TRUNK,
    "trunk_lateral_flexion": _TRUNK,
}


def sports2d_angle_deg(series: LandmarkSeries, movement: Movement, side: Side | None) -> FloatArray:
    """(T,) angle of a movement by the definitions of Sports2D, in our zero and sign, degrees.

    Written anew from its table of angles (`angle_dict` in Pose2Sim/common.py, 0.10.49, and
    `compute_angles_for_person` in Sports2D/process.py, 0.8.34; BSD-3-Clause,
    https://github.com/davidpagnon/Sports2D): the package needs OpenSim and Qt, too much for a
    yardstick. Only the angles: its pose model, its 6 Hz Butterworth filter and its correction for
    a tilted floor are not part of this.

    All are turns in the image with a sign. Which way is forwards is decided anew in every frame,
    from the toes against the heels of both feet (its `visible_side = "auto"`), for movements
    filmed from the side; for those filmed from the front the right limbs are mirrored (its
    `visible_side = "front"`). Theirs to ours:

    ========================  ========================================================
    shoulder                  0 with the arm along the trunk (mid-hip to mid-shoulder),
                              positive forwards; abduction is the same angle from the front
    elbow, knee               0 straight, positive bent
    wrist                     0 straight, positive where a level forearm's hand points up, which
                              is extension with the palm down; theirs has the left wrist's points
                              in another order, ours reads both as the right one
    hip                       0 with the thigh along the trunk, positive forwards; abduction from
                              the front counts from the trunk, not from the pelvis
    ankle                     foot (heel to toe) against shank, 0 at a right angle, positive up
    hip rotation, lunge       segment angle of the shank, which is -90 when it hangs
    trunk                     segment angle of the trunk, which is 90 when upright
    ========================  ========================================================

    Its head angle needs the top of the head, which these landmarks have not: the neck is missing.

    Raises
    ------
    ValueError
        Sports2D has no such angle.
    """
    if movement.name not in SPORTS2D_ANGLES:
        raise ValueError(f"expected a movement that Sports2D measures, got {movement.name!r}")
    chosen = side or Side.LEFT
    direction = -1.0 if movement.name == "trunk_lateral_flexion" and chosen is Side.RIGHT else 1.0
    turn = SPORTS2D_ANGLES[movement.name]
    angle_deg = turn.sign * (_turn_between(series, movement, chosen, turn) - turn.zero_deg)
    return wrap_deg(direction * angle_deg, lowest_deg=-180.0)


@dataclass(frozen=True, kw_only=True)
class _Turn:
    """sign · (turn from one line to another, clockwise on the screen - zero)."""

    start: tuple[str, str] | None
    """From which to which point; None is straight down, or straight up for the trunk."""
    end: tuple[str, str]
    sign: int = 1
    zero_deg: float = 0.0


def _turn_between(
    series: LandmarkSeries, movement: Movement, side: Side, turn: _Turn
) -> FloatArray:
    """(T,) turn between two lines of a person who faces right, or of a left limb from the front."""
    points = _Points(series.xy_px, side)
    limb_right = _facing(series, movement, side)
    midline_right = np.abs(limb_right) if movement.view in FRONTAL_VIEWS else limb_right

    def line(ends: tuple[str, str]) -> FloatArray:
        x_sign = midline_right if ends == TRUNK_LINE else limb_right
        line_px: FloatArray = points.line(*ends) * np.stack([x_sign, np.ones_like(x_sign)], -1)
        return line_px

    vertical = UP if turn.end == TRUNK_LINE else DOWN
    return turn_deg(line(turn.start) if turn.start else vertical, line(turn.end))


def _facing(series: LandmarkSeries, movement: Movement, side: Side) -> FloatArray:
    """(T,) +1 or -1, by which x of the limb is multiplied."""
    if movement.view in FRONTAL_VIEWS:
        return np.full(len(series), -1.0 if side is Side.RIGHT else 1.0)
    feet = [series.side_px("foot_index", each) - series.side_px("heel", each) for each in Side]
    return np.where(feet[0][:, 0] + feet[1][:, 0] < 0.0, -1.0, 1.0)


FRONTAL_VIEWS = (View.FRONT, View.FACE)
TRUNK_LINE = ("mid:hip", "mid:shoulder")
_THIGH, _SHANK_LINE = ("hip", "knee"), ("knee", "ankle")
_RAISED_ARM = _Turn(start=("elbow", "shoulder"), end=TRUNK_LINE)
_RAISED_THIGH = _Turn(start=("knee", "hip"), end=TRUNK_LINE)
_FOREARM, _HAND, _FOOT = ("elbow", "wrist"), ("wrist", "index"), ("heel", "foot_index")

SPORTS2D_ANGLES: dict[str, _Turn] = {
    "shoulder_flexion": _RAISED_ARM,
    "shoulder_extension": replace(_RAISED_ARM, sign=-1),
    "shoulder_abduction": _RAISED_ARM,
    "elbow_flexion": _Turn(start=_FOREARM, end=("shoulder", "elbow")),
    "elbow_extension": _Turn(start=_FOREARM, end=("shoulder", "elbow"), sign=-1),
    "wrist_flexion": _Turn(start=_FOREARM, end=_HAND),
    "wrist_extension": _Turn(start=_FOREARM, end=_HAND, sign=-1),
    "hip_flexion": _RAISED_THIGH,
    "hip_extension": replace(_RAISED_THIGH, sign=-1),
    "hip_abduction": _RAISED_THIGH,
    "hip_adduction": replace(_RAISED_THIGH, sign=-1),
    "hip_internal_rotation": _Turn(start=None, end=_SHANK_LINE, sign=-1),
    "hip_external_rotation": _Turn(start=None, end=_SHANK_LINE),
    "knee_flexion": _Turn(start=_THIGH, end=_SHANK_LINE),
    "knee_extension": _Turn(start=_THIGH, end=_SHANK_LINE, sign=-1),
    "ankle_dorsiflexion": _Turn(start=_SHANK_LINE, end=_FOOT, sign=-1, zero_deg=-90.0),
    "ankle_plantarflexion": _Turn(start=_SHANK_LINE, end=_FOOT, zero_deg=-90.0),
    "ankle_dorsiflexion_lunge": _Turn(start=None, end=_SHANK_LINE),
    "trunk_flexion_with_hips": _Turn(start=None, end=TRUNK_LINE),
    "trunk_extension": _Turn(start=None, end=TRUNK_LINE, sign=-1),
    "trunk_lateral_flexion": _Turn(start=None, end=TRUNK_LINE),
}
