"""A person of rounded limbs, from the side or the front, posed by the angles of the joints.

Lengths are those of somebody 170 cm tall, in centimetres. Joints are kept as chains of points from
the trunk outwards, so that a limb is drawn as one line.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from rom.landmarks import Side
from rom.ui.drawings.plane import Point, towards

HEAD, NECK, TRUNK = 10.5, 20.0, 50.0
UPPER_ARM, FOREARM, HAND = 29.0, 25.0, 14.0
THIGH, SHANK, FOOT, HEEL = 42.0, 41.0, 17.0, 6.0
HALF_SHOULDERS, HALF_HIPS = 18.0, 9.5
ANKLE_HEIGHT, SEAT_HEIGHT = 7.0, 47.0

Chain = tuple[Point, ...]


@dataclass(frozen=True)
class Skeleton:
    """Chains by name: trunk (hip to neck), head, and the limbs; `seat` is where somebody sits."""

    chains: Mapping[str, Chain]
    seat: Point | None = None


@dataclass(frozen=True, kw_only=True)
class SidePose:
    """Angles in degrees, seen from the side; 0 is standing upright with hanging arms.

    Attributes
    ----------
    trunk, neck
        Leaning forwards; the neck against the trunk.
    shoulder
        The arm forwards, against the trunk.
    elbow, wrist, knee
        Bending; the wrist towards the palm.
    hip
        The thigh forwards, against the vertical.
    ankle
        The foot up, against the right angle.
    other_shoulder, other_elbow, other_hip, other_knee, other_ankle
        Those of the side away from the viewer.
    seated
        Whether the person sits.
    rear_foot
        In a lunge the near foot stays where it is, and the other stands this far behind it, in
        centimetres; None where the other foot stays.
    """

    trunk: float = 0.0
    neck: float = 0.0
    shoulder: float = 0.0
    elbow: float = 6.0
    wrist: float = 0.0
    hip: float = 0.0
    knee: float = 0.0
    ankle: float = 0.0
    other_shoulder: float = 0.0
    other_elbow: float = 6.0
    other_hip: float = 0.0
    other_knee: float = 0.0
    other_ankle: float = 0.0
    seated: bool = False
    rear_foot: float | None = None

    def skeleton(self, facing: int) -> Skeleton:
        """The joints of the pose; `facing` is 1 to the right, -1 to the left."""
        neck = TRUNK * towards(180.0 - self.trunk)
        head = neck + NECK * towards(180.0 - self.trunk - self.neck)
        chains = {
            "trunk": (0j, neck),
            "head": (neck, head),
            "arm": self._arm(neck, self.shoulder, self.elbow, self.wrist),
            "other_arm": self._arm(neck, self.other_shoulder, self.other_elbow, 0.0),
            "leg": self._leg(self.hip, self.knee, self.ankle),
            "other_leg": self._leg(self.other_hip, self.other_knee, self.other_ankle),
        }
        if self.rear_foot is not None:
            rear = chains["leg"][2] - self.rear_foot + 4.0j
            chains["other_leg"] = _leg_to(rear)
        if self.seated:
            root = complex(0.0, SEAT_HEIGHT)
        else:
            planted = "other_leg" if self.rear_foot is None else "leg"
            root = complex(0.0, ANKLE_HEIGHT) - chains[planted][2]
        placed = {
            name: tuple(complex(facing * (p + root).real, (p + root).imag) for p in chain)
            for name, chain in chains.items()
        }
        return Skeleton(placed, seat=placed["trunk"][0] if self.seated else None)

    def _arm(self, neck: Point, shoulder: float, elbow: float, wrist: float) -> Chain:
        top = neck + 4.0 * towards(-self.trunk)
        upper = shoulder - self.trunk
        joint = top + UPPER_ARM * towards(upper)
        hand = joint + FOREARM * towards(upper + elbow)
        return top, joint, hand, hand + HAND * towards(upper + elbow + wrist)

    def _leg(self, hip: float, knee: float, ankle: float) -> Chain:
        joint = THIGH * towards(hip)
        shank = hip - knee
        foot = joint + SHANK * towards(shank)
        sole = foot + HEEL * towards(shank)
        along = towards(shank + 90.0 + ankle)
        return 0j, joint, foot, sole - 0.35 * FOOT * along, sole + 0.8 * FOOT * along


def _leg_to(ankle: Point) -> Chain:
    """A leg from the hip at 0 to where its ankle is, the knee forwards and the heel raised."""
    distance = min(abs(ankle), THIGH + SHANK - 0.1)
    bend = math.acos((THIGH**2 + distance**2 - SHANK**2) / (2 * THIGH * distance))
    knee = THIGH * ankle / abs(ankle) * cmath.rect(1.0, bend)
    heel, toe = ankle + complex(-7.0, -2.0), ankle + complex(9.0, -9.0)
    return 0j, knee, ankle, heel, toe


@dataclass(frozen=True, kw_only=True)
class FrontPose:
    """Angles in degrees, seen from the front; the person's left is at the viewer's right.

    Attributes
    ----------
    trunk, neck
        Bending to the person's left; the neck against the trunk.
    turn
        The head turned to the person's left.
    arms, elbows
        Away from the trunk, and the forearm further in the same sense.
    legs, shanks
        Away from the other leg; where somebody sits, `shanks` is the lower leg outwards.
    seated
        Whether the person sits, thighs towards the viewer.
    """

    trunk: float = 0.0
    neck: float = 0.0
    turn: float = 0.0
    arms: Mapping[Side, float] = field(default_factory=dict)
    elbows: Mapping[Side, float] = field(default_factory=dict)
    legs: Mapping[Side, float] = field(default_factory=dict)
    shanks: Mapping[Side, float] = field(default_factory=dict)
    seated: bool = False

    def skeleton(self) -> Skeleton:
        """The joints of the pose."""
        hips = complex(0.0, SEAT_HEIGHT + 7.0 if self.seated else THIGH + SHANK + ANKLE_HEIGHT)
        neck = hips + TRUNK * towards(180.0 - self.trunk)
        across = towards(90.0 - self.trunk)
        chains: dict[str, Chain] = {
            "trunk": (hips, neck),
            "head": (neck, neck + NECK * towards(180.0 - self.trunk - self.neck)),
        }
        for side, sign in ((Side.LEFT, 1), (Side.RIGHT, -1)):
            chains[f"{side.value}_arm"] = self._arm(side, sign, neck, across)
            chains[f"{side.value}_leg"] = self._leg(side, sign, hips)
        return Skeleton(chains, seat=hips if self.seated else None)

    def _arm(self, side: Side, sign: int, neck: Point, across: Point) -> Chain:
        top = neck + sign * HALF_SHOULDERS * across + 5.0 * towards(-self.trunk)
        upper = sign * self.arms.get(side, 7.0) - 0.5 * self.trunk
        lower = upper + sign * self.elbows.get(side, -3.0)
        elbow = top + UPPER_ARM * towards(upper)
        wrist = elbow + FOREARM * towards(lower)
        return top, elbow, wrist, wrist + HAND * towards(lower)

    def _leg(self, side: Side, sign: int, hips: Point) -> Chain:
        hip = hips + sign * HALF_HIPS
        swung = sign * self.legs.get(side, 2.0)
        if self.seated:
            knee = hip + complex(sign * 4.0, -11.0)
            shank = sign * self.shanks.get(side, 0.0)
        else:
            knee = hip + THIGH * towards(swung)
            shank = swung
        ankle = knee + SHANK * towards(shank)
        return hip, knee, ankle, ankle + complex(sign * 5.0, -5.0)
