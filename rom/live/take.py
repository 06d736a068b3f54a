"""One take, from finding the position to the last still second, as a state machine.

Deterministic in the frames and the times that it is given. It decides what is shown, said and
recorded; it measures nothing: the value comes from the recorded clip.
"""

from __future__ import annotations

from dataclasses import replace

from rom.landmarks import LandmarkSeries, Side
from rom.live import prompts
from rom.live.frames import time_of
from rom.live.gestures import GestureReader, Gestures
from rom.live.holding import Holding
from rom.live.idle import Idle, answering_hands, how_idle
from rom.live.phases import Beep, Ending, Phase, TakePlan, TakeState
from rom.live.position import PositionCheck
from rom.live.presence import Presence, Trouble
from rom.live.reading import LiveReader, LiveReading
from rom.live.repetition_set import RepetitionSet

COUNTDOWN_S = 3.0
RECORDED_BEFORE_GO_S = 1.5
STILL_S = 1.0
STILL_AT_MOST_S = 4.0
"""Whoever does not come to rest is recorded no longer than this after the last repetition."""
UNREAD_S = 2.0
BREAK_S = 2.0
"""A camera that gives no picture for longer has lost part of the movement."""
NUMBERED = (Phase.WARM_UP, Phase.MOVING, Phase.STILL)
WATCHED = (Phase.COUNTDOWN, *NUMBERED)
"""Phases in which the person has to stay, and stay alone."""
PAUSABLE = (Phase.POSITION, Phase.WAITING, *WATCHED)


class Take:
    """Runs one take.

    `see` takes every frame; `pause`, `resume`, `repeat`, `skip` and `stop` are what a click or a
    key does. `state` is what was told last.
    """

    def __init__(self, plan: TakePlan) -> None:
        self._plan = plan
        self._attempt = 1
        self._warmed = plan.warm_up == 0
        self._new_eyes()
        self._seen_s: tuple[float, float] | None = None
        self._position = self._new_position_check()
        self._asked_position = False
        self._set = RepetitionSet(plan.movement, plan.sides, plan.repetitions)
        self._still = Holding(STILL_S)
        self._since_s = self._active_s = self._read_s = 0.0
        self._state = TakeState(phase=Phase.POSITION, cue=0)

    @property
    def state(self) -> TakeState:
        return self._state

    def pause(self, now_s: float) -> None:
        """Stop recording; nothing goes on before `resume`."""
        if self._state.phase in PAUSABLE:
            self._discard()
            self._enter(Phase.PAUSED, now_s)
            self._tell(prompts.PAUSED, beep="warn")

    def resume(self, now_s: float) -> None:
        """Begin again at the position."""
        if self._state.phase is Phase.PAUSED:
            self._enter(Phase.POSITION, now_s)

    def repeat(self, now_s: float) -> None:
        """Begin again, whatever there is; what was recorded is not kept."""
        self._discard()
        self._enter(Phase.POSITION, now_s)

    def skip(self, now_s: float) -> None:
        """Go on without this movement."""
        self._end(Ending.SKIPPED, now_s)

    def stop(self, now_s: float) -> None:
        """End for good."""
        self._end(Ending.STOPPED, now_s)

    def see(
        self, frame: LandmarkSeries, now_s: float, *, lit_level: float | None = None
    ) -> TakeState:
        """Take one frame at a time; `lit_level` as `rom.video.exposure.lit_level` has it."""
        if self._state.phase is Phase.ENDED:
            return self._state
        self._mind_clocks(frame, now_s)
        reading = self._reader.read(frame)
        trouble = self._presence.see(frame)
        gestures = self._gestures.see(frame)
        self._show(reading, gestures)
        phase = self._state.phase
        if self._answered_by_gesture(gestures, now_s):
            self._gestures.spend()
        elif trouble is not None and phase in WATCHED:
            self._interrupt(trouble, now_s)
        elif phase is Phase.POSITION:
            self._find_position(frame, now_s, lit_level)
        elif phase is Phase.COUNTDOWN:
            self._count_down(frame, now_s, lit_level)
        elif phase is Phase.WARM_UP:
            self._warm_up(frame, reading, now_s)
        elif phase is Phase.MOVING:
            self._move(frame, reading, gestures, now_s)
        elif phase is Phase.STILL:
            self._hold_still(frame, reading, now_s)
        elif phase is Phase.WAITING and self._presence.well:
            self._enter(Phase.POSITION, now_s)
        return self._state

    def _mind_clocks(self, frame: LandmarkSeries, now_s: float) -> None:
        """Begin again after a break of the camera, or when its clock was set back."""
        frame_s, before = time_of(frame), self._seen_s
        self._seen_s = frame_s, now_s
        if before is None or (frame_s >= before[0] and now_s - before[1] <= BREAK_S):
            return
        self._new_eyes()
        if self._state.phase in WATCHED:
            self._discard()
            self._enter(Phase.POSITION, now_s)
            self._tell(prompts.INTERRUPTED, beep="warn")
        elif self._state.phase is Phase.POSITION:
            self._position = self._new_position_check()

    def _new_eyes(self) -> None:
        """Whatever remembers frames, without any."""
        plan = self._plan
        self._reader = LiveReader(plan.movement, plan.side)
        self._gestures = GestureReader()
        self._presence = Presence(plan.movement, plan.sides)

    def _answered_by_gesture(self, gestures: Gestures, now_s: float) -> bool:
        """Crossed arms pause, and crossed again stop; a raised hand goes on after a pause."""
        phase = self._state.phase
        if gestures.crossed and phase is Phase.PAUSED:
            self.stop(now_s)
        elif gestures.crossed and phase in PAUSABLE:
            self.pause(now_s)
        elif gestures.held is not None and phase is Phase.PAUSED:
            self.resume(now_s)
        else:
            return False
        return True

    def _find_position(self, frame: LandmarkSeries, now_s: float, lit_level: float | None) -> None:
        position = self._position.see(frame, lit_level=lit_level)
        if position.ready_frac == 0.0:
            self._reader.forget_rest()
        self._state = replace(self._state, ring_frac=position.ready_frac)
        if position.ready:
            self._enter(Phase.COUNTDOWN if self._warmed else Phase.WARM_UP, now_s)
        elif position.prompt != self._state.prompt and (position.prompt or self._asked_position):
            self._asked_position = True
            self._tell(position.prompt)

    def _count_down(self, frame: LandmarkSeries, now_s: float, lit_level: float | None) -> None:
        position = self._position.see(frame, lit_level=lit_level)
        left_s = COUNTDOWN_S - (now_s - self._since_s)
        if position.ready_frac == 0.0:
            self._discard()
            self._enter(Phase.POSITION, now_s)
        elif left_s <= 0.0:
            self._enter(Phase.MOVING, now_s)
        else:
            ring_frac = 1.0 - left_s / COUNTDOWN_S
            self._state = replace(self._state, ring_frac=ring_frac)
            if left_s <= RECORDED_BEFORE_GO_S and self._state.recording is None:
                self._state = replace(self._state, recording=self._name, recorded_since_s=now_s)
            number = str(min(int(left_s) + 1, int(COUNTDOWN_S)))
            if number != self._state.prompt:
                self._tell(number, beep="tick")

    def _warm_up(self, frame: LandmarkSeries, reading: LiveReading, now_s: float) -> None:
        if self._count(frame, reading, now_s) and not self._set.done:
            self._tell_count()
        over = self._set.done and (self._set.still or not self._set.under_way)
        if over or how_idle(now_s - self._active_s) >= Idle.OFFER:
            self._warmed = True
            self._enter(Phase.POSITION, now_s)
            self._tell(prompts.warmed_up(self._plan.movement))

    def _move(
        self, frame: LandmarkSeries, reading: LiveReading, gestures: Gestures, now_s: float
    ) -> None:
        counted = self._count(frame, reading, now_s)
        if self._set.done or now_s - self._since_s >= self._plan.max_s:
            self._finish(now_s)
        elif counted:
            self._state = replace(self._state, can_skip=False)
            self._tell_count()
        else:
            self._mind_idle(gestures, now_s)

    def _count(self, frame: LandmarkSeries, reading: LiveReading, now_s: float) -> bool:
        """Take one frame of a set; whether a repetition was counted with it."""
        marked = len(self._set.marks)
        counted = self._set.add(frame, reading)
        if counted or self._set.active:
            self._active_s = now_s
        if len(self._set.marks) > marked and self._state.phase is Phase.MOVING:
            self._tell(prompts.PAIN_MARKED, spoken=prompts.PAIN_MARKED_SPOKEN)
        if reading.of(self._set.asked).angle_deg is not None:
            self._read_s = now_s
        self._show_count()
        return counted

    def _mind_idle(self, gestures: Gestures, now_s: float) -> None:
        """Somebody who does not move is asked kindly, and may go on without."""
        movement, idle = self._plan.movement, how_idle(now_s - self._active_s)
        hands = answering_hands(movement, self._plan.sides)
        if self._state.can_skip and gestures.held in hands and not self._set.total:
            self._end(Ending.SKIPPED, now_s)
        elif idle is Idle.OVER or (self._state.can_skip and gestures.held in hands):
            self._finish(now_s)
        elif now_s - self._read_s >= UNREAD_S:
            self._tell_once(prompts.UNREAD)
        elif idle is Idle.OFFER and not self._state.can_skip:
            self._gestures.spend()
            self._state = replace(self._state, can_skip=True)
            self._tell(prompts.offer_to_go_on(hands))
        elif idle is Idle.PROMPT:
            self._tell_once(prompts.begin_when_ready(movement, self._set.asked))
        elif self._state.prompt == prompts.UNREAD:
            self._state = replace(self._state, prompt="")

    def _finish(self, now_s: float) -> None:
        """All repetitions, or as many as there will be."""
        if self._set.total:
            self._enter(Phase.STILL, now_s)
        else:
            self._end(Ending.EMPTY, now_s)

    def _hold_still(self, frame: LandmarkSeries, reading: LiveReading, now_s: float) -> None:
        self._count(frame, reading, now_s)
        still_frac = self._still.see(now_s, self._set.still)
        self._state = replace(self._state, ring_frac=still_frac)
        if still_frac >= 1.0 or now_s - self._since_s >= STILL_AT_MOST_S:
            self._end(Ending.COMPLETE if self._set.done else Ending.FEWER, now_s)

    def _interrupt(self, trouble: Trouble, now_s: float) -> None:
        self._discard()
        self._enter(Phase.WAITING, now_s)
        self._tell(prompts.GONE if trouble is Trouble.GONE else prompts.SEVERAL, beep="warn")

    def _new_position_check(self) -> PositionCheck:
        plan = self._plan
        return PositionCheck(plan.movement, plan.side, recorded_width_px=plan.recorded_width_px)

    @property
    def _name(self) -> str:
        return f"{self._plan.name}-{self._attempt}"

    def _discard(self) -> None:
        """What was recorded is not kept; the next recording has another name."""
        if self._state.recording or self._state.kept:
            self._attempt += 1
        self._state = replace(self._state, recording=None, kept=None, recorded_since_s=None)

    def _enter(self, phase: Phase, now_s: float) -> None:
        """Start a phase with nothing to say yet, and what it begins with."""
        before, plan = self._state, self._plan
        self._since_s = self._active_s = self._read_s = now_s
        self._state = TakeState(
            phase=phase,
            cue=before.cue,
            recording=before.recording,
            recorded_since_s=before.recorded_since_s,
        )
        if phase is Phase.POSITION:
            self._position = self._new_position_check()
            self._asked_position = False
            self._reader.forget_rest()
        elif phase is Phase.WARM_UP:
            self._set = RepetitionSet(plan.movement, plan.sides, plan.warm_up)
            self._tell(prompts.warm_up(plan.movement, plan.sides, plan.warm_up), beep="go")
        elif phase is Phase.MOVING:
            self._set = RepetitionSet(plan.movement, plan.sides, plan.repetitions)
            self._tell(prompts.go(plan.movement, self._turn), beep="go")
        elif phase is Phase.STILL:
            self._still = Holding(STILL_S)
            self._tell(prompts.still_until_end(plan.movement))
        if phase in NUMBERED:
            self._show_count()

    def _end(self, ending: Ending, now_s: float) -> None:
        kept = self._state.recording if ending.measurable else None
        if not ending.measurable:
            self._discard()
        marks = self._state.pain_marks
        self._enter(Phase.ENDED, now_s)
        self._state = replace(
            self._state, ended=ending, recording=None, kept=kept, pain_marks=marks if kept else ()
        )
        if kept:
            self._tell(prompts.DONE, beep="done")

    @property
    def _turn(self) -> Side | None:
        """Whose turn it is, where both sides alternate."""
        return self._set.asked if len(self._plan.sides) > 1 else None

    def _tell(self, text: str, *, spoken: str | None = None, beep: Beep | None = None) -> None:
        """Something new to be shown, said and sounded."""
        self._state = replace(
            self._state,
            cue=self._state.cue + 1,
            prompt=text,
            spoken=text if spoken is None else spoken,
            beep=beep,
        )

    def _tell_once(self, text: str) -> None:
        if self._state.prompt != text:
            self._tell(text)

    def _tell_count(self) -> None:
        """The number of the repetition, and whose turn it is where both sides alternate."""
        turn = prompts.now_side(self._plan.movement, self._turn) if self._turn else ""
        counted = self._set.count_of(self._set.counted)
        self._tell(turn, spoken=f"{counted}. {turn}".strip())

    def _show(self, reading: LiveReading, gestures: Gestures) -> None:
        number = None
        if self._state.phase in NUMBERED and reading.angle_deg is not None:
            number = f"{round(reading.angle_deg)}°"
        self._state = replace(self._state, reading=reading, number=number)
        if self._state.phase is Phase.PAUSED or self._state.can_skip:
            shown_frac = max(gestures.held_frac, gestures.crossed_frac)
            self._state = replace(self._state, ring_frac=shown_frac or None)

    def _show_count(self) -> None:
        asked, wanted = self._set.asked, self._set.wanted
        done = self._set.count_of(asked)
        self._state = replace(
            self._state,
            side=asked,
            repetitions=done,
            count=prompts.repetition_of(done + 1, wanted, self._turn),
            pain_marks=self._set.marks,
        )
