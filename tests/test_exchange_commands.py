"""`rom export` and `rom import` as their users meet them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet
import pytest
from cli_runner import assert_one_line, environment, files_in, run_rom

from rom.commands import exchange as exchange_commands
from rom.commands import records as records_commands
from rom.commands.arguments import parse_arguments
from rom.commands.arguments_exchange import EXCHANGE_COMMANDS
from rom.errors import RomError
from rom.exports.columns import columns_of
from rom.exports.document import document
from rom.exports.formats import Format, files_of
from rom.exports.landmark_files import LandmarkFile, landmark_bytes, origin_of
from rom.exports.tables import tables_of
from rom.records.entities import PersonContent
from tests.clinical_builders import measured
from tests.export_builders import NOON, full_person, set_of
from tests.golden.storage import landmarks_path
from tests.golden.storage import read_landmarks as read_golden
from tests.performances import assess


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with results of every kind that can be read."""
    (tmp_path / "set.json").write_text(json.dumps(measured(140.0).to_json()), "utf-8")
    sides = {"left": measured(140.0).to_json(), "right": measured(150.0).to_json()}
    (tmp_path / "sides.json").write_text(json.dumps(sides | {"arc_deg": None}), "utf-8")
    (tmp_path / "anna.json").write_text(json.dumps(document([full_person()])), "utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def own_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROM_DATA_DIR", str(tmp_path / "records"))
    monkeypatch.delenv("ROM_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)


def rom(*arguments: str) -> str:
    """What a command prints, without a process of its own."""
    parsed = parse_arguments(list(arguments))
    commands = exchange_commands if parsed.command in EXCHANGE_COMMANDS else records_commands
    printed = io.StringIO()
    with redirect_stdout(printed):
        assert commands.run(parsed) == 0
    return printed.getvalue()


def refused_words(folder: Path, *arguments: str) -> str:
    before = files_in(folder)
    with pytest.raises(RomError) as caught:
        rom(*arguments)
    assert caught.value.exit_status == 2
    assert files_in(folder) - {"records/records.sqlite3"} == before, "nothing may be left behind"
    return str(caught.value)


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def test_what_goes_out_comes_back(folder: Path) -> None:
    rom("export", "anna.json", "--out", "tables", "--format", "csv")
    rom("export", "anna.json", "--out", "anna.csv")
    rom("import", "tables", "--out", "one.json")
    rom("import", "anna.csv", "--out", "two.json")
    assert read(folder / "one.json") == read(folder / "two.json") == read(folder / "anna.json")


def test_a_table_of_an_earlier_export_is_not_read_back(folder: Path) -> None:
    rom("export", "anna.json", "--out", "tables", "--format", "csv")
    with pytest.raises(RomError, match="--force"):
        rom("export", "set.json", "--out", "tables", "--format", "csv")
    rom("export", "set.json", "--out", "tables", "--format", "csv", "--force")
    assert (folder / "tables" / "pain.csv").is_file(), "the file of the earlier export is there"
    rom("import", "tables", "--out", "back.json")
    rom("export", "set.json", "--out", "direct.json")
    assert read(folder / "back.json") == read(folder / "direct.json")


def test_no_file_beside_the_one_that_is_named_is_replaced_silently(folder: Path) -> None:
    (folder / "x.pain.csv").write_text("mine", "utf-8")
    assert "x.pain.csv" in refused_words(folder, "export", "set.json", "--out", "x.csv")


def test_records_come_back_after_they_were_deleted(folder: Path) -> None:
    rom("import", "anna.json")
    assert "Kept 0 new sets" in rom("import", "anna.json")
    rom("export", "--person", "Anna", "--out", "copy.json")
    assert read(folder / "copy.json")["people"] == read(folder / "anna.json")["people"]
    deleted = rom("delete", "Anna", "--yes")
    assert str(folder / "copy.json") in deleted, "who deletes is told of the copies"
    rom("import", "copy.json")
    rom("export", "--person", "Anna", "--out", "again.json")
    assert read(folder / "again.json") == read(folder / "copy.json")


def test_results_without_a_name_need_one_in_the_records(folder: Path) -> None:
    assert "--person NAME" in refused_words(folder, "import", "set.json")
    rom("people", "add", "=Max")
    assert "Kept 3 new sets" in rom("import", "set.json", "sides.json", "--person", "=Max")
    rom("export", "--person", "=Max", "--out", "max.csv")
    (row,) = csv.DictReader((folder / "max.people.csv").open(encoding="utf-8-sig", newline=""))
    assert row["pseudonym"] == "'=Max"


@pytest.mark.long
def test_the_commands_work_in_a_terminal(folder: Path) -> None:
    for arguments in (
        ("export", "anna.json", "--out", "anna.csv"),
        ("import", "anna.csv", "--out", "back.json"),
    ):
        done = run_rom(*arguments, cwd=folder)
        assert (done.status, done.stderr) == (0, "")
    assert read(folder / "back.json") == read(folder / "anna.json")
    done = run_rom("import", "none.csv", "--out", "x.json", cwd=folder)
    assert done.status == 2 and "none.csv" in assert_one_line(done.stderr)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("export", "--out", "x.csv"), "--person NAME"),
        (("export", "set.json"), "--out"),
        (("export", "set.json", "--out", "x"), "--format"),
        (("export", "set.json", "--out", "x.csv", "--format", "fhir"), ".json"),
        (("export", "set.json", "--out", "anna.json"), "--force"),
        (("export", "set.json", "--out", "x", "--format", "opensim"), "--series"),
        (("export", "x.mp4", "--out", "x.csv"), "--movement"),
        (("export", "none.json", "--out", "x.csv"), "none.json"),
        (("import", "none.csv", "--out", "x.json"), "none.csv"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(
    folder: Path, arguments: tuple[str, ...], words: str
) -> None:
    assert words in refused_words(folder, *arguments)


@pytest.mark.parametrize(("wanted", "name"), [("json", "x.json"), ("fhir", "x.fhir.json")])
def test_what_is_printed_is_what_a_file_would_hold_and_nothing_else(
    folder: Path, capfd: pytest.CaptureFixture[str], wanted: str, name: str
) -> None:
    before = {path.name for path in folder.iterdir()}
    printed = rom("export", "anna.json", "--out", "-", "--format", wanted)
    assert capfd.readouterr() == ("", "")  # what `rom` did not catch went nowhere else
    assert {path.name for path in folder.iterdir()} == before
    rom("export", "anna.json", "--out", name)
    told, kept = json.loads(printed), read(folder / name)
    assert told.pop("timestamp", None) != kept.pop("timestamp", "none")  # when it was made
    assert told == kept and printed.startswith("{") and printed.endswith("}\n")


def test_a_folder_of_landmarks_is_measured(tmp_path: Path) -> None:
    series = read_golden(landmarks_path("knee_flexion_left"))
    (tmp_path / "lm").mkdir()
    for number in range(2):
        assessment, _ = assess(series, "knee_flexion", None)
        origin = replace(origin_of(set_of(assessment)), movement=None, recording=f"{number}.mp4")
        file = LandmarkFile(landmarks=series, origin=origin)
        (tmp_path / "lm" / f"{number}.npz").write_bytes(landmark_bytes(file))
    assert "--movement" in refused_words(tmp_path, "import", "lm", "--out", "x.json")
    rom("import", "lm", "--movement", "knee_flexion", "--side", "left", "--out", "x.json")
    (session,) = read(tmp_path / "x.json")["people"][0]["sessions"]
    assert len(session["sets"]) == 2
    assert all(each["assessment"]["status"] == "measured" for each in session["sets"])


def written(folder: Path, people: list[PersonContent], wanted: Format, out: Path) -> list[Path]:
    if not out.suffix:
        out.mkdir()
    files = files_of(wanted, people, out, made_at=NOON)
    for path, write in files.items():
        write(path)
    return list(files)


def test_parquet_is_read_by_others_with_units_and_types(tmp_path: Path) -> None:
    people = [full_person()]
    written(tmp_path, people, Format.PARQUET, tmp_path / "tables")
    for table, rows in tables_of(document(people)).items():
        read_back = pyarrow.parquet.read_table(tmp_path / "tables" / f"{table}.parquet")
        assert read_back.column_names == [column.name for column in columns_of(table)]
        for column in columns_of(table):
            field = read_back.schema.field(column.name)
            assert field.metadata[b"meaning"].decode() == column.meaning
            assert field.metadata.get(b"unit", b"").decode() == column.unit
            found = read_back.column(column.name).to_pylist()
            expected = [row[column.name] for row in rows]
            if column.kind == "json":
                found = [None if text is None else json.loads(text) for text in found]
            assert found == expected, (table, column.name)


def test_without_pyarrow_one_sentence_says_how_to_install_it(folder: Path) -> None:
    code = (
        "import sys; sys.modules['pyarrow'] = None; sys.modules['pyarrow.parquet'] = None\n"
        "from rom.cli import main\n"
        "sys.exit(main(['export', 'set.json', '--out', 'set.parquet']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment(), capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "pip install 'rom[analysis]'" in assert_one_line(done.stderr)
    assert not (folder / "set.parquet").exists()


def test_sets_of_one_name_get_files_of_their_own(tmp_path: Path) -> None:
    series = read_golden(landmarks_path("knee_flexion_left"))
    person = full_person()
    session = person.sessions[0]
    sets = tuple(
        set_of(measured(), number=number, landmarks=series, recording="../A/.. x.mp4")
        for number in range(3)
    )
    person = replace(person, sessions=(replace(session, sets=sets, results=()),))
    files = written(tmp_path, [person], Format.LANDMARKS, tmp_path / "lm")
    assert len(set(files)) == 3
    assert all(path.parent == tmp_path / "lm" for path in files)
    assert np.load(files[0])["xy_px"].shape == series.xy_px.shape
