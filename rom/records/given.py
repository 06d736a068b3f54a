"""Results given to somebody else, under names of their own.

The new names follow from the old ones, so that the same results are known again.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from rom.records.entities import Person, PersonContent, SessionContent, SessionResult

_NAMESPACE = uuid.UUID("f6d3a5c2-0a55-5a55-8f0e-2b7c7d1f9e10")


def given_to(person: Person, content: PersonContent) -> PersonContent:
    """Return the sessions of a content as those of another person, under names of their own."""
    if content.person.id == person.id:
        return replace(content, person=person)
    sessions = tuple(_session_of(person.id, session) for session in content.sessions)
    return PersonContent(person=person, sessions=sessions)


def derived_id(*parts: str) -> str:
    """An id that follows from others."""
    return uuid.uuid5(_NAMESPACE, "\n".join(parts)).hex


def _session_of(person_id: str, content: SessionContent) -> SessionContent:
    session_id = derived_id(person_id, content.session.id)
    sets = tuple(
        replace(
            each,
            id=derived_id(person_id, each.id),
            session_id=session_id,
            readings=tuple(
                replace(reading, id=derived_id(person_id, reading.id)) for reading in each.readings
            ),
        )
        for each in content.sets
    )
    return replace(
        content,
        session=replace(content.session, id=session_id, person_id=person_id),
        sets=sets,
        results=tuple(_result_of(person_id, session_id, result) for result in content.results),
    )


def _result_of(person_id: str, session_id: str, result: SessionResult) -> SessionResult:
    return replace(
        result,
        id=derived_id(person_id, result.id),
        session_id=session_id,
        set_ids={role: derived_id(person_id, each) for role, each in result.set_ids.items()},
    )
