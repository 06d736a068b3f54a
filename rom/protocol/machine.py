"""The home protocol as a state machine: an event goes in, the next step comes out.

Safety questions → where it hurts → pain now → each movement of the region: warm-up, pain, recorded
repetitions, pain → one target → rest, spent on learning the spot → measured again → guided massage
→ measured after → pain → result. What stops a session stops it at every step, and nothing is
filmed afterwards. Nothing that was done is ever taken away.

The steps themselves are in `rom.protocol.steps`; here is which of them takes an event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rom.errors import UsageError
from rom.protocol import events
from rom.protocol.screening import Screening
from rom.protocol.session import CheckPlan, CheckSession, StepKind
from rom.protocol.steps import filming, massage, questions, target
from rom.protocol.steps.stops import resumed
from rom.protocol.steps.symptoms import feel
from rom.protocol.steps.take_queue import queue_first, wanted_movements

_STEPS: dict[StepKind, Callable[[CheckSession, events.Event], CheckSession]] = {
    StepKind.ANYTHING_NEW: questions.anything_new,
    StepKind.SCREEN: questions.screen,
    StepKind.SCREEN_PLACES: questions.screen_places,
    StepKind.SCREEN_AGREED: questions.screen_agreed,
    StepKind.NOTICES: questions.notices,
    StepKind.HURTS: questions.hurts,
    StepKind.PAIN_NOW: questions.pain_now,
    StepKind.WARM_UP: filming.warm_up,
    StepKind.PAIN_WARM_UP: filming.pain_warm_up,
    StepKind.TAKE: filming.take,
    StepKind.PAIN_TAKE: filming.pain_take,
    StepKind.WORSE: filming.worse,
    StepKind.MEASURING: filming.measuring,
    StepKind.NOT_MEASURED: filming.not_measured,
    StepKind.TARGET: target.choose_target,
    StepKind.NO_SPOT: target.no_spot,
    StepKind.REST: target.rest,
    StepKind.MASSAGE: massage.guided_massage,
    StepKind.HANDS_ON: massage.hands_on,
}


def begin(plan: CheckPlan, *, at_s: float) -> CheckSession:
    """Begin a check; the safety questions come first, unless a therapist is there to ask them.

    Raises
    ------
    UsageError
        A region, movement or side that there is no check of.
    """
    wanted_movements(plan)
    session = CheckSession(
        plan=plan,
        kind=StepKind.SCREEN,
        started_s=at_s,
        last_s=at_s,
        since_s=at_s,
        screening=Screening(earlier=plan.earlier),
    )
    if plan.mode == "therapist":
        return queue_first(session).entered(StepKind.PAIN_NOW)
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
        return filming.measured(replace(session, last_s=at_s), event)
    if session.ended:
        raise UsageError("Expected nothing more, the check has ended; begin a new one")
    session = replace(session, last_s=at_s)
    if isinstance(event, events.Ended):
        return resumed(session).entered(StepKind.ABANDONED)
    if isinstance(event, events.Felt):
        return feel(resumed(session), event.symptom)
    if isinstance(event, events.Paused):
        return session if session.paused else replace(session, paused_since_s=at_s)
    if isinstance(event, events.Resumed):
        return resumed(session)
    if session.paused:
        if isinstance(event, events.Ticked):
            return session
        raise UsageError("Expected to go on first, the check is paused; go on or end it")
    return _STEPS[session.kind](session, event)
