"""Results that belong to nobody yet, and results given to somebody.

The names of what is made here follow from the content, so that the same results are known again.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from rom.clinical.assessment import Assessment
from rom.clinical.norms import Sex
from rom.landmarks import LandmarkSeries
from rom.records.entities import (
    Person,
    PersonContent,
    Phase,
    Session,
    SessionContent,
    SessionResult,
    SetRecord,
)

UNNAMED = "unnamed"
"""What somebody is called whose results came without a name."""

_NAMESPACE = uuid.UUID("f6d3a5c2-0a55-5a55-8f0e-2b7c7d1f9e10")


def set_from_assessment(
    assessment: Assessment,
    *,
    recording: str,
    recorded_at: datetime,
    phase: Phase = Phase.SINGLE,
    landmarks: LandmarkSeries | None = None,
) -> SetRecord:
    """Return a result as a set of no session yet."""
    content = json.dumps(assessment.to_json(exact=True), sort_keys=True)
    return SetRecord(
        id=_derived("set", recording, content),
        session_id="",
        recorded_at=recorded_at,
        phase=phase,
        assessment=assessment,
        landmarks=landmarks,
        recording=recording,
    )


def unnamed_person(sets: Sequence[SetRecord], *, sex: Sex | None = None) -> PersonContent:
    """Return sets as one session of somebody without a name; the same set counts once."""
    sets = tuple({each.id: each for each in sets}.values())
    started_at = min(each.recorded_at for each in sets)
    person_id = _derived("person", *(each.id for each in sets))
    person = Person(id=person_id, pseudonym=UNNAMED, sex=sex, created_at=started_at)
    session = Session(id=_derived("session", person_id), person_id=person_id, started_at=started_at)
    own = tuple(replace(each, session_id=session.id) for each in sets)
    return PersonContent(person=person, sessions=(SessionContent(session=session, sets=own),))


def given_to(person: Person, content: PersonContent) -> PersonContent:
    """Return the sessions of a content as those of another person, under names of their own."""
    if content.person.id == person.id:
        return replace(content, person=person)
    sessions = tuple(_session_of(person.id, session) for session in content.sessions)
    return PersonContent(person=person, sessions=sessions)


def _session_of(owner: str, content: SessionContent) -> SessionContent:
    session_id = _derived(owner, content.session.id)
    sets = tuple(
        replace(
            each,
            id=_derived(owner, each.id),
            session_id=session_id,
            readings=tuple(
                replace(reading, id=_derived(owner, reading.id)) for reading in each.readings
            ),
        )
        for each in content.sets
    )
    return replace(
        content,
        session=replace(content.session, id=session_id, person_id=owner),
        sets=sets,
        results=tuple(_result_of(owner, session_id, result) for result in content.results),
    )


def _result_of(owner: str, session_id: str, result: SessionResult) -> SessionResult:
    return replace(
        result,
        id=_derived(owner, result.id),
        session_id=session_id,
        set_ids={role: _derived(owner, each) for role, each in result.set_ids.items()},
    )


def _derived(*parts: str) -> str:
    return uuid.uuid5(_NAMESPACE, "\n".join(parts)).hex
