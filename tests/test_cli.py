"""The command line contract: exit status, one-line errors, clean stdout, nothing half-written."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest
from cli_runner import ROOT, assert_one_line, environment, files_in, rom_command, run_rom
from video_builders import truncate, write_clip, write_sound

from rom.cli import main
from rom.movements import MOVEMENTS

SCHEMAS = ROOT / "rom" / "clinical" / "data"
MEASURE = ("--movement", "shoulder_abduction", "--side", "left")


@pytest.fixture(scope="module")
def empty_room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of a picture without a person."""
    return write_clip(tmp_path_factory.mktemp("clips") / "empty room.mp4")


@pytest.fixture
def folder(tmp_path: Path, empty_room: Path) -> Path:
    """A folder with one good clip, `clip.mp4`, to run commands in."""
    (tmp_path / "clip.mp4").write_bytes(empty_room.read_bytes())
    return tmp_path


def strict_json(text: str) -> dict[str, object]:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    content = json.loads(text, parse_constant=refuse)
    assert isinstance(content, dict)
    return content


def validate(content: object, name: str) -> None:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(content, schema)


# Wrong usage


WRONG_USAGE = {
    "no command": ([], "command"),
    "unknown command": (["measure"], "assess"),
    "no video": (["assess", *MEASURE], "VIDEO"),
    "no movement": (["assess", "clip.mp4"], "--movement"),
    "unknown option": (["assess", "clip.mp4", *MEASURE, "--fast"], "--fast"),
    "abbreviated option": (["assess", "clip.mp4", *MEASURE, "--over", "o.mp4"], "--over"),
    "misspelt movement": (["assess", "clip.mp4", "--movement", "knee_flexoin"], "knee_flexion"),
    "no such movement": (["assess", "clip.mp4", "--movement", "jump"], "rom movements"),
    "side missing": (["assess", "clip.mp4", "--movement", "knee_flexion"], "--side"),
    "direction missing": (["assess", "clip.mp4", "--movement", "cervical_rotation"], "--side"),
    "side of what has none": (
        ["assess", "clip.mp4", "--movement", "cervical_flexion", "--side", "left"],
        "leave it out",
    ),
    "unknown side": (["assess", "clip.mp4", "--movement", "knee_flexion", "--side", "up"], "both"),
    "age too high": (["assess", "clip.mp4", *MEASURE, "--age", "121"], "120"),
    "negative age": (["assess", "clip.mp4", *MEASURE, "--age", "-1"], "120"),
    "age in words": (["assess", "clip.mp4", *MEASURE, "--age", "forty"], "forty"),
    "unknown sex": (["assess", "clip.mp4", *MEASURE, "--sex", "X"], "M"),
    "subject without time": (["assess", "clip.mp4", *MEASURE, "--subject", "3,4"], "X,Y@SECONDS"),
    "subject in words": (["assess", "clip.mp4", *MEASURE, "--subject", "a,b@c"], "X,Y@SECONDS"),
    "subject not finite": (["assess", "clip.mp4", *MEASURE, "--subject", "1,2@inf"], "SECONDS"),
    "no such model": (["assess", "clip.mp4", *MEASURE, "--model", "none.task"], "none.task"),
    "a model that is none": (["assess", "clip.mp4", *MEASURE, "--model", "clip.mp4"], "--model"),
    "overlay of another kind": (["assess", "clip.mp4", *MEASURE, "--overlay", "o.avi"], ".mp4"),
    "report of another kind": (["assess", "clip.mp4", *MEASURE, "--report", "r.pdf"], ".html"),
    "one file twice": (
        ["assess", "clip.mp4", *MEASURE, "--json", "o.html", "--report", "./o.html"],
        "twice",
    ),
    "output is the input": (
        ["assess", "clip.mp4", *MEASURE, "--overlay", "clip.mp4", "--force"],
        "input",
    ),
    "output in no folder": (
        ["assess", "clip.mp4", *MEASURE, "--json", "none/o.json"],
        "does not exist",
    ),
    "output is a folder": (["assess", "clip.mp4", *MEASURE, "--json", "."], "folder"),
    "output below a file": (["assess", "clip.mp4", *MEASURE, "--json", "clip.mp4/o.json"], ""),
    "compare without videos": (["compare", "--movement", "knee_flexion"], "--pre1"),
    "compare without after": (["compare", *MEASURE, "--pre1", "clip.mp4"], "--post"),
    "compare all kinds at once": (
        ["compare", *MEASURE, "--pre1", "clip.mp4", "--post", "clip.mp4", "--left", "clip.mp4"],
        "--left",
    ),
    "compare an unnamed movement": (
        ["compare", "--movement", "auto", "--pre1", "clip.mp4", "--post", "clip.mp4"],
        "auto",
    ),
    "sides of what has none": (
        ["compare", "--movement", "trunk_extension", "--left", "clip.mp4", "--right", "clip.mp4"],
        "--pre1",
    ),
    "sides with a side": (
        ["compare", *MEASURE, "--left", "clip.mp4", "--right", "clip.mp4"],
        "--side",
    ),
    "pain beyond the scale": (
        ["compare", *MEASURE, "--pre1", "clip.mp4", "--post", "clip.mp4", "--pain-before", "11"],
        "10",
    ),
    "explaining no movement": (["movements", "knee"], "knee_flexion"),
}


@pytest.mark.parametrize(("arguments", "hint"), WRONG_USAGE.values(), ids=WRONG_USAGE.keys())
def test_wrong_usage_is_one_line_and_status_2(
    folder: Path, arguments: list[str], hint: str
) -> None:
    done = run_rom(*arguments, cwd=folder)
    assert hint in assert_one_line(done.stderr)
    assert (done.status, done.stdout) == (2, "")
    assert files_in(folder) == {"clip.mp4"}


def test_an_output_that_exists_is_kept_unless_forced(folder: Path) -> None:
    (folder / "o.json").write_text("mine")
    done = run_rom("assess", "clip.mp4", *MEASURE, "--json", "o.json", cwd=folder)
    assert "--force" in assert_one_line(done.stderr)
    assert done.status == 2
    assert (folder / "o.json").read_text() == "mine"
    done = run_rom("assess", "clip.mp4", *MEASURE, "--json", "o.json", "--force", cwd=folder)
    assert done.status == 0
    validate(strict_json((folder / "o.json").read_text()), "assessment")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="nothing is forbidden to this user: run the tests as one who is not root",
)
def test_a_folder_without_permission_is_wrong_usage(folder: Path) -> None:
    locked = folder / "locked"
    locked.mkdir(mode=0o500)
    done = run_rom("assess", "clip.mp4", *MEASURE, "--json", "locked/o.json", cwd=folder)
    assert_one_line(done.stderr)
    assert done.status == 2


# Unreadable input


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text("This is a shopping list.\n" * 50)


def _cut(path: Path) -> None:
    truncate(write_clip(path), keep_frac=0.05)


def _header_only(path: Path) -> None:
    write_clip(path, times_s=[])


UNREADABLE = {
    "missing": ("film.mp4", None),
    "a folder": ("film.mp4", Path.mkdir),
    "empty": ("film.mp4", _empty),
    "text under another name": ("film.mp4", _text),
    "cut short": ("film.mp4", _cut),
    "sound only": ("film.mp4", write_sound),
    "no frames": ("film.mp4", _header_only),
    "a playlist that leads elsewhere": (
        "film.m3u8",
        lambda path: path.write_text("#EXTM3U\n#EXTINF:1,\nclip.mp4\n"),
    ),
    "a name that breaks lines": ("a\nb\x1b[31m.mp4", None),
}


@pytest.mark.parametrize(("name", "make"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unreadable_input_is_one_line_and_status_2(folder: Path, name: str, make: object) -> None:
    if callable(make):
        make(folder / name)
    before = files_in(folder)
    outputs = ("--json", "o.json", "--overlay", "o.mp4", "--report", "o.html")
    done = run_rom("assess", name, *MEASURE, *outputs, cwd=folder)
    line = assert_one_line(done.stderr)
    assert name.split("\n")[0] in line and line.isprintable()
    assert (done.status, done.stdout) == (2, "")
    assert files_in(folder) == before


def test_a_comparison_opens_every_input_before_the_long_work(folder: Path) -> None:
    _text(folder / "after.mp4")
    done = run_rom(
        "compare", *MEASURE, "--pre1", "clip.mp4", "--post", "after.mp4", "--json", "-", cwd=folder
    )
    assert "after.mp4" in assert_one_line(done.stderr)
    assert (done.status, done.stdout) == (2, "")


# Results


def test_standard_output_holds_only_the_json(folder: Path) -> None:
    done = run_rom("assess", "clip.mp4", *MEASURE, "--json", "-", cwd=folder)
    content = strict_json(done.stdout)
    validate(content, "assessment")
    assert (done.status, done.stderr) == (0, "")
    assert content["status"] == "not_measured" and content["value_deg"] is None
    assert files_in(folder) == {"clip.mp4"}


def test_nobody_in_view_is_a_result(folder: Path) -> None:
    outputs = ("--json", "o.json", "--overlay", "o.mp4", "--report", "o.html")
    done = run_rom("assess", "clip.mp4", *MEASURE, *outputs, cwd=folder)
    assert (done.status, done.stderr) == (0, "")
    assert "not measured" in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    issues = strict_json((folder / "o.json").read_text())["issues"]
    assert any(issue["severity"] == "blocking" for issue in issues)
    assert files_in(folder) == {"clip.mp4", "o.json", "o.mp4", "o.html"}


def test_a_single_frame_is_a_result(folder: Path) -> None:
    write_clip(folder / "frame.mp4", times_s=[0.0])
    done = run_rom("assess", "frame.mp4", *MEASURE, "--json", "-", cwd=folder)
    assert strict_json(done.stdout)["status"] == "not_measured"
    assert (done.status, done.stderr) == (0, "")


def test_both_sides_come_under_left_and_right(folder: Path) -> None:
    arguments = ("--movement", "trunk_lateral_flexion", "--side", "both", "--json", "-")
    content = strict_json(run_rom("assess", "clip.mp4", *arguments, cwd=folder).stdout)
    assert set(content) == {"left", "right", "arc_deg"}
    for side in ("left", "right"):
        validate(content[side], "assessment")


def test_a_comparison_without_a_person_is_a_result(folder: Path) -> None:
    videos = ("--pre1", "clip.mp4", "--post", "clip.mp4")
    done = run_rom("compare", *MEASURE, *videos, "--json", "-", "--report", "o.html", cwd=folder)
    content = strict_json(done.stdout)
    validate(content, "comparison")
    assert content["verdict"] == "not_comparable" and content["change_deg"] is None
    assert (done.status, done.stderr) == (0, "")
    assert files_in(folder) == {"clip.mp4", "o.html"}


def test_movements_are_listed_and_explained(tmp_path: Path) -> None:
    done = run_rom("movements", cwd=tmp_path)
    assert done.status == 0
    for name in MOVEMENTS:
        assert name in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    for movement in list(MOVEMENTS.values())[::6]:
        explained = run_rom("movements", movement.name, cwd=tmp_path).stdout
        assert " ".join(movement.start.split()) in " ".join(explained.split())


def test_doctor_reports_as_json(tmp_path: Path) -> None:
    done = run_rom("doctor", "--json", cwd=tmp_path)
    content = strict_json(done.stdout)
    assert set(content) == {"ok", "checks", "model_path"}
    checks = content["checks"]
    assert isinstance(checks, list) and checks
    for check in checks:
        assert set(check) == {"name", "ok", "message"}
    assert content["ok"] is all(check["ok"] for check in checks)
    assert done.status == (0 if content["ok"] else 1)


def test_help_and_version_are_no_errors(tmp_path: Path) -> None:
    for arguments in (["--help"], ["--version"], ["assess", "--help"], ["compare", "--help"]):
        done = run_rom(*arguments, cwd=tmp_path)
        assert (done.status, done.stderr) == (0, "")
        assert done.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["assess", "--movement", "none", "x"]])
def test_short_answers_wait_for_no_heavy_package(tmp_path: Path, arguments: list[str]) -> None:
    code = (
        "import sys; from rom.cli import main; main(sys.argv[1:]);"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
    )
    loaded = set(done.stderr.split())
    assert "rom.commands.arguments" in loaded
    assert not loaded & {"ai_edge_litert", "av", "cv2", "mediapipe", "rich", "scipy", "streamlit"}


# What goes wrong on the way


def test_native_prints_do_not_reach_standard_output(tmp_path: Path) -> None:
    code = (
        "import os\n"
        "from rom.terminal import run_command\n"
        "def command():\n"
        "    os.write(1, b'native noise')\n"
        "    os.write(2, b'native log')\n"
        "    print('{}')\n"
        "    return 0\n"
        "raise SystemExit(run_command(command))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, b"{}", b"")


def test_the_unexpected_is_one_line_and_status_1(tmp_path: Path) -> None:
    code = (
        "from rom.terminal import run_command\n"
        "def command():\n"
        "    raise ZeroDivisionError('first\\nsecond')\n"
        "raise SystemExit(run_command(command))\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    line = assert_one_line(done.stderr)
    assert "ZeroDivisionError" in line and "report" in line
    assert done.returncode == 1
    debug = subprocess.run(command, env=environment(ROM_DEBUG="1"), capture_output=True, text=True)
    assert "Traceback" in debug.stderr and debug.returncode == 1


@pytest.mark.skipif(os.name != "posix", reason="pipes break differently on Windows")
def test_a_reader_that_leaves_is_one_line_and_status_1(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        rom_command("assess", "clip.mp4", *MEASURE, "--json", "-"),
        cwd=folder,
        env=environment(),
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writing)
    assert_one_line(done.stderr)
    assert done.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device /dev/full (Linux)")
def test_no_room_for_standard_output_is_one_line_and_status_1(folder: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            rom_command("assess", "clip.mp4", *MEASURE, "--json", "-"),
            cwd=folder,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert "full" in assert_one_line(done.stderr)
    assert done.returncode == 1


def test_the_installed_command_is_this_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["scripts"]["rom"].partition(":")
    assert getattr(importlib.import_module(module), name) is main
