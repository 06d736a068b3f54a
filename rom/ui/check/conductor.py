"""Runs one guided check behind a stage: the protocol with a camera, a pipeline and records."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

from rom.errors import UsageError
from rom.landmarks import LandmarkSeries
from rom.pipeline import Outcome
from rom.protocol import events
from rom.protocol.machine import advance
from rom.protocol.session import CheckSession, StepKind
from rom.protocol.takes import TakeRequest
from rom.ui.access import User
from rom.ui.check.answering import Answering
from rom.ui.check.answers import answers_of
from rom.ui.check.camera import Happened, plain_feedback
from rom.ui.check.clips import CheckClips, filmed_take, measured_event, without_clips
from rom.ui.check.filming import Filming, event_of
from rom.ui.check.keeping import CheckKeeper, CheckRecord
from rom.ui.check.measuring import Measurer
from rom.ui.check.resuming import CheckFolder
from rom.ui.check.running import release
from rom.ui.check.saving import CheckSaver
from rom.ui.check.showing import PlainScenes
from rom.ui.check.words import DONE, NONE, step_words
from rom.ui.stage.scenes import Action, Clip, Feedback, Scene

_STANDING: dict[str, events.Event] = {
    "pause": events.Paused(),
    "resume": events.Resumed(),
    "end": events.Ended(),
    "repeat": events.Repeated(),
}


class CheckConductor:
    """A check of one person, behind a lock: the measurer delivers in a thread of its own.

    Parameters
    ----------
    away_s
        Seconds since the last event of a session that goes on again.
    keep_clips
        Where clips are kept after they were measured; None where they are deleted.
    """

    def __init__(
        self,
        user: User,
        session: CheckSession,
        record: CheckRecord,
        *,
        away_s: float = 0.0,
        keep_clips: Path | None = None,
    ) -> None:
        self.session = session
        self._lock = threading.RLock()
        plan = session.plan
        keeper, folder = CheckKeeper(user, record), CheckFolder(record.person_id)
        measurer = Measurer(
            self._deliver, age=plan.age, sex=plan.sex, local_errors=keeper.own_errors()
        )
        self._clips = CheckClips(measurer, folder, keeper, keep_in=keep_clips)
        self._saver = CheckSaver(keeper, folder)
        self._scenes = PlainScenes(back=away_s > 0.0)
        self._filming = Filming()
        self._answering = Answering()
        self._away_s = away_s
        self._offset_s: float | None = None
        self._turn = 0
        self._closed = False
        self._filming.follow(session)

    @property
    def record(self) -> CheckRecord:
        """Where in the records the check is kept."""
        return self._saver.record

    @property
    def trouble(self) -> str:
        """Why something could not be kept; empty where all could."""
        return self._saver.trouble

    # What the stage asks

    def scene(self, now_s: float) -> Scene:
        """What to show now."""
        with self._lock:
            self._tick(now_s)
            if (work := self._filming.work) is not None:
                scene = replace(work.scene(), step=step_words(self.session))
            else:
                scene = self._answering.shown(self._plain_scene())
            if self.trouble:
                scene = replace(scene, text=f"{scene.text} {self.trouble}".strip())
            return replace(scene, id=f"{scene.id}#{self._turn}")

    def see(
        self, frame: LandmarkSeries, now_s: float, *, lit_level: float = float("nan")
    ) -> Feedback:
        """Take one picture's landmarks."""
        with self._lock:
            self._tick(now_s)
            if (work := self._filming.work) is None:
                return self._see_hands(frame, now_s)
            feedback, happened = work.see(frame, now_s, lit_level=lit_level)
            if happened is None:
                return feedback
            if happened is Happened.FILMED:
                assert work.kept is not None
                self._clips.expect(work.kept, work.request.id)
            self._advance(event_of(happened, work), now_s)
            return plain_feedback(frame)  # what the take said last is not about the next scene

    def act(self, action: Action, now_s: float) -> None:
        """Take a click or a key; one for a scene that is gone says nothing."""
        with self._lock:
            self._tick(now_s)
            # A take says something new all the time; a click on it counts as long as it lasts.
            is_present = action.scene.rpartition("#")[2] == str(self._turn)
            if action.option in _STANDING or is_present:
                self._answer(action.option, action.value, now_s)

    def take_piece(self, name: str, start_byte: int, piece: bytes, now_s: float) -> None:
        """Read along while the clip is recorded."""
        with self._lock:
            if (work := self._filming.work) is not None:
                self._clips.follow(name, work.request.movement, start_byte, piece)

    def take_clip(self, clip: Clip, now_s: float) -> None:
        """Take a recorded clip: measured if its take was completed, else deleted."""
        with self._lock:
            self._clips.receive(clip, self.session)

    def lose_clip(self, name: str, reason: str, now_s: float) -> None:
        """A clip will not come: its take has no value, or begins again."""
        with self._lock:
            take = self._clips.lose(name)
            if take is not None:
                self._advance(events.Measured(take, (), reason), now_s)
            elif self._filming.work is not None:
                self._filming.begin(self.session, note=reason)

    def needs_face(self) -> bool:
        """Whether the face's points are needed now."""
        work = self._filming.work
        return work is not None and work.needs_face

    def close(self) -> None:
        """Keep what was done; clips that wait are still measured, and the check may go on."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self.session = without_clips(self.session, self._clips.give_up())
            self._saver.save(self.session)
            self._clips.close(partial(release, self.record.person_id))

    # What happens

    def restore(self) -> None:
        """Measure the clips that were waiting when the check was broken off."""
        with self._lock:
            gone = self._clips.restore(self.session.pending)
            self.session = without_clips(self.session, gone)

    def _deliver(self, request: TakeRequest, outcome: Outcome | None, reason: str) -> None:
        """A clip was measured, in the measurer's thread."""
        with self._lock:
            before = self.session
            event = measured_event(filmed_take(before, request.id), outcome, reason)
            if outcome is not None:
                self._saver.hold(request.id, outcome)
            self.session = advance(before, event, at_s=before.last_s)
            self._went_on(spoken=self.session.kind is not before.kind)
            self._clips.remove(request.id)

    def _tick(self, now_s: float) -> None:
        """Let time pass; a timer that ran out ends its step."""
        session = self.session
        if session.paused or session.kind not in (StepKind.REST, StepKind.MASSAGE):
            return
        self.session = advance(session, events.Ticked(), at_s=self._at_s(now_s))
        if _step(self.session) != _step(session):
            self._went_on()

    def _see_hands(self, frame: LandmarkSeries, now_s: float) -> Feedback:
        scene = self._answering.shown(self._plain_scene())
        answer, ring_frac = self._answering.see(frame, scene)
        if answer is not None:
            self._answer(answer.option, answer.value, now_s)
        return plain_feedback(frame, ring_frac=ring_frac)

    def _answer(self, option: str, value: float | None, now_s: float) -> None:
        if option in _STANDING:
            self._stand(option, now_s)
        else:
            self._choose(option, value, now_s)

    def _stand(self, option: str, now_s: float) -> None:
        if option == "repeat" and self._filming.work is not None:
            self._filming.begin(self.session)
            return
        if option == "resume":
            self._scenes.end_break()
        self._advance(_STANDING[option], now_s)

    def _choose(self, option: str, value: float | None, now_s: float) -> None:
        several = self._filming.work is None and self._plain_scene().multiple
        if option == "unwell":
            self._scenes.ask_symptom()
            self._went_on(keep=False)
        elif several and option not in (DONE, NONE):
            self._answering.toggle(option)
        else:
            chosen = self._answering.chosen if several else None
            for event in answers_of(self.session, option, value, chosen=chosen):
                self._advance(event, now_s)

    def _advance(self, event: events.Event, now_s: float) -> None:
        """Take an event; one that the step does not take was meant for an earlier one."""
        with contextlib.suppress(UsageError):
            self.session = advance(self.session, event, at_s=self._at_s(now_s))
            self._went_on(spoken=not isinstance(event, events.Measured))

    def _went_on(self, *, spoken: bool = True, keep: bool = True) -> None:
        """Another step, or the same one anew."""
        if spoken:
            self._turn += 1
            self._answering.begin()
        self._scenes.renew(self.session)
        self._filming.follow(self.session)
        if keep:
            self._saver.save(self.session)

    def _plain_scene(self) -> Scene:
        return self._scenes.scene(self.session, measured_frac=self._clips.done_frac)

    def _at_s(self, now_s: float) -> float:
        """The session's own clock, which goes on where it was left."""
        if self._offset_s is None:
            self._offset_s = self.session.last_s + self._away_s - now_s
        return max(self.session.last_s, now_s + self._offset_s)


def _step(session: CheckSession) -> tuple[object, ...]:
    return session.kind, session.massage.kind if session.massage else None
