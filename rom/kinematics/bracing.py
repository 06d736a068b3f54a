"""Does a hand come to support what moves? Distances in the picture, in lengths of the trunk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rom.kinematics.angles import trunk_up_px
from rom.kinematics.compensations import Observation, trunk_lean_any_deg
from rom.kinematics.geometry import length_px
from rom.landmarks import FloatArray, Side

CONTACT_TRUNKS = 0.15
"""A wrist this near to a segment may hold it."""

CLEAR_BEND_DEG = 35.0
"""Arms that hang from a trunk bent as far are half its length in front of the thighs."""

Segment = tuple[str, str]


@dataclass(frozen=True)
class Run:
    """A time from a first to a last frame, seconds of the recording; no time at all for none."""

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        return self.end_s - self.start_s


SUPPORTED: dict[str, tuple[Segment, ...]] = {
    "shoulder": (("shoulder", "elbow"),),
    "elbow": (("shoulder", "elbow"), ("elbow", "wrist")),
    "hip": (("hip", "knee"),),
    "knee": (("hip", "knee"), ("knee", "ankle")),
    "trunk": (("hip", "knee"),),
}
"""What a hand can support, by the joint that moves; nothing for neck, wrist and ankle."""


def supporting_hands(joint: str, side: Side) -> tuple[Side, ...]:
    """Hands that are free to support the movement: those that do not take part in it."""
    return (side.other,) if joint in ("shoulder", "elbow") else (side, side.other)


def support_depth_trunks(seen: Observation, joint: str, hand: Side) -> FloatArray:
    """(T,) how far a wrist is within reach of a supported segment, positive when it supports it.

    In trunk lengths. A hand that hangs beside the thigh supports nothing: a limb counts as held by
    a hand that is also nearer to it than at rest by `CONTACT_TRUNKS`, and the thighs of somebody
    who bows where the trunk is bent so far that hanging hands are away from them.
    """
    trunk_px = seen.at_rest(length_px(trunk_up_px(seen.series)))
    wrist_px = seen.series.side_px("wrist", hand)
    sides = tuple(Side) if joint == "trunk" else (seen.side,)
    depths = []
    for start, end in SUPPORTED[joint]:
        for side in sides:
            line = seen.series.side_px(start, side), seen.series.side_px(end, side)
            away = distance_px(wrist_px, *line) / trunk_px
            lifted = seen.at_rest(away) - away - CONTACT_TRUNKS
            if joint == "trunk":
                lifted = (trunk_lean_any_deg(seen) - CLEAR_BEND_DEG) / 90.0
            depths.append(np.minimum(CONTACT_TRUNKS - away, lifted))
    deepest: FloatArray = np.max(depths, axis=0)
    return deepest


def distance_px(point: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """(T,) distance of (T, 2) points from the segments between (T, 2) starts and ends."""
    along, reach = end - start, point - start
    squared = (along**2).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.clip((reach * along).sum(axis=-1) / squared, 0.0, 1.0)
    share = np.where(squared == 0.0, 0.0, share)
    return length_px(reach - share[..., None] * along)


def longest_run(time_s: FloatArray, depth: FloatArray) -> Run:
    """Longest run in which a depth stays positive; not seen counts as not supporting."""
    with np.errstate(invalid="ignore"):
        holding = np.concatenate(([False], depth > 0.0, [False]))
    edges = np.flatnonzero(holding[1:] != holding[:-1]).reshape(-1, 2)
    runs = (Run(float(time_s[first]), float(time_s[last - 1])) for first, last in edges)
    return max(runs, key=lambda run: run.length_s, default=Run(float(time_s[0]), float(time_s[0])))
