"""Which movement of which side a recording shows, or that it cannot be told. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from rom.checks import check_trace
from rom.landmarks import LandmarkSeries, Side
from rom.movements import Extra, Movement, SideKind, measurable_movements
from rom.quality.issues import Issue, any_blocking
from rom.quality.limits import blocking
from rom.trace import Trace, trace_movement

CLEARLY_LESS_FRAC = 0.6
"""The second best guess must score less than this part of the best one."""
BOTH_SIDES_FRAC = 0.5
"""When the other side moves at least this part as far, the side cannot be told."""
MIN_REPETITIONS = 2
"""One excursion may be anything; a movement that is to be named without asking is repeated."""


@dataclass(frozen=True, eq=False)
class Guess:
    """A movement and side that a recording could show; both sides when they take turns."""

    movement: Movement
    side: Side | None
    score: float


def recognise_movement(series: LandmarkSeries, side: Side | None = None) -> Guess | Issue:
    """Name the movement and the side, or say why they cannot be told; `side` narrows it down."""
    guesses = [g for g in _guesses(series) if side is None or g.side in (side, None)]
    guesses.sort(key=lambda guess: -guess.score)
    if not guesses:
        return blocking(
            "movement_not_recognised",
            "Expected one movement of the catalogue, but none could be recognised. Name it with "
            "--movement; `rom movements` lists them with view and start position.",
        )
    best = guesses[0]
    for guess in guesses[1:]:
        if guess.movement is not best.movement:
            if guess.score >= CLEARLY_LESS_FRAC * best.score:
                return _cannot_tell(best, guess)
        elif guess.side != best.side and guess.score >= BOTH_SIDES_FRAC * best.score:
            return blocking(
                "side_not_recognised",
                f"This looks like {best.movement.name}, but both sides move. Say --movement "
                f"{best.movement.name} and --side left, right or both.",
            )
    return best


def _cannot_tell(best: Guess, second: Guess) -> Issue:
    return blocking(
        "movement_not_recognised",
        f"This could be {best.movement.name} or {second.movement.name}, which cannot be told "
        "apart here. Name the movement with --movement.",
    )


def _guesses(series: LandmarkSeries) -> list[Guess]:
    guesses = []
    for movement in measurable_movements():
        if movement.extra is Extra.HAND or movement.grade == "C":
            continue
        sides = list(Side) if movement.side_kind is not SideKind.NONE else [None]
        for side in sides:
            trace = trace_movement(series, movement, side)
            if _performed(trace):
                low_deg, high_deg = movement.plausible_deg
                score = trace.amplitude_deg / (high_deg - low_deg)
                guesses.append(Guess(movement, side, score))
    return guesses


def _performed(trace: Trace) -> bool:
    return len(trace.counted) >= MIN_REPETITIONS and not any_blocking(check_trace(trace))
