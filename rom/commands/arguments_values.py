"""Values of options: what is typed, as what it stands for."""

from __future__ import annotations

import math
from datetime import date
from typing import NamedTuple

from rom.errors import UsageError
from rom.movements import movement_named

MAX_AGE = 120
MAX_TILT_DEG = 45.0


class SubjectPosition(NamedTuple):
    """Where the subject is seen: pixels of the upright picture at a time of the recording."""

    x_px: float
    y_px: float
    time_s: float


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"Expected a day such as 2026-05-03, got {text!r}; correct it") from None


def stretched_on(text: str) -> tuple[date, bool | None]:
    day, _, flare = text.partition(":")
    if flare not in ("", "yes", "no"):
        raise UsageError(
            f"Expected a day, and yes or no for a flare-up (2026-05-03:no), got {text!r}; correct"
            " --stretched"
        )
    return day_of(day), None if not flare else flare == "yes"


def age_years(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= MAX_AGE):
        raise UsageError(
            f"Expected an age of 0 to {MAX_AGE} whole years, got {text!r}; correct --age"
        )
    return int(text)


def pain_score(text: str) -> float:
    value = _finite(text)
    if value is None or not 0 <= value <= 10:
        raise UsageError(f"Expected pain from 0 (none) to 10 (worst), got {text!r}; correct it")
    return value


def hold_seconds(text: str) -> float:
    value = _finite(text)
    if value is None:
        raise UsageError(f"Expected seconds, 20 to 60, got {text!r}; correct --seconds")
    return value


def also_limited(text: str) -> tuple[str, str | None]:
    name, _, side = text.partition(":")
    if movement_named(name).has_side:
        if side not in ("left", "right"):
            raise UsageError(f"Expected {name}:left or {name}:right, got {text!r}; correct it")
        return name, side
    if side:
        raise UsageError(f"Expected no side for {name}, which has none, got {text!r}; correct it")
    return name, None


def whole_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise UsageError(f"Expected a whole number from 1 up, got {text!r}; correct it")
    return int(text)


def port_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535):
        raise UsageError(f"Expected a port from 1 to 65535, got {text!r}; correct --port")
    return int(text)


def tilt_deg(text: str) -> float:
    value = _finite(text)
    if value is None or abs(value) > MAX_TILT_DEG:
        raise UsageError(
            f"Expected a tilt of -{MAX_TILT_DEG:g} to {MAX_TILT_DEG:g} degrees, got {text!r};"
            " correct --camera-tilt, or turn the video upright first"
        )
    return value


def square_mm(text: str) -> float:
    value = _finite(text)
    if value is None or not 1.0 <= value <= 1000.0:
        raise UsageError(
            f"Expected the side of a square in millimetres, 1 to 1000, got {text!r};"
            " correct --square-mm"
        )
    return value


def angle_deg(text: str) -> float:
    value = _finite(text.removesuffix("°").replace(",", "."))
    if value is None or abs(value) > 360:
        raise UsageError(f"Expected an angle in degrees, got {text!r}; correct --reference")
    return value


def subject_position(text: str) -> SubjectPosition:
    place, _, seconds = text.partition("@")
    numbers = [_finite(part) for part in (*place.split(","), seconds)]
    x_px, y_px, time_s = numbers if len(numbers) == 3 else (None, None, None)
    if x_px is None or y_px is None or time_s is None or min(x_px, y_px, time_s) < 0:
        raise UsageError(
            "Expected --subject X,Y@SECONDS with pixels and seconds from 0 up, such as"
            f" 320,180@1.5, got {text!r}"
        )
    return SubjectPosition(x_px, y_px, time_s)


def _finite(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
