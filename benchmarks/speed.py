"""Time `rom assess` against bare loops, in turns, each in a process of its own.

    python -m benchmarks.speed [VIDEO] [--minutes 2] [--rounds 3] [--only-rom]

Without VIDEO, a 1920×1080 video of that many minutes is made from a sample clip.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import av

from benchmarks.video import benchmark_video
from rom.pose.model import ensure_model
from rom.samples import DEMO_MOVEMENT, DEMO_SIDE

ROM = "rom assess"
SAME_MODE = "bare loop, IMAGE mode, 3 people"
CHEAPEST = "bare loop, VIDEO mode, 1 person"
LIMITS = {SAME_MODE: 1.2, CHEAPEST: 1.5}
START_LIMIT_S = 3.0
MEMORY_LIMIT_MB = 900.0
POLL_S = 0.05


@dataclass(frozen=True)
class Cost:
    """Wall clock, processor time of all threads, and peak resident memory of one process."""

    time_s: float
    processor_s: float
    memory_mb: float


def measure(command: list[str]) -> Cost:
    """Run a command to its end."""
    started_s = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    memory_mb, pid = 0.0, 0
    while pid == 0:
        memory_mb = max(memory_mb, _peak_memory_mb(process.pid))
        time.sleep(POLL_S)
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
    time_s = time.perf_counter() - started_s
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with status {process.returncode}")
    if not memory_mb:
        memory_mb = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return Cost(time_s, usage.ru_utime + usage.ru_stime, memory_mb)


def _peak_memory_mb(pid: int) -> float:
    """Peak of the program itself; 0 where the system does not tell.

    What `wait4` reports also counts this process, of which the other one began as a copy.
    """
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return max(
        (float(line.split()[1]) / 1e3 for line in lines if line.startswith("VmHWM")), default=0
    )


def commands(video: Path) -> dict[str, list[str]]:
    """Name the processes that are compared."""
    python = [sys.executable, "-m"]
    measured = ["--movement", DEMO_MOVEMENT, "--side", DEMO_SIDE.value, "--json", "-"]
    loop = [*python, "benchmarks.bare_loop", str(video)]
    return {
        ROM: [*python, "rom", "assess", str(video), *measured],
        SAME_MODE: [*loop, "IMAGE", "3", "1280"],
        CHEAPEST: [*loop, "VIDEO", "1", "1280"],
    }


def main() -> None:
    """Print the figures as lines of a table."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("video", nargs="?", type=Path)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only-rom", action="store_true", help="memory of long videos")
    arguments = parser.parse_args()
    ensure_model()
    video = arguments.video or benchmark_video(arguments.minutes * 60)
    compared = commands(video)
    if arguments.only_rom:
        compared = {ROM: compared[ROM]}
    costs: dict[str, list[Cost]] = {name: [] for name in compared}
    for _ in range(arguments.rounds):
        for name, command in compared.items():
            costs[name].append(measure(command))
    _report(costs)
    print(f"start to result on one frame: {_start_time_s(video):.1f} s (limit {START_LIMIT_S} s)")


def _report(costs: dict[str, list[Cost]]) -> None:
    times_s = {name: _median(cost.time_s for cost in each) for name, each in costs.items()}
    processor_s = {name: _median(cost.processor_s for cost in each) for name, each in costs.items()}
    for name, each in costs.items():
        memory_mb = max(cost.memory_mb for cost in each)
        spread = ", ".join(f"{cost.time_s:.1f}" for cost in each)
        print(
            f"{name:32} {times_s[name]:6.1f} s ({spread}), processor {processor_s[name]:6.1f} s,"
            f" peak {memory_mb:.0f} MB"
        )
    for name, limit in LIMITS.items():
        if name in times_s:
            print(
                f"rom / {name}: {times_s[ROM] / times_s[name]:.2f} (limit {limit}),"
                f" processor {processor_s[ROM] / processor_s[name]:.2f}"
            )
    print(f"memory limit of rom: {MEMORY_LIMIT_MB:.0f} MB")


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


def _start_time_s(video: Path) -> float:
    """Time of a whole run on a single frame, an upper bound of the time to the first frame."""
    with tempfile.TemporaryDirectory() as folder:
        single = Path(folder) / "frame.mp4"
        with av.open(str(video)) as source, av.open(str(single), "w") as target:
            frame = next(source.decode(video=0))
            stream = target.add_stream("libx264", rate=30)
            stream.width, stream.height, stream.pix_fmt = frame.width, frame.height, "yuv420p"
            target.mux(stream.encode(frame))
            target.mux(stream.encode())
        return _median(measure(commands(single)[ROM]).time_s for _ in range(3))


if __name__ == "__main__":
    main()
