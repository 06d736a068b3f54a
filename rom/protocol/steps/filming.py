"""Filming a clip and what follows it: warm-up, recording, pain, and the result of measuring it."""

from __future__ import annotations

from dataclasses import replace

from rom.clinical.decisions import PAIN_RISE_CONFIRMED_POINTS
from rom.errors import UsageError
from rom.protocol import events
from rom.protocol.session import CheckSession, FilmedTake, NotFilmed, StepKind, TakeResult
from rom.protocol.steps.phases import proceed
from rom.protocol.steps.stops import rated_stop, stopped
from rom.protocol.steps.take_queue import film_again
from rom.protocol.steps.unexpected import unexpected
from rom.records.entities import Phase


def warm_up(session: CheckSession, event: events.Event) -> CheckSession:
    """Repetitions that are not recorded."""
    if isinstance(event, events.WarmedUp):
        return replace(session, warmed_up=True).entered(StepKind.PAIN_WARM_UP)
    if isinstance(event, events.Skipped):
        return session.entered(StepKind.TAKE)
    return unexpected(session, event, "the repetitions of the warm-up")


def pain_warm_up(session: CheckSession, event: events.Event) -> CheckSession:
    """The pain of the warm-up, which a rise is counted from."""
    if not isinstance(event, events.Rated):
        return unexpected(session, event, "a rating of your pain")
    stop = rated_stop(event.value, reference=None)
    session = replace(session, pain_warm_up=event.value)
    return stopped(session, stop) if stop else session.entered(StepKind.TAKE)


def take(session: CheckSession, event: events.Event) -> CheckSession:
    """The recorded repetitions."""
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
        return proceed(replace(session, takes=session.takes[1:]))
    return unexpected(session, event, "the repetitions")


def pain_take(session: CheckSession, event: events.Event) -> CheckSession:
    """The pain of the recorded repetitions."""
    if isinstance(event, events.Repeated) and session.stop is None:
        return film_again(session, session.filmed[-1].request)
    if not isinstance(event, events.Rated):
        return unexpected(session, event, "a rating of your pain")
    taken = session.filmed[-1]
    stop = rated_stop(event.value, reference=_reference(session, taken))
    taken = replace(taken, pain=event.value, rated=True)
    session = replace(session, filmed=(*session.filmed[:-1], taken))
    if session.phase is Phase.POST:
        return _after_post(session, event.value)
    return stopped(session, stop) if stop else proceed(session)


def worse(session: CheckSession, event: events.Event) -> CheckSession:
    """Whether it feels worse, asked where the pain rose from before to after the massage."""
    if not isinstance(event, events.Answered):
        return unexpected(session, event, "yes or no")
    return proceed(replace(session, worse=event.yes))


def measured(session: CheckSession, event: events.Measured) -> CheckSession:
    """Take the result of a clip, whenever it comes."""
    if event.take not in {each.request.id for each in session.pending}:
        raise UsageError(f"Expected the result of a clip that waits, got {event.take!r}; leave it")
    result = TakeResult(take=event.take, sets=event.sets, reason=event.reason)
    session = replace(session, results=(*session.results, result))
    waits = session.kind is StepKind.MEASURING
    return proceed(session) if waits else session


def measuring(session: CheckSession, event: events.Event) -> CheckSession:
    """All clips of the phase are filmed and their results are waited for."""
    return unexpected(session, event, "the measurement")


def not_measured(session: CheckSession, event: events.Event) -> CheckSession:
    """A clip could not be measured: once more, or on without it."""
    if isinstance(event, events.Repeated):
        first = session.failures[0].take
        taken = next(each for each in session.filmed if each.request.id == first)
        return film_again(session, taken.request)
    if isinstance(event, (events.Ready, events.Skipped)):
        left = tuple(each.take for each in session.failures)
        return proceed(replace(session, accepted=(*session.accepted, *left)))
    return unexpected(session, event, "to film it again, or to go on")


def _after_post(session: CheckSession, pain: float | None) -> CheckSession:
    """All is filmed, so a high rating stops nothing more; it is told with the result."""
    before = _pain_before(session)
    high = rated_stop(pain, reference=None)
    session = replace(session, stop=high) if high else session
    if pain is not None and before is not None and pain - before >= PAIN_RISE_CONFIRMED_POINTS:
        return session.entered(StepKind.WORSE)
    return proceed(session)


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
