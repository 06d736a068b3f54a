"""Small clips with known pictures and known times, and ways to damage them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("SVT_LOG", "-1")

RgbImage = NDArray[np.uint8]
Picture = Callable[[int, int, int], RgbImage]

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (230, 230, 230)
TIME_BASE = Fraction(1, 90_000)
BITS = 10

FAST: dict[str, dict[str, str]] = {
    "libx264": {"preset": "ultrafast"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "10", "crf": "20", "svtav1-params": "pred-struct=1"},
    "mjpeg": {"qscale": "3"},
}


def steady_times_s(count: int, rate_hz: float) -> list[float]:
    return [index / rate_hz for index in range(count)]


def uneven_times_s(count: int) -> list[float]:
    """Times of a phone in poor light: 60 frames a second that become 24, with a pause."""
    steps_s = [(1 / 60, 1 / 24, 1 / 30, 0.113)[index % 4] for index in range(count - 1)]
    return [0.0, *np.cumsum(steps_s).tolist()]


def quadrants(index: int, width_px: int, height_px: int) -> RgbImage:
    """Red top left, green top right, blue bottom left, white bottom right."""
    image = np.zeros((height_px, width_px, 3), np.uint8)
    middle_x, middle_y = width_px // 2, height_px // 2
    image[:middle_y, :middle_x], image[:middle_y, middle_x:] = RED, GREEN
    image[middle_y:, :middle_x], image[middle_y:, middle_x:] = BLUE, WHITE
    return image


def barcode(index: int, width_px: int, height_px: int) -> RgbImage:
    """The frame's number as black and white columns, so that order can be checked."""
    image = np.zeros((height_px, width_px, 3), np.uint8)
    for bit, columns in enumerate(np.array_split(np.arange(width_px), BITS)):
        image[:, columns] = 235 if index >> bit & 1 else 20
    return image


def noisy_barcode(index: int, width_px: int, height_px: int) -> RgbImage:
    """A barcode with grain, so that pictures make up most of the file."""
    grain = np.random.default_rng(index).integers(-20, 20, (height_px, width_px, 1))
    return (barcode(index, width_px, height_px) + grain).clip(0, 255).astype(np.uint8)


def read_barcode(rgb: RgbImage) -> int:
    columns = np.array_split(rgb.mean(axis=(0, 2)), BITS)
    return sum((column.mean() > 128) << bit for bit, column in enumerate(columns))


def quadrant_colours(rgb: RgbImage) -> list[tuple[int, ...]]:
    """Colour in the middle of the top left, top right, bottom left and bottom right quarter."""
    height_px, width_px = rgb.shape[:2]
    return [
        tuple(int(value) for value in rgb[height_px * y // 4, width_px * x // 4])
        for y, x in ((1, 1), (1, 3), (3, 1), (3, 3))
    ]


def write_clip(
    path: Path,
    *,
    codec: str = "libx264",
    times_s: Sequence[float] | None = None,
    size_px: tuple[int, int] = (320, 192),
    picture: Picture = barcode,
    pixel_format: str | None = None,
    rotation_deg: float | None = None,
    mirrored: bool = False,
    pixel_aspect: Fraction | None = None,
    tags: dict[str, str] | None = None,
    options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
    frame_rate_hz: int = 30,
) -> Path:
    """Encode a clip; AVI gets its frames at the nominal rate, all else at `times_s`."""
    times = steady_times_s(30, frame_rate_hz) if times_s is None else times_s
    width_px, height_px = size_px
    time_base = Fraction(1, frame_rate_hz) if path.suffix == ".avi" else TIME_BASE
    with av.open(str(path), "w", container_options=container_options or {}) as container:
        stream: Any = container.add_stream(
            codec, rate=frame_rate_hz, options=FAST[codec] | (options or {})
        )
        stream.width, stream.height = size_px
        stream.pix_fmt = pixel_format or ("yuvj420p" if codec == "mjpeg" else "yuv420p")
        stream.codec_context.time_base = time_base
        if pixel_aspect is not None:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        if rotation_deg is not None or mirrored:
            stream.set_display_rotation(rotation_deg or 0, hflip=mirrored)
        stream.metadata.update(tags or {})
        for index, time_s in enumerate(times):
            frame = av.VideoFrame.from_ndarray(picture(index, width_px, height_px))
            frame.pts, frame.time_base = round(time_s / time_base), time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def write_sound(path: Path) -> Path:
    """A recording without pictures."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("aac", rate=16_000, layout="mono")
        for start in range(0, 16_000, 1024):
            frame = av.AudioFrame.from_ndarray(
                np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
            )
            frame.sample_rate, frame.pts = 16_000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def damage(path: Path, *, at_frac: float = 0.5, count: int = 60, seed: int = 1) -> Path:
    """Overwrite bytes part-way through the file."""
    content = bytearray(path.read_bytes())
    start = int(len(content) * at_frac)
    content[start : start + count] = np.random.default_rng(seed).bytes(count)
    path.write_bytes(content)
    return path


def truncate(path: Path, *, keep_frac: float) -> Path:
    """Cut the file off, as an interrupted copy does."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep_frac)])
    return path
