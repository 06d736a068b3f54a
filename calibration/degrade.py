"""What a camera and its file do to a picture: compression and motion blur."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from io import BytesIO

import av
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

_N_COPIES = 3
"""A still is shown this often, so that the copy which counts is predicted, as in a video."""
_GAMMA = 2.2


def compress(images: Sequence[Image], *, crf: int) -> list[Image]:
    """Stills (H, W, 3) RGB of one size, H.264 at a constant rate factor (0 best, 51 worst).

    Raises ``ValueError`` for unlike or odd sizes: 4:2:0 halves both sides.
    """
    if not images:
        return []
    shapes = {image.shape for image in images}
    height_px, width_px = images[0].shape[:2]
    if len(shapes) > 1 or height_px % 2 or width_px % 2:
        raise ValueError(f"expected pictures of one size with even sides, got {sorted(shapes)}")
    stored = BytesIO()
    with av.open(stored, "w", format="matroska") as container:
        stream = container.add_stream("libx264", rate=Fraction(25))
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
        # A key frame for each still: stills jump where a video would flow.
        every_still = {"g": str(_N_COPIES), "sc_threshold": "0"}
        stream.options = {"crf": str(crf), "preset": "veryfast", "threads": "1", **every_still}
        for image in images:
            for _ in range(_N_COPIES):
                container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))
    stored.seek(0)
    with av.open(stored) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    return [frame.astype(np.uint8, copy=False) for frame in frames[_N_COPIES - 1 :: _N_COPIES]]


def add_motion_blur(images: Sequence[Image]) -> Image:
    """The mean in linear light of the pictures (H, W, 3) taken while the shutter was open."""
    if not images:
        raise ValueError("expected at least one picture to blur, got none")
    light = np.mean([(image / 255.0) ** _GAMMA for image in images], axis=0)
    blurred: Image = np.round(255.0 * light ** (1.0 / _GAMMA)).astype(np.uint8)
    return blurred
