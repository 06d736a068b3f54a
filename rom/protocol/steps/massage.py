"""The massage between the sets: guided, or by a therapist's hands."""

from __future__ import annotations

from dataclasses import replace

from rom.clinical.massage import session as massage
from rom.clinical.safety import rating_stop
from rom.protocol import events
from rom.protocol.session import CheckSession, StepKind
from rom.protocol.steps.stops import stopped
from rom.protocol.steps.take_queue import queue_target
from rom.protocol.steps.unexpected import unexpected
from rom.records.entities import Phase


def begin_massage(session: CheckSession) -> CheckSession:
    """Begin the guided massage of the spots that were planned."""
    assert session.spots is not None
    began = massage.begin(session.spots, at_s=session.massage_s)
    session = replace(session, massage=began, massage_began_s=session.last_s)
    return session.entered(StepKind.MASSAGE)


def guided_massage(session: CheckSession, event: events.Event) -> CheckSession:
    """The guided massage, which has a clock and a state machine of its own."""
    pressing = session.massage
    assert pressing is not None
    if isinstance(event, events.Skipped):
        event = events.Massaged(massage.Ended())
    elif isinstance(event, events.Ticked):
        if pressing.kind is not massage.StepKind.HOLD:
            return session
        event = events.Massaged(massage.Ticked())
    if not isinstance(event, events.Massaged):
        return unexpected(session, event, "the massage to go on")
    first = pressing.kind is massage.StepKind.PAIN_BEFORE
    pressing = massage.advance(pressing, event.event, at_s=session.massage_s)
    session = replace(session, massage=pressing)
    if first and isinstance(event.event, massage.Rated):
        stop = rating_stop(event.event.value, reference=session.pain_now)
        if stop:
            return stopped(session, stop)
    if not pressing.ended:
        return session
    session = replace(session, massage_ended_s=session.last_s)
    if pressing.stop is not None:
        return stopped(session, pressing.stop)
    if not pressing.done:  # nothing was pressed, so there is nothing to measure after
        return session.entered(StepKind.RESULT)
    return queue_target(session, Phase.POST)


def hands_on(session: CheckSession, event: events.Event) -> CheckSession:
    """The therapist's own treatment, in place of the guided massage."""
    if isinstance(event, events.Ready):
        return queue_target(replace(session, massage_ended_s=session.last_s), Phase.POST)
    if isinstance(event, events.Skipped):
        return session.entered(StepKind.RESULT)
    return unexpected(session, event, "to go on when the hands are done")
