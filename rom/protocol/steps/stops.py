"""Stops, which end a check early, and the end of a break."""

from __future__ import annotations

from dataclasses import replace

from rom.clinical.massage import session as massage
from rom.clinical.safety import Stop, check_rating, rating_stop
from rom.protocol.session import CheckSession, StepKind


def rated_stop(value: float | None, *, reference: float | None) -> Stop | None:
    """The stop that a rating of pain gives; None where it gives none or was not told.

    Raises
    ------
    UsageError
        A rating outside 0 to 10.
    """
    return None if value is None else rating_stop(check_rating(value), reference=reference)


def stopped(session: CheckSession, stop: Stop) -> CheckSession:
    """The check ended by a stop; a massage that goes on ends with it."""
    pressing = session.massage
    if session.kind is StepKind.MASSAGE and pressing is not None and not pressing.ended:
        pressing = massage.advance(pressing, massage.Ended(), at_s=session.massage_s)
    session = replace(session, massage=pressing, takes=(), stop=stop)
    return session.entered(StepKind.STOPPED)


def resumed(session: CheckSession) -> CheckSession:
    """The session after the break that lasts, if there is one."""
    if session.paused_since_s is None:
        return session
    length_s = session.last_s - session.paused_since_s
    return replace(session, paused_since_s=None, paused_s=session.paused_s + length_s)
