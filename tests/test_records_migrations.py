"""Stores of every version are brought forward, and what cannot be is left as it is."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from postgres_server import Server
from record_builders import assert_same, full_content
from sqlalchemy import text
from test_records_store import assert_sentence

from rom.errors import RomError, StoreError
from rom.records import schema
from rom.records.backups import backups
from rom.records.database import Database
from rom.records.engine import open_database
from rom.records.location import default_store
from rom.records.migrate import VERSIONS, prepare
from rom.records.store import Store, open_store

DUMPS = sorted((Path(__file__).parent / "golden_stores").glob("*.sql"))

NEXT = f"{int(schema.REVISION) + 1:04d}"

GOOD = f"""
revision, down_revision = "{NEXT}", "{schema.REVISION}"

def upgrade():
    op.add_column("people", sa.Column("height_m", sa.Float()))
    op.execute("UPDATE people SET height_m = 1.5")
"""
FAILING = GOOD + "    raise ValueError('no')\n"
LOSING = GOOD + "    op.execute('DELETE FROM sets')\n"
HEAD = "import sqlalchemy as sa\nfrom alembic import op\n"


def steps(folder: Path, code: str) -> Path:
    """A folder with the released steps and one more."""
    made = folder / "versions"
    shutil.copytree(VERSIONS, made)
    (made / f"v{NEXT}_more.py").write_text(HEAD + code)
    return made


def revision_in(database: Database) -> str:
    with database.reading() as connection:
        query = text(f"SELECT version_num FROM {schema.VERSION_TABLE}")
        return str(connection.execute(query).scalar_one())


def test_the_steps_lead_to_the_tables_that_the_program_uses(store: Store) -> None:
    with store.database.reading() as connection:
        options = {"version_table": schema.VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.metadata) == []


def test_the_newest_step_is_the_one_that_the_program_expects() -> None:
    scripts = ScriptDirectory(VERSIONS.parent, version_locations=[str(VERSIONS)])
    assert scripts.get_heads() == [schema.REVISION]
    names = sorted(path.name[1:5] for path in VERSIONS.glob("v*.py"))
    assert names == [f"{number:04d}" for number in range(1, len(names) + 1)]


@pytest.mark.parametrize("dump", DUMPS, ids=lambda path: path.stem)
def test_stores_of_every_version_are_read(data_dir: Path, dump: Path) -> None:
    """One dump a version that changed the tables, made by that version and never changed."""
    data_dir.mkdir()
    raw = sqlite3.connect(default_store())
    raw.executescript(dump.read_text(encoding="utf-8"))
    raw.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    raw.close()
    with open_store() as store:
        (line,) = store.people()
        assert (line.person.pseudonym, line.sessions, line.sets) == ("Ana", 2, 5)
        content = store.content(line.person.id, landmarks=True)
        values = [each.assessment.value_deg for each in content.sets]
        assert values == [140.0, 150.0, None, 120.0, 150.0]
        assert content.sets[0].landmarks is not None and len(content.sets[0].landmarks) == 20
        assert content.sets[0].readings[0].rater == "K. B."
        assert content.sessions[0].massages[0].spots[0].muscle == "pectoralis_minor"
        assert content.sessions[1].results[0].verdict == "gain"
        assert [bool(each.edits) for each in content.sets] == [False, True, False, False, False]
        since = dump.stem >= "0002"
        original = content.sets[1].original
        assert (original.value_deg if original else None) == (149.0 if since else None)
        assert [*store.settings()] == ["units"] * since
        assert content.sets[1].landmarks is not None
        same = content.sets[1].landmarks is content.sets[0].landmarks
        assert same == (dump.stem >= "0003")
        said = ("You rested for 40 of 120 s before the second set.",) * (dump.stem >= "0004")
        assert content.sessions[0].session.remarks == said
        others = [each.person.pseudonym for each in store.of("kim").people()]
        assert others == ["Ana"] * since


def test_every_version_has_a_dump() -> None:
    assert {path.stem for path in DUMPS} == {path.name[1:5] for path in VERSIONS.glob("v*.py")}


def test_an_older_store_is_brought_forward_after_a_backup(store: Store, tmp_path: Path) -> None:
    content = full_content()
    store.import_content(content)
    prepare(store.database, versions=steps(tmp_path, GOOD), newest=NEXT)
    assert revision_in(store.database) == NEXT
    assert_same(store.content(content.person.id, landmarks=True), content)
    with store.database.reading() as connection:
        assert connection.execute(text("SELECT height_m FROM people")).scalar() == 1.5
    if store.database.path is not None:
        (backup,) = backups()
        assert "before-update" in backup.name
        assert [path for path in backup.parent.iterdir() if path != backup] == []


@pytest.mark.parametrize("code", [FAILING, LOSING], ids=["failing", "losing"])
def test_a_step_that_fails_changes_nothing(store: Store, tmp_path: Path, code: str) -> None:
    content = full_content()
    store.import_content(content)
    with pytest.raises(StoreError) as caught:
        prepare(store.database, versions=steps(tmp_path, code), newest=NEXT)
    assert_sentence(caught.value, "nothing was changed")
    assert revision_in(store.database) == schema.REVISION
    assert_same(store.content(content.person.id, landmarks=True), content)


def test_a_newer_store_is_told_and_left_alone(store: Store, tmp_path: Path) -> None:
    content = full_content()
    store.import_content(content)
    prepare(store.database, versions=steps(tmp_path, GOOD), newest=NEXT)
    path = store.database.path
    store.close()
    before = path.read_bytes() if path else b""
    with pytest.raises(StoreError) as caught:
        open_store()
    assert_sentence(caught.value, "newer version", "Nothing was changed")
    assert path is None or path.read_bytes() == before
    assert revision_in(store.database) == NEXT


# Databases that cannot be used


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("nonsense", "something else"),
        ("mysql://ana:secret@host/db", "mysql"),
        ("oracle+cx://ana:secret@host/db", "oracle"),
        ("postgresql://host:port/db", "something else"),
        ("sqlite://", "without a file"),
        ("", None),
    ],
)
def test_a_wrong_url_is_told_without_its_password(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, url: str, word: str | None
) -> None:
    monkeypatch.setenv("ROM_DATABASE_URL", url)
    if word is None:
        open_store().close()  # an empty variable is none
        return
    with pytest.raises(RomError) as caught:
        open_store()
    assert_sentence(caught.value, "ROM_DATABASE_URL", word)
    assert "secret" not in str(caught.value)
    assert not data_dir.exists()


def test_a_server_that_is_down_is_told_without_its_password(data_dir: Path) -> None:
    with pytest.raises(StoreError) as caught:
        open_store("postgresql://ana:secret@127.0.0.1:9/records")
    assert_sentence(caught.value, "127.0.0.1:9", "server runs")
    assert "secret" not in str(caught.value)


def test_a_database_that_is_not_there_is_told(postgres: Server, data_dir: Path) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(postgres.url("nowhere"))
    assert_sentence(caught.value, "nowhere")


def test_tables_of_another_program_are_left_alone(postgres: Server, data_dir: Path) -> None:
    url = postgres.new_database()
    other = open_database(url)
    with other.writing() as connection:
        connection.execute(text("CREATE TABLE people (nobody integer)"))
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert_sentence(caught.value, "something else")
    with other.reading() as connection:
        assert connection.execute(text("SELECT count(nobody) FROM people")).scalar() == 0
    other.close()
