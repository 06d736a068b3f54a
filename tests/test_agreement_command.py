"""`rom agreement` as its user runs it, and own error figures on their way into a result."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from agreement_builders import CONDITIONS, baseline_pairs, reference_pairs
from cli_runner import Finished, assert_one_line, environment, files_in, rom_command, run_rom
from clinical_builders import measured
from scipy import stats

from rom.clinical.agreement.pairs_table import pairs_table_text
from rom.commands.agreement import agreement
from rom.commands.arguments import parse_arguments
from rom.errors import InputError, OutputError, UsageError

DIFFERENCES = [4.0, -3.0, 6.0, 1.0, -5.0, 2.0, 7.0, -1.0, 3.0, 5.0, -6.0, 2.0]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pairs.csv").write_text(pairs_table_text(reference_pairs(DIFFERENCES)))
    (tmp_path / "base.csv").write_text(pairs_table_text(baseline_pairs([1, 6, -4, 9, -7, 3])))
    result = json.dumps(measured(139.5).to_json())
    (tmp_path / "result.json").write_text(result)
    return tmp_path


def run(*arguments: str) -> int:
    return agreement(parse_arguments(["agreement", *arguments]))


def answered(answers: str, *arguments: str, cwd: Path) -> Finished:
    done = subprocess.run(
        rom_command(*arguments),
        cwd=cwd,
        env=environment(),
        input=answers.encode(),
        capture_output=True,
        timeout=120,
    )
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_text_page_json_and_figures(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--report", "a.html", "--json", "a.json", "--save", "clinic.json")
    assert run("pairs.csv", "base.csv", *options) == 0
    text = capsys.readouterr().out
    low, high = stats.t.interval(
        0.95, len(DIFFERENCES) - 1, np.mean(DIFFERENCES), stats.sem(DIFFERENCES)
    )
    for words in (
        "Arm, sideways and up: ours against a goniometer",
        "12 pairs of 12 people, 2026-03-01 to 2026-03-12",
        f"+1.2° ({low:.1f}° to {high:.1f}°), ours − instrument".replace("-", "−"),
        "12 pairs of 12 people with a goniometer, up to",
        "Carkeet A. Exact parametric confidence intervals",
        "Wrote clinic.json",
    ):
        assert words in " ".join(text.split()), words
    assert max(map(len, text.splitlines())) <= 80
    content = json.loads((folder / "a.json").read_text())
    assert content["schema"] == "rom.agreement/1"
    assert content["agreements"][0]["limits"]["bias"]["value"] == 1.25
    assert content["agreements"][0]["limits"]["method"] == "exact"
    page = (folder / "a.html").read_text()
    assert page.count('class="pair"') == 12
    assert "Read the instrument before you look at our value." in page.replace("\n", " ")
    assert json.loads((folder / "clinic.json").read_text())["name"] == "clinic"


def test_json_alone_on_standard_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("pairs.csv", "--json", "-") == 0
    (found,) = json.loads(capsys.readouterr().out)["agreements"]
    assert (found["people"], found["pairs"], found["instrument"]) == (12, 12, "goniometer")


def test_every_problem_of_every_table_is_told(folder: Path) -> None:
    head = "person,movement,side,rom_deg,reference_deg,instrument,date\n"
    (folder / "one.csv").write_text(f"{head}A,knee_flexion,left,x,1,other,2026-03-01\n")
    (folder / "two.csv").write_text(f"{head}A,knee_flexion,,1,1,ruler,2026-03-01\n")
    done = run_rom("agreement", "one.csv", "two.csv", cwd=folder)
    lines = done.stderr.splitlines()
    assert (done.status, done.stdout, len(lines)) == (2, "", 4)
    assert lines[0].startswith("rom: one.csv, line 2: rom_deg: Expected a number")
    assert lines[-1].startswith("rom: Expected tables of pairs, found 3 problems")
    alone = run_rom("agreement", "one.csv", cwd=folder)
    assert "line 2" in assert_one_line(alone.stderr)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (("none.csv",), InputError, "cannot be read"),
        (("pairs.csv", "--movement", "knee_flexion"), InputError, "none that fits among 12"),
        (("pairs.csv", "--movement", "neck"), UsageError, "name of a movement"),
        (("pairs.csv", "--save", "pairs.csv"), UsageError, "--save to name a .json"),
        (("pairs.csv", "--json", "pairs.csv", "--force"), OutputError, "beside the input"),
        (("pairs.csv", "--reference", "12"), UsageError, "Expected --add"),
        (("pairs.csv", "--add"), UsageError, "name them with --person"),
        (("a.csv", "b.csv", "--add", "--person", "P"), UsageError, "one table"),
        (("a.csv", "--add", "--person", "P\n"), InputError, "input ended"),
        (("a.csv", "--add", "--person", "P\u202e"), UsageError, "can be shown"),
        (("result.json", "--add", "--person", "P"), InputError, "has other columns"),
        (("a.csv", "--add", "--person", "P", "--result", "pairs.csv"), InputError, "JSON"),
        (("base.csv", "--save", "b.json", "--person", "Q"), InputError, "none that fits"),
    ],
)
def test_wrong_use_is_told(
    folder: Path, arguments: tuple[str, ...], error: type[Exception], words: str
) -> None:
    before = files_in(folder)
    with pytest.raises(error, match=re.escape(words)):
        run(*arguments)
    assert files_in(folder) == before


def test_a_result_and_a_reading_become_a_pair(folder: Path) -> None:
    add = ("agreement", "mine.csv", "--add", "--person", "=P1", "--result", "result.json")
    done = run_rom(*add, "--reference", "141,5", "--instrument", "goniometer", cwd=folder)
    assert done.status == 0 and "a difference of −2.0°" in done.stdout
    asked = answered("soon\n140\ninc\n", *add, "--day", "2026-03-04", cwd=folder)
    assert asked.status == 0 and "got 'soon'" in asked.stdout
    assert asked.stdout.index("The instrument read") < asked.stdout.index("Ours 139.5°")
    lines = (folder / "mine.csv").read_text().splitlines()
    assert len(lines) == 3
    assert lines[2].startswith("'=P1,shoulder_abduction,left,2026-03-04,139.5,140.0,inclinometer")
    assert lines[2].endswith(",4.0,0.7," + "ab" * 32 + ",")


def test_pairs_are_typed_and_kept_one_by_one(folder: Path) -> None:
    typed = "shoulder_abduction\nleft\n142\n139,5\ngon\nknee_wobble\ncervical_flexion\n50\n"
    done = answered(typed, "agreement", "new.csv", "--add", "--person", "P7", cwd=folder)
    assert done.status == 2 and "1 of them kept in new.csv" in done.stderr
    assert "Expected a movement's name" in done.stdout
    assert (folder / "new.csv").read_text().count("P7") == 1


def test_a_result_without_a_value_makes_no_pair(folder: Path) -> None:
    bound = json.dumps(measured(58.0, movement="cervical_rotation", bound="at_least").to_json())
    (folder / "bound.json").write_text(bound)
    add = ("new.csv", "--add", "--person", "P", "--result", "bound.json", "--reference", "60")
    with pytest.raises(InputError, match="only a bound"):
        run(*add)
    assert not (folder / "new.csv").exists()


def test_own_figures_need_pairs_that_tell_how_they_were_filmed(folder: Path) -> None:
    bare = [replace(pair, conditions=None) for pair in reference_pairs(DIFFERENCES)]
    (folder / "bare.csv").write_text(pairs_table_text(bare))
    with pytest.raises(InputError, match="these cannot: .* got 0"):
        run("bare.csv", "--save", "own.json")
    assert CONDITIONS.yaw_deg is not None and not (folder / "own.json").exists()
