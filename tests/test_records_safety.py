"""Nothing lost: killed, torn, full or written twice, what was acknowledged is there and whole."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_runner import environment
from record_builders import a_session, a_set, assert_same, full_content, landmarks
from test_records_store import assert_sentence

from rom.errors import DamagedStoreError, OutputError, RomError, StorageFullError, StoreError
from rom.records.backups import back_up, backups
from rom.records.engine import PLAIN_HEADER
from rom.records.entities import SessionContent
from rom.records.location import default_store
from rom.records.restoring import restore
from rom.records.store import Store, open_store

POSIX = pytest.mark.skipif(os.name != "posix", reason="uses signals and limits of POSIX")
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="uses strace")
PATIENCE_S = 120

WRITER = """
    import sys
    sys.path.insert(0, "tests")
    from record_builders import a_session, a_set, landmarks
    from rom.records.entities import SessionContent
    from rom.records.store import open_store

    with open_store() as store:
        owner = store.person(sys.argv[1])
        while True:
            session = a_session(owner.id)
            sets = tuple(a_set(session, landmarks=landmarks(90)) for _ in range(2))
            store.save_session(SessionContent(session=session, sets=sets))
            print(session.id, flush=True)
"""
"""Saves sessions of two sets each and tells the name of each that is acknowledged."""


def python(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        cwd=Path(__file__).parent.parent,
    )


def told_by(process: subprocess.Popen[str], after_s: float) -> list[str]:
    """Kill a writer some time after its first word, and return what it had acknowledged."""
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first, process.stderr and process.stderr.read()
    time.sleep(after_s)
    process.kill()
    # Not communicate(): what was read ahead with the first line would be lost.
    lines = [first, *process.stdout]
    process.wait(PATIENCE_S)
    return [line.strip() for line in lines if line.endswith("\n")]


def assert_whole(store: Store, acknowledged: set[str], *, most: int) -> None:
    """All that was acknowledged is there, nothing is half there, and little else came."""
    found = [each for line in store.people() for each in store.content(line.person.id).sessions]
    assert acknowledged <= {each.session.id for each in found}
    assert len(found) <= len(acknowledged) + most
    assert all(len(each.sets) == 2 for each in found)
    if store.database.path is not None:
        raw = sqlite3.connect(store.database.path)
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        raw.close()


# Killed


@pytest.mark.long
@POSIX
def test_kill_9_at_any_point_keeps_what_was_acknowledged(store: Store) -> None:
    store.add_person("Ana")
    acknowledged: set[str] = set()
    dice = random.Random(5)
    for attempt in range(5):
        acknowledged |= set(told_by(python(WRITER, "Ana"), dice.uniform(0.0, 0.4)))
        # At most one session a run was on the disk before it could be told.
        assert_whole(store, acknowledged, most=attempt + 1)
    assert len(acknowledged) >= 5


@pytest.mark.long
@POSIX
def test_kill_9_while_the_store_is_made(data_dir: Path) -> None:
    script = "from rom.records.store import open_store; open_store(); print('done', flush=True)"
    dice = random.Random(8)
    for _ in range(6):
        process = python(script)
        time.sleep(dice.uniform(0.3, 1.6))
        process.kill()
        process.communicate(timeout=PATIENCE_S)
        with open_store() as store:
            assert store.people() == []
        shutil.rmtree(data_dir)


# Two at once


@pytest.mark.long
def test_two_programs_write_at_once_and_nothing_is_lost(store: Store) -> None:
    for name in ("Ana", "Bert"):
        store.add_person(name)
    writers = [python(WRITER, name) for name in ("Ana", "Bert")]
    acknowledged = set()
    for writer in writers:
        acknowledged |= set(told_by(writer, 1.0))
    assert_whole(store, acknowledged, most=len(writers))
    assert {each.sessions > 0 for each in store.people()} == {True}


@pytest.mark.long
def test_two_programs_that_make_the_store_at_once_make_one(data_dir: Path) -> None:
    script = """
        import sys
        from rom.records.store import open_store
        with open_store() as store:
            store.add_person(sys.argv[1])
    """
    makers = [python(script, name) for name in ("Ana", "Bert", "Cleo")]
    for maker in makers:
        _, errors = maker.communicate(timeout=PATIENCE_S)
        assert maker.returncode == 0, errors
    with open_store() as store:
        assert [each.person.pseudonym for each in store.people()] == ["Ana", "Bert", "Cleo"]


# Power cut


class Recorded:
    """A store whose files were copied after each of a few acknowledged sessions."""

    def __init__(self, folder: Path, sessions: int = 4) -> None:
        self.states: list[tuple[bytes, bytes]] = []
        self.names: list[str] = []
        with open_store() as store:
            owner = store.add_person("Ana")
            for _ in range(sessions):
                session = a_session(owner.id)
                sets = tuple(a_set(session, landmarks=landmarks(30)) for _ in range(2))
                store.save_session(SessionContent(session=session, sets=sets))
                self.names.append(session.id)
                self.states.append((self.main.read_bytes(), self.ahead.read_bytes()))
            # While a program has the files open, what it wrote ahead is not in the main one.
            assert len(self.states[-1][1]) > len(self.states[0][1]) > 0

    @property
    def main(self) -> Path:
        return default_store()

    @property
    def ahead(self) -> Path:
        return self.main.with_name(self.main.name + "-wal")

    def put_back(self, main: bytes, ahead: bytes) -> None:
        for file in self.main.parent.glob("records.sqlite3*"):
            file.unlink()
        self.main.write_bytes(main)
        self.ahead.write_bytes(ahead)

    def check(self, acknowledged: int, *, most: int = 1) -> None:
        with open_store() as store:
            assert_whole(store, set(self.names[:acknowledged]), most=most)


def test_a_power_cut_tears_only_what_was_not_acknowledged(data_dir: Path) -> None:
    recorded = Recorded(data_dir)
    dice = random.Random(3)
    for number in range(len(recorded.states) - 1):
        main, ahead = recorded.states[number]
        _, later = recorded.states[number + 1]
        assert later.startswith(ahead[32:64]) or later[: len(ahead)] == ahead
        for _ in range(6):
            # Of the next session some bytes reached the disk, and some of these are wrong.
            torn = bytearray(later[: dice.randint(len(ahead), len(later) - 1)])
            for _ in range(dice.randint(0, 20)):
                if len(torn) > len(ahead):
                    torn[dice.randrange(len(ahead), len(torn))] = dice.randrange(256)
            recorded.put_back(main, bytes(torn))
            recorded.check(number + 1)


def test_a_power_cut_while_the_main_file_is_brought_up_to_date(data_dir: Path) -> None:
    recorded = Recorded(data_dir)
    main, ahead = recorded.states[-1]
    recorded.put_back(main, ahead)
    with open_store() as store:  # closing the last connection writes everything into the main file
        store.people()
    after = recorded.main.read_bytes()
    page = int.from_bytes(main[16:18], "big")
    dice = random.Random(4)
    for _ in range(8):
        mixed = bytearray(after)
        for start in range(0, len(after), page):
            if dice.random() < 0.5:
                old = main[start : start + page]
                mixed[start : start + page] = old.ljust(page, b"\0")
        recorded.put_back(bytes(mixed), ahead)
        recorded.check(len(recorded.names), most=0)


@pytest.mark.long
@LINUX
def test_a_set_is_on_the_disk_before_it_is_acknowledged(data_dir: Path, tmp_path: Path) -> None:
    with open_store() as store:
        store.add_person("Ana")
    strace = shutil.which("strace")
    if strace is None:
        pytest.fail("this test needs strace: on Debian and Ubuntu, sudo apt-get install strace")
    script = WRITER.replace("while True", "for _ in range(3)")
    trace = tmp_path / "trace"
    calls = "trace=openat,pwrite64,write,fsync,fdatasync,close"
    subprocess.run(
        [strace, "-f", "-qq", "-y", "-s", "100", "-e", calls, "-o", str(trace)]
        + [sys.executable, "-c", textwrap.dedent(script), "Ana"],
        check=True,
        env=environment(),
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        timeout=PATIENCE_S,
    )
    acknowledgements, dirty = 0, False
    for line in trace.read_text(errors="replace").splitlines():
        if re.search(r"pwrite64\(\d+<[^>]*-wal>", line):
            dirty = True
        elif re.search(r"f(data)?sync\(\d+<[^>]*-wal>", line):
            dirty = False
        elif re.search(r'write\(1<[^>]*>, "[0-9a-f]{32}"', line):
            assert not dirty, "acknowledged before the disk had it"
            acknowledgements += 1
    assert acknowledgements == 3


# Full


@pytest.mark.long
@POSIX
def test_a_full_disk_is_told_and_loses_nothing(data_dir: Path) -> None:
    with open_store() as store:
        store.add_person("Ana")
    script = """
        import resource, signal, sys
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))
    """
    lines = textwrap.dedent(script) + textwrap.dedent(WRITER)
    process = python(lines, "Ana")
    told, errors = process.communicate(timeout=PATIENCE_S)
    assert "StorageFullError: Expected room for the records" in errors
    acknowledged = set(told.split())
    assert len(acknowledged) >= 2
    with open_store() as store:
        assert_whole(store, acknowledged, most=0)
        session = a_session(store.person("Ana").id)
        sets = (a_set(session), a_set(session))
        store.save_session(SessionContent(session=session, sets=sets))  # there is room again
        assert_whole(store, acknowledged | {session.id}, most=0)


def test_a_store_that_may_not_grow_is_told_and_stays_whole(data_dir: Path) -> None:
    with open_store() as store:
        content = full_content()
        store.import_content(content)
        with store.database.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        session = a_session(content.person.id)
        with pytest.raises(StorageFullError) as caught:
            store.save_session(SessionContent(session=session, sets=(a_set(session),) * 1))
        assert_sentence(caught.value, "what was saved before is safe")
        assert_same(store.content(content.person.id, landmarks=True), content)


@pytest.mark.long
@POSIX
def test_a_backup_that_finds_no_room_leaves_no_file(data_dir: Path) -> None:
    with open_store() as store:
        store.import_content(full_content())
        kept = full_content("Bert")
        store.import_content(kept)
    script = """
        import resource, signal
        from rom.records.backups import back_up
        from rom.records.store import open_store
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        store = open_store()
        store.people()
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        back_up(store.database)
    """
    _, errors = python(script).communicate(timeout=PATIENCE_S)
    assert "StorageFullError" in errors
    assert backups() == [] and not [*(data_dir / "backups").glob("*")]


# Damaged


def _hole(data: bytearray) -> None:
    data[len(data) // 3 : len(data) // 3 + 9000] = b"\xff" * 9000


def _cut(data: bytearray) -> None:
    del data[len(data) // 2 :]


def _header(data: bytearray) -> None:
    data[:100] = b"\0" * 100


@pytest.mark.parametrize("damage", [_hole, _cut, _header])
def test_a_damaged_store_is_told_and_the_newest_backup_brings_it_back(
    data_dir: Path, damage: Callable[[bytearray], None]
) -> None:
    content = full_content()
    with open_store() as store:
        store.import_content(content)
        old = back_up(store.database)
        os.utime(old, (1e9, 1e9))
        newest = back_up(store.database)
    data = bytearray(default_store().read_bytes())
    damage(data)
    default_store().write_bytes(data)
    with pytest.raises(StoreError) as caught, open_store() as store:
        for each in store.people():
            store.content(each.person.id, landmarks=True)
        back_up(store.database)
    if damage is _header:
        assert_sentence(caught.value, "encrypted (or damaged)")
    else:
        assert isinstance(caught.value, DamagedStoreError)
        assert caught.value.newest_backup == str(newest)
        assert_sentence(caught.value, f"rom restore {newest.name}")
    done = restore(newest, default_store(), None)
    assert (done.people, done.sets) == (1, 5)
    assert done.kept is not None and done.kept.read_bytes() == bytes(data)
    with open_store() as store:
        assert_same(store.content(content.person.id, landmarks=True), content)


def test_a_damaged_store_without_a_backup_says_so(data_dir: Path) -> None:
    with open_store() as store:
        store.import_content(full_content())
    data = bytearray(default_store().read_bytes())
    _hole(data)
    default_store().write_bytes(data)
    with pytest.raises(DamagedStoreError) as caught, open_store() as store:
        back_up(store.database)
    assert caught.value.newest_backup is None
    assert_sentence(caught.value, "no backup")


# Places that do not let us


@pytest.fixture
def unprivileged() -> object:
    """Root may write anywhere, so be nobody for a while."""
    if os.name != "posix":
        pytest.skip("permissions of POSIX")
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_read_only_folder_is_told(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, unprivileged: None
) -> None:
    import tempfile

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        folder = Path(made) / "records"
        monkeypatch.setenv("ROM_DATA_DIR", str(folder))
        Path(made).chmod(0o500)
        with pytest.raises(OutputError) as caught:
            open_store()
        assert_sentence(caught.value, str(folder), "ROM_DATA_DIR")
        Path(made).chmod(0o700)
        with open_store() as store:
            store.add_person("Ana")
        folder.chmod(0o500)
        with pytest.raises(OutputError) as caught:
            open_store()
        assert_sentence(caught.value, str(folder), "ROM_DATA_DIR")
        folder.chmod(0o700)
        with open_store() as store:
            assert [each.person.pseudonym for each in store.people()] == ["Ana"]


def test_a_folder_where_the_file_should_be_is_told(data_dir: Path) -> None:
    default_store().mkdir(parents=True)
    with pytest.raises(RomError) as caught:
        open_store()
    assert_sentence(caught.value, str(default_store()))


@pytest.mark.parametrize("content", [b"PK\3\4 something else", PLAIN_HEADER + b"\0" * 84])
def test_a_file_of_something_else_is_left_alone(data_dir: Path, content: bytes) -> None:
    data_dir.mkdir()
    default_store().write_bytes(content)
    with pytest.raises(StoreError) as caught:
        open_store()
    assert_sentence(caught.value)
    assert default_store().read_bytes() == content


def test_a_database_of_another_program_is_left_alone(data_dir: Path) -> None:
    data_dir.mkdir()
    raw = sqlite3.connect(default_store())
    raw.execute("CREATE TABLE notes (words)")
    raw.commit()
    raw.close()
    before = default_store().read_bytes()
    with pytest.raises(StoreError) as caught:
        open_store()
    assert_sentence(caught.value, "something else")
    assert default_store().read_bytes() == before


@POSIX
def test_files_are_for_their_owner_only(data_dir: Path) -> None:
    old = os.umask(0)
    try:
        with open_store() as store:
            store.import_content(full_content())
            backup = back_up(store.database)
            files = [*data_dir.glob("records.sqlite3*"), backup]
            assert len(files) == 4  # the file, what was written ahead, the index of that, a backup
            modes = {path.name: path.stat().st_mode & 0o777 for path in files}
        assert set(modes.values()) == {0o600}, modes
        assert {data_dir.stat().st_mode & 0o777, backup.parent.stat().st_mode & 0o777} == {0o700}
        default_store().chmod(0o644)
        with open_store():
            assert default_store().stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(old)


@pytest.mark.long
def test_a_writer_that_is_told_to_end_loses_nothing(data_dir: Path) -> None:
    if os.name != "posix":
        pytest.skip("signals of POSIX")
    with open_store() as store:
        store.add_person("Ana")
    process = python(WRITER, "Ana")
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    names = {line.strip() for line in (first, *process.stdout)}
    process.wait(PATIENCE_S)
    with open_store() as store:
        assert_whole(store, names, most=1)
