"""Runs one guided check behind a stage: the protocol with a camera, a pipeline and records."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

from rom.errors import RomError, UsageError
from rom.landmarks import LandmarkSeries
from rom.pipeline import Outcome
from rom.protocol import events
from rom.protocol.events import MeasuredSet
from rom.protocol.machine import advance, begin
from rom.protocol.session import CAMERA, CheckPlan, CheckSession, FilmedTake, StepKind
from rom.protocol.takes import TakeRequest
from rom.records.entities import Person, new_id
from rom.ui.access import User
from rom.ui.check.answers import FELT, answer_of
from rom.ui.check.break_scenes import (
    last_measuring_scene,
    pause_scene,
    resumed_scene,
    unwell_scene,
)
from rom.ui.check.camera import CameraWork, Happened, plain_feedback
from rom.ui.check.hands import Hands
from rom.ui.check.keeping import CheckKeeper, CheckRecord, new_record
from rom.ui.check.marks import with_pain_marks
from rom.ui.check.measuring import Measurer
from rom.ui.check.resuming import BrokenOff, CheckFolder
from rom.ui.check.running import claimed, is_running, release
from rom.ui.check.step_scenes import scene_of
from rom.ui.check.words import DONE, NONE, SKIP, step_words
from rom.ui.stage.scenes import Action, Clip, Feedback, Scene

LOST_WORDS = "The recording was lost when the check was broken off."

_CAME_OF: dict[Happened, events.Event] = {
    Happened.WARMED_UP: events.WarmedUp(),
    Happened.SKIPPED: events.Skipped(),
    Happened.PAUSED: events.Paused(),
}


class CheckConductor:
    """A check of one person.

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
        self._keeper = CheckKeeper(user, record)
        self._folder = CheckFolder(record.person_id)
        self._keep_clips = keep_clips
        plan = session.plan
        self._measurer = Measurer(
            self._deliver, age=plan.age, sex=plan.sex, local_errors=self._keeper.own_errors()
        )
        self._lock = threading.RLock()
        self._away_s = away_s
        self._offset_s: float | None = None
        self._back = away_s > 0.0
        self._closed = False
        self._camera: CameraWork | None = None
        self._attempts = 0
        self._awaited: dict[str, str] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._hands = Hands()
        self._turn = 0
        self._marked: str | None = None
        self._chosen: tuple[str, ...] = ()
        self._value: float | None = None
        self._unwell = False
        self._trouble = ""
        self._cached: tuple[tuple[object, ...], Scene] | None = None
        self._sync()

    @property
    def record(self) -> CheckRecord:
        """Where in the records the check is kept."""
        return self._keeper.record

    @property
    def trouble(self) -> str:
        """Why something could not be kept; empty where all could."""
        return self._trouble

    # What the stage asks

    def scene(self, now_s: float) -> Scene:
        """What to show now."""
        with self._lock:
            self._tick(now_s)
            if self._camera is not None:
                scene = replace(self._camera.scene(), step=self._step_words())
            else:
                scene = self._marked_scene()
            if self._trouble:
                scene = replace(scene, text=f"{scene.text} {self._trouble}".strip())
            return replace(scene, id=f"{scene.id}#{self._turn}")

    def see(
        self, frame: LandmarkSeries, now_s: float, *, lit_level: float = float("nan")
    ) -> Feedback:
        """Take one picture's landmarks."""
        with self._lock:
            self._tick(now_s)
            if self._camera is None:
                return self._see_hands(frame, now_s)
            feedback, happened = self._camera.see(frame, now_s, lit_level=lit_level)
            if happened is None:
                return feedback
            self._come_of(happened, now_s)
            return plain_feedback(frame)  # what the take said last is not about the next scene

    def act(self, action: Action, now_s: float) -> None:
        """Take a click or a key; one for a scene that is gone says nothing."""
        with self._lock:
            self._tick(now_s)
            option = action.option
            if option in ("pause", "resume", "end", "repeat"):
                self._stand(option, now_s)
            elif action.scene.rpartition("#")[2] == str(self._turn):  # not of a step that is over
                self._choose(option, action.value, now_s)

    def take_piece(self, name: str, start_byte: int, piece: bytes, now_s: float) -> None:
        """Read along while the clip is recorded."""
        with self._lock:
            if self._camera is not None:
                movement = self._camera.request.movement
                self._measurer.follow(name, movement, start_byte, piece)

    def take_clip(self, clip: Clip, now_s: float) -> None:
        """Take a recorded clip: measured if its take was completed, else deleted."""
        with self._lock:
            take = self._awaited.pop(clip.name, None)
            if take is None:
                self._measurer.leave(clip.name)
                clip.path.unlink(missing_ok=True)
                return
            path = self._folder.take_clip(take, clip.path)
            self._measurer.measure(self._request(take), path, followed=clip.name)

    def lose_clip(self, name: str, reason: str, now_s: float) -> None:
        """A clip will not come: its take has no value, or begins again."""
        with self._lock:
            self._measurer.leave(name)
            take = self._awaited.pop(name, None)
            if take is not None:
                self._advance(events.Measured(take, (), reason), now_s)
            elif self._camera is not None:
                self._begin_camera(note=reason)

    def needs_face(self) -> bool:
        """Whether the face's points are needed now."""
        camera = self._camera
        return camera is not None and camera.needs_face

    def close(self) -> None:
        """Keep what was done; clips that wait are still measured, and the check may go on."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for take in self._awaited.values():
                self._lost(take)
            self._awaited.clear()
            self._keep()
            self._measurer.close(partial(release, self.record.person_id))

    # What happens

    def restore(self) -> None:
        """Measure the clips that were waiting when the check was broken off."""
        with self._lock:
            for taken in self.session.pending:
                clip = self._folder.clip(taken.request.id)
                if clip is None:
                    self._lost(taken.request.id)
                else:
                    self._measurer.measure(taken.request, clip)

    def _lost(self, take: str) -> None:
        self.session = advance(
            self.session, events.Measured(take, (), LOST_WORDS), at_s=self.session.last_s
        )

    def _tick(self, now_s: float) -> None:
        """Let time pass; a timer that ran out ends its step."""
        session = self.session
        if self._is_break or session.kind not in (StepKind.REST, StepKind.MASSAGE):
            return
        self.session = advance(session, events.Ticked(), at_s=self._at_s(now_s))
        if _step(self.session) != _step(session):
            self._went_on()

    def _stand(self, option: str, now_s: float) -> None:
        if option == "repeat" and self._camera is not None:
            self._begin_camera()
            return
        said: dict[str, events.Event] = {
            "pause": events.Paused(),
            "resume": events.Resumed(),
            "end": events.Ended(),
            "repeat": events.Repeated(),
        }
        if option == "resume":
            self._back = self._unwell = False
        self._advance(said[option], now_s)

    def _choose(self, option: str, value: float | None, now_s: float) -> None:
        scene = self._plain_scene() if self._camera is None else self._camera.scene()
        if option.startswith(FELT) and self._is_break:
            self._advance(events.Felt(option.removeprefix(FELT)), now_s)
        elif option == "unwell":
            self._unwell = True
            self._went_on(keep=False)
        elif self._is_break and option == SKIP:
            self._advance(events.Resumed(), now_s)
            self._advance(events.Skipped(), now_s)
        elif scene.multiple and option == DONE:
            self._advance(events.Chose(self._chosen), now_s)
        elif scene.multiple and option != NONE:
            self._toggle(option)
        else:
            event = answer_of(self.session, option, value)
            if event is not None:
                self._advance(event, now_s)

    def _toggle(self, option: str) -> None:
        chosen = self._chosen
        self._marked = option
        if option in chosen:
            self._chosen = tuple(each for each in chosen if each != option)
        else:
            self._chosen = (*chosen, option)

    def _see_hands(self, frame: LandmarkSeries, now_s: float) -> Feedback:
        scene = self._marked_scene()
        rating = scene.kind == "rate"
        shown = self._hands.see(frame, rating=rating)
        if rating:
            self._value = shown.value
        if shown.said == "pause":
            self._stand("pause", now_s)
        elif shown.said == "rate" and shown.value is not None:
            self._choose("rate", float(shown.value), now_s)
        elif shown.said == "next":
            self._mark_next(scene)
        elif shown.said == "take" and scene.highlighted is not None:
            self._take_marked(scene, scene.highlighted, now_s)
        return plain_feedback(frame, ring_frac=shown.ring_frac)

    def _take_marked(self, scene: Scene, marked: str, now_s: float) -> None:
        if marked in ("resume", "end"):
            self._stand(marked, now_s)
        elif scene.multiple and marked in self._chosen:
            self._choose(DONE, None, now_s)
        else:
            self._choose(marked, None, now_s)

    def _mark_next(self, scene: Scene) -> None:
        ids = [option.id for option in scene.options]
        if ids:
            place = ids.index(scene.highlighted) if scene.highlighted in ids else -1
            self._marked = ids[(place + 1) % len(ids)]

    def _come_of(self, happened: Happened, now_s: float) -> None:
        camera = self._camera
        assert camera is not None
        if happened is Happened.FILMED:
            assert camera.kept is not None
            self._awaited[camera.kept] = camera.request.id
            self._advance(events.Filmed(camera.pain_marks), now_s)
            return
        self._advance(_CAME_OF[happened], now_s)

    def _advance(self, event: events.Event, now_s: float) -> None:
        """Take an event; one that the step does not take was meant for an earlier one."""
        with contextlib.suppress(UsageError):
            self.session = advance(self.session, event, at_s=self._at_s(now_s))
            self._went_on(spoken=not isinstance(event, events.Measured))

    def _went_on(self, *, spoken: bool = True, keep: bool = True) -> None:
        """Another step, or the same one anew."""
        if spoken:
            self._turn += 1
            self._marked, self._chosen, self._value = None, (), None
            self._hands.spend()
        if not self.session.paused:
            self._unwell = False
        self._cached = None
        self._sync()
        if keep:
            self._keep()

    def _sync(self) -> None:
        """Camera work where the step is some, and none elsewhere."""
        session = self.session
        if session.kind not in CAMERA or self._is_break:
            self._camera = None
        elif self._camera is None or self._camera_of != (session.kind, session.take.id):
            self._begin_camera()

    def _begin_camera(self, note: str = "") -> None:
        session = self.session
        self._attempts += 1
        warming = session.kind is StepKind.WARM_UP
        self._camera = CameraWork(
            session.take,
            attempt=self._attempts,
            warm_up=session.warm_up_repetitions if warming else 0,
            gentle=session.painful,
            hurts=bool(session.pain_now or session.pain_warm_up),
            note=note,
        )
        self._camera_of = (session.kind, session.take.id)

    # Measurement and records

    def _request(self, take: str) -> TakeRequest:
        return self._taken(take).request

    def _taken(self, take: str) -> FilmedTake:
        return next(each for each in self.session.filmed if each.request.id == take)

    def _deliver(self, request: TakeRequest, outcome: Outcome | None, reason: str) -> None:
        """A clip was measured, in the measurer's thread."""
        with self._lock:
            marks = self._taken(request.id).pain_marks
            sets = tuple(
                MeasuredSet(id=new_id(), assessment=each)
                for each in (with_pain_marks(outcome, marks) if outcome else ())
            )
            if outcome is not None:
                self._outcomes[request.id] = outcome
            before = self.session.kind
            event = events.Measured(request.id, sets, reason)
            self.session = advance(self.session, event, at_s=self.session.last_s)
            self._went_on(spoken=self.session.kind is not before)
            self._remove_clip(request.id)

    def _remove_clip(self, take: str) -> None:
        clip = self._folder.clip(take)
        if clip is None:
            return
        if self._keep_clips is None:
            clip.unlink(missing_ok=True)
            return
        self._keep_clips.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{self.record.started_at:%Y-%m-%d %H%M} {take}{clip.suffix}"
        kept = clip.replace(self._keep_clips / name)
        self._keeper.note_clip(kept)

    def _keep(self) -> None:
        """Bring the records and the file of this check up to date."""
        try:
            self._keeper.keep_screen(self.session)
            self._keep_sets()
            self._keeper.keep_massage(self.session)
            self._keeper.keep_result(self.session)
            self._keeper.keep_remarks(self.session)
            if self.session.ended and not self.session.pending:
                self._folder.clear()
            else:
                self._folder.save(self.session, self.record)
            self._trouble = ""
        except RomError as error:
            self._trouble = str(error)
        except OSError as error:
            self._trouble = f"Expected to write where this check stands, but: {error.strerror}."

    def _keep_sets(self) -> None:
        """Save every set that is measured, once its pain was asked."""
        session = self.session
        for taken in session.filmed:
            result = session.result_of(taken.request.id)
            asked_now = session.kind is StepKind.PAIN_TAKE and taken is session.filmed[-1]
            if result is None or asked_now:
                continue
            outcome = self._outcomes.get(taken.request.id)
            self._keeper.keep_sets(taken, result.sets, outcome)
            self._outcomes.pop(taken.request.id, None)

    # Scenes

    @property
    def _is_break(self) -> bool:
        return self.session.paused

    def _at_s(self, now_s: float) -> float:
        """The session's own clock, which goes on where it was left."""
        if self._offset_s is None:
            self._offset_s = self.session.last_s + self._away_s - now_s
        return max(self.session.last_s, now_s + self._offset_s)

    def _step_words(self) -> str:
        return step_words(self.session)

    def _plain_scene(self) -> Scene:
        """The scene of the step or of the break, made once for each."""
        session = self.session
        if session.ended and session.pending:
            return last_measuring_scene(session, self._measurer.done_frac)
        if session.ended:
            return scene_of(session)
        if self._unwell:
            return unwell_scene(session)
        if session.paused:
            return resumed_scene(session) if self._back else pause_scene(session)
        if session.kind in (StepKind.REST, StepKind.MASSAGE, StepKind.MEASURING):
            return scene_of(session, measured_frac=self._measurer.done_frac)
        key = (self._turn, session.kind, len(session.results))
        if self._cached is None or self._cached[0] != key:
            self._cached = (key, scene_of(session))
        return self._cached[1]

    def _marked_scene(self) -> Scene:
        """The scene with what is marked, chosen and shown by hand."""
        scene = self._plain_scene()
        ids = [option.id for option in scene.options]
        marked = self._marked if self._marked in ids else next(iter(ids), None)
        if scene.kind == "rate":
            return replace(scene, value=self._value)
        options = tuple(
            replace(option, chosen=option.id in self._chosen) if scene.multiple else option
            for option in scene.options
        )
        return replace(scene, options=options, highlighted=marked)


def _step(session: CheckSession) -> tuple[object, ...]:
    return session.kind, session.massage.kind if session.massage else None


def begin_check(
    user: User, person: Person, plan: CheckPlan, *, keep_clips: Path | None = None
) -> CheckConductor:
    """A new check; one that was broken off before is ended and kept as far as it went.

    Raises
    ------
    UsageError
        Another check of the person is under way.
    """
    with claimed(person.id):
        finish_check(user, person)
        session = begin(plan, at_s=0.0)
        return CheckConductor(user, session, new_record(person), keep_clips=keep_clips)


def broken_off_check(person: Person) -> BrokenOff | None:
    """The check that a person may go on with; None where there is none, or it is under way."""
    if is_running(person.id):
        return None
    found = CheckFolder(person.id).load()
    return found if found is not None and found.fresh and not found.session.ended else None


def resume_check(user: User, found: BrokenOff, *, keep_clips: Path | None = None) -> CheckConductor:
    """Go on with a check that was broken off.

    Raises
    ------
    UsageError
        It goes on in another window.
    """
    session = advance(found.session, events.Paused(), at_s=found.session.last_s)
    away_s = max(found.away_s, 0.001)
    with claimed(found.record.person_id):
        conductor = CheckConductor(
            user, session, found.record, away_s=away_s, keep_clips=keep_clips
        )
        conductor.restore()
        return conductor


def finish_check(user: User, person: Person) -> None:
    """End a check that was broken off for good: what was measured is kept, its clips are not."""
    folder = CheckFolder(person.id)
    found = folder.load()
    if found is not None:
        session = found.session
        if not session.ended:
            session = advance(session, events.Ended(), at_s=session.last_s)
        keeper = CheckKeeper(user, found.record)
        for taken in session.filmed:
            result = session.result_of(taken.request.id)
            if result is not None:
                keeper.keep_sets(taken, result.sets, None)
        keeper.keep_massage(session)
        keeper.keep_result(session)
        keeper.keep_remarks(session)
    folder.clear()
