"""A conductor that goes through every kind of scene, to rehearse the stage with."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict
from pathlib import Path

import numpy as np

from rom.landmarks import LandmarkSeries
from rom.ui.stage.scenes import Action, Arc, Clip, Feedback, Option, Scene

SHOULDER, ELBOW, HIP = 11, 13, 23
ARM = "movement/shoulder_abduction/left"
SCENES = {
    scene.id: scene
    for scene in (
        Scene(
            id="intro",
            kind="show",
            title="Rehearsal",
            step="1 of 7, rehearsal",
            text="Every kind of scene comes once.",
            spoken="Step back until all of you is in the picture.",
            picture=ARM,
            options=(Option(id="next", label="Go on"),),
            highlighted="next",
            ring_frac=0.4,
        ),
        Scene(
            id="where",
            kind="choose",
            title="Where is it stiff or sore?",
            step="2 of 7, where",
            spoken="Choose one or several places.",
            options=(
                Option(id="neck", label="Neck", detail="Turning and bending the head"),
                Option(id="shoulder", label="Shoulder"),
                Option(id="hip", label="Hip"),
                Option(id="elbow", label="Elbow"),
                Option(id="knee", label="Knee"),
                Option(id="long", label="Somewhere that takes a good many words to be told " * 3),
            ),
            multiple=True,
            camera="none",
        ),
        Scene(
            id="take",
            kind="take",
            title="Left arm, sideways up",
            step="3 of 7, measure",
            text="Raise your left arm",
            spoken="Raise your left arm as far as you can.",
            beep="go",
            recording="first",
            options=(Option(id="next", label="That was it"),),
        ),
        Scene(
            id="rating",
            kind="rate",
            title="How much did it hurt?",
            step="4 of 7, pain",
            spoken="Zero is no pain, ten is the worst you can imagine.",
            camera="small",
        ),
        Scene(
            id="timer",
            kind="timer",
            title="Rest",
            step="5 of 7, rest",
            text="Let your arms hang.",
            spoken="Rest for two minutes.",
            picture=ARM,
            ends_in_s=120.0,
            camera="none",
            options=(Option(id="next", label="Go on now"),),
        ),
        Scene(
            id="busy",
            kind="busy",
            title="Measuring",
            step="6 of 7, measuring",
            text="This takes a moment.",
            camera="none",
            options=(Option(id="next", label="Go on"),),
        ),
        Scene(id="ended", kind="ended", title="Done", spoken="That was all.", camera="none"),
    )
}
ORDER = list(SCENES)


class Rehearsal:
    """Goes on by clicks; keeps a log of what it hears in a file.

    With `face` its take is one of the neck.
    """

    def __init__(self, log: Path, clips: Path, *, face: bool = False) -> None:
        self._log = log
        self._clips = clips
        self._face = face
        self._at = 0
        self._take = 1
        self._paused = False
        self._chosen: set[str] = set()
        self._timer_ends_s: float | None = None
        self._seen = 0
        self._lock = threading.Lock()

    def scene(self, now_s: float) -> Scene:
        scene = SCENES[ORDER[self._at]]
        changes = asdict(scene) | {"options": scene.options}
        if self._paused:
            return Scene(
                id=f"paused {scene.id}",
                kind="show",
                title="Paused",
                spoken="Paused.",
                camera="small",
                options=(Option(id="resume", label="Go on"),),
            )
        if scene.multiple:
            changes["options"] = tuple(
                Option(**(asdict(each) | {"chosen": each.id in self._chosen}))
                for each in scene.options
            )
        if scene.recording:
            changes["recording"] = changes["id"] = f"take {self._take}"
        if scene.kind == "timer":
            self._timer_ends_s = self._timer_ends_s or now_s + 120.0
            changes["ends_in_s"] = max(0.0, self._timer_ends_s - now_s)
        return Scene(**changes)

    def see(
        self, frame: LandmarkSeries, now_s: float, *, lit_level: float = float("nan")
    ) -> Feedback:
        self._seen += 1
        people = int(frame.people_count[0])
        if self._seen == 1 or self._seen % 30 == 0:
            age_ms = round(1000 * (now_s - float(frame.time_s[0])), 1)
            self._write("saw", people=people, width_px=frame.width_px, age_ms=age_ms)
        if not people:
            return Feedback(prompt="Step into the picture")
        xy_px = frame.xy_px[0]
        arm, trunk = xy_px[ELBOW] - xy_px[SHOULDER], xy_px[HIP] - xy_px[SHOULDER]
        turn = np.dot(arm, trunk) / (np.linalg.norm(arm) * np.linalg.norm(trunk))
        taking = SCENES[ORDER[self._at]].kind == "take" and not self._paused
        return Feedback(
            number=f"{np.degrees(np.arccos(turn)):.0f}°" if taking else None,
            count="repetition 1 of 3" if taking else "",
            arc=Arc(
                centre_px=tuple(xy_px[SHOULDER]),
                start_px=tuple(xy_px[HIP]),
                end_px=tuple(xy_px[ELBOW]),
            )
            if taking
            else None,
            points_px=tuple(
                (float(x), float(y), float(visibility))
                for (x, y), visibility in zip(xy_px, frame.visibility[0], strict=True)
            ),
        )

    def act(self, action: Action, now_s: float) -> None:
        self._write("act", **asdict(action))
        scene = SCENES[ORDER[self._at]]
        if action.option == "pause":
            self._paused = True
            self._take += 1
        elif action.option == "resume":
            self._paused = False
        elif action.option == "repeat":
            self._take += 1
        elif action.option == "back":
            self._at = max(0, self._at - 1)
        elif action.option == "end":
            self._at = len(ORDER) - 1
        elif scene.multiple and action.option != "done":
            self._chosen ^= {action.option}
        elif self._at < len(ORDER) - 1:
            self._at += 1

    def take_piece(self, name: str, start_byte: int, piece: bytes, now_s: float) -> None:
        self._write("piece", name=name, start=start_byte, size=len(piece))
        with (self._clips / f"{name}.pieces").open("ab") as pieces:
            pieces.write(piece)

    def take_clip(self, clip: Clip, now_s: float) -> None:
        kept = self._clips / f"{clip.name}{clip.path.suffix}"
        mode = oct(clip.path.stat().st_mode & 0o777)
        kept.write_bytes(clip.path.read_bytes())
        clip.path.unlink()
        self._write("clip", name=clip.name, kept=str(kept), mode=mode)

    def lose_clip(self, name: str, reason: str, now_s: float) -> None:
        self._take += 1
        self._write("lost", name=name, reason=reason)

    def needs_face(self) -> bool:
        return self._face and SCENES[ORDER[self._at]].kind == "take"

    def close(self) -> None:
        self._write("closed")

    def _write(self, event: str, **content: object) -> None:
        with self._lock, self._log.open("a") as log:
            log.write(json.dumps({"event": event, **content}) + "\n")
