"""Pairs out of the records: what belongs together, and nothing that does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from clinical_builders import measured
from record_builders import BEGIN, ODD_NAMES, a_session, a_set, person

from rom.landmarks import Side
from rom.records.entities import (
    ManualReading,
    PersonContent,
    Phase,
    SessionContent,
    SetRecord,
    new_id,
)
from rom.records.pairs import baseline_pairs, reference_pairs
from rom.records.store import Store


def reading(value_deg: float, repetition: int | None = None) -> ManualReading:
    return ManualReading(
        id=new_id(),
        value_deg=value_deg,
        instrument="goniometer",
        read_at=BEGIN,
        repetition=repetition,
    )


def content(*sets: SetRecord, name: str = "Ana") -> PersonContent:
    somebody = person(pseudonym=name)
    session = a_session(somebody.id)
    own = tuple(replace(each, session_id=session.id) for each in sets)
    return PersonContent(person=somebody, sessions=(SessionContent(session=session, sets=own),))


def kept(value_deg: float = 140.0, phase: Phase = Phase.SINGLE, **changes: object) -> SetRecord:
    return a_set(a_session(new_id()), value_deg, phase=phase, landmarks=None, **changes)


def test_a_reading_stands_beside_its_value_or_its_repetition() -> None:
    one = kept(140.0, readings=(reading(141.0), reading(137.5, 0), reading(150.0, 7)))
    whole, first = reference_pairs(content(one))
    assert (whole.rom_deg, whole.reference_deg) == (140.0, 141.0)
    assert (first.rom_deg, first.reference_deg) == (138.0, 137.5)
    assert whole.side is Side.LEFT and whole.instrument == "goniometer"
    assert whole.conditions is not None and whole.conditions.yaw_deg == 4.0


def test_a_bound_is_no_value() -> None:
    bound = measured(58.0, movement="cervical_rotation", bound="at_least")
    assert not [*reference_pairs(content(kept(assessment=bound, readings=(reading(60.0),))))]


def test_the_two_sets_before_are_a_pair() -> None:
    sets = (kept(140.0, Phase.PRE1), kept(143.0, Phase.PRE2), kept(160.0, Phase.POST))
    (pair,) = baseline_pairs(content(*sets))
    assert (pair.pre1_deg, pair.pre2_deg) == (140.0, 143.0)
    right = tuple(
        replace(each, assessment=replace(each.assessment, side=Side.RIGHT)) for each in sets
    )
    assert len([*baseline_pairs(content(*sets, *right))]) == 2


def test_sets_filmed_otherwise_are_no_pair() -> None:
    first, second = kept(140.0, Phase.PRE1), kept(143.0, Phase.PRE2)
    assert second.assessment.view is not None
    turned = replace(second.assessment, view=replace(second.assessment.view, yaw_deg=30.0))
    assert not [*baseline_pairs(content(first, replace(second, assessment=turned)))]
    assert not [*baseline_pairs(content(first))]


@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES.keys())
def test_any_name_of_the_records_may_have_pairs(name: str) -> None:
    (pair,) = reference_pairs(content(kept(readings=(reading(141.0),)), name=name))
    assert pair.person == name


def test_sources_of_own_figures_are_kept_with_the_result(store: Store) -> None:
    one = kept()
    made = replace(one.assessment.provenance, accuracy_source="own error figures clinic: 12 pairs")
    saved = content(replace(one, assessment=replace(one.assessment, provenance=made)))
    store.import_content(saved)
    (found,) = store.sets(saved.person.id)
    assert found.assessment.provenance == made
