"""A process that reads the poses of one recording while it is still being written."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rom.movements import Movement
from rom.pipeline import Poses
from rom.video.reading import open_video

MOST_WAITING_BYTES = 50_000_000
"""A computer so slow that this much waits to be read is left alone until the recording is over."""
_BLOCK_BYTES = 1_000_000
_POLL_S = 0.1

_log = logging.getLogger(__name__)


class Follower:
    """Reads along; afterwards the poses are those of the complete file, or there are none.

    The process shares no lock with the one that films and has a lower priority. It is never
    needed: whatever goes wrong, the recording can still be read from its file.
    """

    def __init__(self, movement: Movement) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "rom.following", movement.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),  # Windows
        )
        self._pieces: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._taken = hashlib.sha256()
        self._taken_bytes = self._read_bytes = 0
        self._abandoned = False
        self._answer = b""
        self._answered = threading.Event()
        for work in (self._write, self._read):
            threading.Thread(target=work, name="rom-follow", daemon=True).start()

    def take(self, start_byte: int, piece: bytes) -> None:
        """Read on with what was written next; a piece that is missing ends it."""
        waiting = self._taken_bytes - self._read_bytes
        if start_byte != self._taken_bytes or waiting > MOST_WAITING_BYTES:
            self.abandon()
        if self._abandoned:
            return
        self._taken.update(piece)
        self._taken_bytes += len(piece)
        self._pieces.put(piece)

    def poses(
        self, recording: Path, *, progress: Callable[[float | None], None] | None = None
    ) -> Poses | None:
        """Read to the end of the complete file; None where that has to be done afresh.

        Waits until the poses are there. The pieces that were taken must be how the file begins.

        Raises
        ------
        InputError
            The file cannot be read.
        """
        try:
            if self._abandoned or not self._take_rest(recording):
                return None
            size_bytes = recording.stat().st_size
            while not self._answered.wait(_POLL_S):
                if progress is not None:
                    progress(self._read_bytes / size_bytes)
            return _as_of_file(self._found(), recording)
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Let go of it; safe to call twice."""
        self._abandoned = True
        self._pieces.put(None)
        self._process.kill()

    def wait(self) -> int:
        """Wait for the process to end; its exit status."""
        return self._process.wait()

    def _take_rest(self, recording: Path) -> bool:
        """Whether the file goes on where the pieces ended."""
        with recording.open("rb") as file:
            begins = hashlib.sha256()
            left_bytes = self._taken_bytes
            while left_bytes and (block := file.read(min(left_bytes, _BLOCK_BYTES))):
                begins.update(block)
                left_bytes -= len(block)
            if begins.digest() != self._taken.digest():
                _log.warning("A recording is not what was sent of it before.")
                return False
            while block := file.read(_BLOCK_BYTES):
                self._pieces.put(block)
        self._pieces.put(None)
        return True

    def _write(self) -> None:
        """Pass the pieces on until there are no more, or nobody reads them."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError), self._process.stdin as pipe:
            while (piece := self._pieces.get()) is not None:
                pipe.write(piece)
                pipe.flush()
                self._read_bytes += len(piece)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as pipe:
            self._answer = pipe.read()
        self._process.wait()
        self._answered.set()

    def _found(self) -> Poses | None:
        if self._process.returncode != 0:
            _log.warning("A recording could not be read while it was written.")
            return None
        poses: Poses = pickle.loads(self._answer)
        return poses


def _as_of_file(poses: Poses | None, recording: Path) -> Poses | None:
    """The poses with what the complete file says of itself; None where anything is damaged."""
    if poses is None or poses.damage.skipped_frames or poses.damage.smeared_frames:
        return None
    with open_video(recording) as reader:
        info = reader.info
    if (info.width_px, info.height_px) != (poses.info.width_px, poses.info.height_px):
        return None
    rate_hz = poses.frame_rate_hz
    read_s = (poses.frames - 1) / rate_hz if rate_hz else 0.0
    missing_s = max(0.0, (info.duration_s or 0.0) - read_s)
    return replace(poses, info=info, damage=replace(poses.damage, missing_s=missing_s))
