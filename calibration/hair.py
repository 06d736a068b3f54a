"""Long hair: a curtain about the back and the sides of the head that leaves the face free.

Down to the ears it turns with the head; below it hangs, and lies on neck, shoulders and back.
Head coordinates as in ``looks.head_coordinates_m``: origin between the eyes, z up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from calibration.bodies import N_SKIN_VERTICES, Body
from calibration.posing import BACK, UP, PosedBody, rotation

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]

_N_ROWS, _N_COLUMNS = 36, 49
_TOP_M, _TIP_M = 0.100, -0.30
_AXIS_BEHIND_EYES_M = 0.085

# By height above the eyes: half width, reach behind the axis, how far round from the back.
_HEIGHTS_M = (-0.30, -0.20, -0.10, -0.03, 0.03, 0.07, 0.10)
_HALF_WIDTHS_M = (0.125, 0.120, 0.112, 0.110, 0.106, 0.086, 0.050)
_DEPTHS_M = (0.118, 0.112, 0.108, 0.116, 0.122, 0.105, 0.070)
_TURNS_DEG = (128.0, 126.0, 120.0, 114.0, 108.0, 100.0, 96.0)

_HANGS_FROM_M, _HANGS_FREELY_M = 0.0, -0.10
_CLEARANCE_M = 0.014
_MOST_PUSHED_M = 0.03
_NEAREST = 4


@dataclass(frozen=True, eq=False)
class LongHair:
    """Strands run down the columns of a grid of vertices (R * C, 3), metres at rest."""

    body: Body
    rest_m: FloatArray
    anchors_m: FloatArray
    hanging_frac: FloatArray
    obstacles: IntArray
    triangles: IntArray
    pattern_m: FloatArray
    """Along the edge of the curtain, 0, and upwards: where the shader takes the strands from."""
    inside_m: FloatArray
    """Distance from the ragged tips, scaled for the shader's noise."""

    def hang(self, posed: PosedBody, vertices_m: FloatArray, normals: FloatArray) -> FloatArray:
        """Vertices (R * C, 3) on a posed body, which has the given vertices and normals."""
        turn, head_m = posed.rotation_of("head"), posed.head_of("head")
        rest_head_m = self.body.head_of("head")
        rigid = (self.rest_m - rest_head_m) @ turn.T + head_m
        anchors = (self.anchors_m - rest_head_m) @ turn.T + head_m
        hanging = anchors + (self.rest_m - self.anchors_m) @ _upright(turn).T
        frac = self.hanging_frac[:, None]
        strands = (1.0 - frac) * rigid + frac * hanging
        return _lay(strands, vertices_m[self.obstacles], normals[self.obstacles])


def grow_long_hair(body: Body) -> LongHair:
    """The curtain for one head, scaled like the head."""
    height_m = np.repeat(np.linspace(_TOP_M, _TIP_M, _N_ROWS), _N_COLUMNS)
    aside = np.tile(np.linspace(-1.0, 1.0, _N_COLUMNS), _N_ROWS)
    head = _curtain(height_m, aside)
    left, right = body.head_of("eye.L"), body.head_of("eye.R")
    scale, eyes_m = np.linalg.norm(left - right) / 0.062, (left + right) / 2.0
    anchors = _curtain(np.clip(height_m, _HANGS_FROM_M, None), aside)
    fall = (_HANGS_FROM_M - height_m) / (_HANGS_FROM_M - _HANGS_FREELY_M)
    turn = np.radians(aside * np.interp(height_m, _HEIGHTS_M, _TURNS_DEG))
    return LongHair(
        body=body,
        rest_m=head * scale + eyes_m,
        anchors_m=anchors * scale + eyes_m,
        hanging_frac=np.clip(fall, 0.0, 1.0),
        obstacles=_obstacles(body),
        triangles=_grid_triangles(),
        pattern_m=np.stack([0.11 * turn, np.zeros(len(turn)), height_m], axis=1),
        inside_m=0.08 * (height_m - _TIP_M) - 0.001,
    )


def hair_normals(vertices_m: FloatArray) -> FloatArray:
    """Unit normals (R * C, 3) out of the head, from the grid's tangents."""
    grid = vertices_m.reshape(_N_ROWS, _N_COLUMNS, 3)
    across, down = np.gradient(grid, axis=1), np.gradient(grid, axis=0)
    normals = np.cross(across, down).reshape(-1, 3)
    unit: FloatArray = normals / (np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12)
    return unit


def _curtain(height_m: FloatArray, aside: FloatArray) -> FloatArray:
    """Points at a height above the eyes, from -1 at the right edge to 1 at the left."""
    turn = np.radians(aside * np.interp(height_m, _HEIGHTS_M, _TURNS_DEG))
    across = np.interp(height_m, _HEIGHTS_M, _HALF_WIDTHS_M)
    behind = np.interp(height_m, _HEIGHTS_M, _DEPTHS_M)
    waves = 1.0 + 0.02 * np.sin(23.0 * turn) * np.clip(-height_m / 0.1, 0.0, 1.0)
    x, y = across * waves * np.sin(turn), _AXIS_BEHIND_EYES_M + behind * waves * np.cos(turn)
    return np.stack([x, y, height_m], axis=1)


def _upright(turn: FloatArray) -> FloatArray:
    """The part of a rotation that is about the vertical."""
    back = turn @ BACK
    return rotation(UP, float(np.degrees(np.arctan2(-back[0], back[1]))))


def _obstacles(body: Body) -> IntArray:
    """What hair lies on: scalp, neck and the clothed trunk, without arms and legs."""
    mesh, height_m = body.mesh, body.vertices_m[:, 2]
    limbs = mesh.weight_of("upperarm", "lowerarm", "wrist", "finger", "metacarpal", "upperleg")
    near = (limbs < 0.5) & (height_m > body.head_of("spine03")[2])
    head = mesh.weight_of("head", "neck03", "neck02", "neck01") > 0.3
    skin = np.arange(len(height_m)) < N_SKIN_VERTICES
    suit = np.zeros(len(height_m), dtype=np.bool_)
    suit[np.unique(mesh.parts["suit"])] = True
    thinned = np.arange(len(height_m)) % 3 == 0  # the skin's vertices are much closer together
    return np.flatnonzero(near & (suit | (skin & head & thinned))).astype(np.int32)


def _lay(strands_m: FloatArray, surface_m: FloatArray, normals: FloatArray) -> FloatArray:
    """From the top down, each row follows the one above it and keeps clear of the body."""
    tree = cKDTree(surface_m)
    rows = strands_m.reshape(_N_ROWS, _N_COLUMNS, 3)
    laid = rows.copy()
    for row in range(_N_ROWS):
        if row:
            laid[row] = laid[row - 1] + rows[row] - rows[row - 1]
        _, nearest = tree.query(laid[row], k=_NEAREST)
        normal = normals[nearest].mean(axis=1)
        above_m = np.sum((laid[row] - surface_m[nearest].mean(axis=1)) * normal, axis=1)
        laid[row] += np.clip(_CLEARANCE_M - above_m, 0.0, _MOST_PUSHED_M)[:, None] * normal
    flat: FloatArray = laid.reshape(-1, 3)
    return flat


def _grid_triangles() -> IntArray:
    corner = np.arange(_N_ROWS * _N_COLUMNS).reshape(_N_ROWS, _N_COLUMNS)
    a, b, c, d = corner[:-1, :-1], corner[:-1, 1:], corner[1:, 1:], corner[1:, :-1]
    first, second = np.stack([a, b, c], axis=-1), np.stack([a, c, d], axis=-1)
    return np.concatenate([first.reshape(-1, 3), second.reshape(-1, 3)]).astype(np.int32)
