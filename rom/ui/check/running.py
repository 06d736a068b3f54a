"""One check of a person at a time: two would take each other's clips and file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rom.errors import UsageError

_lock = threading.Lock()
_people: set[str] = set()


def is_running(person_id: str) -> bool:
    """Whether a check of the person is under way, or its last clip still being measured."""
    with _lock:
        return person_id in _people


@contextmanager
def claimed(person_id: str) -> Iterator[None]:
    """Keep a person for the check that is begun within; let go again only where that fails.

    Raises
    ------
    UsageError
        Another check of the person is under way.
    """
    with _lock:
        if person_id in _people:
            raise UsageError(
                "Expected no other check of this person, but one is under way in another window;"
                " end it there, or try again in a minute"
            )
        _people.add(person_id)
    try:
        yield
    except BaseException:
        release(person_id)
        raise


def release(person_id: str) -> None:
    """The check is over, and nothing of it is measured any more."""
    with _lock:
        _people.discard(person_id)
