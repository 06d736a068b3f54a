"""Camera work of a check: one take at a time, as scenes and feedback."""

from __future__ import annotations

import math
from enum import Enum

from rom.landmarks import LandmarkSeries, Side
from rom.live.pain import free_hands
from rom.live.phases import Ending, Phase, TakePlan, TakeState
from rom.live.prompts import mark_pain
from rom.live.reading import LiveArc, LiveSide
from rom.live.take import Take
from rom.movements import Extra, movement_named
from rom.protocol.events import MarkedPain
from rom.protocol.takes import Sides, TakeRequest
from rom.ui.check.words import take_title
from rom.ui.drawings.movement import AS_IN_A_MIRROR
from rom.ui.stage.scenes import Arc, Feedback, Option, Scene

SKIP = "skip"


class Happened(Enum):
    """What the camera work came to with a frame."""

    WARMED_UP = "warmed up"
    FILMED = "filmed"
    SKIPPED = "skipped"
    PAUSED = "paused"


class CameraWork:
    """Runs one take of a request: its warm-up, or its recorded repetitions.

    Parameters
    ----------
    attempt
        Distinguishes the recordings of one request.
    warm_up
        Repetitions to warm up with; 0 for the recorded ones.
    hurts
        Whether there is pain, so that its start may be marked.
    """

    def __init__(
        self,
        request: TakeRequest,
        *,
        attempt: int,
        warm_up: int,
        gentle: bool,
        hurts: bool = False,
        note: str = "",
    ) -> None:
        self.request = request
        self._movement = movement_named(request.movement)
        self._warm_up = warm_up
        self._gentle = gentle
        self._hurts = hurts and not warm_up
        self._note = note
        plan = TakePlan(
            name=f"{request.id}.{attempt}",
            movement=self._movement,
            side=_live_side(request.sides),
            repetitions=request.repetitions,
            warm_up=warm_up,
        )
        self._name = plan.name
        self._take = Take(plan)
        self._was_warming_up = False

    @property
    def needs_face(self) -> bool:
        return self._movement.extra is Extra.FACE

    @property
    def kept(self) -> str | None:
        """Name of the clip to be measured, once the take has ended with one."""
        return self._take.state.kept

    @property
    def pain_marks(self) -> tuple[MarkedPain, ...]:
        """Where the person said that it begins to hurt, by the time in the clip."""
        state = self._take.state
        if state.recorded_since_s is None:
            return ()
        return tuple(
            MarkedPain(side=mark.side, time_s=max(0.0, mark.time_s - state.recorded_since_s))
            for mark in state.pain_marks
        )

    def see(
        self, frame: LandmarkSeries, now_s: float, *, lit_level: float
    ) -> tuple[Feedback, Happened | None]:
        """Take one frame; what it adds to the picture, and what came of it."""
        level = lit_level if math.isfinite(lit_level) else None
        state = self._take.see(frame, now_s, lit_level=level)
        return _feedback(state, frame), self._happened(state)

    def repeat(self, now_s: float) -> None:
        """Begin again; what was recorded is not kept."""
        self._take.repeat(now_s)

    def scene(self) -> Scene:
        """What to show now."""
        state = self._take.state
        parts = [self._note, state.prompt]
        if self._warm_up and self._gentle:
            parts.append("Stay below pain.")
        if state.phase is Phase.POSITION:
            parts.append(self._how_to_mark())
        picture = _picture(self.request, state)
        label = "Without a warm-up" if self._warm_up else "Leave this movement out"
        return Scene(
            id=f"take-{self._name}-{state.cue}",
            kind="take",
            title=take_title(self.request),
            text=" ".join(part for part in parts if part),
            spoken=state.spoken or (self._introduction() if state.cue == 0 else ""),
            picture=picture,
            picture_words=AS_IN_A_MIRROR if picture.startswith("mirror/") else "",
            options=(Option(id=SKIP, label=label),),
            ring_frac=state.ring_frac,
            beep=state.beep,
            recording=state.recording,
            standing=("pause", "repeat", "end"),
        )

    def _introduction(self) -> str:
        start = " ".join(self._movement.start.split())
        what = "Next" if self._warm_up else "Now for the recording"
        return f"{what}: {take_title(self.request)}. {start} {self._how_to_mark()}".strip()

    def _how_to_mark(self) -> str:
        """How to say where it begins to hurt, where there is pain and a hand that never moves."""
        if not self._hurts:
            return ""
        free = [free_hands(self._movement, side) for side in self.request.sides.each]
        return mark_pain(tuple(hand for hand in Side if all(hand in hands for hands in free)))

    def _happened(self, state: TakeState) -> Happened | None:
        if self._warm_up and self._was_warming_up and state.phase is Phase.POSITION:
            return Happened.WARMED_UP
        self._was_warming_up = state.phase is Phase.WARM_UP
        if state.ended is not None:
            if state.ended.measurable and state.kept:
                return Happened.FILMED
            return Happened.SKIPPED if state.ended is Ending.SKIPPED else Happened.PAUSED
        return Happened.PAUSED if state.phase is Phase.PAUSED else None


def plain_feedback(frame: LandmarkSeries, *, ring_frac: float | None = None) -> Feedback:
    """The person's landmarks alone, with how far a gesture has been held."""
    return Feedback(ring_frac=ring_frac, points_px=_points(frame))


def _feedback(state: TakeState, frame: LandmarkSeries) -> Feedback:
    arc = state.reading.arc if state.reading and state.number else None
    return Feedback(
        number=state.number,
        count=state.count,
        prompt=state.prompt,
        ring_frac=state.ring_frac,
        arc=_arc(arc),
        points_px=_points(frame),
    )


def _arc(arc: LiveArc | None) -> Arc | None:
    if arc is None:
        return None
    return Arc(centre_px=arc.centre_px, start_px=arc.start_px, end_px=arc.end_px)


def _points(frame: LandmarkSeries) -> tuple[tuple[float, float, float], ...]:
    if not frame.seen[0]:
        return ()
    return tuple(
        (float(x), float(y), float(visibility))
        for (x, y), visibility in zip(frame.xy_px[0], frame.visibility[0], strict=True)
    )


def _picture(request: TakeRequest, state: TakeState) -> str:
    side = state.side or request.sides.each[0] or Side.LEFT
    kind = "placement" if state.phase is Phase.POSITION else "mirror"  # as the live picture
    return f"{kind}/{request.movement}/{side.value}"


def _live_side(sides: Sides) -> LiveSide:
    return "both" if sides is Sides.BOTH else sides.each[0]
