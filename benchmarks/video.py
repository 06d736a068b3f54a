"""Make the video that is timed: a sample clip, repeated and enlarged to 1920×1080."""

from __future__ import annotations

import hashlib
import itertools
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from rom.samples import demo_videos

WIDTH_PX, HEIGHT_PX, RATE_HZ = 1920, 1080, 30
TIME_BASE = Fraction(1, RATE_HZ)
GRAIN_SD = 4.0  # of a phone's sensor indoors, so that decoding costs what it costs there
BACKGROUND = 110


def benchmark_video(duration_s: float) -> Path:
    """Return the video of that length, made once and kept in the folder for temporary files."""
    source = demo_videos()[0]
    key = hashlib.sha256(source.read_bytes()).hexdigest()[:8]
    path = Path(tempfile.gettempdir()) / f"rom-benchmark-{key}-{duration_s:.0f}s.mp4"
    if not path.exists():
        unfinished = path.with_suffix(".part")
        _encode(unfinished, source, frames=round(duration_s * RATE_HZ))
        unfinished.replace(path)
    return path


def _encode(path: Path, source: Path, *, frames: int) -> None:
    noise = np.random.default_rng(1)
    grain = noise.normal(0, GRAIN_SD, (8, HEIGHT_PX, WIDTH_PX, 1)).astype(np.int16)
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=RATE_HZ, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        for index, picture in enumerate(itertools.islice(_pictures(source), frames)):
            noisy = (picture + grain[index % len(grain)]).clip(0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(noisy)
            frame.pts, frame.time_base = index, TIME_BASE
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _pictures(source: Path) -> Iterator[NDArray[np.int16]]:
    """The clip's pictures at full height in the middle, again and again."""
    while True:
        with av.open(str(source)) as container:
            for frame in container.decode(video=0):
                width_px = round(frame.width * HEIGHT_PX / frame.height)
                scaled = frame.reformat(width=width_px, height=HEIGHT_PX, format="rgb24")
                picture = np.full((HEIGHT_PX, WIDTH_PX, 3), BACKGROUND, np.int16)
                left_px = (WIDTH_PX - width_px) // 2
                picture[:, left_px : left_px + width_px] = scaled.to_ndarray()
                yield picture
