"""Is the person ready to be filmed, and if not, what is the one thing to change?"""

from __future__ import annotations

from dataclasses import dataclass

from rom.kinematics.orientation import estimate_orientation
from rom.landmarks import LandmarkSeries
from rom.live.frames import joined, time_of
from rom.live.holding import Holding
from rom.live.position_checks import Scene, find_prompt
from rom.live.prompts import Prompt
from rom.live.reading import LiveSide
from rom.movements import Movement

READY_S = 1.0
RECENT_S, RECENT_FRAMES, LONGEST_RECENT_S = 0.5, 4, 2.0
"""What is looked at: half a second, or four frames of a slow camera."""
STAYS_S = 1.5
"""A prompt has this long to be read, heard and acted on before the next one comes."""
SETTLES_S = 0.3
"""What goes by sooner is not worth a prompt."""
READY_SLACK, PROMPTED_SLACK = 1.2, 0.85
"""Whoever is ready stays so a little beyond the limits; whoever was asked to change something has
to change it clearly."""


@dataclass(frozen=True, kw_only=True)
class Position:
    """How the person stands before the camera.

    Attributes
    ----------
    ready_frac
        How long all has been well, 1 for long enough.
    prompt
        The one thing to change; empty where nothing is.
    code
        The kind of prompt; empty likewise.
    """

    ready_frac: float
    prompt: str = ""
    code: str = ""

    @property
    def ready(self) -> bool:
        return self.ready_frac >= 1.0


class PromptHold:
    """Lets a prompt stand long enough, and keeps away what passes by itself."""

    def __init__(self) -> None:
        self._shown: Prompt | None = None
        self._shown_s = -STAYS_S
        self._next: str | None = None
        self._next_s = 0.0

    @property
    def shown(self) -> Prompt | None:
        return self._shown

    def see(self, time_s: float, prompt: Prompt | None) -> Prompt | None:
        """The prompt to show; a new one only some time after the last one came."""
        code = prompt.code if prompt else None
        if code != self._next:
            self._next, self._next_s = code, time_s
        if time_s - self._next_s < SETTLES_S:
            return self._shown
        if prompt is None:
            self._shown = None
        elif time_s - self._shown_s >= STAYS_S and prompt != self._shown:
            self._shown, self._shown_s = prompt, time_s
        return self._shown


class PositionCheck:
    """Looks at one frame after the other until the person stands right.

    Parameters
    ----------
    recorded_width_px
        Width of the clip that will be measured, where it is larger than the frames seen here.
    """

    def __init__(
        self, movement: Movement, side: LiveSide, *, recorded_width_px: int | None = None
    ) -> None:
        self._movement = movement
        self._side = side
        self._recorded_width_px = recorded_width_px
        self._recent: list[LandmarkSeries] = []
        self._ready = Holding(READY_S)
        self._hold = PromptHold()

    def see(self, frame: LandmarkSeries, *, lit_level: float | None = None) -> Position:
        """Take one frame; `lit_level` as `rom.video.exposure.lit_level` has it."""
        now_s = time_of(frame)
        found = find_prompt(self._scene(frame, now_s, lit_level))
        ready_frac = self._ready.see(now_s, found is None)
        shown = self._hold.see(now_s, found)
        if ready_frac >= 1.0 or shown is None:
            return Position(ready_frac=ready_frac)
        return Position(ready_frac=ready_frac, prompt=shown.text, code=shown.code)

    def _scene(self, frame: LandmarkSeries, now_s: float, lit_level: float | None) -> Scene:
        seen = bool(frame.seen[0])
        self._recent = self._still_recent(now_s)
        if seen:
            self._recent.append(frame)
        recent = joined(self._recent) if self._recent else None
        scale = (self._recorded_width_px or frame.width_px) / frame.width_px
        return Scene(
            movement=self._movement,
            side=self._side,
            recent=recent,
            seen=seen,
            people=int(frame.people_count[0]),
            body=estimate_orientation(recent) if recent is not None else None,
            lit_level=lit_level,
            recorded_scale=max(1.0, scale),
            slack=self._slack(),
        )

    def _still_recent(self, now_s: float) -> list[LandmarkSeries]:
        """What was seen lately; of two frames of the same time the second alone."""
        ages_s = [now_s - time_of(each) for each in self._recent]
        slow = len(ages_s) - (RECENT_FRAMES - 1)
        return [
            each
            for i, (each, age_s) in enumerate(zip(self._recent, ages_s, strict=True))
            if 0.0 < age_s <= (LONGEST_RECENT_S if i >= slow else RECENT_S)
        ]

    def _slack(self) -> float:
        if self._ready.since_s is not None:
            return READY_SLACK
        return PROMPTED_SLACK if self._hold.shown is not None else 1.0
