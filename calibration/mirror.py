"""A large mirror beside the person, turned so that a camera in front sees the person in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.room import WOOD, Box, Room, triangles

FloatArray = NDArray[np.float64]

# A mirror flat on the back wall would hide the reflection behind the person; turned by half of
# the angle between person and camera as seen from it, it shows the reflection in its middle.
_ASIDE_M, _OFF_THE_WALL_M, _TURN_DEG = 1.03, 0.28, 22.0
_HALF_WIDTH_M, _LOW_M, _HIGH_M = 0.45, 0.30, 2.10
_FRAME_M = 0.05
_FAR_WALL_M = -6.0


@dataclass(frozen=True, eq=False)
class Mirror:
    """``centre_m`` at floor height; unit vectors across it to picture right, and out of it."""

    centre_m: FloatArray
    across: FloatArray
    outwards: FloatArray

    def reflection(self) -> FloatArray:
        """Matrix (4, 4) that takes points to where they seem to be behind the glass."""
        matrix = np.eye(4)
        matrix[:3, :3] -= 2.0 * np.outer(self.outwards, self.outwards)
        matrix[:3, 3] = 2.0 * (self.outwards @ self.centre_m) * self.outwards
        return matrix

    def reflected(self, point_m: FloatArray) -> FloatArray:
        behind: FloatArray = self.reflection()[:3] @ np.append(point_m, 1.0)
        return behind

    def corners(self) -> FloatArray:
        """Corners (4, 3) in turn, metres: low left, low right, high right, high left."""
        sides = ((-1, _LOW_M), (1, _LOW_M), (1, _HIGH_M), (-1, _HIGH_M))
        up = np.array([0.0, 0.0, 1.0])
        return np.array(
            [self.centre_m + side * _HALF_WIDTH_M * self.across + z * up for side, z in sides]
        )

    def clip_planes(self, eye_m: FloatArray) -> FloatArray:
        """Planes (5, 4) whose positive side is what the eye sees of the room in the mirror."""
        apex, corners = self.reflected(eye_m), self.corners()
        middle = corners.mean(axis=0)
        planes = [np.append(self.outwards, -self.outwards @ self.centre_m)]
        for first, second in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            normal = np.cross(first - apex, second - apex)
            normal *= np.sign(normal @ (middle - apex)) / np.linalg.norm(normal)
            planes.append(np.append(normal, -normal @ apex))
        return np.array(planes)

    def pane(self) -> FloatArray:
        """Two triangles (6, 3), metres."""
        return self.corners()[[0, 1, 2, 0, 2, 3]]

    def frame(self) -> FloatArray:
        """Triangles of the frame, as ``room.build_room`` gives them."""
        wood, w, f = (0.30, 0.22, 0.15), _HALF_WIDTH_M, _FRAME_M
        bars = (
            Box((-w - f, -0.02, _LOW_M - f), (-w, 0.04, _HIGH_M + f), wood, WOOD),
            Box((w, -0.02, _LOW_M - f), (w + f, 0.04, _HIGH_M + f), wood, WOOD),
            Box((-w, -0.02, _LOW_M - f), (w, 0.04, _LOW_M), wood, WOOD),
            Box((-w, -0.02, _HIGH_M), (w, 0.04, _HIGH_M + f), wood, WOOD),
            Box((-w, 0.01, _LOW_M), (w, 0.04, _HIGH_M), wood, WOOD),
        )
        built = np.concatenate([triangles(bar) for bar in bars])
        axes = np.stack([self.across, -self.outwards, (0.0, 0.0, 1.0)])
        built[:, :3] = built[:, :3] @ axes + self.centre_m
        built[:, 3:6] = built[:, 3:6] @ axes
        return built


def hang_mirror(room: Room) -> Mirror:
    """The mirror of a room; it wants a wall without shelf, window and door."""
    turn = np.radians(_TURN_DEG)
    return Mirror(
        centre_m=np.array([_ASIDE_M, room.depth_m - _OFF_THE_WALL_M, 0.0]),
        across=np.array([np.cos(turn), -np.sin(turn), 0.0]),
        outwards=np.array([-np.sin(turn), -np.cos(turn), 0.0]),
    )


def far_wall(room: Room) -> tuple[Box, ...]:
    """What only the mirror shows: the wall behind the camera, with a door."""
    w, y = room.half_width_m, _FAR_WALL_M
    return (
        Box((-w, y - 0.1, 0.0), (w, y, 2.6), room.wall),
        Box((-0.2, y, 0.0), (0.7, y + 0.03, 2.05), (0.83, 0.81, 0.77), WOOD),
    )
