"""Where the hands are in one frame, in widths of the shoulders: high, out to the side, crossed.

All of it works with the upper body alone in view. Distances are heuristic: chosen on rendered
people seen through the pose model, tested on figures and on the sample clips. No result depends on
them.
"""

from __future__ import annotations

import math

import numpy as np

from rom.kinematics.geometry import length_px
from rom.kinematics.orientation import frame_yaw_deg
from rom.landmarks import FloatArray, Landmark, LandmarkSeries, Side, sided
from rom.quality.visibility import inside_picture

SEEN_FROM = 0.5
"""Visibility from which a hand counts as seen: more than for an angle, because a hand that is only
guessed must not decide anything."""
TRUNK_SHOULDERS = 1.4
"""Length of the trunk in widths of the shoulders."""
FACE_SHOULDERS = 0.3
"""From the ears to the nose seen from the side."""
RAISED_SHOULDERS = -0.05
"""The wrist of a raised hand is as high as its shoulder, so that the fingers are beside the face:
an arm that cannot go far can still raise its hand with the elbow bent."""
BESIDE_FACE_SHOULDERS = 0.35
OVER_HEAD_SHOULDERS = 0.6
UPRIGHT_DEG = 55.0
OUT_SHOULDERS = 0.5
"""A hand that hangs is nearer to its shoulder's vertical."""
CROSSED_SHOULDERS = 0.1
LEVEL_SHOULDERS = 0.25
TOP_SHOULDERS = 0.75
"""Height of 10 above the nose: a hand over the head."""
EDGE_FRAC = 0.04
"""What of the picture's height is left free at its edges."""
FACING_DEG = 50.0


def shoulders_px(frame: LandmarkSeries) -> float:
    """Width of the shoulders as it would be seen from the front; NaN where nobody is seen.

    The largest of three measures, because each shrinks when the person turns or bends.
    """
    width = length_px(frame.side_px("shoulder", Side.LEFT) - frame.side_px("shoulder", Side.RIGHT))
    trunk = length_px(frame.middle_px("shoulder") - frame.middle_px("hip")) / TRUNK_SHOULDERS
    face = length_px(frame.point_px(Landmark.NOSE) - frame.middle_px("ear")) / FACE_SHOULDERS
    hips = [int(Landmark.LEFT_HIP), int(Landmark.RIGHT_HIP)]
    measures = [width[0], trunk[0] if inside_picture(frame, hips)[0] else 0.0, face[0]]
    return float(max(measures))


def faces_camera(frame: LandmarkSeries) -> bool:
    """Whether the person looks about into the camera, so that left and right are told apart."""
    return bool(abs(frame_yaw_deg(frame)[0]) <= FACING_DEG)


def hand_seen(frame: LandmarkSeries, side: Side) -> bool:
    """Whether elbow and wrist of a side were really seen, in the picture."""
    points = [int(sided(name, side)) for name in ("elbow", "wrist")]
    seen = bool((frame.visibility[0, points] >= SEEN_FROM).all())
    return seen and bool(inside_picture(frame, points[1:])[0])


def raised_hands(frame: LandmarkSeries) -> tuple[Side, ...]:
    """The hands that are up beside or over the head, forearm upright."""
    unit_px = shoulders_px(frame)
    if not math.isfinite(unit_px):
        return ()
    return tuple(side for side in Side if hand_seen(frame, side) and _up(frame, side, unit_px))


def _point(frame: LandmarkSeries, name: str, side: Side) -> FloatArray:
    point: FloatArray = frame.side_px(name, side)[0]
    return point


def _up(frame: LandmarkSeries, side: Side, unit_px: float) -> bool:
    wrist, elbow = _point(frame, "wrist", side), _point(frame, "elbow", side)
    shoulder, nose = _point(frame, "shoulder", side), frame.xy_px[0, Landmark.NOSE]
    forearm = wrist - elbow
    upright = math.degrees(math.atan2(abs(forearm[0]), -forearm[1])) <= UPRIGHT_DEG
    high = shoulder[1] - wrist[1] >= RAISED_SHOULDERS * unit_px
    beside = abs(wrist[0] - nose[0]) >= BESIDE_FACE_SHOULDERS * unit_px
    over = nose[1] - wrist[1] >= OVER_HEAD_SHOULDERS * unit_px
    return bool(high and upright and (beside or over))


def arms_crossed(frame: LandmarkSeries) -> bool:
    """Whether the forearms cross in front of the chest, seen from the front."""
    unit_px = shoulders_px(frame)
    if not math.isfinite(unit_px) or not faces_camera(frame):
        return False
    if not all(hand_seen(frame, side) for side in Side):
        return False
    left, right = (_point(frame, "wrist", side) for side in Side)
    across_px = _leftward(frame) * float(left[0] - right[0])
    if across_px > -CROSSED_SHOULDERS * unit_px:
        return False
    return all(_before_chest(frame, side, unit_px) for side in Side)


def _before_chest(frame: LandmarkSeries, side: Side, unit_px: float) -> bool:
    wrist, elbow = _point(frame, "wrist", side), _point(frame, "elbow", side)
    shoulder_y = float(frame.middle_px("shoulder")[0, 1])
    lifted = wrist[1] <= elbow[1] + LEVEL_SHOULDERS * unit_px
    low_enough = wrist[1] >= shoulder_y - OVER_HEAD_SHOULDERS * unit_px
    high_enough = wrist[1] <= shoulder_y + TRUNK_SHOULDERS * unit_px
    return bool(lifted and low_enough and high_enough)


def _leftward(frame: LandmarkSeries) -> float:
    """+1 where the person's left is to the right in the picture."""
    across = frame.side_px("shoulder", Side.LEFT) - frame.side_px("shoulder", Side.RIGHT)
    return 1.0 if across[0, 0] >= 0.0 else -1.0


def hand_height(frame: LandmarkSeries) -> float | None:
    """Height of the one hand that is held out to the side, 0 at the hip to 10 over the head.

    A hand that hangs is no answer, nor are two hands. Where the picture ends between hip and head,
    0 and 10 are at its edges. None where no hand is held out.
    """
    unit_px = shoulders_px(frame)
    if not math.isfinite(unit_px) or not faces_camera(frame):
        return None
    out = [side for side in Side if hand_seen(frame, side) and _held_out(frame, side, unit_px)]
    if len(out) != 1:
        return None
    low_px, high_px = _scale_px(frame, unit_px)
    if low_px - high_px < unit_px:
        return None
    wrist_px = float(_point(frame, "wrist", out[0])[1])
    return float(np.clip(10.0 * (low_px - wrist_px) / (low_px - high_px), 0.0, 10.0))


def _held_out(frame: LandmarkSeries, side: Side, unit_px: float) -> bool:
    wrist, shoulder = _point(frame, "wrist", side), _point(frame, "shoulder", side)
    towards = _leftward(frame) if side is Side.LEFT else -_leftward(frame)
    outward_px = towards * float(wrist[0] - shoulder[0])
    over_px = float(frame.xy_px[0, Landmark.NOSE, 1] - wrist[1])
    return outward_px >= OUT_SHOULDERS * unit_px or over_px >= 0.0


def _scale_px(frame: LandmarkSeries, unit_px: float) -> tuple[float, float]:
    """Rows of the picture that stand for 0 and for 10."""
    edge_px = EDGE_FRAC * frame.height_px
    low_px = float(frame.middle_px("shoulder")[0, 1]) + TRUNK_SHOULDERS * unit_px
    high_px = float(frame.xy_px[0, Landmark.NOSE, 1]) - TOP_SHOULDERS * unit_px
    return min(low_px, frame.height_px - edge_px), max(high_px, edge_px)
