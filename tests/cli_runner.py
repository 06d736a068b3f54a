"""Run the `rom` command the way a shell does."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Finished:
    """What a command left behind."""

    status: int
    stdout: str
    stderr: str


def rom_command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "rom", *map(str, arguments)]


def environment(**extra: str) -> dict[str, str]:
    """The user's own, with the checkout on the path."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return os.environ | {"PYTHONPATH": path} | extra


def run_rom(*arguments: str | Path, cwd: Path, **extra: str) -> Finished:
    done = subprocess.run(
        rom_command(*arguments),
        cwd=cwd,
        env=environment(**extra),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
    )
    return Finished(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def assert_one_line(stderr: str) -> str:
    """Check that an error is exactly one line, and return it."""
    assert stderr.endswith("\n") and stderr.count("\n") == 1, f"expected one line, got {stderr!r}"
    assert "Traceback" not in stderr
    return stderr.strip()


def files_in(folder: Path) -> set[str]:
    """Names of all files below a folder, hidden ones included."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
