"""Corrections by hand in the records: noted, told anew, and readable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from editing_builders import correctable_session, overlooked
from record_builders import BEGIN

from rom.assess import Person
from rom.editing import CorrectedSet, changed_value, is_edited, open_set
from rom.keeping import keep_as_measured, keep_correction
from rom.landmarks import Side
from rom.records import entities
from rom.records.entities import ManualReading, SessionContent, new_id
from rom.records.store import Store, open_store
from rom.records.wording import edit_words
from rom.reports.kept import session_content

NAME, SIDE = "shoulder_abduction", Side.LEFT


@pytest.fixture
def records(data_dir: Path) -> Iterator[Store]:
    with open_store() as store:
        yield store


def opened(store: Store, set_id: str) -> CorrectedSet:
    kept = store.set(set_id)
    return open_set(kept.assessment, kept.landmarks, person=Person())


@pytest.fixture
def visit(records: Store) -> tuple[Store, entities.Person, SessionContent]:
    """A session with a set before, whose last repetition went astray, and one after."""
    person = records.add_person("Ana")
    content = correctable_session(person.id)
    records.save_session(content)
    return records, person, content


def test_a_correction_is_noted_and_the_session_told_anew(
    visit: tuple[Store, entities.Person, SessionContent],
) -> None:
    store, person, content = visit
    before, told = content.sets[0], content.results[0]
    start = opened(store, before.id)
    changed = start.take_out(2)
    keep_correction(store, before, person, start, changed, reason="she slipped")
    kept = store.set(before.id)
    assert is_edited(kept.assessment) and kept.edited
    assert kept.assessment.value_deg == changed.assessment.value_deg
    assert [(edit_words(each), each.reason) for each in kept.edits] == [
        ("repetition 3 taken out", "she slipped")
    ]
    (session,) = store.content(person.id).sessions
    (now,) = session.results
    assert now.id == told.id and now.set_ids == told.set_ids
    assert now.change_deg is not None and told.change_deg is not None
    assert now.change_deg > told.change_deg + 0.5
    shown = session_content(person, session)
    assert shown.comparison is not None and shown.comparison.change_deg == now.change_deg
    assert any("repetition 3 taken out: she slipped" in note for note in shown.sets[0].notes)
    assert store.set(content.sets[1].id).edits == ()


def test_readings_stay_with_their_repetition(
    visit: tuple[Store, entities.Person, SessionContent],
) -> None:
    store, person, content = visit
    before = overlooked(content.sets[0], 1)
    store.save_session(SessionContent(session=content.session, sets=(before,)))
    for repetition in (0, 1, None):
        store.add_reading(
            before.id,
            ManualReading(
                id=new_id(),
                value_deg=100.0,
                instrument="goniometer",
                read_at=BEGIN,
                repetition=repetition,
            ),
        )
    start = opened(store, before.id)
    added = start.add(content.sets[0].assessment.repetitions[1].peak_s)
    keep_correction(store, before, person, start, added)
    assert _readings(store, before.id) == {0, 2, None}
    keep_correction(store, before, person, added, added.take_out(0))
    keep_as_measured(store, before, person)
    assert _readings(store, before.id) == {0, 1, None}
    kept = store.set(before.id)
    assert not kept.edited and kept.assessment.repetitions == before.assessment.repetitions


def _readings(store: Store, set_id: str) -> set[int | None]:
    return {each.repetition for each in store.set(set_id).readings}


def test_each_correction_has_its_words(
    visit: tuple[Store, entities.Person, SessionContent],
) -> None:
    store, person, content = visit
    before = content.sets[0]
    states = [opened(store, before.id)]
    states.append(states[-1].move(1, "peak_s", states[-1].repetitions[1].peak_s + 0.2))
    states.append(states[-1].take_out(0))
    states.append(states[-1].put_back(0))
    for was, now in zip(states, states[1:], strict=False):
        keep_correction(store, before, person, was, now)
    moved_s = states[-1].repetitions[1].peak_s
    words = [edit_words(each) for each in store.set(before.id).edits]
    assert words[1:] == ["repetition 1 taken out", "repetition 1 put back"]
    assert words[0].startswith("peak of repetition 2 moved from ")
    assert words[0].endswith(f"to {moved_s:.2f} s")


def test_a_correction_that_is_taken_back_leaves_what_was_measured(
    visit: tuple[Store, entities.Person, SessionContent],
) -> None:
    store, person, content = visit
    before = content.sets[0]
    start = opened(store, before.id)
    keep_correction(store, before, person, start, start.take_out(0))
    keep_correction(store, before, person, start.take_out(0), start)
    kept = store.set(before.id)
    assert kept.edits == () and not kept.edited
    assert kept.assessment.value_deg == before.assessment.value_deg
    (session,) = store.content(person.id).sessions
    assert session.results[0].change_deg == content.results[0].change_deg


def test_two_corrections_at_once_are_not_one(
    visit: tuple[Store, entities.Person, SessionContent],
) -> None:
    start = opened(visit[0], visit[2].sets[0].id)
    with pytest.raises(ValueError, match="one correction"):
        changed_value(start, start.take_out(0).take_out(1))
    with pytest.raises(ValueError, match="one correction"):
        changed_value(start, start)
