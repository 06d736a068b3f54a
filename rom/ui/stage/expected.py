"""Which clips are asked for, being sent, or settled. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

WAIT_S = 60.0
"""A clip that ended and does not come for so long is lost."""


class State(Enum):
    """Where a clip is."""

    ASKED = "asked"
    """The scene asks for it."""
    OWED = "owed"
    """The scene is over, and the browser has it."""
    ARRIVING = "arriving"
    SETTLED = "settled"
    """Taken or lost."""


@dataclass
class _Clip:
    state: State
    since_s: float


class ExpectedClips:
    """The clips of one stage."""

    def __init__(self) -> None:
        self._clips: dict[str, _Clip] = {}
        self._asked: str | None = None

    @property
    def asked(self) -> str | None:
        """The clip that the scene asks for now, unless it is lost already."""
        return self._asked if self.state(self._asked) is State.ASKED else None

    @property
    def arriving(self) -> bool:
        """Whether a clip is on its way."""
        return any(clip.state is State.ARRIVING for clip in self._clips.values())

    def state(self, name: str | None) -> State:
        """Where a clip is; one that nobody asked for is settled."""
        clip = self._clips.get(name) if name is not None else None
        return clip.state if clip is not None else State.SETTLED

    def ask(self, name: str | None, now_s: float) -> None:
        """The scene asks for this clip, and for no other."""
        if name == self._asked:
            return
        if (before := self.asked) is not None:
            self._clips[before] = _Clip(State.OWED, now_s)
        self._asked = name
        if name is not None and self.state(name) is State.SETTLED:
            self._clips[name] = _Clip(State.ASKED, now_s)

    def arrive(self, name: str, now_s: float) -> bool:
        """The browser sends a clip; false where it is not awaited or another is on its way."""
        if self.arriving or self.state(name) not in (State.ASKED, State.OWED):
            return False
        self._clips[name] = _Clip(State.ARRIVING, now_s)
        return True

    def interrupt(self, name: str, now_s: float) -> None:
        """A clip on its way did not come through; the browser may send it again."""
        if self.state(name) is State.ARRIVING:
            self._clips[name] = _Clip(State.OWED, now_s)

    def settle(self, name: str | None) -> bool:
        """A clip is taken or lost; false where that was so before."""
        if name is None or self.state(name) is State.SETTLED:
            return False
        self._clips[name].state = State.SETTLED
        return True

    def missing(self, held: Collection[str]) -> list[str]:
        """Clips that a browser which holds these will never send."""
        return [
            name
            for name, clip in self._clips.items()
            if clip.state in (State.ASKED, State.OWED) and name not in held
        ]

    def overdue(self, now_s: float) -> list[str]:
        """Clips that were over long ago."""
        return [
            name
            for name, clip in self._clips.items()
            if clip.state is State.OWED and now_s - clip.since_s > WAIT_S
        ]
