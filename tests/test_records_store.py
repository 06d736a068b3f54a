"""The store as its callers use it, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from clinical_builders import measured
from forbidden_words import forbidden_in
from record_builders import (
    BEGIN,
    ODD_NAMES,
    a_session,
    a_set,
    assert_same,
    compared_session,
    full_content,
    landmarks,
    massage,
    person,
    screen,
)
from sqlalchemy import select

from rom.errors import RomError, StoreError, UsageError
from rom.landmarks import Side
from rom.records import schema
from rom.records.deletion import delete_person, delete_session, delete_set
from rom.records.entities import (
    Edit,
    ManualReading,
    PersonContent,
    Phase,
    SessionContent,
    SetRecord,
    new_id,
)
from rom.records.history import history_of
from rom.records.store import Store, open_store
from rom.reports.kept import session_content
from rom.reports.person import session_for_person
from rom.reports.report_page import report_page
from rom.reports.therapist import session_for_therapist
from rom.ui.screens.progress.sessions import session_table


def assert_sentence(error: RomError, *words: str) -> None:
    text = str(error)
    assert text.startswith("Expected") and text.isprintable() and len(text) < 500
    for word in words:
        assert word in text
    assert not [*forbidden_in(text)]


def empty_tables(store: Store) -> bool:
    from rom.records.transfer import row_counts

    with store.database.reading() as connection:
        return not any(row_counts(connection).values())


# Round trips


def test_everything_comes_back_to_the_last_bit(store: Store) -> None:
    content = full_content()
    store.import_content(content)
    assert_same(store.content(content.person.id, landmarks=True), content)


def test_everything_comes_back_after_the_store_was_closed(store: Store) -> None:
    content = full_content()
    store.import_content(content)
    store.close()
    with open_store() as again:
        assert_same(again.content(content.person.id, landmarks=True), content)


def test_importing_twice_changes_nothing(store: Store) -> None:
    content = full_content()
    for _ in range(2):
        store.import_content(content)
    assert_same(store.content(content.person.id, landmarks=True), content)
    assert [(each.sessions, each.sets) for each in store.people()] == [(2, 5)]


def test_arrays_come_only_where_they_are_asked_for(store: Store) -> None:
    content = full_content()
    store.import_content(content)
    plain = store.content(content.person.id, series=False).sets[0]
    assert plain.landmarks is None and plain.assessment.series is None
    middle = store.content(content.person.id).sets[0]
    assert middle.landmarks is None and middle.assessment.series is not None
    assert_same(store.set(content.sets[0].id), content.sets[0])


def test_a_day_is_the_day_of_the_person_and_time_is_in_order(store: Store) -> None:
    owner = store.add_person("Ana")
    late = datetime(2026, 3, 2, 23, 30, tzinfo=timezone(timedelta(hours=-8)))
    early = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)  # before the other in time, on a later day
    for moment in (late, early):
        session = a_session(owner.id, started_at=moment)
        store.save_session(SessionContent(session=session, sets=(a_set(session),)))
    found = store.content(owner.id).sessions
    assert [each.session.started_at for each in found] == [early, late]
    assert [each.session.day.day for each in found] == [3, 2]
    assert found[1].session.started_at.utcoffset() == timedelta(hours=-8)


def test_sets_are_found_by_movement_and_side(store: Store) -> None:
    owner = store.add_person("Ana")
    session = a_session(owner.id)
    knee, left, right = (
        a_set(session, assessment=measured(100.0, movement=movement, side=side))
        for movement, side in (
            ("knee_flexion", Side.LEFT),
            ("shoulder_abduction", Side.LEFT),
            ("shoulder_abduction", Side.RIGHT),
        )
    )
    store.save_session(SessionContent(session=session, sets=(knee, left, right)))
    abduction = store.sets(owner.id, movement="shoulder_abduction")
    assert {each.id for each in abduction} == {left.id, right.id}
    assert [each.id for each in store.sets(owner.id, side=Side.RIGHT)] == [right.id]
    assert len(store.sets(owner.id)) == 3 and store.sets("nobody") == []


def kept_landmarks(store: Store) -> list[bytes]:
    arrays = schema.set_arrays
    with store.database.reading() as connection:
        query = select(arrays.c.landmarks).where(arrays.c.landmarks.is_not(None))
        return [*connection.execute(query).scalars()]


def three_of_one_recording(store: Store) -> list[SetRecord]:
    owner = store.add_person("Ana")
    session = a_session(owner.id)
    shared = landmarks(30)
    sets = [a_set(session, 90.0 + number, landmarks=shared) for number in range(3)]
    sets.sort(key=lambda each: each.id)
    alone = a_set(session, phase=Phase.POST)
    store.save_session(SessionContent(session=session, sets=(*sets, alone)))
    return [*sets, alone]


def test_landmarks_of_one_recording_are_kept_once(store: Store) -> None:
    sets = three_of_one_recording(store)
    assert len(kept_landmarks(store)) == 2
    (line,) = store.people()
    found = {each.id: each for each in store.sets(line.person.id, landmarks=True)}
    for each in sets:
        assert_same(found[each.id], each)
        assert_same(store.set(each.id), each)
    other = store.of("kim")
    whom = other.import_content(store.content(line.person.id, landmarks=True))
    again = other.sets(whom.id, landmarks=True)
    assert len(again) == 4 and len(kept_landmarks(store)) == 4


def test_landmarks_outlive_the_set_that_they_were_kept_with(store: Store) -> None:
    *shared, alone = three_of_one_recording(store)
    while shared:
        delete_set(store, shared.pop(0).id)
        for each in (*shared, alone):
            assert_same(store.set(each.id), each)
        assert len(kept_landmarks(store)) == (2 if shared else 1)


# Saving step by step


def test_a_session_grows_set_by_set(store: Store) -> None:
    owner = store.add_person("Ana")
    expected = compared_session(owner.id, 0, 120.0, 150.0)
    store.save_session(SessionContent(session=expected.session))
    for each in expected.sets:
        store.save_set(each)
    store.save_result(expected.results[0])
    store.save_screen(expected.session.id, screen())
    for spots, finished in ((0, False), (1, False), (2, True)):
        store.save_massage(expected.session.id, massage(spots, finished=finished))
    found = store.content(owner.id).sessions[0]
    assert_same(found.sets, expected.sets)
    assert_same(found.results, expected.results)
    assert found.session.screen == screen()
    assert found.massages == (massage(),)


def test_a_result_that_is_saved_again_replaces_the_first(store: Store) -> None:
    owner = store.add_person("Ana")
    content = compared_session(owner.id, 0, 120.0, 150.0)
    store.save_session(content)
    store.note_flare(content.results[0].id, True)
    assert store.content(owner.id).sessions[0].results[0].flare_over_24_h is True
    store.save_result(replace(content.results[0], pain_after=1.0))
    (found,) = store.content(owner.id).sessions[0].results
    assert found.pain_after == 1.0 and found.flare_over_24_h is None


def test_readings_and_edits_are_added_to_a_set(store: Store) -> None:
    content = full_content()
    store.import_content(content)
    kept = content.sets[0]
    reading = ManualReading(
        id=new_id(), value_deg=-3.5, instrument="inclinometer", read_at=BEGIN, rater="M"
    )
    store.add_reading(kept.id, reading)
    edit = Edit(field="value", before=1, after=2.5, edited_at=BEGIN)
    changed = replace(kept.assessment, value_deg=133.25)
    store.add_edit(kept.id, edit, changed)
    found = store.set(kept.id)
    assert found.readings == (*kept.readings, reading)
    assert found.edits == (edit,) and found.edited
    assert_same(found.assessment, changed)
    assert_same(found.landmarks, kept.landmarks)
    store.remove_reading(reading.id)
    assert store.set(kept.id).readings == kept.readings


def test_what_is_not_there_is_refused_and_leaves_nothing(store: Store) -> None:
    session = a_session(new_id())
    kept = a_set(session)
    reading = ManualReading(id=new_id(), value_deg=1.0, instrument="other", read_at=BEGIN)
    attempts = [
        lambda: store.save_session(SessionContent(session=session, sets=(kept,))),
        lambda: store.save_set(kept),
        lambda: store.save_result(compared_session("p", 0, 120.0, 150.0).results[0]),
        lambda: store.save_massage(session.id, massage()),
        lambda: store.save_screen(session.id, screen()),
        lambda: store.note_flare(new_id(), True),
        lambda: store.add_reading(kept.id, reading),
        lambda: store.add_edit(
            kept.id, Edit(field="a", before=1, after=2, edited_at=BEGIN), kept.assessment
        ),
        lambda: store.remove_reading(reading.id),
        lambda: store.content(new_id()),
        lambda: store.set(kept.id),
        lambda: store.change_person(person()),
        lambda: delete_person(store, new_id()),
        lambda: delete_session(store, session.id),
    ]
    for attempt in attempts:
        with pytest.raises(StoreError) as caught:
            attempt()
        assert_sentence(caught.value)
    assert empty_tables(store)


def test_a_set_is_saved_once(store: Store) -> None:
    owner = store.add_person("Ana")
    session = a_session(owner.id)
    store.save_session(SessionContent(session=session))
    kept = a_set(session)
    store.save_set(kept)
    with pytest.raises(StoreError, match="saved already"):
        store.save_set(a_set(session, 90.0, id=kept.id))
    assert_same(store.set(kept.id), kept)


def test_a_session_that_fails_half_way_is_not_there_at_all(store: Store) -> None:
    owner = store.add_person("Ana")
    session = a_session(owner.id)
    good, bad = a_set(session), a_set(session, phase=Phase.POST)
    object.__setattr__(bad, "recording", None)
    object.__setattr__(bad, "notes", None)  # what the table refuses, after the first row went in
    with pytest.raises(StoreError):
        store.save_session(SessionContent(session=session, sets=(good, bad)))
    assert store.content(owner.id).sessions == ()


# People


@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES.keys())
def test_people_of_any_name_are_kept_and_found(store: Store, name: str) -> None:
    added = store.add_person(name, notes=name * 50)
    assert store.person(name) == added == store.person(added.id)
    assert store.person(name.swapcase()) == added
    assert [each.person.pseudonym for each in store.people()] == [name]
    assert store.content(added.id).person.notes == name * 50


def test_long_notes_are_kept_and_long_names_refused(store: Store) -> None:
    added = store.add_person("Ana", notes="n" * 10_000)
    assert store.person("ana").notes == "n" * 10_000
    with pytest.raises(UsageError) as caught:
        store.add_person("x" * 10_000)
    assert_sentence(caught.value, "10000")
    assert [each.person for each in store.people()] == [added]


def test_nobody_has_the_name_of_somebody_else(store: Store) -> None:
    ana, bert = store.add_person("Ana"), store.add_person("Bert")
    for attempt in (
        lambda: store.add_person("  ANA "),
        lambda: store.change_person(replace(bert, pseudonym="ana")),
        lambda: store.import_content(full_content("aNa")),
    ):
        with pytest.raises(UsageError) as caught:
            attempt()
        assert_sentence(caught.value, "Ana", "choose another")
    assert [each.person for each in store.people()] == [ana, bert]


def test_people_can_be_renamed_and_told_more_of(store: Store) -> None:
    added = store.add_person("Ana")
    changed = replace(added, pseudonym="ANA", birth_year=1980, sex="F", notes="x")
    store.change_person(changed)
    assert store.person("ana") == changed


def test_unknown_people_are_told_with_who_comes_near(store: Store) -> None:
    with pytest.raises(UsageError) as caught:
        store.person("Ana")
    assert_sentence(caught.value, "nobody yet", "rom people add")
    store.add_person("Anne")
    store.add_person("Bert")
    with pytest.raises(UsageError) as caught:
        store.person("Anni")
    assert_sentence(caught.value, "'Anni'", "did you mean 'Anne'?")
    with pytest.raises(UsageError):
        store.person("%")


# Deletion


def test_deleting_somebody_leaves_the_others_whole(store: Store) -> None:
    ana, bert = full_content("Ana"), full_content("Bert")
    for content in (ana, bert):
        store.import_content(content)
    store.note_copy("export", Path("/nowhere/at/all"), ana.person.id)
    done = delete_person(store, ana.person.id)
    assert (done.sessions, done.sets, done.elsewhere, done.perhaps) == (2, 5, (), ())
    assert [each.person for each in store.people()] == [bert.person]
    assert_same(store.content(bert.person.id, landmarks=True), bert)
    delete_person(store, bert.person.id)
    assert empty_tables(store)


def test_deleting_a_session_leaves_the_others_whole(store: Store) -> None:
    content = full_content()
    store.import_content(content)
    delete_session(store, content.sessions[0].session.id)
    rest = PersonContent(person=content.person, sessions=content.sessions[1:])
    assert_same(store.content(content.person.id, landmarks=True), rest)


def test_exports_that_are_still_there_are_named(store: Store, tmp_path: Path) -> None:
    content = full_content()
    store.import_content(content)
    export, gone = tmp_path / "ana.json", tmp_path / "gone.json"
    export.write_text("{}")
    for path in (export, gone):
        store.note_copy("export", path, content.person.id)
    assert delete_person(store, content.person.id).elsewhere == (export,)


def test_what_was_done_otherwise_is_kept_with_its_session_and_told(store: Store) -> None:
    owner = store.add_person("Ana", birth_year=1976, sex="F")
    content = compared_session(owner.id, 0, 120.0, 150.0)
    store.save_session(content)
    said = ("You rested for 40 of 120 s before the second set.", "The massage was shorter.")
    store.save_remarks(content.session.id, said[:1])
    store.save_remarks(content.session.id, said)
    back = store.content(owner.id)
    assert back.sessions[0].session.remarks == said
    shown = session_content(owner, back.sessions[0])
    for made in (session_for_person(shown), session_for_therapist(shown)):
        page = report_page(made)
        assert all(each in page for each in said)
    (course,) = history_of(back, today=BEGIN.date()).courses
    assert any(" ".join(said) in note for note in session_table(course).notes)
    with pytest.raises(StoreError):
        store.of("kim").save_remarks(content.session.id, said)
    with pytest.raises(StoreError):
        store.save_remarks(new_id(), said)
