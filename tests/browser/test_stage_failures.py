"""What goes wrong around the stage: a sentence each, a way on, and no step shown meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from app_server import AppServer
from cable import cable_to
from chromium import browser, chromium_path, serious_findings
from fake_camera import write_camera_file
from playwright.sync_api import Page, Playwright, expect
from stage_steps import (
    CLIP,
    SIZE,
    heading,
    heard,
    notice,
    open_stage,
    port_of,
    running_stage,
    start,
    wait_until_heard,
)

from rom.ui.stage.words import LOST, WORDS

REFUSED_ONCE = """(() => {
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    let refused = false;
    navigator.mediaDevices.getUserMedia = async (asked) => {
        if (refused) return real(asked);
        refused = true;
        throw new DOMException("", "NAME");
    };
})();"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    chromium_path()
    with running_stage(tmp_path_factory.mktemp("stage")) as running:
        yield running


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_camera_file([CLIP], tmp_path_factory.mktemp("camera") / "arm.mjpeg")


@pytest.fixture
def seeing(playwright: Playwright, camera: Path, tmp_path: Path) -> Iterator[Page]:
    """A page of a browser with a camera."""
    with browser(playwright, tmp_path / "profile", camera=camera, viewport=SIZE) as context:
        context.set_default_timeout(20_000)
        yield context.pages[0]


def go_to_the_take(page: Page) -> None:
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name=WORDS["done"]).click()
    expect(page.get_by_text("repetition 1 of 3")).to_be_visible()


def test_without_a_camera_the_session_goes_by_clicks(
    playwright: Playwright, server: AppServer, tmp_path: Path
) -> None:
    before = len(heard(server))
    with browser(playwright, tmp_path / "profile", viewport=SIZE) as context:
        page = context.pages[0]
        open_stage(page, server.url)
        start(page)
        notice(page, "missing")
        assert serious_findings(page) == []
        page.get_by_role("button", name=WORDS["again"]).click()
        notice(page, "missing")
        page.get_by_role("button", name=WORDS["without_camera"]).click()
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name=WORDS["done"]).click()
        lost = wait_until_heard(server, "lost", after=before)
        assert lost["reason"] == LOST["camera"]


@pytest.mark.parametrize(
    ("error", "name"),
    [("NotAllowedError", "denied"), ("NotReadableError", "busy"), ("TypeError", "camera_failed")],
)
def test_a_camera_that_cannot_be_used_is_explained_and_asked_for_again(
    seeing: Page, server: AppServer, error: str, name: str
) -> None:
    seeing.add_init_script(REFUSED_ONCE.replace("NAME", error))
    open_stage(seeing, server.url)
    start(seeing)
    notice(seeing, name)
    seeing.get_by_role("button", name=WORDS["again"]).click()
    heading(seeing, "Rehearsal")


def test_the_browser_itself_denies_the_camera(
    playwright: Playwright, server: AppServer, tmp_path: Path
) -> None:
    flags = ("--use-fake-device-for-media-stream", "--deny-permission-prompts")
    with browser(playwright, tmp_path / "profile", viewport=SIZE, arguments=flags) as context:
        open_stage(context.pages[0], server.url)
        start(context.pages[0])
        notice(context.pages[0], "denied")


def test_a_camera_that_goes_away_pauses_and_loses_the_recording(
    seeing: Page, server: AppServer
) -> None:
    before = len(heard(server))
    open_stage(seeing, server.url)
    start(seeing)
    go_to_the_take(seeing)
    seeing.locator("video").evaluate(
        "video => video.srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))"
    )
    notice(seeing, "unplugged")
    lost = wait_until_heard(server, "lost", after=before)
    assert lost["reason"] == LOST["camera"]
    seeing.get_by_role("button", name=WORDS["again"]).click()
    heading(seeing, "Paused")
    seeing.get_by_role("button", name=WORDS["resume"]).click()
    expect(seeing.get_by_text("repetition 1 of 3")).to_be_visible()


def test_a_browser_that_cannot_record_says_so(seeing: Page, server: AppServer) -> None:
    seeing.add_init_script("delete window.MediaRecorder;")
    open_stage(seeing, server.url)
    start(seeing)
    notice(seeing, "no_recorder")


def test_an_address_without_https_says_how_to_get_a_camera(
    playwright: Playwright, camera: Path, tmp_path: Path
) -> None:
    name = "rom.example"
    options = ("--browser.serverAddress", name)
    with (
        running_stage(tmp_path / "stage", options=options) as server,
        browser(
            playwright,
            tmp_path / "profile",
            camera=camera,
            viewport=SIZE,
            arguments=(f"--host-resolver-rules=MAP {name} 127.0.0.1",),
        ) as context,
    ):
        page, port = context.pages[0], port_of(server)
        open_stage(page, f"http://{name}:{port}")
        start(page)
        notice(page, "insecure")
        expect(page.get_by_role("alert")).to_contain_text(f"http://localhost:{port}")
        page.get_by_role("button", name=WORDS["without_camera"]).click()
        heading(page, "Rehearsal")


def test_a_lost_connection_hides_the_step_and_resumes_it(seeing: Page, server: AppServer) -> None:
    before = len(heard(server))
    with cable_to(port_of(server)) as cable:
        open_stage(seeing, f"http://localhost:{cable.port}")
        start(seeing)
        go_to_the_take(seeing)
        cable.pull()
        notice(seeing, "lost")
        lost = wait_until_heard(server, "lost", after=before)
        assert lost["reason"] == LOST["connection"]
        wait_until_heard(server, "act", after=before, option="pause")
        cable.plug()
        expect(seeing.get_by_text("repetition 1 of 3")).to_be_visible()
        wait_until_heard(server, "act", after=before, option="resume")


def test_an_app_that_was_started_again_has_forgotten_the_stage(
    seeing: Page, tmp_path: Path
) -> None:
    with running_stage(tmp_path) as first:
        port = port_of(first)
        open_stage(seeing, first.url)
        start(seeing)
        heading(seeing, "Rehearsal")
        clips = first.data_dir / "clips"
        assert any(clips.iterdir())
    assert not any(clips.iterdir())
    notice(seeing, "lost")
    with running_stage(tmp_path, port=port):
        notice(seeing, "gone")
        seeing.get_by_role("button", name=WORDS["close"]).click()
        expect(seeing.get_by_role("dialog")).to_be_hidden()
