"""Make the video that is timed: a sample clip, repeated and enlarged to 1920×1080."""

from __future__ import annotations

import hashlib
import tempfile
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from rom.samples import demo_videos

WIDTH_PX, HEIGHT_PX, RATE_HZ = 1920, 1080, 30
TIME_BASE = Fraction(1, RATE_HZ)
GRAIN_SD = 4.0  # of a phone's sensor indoors, so that decoding costs what it costs there
BACKGROUND = 110
BIT_RATE_HZ = 12_000_000  # bits per second, as phones use for this size


def benchmark_video(duration_s: float) -> Path:
    """Return the video of that length, made once and kept in the folder for temporary files."""
    source = demo_videos()[0]
    key = hashlib.sha256(source.read_bytes()).hexdigest()[:8]
    path = Path(tempfile.gettempdir()) / f"rom-benchmark-{key}-{duration_s:.0f}s.mp4"
    if not path.exists():
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            once, unfinished = Path(folder) / "once.mp4", Path(folder) / "repeated.mp4"
            _enlarge(source, once)
            _repeat(once, unfinished, frames=round(duration_s * RATE_HZ))
            unfinished.replace(path)
    return path


def _enlarge(source: Path, target: Path) -> None:
    """Encode the clip at full height in the middle of a grey picture, with grain."""
    noise = np.random.default_rng(1)
    grain = noise.normal(0, GRAIN_SD, (8, HEIGHT_PX, WIDTH_PX, 1)).astype(np.int16)
    with av.open(str(source)) as clip, av.open(str(target), "w") as container:
        stream = container.add_stream(
            "libx264", rate=RATE_HZ, options={"preset": "veryfast", "bf": "0"}
        )
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        stream.bit_rate = BIT_RATE_HZ
        for index, frame in enumerate(clip.decode(video=0)):
            width_px = round(frame.width * HEIGHT_PX / frame.height)
            scaled = frame.reformat(width=width_px, height=HEIGHT_PX, format="rgb24")
            picture = np.full((HEIGHT_PX, WIDTH_PX, 3), BACKGROUND, np.int16)
            left_px = (WIDTH_PX - width_px) // 2
            picture[:, left_px : left_px + width_px] = scaled.to_ndarray()
            noisy = (picture + grain[index % len(grain)]).clip(0, 255).astype(np.uint8)
            enlarged = av.VideoFrame.from_ndarray(noisy)
            enlarged.pts, enlarged.time_base = index, TIME_BASE
            container.mux(stream.encode(enlarged))
        container.mux(stream.encode())


def _repeat(source: Path, target: Path, *, frames: int) -> None:
    """Copy the encoded pictures again and again, each pass later than the one before."""
    written = 0
    with av.open(str(target), "w") as container:
        stream = None
        while written < frames:
            with av.open(str(source)) as clip:
                stream = stream or container.add_stream_from_template(clip.streams.video[0])
                for packet in clip.demux(video=0):
                    if packet.pts is None or written >= frames:
                        continue
                    packet.pts = packet.dts = round(written * TIME_BASE / packet.time_base)
                    packet.stream = stream
                    container.mux(packet)
                    written += 1
