"""The clips that are still to be filmed: which ones a phase needs, and the next one begun."""

from __future__ import annotations

from dataclasses import replace

from rom.errors import UsageError
from rom.movements import movement_named
from rom.protocol.session import CheckPlan, CheckSession, NotFilmed, StepKind
from rom.protocol.takes import (
    ProfileMovement,
    Sides,
    TakeRequest,
    checkable_movements,
    profile_of,
    sides_to_film,
    take_request,
)
from rom.records.entities import Phase


def wanted_movements(plan: CheckPlan) -> tuple[ProfileMovement, ...]:
    """The movements that a plan is about, with the sides that a clip shows.

    Raises
    ------
    UsageError
        A region, movement or side that there is no check of.
    """
    if plan.mode == "full":
        if plan.region is None:
            raise UsageError("Expected a region of the body to check, got none; choose one")
        return profile_of(plan.region)
    if plan.movement is None:
        raise UsageError("Expected a movement to check, got none; choose one")
    known = movement_named(plan.movement)
    if known not in checkable_movements():
        raise UsageError(
            f"Expected a movement that one camera reads well enough, got {known.name};"
            " see `rom movements`"
        )
    return (ProfileMovement(known.name, sides_to_film(known.name, plan.side)),)


def queue_first(session: CheckSession) -> CheckSession:
    """Queue the clips of the profile, but for what the answers forbid."""
    therapist = session.plan.mode == "therapist"
    for wanted in wanted_movements(session.plan):
        sides, refusal = (wanted.sides, None) if therapist else _allowed(session, wanted)
        if refusal is not None:
            left = NotFilmed(
                movement=wanted.movement, sides=wanted.sides, phase=Phase.PRE1, reason=refusal
            )
            session = replace(session, not_filmed=(*session.not_filmed, left))
        if sides is not None:
            number = session.requested + 1
            request = take_request(
                number, Phase.PRE1, wanted.movement, sides, warm_up=not therapist
            )
            session = replace(session, requested=number, takes=(*session.takes, request))
    return session


def queue_target(session: CheckSession, phase: Phase) -> CheckSession:
    """Begin one clip of the target for a phase: before again, or after the massage."""
    target = session.target
    assert target is not None
    number = session.requested + 1
    sides = sides_to_film(target.movement, target.side)
    request = take_request(number, phase, target.movement, sides)
    return enter_take(replace(session, phase=phase, requested=number, takes=(request,)))


def film_again(session: CheckSession, request: TakeRequest) -> CheckSession:
    """Film a clip once more; what was read from the earlier one is kept."""
    number = session.requested + 1
    again = replace(request, id=f"{number}-{request.phase.value}", warm_up=False)
    session = replace(session, requested=number, takes=(again, *session.takes))
    return enter_take(session)


def enter_take(session: CheckSession) -> CheckSession:
    """Begin the first clip of the queue, with its warm-up if it has one."""
    session = replace(session, warmed_up=False, pain_warm_up=None)
    return session.entered(StepKind.WARM_UP if session.take.warm_up else StepKind.TAKE)


def _allowed(session: CheckSession, wanted: ProfileMovement) -> tuple[Sides | None, str | None]:
    """What of a movement may be measured, and why not the rest."""
    cleared = session.screening.clearance
    refusals = {
        side: cleared.measuring_refusal(wanted.movement, side) for side in wanted.sides.each
    }
    refusal = next((each for each in refusals.values() if each is not None), None)
    free = [side for side, each in refusals.items() if each is None]
    if refusal is None:
        return wanted.sides, None
    side = free[0] if free else None
    return (None if side is None else Sides(side.value)), refusal
