"""Ctrl-C and a full disk: the right exit status, one line, and no file left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_runner import assert_one_line, environment, files_in, rom_command, run_rom
from video_builders import noisy_barcode, steady_times_s, write_clip

pytestmark = pytest.mark.skipif(os.name != "posix", reason="uses signals, limits and mounts")

MEASURE = ("--movement", "shoulder_abduction", "--side", "left")
OUTPUTS = ("--json", "o.json", "--overlay", "o.mp4", "--report", "o.html")


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten minutes of tiny pictures: takes far longer to measure than the tests wait."""
    path = tmp_path_factory.mktemp("clips") / "long.mp4"
    return write_clip(path, times_s=steady_times_s(18_000, 30), size_px=(64, 48))


@pytest.fixture(scope="module")
def grainy_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds that no encoder makes small."""
    path = tmp_path_factory.mktemp("clips") / "grainy.mp4"
    return write_clip(path, times_s=steady_times_s(60, 30), picture=noisy_barcode)


def start(clip: Path, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        rom_command("assess", clip, *MEASURE, *OUTPUTS),
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def assert_stopped(process: subprocess.Popen[str], folder: Path, *, status: int) -> None:
    stdout, stderr = process.communicate(timeout=60)
    assert_one_line(stderr)
    assert (process.returncode, stdout) == (status, "")
    assert files_in(folder) == set()


@pytest.mark.parametrize("after_s", [1.5, 4.0])
def test_ctrl_c_ends_with_130_and_leaves_nothing(
    tmp_path: Path, long_clip: Path, after_s: float
) -> None:
    process = start(long_clip, tmp_path)
    time.sleep(after_s)
    assert process.poll() is None, "the command ended before it could be interrupted"
    process.send_signal(signal.SIGINT)
    assert_stopped(process, tmp_path, status=130)


def test_ctrl_c_while_writing_leaves_nothing(tmp_path: Path, grainy_clip: Path) -> None:
    process = start(grainy_clip, tmp_path)
    deadline_s = time.monotonic() + 60
    while not any(path.stat().st_size for path in _present(tmp_path)):
        assert process.poll() is None and time.monotonic() < deadline_s
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    assert_stopped(process, tmp_path, status=130)


def _present(folder: Path) -> Iterator[Path]:
    """Files that are still there by the time they are looked at."""
    for path in folder.iterdir():
        if path.exists():
            yield path


def test_a_background_job_of_a_script_can_be_stopped(tmp_path: Path, long_clip: Path) -> None:
    # Such a job starts with Ctrl-C ignored.
    process = subprocess.Popen(
        rom_command("assess", long_clip, *MEASURE, *OUTPUTS),
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    assert_stopped(process, tmp_path, status=130)


def test_being_terminated_leaves_nothing(tmp_path: Path, long_clip: Path) -> None:
    process = start(long_clip, tmp_path)
    time.sleep(1.5)
    process.terminate()
    assert_stopped(process, tmp_path, status=128 + signal.SIGTERM)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if sys.platform != "linux" or mount is None or unmount is None or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs Linux and root")
    options = ["-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    done = subprocess.run([mount, *options], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"this system does not let root mount a small disk: {done.stderr.strip()}")
    yield folder
    subprocess.run([unmount, str(folder)], check=True)


def test_a_full_disk_ends_with_1_and_leaves_nothing(small_disk: Path, grainy_clip: Path) -> None:
    done = run_rom("assess", grainy_clip, *MEASURE, *OUTPUTS, cwd=small_disk)
    line = assert_one_line(done.stderr)
    assert "full" in line and "o.mp4" in line
    assert (done.status, done.stdout) == (1, "")
    assert files_in(small_disk) == set()


def test_the_largest_file_size_ends_with_1_and_leaves_nothing(
    tmp_path: Path, grainy_clip: Path
) -> None:
    import resource

    done = subprocess.run(
        rom_command("assess", grainy_clip, *MEASURE, *OUTPUTS),
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, 16_384)),
    )
    assert_one_line(done.stderr)
    assert (done.returncode, done.stdout) == (1, "")
    assert files_in(tmp_path) == set()
