"""One stage that is up: a conductor behind its lock, and what it awaits from the browser."""

from __future__ import annotations

import contextlib
import logging
import math
import os
import shutil
import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from rom.errors import InputError
from rom.landmarks import LandmarkSeries
from rom.ui.stage.clips import new_file
from rom.ui.stage.expected import ExpectedClips
from rom.ui.stage.scenes import Action, Clip, Conductor, Feedback, Scene
from rom.ui.stage.words import LOST
from rom.video.length import recording_length_s

MAX_CLIP_BYTES = 200_000_000
MAX_CLIP_S = 180.0
MAX_STAGE_BYTES = 2_000_000_000
"""All clips of one stage together."""

_LONGEST_DELAY_S = 1.0
"""A picture is never older when it comes; a clock that says so was set or slept."""
_SMALLEST_STEP_S = 1e-3

log = logging.getLogger("rom.stage")

Drawing = Callable[[str], str]


class StageClosedError(Exception):
    """The stage is gone for good."""


@dataclass(frozen=True)
class Shown:
    """A scene as it stood at one moment; the later one has the higher number."""

    number: int
    scene: Scene
    face: bool
    """Whether the points of the face are needed now."""


class RunningStage:
    """A conductor, called by one thread at a time, and closed once.

    All methods may wait for the conductor: call them in a worker thread. Times are those of one
    clock that never goes back.
    """

    def __init__(
        self,
        conductor: Conductor,
        *,
        folder: Path,
        owner: str | None = None,
        session: str | None = None,
        drawing: Drawing | None = None,
    ) -> None:
        self.conductor = conductor
        self.owner = owner
        self.session = session
        self.drawing = drawing
        self.closed = False
        self._folder = folder
        self._lock = threading.RLock()
        self._clips = ExpectedClips()
        self._bytes_taken = 0
        self._paused_here = False
        self._browser = 0
        self._clock_offset_s = math.nan
        self._last_frame_s = -math.inf
        self._shown = 0

    def show(self, now_s: float) -> Shown:
        """What to show now; clips that do not come are given up."""
        with self._open():
            for name in self._clips.overdue(now_s):
                self._lose(name, "late", now_s)
            scene = self.conductor.scene(now_s)
            self._clips.ask(scene.recording, now_s)
            self._shown += 1
            return Shown(self._shown, scene, self.conductor.needs_face())

    def see(self, frame: LandmarkSeries, lit_level: float, now_s: float) -> tuple[Feedback, Shown]:
        """Show one picture's landmarks to the conductor."""
        with self._open():
            feedback = self.conductor.see(frame, now_s, lit_level=lit_level)
            return feedback, self.show(now_s)

    def taken_at_s(self, camera_s: float, now_s: float) -> float:
        """When a picture was taken, on the clock of `now_s`; later than the one before.

        `camera_s` is the browser's own clock, whose zero is anywhere.
        """
        with self._lock:
            time_s = camera_s + self._clock_offset_s
            if not now_s - _LONGEST_DELAY_S <= time_s <= now_s:
                self._clock_offset_s, time_s = now_s - camera_s, now_s
            time_s = max(time_s, self._last_frame_s + _SMALLEST_STEP_S)
            self._last_frame_s = time_s
            return time_s

    def needs_face(self) -> bool:
        """Whether the points of the face are needed now."""
        with self._open():
            return self.conductor.needs_face()

    def act(self, action: Action, now_s: float) -> Shown:
        """Pass a click or a key on."""
        with self._open():
            self.conductor.act(action, now_s)
            return self.show(now_s)

    def begin(self, held: Collection[str], now_s: float) -> tuple[int, Shown]:
        """A browser is there, which holds these clips; go on where the connection was lost.

        The number is for `leave`: the farewell of one browser can come after the next is there.
        """
        with self._open():
            self._browser += 1
            self._clock_offset_s = math.nan
            for name in self._clips.missing(held):
                self._lose(name, "reload", now_s)
            shown = self.show(now_s)
            if self._paused_here and shown.scene.paused:
                shown = self.act(Action(scene=shown.scene.id, option="resume"), now_s)
            self._paused_here = False
            return self._browser, shown

    def leave(self, browser: int, now_s: float) -> None:
        """A browser is gone; unless another has come, nothing goes on unseen."""
        with contextlib.suppress(StageClosedError), self._open():
            if browser != self._browser:
                return
            was_paused = self.conductor.scene(now_s).paused
            self.interrupt("connection", now_s)
            self._paused_here = not was_paused

    def interrupt(self, reason: str, now_s: float) -> Shown:
        """Give up what is being recorded and pause; `reason` is a key of `words.LOST`."""
        with self._open():
            if (name := self._clips.asked) is not None:
                self._lose(name, reason, now_s)
            shown = self.show(now_s)
            if shown.scene.paused or shown.scene.kind == "ended":
                return shown
            return self.act(Action(scene=shown.scene.id, option="pause"), now_s)

    def lose(self, name: str, reason: str, now_s: float) -> None:
        """The browser says that a clip will not come."""
        with self._open():
            self._lose(name, reason, now_s)

    def take_piece(self, name: str, start_byte: int, piece: bytes, now_s: float) -> None:
        """Pass on what is recorded so far of the clip that is being recorded."""
        with self._open():
            if name == self._clips.asked:
                self.conductor.take_piece(name, start_byte, piece, now_s)

    def start_clip(self, name: str, suffix: str, now_s: float) -> tuple[int, Path] | None:
        """Open the file for a clip; None where it is not awaited or another is on its way."""
        with self._open():
            if not self._clips.arrive(name, now_s):
                return None
            return new_file(self._folder, suffix)

    def is_receiving(self) -> bool:
        """Whether a clip is on its way."""
        with self._lock:
            return self._clips.arriving

    def room_bytes(self) -> int:
        """How much may still be sent for one clip."""
        return min(MAX_CLIP_BYTES, MAX_STAGE_BYTES - self._bytes_taken)

    def stop_clip(self, name: str, path: Path, now_s: float) -> None:
        """A clip did not come through; the browser may try again."""
        path.unlink(missing_ok=True)
        with self._lock:
            self._clips.interrupt(name, now_s)

    def refuse_clip(self, name: str, path: Path | None, reason: str, now_s: float) -> None:
        """A clip cannot be taken, and would not be the next time."""
        if path is not None:
            path.unlink(missing_ok=True)
        with contextlib.suppress(StageClosedError):
            self.lose(name, reason, now_s)

    def take_clip(self, name: str, path: Path, now_s: float) -> bool:
        """Pass a clip on; false where it is no recording that can be read, or far too long."""
        try:
            length_s = recording_length_s(path)
        except InputError:
            self.refuse_clip(name, path, "unreadable", now_s)
            return False
        if length_s > MAX_CLIP_S + 5.0:
            self.refuse_clip(name, path, "long", now_s)
            return False
        with self._open():
            self._bytes_taken += os.path.getsize(path)
            if self._clips.settle(name):
                self.conductor.take_clip(Clip(name=name, path=path), now_s)
            else:
                path.unlink(missing_ok=True)
        return True

    def close(self) -> None:
        """End for good."""
        with self._lock:
            if self.closed:
                return
            self.closed = True
            try:
                self.conductor.close()
            except Exception:
                log.exception("A session could not be closed.")
            finally:
                shutil.rmtree(self._folder, ignore_errors=True)

    def _lose(self, name: str, reason: str, now_s: float) -> None:
        if self._clips.settle(name):
            self.conductor.lose_clip(name, LOST[reason], now_s)

    @contextlib.contextmanager
    def _open(self) -> Iterator[None]:
        with self._lock:
            if self.closed:
                raise StageClosedError
            yield
