"""Read a recording frame by frame, each with its own presentation time."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream
from numpy.typing import NDArray

from rom.errors import InputError
from rom.video.clock import FrameClock
from rom.video.decoding import (
    ByteStream,
    Decoder,
    find_video_stream,
    open_container,
    open_file,
    open_stream_container,
)
from rom.video.paths import shown
from rom.video.picture import Orientation, PictureConverter, orientation_of, shown_size_px
from rom.video.prefetch import prefetched

FRAMES_AHEAD = 3
_PLAUSIBLE_RATE_HZ = (1.0, 1000.0)


@dataclass(frozen=True)
class VideoInfo:
    """What a recording says about itself.

    Attributes
    ----------
    width_px, height_px
        Size of the frames given out: upright, square pixels, scaled down.
    coded_width_px, coded_height_px
        Size of the pictures in the file.
    rotation_deg
        Clockwise turn that was applied to make them upright: 0, 90, 180 or 270.
    frame_rate_hz
        Nominal rate, None if the file states none. Never use it for time: frames carry theirs.
    duration_s
        None if the file states none, as in recordings made by browsers.
    frame_count_estimate
        For a progress bar only.
    """

    path: Path
    width_px: int
    height_px: int
    coded_width_px: int
    coded_height_px: int
    rotation_deg: int
    codec: str
    container: str
    frame_rate_hz: float | None
    duration_s: float | None
    frame_count_estimate: int | None


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture of a recording.

    Attributes
    ----------
    time_s
        Presentation time; the first frame of the recording is at 0, each later than the last.
    rgb
        (height, width, 3) uint8, contiguous.
    index
        Counts the frames given out, from 0.
    after_loss
        True from a damaged frame, which is skipped, to the next key frame: parts may be smeared.
    """

    time_s: float
    rgb: NDArray[np.uint8]
    index: int
    after_loss: bool = False


class VideoReader:
    """The frames of one recording, read once, in order; made by `open_video`.

    Attributes
    ----------
    info
        What the recording says about itself.
    dropped_frames
        Frames left out so far because they were not later than the one before.
    """

    def __init__(
        self,
        *,
        info: VideoInfo,
        decoder: Decoder,
        pictures: Generator[av.VideoFrame],
        converter: PictureConverter,
        resources: ExitStack,
    ) -> None:
        self.info = info
        self.dropped_frames = 0
        self._read_s = 0.0
        self._decoder = decoder
        self._pictures = pictures
        self._converter = converter
        self._resources = resources
        self._frames = prefetched(self._read(), depth=FRAMES_AHEAD)

    @property
    def corrupt_frames(self) -> int:
        """How many damaged frames were skipped so far."""
        return self._decoder.corrupt_frames

    @property
    def missing_s(self) -> float:
        """How much of the stated duration is still to come; after the last frame, what is lost.

        A damaged WebM or MKV may end early without any frame that could be counted as damaged.
        About one frame's interval is normal. 0 if the file states no duration.
        """
        return max(0.0, (self.info.duration_s or 0.0) - self._read_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Frame]:
        return self._frames

    def close(self) -> None:
        """Stop decoding and close the file; safe to call twice."""
        self._frames.close()
        self._pictures.close()
        self._resources.close()

    def _read(self) -> Generator[Frame]:
        clock = FrameClock(self.info.frame_rate_hz)
        index = 0
        for picture in self._pictures:
            time_s = clock.stamp(self._decoder.presentation_s(picture))
            if time_s is None:
                self.dropped_frames += 1
                continue
            self._read_s = time_s
            rgb = self._converter.convert(picture)
            yield Frame(time_s, rgb, index, self._decoder.after_loss)
            index += 1


def open_video(path: Path, *, max_side_px: int = 1280) -> VideoReader:
    """Open a recording and decode its first frame.

    Only local regular files are read; nothing is ever fetched, whatever the file says. Frames are
    turned upright, given square pixels and scaled down until no side is longer than `max_side_px`.

    Raises
    ------
    InputError
        If there is nothing to read, or nothing in it that decodes.
    """
    # Some cameras write oddities that a strict decoder takes for damage, from the start.
    reader = _open(path, max_side_px=max_side_px, strict=True)
    reader = reader or _open(path, max_side_px=max_side_px, strict=False)
    assert reader is not None  # only a strict decoder gives up
    return reader


def open_stream(stream: ByteStream, path: Path, *, max_side_px: int = 1280) -> VideoReader:
    """Open a recording that is still being written, as far as it can be read in that order.

    Its frames are those that `open_video` finds in the complete file at `path`; what the file says
    about itself, as its duration, may be known only then.

    Raises
    ------
    InputError
        If nothing in it decodes, or it has to be complete to be read.
    """
    with ExitStack() as opening:
        container = opening.enter_context(open_stream_container(stream, path))
        reader = _begin(container, path, opening, max_side_px=max_side_px, strict=True)
        if reader is None:
            raise InputError(
                f"Expected a video that can be read while it is written, but {shown(path)} cannot;"
                " read it when it is complete."
            )
        return reader


def _open(path: Path, *, max_side_px: int, strict: bool) -> VideoReader | None:
    """Open a recording; None if a strict decoder does not like how it starts."""
    with ExitStack() as opening:
        file = opening.enter_context(open_file(path))
        container = opening.enter_context(open_container(file, path))
        return _begin(container, path, opening, max_side_px=max_side_px, strict=strict)


def _begin(
    container: InputContainer, path: Path, opening: ExitStack, *, max_side_px: int, strict: bool
) -> VideoReader | None:
    """Decode the first frame."""
    stream = find_video_stream(container, path, strict=strict)
    decoder = Decoder(container, stream, path)
    pictures = decoder.frames()
    first = next(pictures, None)
    if strict and (first is None or decoder.corrupt_frames):
        return None
    if first is None:
        raise _nothing_decodes(path, decoder)
    orientation = orientation_of(first, {**container.metadata, **stream.metadata})
    size_px = shown_size_px(
        width_px=first.width,
        height_px=first.height,
        pixel_aspect=stream.sample_aspect_ratio,
        max_side_px=max_side_px,
    )
    return VideoReader(
        info=_describe(path, container, stream, first, orientation, size_px),
        decoder=decoder,
        pictures=_with_first(first, pictures),
        converter=_tested_converter(path, first, orientation, size_px),
        resources=opening.pop_all(),
    )


def _nothing_decodes(path: Path, decoder: Decoder) -> InputError:
    if decoder.corrupt_frames:
        return InputError(
            f"Expected a video, but no picture of {shown(path)} can be decoded "
            f"({decoder.corrupt_frames} are damaged); copy it again from the camera."
        )
    return InputError(
        f"Expected a video, but {shown(path)} holds no frames; copy it again or record again."
    )


def _tested_converter(
    path: Path, first: av.VideoFrame, orientation: Orientation, size_px: tuple[int, int]
) -> PictureConverter:
    """Return a converter that is known to handle the first picture's pixel format."""
    converter = PictureConverter(width_px=size_px[0], height_px=size_px[1], orientation=orientation)
    try:
        converter.convert(first)
    except (FFmpegError, ValueError):
        raise InputError(
            f"The pictures of {shown(path)} are stored as {first.format.name}, which is not "
            "supported; convert the video to MP4 with H.264."
        ) from None
    return converter


def _with_first(first: av.VideoFrame, rest: Generator[av.VideoFrame]) -> Generator[av.VideoFrame]:
    try:
        yield first
        yield from rest
    finally:
        rest.close()


def _describe(
    path: Path,
    container: InputContainer,
    stream: VideoStream,
    first: av.VideoFrame,
    orientation: Orientation,
    size_px: tuple[int, int],
) -> VideoInfo:
    turned = orientation.rotation_deg in (90, 270)
    frame_rate_hz = _frame_rate_hz(stream)
    duration_s = _duration_s(container, stream)
    frame_count = stream.frames or None
    if frame_count is None and duration_s is not None and frame_rate_hz is not None:
        frame_count = max(1, round(duration_s * frame_rate_hz))
    return VideoInfo(
        path=path,
        width_px=size_px[1] if turned else size_px[0],
        height_px=size_px[0] if turned else size_px[1],
        coded_width_px=first.width,
        coded_height_px=first.height,
        rotation_deg=orientation.rotation_deg,
        codec=stream.codec.canonical_name,
        container=container.format.name,
        frame_rate_hz=frame_rate_hz,
        duration_s=duration_s,
        frame_count_estimate=frame_count,
    )


def _frame_rate_hz(stream: VideoStream) -> float | None:
    low_hz, high_hz = _PLAUSIBLE_RATE_HZ
    for rate in (stream.average_rate, stream.guessed_rate):
        if rate and low_hz <= rate < high_hz:
            return float(rate)
    return None


def _duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    if stream.duration and stream.duration > 0 and stream.time_base:
        return float(stream.duration * stream.time_base)
    if container.duration and container.duration > 0:
        return container.duration / av.time_base
    return None
