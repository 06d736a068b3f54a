"""Open a local recording safely and decode its picture frames, skipping damaged ones."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NoReturn, Protocol

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.stream import VideoStream

from rom.errors import InputError
from rom.video.paths import shown

DEMUXERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts"
"""Only formats that keep everything in one file: a playlist could name other files or addresses."""

MAX_READ_ERRORS = 50
"""So many failed reads without a packet between them mean that nothing more will come."""

_MAX_DECODER_THREADS = 4
_KNOWN_STARTS = {4: (b"ftyp", b"moov", b"mdat", b"wide", b"free"), 0: (b"\x1aE\xdf\xa3", b"RIFF")}


class ByteStream(Protocol):
    """What can be read; `read` waits for bytes and gives none at the end only."""

    def read(self, size: int, /) -> bytes:
        """Return up to so many bytes."""
        ...


def open_file(path: Path) -> io.FileIO:
    """Open a local regular file; what merely looks like an address is never followed."""
    name = shown(path)
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"Expected a video file, but {name} is a folder; name a file in it.")
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"Expected a video file, but {name} is not a regular file.")
        if status.st_size == 0:
            raise InputError(f"Expected a video, but {name} is empty (0 bytes); copy it again.")
        return io.FileIO(path)
    except FileNotFoundError:
        raise InputError(
            f"Expected a video file, but {name} does not exist; check the name and the folder."
        ) from None
    except PermissionError:
        raise InputError(
            f"No permission to read {name}; allow reading it or copy it to a folder of yours."
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a possible file name"
        raise InputError(f"Cannot read {name} ({reason}); check the path.") from None


def open_container(file: io.FileIO, path: Path) -> InputContainer:
    """Find out what kind of video the file is; raises InputError if it is none."""
    try:
        return _open_safely(file)
    except (FFmpegError, OSError, ValueError):
        raise _unreadable(file, path) from None


def open_stream_container(stream: ByteStream, path: Path) -> InputContainer:
    """As `open_container`, of what can be read once only, from its beginning."""
    try:
        return _open_safely(stream)
    except (FFmpegError, OSError, ValueError):
        raise InputError(
            f"Expected a video that can be read while it is written, but {shown(path)} cannot;"
            " read it when it is complete."
        ) from None


def _open_safely(file: ByteStream) -> InputContainer:
    return av.open(
        file,
        mode="r",
        container_options={"format_whitelist": DEMUXERS, "protocol_whitelist": "none"},
        metadata_errors="replace",
        io_open=_refuse_to_open,
    )


def _refuse_to_open(*_: object) -> NoReturn:
    raise PermissionError("a recording may not name other files")


def _unreadable(file: io.FileIO, path: Path) -> InputError:
    """Say whether the file is a damaged video or no video at all."""
    file.seek(0)
    head = file.read(16)
    looks_like_video = any(
        head[offset:].startswith(starts) for offset, starts in _KNOWN_STARTS.items()
    )
    if looks_like_video:
        return InputError(
            f"Expected a complete video, but {shown(path)} is cut short or damaged: its index "
            "cannot be read; copy it again from the camera."
        )
    return InputError(
        f"Expected a video (MP4, MOV, WebM, AVI or MKV), but {shown(path)} holds something else; "
        "check the file or convert it to MP4."
    )


def find_video_stream(container: InputContainer, path: Path, *, strict: bool) -> VideoStream:
    """Return the stream that holds the recording, not a cover picture; ready to decode.

    Most decoders mark the frames whose damage they hid; that of Motion JPEG gives them up when it
    is strict and says nothing when it is not.
    """
    streams = [
        stream
        for stream in container.streams.video
        if not stream.disposition & Disposition.attached_pic
    ]
    if not streams:
        found = "only sound" if container.streams.audio else "no picture"
        raise InputError(
            f"Expected a video, but {shown(path)} holds {found}; record again with the camera on."
        )
    decodable = [stream for stream in streams if stream.codec_context is not None]
    if not decodable:
        raise InputError(
            f"The way the pictures in {shown(path)} are encoded is not supported; "
            "convert the video to MP4 with H.264."
        )
    stream = max(decodable, key=lambda each: each.width * each.height)
    # Threads a slice are left out: they would hide the damaged frames of H.264.
    stream.thread_type = "FRAME"
    stream.thread_count = min(_MAX_DECODER_THREADS, os.cpu_count() or 1)
    if strict and stream.codec.canonical_name == "mjpeg":
        stream.codec_context.options = {"err_detect": "explode"}
    return stream


class Decoder:
    """Picture frames of one stream in order of presentation.

    Attributes
    ----------
    corrupt_frames
        How many damaged packets and frames were skipped so far.
    after_loss
        Whether the last frame given out builds on a skipped one: it is complete, but parts may be
        smeared until the next key frame.
    """

    def __init__(self, container: InputContainer, stream: VideoStream, path: Path) -> None:
        self.corrupt_frames = 0
        self.after_loss = False
        self._container = container
        self._stream = stream
        self._path = path

    def frames(self) -> Generator[av.VideoFrame]:
        """Yield every frame that decodes; raises InputError if the file cannot be read on."""
        for packet in self._packets():
            if packet is not None and packet.is_corrupt:
                self._count_loss()
                continue
            try:
                frames = self._stream.codec_context.decode(packet)
            except FFmpegError:
                self._count_loss()
                continue
            for frame in frames:
                if frame.is_corrupt:
                    self._count_loss()
                    continue
                if frame.key_frame:
                    self.after_loss = False
                yield frame

    def presentation_s(self, frame: av.VideoFrame) -> float | None:
        """Return the frame's timestamp, None if it has none.

        AVI stores no presentation times, only the order of decoding. A frame comes out of the
        decoder when its turn to be shown has come, so the decoding time of the packet that let it
        out serves as its own.
        """
        stamp = frame.dts if self._container.format.name == "avi" else frame.pts
        if stamp is None or self._stream.time_base is None:
            return None
        return float(stamp * self._stream.time_base)

    def _count_loss(self) -> None:
        self.corrupt_frames += 1
        self.after_loss = True

    def _packets(self) -> Iterator[av.Packet[VideoStream] | None]:
        """Yield the packets, then None, which asks the decoder for the frames it still holds."""
        errors = 0
        while errors < MAX_READ_ERRORS:
            try:
                for packet in self._container.demux(self._stream):
                    # An empty packet repeats the frame before; to the decoder it would mean "end".
                    if packet.size:
                        errors = 0
                        yield packet
                break
            except FFmpegError:
                errors += 1
                self._count_loss()
            except OSError as error:
                raise InputError(
                    f"Reading {shown(self._path)} failed part-way ({error.strerror}); "
                    "copy it to a local disk and try again."
                ) from None
        yield None
