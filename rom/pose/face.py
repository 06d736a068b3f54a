"""Points of the face on a crop of the head: better for the neck than the body's own face points.

The network (Kartynnik et al. 2019, arXiv:1907.06724) expects an upright, centred face. The body's
landmarks say roughly where it is; the crop is then turned and centred along the eye line that the
mesh itself shows, and read again. Upright and once, a true side-bend of 36° reads 11°.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from rom.errors import ModelError
from rom.landmarks import MIRRORED_FACE_ORDER, FacePoint, Landmark
from rom.pose.litert import Network
from rom.pose.region import FloatArray, Image, Region, region_around

_INPUT_PX = 192
_MESH_POINTS = 468
_MOST_ROUNDS = 3
# Closer than this the crop counts as settled: a fraction of its side, and an angle.
_SETTLED_FRAC = 0.02
_SETTLED_RAD = np.radians(1.0)
_FACE_SCORE = 0.5
_MESH_SCALE = 1.5
# Height of the mesh over the distance from eyes to mouth, and width over that between the ears.
_HEIGHT_OVER_EYE_MOUTH = 2.6
_WIDTH_OVER_EARS = 1.1

# Index in the mesh of each point; mesh index 33 is the outer corner of the person's right eye.
_MESH_INDEX = {
    FacePoint.FOREHEAD: 10,
    FacePoint.GLABELLA: 9,
    FacePoint.NOSE_BRIDGE: 6,
    FacePoint.NOSE_TIP: 1,
    FacePoint.NOSE_BASE: 2,
    FacePoint.CHIN: 152,
    FacePoint.LEFT_EYE_OUTER: 263,
    FacePoint.RIGHT_EYE_OUTER: 33,
    FacePoint.LEFT_EYE_INNER: 362,
    FacePoint.RIGHT_EYE_INNER: 133,
    FacePoint.LEFT_BROW: 334,
    FacePoint.RIGHT_BROW: 105,
    FacePoint.LEFT_MOUTH: 291,
    FacePoint.RIGHT_MOUTH: 61,
    FacePoint.LEFT_CHEEK: 280,
    FacePoint.RIGHT_CHEEK: 50,
    FacePoint.LEFT_JAW: 397,
    FacePoint.RIGHT_JAW: 172,
    FacePoint.LEFT_TEMPLE: 356,
    FacePoint.RIGHT_TEMPLE: 127,
}
_KEPT = [_MESH_INDEX[point] for point in FacePoint]
_RIGHT_EYE, _LEFT_EYE = (
    _MESH_INDEX[FacePoint.RIGHT_EYE_OUTER],
    _MESH_INDEX[FacePoint.LEFT_EYE_OUTER],
)


class FaceNetwork:
    """Reads the face mesh of the head that a body's landmarks point to."""

    def __init__(self, path: Path | None) -> None:
        if path is None:
            raise ModelError(
                "Expected the face network for this movement, but only a pose bundle is there;"
                " run once with a network connection and without --model, to fetch it"
            )
        self._network = Network(path.read_bytes(), name=path.name)

    def read(self, rgb: Image, xy_px: FloatArray, *, mirrored: bool = False) -> FloatArray | None:
        """Return (20, 3) face points in image pixels; None where no face is seen.

        Parameters
        ----------
        xy_px
            (33, 2) landmarks of the body.
        mirrored
            Whether the network is shown the head in a mirror; the names are put back.
        """
        region = replace(_head_region(xy_px), mirrored=mirrored)
        mesh_px, score = None, 0.0
        for _ in range(_MOST_ROUNDS):
            if not region.usable:
                return None
            mesh_px, score = self._read_mesh(rgb, region)
            nearer = _mesh_region(mesh_px, mirrored=mirrored)
            if _settled(region, nearer):
                break
            region = nearer
        if mesh_px is None or score < _FACE_SCORE:
            return None
        points_px = mesh_px[_KEPT]
        return points_px[MIRRORED_FACE_ORDER] if mirrored else points_px

    def _read_mesh(self, rgb: Image, region: Region) -> tuple[FloatArray, float]:
        crop = region.crop(rgb, _INPUT_PX)
        mesh, logit = self._network.run(crop)
        points = region.to_image(mesh.reshape(_MESH_POINTS, 3).astype(np.float64), _INPUT_PX)
        return points, float(1.0 / (1.0 + np.exp(-np.clip(logit.item(), -50.0, 50.0))))


def _head_region(xy_px: FloatArray) -> Region:
    """Return the square that should hold the face, from the body's eyes, ears and mouth."""
    eyes = xy_px[[Landmark.LEFT_EYE, Landmark.RIGHT_EYE]].mean(axis=0)
    mouth = xy_px[[Landmark.MOUTH_LEFT, Landmark.MOUTH_RIGHT]].mean(axis=0)
    down = mouth - eyes
    between_ears_px = np.hypot(*(xy_px[Landmark.LEFT_EAR] - xy_px[Landmark.RIGHT_EAR]))
    height_px = max(_HEIGHT_OVER_EYE_MOUTH * np.hypot(*down), _WIDTH_OVER_EARS * between_ears_px)
    return Region(
        center_px=(eyes + mouth) / 2.0,
        size_px=float(_MESH_SCALE * height_px),
        angle_rad=float(np.arctan2(-down[0], down[1])),
    )


def _mesh_region(mesh_px: FloatArray, *, mirrored: bool) -> Region:
    eye_line = mesh_px[_LEFT_EYE, :2] - mesh_px[_RIGHT_EYE, :2]
    if mirrored:
        eye_line = -eye_line
    angle_rad = float(np.arctan2(eye_line[1], eye_line[0]))
    region = region_around(mesh_px, angle_rad=angle_rad, scale=_MESH_SCALE)
    return replace(region, mirrored=mirrored)


def _settled(region: Region, nearer: Region) -> bool:
    moved_px = float(np.hypot(*(nearer.center_px - region.center_px)))
    turned_rad = np.angle(np.exp(1j * (nearer.angle_rad - region.angle_rad)))
    return bool(
        moved_px < _SETTLED_FRAC * region.size_px
        and abs(nearer.size_px - region.size_px) < 3 * _SETTLED_FRAC * region.size_px
        and abs(turned_rad) < _SETTLED_RAD
    )
