"""The finer picture for the face: asked for while it is needed, and a word where it is not had."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from app_server import AppServer
from chromium import CAMERA, browser, chromium_path
from fake_camera import write_camera_file
from playwright.sync_api import Page, Playwright, expect
from stage_steps import CLIP, SIZE, heading, heard, running_stage, start, wait_until_heard

from rom.ui.stage.words import WORDS

WAIT_MS = 30_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    chromium_path()
    with running_stage(tmp_path_factory.mktemp("stage")) as running:
        yield running


def begin(page: Page, server: AppServer) -> None:
    """Come to the first scene of a rehearsal whose take is one of the neck."""
    page.goto(f"{server.url}/?face")
    page.get_by_role("button", name="New").click()
    start(page)
    heading(page, "Rehearsal")


def go_to_the_take(page: Page) -> None:
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name=WORDS["done"]).click()


def wait_for_size(page: Page, width_px: int, height_px: int) -> None:
    """Wait until the camera gives pictures of this size."""
    video = page.locator("dialog video")
    expect(video).to_have_js_property("videoWidth", width_px, timeout=WAIT_MS)
    expect(video).to_have_js_property("videoHeight", height_px, timeout=WAIT_MS)


def test_a_camera_that_can_gives_the_finer_picture_as_long_as_the_face_is_measured(
    playwright: Playwright, server: AppServer, tmp_path: Path
) -> None:
    """Chromium's own camera has both sizes; nobody is in its picture."""
    before = len(heard(server))
    flags = tuple(CAMERA)
    with browser(playwright, tmp_path / "profile", viewport=SIZE, arguments=flags) as context:
        page = context.pages[0]
        begin(page, server)
        wait_for_size(page, 640, 480)
        go_to_the_take(page)
        wait_for_size(page, 1280, 720)
        wait_until_heard(server, "saw", after=before, width_px=1280)
        expect(page.locator("dialog .status")).not_to_contain_text(WORDS["coarse"])
        page.get_by_role("button", name="That was it").click()
        wait_for_size(page, 640, 480)


def test_a_camera_that_cannot_is_told_of_with_what_to_do(
    playwright: Playwright, server: AppServer, tmp_path: Path
) -> None:
    camera = write_camera_file([CLIP], tmp_path / "arm.mjpeg")
    with browser(playwright, tmp_path / "profile", camera=camera, viewport=SIZE) as context:
        page = context.pages[0]
        begin(page, server)
        status = page.locator("dialog .status")
        expect(status).not_to_contain_text(WORDS["coarse"])
        go_to_the_take(page)
        expect(status).to_contain_text(WORDS["coarse"], timeout=WAIT_MS)
        wait_for_size(page, 640, 480)
        page.get_by_role("button", name="That was it").click()
        heading(page, "How much did it hurt?")
        expect(status).not_to_contain_text(WORDS["coarse"], timeout=WAIT_MS)
