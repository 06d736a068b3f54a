"""Backups, restoring, deletion and encryption, looked at in the raw files."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres_server import Server
from record_builders import a_session, assert_same, full_content
from test_records_store import assert_sentence

from rom.errors import OutputError, PassphraseError, RomError, StoreError
from rom.records.backups import back_up, backups, check_whole
from rom.records.deletion import delete_person
from rom.records.engine import PLAIN_HEADER, open_database
from rom.records.entities import SessionContent
from rom.records.location import database_url, default_store
from rom.records.restoring import Restored, restore
from rom.records.store import Store, open_store


def bring_back(backup: Path, store: Store, *, ask: str | None = None) -> Restored:
    """Restore into the store's own place."""
    path = store.database.path
    store.close()
    server = open_database(database_url()) if path is None else None
    try:
        return restore(backup, path, server, ask=lambda: ask)
    finally:
        if server is not None:
            server.close()


# Backups


def test_a_backup_holds_everything_and_restoring_brings_it_back(store: Store) -> None:
    content = full_content()
    store.import_content(content)
    backup = back_up(store.database)
    assert backup.read_bytes()[:16] == PLAIN_HEADER and backups() == [backup]
    delete_person(store, content.person.id)
    later = store.add_person("Bert")
    done = bring_back(backup, store)
    assert (done.people, done.sets) == (1, 5)
    with open_store() as again:
        assert_same(again.content(content.person.id, landmarks=True), content)
        assert [each.person for each in again.people()] == [content.person]
        kept = bring_back(done.kept, again)
    assert kept.people == 1
    with open_store() as again:  # what was there before the first restoring is back
        assert [each.person for each in again.people()] == [later]


def test_what_left_the_records_is_still_known_after_restoring(store: Store, tmp_path: Path) -> None:
    content = full_content()
    store.import_content(content)
    earlier, later, of_bert = (tmp_path / name for name in ("a.json", "b.json", "c.json"))
    for path in (earlier, later, of_bert):
        path.write_text("{}")
    store.note_copy("export", earlier, content.person.id)
    backup = back_up(store.database, tmp_path / "elsewhere" / "mine.sqlite3")
    store.note_copy("export", later, content.person.id)
    store.note_copy("export", of_bert, store.add_person("Bert").id)
    done = bring_back(backup, store)
    assert done.kept is not None
    with open_store() as again:
        found = delete_person(again, content.person.id)
        assert {*found.elsewhere} == {earlier, later, backup, done.kept}


def test_a_backup_of_a_server_opens_without_it(
    postgres: Server, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = full_content()
    with open_store(postgres.new_database()) as store:
        store.import_content(content)
        backup = back_up(store.database)
    done = restore(backup, default_store(), None)
    assert done.kept is None
    with open_store() as store:
        assert_same(store.content(content.person.id, landmarks=True), content)


def test_a_backup_is_made_while_others_write(data_dir: Path) -> None:
    with open_store() as store, open_store() as other:
        content = full_content()
        store.import_content(content)
        with other.database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM people")
            backup = back_up(store.database)
            connection.rollback()
    check_whole(backup)
    restore(backup, default_store(), None)
    with open_store() as store:
        assert_same(store.content(content.person.id, landmarks=True), content)


def test_a_backup_never_replaces_a_file(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "mine.sqlite3"
    target.write_text("mine")
    with pytest.raises(OutputError) as caught:
        back_up(store.database, target)
    assert_sentence(caught.value, str(target))
    assert target.read_text() == "mine" and [*tmp_path.glob(".rom-*")] == []
    first, second = back_up(store.database), back_up(store.database)
    assert first != second and len(backups()) == 2


@pytest.mark.parametrize("kind", ["missing", "text", "cut", "empty", "other"])
def test_what_is_no_backup_is_refused_and_nothing_changes(
    store: Store, tmp_path: Path, kind: str
) -> None:
    content = full_content()
    store.import_content(content)
    source = tmp_path / "backup.sqlite3"
    if kind == "text":
        source.write_text("not a backup at all, but long enough to look at")
    elif kind == "cut":
        back_up(store.database, source)
        source.write_bytes(source.read_bytes()[:20_000])
    elif kind == "empty":
        source.write_bytes(b"")
    elif kind == "other":
        raw = sqlite3.connect(source)
        raw.execute("CREATE TABLE notes (words)")
        raw.close()
    with pytest.raises(RomError) as caught:
        bring_back(source, store)
    assert_sentence(caught.value)
    with open_store() as again:
        assert_same(again.content(content.person.id, landmarks=True), content)


def test_restoring_waits_for_nobody_who_still_writes(data_dir: Path) -> None:
    with open_store() as store:
        content = full_content()
        store.import_content(content)
        backup = back_up(store.database)
        with pytest.raises(StoreError) as caught:
            restore(backup, default_store(), None)
        assert_sentence(caught.value, "another program")
        assert_same(store.content(content.person.id, landmarks=True), content)
        store.add_person("Bert")
    with open_store() as store:
        assert len(store.people()) == 2


# Deletion


def raw_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


TRACES = (b"Xanthippe", b"first visit", b"K. B.", b"clip.mp4", b"pectoralis")


def test_nothing_of_somebody_deleted_is_left_in_the_files(data_dir: Path) -> None:
    with open_store() as store, open_store() as other:
        other.people()  # another program has the store open, as the app may
        content = full_content("Xanthippe")
        store.import_content(content)
        before = raw_bytes(data_dir)
        assert all(trace in before for trace in TRACES)
        delete_person(store, content.person.id)
        after = raw_bytes(data_dir)
        assert not [trace for trace in (*TRACES, content.person.id.encode()) if trace in after]
        assert not [each.id for each in content.sets if each.id.encode() in after]


def test_nothing_of_somebody_deleted_is_left_in_the_tables_of_a_server(
    postgres: Server, data_dir: Path
) -> None:
    with open_store(postgres.new_database()) as store:
        content = full_content("Xanthippe")
        store.import_content(content)
        with store.database.engine.connect() as connection:
            free = connection.execution_options(isolation_level="AUTOCOMMIT")
            free.exec_driver_sql("CHECKPOINT")
        tables = postgres.folder / "base"
        assert b"Xanthippe" in raw_bytes(tables)
        delete_person(store, content.person.id)
        left = raw_bytes(tables)  # of all databases of the server, so only what no other holds
        assert b"Xanthippe" not in left and content.person.id.encode() not in left


def test_backups_that_hold_somebody_deleted_are_named(store: Store, tmp_path: Path) -> None:
    before = back_up(store.database)
    content = full_content()
    store.import_content(content)
    inside = back_up(store.database)
    outside = back_up(store.database, tmp_path / "copy.sqlite3")
    store.note_copy("backup", outside)
    scrap = before.with_name("records-scrap.sqlite3")
    scrap.write_bytes(b"scrap" * 100)
    done = delete_person(store, content.person.id)
    assert set(done.elsewhere) == {inside, outside} and done.perhaps == (scrap,)


def test_somebody_who_reads_on_keeps_traces_and_is_told(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rom.records.drivers.BUSY_TIMEOUT_S", 0.2)
    with open_store() as store, open_store() as other:
        content = full_content("Xanthippe")
        store.import_content(content)
        with other.database.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM people").scalar()
            with pytest.raises(StoreError) as caught:
                delete_person(store, content.person.id)
            assert_sentence(caught.value, "--again")
            assert store.people() == []
        from rom.records.deletion import forget

        forget(store.database)
        assert b"Xanthippe" not in raw_bytes(data_dir)


# Encryption


@pytest.fixture
def encrypted(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("ROM_PASSPHRASE", "pass 'phrase\" ü")
    with open_store() as store:
        yield store


def test_an_encrypted_store_holds_everything_and_shows_nothing(
    encrypted: Store, data_dir: Path
) -> None:
    content = full_content("Xanthippe")
    encrypted.import_content(content)
    backup = back_up(encrypted.database)
    assert_same(encrypted.content(content.person.id, landmarks=True), content)
    raw = raw_bytes(data_dir)
    assert not [trace for trace in (*TRACES, PLAIN_HEADER, b"CREATE TABLE") if trace in raw]
    delete_person(encrypted, content.person.id)
    encrypted.close()
    restore(backup, default_store(), None, ask=lambda: os.environ["ROM_PASSPHRASE"])
    with open_store() as again:
        assert_same(again.content(content.person.id, landmarks=True), content)


@pytest.mark.parametrize("given", [None, "wrong", "pass"])
def test_a_wrong_passphrase_is_one_sentence(
    encrypted: Store, monkeypatch: pytest.MonkeyPatch, given: str | None
) -> None:
    content = full_content()
    encrypted.import_content(content)
    encrypted.close()
    before = default_store().read_bytes()
    monkeypatch.delenv("ROM_PASSPHRASE")
    with pytest.raises(PassphraseError) as caught:
        open_store(ask=lambda: given)
    assert_sentence(caught.value, "ROM_PASSPHRASE")
    assert default_store().read_bytes() == before
    with open_store(ask=lambda: "pass 'phrase\" ü") as store:
        assert_same(store.content(content.person.id, landmarks=True), content)


def test_a_plain_store_is_not_taken_for_an_encrypted_one(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(ask=lambda: pytest.fail("nobody is asked for a new store")).close()
    open_store(ask=lambda: pytest.fail("nobody is asked for a plain store")).close()
    monkeypatch.setenv("ROM_PASSPHRASE", "secret")
    with pytest.raises(PassphraseError) as caught:
        open_store()
    assert_sentence(caught.value, "unset ROM_PASSPHRASE")


def test_records_become_encrypted_and_plain_again_by_way_of_a_backup(
    data_dir: Path, tmp_path: Path
) -> None:
    content = full_content("Xanthippe")
    with open_store() as store:
        store.import_content(content)
        locked = back_up(store.database, tmp_path / "locked.sqlite3", key="secret")
    assert b"Xanthippe" not in locked.read_bytes()
    done = restore(locked, default_store(), None, ask=lambda: "secret")
    assert done.kept is not None and b"Xanthippe" in done.kept.read_bytes()
    assert b"Xanthippe" not in default_store().read_bytes()
    with open_store(ask=lambda: "secret") as store:
        assert_same(store.content(content.person.id, landmarks=True), content)
        plain = back_up(store.database, tmp_path / "plain.sqlite3", key="")
    restore(plain, default_store(), None, ask=lambda: "secret")
    with open_store() as store:
        assert_same(store.content(content.person.id, landmarks=True), content)


def test_two_programs_share_an_encrypted_store(encrypted: Store) -> None:
    with open_store() as other:
        owner = other.add_person("Ana")
        session = a_session(owner.id)
        encrypted.save_session(SessionContent(session=session))
        assert len(other.content(owner.id).sessions) == 1


def test_a_missing_library_is_told(encrypted: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    encrypted.close()
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    with pytest.raises(StoreError) as caught:
        open_store()
    assert_sentence(caught.value, "rom[encryption]")


def test_a_moved_store_is_found_again(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = full_content()
    with open_store() as store:
        store.import_content(content)
    moved = data_dir.with_name("elsewhere")
    shutil.move(data_dir, moved)
    monkeypatch.setenv("ROM_DATABASE_URL", f"sqlite:///{moved / 'records.sqlite3'}")
    with open_store() as store:
        assert_same(store.content(content.person.id, landmarks=True), content)
