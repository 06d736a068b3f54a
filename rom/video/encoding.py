"""Single pictures as JPEG."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

RgbImage = NDArray[np.uint8]

MAX_SIDE_PX = 900
QUALITY = 85


def jpeg_bytes(rgb: RgbImage, *, max_side_px: int = MAX_SIDE_PX) -> bytes:
    """Return the picture as JPEG, scaled down to the longest side allowed.

    Parameters
    ----------
    rgb
        (height, width, 3).
    """
    scale = min(1.0, max_side_px / max(rgb.shape[:2]))
    size_px = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    image = cv2.resize(rgb, size_px, interpolation=cv2.INTER_AREA) if scale < 1.0 else rgb
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    done, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    assert done
    return encoded.tobytes()
