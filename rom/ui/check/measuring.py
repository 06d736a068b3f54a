"""Clips are measured one after the other in a thread, through the same pipeline as `rom assess`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rom.clinical.agreement.switched_on import LocalErrors
from rom.clinical.norms import Sex
from rom.errors import RomError
from rom.pipeline import AssessmentRequest, Outcome, Sides, assess_recording
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

    @property
    def done_frac(self) -> float | None:
        """How far the present clip is read, 0 to 1; None where that is not known."""
        return self._done_frac

    def measure(self, request: TakeRequest, clip: Path) -> None:
        """Measure a clip when its turn comes."""
        self._threads.submit(self._measure, request, clip)

    def close(self, after: Callable[[], None]) -> None:
        """Take no more clips; those that wait are still measured, and `after` is called then."""
        self._threads.submit(after)
        self._threads.shutdown(wait=False)

    def _measure(self, request: TakeRequest, clip: Path) -> None:
        self._done_frac = 0.0
        outcome, reason = None, ""
        try:
            outcome = assess_recording(self._request(request, clip), progress=self._note)
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
