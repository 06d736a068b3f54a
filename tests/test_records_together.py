"""Several processes of the app on one store: each with connections of its own, all at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from record_builders import (
    BEGIN,
    a_session,
    a_set,
    assert_same,
    compared_session,
    full_content,
    massage,
)

from rom.errors import RomError, StoreError, UsageError
from rom.records.entities import Edit, ManualReading, SessionContent, new_id
from rom.records.store import Store, open_store

PROCESSES = 6


def together(action: Callable[[Store, int], object]) -> list[RomError]:
    """Let every process do something at the same moment; return what some were told."""
    ready = Barrier(PROCESSES)

    def act(number: int) -> RomError | None:
        with open_store() as store:
            ready.wait(30)
            try:
                action(store, number)
            except RomError as error:
                return error
        return None

    with ThreadPoolExecutor(PROCESSES) as pool:
        return [each for each in pool.map(act, range(PROCESSES)) if each is not None]


def test_readings_and_edits_of_one_set_are_all_kept(store: Store) -> None:
    content = full_content()
    store.import_content(content)
    kept = content.sets[0]
    assert kept.original is None

    def work(own: Store, number: int) -> None:
        for value in range(3):
            own.add_reading(
                kept.id,
                ManualReading(
                    id=new_id(),
                    value_deg=10.0 * number + value,
                    instrument="goniometer",
                    read_at=BEGIN,
                ),
            )
            edit = Edit(field=f"{number}", before=value, after=value, edited_at=BEGIN)
            own.add_edit(kept.id, edit, replace(kept.assessment, value_deg=100.0 + number))

    assert together(work) == []
    found = store.set(kept.id)
    new = [each.value_deg for each in found.readings[len(kept.readings) :]]
    assert sorted(new) == [10.0 * number + value for number in range(6) for value in range(3)]
    assert len(found.edits) == 3 * PROCESSES
    for number in range(PROCESSES):
        assert [each.before for each in found.edits if each.field == f"{number}"] == [0, 1, 2]
    assert_same(found.original, kept.assessment)


def test_sets_results_and_massages_of_one_session_are_all_kept(store: Store) -> None:
    owner = store.add_person("Ana")
    content = compared_session(owner.id, 0, 120.0, 150.0)
    store.save_session(content)
    session = content.session

    def work(own: Store, number: int) -> None:
        own.save_set(a_set(session, 90.0 + number))
        own.save_result(replace(content.results[0], id=new_id()))
        for spots in range(3):
            own.save_massage(session.id, massage(spots, finished=False))

    assert together(work) == []
    (found,) = store.content(owner.id).sessions
    assert len(found.sets) == 2 + PROCESSES and len(found.results) == 1 + PROCESSES
    assert found.results[0] == content.results[0]
    assert len(found.massages) == 1


def test_a_name_is_given_once(store: Store) -> None:
    told = together(lambda own, _: own.add_person("Ana"))
    assert len(told) == PROCESSES - 1 and len(store.people()) == 1
    assert all(isinstance(each, UsageError) for each in told)


def test_a_choice_that_many_make_at_once_is_one_of_theirs(store: Store) -> None:
    assert together(lambda own, number: own.save_setting("x", {"n": number})) == []
    found = store.setting("x")
    assert found is not None and found.value in [{"n": number} for number in range(PROCESSES)]


def test_what_many_import_at_once_is_there_once_and_whole(store: Store) -> None:
    content = full_content()
    told = together(lambda own, _: own.import_content(content))
    assert all(isinstance(each, (StoreError, UsageError)) for each in told)
    assert len(told) < PROCESSES
    assert_same(store.content(content.person.id, landmarks=True), content)


def test_owners_do_not_wait_for_nor_see_each_other(store: Store) -> None:
    def work(own: Store, number: int) -> None:
        mine = own.of(f"user {number}")
        person = mine.add_person("Ana")
        session = a_session(person.id)
        mine.save_session(SessionContent(session=session, sets=(a_set(session, 90.0 + number),)))

    assert together(work) == []
    for number in range(PROCESSES):
        (line,) = store.of(f"user {number}").people()
        (kept,) = store.of(f"user {number}").sets(line.person.id)
        assert kept.assessment.value_deg == 90.0 + number
    assert store.people() == []
