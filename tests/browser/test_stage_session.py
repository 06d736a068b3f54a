"""A whole session on the stage, in a browser that sees somebody raise an arm."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_server import AppServer
from chromium import Watched, browser, chromium_path, serious_findings
from fake_camera import write_camera_file
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from stage_steps import (
    CLIP,
    SIZE,
    heading,
    heard,
    open_stage,
    running_stage,
    start,
    wait_until_heard,
)

from rom.ui.stage.words import WORDS
from rom.video.length import recording_length_s
from rom.video.reading import open_video

STARTUP_S = 0.3
"""Of a recording, the most that may be missing at its beginning."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    chromium_path()
    with running_stage(tmp_path_factory.mktemp("stage")) as running:
        yield running


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_camera_file([CLIP], tmp_path_factory.mktemp("camera") / "arm.mjpeg")


@pytest.fixture
def context(
    playwright: Playwright, camera: Path, watched: Watched, tmp_path: Path
) -> Iterator[BrowserContext]:
    """A browser with a camera; at the end nothing went wrong and no other host was asked."""
    with browser(playwright, tmp_path / "profile", camera=camera, viewport=SIZE) as opened:
        opened.set_default_timeout(20_000)
        watched.watch(opened)
        yield opened
    assert not watched.errors
    assert watched.hosts <= {"localhost"}


def degrees_shown(page: Page) -> float:
    number = page.locator("dialog .number")
    expect(number).to_contain_text("°")
    return float(number.inner_text().rstrip("°"))


def expect_list(page: Page, *, columns: int) -> None:
    """Many answers stand one under another, large enough to be hit and not higher than needed."""
    answers = page.locator("dialog .options .option")
    lefts = "(all) => new Set(all.map((e) => Math.round(e.getBoundingClientRect().left))).size"
    assert answers.evaluate_all(lefts) == columns
    boxes = [each.bounding_box() for each in answers.all()]
    heights_px = [box["height"] for box in boxes if box]
    assert len(heights_px) == len(boxes) and min(heights_px) >= 44
    assert sorted(heights_px)[1] < 70 < heights_px[-1], "one long answer makes no others high"
    done = page.get_by_role("button", name=WORDS["done"])
    expect(done).to_be_in_viewport(ratio=1)


def test_a_session_by_keyboard_alone(context: BrowserContext, server: AppServer) -> None:
    page, before = context.pages[0], len(heard(server))
    open_stage(page, server.url)
    page.get_by_role("button", name=WORDS["start"]).focus()
    page.keyboard.press("Enter")
    heading(page, "Rehearsal")
    expect(page.get_by_role("img", name="Left arm, sideways and up")).to_be_visible()
    expect(page.locator("dialog").get_by_role("status")).to_have_text(
        "Step back until all of you is in the picture."
    )
    assert serious_findings(page) == []

    page.keyboard.press("Enter")  # the highlighted answer
    heading(page, "Where is it stiff or sore?")
    page.keyboard.press("2")
    expect(page.get_by_role("button", name="Shoulder", pressed=True)).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    expect_list(page, columns=1)
    page.set_viewport_size(SIZE)
    expect_list(page, columns=2)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Neck")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Neck", pressed=True)).to_be_visible()
    assert serious_findings(page) == []
    page.get_by_role("button", name=WORDS["done"]).focus()
    page.keyboard.press("Enter")

    heading(page, "Left arm, sideways up")
    expect(page.get_by_text("repetition 1 of 3")).to_be_visible()
    assert serious_findings(page) == []
    page.keyboard.press("Escape")
    heading(page, "Paused")
    page.keyboard.press("Escape")
    heading(page, "Left arm, sideways up")
    wait_until_heard(server, "clip", after=before)
    before_clip = len(heard(server))
    wait_until_heard(server, "saw", after=before_clip, people=1)
    page.keyboard.press("1")
    wait_until_heard(server, "clip", after=before_clip)

    heading(page, "How much did it hurt?")
    page.keyboard.press("4")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="5", pressed=True)).to_be_visible()
    assert serious_findings(page) == []
    page.keyboard.press("Enter")

    heading(page, "Rest")
    expect(page.locator("dialog .ring-text")).to_contain_text("1:5")
    assert serious_findings(page) == []
    page.keyboard.press("1")
    heading(page, "Measuring")
    page.keyboard.press("1")
    expect(page.get_by_text("The stage has ended.")).to_be_visible()

    acts = [each for each in heard(server)[before:] if each["event"] == "act"]
    assert [each["option"] for each in acts] == (
        ["next", "shoulder", "neck", "done", "pause", "resume", "next", "rate", "next", "next"]
    )
    assert next(each["value"] for each in acts if each["option"] == "rate") == 5


def test_the_recording_has_every_moment_of_the_scene(
    context: BrowserContext, server: AppServer
) -> None:
    page, before = context.pages[0], len(heard(server))
    open_stage(page, server.url)
    start(page)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name=WORDS["done"]).click()
    heading(page, "Left arm, sideways up")
    began_s = time.monotonic()
    shown = [degrees_shown(page)]
    while time.monotonic() - began_s < 6.0:
        shown.append(degrees_shown(page))
    page.get_by_role("button", name="That was it").click()
    length_s = time.monotonic() - began_s
    clip = wait_until_heard(server, "clip", after=before)
    assert clip["mode"] == "0o600"
    sent = (Path(clip["kept"]).parent / f"{clip['name']}.pieces").read_bytes()
    assert Path(clip["kept"]).read_bytes().startswith(sent)
    pieces = [each for each in heard(server)[before:] if each["event"] == "piece"]
    assert len(pieces) > length_s / 2  # they came while it was recorded
    assert len(sent) > 0.6 * Path(clip["kept"]).stat().st_size
    kept = Path(clip["kept"])
    assert recording_length_s(kept) == pytest.approx(length_s, abs=STARTUP_S)
    with open_video(kept) as reader:
        times_s = [frame.time_s for frame in reader]
        assert (reader.info.width_px, reader.info.height_px) == (640, 480)
    assert len(times_s) > 10 * length_s
    assert max(shown) - min(shown) > 60.0  # the arm was followed up and down


def test_a_page_that_is_loaded_again_goes_on_where_it_was(
    context: BrowserContext, server: AppServer
) -> None:
    page, before = context.pages[0], len(heard(server))
    page.goto(f"{server.url}/?at_once")  # the click on the page before is enough
    page.get_by_role("button", name="New").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Hip").click()
    wait_until_heard(server, "act", after=before, option="hip")
    page.reload()
    page.get_by_text(WORDS["start_resume"]).wait_for()
    start(page)
    heading(page, "Where is it stiff or sore?")
    expect(page.get_by_role("button", name="Hip", pressed=True)).to_be_visible()


def test_two_windows_have_a_stage_each_and_a_hidden_page_pauses_its_own(
    context: BrowserContext, server: AppServer
) -> None:
    first, second = context.pages[0], context.new_page()
    for page in (first, second):
        open_stage(page, server.url)
        start(page)
        heading(page, "Rehearsal")
    second.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", { value: true, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    heading(second, "Paused")
    expect(second.get_by_text(WORDS["hidden"])).to_be_visible()
    heading(first, "Rehearsal")


def test_older_browsers_that_do_not_tell_of_new_pictures_still_send_them(
    context: BrowserContext, server: AppServer
) -> None:
    page, before = context.pages[0], len(heard(server))
    page.add_init_script("delete HTMLVideoElement.prototype.requestVideoFrameCallback;")
    page.add_init_script("delete window.speechSynthesis;")
    open_stage(page, server.url)
    start(page)
    wait_until_heard(server, "saw", after=before, people=1, width_px=640)
