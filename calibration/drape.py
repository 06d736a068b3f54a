"""Loose clothes: how far shirt and trousers stand off the body, and how they hang on it.

Cloth keeps the width it has higher up, so waist and knees vanish in it; it lies on what faces
upwards and hangs away beneath, so it follows gravity when an arm is raised.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calibration.bodies import Body
from calibration.looks import Look, along_arm, along_leg, cover_m
from calibration.posing import SIDES

FloatArray = NDArray[np.float64]

_FOLD_LENGTHS_M = (0.26, 0.19, 0.15, 0.12)
_FOLD_FRAC = 0.22
_LYING_FRAC = 0.85
_N_DIRECTIONS = 24
_SMOOTHING_STEPS = 4


def slack_m(body: Body, look: Look) -> FloatArray:
    """How far clothes may stand off each vertex (V,), metres; 0 for tight ones and for shoes."""
    vertices, loose_m = body.vertices_m, look.looseness_m
    if loose_m == 0.0:
        return np.zeros(len(vertices))
    cover = cover_m(body, look)
    slack = loose_m * _widening(body, look) + np.minimum(_hollows_m(body), 1.5 * loose_m)
    slack *= np.clip((body.head_of("neck01")[2] - vertices[:, 2] + 0.02) / 0.12, 0.0, 1.0)
    slack = _smooth(body, slack) * (1.0 + _FOLD_FRAC * _folds(vertices))
    edge_m = np.minimum(cover[:, :2].max(axis=1) + 0.06, -cover[:, 2])
    worn: FloatArray = np.clip(edge_m / 0.03, 0.0, 1.0)
    return slack * worn


def drape(vertices_m: FloatArray, normals: FloatArray, slack: FloatArray) -> FloatArray:
    """Vertices (V, 3) of the posed body with the clothes hung about it."""
    lying = _LYING_FRAC * np.clip(normals[:, 2], 0.0, 1.0)
    draped: FloatArray = vertices_m + (slack * (1.0 - lying))[:, None] * normals
    return draped


def _widening(body: Body, look: Look) -> FloatArray:
    """Fraction of the looseness: less at the shoulders and between the legs, all of it at hems."""
    vertices = body.vertices_m
    shoulder_m, hip_m = body.head_of("upperarm01.L")[2], body.head_of("upperleg01.L")[2]
    down = np.clip((shoulder_m - vertices[:, 2]) / (shoulder_m - hip_m), 0.0, 1.0)
    frac = 0.4 + 0.6 * down
    down_leg = np.clip(along_leg(body) / look.leg_segments, 0.0, 1.0)
    frac = np.where(vertices[:, 2] < hip_m, 0.75 + 0.25 * down_leg, frac)
    for side in SIDES:
        on_arm, along = along_arm(body, side)
        down_arm = np.clip(along / max(look.sleeve_segments, 0.1), 0.0, 1.0)
        frac = np.where(on_arm, 0.35 + 0.55 * down_arm, frac)
    return frac


def _hollows_m(body: Body) -> FloatArray:
    """How far each vertex lies behind what is above it, about the spine and about each leg."""
    vertices = body.vertices_m
    crotch_m = body.head_of("upperleg01.L")[2] - 0.08
    arms = np.any([along_arm(body, side)[0] for side in SIDES], axis=0)
    spine = np.array([0.0, body.head_of("spine03")[1]])
    suit = np.zeros(len(vertices), dtype=np.bool_)
    suit[np.unique(body.mesh.parts["suit"])] = True
    hollows = np.zeros(len(vertices))
    trunk = suit & ~arms & (vertices[:, 2] > crotch_m)
    hollows[trunk] = _behind_above_m(vertices[trunk, 2], vertices[trunk, :2] - spine)
    for letter, sign in (("L", 1.0), ("R", -1.0)):
        leg = suit & ~arms & (vertices[:, 2] <= crotch_m) & (sign * vertices[:, 0] > 0.0)
        bones = ("foot", "lowerleg01", "upperleg01")
        joints = np.array([body.head_of(f"{bone}.{letter}") for bone in bones])
        axis = [np.interp(vertices[leg, 2], joints[:, 2], joints[:, part]) for part in (0, 1)]
        hollows[leg] = _behind_above_m(vertices[leg, 2], vertices[leg, :2] - np.stack(axis, axis=1))
    return hollows


def _behind_above_m(height_m: FloatArray, from_axis_m: FloatArray) -> FloatArray:
    """Radius of the widest point above, in the same direction, less the own radius."""
    radius_m = np.hypot(*from_axis_m.T)
    turn = np.arctan2(from_axis_m[:, 1], from_axis_m[:, 0]) / (2.0 * np.pi)
    sector = np.round(turn * _N_DIRECTIONS).astype(int) % _N_DIRECTIONS
    behind_m = np.zeros(len(radius_m))
    for one in range(_N_DIRECTIONS):
        members = np.flatnonzero(sector == one)
        members = members[np.argsort(-height_m[members])]
        widest_m = np.maximum.accumulate(radius_m[members])
        behind_m[members] = widest_m - radius_m[members]
    return behind_m


def _folds(points_m: FloatArray) -> FloatArray:
    """A smooth random pattern of about -1 to 1; folds run down rather than across."""
    rng = np.random.default_rng(7)
    pattern = np.zeros(len(points_m))
    for length_m in _FOLD_LENGTHS_M:
        direction = rng.normal(size=3) * [1.0, 1.0, 0.45]
        direction /= np.linalg.norm(direction)
        phase = rng.uniform(0.0, 2.0 * np.pi)
        pattern += np.sin(2.0 * np.pi / length_m * points_m @ direction + phase)
    return np.clip(pattern, -2.0, 2.0)


def _smooth(body: Body, values: FloatArray) -> FloatArray:
    """Each vertex becomes the mean over the faces around it, a few times."""
    mesh = body.mesh
    n_around = np.maximum(np.asarray(mesh.vertex_from_face.sum(axis=1)).ravel(), 1.0)
    for _ in range(_SMOOTHING_STEPS):
        values = mesh.vertex_from_face @ values[mesh.faces].mean(axis=1) / n_around
    suit = np.zeros(len(values))
    suit[np.unique(mesh.parts["suit"])] = 1.0
    smooth: FloatArray = values * suit
    return smooth
