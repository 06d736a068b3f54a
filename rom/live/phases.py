"""What a take is asked to be, and what it is at a moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from rom.landmarks import Side
from rom.live.pain import PainMark
from rom.live.reading import LiveReading, LiveSide, sides_of
from rom.movements import Movement

Beep = Literal["tick", "go", "done", "warn"]


class Phase(StrEnum):
    """Where a take is."""

    POSITION = "finding the position"
    WARM_UP = "warming up"
    COUNTDOWN = "counting down"
    MOVING = "repetitions"
    STILL = "standing still"
    WAITING = "waiting for the person"
    PAUSED = "paused"
    ENDED = "ended"


class Ending(StrEnum):
    """How a take ended. Only the first two leave a recording to be measured."""

    COMPLETE = "all repetitions"
    FEWER = "fewer repetitions"
    EMPTY = "no repetition"
    SKIPPED = "skipped"
    STOPPED = "stopped"

    @property
    def measurable(self) -> bool:
        return self in (Ending.COMPLETE, Ending.FEWER)


@dataclass(frozen=True, kw_only=True)
class TakePlan:
    """One clip to be filmed.

    Attributes
    ----------
    name
        Names the recordings: each attempt gets a name of its own.
    side
        "both" for left and right in turn.
    repetitions, warm_up
        Of each side; the warm-up is not recorded.
    max_s
        Longest time from "go" to the last repetition.
    recorded_width_px
        Width of the recorded clip, where it is not that of the frames.
    """

    name: str
    movement: Movement
    side: LiveSide = None
    repetitions: int = 3
    warm_up: int = 0
    max_s: float = 60.0
    recorded_width_px: int | None = None

    @property
    def sides(self) -> tuple[Side | None, ...]:
        return sides_of(self.movement, self.side)


@dataclass(frozen=True, kw_only=True)
class TakeState:
    """What to show, say and record now.

    Attributes
    ----------
    cue
        Grows by one whenever something new is to be said or sounded.
    prompt
        What to do, as text; empty where nothing needs saying.
    spoken, beep
        What to say and sound once for this cue.
    side
        The side that is asked for now.
    repetitions
        Of `side`, in this set (or in the warm-up).
    count
        As "repetition 2 of 3"; empty before the set.
    number
        The live number, as "87°"; None where none can be read.
    ring_frac
        How far the position is good, the countdown is, or a gesture is held; None for no ring.
    recording
        Name of the clip to record now; None for no recording.
    kept
        Name of the clip to be measured, once the take has ended with one.
    can_skip
        Whether going on without this movement was offered.
    recorded_since_s
        When the clip that is recorded or kept was asked for; None without one.
    pain_marks
        Where the person said that it begins to hurt, in this set.
    """

    phase: Phase
    cue: int
    prompt: str = ""
    spoken: str = ""
    beep: Beep | None = None
    side: Side | None = None
    repetitions: int = 0
    count: str = ""
    number: str | None = None
    ring_frac: float | None = None
    recording: str | None = None
    kept: str | None = None
    ended: Ending | None = None
    can_skip: bool = False
    recorded_since_s: float | None = None
    reading: LiveReading | None = field(default=None, repr=False)
    pain_marks: tuple[PainMark, ...] = ()
