"""What the stage shows, and what it hears back: the agreement between conductor and browser.

The browser decides nothing. It draws the scene that it was told, speaks and beeps once for each
scene, records while a scene asks for it, and sends pictures and actions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from rom.landmarks import LandmarkSeries

SceneKind = Literal["show", "choose", "rate", "take", "timer", "busy", "ended"]
Beep = Literal["tick", "go", "done", "warn"]
Standing = Literal["pause", "resume", "repeat", "back", "end"]


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer of a scene; `key` is the keyboard's, None for the order of the options."""

    id: str
    label: str
    detail: str = ""
    chosen: bool = False
    key: str | None = None


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One screen of the stage.

    Attributes
    ----------
    id
        Changes when something new is to be said: the browser speaks `spoken` and sounds `beep`
        once for each id.
    kind
        `show` goes on by itself or with an option; `choose` waits for one option, or several where
        `multiple`; `rate` asks 0 to 10; `take` is camera work; `timer` counts down; `busy` works;
        after `ended` nothing comes, and the page takes over.
    step
        Where in the session this is, as "3 of 9, profile".
    picture
        Name of a drawing (`rom.ui.drawings`); None for none.
    picture_words
        What is to be known of the drawing, beside it; empty for nothing.
    highlighted
        Id of the option that a raised hand would take.
    value
        Of a rating that is being set, 0 to 10.
    ring_frac
        0 to 1, how far the ring is filled; None for no ring.
    ends_in_s
        Time left of a timer; the browser counts on between scenes.
    recording
        Names the clip to be recorded while this scene is up. A scene without it, or with another,
        ends the clip, and the browser sends it. Cameras and encoders take a moment to begin: name
        the clip from the last count of a countdown on. Use no name twice.
    camera
        Whether the picture of the camera is large, small or away.
    standing
        Which of the buttons that always have the same place can be used. A scene that offers
        "resume", here or as an option, is a pause.
    """

    id: str
    kind: SceneKind
    title: str
    step: str = ""
    text: str = ""
    spoken: str = ""
    picture: str | None = None
    picture_words: str = ""
    options: tuple[Option, ...] = ()
    multiple: bool = False
    highlighted: str | None = None
    value: float | None = None
    ring_frac: float | None = None
    ends_in_s: float | None = None
    beep: Beep | None = None
    recording: str | None = None
    camera: Literal["large", "small", "none"] = "large"
    standing: tuple[Standing, ...] = ("pause", "repeat", "back", "end")

    @property
    def paused(self) -> bool:
        """Whether nothing goes on until somebody says so."""
        return "resume" in (*self.standing, *(option.id for option in self.options))


@dataclass(frozen=True, kw_only=True)
class Arc:
    """The live angle at its joint: from one direction to another about a point, in pixels."""

    centre_px: tuple[float, float]
    start_px: tuple[float, float]
    end_px: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """What one picture adds to the scene; never a result.

    Attributes
    ----------
    number
        The live number, as "87°"; None where none can be read.
    count
        As "repetition 2 of 3".
    prompt
        The one thing to change, as "Step back a little"; empty when all is well.
    ring_frac
        How far the position is good, or a gesture has been held.
    points_px
        Landmarks to draw with their visibility, (x, y, visibility) each; empty when nobody is seen.
    """

    number: str | None = None
    count: str = ""
    prompt: str = ""
    ring_frac: float | None = None
    arc: Arc | None = None
    points_px: tuple[tuple[float, float, float], ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class Action:
    """What a person did by click or key.

    `option` names an option of the scene `scene`, or one of the standing ones: "pause", "resume",
    "repeat", "back", "end". A rating is the option "rate" with its `value`, 0 to 10. Where several
    options can be chosen, each click names one, to be chosen or let go, and "done" goes on.

    The stage itself pauses when the connection is lost, the page is hidden or the camera goes, and
    resumes when the connection is back.
    """

    scene: str
    option: str
    value: float | None = None


@dataclass(frozen=True, kw_only=True)
class Clip:
    """A recorded clip on the disk; whoever takes it deletes it."""

    name: str
    path: Path


class Conductor(Protocol):
    """Runs a guided session behind one stage. One call at a time; every method returns quickly.

    Slow work (the measurement of a clip) runs in a thread of its own, and `scene` tells how far
    it is.
    """

    def scene(self, now_s: float) -> Scene:
        """What to show now; asked for after every event and at least once a second."""
        ...

    def see(
        self, frame: LandmarkSeries, now_s: float, *, lit_level: float = float("nan")
    ) -> Feedback:
        """Take one picture's landmarks: a series of one frame, NaN where nobody is seen.

        `frame.time_s` is when the picture was taken, on the clock of `now_s`; `lit_level` as
        `rom.video.exposure.lit_level` has it.
        """
        ...

    def act(self, action: Action, now_s: float) -> None:
        """Take a click or a key."""
        ...

    def take_piece(self, name: str, start_byte: int, piece: bytes, now_s: float) -> None:
        """Take what was recorded so far of a clip, to begin with it: the whole clip still comes.

        Pieces come in order, without gaps, or not at all.
        """
        ...

    def take_clip(self, clip: Clip, now_s: float) -> None:
        """Take a recorded clip; for each `Scene.recording`, this or `lose_clip` is called once."""
        ...

    def lose_clip(self, name: str, reason: str, now_s: float) -> None:
        """A clip that was asked for will not come; `reason` is a sentence for the person."""
        ...

    def needs_face(self) -> bool:
        """Whether the face's points are needed for the scene (neck movements)."""
        ...

    def close(self) -> None:
        """The stage is gone for good: keep what was done, let go of the rest. Called once."""
        ...
