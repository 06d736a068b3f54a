"""Sets with landmarks of a stick figure, whose repetitions can be corrected."""

from __future__ import annotations

from dataclasses import replace

from record_builders import BEGIN, a_session

from rom.assess import Person, assess_movement, assess_trace
from rom.clinical.comparison import compare
from rom.clinical.signs.finding import find_signs
from rom.editing import open_set
from rom.landmarks import Side
from rom.movements import movement_named
from rom.records.entities import Phase, SessionContent, SetRecord, new_id
from rom.records.sessions import result_of_comparison
from tests.performances import PROVENANCE, filmed

NAME, SIDE = "shoulder_abduction", Side.LEFT


def kept_set(session_id: str, peaks_deg: list[float], phase: Phase) -> SetRecord:
    series = filmed(NAME, SIDE, peaks_deg=peaks_deg, seed=3)
    result, trace = assess_movement(
        series, movement_named(NAME), SIDE, person=Person(), provenance=PROVENANCE
    )
    return SetRecord(
        id=new_id(),
        session_id=session_id,
        recorded_at=BEGIN,
        phase=phase,
        assessment=replace(result, signs=find_signs(trace)),
        landmarks=series,
    )


def overlooked(kept: SetRecord, number: int) -> SetRecord:
    """The same set as if one of its repetitions had not been found."""
    start = open_set(kept.assessment, kept.landmarks, person=Person())
    found = start.found.repetitions
    without = replace(start.found, repetitions=(*found[:number], *found[number + 1 :]))
    result = assess_trace(without, start.series, person=Person(), provenance=PROVENANCE)
    return replace(kept, id=new_id(), assessment=result)


def correctable_session(person_id: str) -> SessionContent:
    """A session with a set before, whose last repetition went astray, and one after."""
    session = a_session(person_id)
    before = kept_set(session.id, [110.0, 112.0, 160.0], Phase.PRE1)
    after = kept_set(session.id, [140.0, 142.0, 141.0], Phase.POST)
    told = compare(before.assessment, after.assessment)
    result = result_of_comparison(told, session.id, {"pre1": before.id, "post": after.id})
    return SessionContent(session=session, sets=(before, after), results=(result,))
