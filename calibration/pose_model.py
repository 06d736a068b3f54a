"""MediaPipe's pose landmarker on single pictures, as arrays; for the bench, not the product."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Image = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class PoseReading:
    """What the model saw in one picture; NaN where nobody was found.

    ``landmarks`` (33, 5): x and y in pixels, depth in the same unit, visibility, presence.
    ``world_m`` (33, 3): metres, x right, y down, z away, from the middle of the hips.
    """

    landmarks: FloatArray
    world_m: FloatArray

    @property
    def found(self) -> bool:
        return not bool(np.isnan(self.landmarks).all())


class PoseModel:
    """A pose landmarker bundle in IMAGE mode for one person."""

    def __init__(self, bundle: Path) -> None:
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(bundle)),
            running_mode=vision.RunningMode.IMAGE,
            num_poses=1,
        )
        self._landmarker = vision.PoseLandmarker.create_from_options(options)

    def estimate(self, image: Image) -> PoseReading:
        """Landmarks of the most prominent person in an RGB picture (H, W, 3)."""
        picture = mp.Image(image_format=mp.ImageFormat.SRGB, data=image)
        result = self._landmarker.detect(picture)
        if not result.pose_landmarks:
            return PoseReading(np.full((33, 5), np.nan), np.full((33, 3), np.nan))
        height_px, width_px = image.shape[:2]
        scale = np.array([width_px, height_px, width_px, 1.0, 1.0])
        points = [(p.x, p.y, p.z, p.visibility, p.presence) for p in result.pose_landmarks[0]]
        world = [(p.x, p.y, p.z) for p in result.pose_world_landmarks[0]]
        return PoseReading(np.array(points) * scale, np.array(world))
