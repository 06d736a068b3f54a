"""Pairs out of somebody's records: readings beside our values, and the two sets before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rom.clinical.agreement.pairs import BaselinePair, ReferencePair, conditions_of
from rom.clinical.comparability import find_differences
from rom.landmarks import Side
from rom.records.entities import ManualReading, PersonContent, Phase, SessionContent, SetRecord


def reference_pairs(content: PersonContent) -> Iterator[ReferencePair]:
    """Every reading of an instrument, beside the value or the repetition that it belongs to."""
    for kept in content.sets:
        for reading in kept.readings:
            value_deg = _value_deg(kept, reading)
            if value_deg is not None:
                yield ReferencePair(
                    person=content.person.pseudonym,
                    movement=kept.movement,
                    side=kept.side,
                    rom_deg=value_deg,
                    reference_deg=reading.value_deg,
                    instrument=reading.instrument,
                    day=kept.day,
                    conditions=conditions_of(kept.assessment),
                )


def baseline_pairs(content: PersonContent) -> Iterator[BaselinePair]:
    """The last first set before and the last second one, of each session, movement and side."""
    for session in content.sessions:
        for sets in _questions(session):
            pre1, pre2 = (_last_exact(sets, phase) for phase in (Phase.PRE1, Phase.PRE2))
            if pre1 is None or pre2 is None:
                continue
            one, other = pre1.assessment, pre2.assessment
            if any(each.refuses for each in find_differences(one, other)):
                continue
            assert one.value_deg is not None and other.value_deg is not None
            yield BaselinePair(
                person=content.person.pseudonym,
                movement=pre2.movement,
                side=pre2.side,
                pre1_deg=one.value_deg,
                pre2_deg=other.value_deg,
                day=pre2.day,
                conditions=conditions_of(other),
            )


def _value_deg(kept: SetRecord, reading: ManualReading) -> float | None:
    """What the reading belongs to; None without a value, for a bound or an unknown repetition."""
    assessment = kept.assessment
    if assessment.bound != "exact":
        return None
    if reading.repetition is None:
        return assessment.value_deg
    if not 0 <= reading.repetition < len(assessment.repetitions):
        return None
    return assessment.repetitions[reading.repetition].peak_deg


def _questions(session: SessionContent) -> Iterator[list[SetRecord]]:
    """The sets of a session by movement and side."""
    groups: dict[tuple[str, Side | None], list[SetRecord]] = {}
    for kept in session.sets:
        groups.setdefault((kept.movement, kept.side), []).append(kept)
    yield from groups.values()


def _last_exact(sets: Sequence[SetRecord], phase: Phase) -> SetRecord | None:
    found = [each for each in sets if each.phase is phase and each.assessment.bound == "exact"]
    return found[-1] if found else None
