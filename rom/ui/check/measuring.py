"""Clips are measured one after the other in a thread, through the same pipeline as `rom assess`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rom.clinical.agreement.switched_on import LocalErrors
from rom.clinical.norms import Sex
from rom.errors import RomError
from rom.following.follower import Follower
from rom.movements import movement_named
from rom.pipeline import AssessmentRequest, Outcome, Sides, assess_poses, assess_recording
from rom.pose.model import ensure_model
from rom.protocol.takes import Sides as FilmedSides
from rom.protocol.takes import TakeRequest

UNEXPECTED = "It could not be read, for a reason that should not be. Film it again."

_log = logging.getLogger(__name__)

Deliver = Callable[[TakeRequest, Outcome | None, str], None]
"""Takes what was read from a clip; without an outcome the reason."""


class Measurer:
    """Measures clips in the order in which they come.

    Parameters
    ----------
    deliver
        Called in the thread with each result.
    """

    def __init__(
        self,
        deliver: Deliver,
        *,
        age: int | None,
        sex: Sex | None,
        local_errors: LocalErrors | None = None,
    ) -> None:
        self._deliver = deliver
        self._age, self._sex = age, sex
        self._local_errors = local_errors
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="check")
        self._done_frac: float | None = None
        self._followers: dict[str, Follower] = {}

    @property
    def done_frac(self) -> float | None:
        """How far the present clip is read, 0 to 1; None where that is not known."""
        return self._done_frac

    def follow(self, name: str, movement: str, start_byte: int, piece: bytes) -> None:
        """Read the recording of this name while it is made; only one is at a time."""
        for other in self._followers.keys() - {name}:
            self.leave(other)
        if name not in self._followers:
            try:
                self._followers[name] = Follower(movement_named(movement))
            except OSError as error:
                _log.warning("No recording can be read while it is made: %s.", error.strerror)
                return
        self._followers[name].take(start_byte, piece)

    def leave(self, name: str) -> None:
        """No more is to be read of a recording."""
        if (follower := self._followers.pop(name, None)) is not None:
            follower.abandon()

    def measure(self, request: TakeRequest, clip: Path, *, followed: str = "") -> None:
        """Measure a clip when its turn comes; `followed` is the name of its recording."""
        self._threads.submit(self._measure, request, clip, self._followers.pop(followed, None))

    def close(self, after: Callable[[], None]) -> None:
        """Take no more clips; those that wait are still measured, and `after` is called then."""
        for name in list(self._followers):
            self.leave(name)
        self._threads.submit(after)
        self._threads.shutdown(wait=False)

    def _measure(self, request: TakeRequest, clip: Path, follower: Follower | None) -> None:
        self._done_frac = 0.0
        outcome, reason = None, ""
        try:
            outcome = self._assess(self._request(request, clip), follower)
        except RomError as error:
            reason = str(error)
        except Exception:
            _log.exception("A clip could not be measured.")
            reason = UNEXPECTED
        self._done_frac = None
        try:
            self._deliver(request, outcome, reason)
        except Exception:
            _log.exception("A result could not be delivered.")

    def _assess(self, request: AssessmentRequest, follower: Follower | None) -> Outcome:
        poses = follower.poses(request.video, progress=self._note) if follower else None
        if poses is None:
            return assess_recording(request, progress=self._note)
        return assess_poses(request, poses, ensure_model(None))

    def _request(self, request: TakeRequest, clip: Path) -> AssessmentRequest:
        return AssessmentRequest(
            video=clip,
            movement=request.movement,
            side=_side(request.sides),
            age=self._age,
            sex=self._sex,
            local_errors=self._local_errors,
        )

    def _note(self, done_frac: float | None) -> None:
        self._done_frac = done_frac


def _side(sides: FilmedSides) -> Sides:
    return "both" if sides is FilmedSides.BOTH else sides.each[0]
