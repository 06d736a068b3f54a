"""An event that a step does not take."""

from __future__ import annotations

from rom.errors import UsageError
from rom.protocol import events
from rom.protocol.session import CheckSession


def unexpected(session: CheckSession, event: events.Event, wanted: str) -> CheckSession:
    """Let time pass; refuse every other event, saying what is wanted.

    Raises
    ------
    UsageError
        Any event but `Ticked`.
    """
    if isinstance(event, events.Ticked):
        return session
    raise UsageError(f"Expected {wanted} at this step, got something else; answer that first")
