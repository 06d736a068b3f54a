"""The commands of records, as one types them."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
from contextlib import chdir, redirect_stdout
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from cli_runner import ROOT, Finished, assert_one_line, environment, rom_command, run_rom
from forbidden_words import forbidden_in
from jsonschema import Draft202012Validator
from pose_builders import model
from record_builders import ODD_NAMES, full_content, massage, screen

from rom.clinical.tables import read_schema
from rom.commands import records as records_commands
from rom.commands.arguments import parse_arguments
from rom.commands.arguments_records import RECORD_COMMANDS
from rom.errors import RomError
from rom.keeping import keeper
from rom.landmarks import Side
from rom.records.backups import backups
from rom.records.location import default_store
from rom.records.store import open_store

BEFORE = ROOT / "sample_videos" / "shoulder_abduction_left_pre1.mp4"
UP_TO_THE_HOLD = "no\n0\n0\n4\n\n3\nyes\n"
AFTER = ROOT / "sample_videos" / "shoulder_abduction_left_post.mp4"


@pytest.fixture
def folder(data_dir: Path, tmp_path: Path) -> Path:
    return tmp_path


def run(*arguments: str | Path, cwd: Path, **extra: str) -> Finished:
    """Carry out a command; those that only work with records need no process of their own."""
    if arguments[0] not in RECORD_COMMANDS:
        return run_rom(*arguments, cwd=cwd, **extra)
    out, status, error = io.StringIO(), 0, ""
    with patch.dict(os.environ, extra), chdir(cwd), redirect_stdout(out):
        try:
            status = records_commands.run(parse_arguments([*map(str, arguments)]))
        except RomError as told:
            status, error = told.exit_status, f"rom: {told}\n"
    return Finished(status, out.getvalue(), error)


def ok(*arguments: str | Path, cwd: Path, **extra: str) -> str:
    done = run(*arguments, cwd=cwd, **extra)
    assert done.status == 0 and done.stderr == "", done.stderr
    assert not [*forbidden_in(done.stdout)]
    return done.stdout


def refused(*arguments: str | Path, cwd: Path, status: int = 2, **extra: str) -> str:
    done = run(*arguments, cwd=cwd, **extra)
    assert done.status == status and done.stdout == "", done.stdout
    line = assert_one_line(done.stderr)
    assert line.startswith("rom: Expected") and not [*forbidden_in(line)]
    return line


def typed(*arguments: str | Path, answers: str, cwd: Path) -> Finished:
    done = subprocess.run(
        rom_command(*arguments),
        cwd=cwd,
        env=environment(),
        input=answers.encode(),
        capture_output=True,
        timeout=180,
    )
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_people_come_and_go(folder: Path) -> None:
    assert "Nobody yet" in ok("people", cwd=folder)
    added = ok("people", "add", "Ana", "--birth-year", "1976", "--sex", "F", cwd=folder)
    assert added.startswith("Added Ana.") and str(default_store()) in added
    ok("people", "change", "ANA", "--name", "Anna", "--notes", "left-handed", cwd=folder)
    (found,) = json.loads(ok("people", "--json", cwd=folder))
    del found["id"]
    assert found == {
        "name": "Anna",
        "birth_year": 1976,
        "sex": "F",
        "notes": "left-handed",
        "sessions": 0,
        "sets": 0,
        "last_day": None,
    }
    listed = ok("people", cwd=folder)
    assert re.search(r"^Anna +1976 +F +0 +0$", listed, re.MULTILINE)
    assert "Nothing is kept of Anna yet" in ok("history", "Anna", cwd=folder)
    assert "Deleted Anna: 0 sessions, 0 sets." in ok("delete", "anna", "--yes", cwd=folder)
    assert "Nobody yet" in ok("people", cwd=folder)


def test_a_command_is_a_process_with_one_line_for_what_is_wrong(folder: Path) -> None:
    added = run_rom("people", "add", "דוד 😀", cwd=folder)
    assert (added.status, added.stderr) == (0, "") and added.stdout.startswith("Added דוד 😀.")
    wrong = run_rom("history", "Ana", cwd=folder)
    assert (wrong.status, wrong.stdout) == (2, "")
    assert "rom people add" in assert_one_line(wrong.stderr)


def test_odd_names_are_printed_as_they_are(folder: Path) -> None:
    for name in ODD_NAMES.values():
        assert f"Added {name}." in ok("people", "add", "--", name, cwd=folder)
    listed = ok("people", cwd=folder)
    assert all(name in listed for name in ODD_NAMES.values())


WRONG = {
    "nobody": (["history", "Ana"], "nobody yet"),
    "empty name": (["people", "add", " "], "Expected a name"),
    "long name": (["people", "add", "x" * 10_000], "10000"),
    "control characters": (["people", "add", "a\x1b[31m"], "choose another"),
    "wrong year": (["people", "add", "Ana", "--birth-year", "76"], "--birth-year"),
    "year to come": (["people", "add", "Ana", "--birth-year", "2999"], "year of birth"),
    "nothing to change": (["people", "change", "Ana"], "something to change"),
    "unknown movement": (["history", "Ana", "--movement", "jump"], "rom movements"),
    "unknown backup": (["restore", "none.sqlite3"], "none.sqlite3"),
    "delete nobody": (["delete"], "--again"),
    "delete both": (["delete", "Ana", "--again"], "--again"),
    "day without a person": (
        ["assess", "v.mp4", "--movement", "auto", "--day", "2026-05-03"],
        "--person",
    ),
    "flare without a person": (
        ["compare", "--pre1", "a", "--post", "b", "--movement", "cervical_flexion"]
        + ["--flare", "no"],
        "--person",
    ),
    "no day": (["assess", "v.mp4", "--movement", "auto", "--day", "3 May"], "2030-01-31"),
    "passphrase nowhere": (["backup", "--encrypt"], "ROM_NEW_PASSPHRASE"),
}


@pytest.mark.parametrize(("arguments", "hint"), WRONG.values(), ids=WRONG.keys())
def test_wrong_usage_is_one_line(folder: Path, arguments: list[str], hint: str) -> None:
    assert hint in refused(*arguments, cwd=folder)


def test_a_day_to_come_and_an_unknown_person_are_told_before_any_work(folder: Path) -> None:
    ok("people", "add", "Ana", cwd=folder)
    command = ["assess", BEFORE, "--movement", "shoulder_abduction", "--side", "left"]
    assert "--day" in refused(*command, "--person", "Ana", "--day", "2999-01-01", cwd=folder)
    assert "'Ana'" in refused(*command, "--person", "Anna", cwd=folder)


@pytest.mark.parametrize(
    ("variables", "hint"),
    [
        ({"ROM_DATABASE_URL": "nonsense"}, "ROM_DATABASE_URL"),
        ({"ROM_DATABASE_URL": "postgresql://a:secret@127.0.0.1:9/x"}, "server runs"),
        ({"ROM_PASSPHRASE": "secret"}, "unset ROM_PASSPHRASE"),
    ],
    ids=["wrong URL", "server down", "not encrypted"],
)
def test_a_store_that_cannot_be_used_is_one_line(
    folder: Path, variables: dict[str, str], hint: str
) -> None:
    open_store().close()
    line = refused("people", cwd=folder, **variables)
    assert hint in line and "secret" not in line


def test_deletion_asks_for_the_name(folder: Path) -> None:
    content = full_content("Ana")
    with open_store() as store:
        store.import_content(content)
    for answer in ("\n", "yes\n", ""):
        done = typed("delete", "Ana", answers=answer, cwd=folder)
        assert "Deleted" not in done.stdout
        assert done.status == (0 if answer else 2)
    assert (
        "Deleted Ana: 2 sessions, 5 sets."
        in typed("delete", "Ana", answers="ana\n", cwd=folder).stdout
    )
    assert "Nobody yet" in ok("people", cwd=folder)


def test_backup_damage_and_restoring(folder: Path) -> None:
    with open_store() as store:
        store.import_content(full_content("Ana"))
    assert "No backups" in ok("backup", "--list", cwd=folder)
    written = ok("backup", cwd=folder)
    name = re.search(r"records-[\d-]+\.sqlite3", written)
    assert name and name[0] in ok("backup", "--list", cwd=folder)
    data = bytearray(default_store().read_bytes())
    data[4096:-4096] = b"\xff" * (len(data) - 8192)
    default_store().write_bytes(data)
    assert f"rom restore {name[0]}" in refused("people", cwd=folder)
    told = ok("restore", name[0], cwd=folder)
    assert told.startswith("Brought back 1 person and 5 sets.") and "-damaged" in told
    assert "Ana" in ok("people", cwd=folder)


def test_records_can_be_made_encrypted(folder: Path) -> None:
    with open_store() as store:
        store.import_content(full_content("Ana"))
    made = ok("backup", "locked.sqlite3", "--encrypt", cwd=folder, ROM_NEW_PASSPHRASE="x y")
    assert "Without the passphrase nobody can read it." in made
    assert "ROM_PASSPHRASE" in refused("restore", "locked.sqlite3", cwd=folder)
    told = ok("restore", "locked.sqlite3", cwd=folder, ROM_PASSPHRASE="x y")
    (plain,) = backups()
    assert "these backups are not" in told and f"  {plain}" in told
    assert "ROM_PASSPHRASE" in refused("people", cwd=folder)
    assert "ROM_PASSPHRASE" in refused("people", cwd=folder, ROM_PASSPHRASE="x")
    assert "Ana" in ok("people", cwd=folder, ROM_PASSPHRASE="x y")


def test_a_passphrase_can_be_changed_and_taken_off(folder: Path) -> None:
    first, second = {"ROM_PASSPHRASE": "o'ne ü"}, {"ROM_PASSPHRASE": "two"}
    ok("people", "add", "Ana", cwd=folder, **first)
    renewed = ok(
        "backup", "new.sqlite3", "--encrypt", cwd=folder, ROM_NEW_PASSPHRASE="two", **first
    )
    assert "read it again" in renewed
    told = ok("restore", "new.sqlite3", cwd=folder, **second)
    assert "Brought back 1 person and 0 sets." in told and "-unread" in told
    assert "these backups" not in told
    assert "Ana" in ok("people", cwd=folder, **second)
    assert "got another one" in refused("people", cwd=folder, **first)
    kept = re.search(r"records-\S+-unread\.sqlite3", told)
    assert kept and "Brought back 1 person" in ok("restore", kept[0], cwd=folder, **first)
    ok("backup", "plain.sqlite3", "--plain", cwd=folder, **first)
    assert "Brought back 1 person" in ok("restore", "plain.sqlite3", cwd=folder, **first)
    assert "Ana" in ok("people", cwd=folder)


def test_a_history_is_printed_and_written(folder: Path) -> None:
    with open_store() as store:
        store.import_content(full_content("Ana"))
    text = ok("history", "Ana", cwd=folder)
    assert "Left arm, sideways and up" in text and "2026-03-02" in text
    assert "Right arm" not in ok("history", "Ana", "--side", "left", cwd=folder)
    content = json.loads(ok("history", "Ana", "--json", "-", cwd=folder))
    assert content["schema"] == "rom.history/1" and len(content["courses"]) == 1
    ok("history", "Ana", "--json", "h.json", cwd=folder)
    assert json.loads((folder / "h.json").read_text()) == content
    again = run("history", "Ana", "--json", "h.json", cwd=folder)
    assert again.status == 2 and "--force" in again.stderr
    deleted = ok("delete", "Ana", "--yes", cwd=folder)
    assert str(folder / "h.json") in deleted


@pytest.mark.long
def test_what_is_measured_is_kept_for_a_person(folder: Path) -> None:
    model()
    ok("people", "add", "Ana", "--birth-year", "1976", "--sex", "F", cwd=folder)
    one = ["--movement", "shoulder_abduction", "--side", "left", "--person", "Ana"]
    said = ok("assess", BEFORE, *one, "--day", "2026-05-01", cwd=folder)
    assert said.endswith("Kept in the records of Ana.\n") and "usual range" in said
    pair = ["--pre1", str(BEFORE), "--post", str(AFTER)]
    first = [*pair, *one, "--pain-before", "5", "--pain-after", "2", "--day", "2026-05-01"]
    assert "Kept in the records" in ok("compare", *first, cwd=folder)
    again = ok("compare", *pair, *one, "--flare", "no", "--json", "-", cwd=folder)
    assert json.loads(again)["verdict"] == "gain"
    with open_store() as store:
        content = store.content(store.person("Ana").id, landmarks=True)
    may, today = content.sessions
    assert [each.phase.value for each in may.sets] == ["pre1", "post", "single"] or len(
        may.sets
    ) == 3
    assert may.results[0].flare_over_24_h is False and may.results[0].label_id is not None
    assert may.results[0].pain_before == 5.0 and today.results[0].pain_before is None
    for each in content.sets:
        assert each.landmarks is not None and len(each.landmarks) > 200
        assert each.assessment.series is not None
    assert "2026-05-01" in ok("history", "Ana", cwd=folder)


@pytest.mark.long
def test_clips_of_both_directions_are_compared_by_the_whole_arc_and_kept(folder: Path) -> None:
    model()
    ok("people", "add", "Ana", "--birth-year", "1976", "--sex", "F", cwd=folder)
    clip = str(ROOT / "sample_videos" / "cervical_lateral_flexion.mp4")
    both = ["--movement", "cervical_lateral_flexion", "--side", "both", "--person", "Ana"]
    pair = ["--pre1", clip, "--post", clip, "--pain-before", "5", "--pain-after", "3"]
    content = json.loads(ok("compare", *pair, *both, "--json", "-", cwd=folder))
    Draft202012Validator(read_schema("comparison")).validate(content)
    assert (content["change_deg"], content["verdict"]) == (0.0, "no_measurable_change")
    assert content["pre1"]["arc_deg"] == content["post"]["arc_deg"] == pytest.approx(70, abs=4)
    with open_store() as store:
        (session,) = store.content(store.person("Ana").id).sessions
    assert len(session.sets) == 4
    assert [(each.side, each.of_arc, each.change_deg) for each in session.results] == [
        (side, True, 0.0) for side in Side
    ]
    assert "(limit 11°), left" in ok("history", "Ana", cwd=folder)
    report = folder / "report.html"
    ok("report", "--person", "Ana", "--out", report, cwd=folder)
    assert "From one end to the other it was" in report.read_text()


@pytest.mark.long
def test_a_kept_set_gives_the_same_result_when_it_is_assessed_again(folder: Path) -> None:
    from record_builders import assert_same

    from rom.assess import Person, assess_movement
    from rom.movements import movement_named

    model()
    ok("people", "add", "Ana", cwd=folder)
    for clip, movement, side in (
        ("knee_flexion_left", "knee_flexion", "left"),
        ("cervical_lateral_flexion", "cervical_lateral_flexion", "both"),
    ):
        video = ROOT / "sample_videos" / f"{clip}.mp4"
        one = ["--movement", movement, "--side", side, "--person", "Ana"]
        ok("assess", video, *one, cwd=folder)
    with open_store() as store:
        sets = store.content(store.person("Ana").id, landmarks=True).sets
    assert len(sets) == 3
    for kept in sets:
        assert kept.landmarks is not None
        found, _ = assess_movement(
            kept.landmarks,
            movement_named(kept.movement),
            kept.side,
            person=Person(),
            provenance=kept.assessment.provenance,
        )
        assert_same(found, replace(kept.assessment, signs=()))


@pytest.mark.long
@pytest.mark.skipif(os.name != "posix", reason="uses permissions of POSIX")
def test_a_result_that_cannot_be_kept_is_shown_all_the_same(folder: Path) -> None:
    model()
    ok("people", "add", "Ana", cwd=folder)
    shutil.copy(default_store(), folder / "before")
    room_bytes = default_store().stat().st_size + 250_000  # a set needs more
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({room_bytes}, {room_bytes}));"
        "from rom.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    command = ["assess", str(BEFORE), "--movement", "shoulder_abduction", "--side", "left"]
    done = subprocess.run(
        [rom_command()[0], "-c", script, *command, "--person", "Ana"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 1 and "median of 3 repetitions" in done.stdout
    assert "Kept" not in done.stdout
    assert "what was saved before is safe" in assert_one_line(done.stderr)
    assert "Ana" in ok("people", cwd=folder)


def test_answers_and_massages_are_kept_for_a_person(folder: Path) -> None:
    from rom.clinical.screening import first_groups

    ok("people", "add", "Ana", cwd=folder)
    none = "0\n" * len(first_groups())
    done = typed("screen", "--person", "Ana", answers=none, cwd=folder)
    assert done.status == 0 and "Kept in the records of Ana." in done.stdout, done.stderr
    one = ["massage", "shoulder_flexion", "--side", "left", "--muscle", "pectoralis_minor"]
    done = typed(*one, "--person", "Ana", answers=UP_TO_THE_HOLD, cwd=folder)
    with open_store() as store:
        (session,) = store.content(store.person("Ana").id).sessions
    assert session.session.screen is not None
    assert all(not answer.yes for answer in session.session.screen.answers)
    assert len(session.massages) == 1, done.stdout + done.stderr
    assert session.massages[0].movement == "shoulder_flexion"
    assert massage() != session.massages[0] and screen() != session.session.screen


def test_nothing_is_kept_unless_it_is_asked_for(folder: Path) -> None:
    for command in (
        ("movements",),
        ("screen", "--list"),
        ("plan", "knee_flexion", "--side", "left"),
    ):
        assert run(*command, cwd=folder).status == 0
    assert not (folder / "data").exists()


def test_every_file_with_data_of_somebody_is_named_at_deletion(folder: Path) -> None:
    with open_store() as store:
        store.import_content(full_content("Ana"))
        store.add_person("Bert")
    commands = {
        "h.json": ("history", "Ana", "--json", "h.json"),
        "r.html": ("report", "--person", "Ana", "--session", "2", "--out", "r.html"),
        "e.json": ("export", "--person", "Ana", "--out", "e.json"),
        "a.json": ("agreement", "--person", "Ana", "--json", "a.json"),
    }
    for command in commands.values():
        ok(*command, cwd=folder)
    with keeper("Ana", None, files=[folder / "k.json"]):
        (folder / "k.json").write_text("{}")
    assert "still hold" not in ok("delete", "Bert", "--yes", cwd=folder)
    told = ok("delete", "Ana", "--yes", cwd=folder)
    for name in (*commands, "k.json"):
        assert str(folder / name) in told, name
