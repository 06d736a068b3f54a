"""How brightly a picture is lit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GRID_STEP_PX = 8
LIT_PERCENTILE = 95.0
_LUMA = np.array([0.299, 0.587, 0.114])
"""Weights of red, green and blue: ITU-R BT.601."""


def lit_level(rgb: NDArray[np.uint8]) -> float:
    """Luma, 0 to 255, that the brightest twentieth of a picture (H, W, 3) reaches.

    Not the mean: a person in dark clothes before a dark wall is well lit as long as something is.
    """
    luma = rgb[::GRID_STEP_PX, ::GRID_STEP_PX].astype(np.float64) @ _LUMA
    return float(np.percentile(luma, LIT_PERCENTILE))
