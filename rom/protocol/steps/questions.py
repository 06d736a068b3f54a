"""The questions before anything is filmed: safety, where it hurts, pain at rest."""

from __future__ import annotations

from dataclasses import replace

from rom.clinical.body import places_named
from rom.clinical.safety import Stop
from rom.protocol import events
from rom.protocol.session import CheckSession, StepKind
from rom.protocol.steps.stops import rated_stop, stopped
from rom.protocol.steps.take_queue import enter_take, queue_first
from rom.protocol.steps.unexpected import unexpected

SCREEN_STOP = "screen"


def anything_new(session: CheckSession, event: events.Event) -> CheckSession:
    """Whether anything is new since the earlier visit."""
    if not isinstance(event, events.Answered):
        return unexpected(session, event, "yes or no")
    return _screened(replace(session, screening=session.screening.tell_new(event.yes)))


def screen(session: CheckSession, event: events.Event) -> CheckSession:
    """One group of the safety questions."""
    if not isinstance(event, events.Chose):
        return unexpected(session, event, "the answers that are yes, or none")
    return _screened(replace(session, screening=session.screening.choose(event.names)))


def screen_places(session: CheckSession, event: events.Event) -> CheckSession:
    """The places that an answer of yes is about."""
    if not isinstance(event, events.Chose):
        return unexpected(session, event, "the places")
    screening = session.screening
    question = screening.detail
    changed = screening.name_places(event.names)
    if not event.names and question is not None and question.asks_agreed:
        # Without a place it counts everywhere; the next question is whether somebody agreed.
        return replace(session, screening=changed).entered(StepKind.SCREEN_AGREED)
    return _screened(replace(session, screening=changed))


def screen_agreed(session: CheckSession, event: events.Event) -> CheckSession:
    """Whether a clinician agreed, where an answer of yes needs that."""
    if not isinstance(event, events.Answered):
        return unexpected(session, event, "yes or no")
    return _screened(replace(session, screening=session.screening.tell_agreed(event.yes)))


def notices(session: CheckSession, event: events.Event) -> CheckSession:
    """What the answers ask to mind, read before anything is filmed."""
    if not isinstance(event, events.Ready):
        return unexpected(session, event, "to go on")
    return _cleared(session)


def hurts(session: CheckSession, event: events.Event) -> CheckSession:
    """Where it hurts."""
    if not isinstance(event, events.Chose):
        return unexpected(session, event, "the places that hurt, or none")
    return _knowing_where(replace(session, hurts=places_named(list(event.names))))


def pain_now(session: CheckSession, event: events.Event) -> CheckSession:
    """The pain at rest, before the first clip."""
    if not isinstance(event, events.Rated):
        return unexpected(session, event, "a rating of your pain")
    stop = rated_stop(event.value, reference=None)
    session = replace(session, pain_now=event.value)
    return stopped(session, stop) if stop else enter_take(session)


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
        return stopped(session, Stop(SCREEN_STOP, "session", cleared.stopped))
    if cleared.notices:
        return session.entered(StepKind.NOTICES)
    return _cleared(session)


def _cleared(session: CheckSession) -> CheckSession:
    """Ask where it hurts, unless that was said before."""
    if session.plan.hurts is None:
        return session.entered(StepKind.HURTS)
    return _knowing_where(replace(session, hurts=session.plan.hurts))


def _knowing_where(session: CheckSession) -> CheckSession:
    session = queue_first(session)
    if not session.takes:
        return stopped(session, Stop(SCREEN_STOP, "session", session.not_filmed[0].reason))
    return session.entered(StepKind.PAIN_NOW)
