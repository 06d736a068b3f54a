"""Time live results: a browser with a camera, the stage's server, and a bare loop beside them.

    python -m benchmarks.live [--seconds 30] [--rounds 3] [--soak MINUTES]

Browser and server run on this computer. The bare loop reads the same pictures, one after the other,
with nothing around it: it says what the computer can do at the moment. `--soak` watches the
server's memory, files and threads for so long. Needs Chromium and the `dev` extra.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from app_server import AppServer, running_app  # noqa: E402
from chromium import browser  # noqa: E402
from fake_camera import write_camera_file  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from rom.pose.estimator import PoseEstimator  # noqa: E402
from rom.pose.model import ensure_model  # noqa: E402
from rom.samples import demo_videos  # noqa: E402
from rom.ui.stage.words import WORDS  # noqa: E402
from rom.video.jpeg import decode_jpeg  # noqa: E402

LIMITS = {"results": 24.0, "age": 40.0}
"""Results in a second at least, and their median age in ms at most, on two quiet cores."""
SETTLE_S = 8.0
BARE_PICTURES = 200
JPEG_START = b"\xff\xd8\xff"
SAMPLE_S = 15.0
GROWTH_LIMITS = {"memory_mb": 30.0, "files": 5.0, "threads": 4.0}


@dataclass(frozen=True)
class Round:
    """What one round of looking showed."""

    results_hz: float
    camera_hz: float
    median_age_ms: float
    late_age_ms: float
    """95 of 100 results are younger."""
    processor_frac: float
    """Of one core, taken by the server."""


@dataclass(frozen=True)
class Held:
    """What a process holds at one moment."""

    memory_mb: float
    files: float
    threads: float


def held_by(pid: int) -> Held:
    """Read it from /proc (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    values = dict(line.split(":", 1) for line in lines if ":" in line)
    return Held(
        memory_mb=float(values["VmRSS"].split()[0]) / 1e3,
        files=float(len(os.listdir(f"/proc/{pid}/fd"))),
        threads=float(values["Threads"]),
    )


def processor_s(pid: int) -> float:
    """Time of the processor that a process has taken so far, in all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Bare:
    """What the bare loop does: pictures a second, and processor time for each."""

    pictures_hz: float
    processor_ms: float


def bare_loop(camera: Path) -> Bare:
    """Decode and read pictures, with nothing else to do."""
    parts = camera.read_bytes().split(JPEG_START)[1 : BARE_PICTURES + 1]
    pictures = [JPEG_START + part for part in parts]
    with PoseEstimator(ensure_model(), max_people=2) as estimator:
        estimator.estimate(decode_jpeg(pictures[0]), 0.0)
        began_s, processor_began_s = time.perf_counter(), time.process_time()
        for number, picture in enumerate(pictures[1:], 1):
            estimator.estimate(decode_jpeg(picture), number / 30)
        count = len(pictures) - 1
        return Bare(
            pictures_hz=count / (time.perf_counter() - began_s),
            processor_ms=1000 * (time.process_time() - processor_began_s) / count,
        )


@contextmanager
def looking(folder: Path, camera: Path) -> Iterator[tuple[AppServer, Page]]:
    """A stage in a browser, under way and settled."""
    script = ROOT / "benchmarks" / "live_app.py"
    environment = {"PYTHONPATH": str(ROOT)}
    with (
        running_app(folder, environment=environment, script=script) as server,
        sync_playwright() as playwright,
        browser(
            playwright,
            folder / "profile",
            camera=camera,
            viewport={"width": 1280, "height": 900},
        ) as context,
    ):
        page = context.pages[0]
        page.goto(server.url)
        page.get_by_role("button", name=WORDS["start"]).click()
        page.get_by_text("1", exact=True).first.wait_for()
        time.sleep(SETTLE_S)
        yield server, page


def figures(page: Page) -> dict[str, Any]:
    """What the stage in the browser counted."""
    found: dict[str, Any] = page.locator("dialog").evaluate("dialog => dialog.figures")
    return found


def look(server: AppServer, page: Page, seconds: float) -> Round:
    """Let it run for a while and say how fast it was."""
    before, processor_before_s = figures(page), processor_s(server.process.pid)
    began_s = time.perf_counter()
    time.sleep(seconds)
    passed_s = time.perf_counter() - began_s
    taken_s = processor_s(server.process.pid) - processor_before_s
    after = figures(page)
    since_ms = before["came_ms"][-1]
    pairs = zip(after["came_ms"], after["age_ms"], strict=True)
    ages_ms = sorted(age for came, age in pairs if came > since_ms)
    return Round(
        results_hz=len(ages_ms) / passed_s,
        camera_hz=(after["presented"] - before["presented"]) / passed_s,
        median_age_ms=statistics.median(ages_ms),
        late_age_ms=ages_ms[int(0.95 * len(ages_ms))],
        processor_frac=taken_s / passed_s,
    )


def soak(server: AppServer, page: Page, minutes: float) -> bool:
    """Watch what the server holds; whether it holds no more at the end than at the beginning."""
    samples = []
    until_s = time.monotonic() + 60.0 * minutes
    while time.monotonic() < until_s:
        time.sleep(SAMPLE_S)
        samples.append(held_by(server.process.pid))
        last = samples[-1]
        came = len(figures(page)["came_ms"])
        print(
            f"{len(samples) * SAMPLE_S / 60:6.2f} min  {last.memory_mb:7.1f} MB  "
            f"{last.files:4.0f} files  {last.threads:4.0f} threads  ({came} results kept)",
            flush=True,
        )
    quarter = max(1, len(samples) // 4)
    steady = True
    for name, limit in GROWTH_LIMITS.items():
        first, final = (
            statistics.median(getattr(sample, name) for sample in part)
            for part in (samples[quarter : 2 * quarter] or samples, samples[-quarter:])
        )
        steady &= final - first <= limit
        print(f"growth of {name}: {final - first:+.1f} (limit {limit:.0f})")
    return steady


def main() -> None:
    """Print the figures as lines."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--soak", type=float, metavar="MINUTES")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        camera = write_camera_file(demo_videos()[:1], folder / "camera.mjpeg")
        if arguments.soak:
            with looking(folder, camera) as (server, page):
                sys.exit(0 if soak(server, page, arguments.soak) else 1)
        bare = [bare_loop(camera)]
        rounds = []
        for number in range(arguments.rounds):
            with looking(folder / str(number), camera) as (server, page):
                rounds.append(look(server, page, arguments.seconds))
            bare.append(bare_loop(camera))
            _report(rounds[-1])
    _summary(rounds, bare)


def _report(one: Round) -> None:
    print(
        f"{one.results_hz:5.1f} results/s of {one.camera_hz:.1f} pictures/s, age median"
        f" {one.median_age_ms:.0f} ms, 95 % {one.late_age_ms:.0f} ms, server"
        f" {100 * one.processor_frac:.0f} % of a core",
        flush=True,
    )


def _summary(rounds: list[Round], bare: list[Bare]) -> None:
    results_hz = statistics.median(one.results_hz for one in rounds)
    age_ms = statistics.median(one.median_age_ms for one in rounds)
    alone_hz = statistics.median(one.pictures_hz for one in bare)
    alone_ms = statistics.median(one.processor_ms for one in bare)
    server_ms = statistics.median(1000 * one.processor_frac / one.results_hz for one in rounds)
    print(f"bare loop: {alone_hz:.1f} pictures/s, {1000 / alone_hz:.1f} ms each")
    print(f"processor time: server {server_ms:.1f} ms a result, bare loop {alone_ms:.1f} ms")
    print(f"results: {results_hz:.1f}/s (limit {LIMITS['results']:.0f}), {age_ms:.0f} ms old")
    print(f"  (limit {LIMITS['age']:.0f}), which is {age_ms * alone_hz / 1000:.2f} bare pictures")
    print(f"results / what camera and bare loop allow: {results_hz / min(30.0, alone_hz):.2f}")


if __name__ == "__main__":
    main()
