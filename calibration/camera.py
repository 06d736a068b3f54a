"""A pinhole camera: metres in the world to pixels in the picture, x right and y down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.posing import UP

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Camera:
    """Where the camera stands and looks, in metres; the field of view is the vertical one."""

    width_px: int
    height_px: int
    eye_m: tuple[float, float, float]
    target_m: tuple[float, float, float]
    field_of_view_deg: float = 48.0
    roll_deg: float = 0.0

    @property
    def focal_px(self) -> float:
        return self.height_px / 2.0 / float(np.tan(np.radians(self.field_of_view_deg) / 2.0))

    def view_matrix(self) -> FloatArray:
        """World to camera (4, 4); the camera looks along its own -z."""
        return look_at(np.array(self.eye_m), np.array(self.target_m), roll_deg=self.roll_deg)

    def projection_matrix(self) -> FloatArray:
        """Camera to OpenGL clip space (4, 4)."""
        near_m, far_m = 0.1, 30.0
        scale = 1.0 / np.tan(np.radians(self.field_of_view_deg) / 2.0)
        matrix = np.zeros((4, 4))
        matrix[0, 0] = scale * self.height_px / self.width_px
        matrix[1, 1] = scale
        matrix[2, 2] = (far_m + near_m) / (near_m - far_m)
        matrix[2, 3] = 2.0 * far_m * near_m / (near_m - far_m)
        matrix[3, 2] = -1.0
        return matrix

    def project(self, points_m: FloatArray) -> FloatArray:
        """World points (N, 3) to pixels (N, 2)."""
        view = self.view_matrix()
        seen = points_m @ view[:3, :3].T + view[:3, 3]
        x_px = self.width_px / 2.0 + self.focal_px * seen[:, 0] / -seen[:, 2]
        y_px = self.height_px / 2.0 - self.focal_px * seen[:, 1] / -seen[:, 2]
        return np.stack([x_px, y_px], axis=1)


def look_at(eye_m: FloatArray, target_m: FloatArray, *, roll_deg: float = 0.0) -> FloatArray:
    """World to camera (4, 4); positive roll turns the picture's content anticlockwise."""
    ahead = (target_m - eye_m) / np.linalg.norm(target_m - eye_m)
    right = np.cross(ahead, UP)
    right /= np.linalg.norm(right)
    upright = np.stack([right, np.cross(right, ahead), -ahead])
    cosine, sine = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
    turn = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    matrix = np.eye(4)
    matrix[:3, :3] = turn @ upright
    matrix[:3, 3] = -matrix[:3, :3] @ eye_m
    return matrix


def orthographic(half_size_m: float, *, near_m: float, far_m: float) -> FloatArray:
    """Camera to clip space (4, 4) of a parallel projection, as for the lamp's shadow."""
    matrix = np.diag([1.0 / half_size_m, 1.0 / half_size_m, -2.0 / (far_m - near_m), 1.0])
    matrix[2, 3] = -(far_m + near_m) / (far_m - near_m)
    return matrix
