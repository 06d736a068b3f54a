"""Clips as a webcam: Chromium plays a file in place of the camera."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av

RATE_HZ = 30
WIDTH_PX, HEIGHT_PX = 640, 480


def write_camera_file(clips: Iterable[Path], target: Path) -> Path:
    """Write clips one after the other as Motion JPEG of 640x480; Chromium plays it in a loop.

    A picture of another shape is centred on grey, as a webcam that sees more of the room. The
    pixel format has to be yuvj420p: Chromium shows others as green, without a word.
    """
    with av.open(str(target), "w", format="mjpeg") as output:
        stream = output.add_stream("mjpeg", rate=RATE_HZ)
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuvj420p"
        stream.codec_context.qmin = stream.codec_context.qmax = 4
        number = 0
        for clip in clips:
            for frame in _frames(clip):
                frame.pts, frame.time_base = number, Fraction(1, RATE_HZ)
                output.mux(stream.encode(frame))
                number += 1
        output.mux(stream.encode(None))
    return target


def _frames(clip: Path) -> Iterable[av.VideoFrame]:
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        shape = f"{WIDTH_PX}:{HEIGHT_PX}"
        graph = av.filter.Graph()
        source = graph.add_buffer(template=stream)
        steps = [
            ("fps", str(RATE_HZ)),
            ("scale", f"{shape}:force_original_aspect_ratio=decrease"),
            ("pad", f"{shape}:(ow-iw)/2:(oh-ih)/2:gray"),
            ("format", "yuvj420p"),
        ]
        last = source
        for name, arguments in [*steps, ("buffersink", None)]:
            node = graph.add(name, arguments) if arguments else graph.add(name)
            last.link_to(node)
            last = node
        graph.configure()
        for frame in container.decode(stream):
            graph.push(frame)
            yield from _pulled(graph)
        graph.push(None)
        yield from _pulled(graph)


def _pulled(graph: av.filter.Graph) -> Iterable[av.VideoFrame]:
    while True:
        try:
            yield graph.vpull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
