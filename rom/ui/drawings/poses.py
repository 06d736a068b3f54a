"""Start and end of every movement, as it is filmed.

Ends are wide enough to be understood at a glance; they are pictures, not usual ranges.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from rom.landmarks import Side
from rom.ui.drawings.figure import FrontPose, SidePose
from rom.ui.drawings.plane import Frame

WHOLE = Frame(centre=complex(0.0, 88.0), span=190.0)
HEAD_AND_SHOULDERS = Frame(centre=complex(0.0, 110.0), span=84.0, height=230.0)
LOWER_LEG = Frame(centre=complex(62.0, 27.0), span=84.0, height=190.0)
RAISED = Frame(centre=complex(0.0, 100.0), span=212.0)
FOREARM_ON_TABLE = Frame(centre=complex(36.0, 72.0), span=76.0, height=190.0)


@dataclass(frozen=True, kw_only=True)
class SideMovement:
    """A movement seen from the side; `part` moves from its joint number `joint` on.

    Attributes
    ----------
    arc_radius
        Radius of the arrow's arc, in centimetres.
    from_foot
        Whether the leg moves about the ankle instead, over a foot that stays.
    table
        Whether the forearm lies on a table.
    support
        Whether a hand may rest on something.
    """

    start: SidePose
    end: SidePose
    part: str
    joint: int = 0
    arc_radius: float = 40.0
    frame: Frame = WHOLE
    from_foot: bool = False
    table: bool = False
    support: bool = False


@dataclass(frozen=True, kw_only=True)
class FrontMovement:
    """A movement seen from the front; parts of limbs are named without their side."""

    start: FrontPose
    end: FrontPose
    part: str
    joint: int = 0
    arc_radius: float = 40.0
    frame: Frame = WHOLE


_STAND = SidePose()
_SIT = SidePose(
    seated=True, hip=90.0, knee=90.0, other_hip=90.0, other_knee=90.0, shoulder=22.0, elbow=40.0
)
_FEET_OUT = replace(_SIT, hip=84.0, knee=50.0)
_TABLE = replace(_SIT, shoulder=38.0, elbow=52.0, hip=90.0)
_LUNGE = SidePose(hip=32.0, knee=34.0, ankle=2.0, rear_foot=66.0, trunk=4.0)
_HANDS_ON_HIPS = replace(_STAND, shoulder=-38.0, elbow=88.0, other_shoulder=-38.0, other_elbow=88.0)

SIDE_MOVEMENTS: dict[str, SideMovement] = {
    "shoulder_flexion": SideMovement(
        start=_STAND, end=replace(_STAND, shoulder=165.0), part="arm", frame=RAISED, arc_radius=52.0
    ),
    "shoulder_extension": SideMovement(
        start=_STAND, end=replace(_STAND, shoulder=-48.0, elbow=0.0), part="arm", arc_radius=52.0
    ),
    "elbow_flexion": SideMovement(
        start=_STAND, end=replace(_STAND, elbow=140.0), part="arm", joint=1, arc_radius=33.0
    ),
    "elbow_extension": SideMovement(
        start=replace(_STAND, elbow=125.0), end=_STAND, part="arm", joint=1, arc_radius=33.0
    ),
    "wrist_flexion": SideMovement(
        start=_TABLE, end=replace(_TABLE, wrist=-68.0), part="arm", joint=2, arc_radius=17.0,
        frame=FOREARM_ON_TABLE, table=True,
    ),
    "wrist_extension": SideMovement(
        start=_TABLE, end=replace(_TABLE, wrist=62.0), part="arm", joint=2, arc_radius=17.0,
        frame=FOREARM_ON_TABLE, table=True,
    ),
    "hip_flexion": SideMovement(
        start=_STAND, end=replace(_STAND, hip=112.0, knee=105.0), part="leg", arc_radius=31.0,
    ),
    "hip_extension": SideMovement(
        start=_STAND, end=replace(_STAND, hip=-24.0, trunk=4.0), part="leg", arc_radius=66.0,
        support=True,
    ),
    "knee_flexion": SideMovement(
        start=_STAND, end=replace(_STAND, knee=122.0), part="leg", joint=1, arc_radius=46.0,
        support=True,
    ),
    "knee_extension": SideMovement(
        start=_SIT, end=replace(_SIT, knee=6.0), part="leg", joint=1, arc_radius=46.0,
        frame=replace(WHOLE, centre=complex(24.0, 78.0)),
    ),
    "ankle_dorsiflexion": SideMovement(
        start=_FEET_OUT, end=replace(_FEET_OUT, ankle=24.0), part="leg", joint=3,
        arc_radius=25.0, frame=LOWER_LEG,
    ),
    "ankle_plantarflexion": SideMovement(
        start=_FEET_OUT, end=replace(_FEET_OUT, ankle=-46.0), part="leg", joint=3,
        arc_radius=25.0, frame=LOWER_LEG,
    ),
    "ankle_dorsiflexion_lunge": SideMovement(
        start=_LUNGE, end=replace(_LUNGE, hip=48.0, knee=84.0, ankle=36.0), part="leg", joint=2,
        from_foot=True, arc_radius=50.0, frame=replace(WHOLE, centre=complex(-14.0, 78.0)),
    ),
    "cervical_flexion": SideMovement(
        start=_SIT, end=replace(_SIT, neck=50.0), part="head", frame=HEAD_AND_SHOULDERS,
        arc_radius=37.0,
    ),
    "cervical_extension": SideMovement(
        start=_SIT, end=replace(_SIT, neck=-55.0), part="head", frame=HEAD_AND_SHOULDERS,
        arc_radius=37.0,
    ),
    "trunk_flexion_with_hips": SideMovement(
        start=_STAND, end=replace(_STAND, trunk=88.0, neck=8.0, shoulder=88.0, other_shoulder=88.0),
        part="trunk", arc_radius=62.0, frame=replace(WHOLE, centre=complex(16.0, 88.0)),
    ),
    "trunk_extension": SideMovement(
        start=_HANDS_ON_HIPS, end=replace(_HANDS_ON_HIPS, trunk=-24.0, neck=-6.0), part="trunk",
        arc_radius=88.0, frame=RAISED,
    ),
}  # fmt: skip


def _abducted(side: Side) -> FrontMovement:
    return FrontMovement(
        start=FrontPose(),
        end=FrontPose(arms={side: 160.0}, elbows={side: 0.0}),
        part="arm",
        arc_radius=54.0,
        frame=RAISED,
    )


def _leg_to(direction_deg: float) -> Callable[[Side], FrontMovement]:
    def moved(side: Side) -> FrontMovement:
        return FrontMovement(
            start=FrontPose(), end=FrontPose(legs={side: direction_deg}), part="leg",
            arc_radius=74.0,
        )  # fmt: skip

    return moved


def _foot_to(direction_deg: float) -> Callable[[Side], FrontMovement]:
    def moved(side: Side) -> FrontMovement:
        return FrontMovement(
            start=FrontPose(seated=True), end=FrontPose(seated=True, shanks={side: direction_deg}),
            part="leg", joint=1, arc_radius=36.0, frame=replace(WHOLE, centre=complex(0.0, 68.0)),
        )  # fmt: skip

    return moved


def _sign(side: Side) -> float:
    return 1.0 if side is Side.LEFT else -1.0


def _head_tilted(side: Side) -> FrontMovement:
    return FrontMovement(
        start=FrontPose(seated=True),
        end=FrontPose(seated=True, neck=40.0 * _sign(side)),
        part="head",
        arc_radius=37.0,
        frame=HEAD_AND_SHOULDERS,
    )


def _head_turned(side: Side) -> FrontMovement:
    return FrontMovement(
        start=FrontPose(seated=True),
        end=FrontPose(seated=True, turn=66.0 * _sign(side)),
        part="head",
        arc_radius=21.0,
        frame=HEAD_AND_SHOULDERS,
    )


def _trunk_bent(side: Side) -> FrontMovement:
    return FrontMovement(
        start=FrontPose(),
        end=FrontPose(trunk=30.0 * _sign(side), arms={side: 22.0, side.other: 0.0}),
        part="trunk",
        arc_radius=88.0,
        frame=RAISED,
    )


FRONT_MOVEMENTS: dict[str, Callable[[Side], FrontMovement]] = {
    "shoulder_abduction": _abducted,
    "hip_abduction": _leg_to(38.0),
    "hip_adduction": _leg_to(-20.0),
    "hip_internal_rotation": _foot_to(36.0),
    "hip_external_rotation": _foot_to(-36.0),
    "cervical_lateral_flexion": _head_tilted,
    "cervical_rotation": _head_turned,
    "trunk_lateral_flexion": _trunk_bent,
}
