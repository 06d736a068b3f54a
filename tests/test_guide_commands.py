"""`rom plan`, `rom screen` and `rom massage`, as one uses them at a terminal or from a pipe."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from cli_runner import Finished, assert_one_line, environment, files_in, rom_command, run_rom
from forbidden_words import forbidden_in
from guide_builders import FIRST, TARGETS, answers, cleared, planned, reached, yes_to

from rom.clinical.massage.plan import plan_massage
from rom.clinical.massage.record import record_from_json
from rom.clinical.massage.session import StepKind
from rom.clinical.screen import Screen, screen_from_json
from rom.clinical.screening import first_groups
from rom.clinical.stretching import stretch_guidance
from rom.reports.plan_text import plan_text

POSIX = pytest.mark.skipif(os.name != "posix", reason="uses signals and a pseudo-terminal")

TARGET = ("shoulder_flexion", "--side", "left")
SHORT = (*TARGET, "--muscle", "pectoralis_minor")  # its timer is the shortest: 10 s
SLOW = (*SHORT, "--seconds", "20")  # time enough for what is done while it runs
PATIENCE_S = 180  # with a machine that has other work
NO_TO_ALL = "0\n" * len(first_groups())
UP_TO_THE_HOLD = "no\n0\n0\n" + "4\n\n3\nyes\n"


def answered(*arguments: str | Path, typed: str, cwd: Path, **extra: str) -> Finished:
    done = subprocess.run(
        rom_command(*arguments),
        cwd=cwd,
        env=environment(**extra),
        input=typed.encode(),
        capture_output=True,
        timeout=PATIENCE_S,
    )
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with answers that allow everything, `screen.json`."""
    screen = Screen(answers=answers(), answered_at="2030-01-31T10:00:00+01:00")
    (tmp_path / "screen.json").write_text(json.dumps(screen.to_json()), encoding="utf-8")
    return tmp_path


# Wrong usage


WRONG_USAGE = {
    "no movement": (["plan"], "rom movements"),
    "no such movement": (["plan", "jump"], "rom movements"),
    "side missing": (["plan", "knee_flexion"], "--side"),
    "no such question": ([*("plan", *TARGET), "--flare", "FL9"], "FL1"),
    "side of what has none": (["plan", "cervical_flexion", "--side", "left"], "leave it out"),
    "both sides at once": (["plan", "knee_flexion", "--side", "both"], "left"),
    "no such region": (["plan", *TARGET, "--hurts", "nose"], "--regions"),
    "a misspelt region": (["plan", *TARGET, "--hurts", "left_shoulder_frnt"], "shoulder_front"),
    "a side of the middle": (["plan", *TARGET, "--hurts", "left_sacrum"], "leave the side out"),
    "no such muscle": (["massage", *TARGET, "--muscle", "deltiod"], "deltoid"),
    "a muscle of another movement": (["plan", *TARGET, "--muscle", "soleus"], "not listed"),
    "a muscle for professionals": (["massage", *TARGET, "--muscle", "subscapularis"], "hands"),
    "too short": (["massage", *TARGET, "--seconds", "19"], "20 to 60"),
    "too long": (["massage", *TARGET, "--seconds", "61"], "20 to 60"),
    "seconds in words": (["plan", *TARGET, "--seconds", "long"], "20 to 60"),
    "too many spots": (["plan", *TARGET, "--spots", "7"], "1 to 6"),
    "no spots": (["plan", *TARGET, "--spots", "0"], "1 to 6"),
    "too many rounds": (["massage", *TARGET, "--rounds", "3"], "1 or 2"),
    "another limited one, no side": (["plan", *TARGET, "--also-limited", "knee_flexion"], ":left"),
    "another limited one, unknown": (["plan", *TARGET, "--also-limited", "jump:left"], "movement"),
    "an unknown readiness": (["plan", *TARGET, "--readiness", "NOW"], "STRETCH_READY"),
    "no such answers": (["plan", *TARGET, "--screen", "none.json"], "none.json"),
    "answers that are none": (["massage", *TARGET, "--screen", "list.txt"], "list.txt"),
    "a massage that is none": (["plan", *TARGET, "--earlier", "screen.json"], "rom massage"),
    "output of another kind": (["massage", *TARGET, "--out", "o.txt"], ".json"),
    "output is the input": (
        ["massage", *TARGET, "--screen", "screen.json", "--out", "screen.json", "--force"],
        "another file",
    ),
    "output exists": (["screen", "--out", "screen.json"], "--force"),
}


@pytest.mark.parametrize(("arguments", "hint"), WRONG_USAGE.values(), ids=WRONG_USAGE.keys())
def test_wrong_usage_is_one_line_and_nothing_is_recorded(
    folder: Path, arguments: list[str], hint: str
) -> None:
    (folder / "list.txt").write_text("eggs, bread")
    before = {name: (folder / name).read_bytes() for name in files_in(folder)}
    done = run_rom(*arguments, cwd=folder)
    assert hint in assert_one_line(done.stderr)
    assert (done.status, done.stdout) == (2, "")
    assert {name: (folder / name).read_bytes() for name in files_in(folder)} == before


# The plan


@pytest.mark.parametrize("columns", [80, 40, 24])
def test_a_plan_fits_its_screen(tmp_path: Path, columns: int) -> None:
    arguments = (*TARGET, "--hurts", "left_shoulder_front", "--readiness", "STRENGTH_READY")
    done = run_rom("plan", *arguments, cwd=tmp_path, COLUMNS=str(columns))
    assert (done.status, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= columns
    assert "rom screen" in " ".join(done.stdout.split())


def test_a_plan_says_why_and_what_is_for_professionals(tmp_path: Path) -> None:
    text = run_rom("plan", *TARGET, "--hurts", "left_shoulder_back", cwd=tmp_path).stdout
    said = " ".join(text.split())
    assert "the back of the shoulder (left), where it hurts" in said
    assert said.index("1. teres major") < said.index("6. subscapularis")
    risky = said[said.index("6. subscapularis") : said.index("Now:")]
    assert "professional" in risky and " s of " not in risky


def test_a_plan_as_json_is_alone_on_standard_output(folder: Path) -> None:
    done = run_rom("plan", *TARGET, "--screen", "screen.json", "--json", "-", cwd=folder)
    content = json.loads(done.stdout, parse_constant=lambda name: pytest.fail(name))
    assert (done.status, done.stderr, content["schema"]) == (0, "", "rom.plan/1")
    assert content["screened"] is True and len(content["spots"]) == 2


@pytest.mark.parametrize(
    ("flare", "stretches"),
    [((), True), (("FL1",), True), (("FL1", "FL2"), False), (("FL4",), False)],
)
def test_a_flare_up_holds_stretching_back(
    tmp_path: Path, flare: tuple[str, ...], stretches: bool
) -> None:
    told = ("--flare", *flare) if flare else ()
    ready = ("--readiness", "STRETCH_READY", "--json", "-")
    done = run_rom("plan", *TARGET, *ready, *told, cwd=tmp_path)
    stretching = json.loads(done.stdout)["stretching"]
    assert bool(stretching["stretches"]) == stretches
    if flare == ("FL1",):
        assert stretching["dose"]["id"] == "mild"


@pytest.mark.parametrize("width", [24, 49, 80])
def test_every_movement_has_a_plan_that_may_be_said(width: int) -> None:
    for target, label in product(TARGETS, (None, "STRETCH_PARALLEL", "STRENGTH_READY")):
        guidance = stretch_guidance(*target, label)
        for allowed in (None, cleared(), cleared(yes_to("F12")), cleared(yes_to("F23"))):
            plan = plan_massage(*target, clearance=allowed)
            text = plan_text(plan, guidance, clearance=allowed, width=width)
            assert max(map(len, text.splitlines())) <= width
            said = " ".join(text.split())
            avoided = [each.muscle.avoid or "" for each in plan.candidates]
            for words in avoided:  # they may name conditions, to keep away from a spot
                said = said.replace(" ".join(words.split()), "")
            assert not [*forbidden_in(said)]
            assert "None" not in said and "{" not in said


def test_an_answer_that_stops_everything_leaves_no_plan(folder: Path) -> None:
    screen = Screen(answers=answers(yes_to("F07")), answered_at="2030-01-31T10:00:00")
    (folder / "stop.json").write_text(json.dumps(screen.to_json()))
    done = run_rom("plan", *TARGET, "--screen", "stop.json", cwd=folder)
    assert "before you go on" in done.stdout and "teres" not in done.stdout


def test_regions_are_listed(tmp_path: Path) -> None:
    done = run_rom("plan", "--regions", cwd=tmp_path)
    assert done.status == 0 and "front:" in done.stdout and "shoulder_blade" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


# The safety questions


def test_answers_are_kept(tmp_path: Path) -> None:
    typed = NO_TO_ALL.replace("0\n", "2, 3\nleft_calf right_hip_outer\n", 4).replace(
        "2, 3\nleft_calf right_hip_outer\n", "0\n", 3
    )
    # In the fourth group: a bruise and an implant, each with its places.
    typed = typed.replace("left_calf right_hip_outer\n", "left_calf\n?\nright_hip_outer\n")
    done = answered("screen", "--out", "s.json", typed=typed, cwd=tmp_path)
    assert (done.status, done.stderr) == (0, "")
    kept = {answer.id: answer for answer in screen_from_json(read(tmp_path / "s.json")).answers}
    assert kept.keys() == {each.id for each in FIRST}
    assert [name for name, answer in kept.items() if answer.yes] == ["F13", "F15"]
    assert [place.name for place in kept["F13"].places] == ["left_calf"]
    assert [place.name for place in kept["F15"].places] == ["right_hip_outer"]
    assert "away from the place" in done.stdout


def test_an_emergency_ends_the_questions_and_is_kept(tmp_path: Path) -> None:
    done = answered("screen", "--out", "s.json", typed="1\n", cwd=tmp_path)
    assert (done.status, done.stderr) == (0, "")
    assert "Please stop here" in done.stdout and "Last group" not in done.stdout
    assert any(answer["yes"] for answer in read(tmp_path / "s.json")["answers"])


def test_a_wrong_answer_is_asked_again(tmp_path: Path) -> None:
    typed = "7\nmaybe\n0 1\n\nnone\n" + NO_TO_ALL
    done = answered("screen", typed=typed, cwd=tmp_path)
    assert done.status == 0 and done.stdout.count("answer again") == 4


@pytest.mark.parametrize("typed", ["", "0\n", "nonsense\n"])
def test_an_input_that_ends_records_nothing(tmp_path: Path, typed: str) -> None:
    done = answered("screen", "--out", "s.json", typed=typed, cwd=tmp_path)
    assert "input ended" in assert_one_line(done.stderr)
    assert done.status == 2 and files_in(tmp_path) == set()


def test_a_later_visit_asks_little(folder: Path) -> None:
    typed = "no\n0\n0\n"
    arguments = ("screen", "--earlier", "screen.json", "--out", "new.json")
    done = answered(*arguments, typed=typed, cwd=folder)
    assert (done.status, done.stderr) == (0, "")
    assert "Is anything new" in done.stdout
    assert len(read(folder / "new.json")["answers"]) >= len(FIRST)


# The massage


def massage(*more: str | Path, typed: str, cwd: Path, **extra: str) -> Finished:
    arguments = ("massage", *SHORT, "--screen", "screen.json", "--out", "m.json", *more)
    return answered(*arguments, typed=typed, cwd=cwd, **extra)


def test_a_massage_from_a_pipe_is_kept(folder: Path) -> None:
    typed = UP_TO_THE_HOLD + "2\n\n3\n"
    done = massage("--hurts", "left_chest", typed=typed, cwd=folder, NO_COLOR="1", COLUMNS="40")
    assert (done.status, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 40
    assert "\x1b" not in done.stdout and "\r" not in done.stdout
    record = record_from_json(read(folder / "m.json"))
    (spot,) = record.spots
    assert record.finished and (record.pain_before, record.pain_after) == (4, 3)
    assert (spot.outcome, spot.held_s, spot.reported_as) == ("completed", 10, "active")
    assert record.screen is not None and len(record.screen.answers) >= len(FIRST)
    again = answered("screen", "--earlier", "m.json", typed="no\n0\n0\n", cwd=folder)
    assert again.status == 0, "the answers in the record serve for the next visit"


def test_pain_of_11_is_asked_again_and_pain_of_8_stops(folder: Path) -> None:
    done = massage(typed="no\n0\n0\n11\n-1\nmuch\n8\n", cwd=folder)
    assert (done.status, done.stderr) == (0, "")
    assert done.stdout.count("give it again") == 3
    content = read(folder / "m.json")
    assert (content["pain_before"], content["stopped"], content["spots"]) == (8, "pain_high", [])


@pytest.mark.parametrize(
    ("word", "symptom"), [("dizziness", "dizziness"), ("A change of sight", "vision")]
)
def test_a_symptom_stops_at_once(folder: Path, word: str, symptom: str) -> None:
    done = massage(typed=f"no\n0\n0\n4\n\n3\n{word}\n", cwd=folder)
    assert done.status == 0 and "Let go" in done.stdout
    content = read(folder / "m.json")
    assert content["stopped"] == symptom and content["spots"][0]["outcome"] == "stopped"


@pytest.mark.parametrize("typed", ["", "no\n", "no\n0\n0\n", "no\n0\n0\n11\n"])
def test_nothing_is_recorded_before_the_first_rating(folder: Path, typed: str) -> None:
    done = massage(typed=typed, cwd=folder)
    assert_one_line(done.stderr)
    assert done.status == 2 and not (folder / "m.json").exists()


def test_an_input_that_ends_midway_keeps_what_was_done(folder: Path) -> None:
    done = massage(typed="no\n0\n0\n4\n\n3\n", cwd=folder)
    assert "m.json" in assert_one_line(done.stderr)
    assert done.status == 2
    assert read(folder / "m.json")["spots"][0]["outcome"] == "unfinished"


def test_an_earlier_record_is_kept_unless_forced(folder: Path) -> None:
    (folder / "m.json").write_text("mine")
    done = massage(typed="no\n0\n0\n9\n", cwd=folder)
    assert "--force" in assert_one_line(done.stderr)
    assert (folder / "m.json").read_text() == "mine"
    assert massage("--force", typed="no\n0\n0\n9\n", cwd=folder).status == 0
    assert read(folder / "m.json")["pain_before"] == 9


def test_two_rounds_today_are_enough(folder: Path) -> None:
    session = reached(StepKind.SYMPTOMS, planned(only=("pectoralis_minor",)))
    today = session.record(datetime.now().astimezone().isoformat())
    for name in ("a.json", "b.json"):
        (folder / name).write_text(json.dumps(today.to_json()))
    once = run_rom("plan", *SHORT, "--earlier", "a.json", "--json", "-", cwd=folder)
    assert len(json.loads(once.stdout)["spots"]) == 1
    done = massage("--earlier", "a.json", "b.json", typed="no\n0\n0\n", cwd=folder)
    assert (done.status, done.stderr) == (0, "")
    assert "no spot to press" in done.stdout and "2 times today" in done.stdout


def test_an_emergency_stops_before_the_massage(folder: Path) -> None:
    done = massage(typed="no\n2\n", cwd=folder)
    assert (done.status, done.stderr) == (0, "")
    assert "Please stop here" in done.stdout and "Press" not in done.stdout
    assert read(folder / "m.json")["spots"] == []


@POSIX
def test_ctrl_c_keeps_what_was_done(folder: Path) -> None:
    process = subprocess.Popen(
        rom_command("massage", *SLOW, "--screen", "screen.json", "--out", "m.json"),
        cwd=folder,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(UP_TO_THE_HOLD.encode())
    process.stdin.flush()
    shown = b""
    while b"Hold it steady" not in shown:
        piece = os.read(process.stdout.fileno(), 4096)
        assert piece, "the command ended before it could be interrupted"
        shown += piece
    time.sleep(2.0)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=PATIENCE_S)
    assert "m.json" in assert_one_line(stderr.decode())
    assert process.returncode == 130
    (spot,) = read(folder / "m.json")["spots"]
    assert spot["outcome"] == "unfinished" and 1 < spot["held_s"] < 20
    assert files_in(folder) == {"screen.json", "m.json"}


@POSIX
def test_a_narrow_terminal_shows_the_timer_and_takes_a_rating_meanwhile(folder: Path) -> None:
    terminal = Terminal(folder, columns=40)
    terminal.answer("yes or no:", "no")
    terminal.answer("0:", "0")
    terminal.answer("0:", "0")
    terminal.answer("0 to 10:", "4")
    terminal.answer("skip:", "")
    terminal.answer("0 to 10:", "4")
    terminal.answer("tender:", "no")
    terminal.answer(" s left", "4.5")  # more than a light muscle takes
    terminal.answer("0 to 10:", "2")
    terminal.answer(" s left", "tingling")
    terminal.answer("0 to 10:", "3")
    shown = terminal.finish()
    assert "Ease off" in shown and "nerve" in shown
    content = read(folder / "m.json")
    (spot,) = content["spots"]
    assert (spot["outcome"], spot["reason"]) == ("stopped", "tingling")
    assert 0 < spot["held_s"] < 20
    assert max(map(len, shown.replace("\r", "\n").split("\n"))) <= 40


class Terminal:
    """`rom massage` in a pseudo-terminal."""

    def __init__(self, folder: Path, *, columns: int) -> None:
        import fcntl
        import pty
        import struct
        import termios

        self._own, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
        arguments = ("massage", *SLOW, "--screen", "screen.json", "--out", "m.json")
        variables = environment()
        variables.pop("COLUMNS", None)
        self._process = subprocess.Popen(
            rom_command(*arguments),
            cwd=folder,
            env=variables,
            stdin=child,
            stdout=child,
            stderr=child,
        )
        os.close(child)
        self._shown = ""
        self._seen = 0

    def answer(self, prompt: str, text: str) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while prompt not in self._shown[self._seen :]:
            assert time.monotonic() < deadline_s and self._read(), self._shown
        self._seen = len(self._shown)
        os.write(self._own, f"{text}\n".encode())

    def finish(self) -> str:
        while self._read():
            pass
        assert self._process.wait(timeout=PATIENCE_S) == 0
        os.close(self._own)
        return self._shown

    def _read(self) -> bool:
        ready, _, _ = select.select([self._own], [], [], PATIENCE_S)
        try:
            piece = os.read(self._own, 4096) if ready else b""
        except OSError:  # Linux says so when the other end is closed
            piece = b""
        self._shown += piece.decode().replace("\r\n", "\n")
        return bool(piece)


@POSIX
def test_a_closed_standard_input_is_one_line(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rom", "screen", "--out", "s.json"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        preexec_fn=lambda: os.close(0),
    )
    assert_one_line(done.stderr.decode())
    assert done.returncode == 2 and not (folder / "s.json").exists()
