"""Write frames as a video that browsers play."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from rom.errors import OutputError
from rom.video.atomic import atomic_output, check_writable, is_storage_full, storage_full
from rom.video.paths import shown

TIME_BASE = Fraction(1, 90_000)
NOMINAL_RATE_HZ = 60
"""Tells the encoder what level to declare; the times of the frames are their own."""

QUALITY_CRF = 23


class OverlayWriter:
    """H.264 in MP4, 4:2:0, index first, each frame at its own time.

    Frames with an odd side get one more column or row, a copy of the last one: 4:2:0 has no odd
    sizes. The file appears when the block ends well; after any exception nothing is left.

    Raises
    ------
    OutputError
        On construction, if the file cannot be written.
    StorageFullError
        If the disk fills up.
    """

    def __init__(self, path: Path, *, width_px: int, height_px: int, force: bool = False) -> None:
        check_writable(path, force=force)
        self._path = path
        self._force = force
        self._shape = (height_px, width_px, 3)
        self._reformatter = VideoReformatter()
        self._resources = ExitStack()
        self._container: OutputContainer | None = None
        self._stream: VideoStream | None = None
        self._last_pts = -1
        self._interval = round(1 / (NOMINAL_RATE_HZ * TIME_BASE))

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            temporary = opening.enter_context(atomic_output(self._path, force=self._force))
            with self._explained():
                container = av.open(
                    f"file:{temporary}",
                    mode="w",
                    format="mp4",
                    container_options={"movflags": "+faststart"},
                )
                opening.callback(_abandon, container)
                self._container, self._stream = container, self._add_stream(container)
            self._resources = opening.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # As a block of its own, so that a failure while finishing also removes the file.
        with self._resources:
            if error is not None:
                raise error
            self._finish()

    def write(self, rgb: NDArray[np.uint8], time_s: float) -> None:
        """Encode one frame, (height, width, 3) uint8 RGB; times must increase."""
        if self._container is None or self._stream is None:
            raise ValueError("write: expected to be called inside the with block")
        if rgb.shape != self._shape:
            raise ValueError(f"rgb: expected shape {self._shape}, got {rgb.shape}")
        pts = round(time_s / TIME_BASE)
        if pts <= self._last_pts:
            raise ValueError(f"time_s: expected more than {self._last_pts * TIME_BASE}")
        self._interval = pts - self._last_pts if self._last_pts >= 0 else self._interval
        self._last_pts = pts
        frame = self._encodable(rgb)
        frame.pts, frame.time_base = pts, TIME_BASE
        with self._explained():
            self._mux(self._container, self._stream.encode(frame))

    def _add_stream(self, container: OutputContainer) -> VideoStream:
        height_px, width_px, _ = self._shape
        stream = container.add_stream(
            "libx264",
            rate=NOMINAL_RATE_HZ,
            options={"preset": "veryfast", "crf": str(QUALITY_CRF)},
        )
        stream.width, stream.height = width_px + width_px % 2, height_px + height_px % 2
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = TIME_BASE
        stream.color_range = ColorRange.MPEG
        stream.colorspace = 1  # BT.709 in the numbering of ISO/IEC 23091-2
        stream.color_primaries = ColorPrimaries.BT709
        stream.color_trc = ColorTrc.BT709
        return stream

    def _encodable(self, rgb: NDArray[np.uint8]) -> av.VideoFrame:
        odd_height_px, odd_width_px = rgb.shape[0] % 2, rgb.shape[1] % 2
        even = np.pad(rgb, ((0, odd_height_px), (0, odd_width_px), (0, 0)), mode="edge")
        return self._reformatter.reformat(
            av.VideoFrame.from_ndarray(even, format="rgb24"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )

    def _finish(self) -> None:
        if self._container is None or self._stream is None or self._last_pts < 0:
            raise OutputError(f"No frame was drawn, so {shown(self._path)} was not written.")
        with self._explained():
            self._mux(self._container, self._stream.encode())
            self._container.close()

    def _mux(self, container: OutputContainer, packets: list[Packet[VideoStream]]) -> None:
        for packet in packets:
            # Counts for the last frame only: each other one lasts until the next.
            packet.duration = self._interval
            container.mux(packet)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the encoder says into one line for the user."""
        try:
            yield
        except FFmpegError as error:
            if is_storage_full(error.errno):
                raise storage_full(self._path) from None
            raise OutputError(
                f"Encoding {shown(self._path)} failed ({error.strerror}); "
                "run `rom doctor` to check the encoder."
            ) from None


def _abandon(container: OutputContainer) -> None:
    """Close what is going to be removed; after `_finish` there is nothing left to close."""
    with suppress(FFmpegError):
        container.close()
