"""The whole check of a region in a browser, from the click to the result; nobody outside is asked.

Server and browser are traced from their start. The browser is Chromium without its own services,
which ask its maker whatever page is open.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_server import AppServer, running_app
from check_driver import LONG_MS, CheckDriver
from chromium import Watched, browser
from network_trace import outside_lines, tracing
from playwright.sync_api import Page, Playwright, expect

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not sys.platform.startswith("linux"), reason="system calls are traced with strace, on Linux"
    ),
]

PRE1 = "shoulder_abduction_left_pre1.mp4"
PRE2 = "shoulder_abduction_left_pre2.mp4"
POST = "shoulder_abduction_left_post.mp4"
SIDEWAYS = "Arm, sideways and up, left and right"
LEFT_OUT = [
    "Left arm, forwards and up",
    "Left arm, backwards",
    "Right arm, forwards and up",
    "Right arm, backwards",
]


BARE_CHROMIUM = "chromium-headless-shell"
HOW_TO_ENABLE = f"this test needs {BARE_CHROMIUM}: on Debian, sudo apt-get install {BARE_CHROMIUM}"
IPV6_PROBE = "2001:4860:4860::8888"
"""Chromium connects a datagram socket to it, which sends nothing, to see whether IPv6 is there."""


@pytest.fixture
def traces(tmp_path: Path) -> dict[str, Path]:
    return {each: tmp_path / f"{each}.trace" for each in ("server", "browser")}


@pytest.fixture
def app(tmp_path: Path, traces: dict[str, Path]) -> Iterator[AppServer]:
    with running_app(tmp_path / "app", before=tuple(tracing(traces["server"]))) as server:
        yield server


@pytest.fixture
def page(
    playwright: Playwright,
    app: AppServer,
    watched: Watched,
    tmp_path: Path,
    traces: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Page]:
    """A page of a browser that is traced; at the end nothing went wrong."""
    monkeypatch.setenv("ROM_CHROMIUM", str(_traced(_bare_chromium(), traces["browser"], tmp_path)))
    size = {"width": 1280, "height": 900}
    with browser(playwright, tmp_path / "profile", viewport=size) as context:
        context.set_default_timeout(20_000)
        watched.watch(context)
        yield context.pages[0]
    assert not watched.errors
    assert watched.hosts == {"localhost"}


def _bare_chromium() -> str:
    found = shutil.which(BARE_CHROMIUM)
    if found is None and os.environ.get("CI"):
        pytest.fail(HOW_TO_ENABLE)
    return found or pytest.skip(HOW_TO_ENABLE)


def _traced(program: str, trace: Path, folder: Path) -> Path:
    """A program that starts another one under a trace."""
    path = folder / "traced-browser"
    path.write_text(f'#!/bin/sh\nexec {shlex.join([*tracing(trace), program])} "$@"\n')
    path.chmod(0o755)
    return path


def test_the_check_of_a_region_finds_the_limited_side_and_asks_nobody_outside(
    page: Page, app: AppServer, traces: dict[str, Path]
) -> None:
    driver = CheckDriver(page, app.url)
    driver.open()
    driver.choose_region("Shoulder")
    driver.tell_age("1976")
    driver.start(PRE1)
    driver.none_of_the_safety_questions()
    driver.answer("The front of the shoulder (left)")
    driver.stage.get_by_role("button", name="Done").click()
    driver.rate(2)
    expect(driver.title).to_have_text(SIDEWAYS)
    driver.move_both_sides(PRE1, POST)  # the warm-up
    driver.rate(3)
    driver.move_both_sides(PRE1, POST)
    driver.rate(4)
    for title in LEFT_OUT:
        driver.leave_out(title)
    driver.wait_step("your question")
    words = driver.stage.locator(".text")
    expect(words).to_contain_text("The most limited today: left arm, sideways and up.")
    expect(words).to_contain_text("Not filmed: left arm, forwards and up; left arm, backwards;")
    expect(driver.stage.get_by_role("img", name=re.compile("Results on the body"))).to_be_visible()
    driver.answer("Left arm, sideways and up")
    driver.wait_kind("timer")
    rest_began_s = time.monotonic()
    driver.camera.stand(PRE2)
    driver.wait_kind("take")
    assert time.monotonic() - rest_began_s > 110.0
    driver.repeat_movement(PRE2)
    driver.rate(4)
    driver.wait_step("massage")
    driver.camera.stand(POST)
    driver.massage()
    driver.repeat_movement(POST)
    driver.rate(2)

    changed = page.get_by_text(re.compile(r"You moved \d+° further than before"))
    changed.wait_for(timeout=LONG_MS)
    change_deg = int(re.search(r"\d+", changed.inner_text())[0])  # type: ignore[index]
    assert change_deg == pytest.approx(27.0, abs=5)  # true: 146.0 after 119.0
    page.get_by_text("Your pain rating fell from 4 to 2").first.wait_for()
    assert not [*app.data_dir.rglob("*.mp4"), *app.data_dir.rglob("*.webm")]

    port = app.url.rpartition(":")[2]
    for name, trace in traces.items():
        calls = trace.read_text(errors="replace")
        assert f"htons({port})" in calls, f"the trace sees the {name}"
        assert [line for line in outside_lines(calls) if IPV6_PROBE not in line] == []
