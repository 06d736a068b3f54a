"""A conductor that does what it is told and remembers what it heard, and a stage around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from rom.landmarks import LandmarkSeries
from rom.ui.stage.registry import Stages
from rom.ui.stage.scenes import Action, Clip, Feedback, Option, Scene

PAUSED = Scene(
    id="paused", kind="show", title="Paused", options=(Option(id="resume", label="Go on"),)
)


def scene(id: str = "first", **changes: object) -> Scene:
    return replace(Scene(id=id, kind="show", title="A title"), **changes)  # type: ignore[arg-type]


@dataclass
class Puppet:
    """Shows `now`, and pauses and resumes as a session does."""

    now: Scene = field(default_factory=scene)
    face: bool = False
    paused: bool = False
    acted: list[Action] = field(default_factory=list)
    frames: list[LandmarkSeries] = field(default_factory=list)
    clips: list[Clip] = field(default_factory=list)
    pieces: list[tuple[str, int, bytes]] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)
    closed: int = 0
    on_see: Callable[[], None] = lambda: None

    def scene(self, now_s: float) -> Scene:
        return PAUSED if self.paused else self.now

    def see(
        self, frame: LandmarkSeries, now_s: float, *, lit_level: float = float("nan")
    ) -> Feedback:
        self.on_see()
        self.frames.append(frame)
        return Feedback(number="90°")

    def act(self, action: Action, now_s: float) -> None:
        self.acted.append(action)
        if action.option in ("pause", "resume"):
            self.paused = action.option == "pause"

    def take_piece(self, name: str, start_byte: int, piece: bytes, now_s: float) -> None:
        self.pieces.append((name, start_byte, piece))

    def take_clip(self, clip: Clip, now_s: float) -> None:
        self.clips.append(clip)

    def lose_clip(self, name: str, reason: str, now_s: float) -> None:
        self.lost.append((name, reason))

    def needs_face(self) -> bool:
        return self.face

    def close(self) -> None:
        self.closed += 1


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Pages:
    """The pages that are open, by the id of their session."""

    open: set[str] = field(default_factory=set)

    def is_live(self, session: str) -> bool:
        return session in self.open


def stages(root: Path, *, clock: Clock | None = None, pages: Pages | None = None) -> Stages:
    pages = pages or Pages({"page"})
    if clock is None:
        return Stages(is_live=pages.is_live, root=root)
    return Stages(is_live=pages.is_live, root=root, clock=clock)
