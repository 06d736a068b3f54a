"""Whose records they are: nothing of another owner's is found or changed, by name or by id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from clinical_builders import measured
from record_builders import (
    BEGIN,
    ODD_NAMES,
    a_session,
    a_set,
    assert_same,
    compared_session,
    full_content,
    massage,
    screen,
)
from test_records_store import assert_sentence, empty_tables

from rom.errors import StoreError, UsageError
from rom.records.deletion import delete_everything, delete_person, delete_session, delete_set
from rom.records.entities import (
    Edit,
    ManualReading,
    PersonContent,
    SessionContent,
    new_id,
)
from rom.records.owning import owned
from rom.records.schema import metadata, people
from rom.records.store import Store, open_store

EDIT = Edit(field="value_deg", before=1.0, after=2.0, edited_at=BEGIN)


def reading(**changes: object) -> ManualReading:
    content = {"id": new_id(), "value_deg": 1.0, "instrument": "other", "read_at": BEGIN}
    return ManualReading(**(content | changes))  # type: ignore[arg-type]


def attempts(
    store: Store, other: PersonContent, own: SessionContent
) -> dict[str, Callable[[], object]]:
    """Every way to name a row of `other`, who is somebody else's, to the store."""
    session, kept = other.sessions[1], other.sessions[0].sets[0]
    whole = other.sessions[0]
    mine = a_set(own.session)
    result = session.results[0]
    return {
        "person": lambda: store.person(other.person.id),
        "change_person": lambda: store.change_person(other.person),
        "content": lambda: store.content(other.person.id),
        "save_session, new": lambda: store.save_session(
            SessionContent(session=a_session(other.person.id))
        ),
        "save_session, there": lambda: store.save_session(session),
        "save_session, taken over": lambda: store.save_session(
            SessionContent(session=replace(session.session, person_id=own.session.person_id))
        ),
        "save_session, set taken over": lambda: store.save_session(
            replace(own, sets=(replace(kept, session_id=own.session.id),))
        ),
        "save_session, result taken over": lambda: store.save_session(
            replace(own, results=(replace(result, session_id=own.session.id),))
        ),
        "save_session, reading taken over": lambda: store.save_session(
            replace(own, sets=(replace(mine, readings=kept.readings),))
        ),
        "save_set": lambda: store.save_set(a_set(session.session)),
        "save_set, taken over": lambda: store.save_set(replace(kept, session_id=own.session.id)),
        "save_result": lambda: store.save_result(result),
        "save_result, taken over": lambda: store.save_result(
            replace(result, session_id=own.session.id)
        ),
        "save_massage": lambda: store.save_massage(whole.session.id, massage(1)),
        "save_screen": lambda: store.save_screen(session.session.id, screen()),
        "save_remarks": lambda: store.save_remarks(session.session.id, ["A short rest."]),
        "note_flare": lambda: store.note_flare(result.id, True),
        "set": lambda: store.set(kept.id),
        "add_reading": lambda: store.add_reading(kept.id, reading()),
        "add_reading, taken over": lambda: store.add_reading(
            own.sets[0].id, reading(id=kept.readings[0].id)
        ),
        "remove_reading": lambda: store.remove_reading(kept.readings[0].id),
        "add_edit": lambda: store.add_edit(kept.id, EDIT, measured(1.0)),
        "undo_edits": lambda: store.undo_edits(whole.sets[1].id),
        "note_copy": lambda: store.note_copy("export", Path("x.json"), other.person.id),
        "delete_person": lambda: delete_person(store, other.person.id),
        "delete_session": lambda: delete_session(store, session.session.id),
        "delete_set": lambda: delete_set(store, kept.id),
    }


@pytest.fixture
def two(store: Store) -> tuple[Store, PersonContent, Store, PersonContent]:
    """Two owners in one database, each with somebody called alike, with everything."""
    kim, lee = store.of("kim"), store.of("lee")
    contents = full_content(), full_content()
    for each, content in zip((kim, lee), contents, strict=True):
        each.import_content(content)
        each.save_setting("units", each.owner)
    return kim, contents[0], lee, contents[1]


def test_no_id_reaches_what_is_somebody_elses(
    two: tuple[Store, PersonContent, Store, PersonContent],
) -> None:
    kim, of_kim, lee, of_lee = two
    for name, attempt in attempts(kim, of_lee, of_kim.sessions[1]).items():
        with pytest.raises((StoreError, UsageError)) as caught:
            attempt()
            pytest.fail(name)
        assert_sentence(caught.value)
        assert of_lee.person.pseudonym not in str(caught.value), name
        assert_same(lee.content(of_lee.person.id, landmarks=True), of_lee, name)
        assert_same(kim.content(of_kim.person.id, landmarks=True), of_kim, name)
    assert kim.sets(of_lee.person.id) == []


def test_every_method_that_takes_an_id_is_attempted(
    two: tuple[Store, PersonContent, Store, PersonContent],
) -> None:
    kim, of_kim, _, of_lee = two
    tried = {name.split(",")[0] for name in attempts(kim, of_lee, of_kim.sessions[1])}
    public = {name for name in vars(Store) if not name.startswith("_")}
    without_id = {"add_person", "close", "of", "people", "people_page"}
    choices = {"setting", "settings", "save_setting", "remove_setting"}
    held_otherwise = {"sets", "import_content"}  # nothing, and under another id
    assert public - without_id - choices - held_otherwise <= tried
    assert {table.name for table in metadata.sorted_tables if "owner" in table.c} == {
        "people",
        "settings",
    }
    for table in set(metadata.sorted_tables) - {people}:
        assert str(owned(table, "kim"))  # every other table leads to an owner


def test_people_and_choices_are_listed_for_their_owner_only(
    two: tuple[Store, PersonContent, Store, PersonContent], store: Store
) -> None:
    kim, of_kim, lee, of_lee = two
    for each, content in ((kim, of_kim), (lee, of_lee)):
        assert [line.person for line in each.people()] == [content.person]
        assert each.people_page().total == 1
        assert each.person("ana") == content.person
        assert {key: found.value for key, found in each.settings().items()} == {"units": each.owner}
    assert store.people() == [] and store.settings() == {}
    with pytest.raises(UsageError, match="nobody yet"):
        store.person("Ana")


def test_a_name_is_taken_for_its_owner_only(store: Store) -> None:
    kim, lee = store.of("kim"), store.of("lee")
    for each in (store, kim, lee):
        each.add_person("Ana")
        with pytest.raises(UsageError, match="taken"):
            each.add_person("ANA")


def test_the_same_export_can_be_imported_by_several_owners(store: Store) -> None:
    content = full_content()
    owners = [store, store.of("kim"), store.of("lee")]
    for _ in range(2):
        for each in owners:
            whom = each.import_content(content)
            found = each.content(whom.id, landmarks=True)
            assert [(line.sessions, line.sets) for line in each.people()] == [(2, 5)]
            assert_same(
                [kept.assessment for kept in found.sets],
                [kept.assessment for kept in content.sets],
            )
            result = found.sessions[1].results[0]
            assert set(result.set_ids.values()) == {kept.id for kept in found.sessions[1].sets}
    delete_everything(owners[0])
    delete_everything(owners[1])
    assert_same(
        [kept.landmarks for kept in owners[2].content(whom.id, landmarks=True).sets],
        [kept.landmarks for kept in content.sets],
    )


def test_everything_of_an_owner_is_deleted_and_nothing_else(
    two: tuple[Store, PersonContent, Store, PersonContent], store: Store
) -> None:
    kim, of_kim, lee, of_lee = two
    done = delete_everything(kim)
    assert (done.sessions, done.sets) == (2, 5)
    assert kim.people() == [] and kim.settings() == {}
    assert_same(lee.content(of_lee.person.id, landmarks=True), of_lee)
    assert list(lee.settings()) == ["units"]
    delete_everything(lee)
    assert empty_tables(store)


@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES.keys())
def test_owners_of_any_name_are_kept_apart(store: Store, name: str) -> None:
    odd, other = store.of(name), store.of(name + "x")
    added = odd.add_person("Ana")
    assert odd.person("Ana") == added and other.people() == []


@pytest.mark.parametrize("owner", ["x" * 256, "a\0b", "a\nb", "\ud800"])
def test_an_owner_that_cannot_be_shown_is_refused(data_dir: object, owner: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_store(owner=owner)
    assert_sentence(caught.value)


def test_an_owner_is_named_when_the_store_is_opened(store: Store) -> None:
    store.of("kim").add_person("Ana")
    with open_store(owner="kim") as again:
        assert [each.person.pseudonym for each in again.people()] == ["Ana"]


# Pages of people


def test_pages_of_people_are_searched_by_any_part_of_the_name(store: Store) -> None:
    names = ["Ana", "Anna B.", "Bert 100%", "bänd_1", "ΣΟΦΟΣ", *ODD_NAMES.values()]
    for name in names:
        store.add_person(name)
    store.of("kim").add_person("Ana")
    everybody = [each.person.pseudonym for each in store.people()]

    def found(search: str) -> list[str]:
        page = store.people_page(search)
        assert page.total == len(page.people)
        return [each.person.pseudonym for each in page.people]

    assert found("") == everybody and set(everybody) == set(names)
    assert set(found("AN")) == {"Ana", "Anna B."}
    assert found("%") == [name for name in everybody if "%" in name]
    assert found("_") == ["bänd_1"]
    assert found("\\") == [] and found("σοφος") == ["ΣΟΦΟΣ"]
    assert found("  anna   b") == ["Anna B."]
    for name in names:
        assert name in found(name) and name in found(name[1:-1])


def test_pages_follow_each_other_without_gaps(store: Store) -> None:
    for number in range(7):
        store.add_person(f"person {number}")
    content = full_content()
    store.import_content(content)
    pages = [store.people_page("PERSON", limit=3, offset=first) for first in (0, 3, 6, 9)]
    assert [page.total for page in pages] == [7] * 4
    assert [len(page.people) for page in pages] == [3, 3, 1, 0]
    together = [each for page in pages for each in page.people]
    assert together == [each for each in store.people() if each.person.id != content.person.id]
    (line,) = store.people_page("ana").people
    assert (line.sessions, line.sets, line.last_day) == (2, 5, content.sessions[1].session.day)


# Choices


def test_choices_last_until_they_are_changed_or_taken_back(store: Store) -> None:
    value = {"a": [1, 2.5, None, "ä 😀"], "b": {"c": False}}
    assert store.setting("x") is None
    store.save_setting("x", value)
    first = store.setting("x")
    assert first is not None and first.value == value
    assert first.changed_at.utcoffset() is not None
    store.save_setting("x", None)
    store.save_setting("y", [])
    store.close()
    with open_store() as again:
        found = again.settings()
        assert {key: each.value for key, each in found.items()} == {"x": None, "y": []}
        assert found["x"].changed_at >= first.changed_at
        again.remove_setting("x")
        again.remove_setting("x")
        assert list(again.settings()) == ["y"]


@pytest.mark.parametrize("key", ["", "k" * 61])
def test_a_key_of_no_sensible_length_is_refused(store: Store, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        store.save_setting(key, 1)
    assert_sentence(caught.value)


# Sets changed by hand, and sets deleted


def test_what_was_measured_is_kept_through_several_edits(store: Store) -> None:
    content = full_content()
    store.import_content(content)
    kept = content.sets[0]
    changed = replace(kept.assessment, value_deg=133.25)
    again = replace(changed, value_deg=131.0, series=None)
    store.add_edit(kept.id, EDIT, changed)
    store.add_edit(kept.id, replace(EDIT, reason="again"), again)
    found = store.set(kept.id)
    assert_same(found.original, kept.assessment)
    assert found.assessment.value_deg == 131.0
    assert_same(found.assessment.series, kept.assessment.series)  # none came with the last edit
    assert [each.reason for each in found.edits] == ["", "again"]
    store.undo_edits(kept.id)
    assert_same(store.set(kept.id), kept)
    store.undo_edits(kept.id)
    assert_same(store.content(content.person.id, landmarks=True), content)


def test_a_set_without_arrays_can_be_edited_and_brought_back(store: Store) -> None:
    owner = store.add_person("Ana")
    session = a_session(owner.id)
    with_series = a_set(session)
    kept = replace(
        with_series, assessment=replace(with_series.assessment, series=None), landmarks=None
    )
    store.save_session(SessionContent(session=session, sets=(kept,)))
    store.add_edit(kept.id, EDIT, with_series.assessment)
    assert_same(store.set(kept.id).assessment, with_series.assessment)
    store.undo_edits(kept.id)
    assert_same(store.set(kept.id), kept)


def test_deleting_a_set_takes_what_it_said_with_others_along(store: Store) -> None:
    content = full_content()
    store.import_content(content)
    session = content.sessions[1]
    done = delete_set(store, session.sets[0].id)
    assert (done.sessions, done.sets) == (0, 1)
    rest = replace(session, sets=session.sets[1:], results=())
    expected = PersonContent(person=content.person, sessions=(content.sessions[0], rest))
    assert_same(store.content(content.person.id, landmarks=True), expected)


def test_deleting_a_set_leaves_results_of_others(store: Store) -> None:
    owner = store.add_person("Ana")
    session = compared_session(owner.id, 0, 120.0, 150.0)
    more = a_set(session.session)
    store.save_session(replace(session, sets=(*session.sets, more)))
    delete_set(store, more.id)
    (found,) = store.content(owner.id).sessions
    assert_same(found.results, session.results)
    assert {each.id for each in found.sets} == {each.id for each in session.sets}


def test_deleting_a_session_tells_what_went_and_where_more_is(store: Store) -> None:
    content = full_content()
    store.import_content(content)
    done = delete_session(store, content.sessions[0].session.id)
    assert (done.sessions, done.sets, done.elsewhere, done.perhaps) == (1, 3, (), ())
