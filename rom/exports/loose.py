"""Results that belong to nobody yet.

The names of what is made here follow from the content, so that the same results are known again.
"""

from __future__ import annotations

import json
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
    SetRecord,
)
from rom.records.given import derived_id

UNNAMED = "unnamed"
"""What somebody is called whose results came without a name."""


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
        id=derived_id("set", recording, content),
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
    person_id = derived_id("person", *(each.id for each in sets))
    person = Person(id=person_id, pseudonym=UNNAMED, sex=sex, created_at=started_at)
    session = Session(
        id=derived_id("session", person_id), person_id=person_id, started_at=started_at
    )
    own = tuple(replace(each, session_id=session.id) for each in sets)
    return PersonContent(person=person, sessions=(SessionContent(session=session, sets=own),))
