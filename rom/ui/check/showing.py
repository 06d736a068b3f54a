"""Which scene is shown at a step without camera work, in a break and at the end."""

from __future__ import annotations

from rom.protocol.session import CheckSession, StepKind
from rom.ui.check.break_scenes import (
    last_measuring_scene,
    pause_scene,
    resumed_scene,
    unwell_scene,
)
from rom.ui.check.step_scenes import scene_of
from rom.ui.stage.scenes import Scene

_MOVING_ON = (StepKind.REST, StepKind.MASSAGE, StepKind.MEASURING)
"""Steps whose scene changes while they last."""


class PlainScenes:
    """Scenes without camera work; not locked, called behind the conductor's lock.

    Parameters
    ----------
    back
        Whether the first break is that of a check that was broken off.
    """

    def __init__(self, *, back: bool) -> None:
        self._back = back
        self._unwell = False
        self._cached: tuple[tuple[object, ...], Scene] | None = None

    def ask_symptom(self) -> None:
        """Ask in the break what the person feels."""
        self._unwell = True

    def end_break(self) -> None:
        """The person goes on."""
        self._back = self._unwell = False

    def renew(self, session: CheckSession) -> None:
        """Another step, or the same one anew."""
        if not session.paused:
            self._unwell = False
        self._cached = None

    def scene(self, session: CheckSession, *, measured_frac: float | None) -> Scene:
        """The scene of the step or of the break, made once for each."""
        if session.ended and session.pending:
            return last_measuring_scene(session, measured_frac)
        if session.ended:
            return scene_of(session)
        if self._unwell:
            return unwell_scene(session)
        if session.paused:
            return resumed_scene(session) if self._back else pause_scene(session)
        if session.kind in _MOVING_ON:
            return scene_of(session, measured_frac=measured_frac)
        key = (session.kind, len(session.results))
        if self._cached is None or self._cached[0] != key:
            self._cached = (key, scene_of(session))
        return self._cached[1]
