"""The README tells the truth: its commands run, and what it shows is what one sees."""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
from pathlib import Path

import pytest
from cli_runner import ROOT, run_rom

from rom.commands.arguments import build_parser

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [path for path in ROOT.glob("*.md") if path.name != "CHANGELOG.md"]


def block_after(comment: str) -> str:
    """The fenced block that follows a comment."""
    found = re.search(rf"<!-- {re.escape(comment)} -->\n```\w*\n(.*?)```", README, re.DOTALL)
    assert found, f"README.md has no block marked {comment!r}"
    return found[1]


def blocks_after(comment: str) -> list[str]:
    """All fenced blocks that follow such a comment."""
    return re.findall(rf"<!-- {re.escape(comment)} -->\n```\w*\n(.*?)```", README, re.DOTALL)


TESTED = [line for block in blocks_after("tested") for line in block.splitlines() if line]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the sample clips where the README expects them."""
    shutil.copytree(ROOT / "sample_videos", tmp_path / "sample_videos")
    return tmp_path


@pytest.mark.parametrize("line", TESTED)
def test_commands_run(checkout: Path, line: str) -> None:
    program, *arguments = shlex.split(line)
    assert program == "rom"
    done = run_rom(*arguments, cwd=checkout)
    assert (done.status, done.stderr) == (0, ""), line
    assert done.stdout.strip()
    named = re.findall(r"(?:--json|--overlay|--report) ([\w.]+)", line)
    assert all((checkout / name).stat().st_size > 500 for name in named)


def without_figures(text: str) -> list[str]:
    """Words only: figures may move by a degree from one processor to another."""
    return re.sub(r"[-+−]?\d+(\.\d+)?", "#", text).split()


@pytest.mark.long
def test_the_output_shown_is_the_output(tmp_path: Path) -> None:
    done = run_rom("demo", cwd=tmp_path)
    assert (done.status, done.stderr) == (0, "")
    assert without_figures(done.stdout) == without_figures(block_after("output of: rom demo"))
    assert {path.name for path in (tmp_path / "rom-demo").iterdir()} == {
        "after.mp4",
        "before.mp4",
        "comparison.html",
    }
    assert run_rom("demo", cwd=tmp_path).status == 0, "a second demonstration must work too"


def test_every_command_is_documented() -> None:
    (commands,) = (action for action in build_parser()._actions if action.dest == "command")
    assert commands.choices
    for name in commands.choices:
        assert f"| `rom {name}` |" in README
    for name in re.findall(r"\| `rom (\w+)` \|", README):
        assert name in commands.choices, f"README.md names `rom {name}`, which does not exist"


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    """The options of a parser and of all its commands."""
    options = set()
    for action in parser._actions:
        options |= set(action.option_strings)
        if isinstance(action, argparse._SubParsersAction):
            options |= set().union(*map(options_of, action.choices.values()))
    return options


def test_options_that_are_named_exist() -> None:
    known = options_of(build_parser())
    assert {"--movement", "--paper"} <= known
    assert set(re.findall(r"(?<![\w-])--[a-z][\w-]*", README)) <= known


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_make_targets_that_are_named_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for path in DOCUMENTS:
        named = re.findall(r"(?:^|`)make ([a-z-]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(named) <= targets


def test_the_picture_is_small() -> None:
    pictures = list((ROOT / "docs").glob("*.png"))
    assert pictures
    assert all(path.stat().st_size < 150_000 for path in pictures)
