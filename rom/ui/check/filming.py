"""Camera work where the step of a check is some, and what comes of it for the protocol."""

from __future__ import annotations

from rom.protocol import events
from rom.protocol.session import CAMERA, CheckSession, StepKind
from rom.ui.check.camera import CameraWork, Happened

_CAME_OF: dict[Happened, events.Event] = {
    Happened.WARMED_UP: events.WarmedUp(),
    Happened.SKIPPED: events.Skipped(),
    Happened.PAUSED: events.Paused(),
}


class Filming:
    """The camera work of the present step; not locked, called behind the conductor's lock."""

    def __init__(self) -> None:
        self._work: CameraWork | None = None
        self._step: tuple[StepKind, str] | None = None
        self._attempts = 0

    @property
    def work(self) -> CameraWork | None:
        """What is done before the camera now; None where nothing is."""
        return self._work

    def follow(self, session: CheckSession) -> None:
        """Camera work where the step is some, and none elsewhere."""
        if session.kind not in CAMERA or session.paused:
            self._work = None
        elif self._work is None or self._step != (session.kind, session.take.id):
            self.begin(session)

    def begin(self, session: CheckSession, *, note: str = "") -> None:
        """Begin the take of the step, or begin it again; `note` says why."""
        self._attempts += 1
        warming = session.kind is StepKind.WARM_UP
        self._work = CameraWork(
            session.take,
            attempt=self._attempts,
            warm_up=session.warm_up_repetitions if warming else 0,
            gentle=session.painful,
            hurts=bool(session.pain_now or session.pain_warm_up),
            note=note,
        )
        self._step = (session.kind, session.take.id)


def event_of(happened: Happened, work: CameraWork) -> events.Event:
    """What happened before the camera, as the protocol takes it."""
    if happened is Happened.FILMED:
        return events.Filmed(work.pain_marks)
    return _CAME_OF[happened]
