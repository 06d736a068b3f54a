"""How far a movement reaches, so that there is room for it in the picture before it begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rom.kinematics.geometry import length_px
from rom.kinematics.orientation import Orientation
from rom.landmarks import FloatArray, LandmarkSeries, Side
from rom.movements import Movement, View

Segment = tuple[str, str]
ARM: tuple[Segment, ...] = (("shoulder", "elbow"), ("elbow", "wrist"))
LEG: tuple[Segment, ...] = (("hip", "knee"), ("knee", "ankle"))
THIGH: tuple[Segment, ...] = (("hip", "knee"),)
SHANK: tuple[Segment, ...] = (("knee", "ankle"),)
TRUNK: tuple[Segment, ...] = (("shoulder", "hip"),)
HAND_FRAC = 1.15
"""Arm with hand, in lengths of upper arm and forearm."""
HEAD_FRAC = 1.5
"""Trunk with neck and head, in lengths of the trunk."""


@dataclass(frozen=True)
class Reach:
    """How far the end of a chain of segments goes about a joint.

    `up`, `forwards` and `outwards` are in lengths of the chain; backwards and inwards negative.
    """

    pivot: str
    chain: tuple[Segment, ...]
    up: float = 0.0
    forwards: float = 0.0
    outwards: float = 0.0


REACHES: dict[str, tuple[Reach, ...]] = {
    "shoulder_flexion": (
        Reach("shoulder", ARM, up=HAND_FRAC),
        Reach("shoulder", ARM, forwards=HAND_FRAC),
    ),
    "shoulder_extension": (Reach("shoulder", ARM, forwards=-HAND_FRAC * 0.9),),
    "shoulder_abduction": (
        Reach("shoulder", ARM, up=HAND_FRAC),
        Reach("shoulder", ARM, outwards=HAND_FRAC),
    ),
    "elbow_flexion": (Reach("elbow", ARM[1:], forwards=HAND_FRAC * 1.1),),
    "elbow_extension": (Reach("elbow", ARM[1:], forwards=HAND_FRAC * 1.1),),
    "hip_flexion": (Reach("hip", THIGH, forwards=1.1),),
    "hip_extension": (Reach("hip", LEG, forwards=-0.6),),
    "hip_abduction": (Reach("hip", LEG, outwards=0.8),),
    "hip_adduction": (Reach("hip", LEG, outwards=-0.5),),
    "hip_internal_rotation": (Reach("knee", SHANK, outwards=0.8),),
    "hip_external_rotation": (Reach("knee", SHANK, outwards=-0.8),),
    "knee_flexion": (Reach("knee", SHANK, forwards=-1.1),),
    "knee_extension": (Reach("knee", SHANK, forwards=1.2),),
    "ankle_dorsiflexion_lunge": (Reach("knee", SHANK, forwards=0.8),),
    "trunk_flexion_with_hips": (Reach("hip", TRUNK, forwards=HEAD_FRAC),),
    "trunk_extension": (Reach("hip", TRUNK, forwards=-0.7 * HEAD_FRAC),),
    "trunk_lateral_flexion": (Reach("hip", TRUNK, outwards=0.6 * HEAD_FRAC),),
}
"""Of usual ends of the range; a movement that stays where the body is has none."""


def reached_px(
    frame: LandmarkSeries, movement: Movement, side: Side | None, body: Orientation
) -> FloatArray:
    """(N, 2) where the movement takes its far end in the picture; NaN where not seen."""
    chosen, reaches = side or body.camera_side, REACHES.get(movement.name, ())
    points = [_end_px(frame, reach, movement, chosen, body) for reach in reaches]
    return np.array(points).reshape(-1, 2)


def _end_px(
    frame: LandmarkSeries, reach: Reach, movement: Movement, side: Side, body: Orientation
) -> FloatArray:
    length = sum(
        float(length_px(frame.side_px(end, side) - frame.side_px(start, side))[0])
        for start, end in reach.chain
    )
    sideways = reach.outwards * body.lateral(side)
    if movement.view in (View.SIDE, View.OBLIQUE_SIDE):
        sideways = reach.forwards * body.forward
    end: FloatArray = frame.side_px(reach.pivot, side)[0] + length * np.array([sideways, -reach.up])
    return end
