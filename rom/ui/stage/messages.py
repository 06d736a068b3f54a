"""What browser and server say to each other over the socket, as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import Any

from rom.ui.stage.scenes import Action, Feedback, Scene
from rom.ui.stage.words import LOST

MAX_TEXT_CHARS = 4096
MAX_NAME_CHARS = 200
_HELD_MAX = 16


class BadMessageError(ValueError):
    """The browser said something that it never says."""


@dataclass(frozen=True)
class Hello:
    """The first message: which clips the browser holds, recorded but not yet sent."""

    held: tuple[str, ...]


@dataclass(frozen=True)
class Interrupted:
    """The page is hidden, or the camera is gone: a key of `words.LOST`."""

    reason: str


@dataclass(frozen=True)
class LostClip:
    """A clip that was asked for will not come, and why: a key of `words.LOST`."""

    name: str
    reason: str


@dataclass(frozen=True)
class Alive:
    """The browser is still there."""


FromBrowser = Hello | Action | Interrupted | LostClip | Alive


def parse_message(text: str) -> FromBrowser:
    """Read one text message.

    Raises
    ------
    BadMessageError
        It is none of those above.
    """
    if len(text) > MAX_TEXT_CHARS:
        raise BadMessageError("longer than any message")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessageError("no JSON") from None
    if not isinstance(content, dict):
        raise BadMessageError("no object")
    kind = content.get("type")
    if kind == "alive":
        return Alive()
    if kind == "hello":
        held = content.get("held")
        if not isinstance(held, list) or len(held) > _HELD_MAX:
            raise BadMessageError("held")
        return Hello(tuple(_name(each) for each in held))
    if kind == "act":
        scene, option = _name(content.get("scene")), _name(content.get("option"))
        return Action(scene=scene, option=option, value=_rating(content.get("value")))
    if kind == "interrupted":
        return Interrupted(_reason(content.get("reason")))
    if kind == "lost":
        return LostClip(_name(content.get("name")), _reason(content.get("reason")))
    raise BadMessageError("unknown type")


def scene_json(scene: Scene) -> dict[str, Any]:
    """A scene as the browser reads it."""
    content = asdict(scene)
    content["paused"] = scene.paused
    return content


def same_scene(first: dict[str, Any] | None, second: dict[str, Any], passed_s: float) -> bool:
    """Whether nothing changed but the time that is left, and that as a clock would have it."""
    if first is None:
        return False
    was_s, is_s = first["ends_in_s"], second["ends_in_s"]
    if (was_s is None) != (is_s is None):
        return False
    if was_s is not None and abs(max(0.0, was_s - passed_s) - is_s) > 0.3:
        return False
    return first | {"ends_in_s": None} == second | {"ends_in_s": None}


def feedback_json(feedback: Feedback) -> dict[str, Any]:
    """Feedback as the browser reads it: numbers that are none become null, pixels are rounded."""
    arc = feedback.arc
    return {
        "number": feedback.number,
        "count": feedback.count,
        "prompt": feedback.prompt,
        "ring_frac": _finite(feedback.ring_frac),
        "arc": None if arc is None else [_pixels(each) for each in _ends(arc)],
        "points": [_pixels(each) for each in feedback.points_px],
    }


def _ends(arc: Any) -> tuple[tuple[float, ...], ...]:
    return arc.centre_px, arc.start_px, arc.end_px


def _pixels(values: tuple[float, ...]) -> list[float] | None:
    """To a tenth of a pixel and a hundredth of a visibility; None where anything is NaN."""
    if not all(math.isfinite(value) for value in values):
        return None
    return [round(float(value), 1 if index < 2 else 2) for index, value in enumerate(values)]


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), 4)


def _name(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MAX_NAME_CHARS:
        raise BadMessageError("name")
    return value


def _reason(value: Any) -> str:
    if not isinstance(value, str) or value not in LOST:
        raise BadMessageError("reason")
    return value


def _rating(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 10:
        raise BadMessageError("value")
    return float(value)
