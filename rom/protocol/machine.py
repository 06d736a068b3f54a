"""The home protocol as a state machine: an event goes in, the next step comes out.

Safety questions → where it hurts → pain now → each movement of the region: warm-up, pain, recorded
repetitions, pain → one target → rest, spent on learning the spot → measured again → guided massage
→ measured after → pain → result. What stops a session stops it at every step, and nothing is
filmed afterwards. Nothing that was done is ever taken away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rom.clinical.body import places_named
from rom.clinical.decisions import PAIN_RISE_CONFIRMED_POINTS
from rom.clinical.massage import session as massage
from rom.clinical.massage.plan import plan_massage
from rom.clinical.safety import Stop, check_rating, rating_stop, symptom_stop
from rom.errors import UsageError
from rom.movements import movement_named
from rom.protocol import events
from rom.protocol.constants import figure
from rom.protocol.screening import Screening
from rom.protocol.session import (
    CheckPlan,
    CheckSession,
    FilmedTake,
    NotFilmed,
    StepKind,
    TakeResult,
    Target,
)
from rom.protocol.takes import (
    ProfileMovement,
    Sides,
    TakeRequest,
    checkable_movements,
    profile_of,
    sides_to_film,
    take_request,
)
from rom.protocol.target import findings, unsettled
from rom.records.entities import Phase

SCREEN_STOP = "screen"


def begin(plan: CheckPlan, *, at_s: float) -> CheckSession:
    """Begin a check; the safety questions come first, unless a therapist is there to ask them.

    Raises
    ------
    UsageError
        A region, movement or side that there is no check of.
    """
    _wanted_movements(plan)
    session = CheckSession(
        plan=plan,
        kind=StepKind.SCREEN,
        started_s=at_s,
        last_s=at_s,
        since_s=at_s,
        screening=Screening(earlier=plan.earlier),
    )
    if plan.mode == "therapist":
        return _queue_first(session).entered(StepKind.PAIN_NOW)
    return session if plan.earlier is None else session.entered(StepKind.ANYTHING_NEW)


def advance(session: CheckSession, event: events.Event, *, at_s: float) -> CheckSession:
    """Take one event; the session passed in stays as it was.

    A result of a measurement is taken at every time, also after the end.

    Raises
    ------
    UsageError
        An event that the step does not take, a rating outside 0 to 10 or an unknown name.
    ValueError
        A time before the last event.
    """
    if at_s < session.last_s:
        raise ValueError(f"at_s: expected {session.last_s} or later, got {at_s}")
    if isinstance(event, events.Measured):
        return _measured(replace(session, last_s=at_s), event)
    if session.ended:
        raise UsageError("Expected nothing more, the check has ended; begin a new one")
    session = replace(session, last_s=at_s)
    if isinstance(event, events.Ended):
        return _resumed(session).entered(StepKind.ABANDONED)
    if isinstance(event, events.Felt):
        return _feel(_resumed(session), symptom_stop(event.symptom), event.symptom)
    if isinstance(event, events.Paused):
        return session if session.paused else replace(session, paused_since_s=at_s)
    if isinstance(event, events.Resumed):
        return _resumed(session)
    if session.paused:
        if isinstance(event, events.Ticked):
            return session
        raise UsageError("Expected to go on first, the check is paused; go on or end it")
    return _STEPS[session.kind](session, event)


# Safety questions and what is asked first


def _anything_new(session: CheckSession, event: events.Event) -> CheckSession:
    if not isinstance(event, events.Answered):
        return _other(session, event, "yes or no")
    return _screened(replace(session, screening=session.screening.tell_new(event.yes)))


def _screen(session: CheckSession, event: events.Event) -> CheckSession:
    if not isinstance(event, events.Chose):
        return _other(session, event, "the answers that are yes, or none")
    return _screened(replace(session, screening=session.screening.choose(event.names)))


def _screen_places(session: CheckSession, event: events.Event) -> CheckSession:
    if not isinstance(event, events.Chose):
        return _other(session, event, "the places")
    screening = session.screening
    question = screening.detail
    changed = screening.name_places(event.names)
    if not event.names and question is not None and question.asks_agreed:
        # Without a place it counts everywhere; the next question is whether somebody agreed.
        return replace(session, screening=changed).entered(StepKind.SCREEN_AGREED)
    return _screened(replace(session, screening=changed))


def _screen_agreed(session: CheckSession, event: events.Event) -> CheckSession:
    if not isinstance(event, events.Answered):
        return _other(session, event, "yes or no")
    return _screened(replace(session, screening=session.screening.tell_agreed(event.yes)))


def _screened(session: CheckSession) -> CheckSession:
    """Ask on, stop, or go on to where it hurts."""
    screening = session.screening
    if not screening.over:
        if screening.detail is None:
            return session.entered(StepKind.SCREEN)
        place = screening.asks_place
        return session.entered(StepKind.SCREEN_PLACES if place else StepKind.SCREEN_AGREED)
    cleared = screening.clearance
    if cleared.stopped is not None:
        return _stop(session, Stop(SCREEN_STOP, "session", cleared.stopped))
    if cleared.notices:
        return session.entered(StepKind.NOTICES)
    return _cleared(session)


def _notices(session: CheckSession, event: events.Event) -> CheckSession:
    if not isinstance(event, events.Ready):
        return _other(session, event, "to go on")
    return _cleared(session)


def _cleared(session: CheckSession) -> CheckSession:
    """Ask where it hurts, unless that was said before."""
    if session.plan.hurts is None:
        return session.entered(StepKind.HURTS)
    return _knowing_where(replace(session, hurts=session.plan.hurts))


def _hurts(session: CheckSession, event: events.Event) -> CheckSession:
    if not isinstance(event, events.Chose):
        return _other(session, event, "the places that hurt, or none")
    return _knowing_where(replace(session, hurts=places_named(list(event.names))))


def _knowing_where(session: CheckSession) -> CheckSession:
    session = _queue_first(session)
    if not session.takes:
        return _stop(session, Stop(SCREEN_STOP, "session", session.not_filmed[0].reason))
    return session.entered(StepKind.PAIN_NOW)


def _pain_now(session: CheckSession, event: events.Event) -> CheckSession:
    if not isinstance(event, events.Rated):
        return _other(session, event, "a rating of your pain")
    stop = _rated_stop(event.value, reference=None)
    session = replace(session, pain_now=event.value)
    return _stop(session, stop) if stop else _enter_take(session)


# Camera work


def _warm_up(session: CheckSession, event: events.Event) -> CheckSession:
    if isinstance(event, events.WarmedUp):
        return replace(session, warmed_up=True).entered(StepKind.PAIN_WARM_UP)
    if isinstance(event, events.Skipped):
        return session.entered(StepKind.TAKE)
    return _other(session, event, "the repetitions of the warm-up")


def _pain_warm_up(session: CheckSession, event: events.Event) -> CheckSession:
    if not isinstance(event, events.Rated):
        return _other(session, event, "a rating of your pain")
    stop = _rated_stop(event.value, reference=None)
    session = replace(session, pain_warm_up=event.value)
    return _stop(session, stop) if stop else session.entered(StepKind.TAKE)


def _take(session: CheckSession, event: events.Event) -> CheckSession:
    if isinstance(event, events.Filmed):
        taken = FilmedTake(
            request=session.take,
            filmed_s=session.last_s,
            warmed_up=session.warmed_up,
            pain_warm_up=session.pain_warm_up,
            pain_marks=event.pain_marks,
        )
        session = replace(session, filmed=(*session.filmed, taken), takes=session.takes[1:])
        return session.entered(StepKind.PAIN_TAKE)
    if isinstance(event, events.Skipped):
        request = session.take
        left = NotFilmed(
            movement=request.movement,
            sides=request.sides,
            phase=request.phase,
            reason="You left it out.",
        )
        session = replace(session, not_filmed=(*session.not_filmed, left))
        return _proceed(replace(session, takes=session.takes[1:]))
    return _other(session, event, "the repetitions")


def _pain_take(session: CheckSession, event: events.Event) -> CheckSession:
    if isinstance(event, events.Repeated) and session.stop is None:
        return _again(session, session.filmed[-1].request)
    if not isinstance(event, events.Rated):
        return _other(session, event, "a rating of your pain")
    taken = session.filmed[-1]
    stop = _rated_stop(event.value, reference=_reference(session, taken))
    taken = replace(taken, pain=event.value, rated=True)
    session = replace(session, filmed=(*session.filmed[:-1], taken))
    if session.phase is Phase.POST:
        return _after_post(session, event.value)
    return _stop(session, stop) if stop else _proceed(session)


def _after_post(session: CheckSession, pain: float | None) -> CheckSession:
    """All is filmed, so a high rating stops nothing more; it is told with the result."""
    before = _pain_before(session)
    high = _rated_stop(pain, reference=None)
    session = replace(session, stop=high) if high else session
    if pain is not None and before is not None and pain - before >= PAIN_RISE_CONFIRMED_POINTS:
        return session.entered(StepKind.WORSE)
    return _proceed(session)


def _worse(session: CheckSession, event: events.Event) -> CheckSession:
    if not isinstance(event, events.Answered):
        return _other(session, event, "yes or no")
    return _proceed(replace(session, worse=event.yes))


def _measured(session: CheckSession, event: events.Measured) -> CheckSession:
    if event.take not in {each.request.id for each in session.pending}:
        raise UsageError(f"Expected the result of a clip that waits, got {event.take!r}; leave it")
    result = TakeResult(take=event.take, sets=event.sets, reason=event.reason)
    session = replace(session, results=(*session.results, result))
    waits = session.kind is StepKind.MEASURING
    return _proceed(session) if waits else session


def _measuring(session: CheckSession, event: events.Event) -> CheckSession:
    return _other(session, event, "the measurement")


def _not_measured(session: CheckSession, event: events.Event) -> CheckSession:
    if isinstance(event, events.Repeated):
        first = session.failures[0].take
        taken = next(each for each in session.filmed if each.request.id == first)
        return _again(session, taken.request)
    if isinstance(event, (events.Ready, events.Skipped)):
        left = tuple(each.take for each in session.failures)
        return _proceed(replace(session, accepted=(*session.accepted, *left)))
    return _other(session, event, "to film it again, or to go on")


def _again(session: CheckSession, request: TakeRequest) -> CheckSession:
    """Film a clip once more; what was read from the earlier one is kept."""
    number = session.requested + 1
    again = replace(request, id=f"{number}-{request.phase.value}", warm_up=False)
    session = replace(session, requested=number, takes=(again, *session.takes))
    return _enter_take(session)


def _enter_take(session: CheckSession) -> CheckSession:
    session = replace(session, warmed_up=False, pain_warm_up=None)
    return session.entered(StepKind.WARM_UP if session.take.warm_up else StepKind.TAKE)


# Between the sets


def _proceed(session: CheckSession) -> CheckSession:
    """Film on, wait for the results of this phase, or leave it."""
    if session.takes:
        return _enter_take(session)
    if any(each.request.phase is session.phase for each in session.pending):
        return session.entered(StepKind.MEASURING)
    if session.failures and session.stop is None:
        return session.entered(StepKind.NOT_MEASURED)
    return _PHASES_OVER[session.phase](session)


def _after_first(session: CheckSession) -> CheckSession:
    if not session.measured(Phase.PRE1):
        return session.entered(StepKind.RESULT)
    if session.plan.mode == "full":
        return session.entered(StepKind.TARGET)
    target = Target(movement=session.plan.movement or "", side=session.plan.side)
    session = replace(session, target=target)
    if session.set_of(Phase.PRE1, target.movement, target.side) is None:
        return session.entered(StepKind.RESULT)
    if session.plan.mode == "therapist":
        return replace(session, massage_began_s=session.last_s).entered(StepKind.HANDS_ON)
    session = _planned(session)
    return session if session.kind is StepKind.NO_SPOT else _begin_massage(session)


def _target(session: CheckSession, event: events.Event) -> CheckSession:
    if isinstance(event, events.Skipped):
        return session.entered(StepKind.RESULT)
    if not isinstance(event, events.Targeted):
        return _other(session, event, "the movement that the massage is for")
    if session.set_of(Phase.PRE1, event.movement, event.side) is None:
        raise UsageError(
            f"Expected a movement that was measured, got {event.movement}; choose one of the list"
        )
    target = Target(movement=event.movement, side=event.side)
    session = _planned(replace(session, target=target))
    return session if session.kind is StepKind.NO_SPOT else session.entered(StepKind.REST)


def _planned(session: CheckSession) -> CheckSession:
    """Choose the spots for the target; the step without one where nothing may be pressed."""
    target = session.target
    assert target is not None
    limited = tuple(
        (each.movement, each.side) for each in findings(session) if each.restriction.counts
    )
    plan = plan_massage(
        target.movement,
        target.side,
        hurts=session.hurts,
        also_limited=limited,
        clearance=session.screening.clearance,
        rounds_today={(each.muscle, each.side): each.rounds for each in session.plan.pressed_today},
        spots=int(figure("spots")),
    )
    session = replace(session, spots=replace(plan, candidates=()))
    return session if plan.spots else session.entered(StepKind.NO_SPOT)


def _no_spot(session: CheckSession, event: events.Event) -> CheckSession:
    if isinstance(event, events.Repeated) and session.plan.mode == "full":
        return replace(session, target=None, spots=None).entered(StepKind.TARGET)
    if isinstance(event, (events.Ready, events.Skipped)):
        return session.entered(StepKind.RESULT)
    return _other(session, event, "to go on")


def _rest(session: CheckSession, event: events.Event) -> CheckSession:
    over = isinstance(event, (events.Ready, events.Skipped)) or session.rest_left_s <= 0
    if not over:
        return _other(session, event, "to rest")
    session = replace(session, rest_s=session.last_s - session.since_s)
    return _queue_target(session, Phase.PRE2)


def _after_second(session: CheckSession) -> CheckSession:
    again = len(session.taken(Phase.PRE2)) < figure("baselines_max")
    if again and unsettled(session):
        return _queue_target(session, Phase.PRE2)
    return _begin_massage(session)


def _queue_first(session: CheckSession) -> CheckSession:
    """The clips of the profile, but for what the answers forbid."""
    therapist = session.plan.mode == "therapist"
    for wanted in _wanted_movements(session.plan):
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


def _queue_target(session: CheckSession, phase: Phase) -> CheckSession:
    target = session.target
    assert target is not None
    number = session.requested + 1
    sides = sides_to_film(target.movement, target.side)
    request = take_request(number, phase, target.movement, sides)
    return _enter_take(replace(session, phase=phase, requested=number, takes=(request,)))


# Massage


def _begin_massage(session: CheckSession) -> CheckSession:
    assert session.spots is not None
    began = massage.begin(session.spots, at_s=session.massage_s)
    session = replace(session, massage=began, massage_began_s=session.last_s)
    return session.entered(StepKind.MASSAGE)


def _massage(session: CheckSession, event: events.Event) -> CheckSession:
    pressing = session.massage
    assert pressing is not None
    if isinstance(event, events.Skipped):
        event = events.Massaged(massage.Ended())
    elif isinstance(event, events.Ticked):
        if pressing.kind is not massage.StepKind.HOLD:
            return session
        event = events.Massaged(massage.Ticked())
    if not isinstance(event, events.Massaged):
        return _other(session, event, "the massage to go on")
    first = pressing.kind is massage.StepKind.PAIN_BEFORE
    pressing = massage.advance(pressing, event.event, at_s=session.massage_s)
    session = replace(session, massage=pressing)
    if first and isinstance(event.event, massage.Rated):
        stop = rating_stop(event.event.value, reference=session.pain_now)
        if stop:
            return _stop(session, stop)
    if not pressing.ended:
        return session
    session = replace(session, massage_ended_s=session.last_s)
    if pressing.stop is not None:
        return _stop(session, pressing.stop)
    if not pressing.done:  # nothing was pressed, so there is nothing to measure after
        return session.entered(StepKind.RESULT)
    return _queue_target(session, Phase.POST)


def _hands_on(session: CheckSession, event: events.Event) -> CheckSession:
    if isinstance(event, events.Ready):
        return _queue_target(replace(session, massage_ended_s=session.last_s), Phase.POST)
    if isinstance(event, events.Skipped):
        return session.entered(StepKind.RESULT)
    return _other(session, event, "to go on when the hands are done")


# Stops and small helpers of the steps


def _feel(session: CheckSession, stop: Stop, symptom: str) -> CheckSession:
    if session.kind is StepKind.MASSAGE and stop.ends == "spot":
        return _massage(session, events.Massaged(massage.Felt(symptom)))
    if session.phase is Phase.POST and session.kind is not StepKind.TAKE:
        # All is filmed: the result is still told, with the stop before it.
        session = replace(session, stop=stop)
        return session if session.kind is StepKind.PAIN_TAKE else _proceed(session)
    return _stop(session, stop)


def _stop(session: CheckSession, stop: Stop) -> CheckSession:
    pressing = session.massage
    if session.kind is StepKind.MASSAGE and pressing is not None and not pressing.ended:
        pressing = massage.advance(pressing, massage.Ended(), at_s=session.massage_s)
    session = replace(session, massage=pressing, takes=(), stop=stop)
    return session.entered(StepKind.STOPPED)


def _other(session: CheckSession, event: events.Event, wanted: str) -> CheckSession:
    if isinstance(event, events.Ticked):
        return session
    raise UsageError(f"Expected {wanted} at this step, got something else; answer that first")


def _resumed(session: CheckSession) -> CheckSession:
    if session.paused_since_s is None:
        return session
    length_s = session.last_s - session.paused_since_s
    return replace(session, paused_since_s=None, paused_s=session.paused_s + length_s)


def _rated_stop(value: float | None, *, reference: float | None) -> Stop | None:
    return None if value is None else rating_stop(check_rating(value), reference=reference)


def _reference(session: CheckSession, taken: FilmedTake) -> float | None:
    """The rating that a rise counts from: the warm-up's, else the last one of this movement.

    Not the one at rest: a movement that hurts more than rest is what most people come with.
    """
    if taken.pain_warm_up is not None:
        return taken.pain_warm_up
    same = (each for each in session.filmed if each.request.movement == taken.request.movement)
    scores = [each.pain for each in same if each.pain is not None]
    return scores[-1] if scores else None


def _pain_before(session: CheckSession) -> float | None:
    second = session.pain_of(Phase.PRE2)
    return session.pain_of(Phase.PRE1) if second is None else second


def _wanted_movements(plan: CheckPlan) -> tuple[ProfileMovement, ...]:
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


_STEPS: dict[StepKind, Callable[[CheckSession, events.Event], CheckSession]] = {
    StepKind.ANYTHING_NEW: _anything_new,
    StepKind.SCREEN: _screen,
    StepKind.SCREEN_PLACES: _screen_places,
    StepKind.SCREEN_AGREED: _screen_agreed,
    StepKind.NOTICES: _notices,
    StepKind.HURTS: _hurts,
    StepKind.PAIN_NOW: _pain_now,
    StepKind.WARM_UP: _warm_up,
    StepKind.PAIN_WARM_UP: _pain_warm_up,
    StepKind.TAKE: _take,
    StepKind.PAIN_TAKE: _pain_take,
    StepKind.WORSE: _worse,
    StepKind.MEASURING: _measuring,
    StepKind.NOT_MEASURED: _not_measured,
    StepKind.TARGET: _target,
    StepKind.NO_SPOT: _no_spot,
    StepKind.REST: _rest,
    StepKind.MASSAGE: _massage,
    StepKind.HANDS_ON: _hands_on,
}

_PHASES_OVER: dict[Phase, Callable[[CheckSession], CheckSession]] = {
    Phase.PRE1: _after_first,
    Phase.PRE2: _after_second,
    Phase.POST: lambda session: session.entered(StepKind.RESULT),
}
