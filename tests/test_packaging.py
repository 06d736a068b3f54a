"""What `pip install .` puts into an environment."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cli_runner import ROOT

FITTED = {"rom/kinematics/data/posture.npz"}
"""What `calibration/fit.py` made itself."""
KEPT_SUFFIXES = {".py", ".typed", ".csv", ".json", ".toml", ".html", ".css", ".mp4"}
KEPT_SUFFIXES |= {".typ"}  # reports: a template
KEPT_SUFFIXES |= {".js", ".svg"}  # the app: what the browser runs, drawings


@pytest.mark.long
def test_the_wheel_holds_all_that_commands_need(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        entry_points = next(name for name in archive.namelist() if "entry_points" in name)
        assert "rom = rom.cli:main" in archive.read(entry_points).decode()
    package_files = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "rom").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    samples = {f"rom/sample_videos/{path.name}" for path in (ROOT / "sample_videos").iterdir()}
    assert "rom/sample_videos/manifest.csv" in samples
    assert names == package_files | samples | {"rom/ui/.streamlit/config.toml"}
    assert {Path(name).suffix for name in names - FITTED} <= KEPT_SUFFIXES, "no weights, no films"
    assert wheel.stat().st_size < 8_000_000
