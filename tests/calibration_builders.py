"""Stick figures in the place of rendered people, so that the bench is tested without them."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from calibration.bodies import Body, Mesh
from calibration.cohort import Split, cohort
from calibration.conditions import Kind
from calibration.people import PEOPLE
from calibration.series import STILLS, SeriesPlan, plan_series
from calibration.stock import Stills
from rom.landmarks import FloatArray, Side
from tests.figures import Camera, film, pose_figure
from tests.performances import angles_of

WITHOUT_RENDERER = (
    "needs the renderer: python -m pip install -c constraints.txt -e '.[dev,calibration]'"
)
WITHOUT_BODIES = "needs exported bodies: python -m calibration samples --what truth --out DIR"
"""Why a test is skipped, and what to do about it."""

# Bone, its parent, and its head at rest in metres (left side and midline; the right mirrors it).
_BONES: tuple[tuple[str, str | None, tuple[float, float, float]], ...] = (
    ("root", None, (0.0, -0.02, 0.95)),
    ("spine05", "root", (0.0, -0.02, 0.95)),
    ("spine04", "spine05", (0.0, 0.02, 1.02)),
    ("spine03", "spine04", (0.0, 0.0, 1.10)),
    ("spine02", "spine03", (0.0, 0.0, 1.20)),
    ("spine01", "spine02", (0.0, 0.01, 1.34)),
    ("neck01", "spine01", (0.0, 0.0, 1.48)),
    ("neck02", "neck01", (0.0, -0.01, 1.52)),
    ("neck03", "neck02", (0.0, -0.02, 1.55)),
    ("head", "neck03", (0.0, -0.03, 1.58)),
    ("eye.L", "head", (0.03, -0.11, 1.62)),
    ("clavicle.L", "spine01", (0.025, -0.02, 1.42)),
    ("shoulder01.L", "clavicle.L", (0.10, -0.02, 1.44)),
    ("upperarm01.L", "shoulder01.L", (0.16, -0.02, 1.41)),
    ("upperarm02.L", "upperarm01.L", (0.22, -0.02, 1.34)),
    ("lowerarm01.L", "upperarm02.L", (0.34, -0.03, 1.20)),
    ("lowerarm02.L", "lowerarm01.L", (0.39, -0.10, 1.14)),
    ("wrist.L", "lowerarm02.L", (0.45, -0.17, 1.08)),
    ("finger2-1.L", "wrist.L", (0.475, -0.265, 1.04)),
    ("finger3-1.L", "wrist.L", (0.49, -0.25, 1.03)),
    ("finger5-1.L", "wrist.L", (0.50, -0.21, 1.02)),
    ("upperleg01.L", "root", (0.10, -0.02, 0.93)),
    ("lowerleg01.L", "upperleg01.L", (0.14, -0.05, 0.50)),
    ("foot.L", "lowerleg01.L", (0.17, -0.01, 0.08)),
    ("toe2-1.L", "foot.L", (0.17, -0.15, 0.03)),
)


def stick_body() -> Body:
    """One vertex a bone, carried by that bone alone."""
    bones = [*_BONES, *(_mirrored(*bone) for bone in _BONES if bone[0].endswith(".L"))]
    names = tuple(name for name, _, _ in bones)
    parents = [-1 if parent is None else names.index(parent) for _, parent, _ in bones]
    heads_m = np.array([head for _, _, head in bones])
    mesh = Mesh(
        parts={},
        bone_names=names,
        bone_parents=np.array(parents, np.int32),
        weights=sp.identity(len(names), format="csr"),
    )
    return Body(PEOPLE[0], mesh, heads_m.copy(), heads_m)


def _mirrored(
    name: str, parent: str | None, head_m: tuple[float, float, float]
) -> tuple[str, str | None, tuple[float, float, float]]:
    def swap(bone: str | None) -> str | None:
        return bone[:-1] + "R" if bone and bone.endswith(".L") else bone

    return swap(name) or "", swap(parent), (-head_m[0], head_m[1], head_m[2])


def planned(kind: Kind, movement: str, member: int = 0, *, split: Split = "tune") -> SeriesPlan:
    """The series of a split's person, counted from 0."""
    members = [each for each in cohort() if each.split == split]
    return plan_series(kind, members[member], movement)


def stick_stills(plan: SeriesPlan, *, shown_deg: FloatArray | None = None) -> Stills:
    """A planned series done by the stick figure, seen as planned but from far away.

    The truth is what was commanded; `shown_deg` is what the figure shows instead, for readings
    with a known error. Figures stand in the picture upright and as large as the plan has it.
    """
    width_px, height_px = plan.condition.size_px
    towards = 1.0 if plan.camera_side == "left" else -1.0
    close = plan.action.framing == "head"
    camera = Camera(
        yaw_deg=towards * (plan.action.view_yaw_deg + plan.condition.offset_deg),
        scale_px_m=(1.2 if close else 0.5 / 1.7) * height_px,
        width_px=width_px,
        height_px=height_px,
        middle_frac=(0.5, 1.1 if close else 0.5),
    )
    commands_deg = plan.commands_deg
    angles = angles_of(
        plan.movement, Side(plan.side), commands_deg if shown_deg is None else shown_deg
    )
    series = film(pose_figure(np.arange(float(STILLS)), angles), camera)
    return Stills(
        plan=plan,
        command_deg=commands_deg,
        truth_deg=commands_deg,
        lean_deg=np.zeros(STILLS),
        xy_px=series.xy_px,
        visibility=series.visibility,
        world_m=series.world_m,
        face_px=series.face_px if close else None,
        hand_px=series.hand_px if plan.action.framing == "hand" else None,
        legs_exchanged=np.zeros(STILLS, np.bool_),
    )
