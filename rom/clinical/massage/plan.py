"""A plan of spots for guided self-massage, within the daily limits and what the answers allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rom.clinical.body import BOTH_SIDES, Place
from rom.clinical.json_values import JsonValue, json_value
from rom.clinical.muscles import (
    Candidate,
    Dose,
    LimitedMovement,
    Muscle,
    muscle_named,
    muscles_worth_trying,
)
from rom.clinical.screening import Clearance
from rom.errors import UsageError
from rom.landmarks import Side

SCHEMA = "rom.plan/1"

HOLD_MIN_S = 20.0
HOLD_DEFAULT_S = 30.0
HOLD_MAX_S = 60.0
SPOTS_DEFAULT = 2
SPOTS_MAX = 6
ROUNDS_MAX = 2

SpotKey = tuple[str, Side | None]
"""Muscle and side; None where left and right are pressed together."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A spot to press; a `side` of None is both sides together, `hold_s` the timer.

    Discomfort aimed for is `strength_min` to `strength_max`, 0 to 10.
    """

    muscle: str
    side: Side | None
    hold_s: float
    rounds: int
    strength_min: float
    strength_max: float

    @property
    def key(self) -> SpotKey:
        return self.muscle, self.side


@dataclass(frozen=True)
class LeftOut:
    """A spot that is not guided today, and why."""

    muscle: str
    side: Side | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class MassagePlan:
    """What to press today for one limited movement.

    Attributes
    ----------
    hurts
        Where the person says it hurts.
    candidates
        All muscles worth trying, ranked.
    spots
        Those to be guided through now, in order.
    left_out
        Those that are not, with the reason; what merely waits its turn is not among them.
    screened
        Whether the safety questions were answered.
    """

    movement: str
    side: Side | None
    hurts: tuple[Place, ...]
    candidates: tuple[Candidate, ...]
    spots: tuple[Spot, ...]
    left_out: tuple[LeftOut, ...]
    screened: bool

    def to_json(self) -> dict[str, JsonValue]:
        """The contract `rom.plan/1`."""
        return {
            "schema": SCHEMA,
            "movement": self.movement,
            "side": json_value(self.side),
            "hurts": [place.name for place in self.hurts],
            "screened": self.screened,
            "muscles": [_candidate_json(each) for each in self.candidates],
            "spots": json_value(self.spots),
            "left_out": json_value(self.left_out),
        }


def plan_massage(
    movement: str,
    side: Side | None,
    *,
    hurts: tuple[Place, ...] = (),
    also_limited: tuple[LimitedMovement, ...] = (),
    clearance: Clearance | None = None,
    rounds_today: Mapping[SpotKey, int] | None = None,
    only: tuple[str, ...] = (),
    hold_s: float = HOLD_DEFAULT_S,
    spots: int = SPOTS_DEFAULT,
    rounds: int = 1,
) -> MassagePlan:
    """Choose the spots to be guided through.

    Parameters
    ----------
    hurts, also_limited
        Where it hurts and which other movements are limited, for the ranking.
    clearance
        What the answers to the safety questions allow; None before they were asked.
    rounds_today
        How often each spot was pressed today already.
    only
        Muscles to keep to; empty for the first of the list.
    hold_s
        Time of pressure, 20 to 60 s; muscles that take light pressure keep their own time.
    spots, rounds
        At most so many spots (up to 6), each so often (up to 2).

    Raises
    ------
    UsageError
        A figure out of range, an unknown movement or muscle, a muscle that is not for this
        movement or not for a person alone, or a side that does not fit.
    """
    _check_figures(hold_s, spots, rounds)
    candidates = muscles_worth_trying(movement, side, hurts, also_limited=also_limited)
    chosen = _chosen(movement, candidates, only)
    planned: list[Spot] = []
    left_out: list[LeftOut] = []
    for candidate in candidates:
        for spot_side in _spot_sides(candidate):
            reason = _refusal(candidate.muscle, spot_side, clearance, rounds_today or {})
            if reason is not None:
                left_out.append(LeftOut(candidate.muscle.id, spot_side, reason))
            elif candidate in chosen and len(planned) < spots:
                planned.append(
                    _spot(candidate.muscle, spot_side, hold_s, rounds, rounds_today or {})
                )
    return MassagePlan(
        movement=movement,
        side=side,
        hurts=hurts,
        candidates=candidates,
        spots=tuple(planned),
        left_out=tuple(left_out),
        screened=clearance is not None,
    )


def _check_figures(hold_s: float, spots: int, rounds: int) -> None:
    if not HOLD_MIN_S <= hold_s <= HOLD_MAX_S:
        raise UsageError(
            f"Expected a timer of {HOLD_MIN_S:g} to {HOLD_MAX_S:g} seconds, got {hold_s:g};"
            " correct it"
        )
    if not 1 <= spots <= SPOTS_MAX:
        raise UsageError(f"Expected 1 to {SPOTS_MAX} spots, got {spots}; correct it")
    if not 1 <= rounds <= ROUNDS_MAX:
        raise UsageError(f"Expected 1 or {ROUNDS_MAX} rounds a day, got {rounds}; correct it")


def _chosen(
    movement: str, candidates: tuple[Candidate, ...], only: tuple[str, ...]
) -> tuple[Candidate, ...]:
    """The candidates to take spots from."""
    if not only:
        return candidates
    names = [muscle_named(name).id for name in only]
    listed = {candidate.muscle.id: candidate for candidate in candidates}
    guided = [name for name, candidate in listed.items() if candidate.guided]
    for name in names:
        if name not in guided:
            why = "is for a professional's hands" if name in listed else "is not listed for it"
            raise UsageError(
                f"Expected a muscle to try for {movement}, but {name} {why}; choose one of"
                f" {', '.join(guided) or 'another movement'}"
            )
    return tuple(listed[name] for name in names)


def _spot_sides(candidate: Candidate) -> tuple[Side | None, ...]:
    return (None,) if candidate.muscle.both_at_once else candidate.sides


def _refusal(
    muscle: Muscle,
    side: Side | None,
    clearance: Clearance | None,
    rounds_today: Mapping[SpotKey, int],
) -> str | None:
    if muscle.dose is None:
        return "It is for a professional's hands, so it is not timed."
    if clearance is not None:
        sides = BOTH_SIDES if side is None else (side,)
        refusal = clearance.massage_refusal(muscle.areas, muscle.location_regions, sides)
        if refusal is not None:
            return refusal
    if _rounds_left(muscle, side, rounds_today) < 1:
        return f"Pressed {muscle.max_rounds_per_day} times today, which is enough for one day."
    return None


def _rounds_left(muscle: Muscle, side: Side | None, rounds_today: Mapping[SpotKey, int]) -> int:
    return muscle.max_rounds_per_day - rounds_today.get((muscle.id, side), 0)


def _spot(
    muscle: Muscle,
    side: Side | None,
    hold_s: float,
    rounds: int,
    rounds_today: Mapping[SpotKey, int],
) -> Spot:
    dose = muscle.dose
    assert dose is not None  # a muscle without a dose was left out
    return Spot(
        muscle=muscle.id,
        side=side,
        hold_s=_hold_s(dose, hold_s),
        rounds=min(rounds, _rounds_left(muscle, side, rounds_today)),
        strength_min=dose.strength_min,
        strength_max=dose.strength_max,
    )


def _hold_s(dose: Dose, wanted_s: float) -> float:
    """The time wanted where the dose takes it, else the dose's own."""
    return wanted_s if dose.hold_min_s <= wanted_s <= dose.hold_max_s else dose.hold_default_s


def _candidate_json(candidate: Candidate) -> dict[str, JsonValue]:
    muscle = candidate.muscle
    return {
        "muscle": muscle.id,
        "name": muscle.name,
        "rank": candidate.rank,
        "sides": json_value(candidate.sides),
        "home_use": muscle.home_use,
        "reasons": json_value(candidate.reasons),
        "location": muscle.location,
        "referral": muscle.referral,
        "technique": muscle.technique if candidate.guided else None,
        "tool": muscle.tool if candidate.guided else None,
        "dose": json_value(muscle.dose),
        "max_rounds_per_day": muscle.max_rounds_per_day if candidate.guided else None,
        "avoid": muscle.avoid,
        "source": muscle.source,
        "evidence": muscle.evidence,
        "evidence_note": muscle.evidence_note,
    }
