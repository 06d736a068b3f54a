"""Debian's Chromium, driven by Playwright, with a file for a camera."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Playwright

HOW_TO_ENABLE = (
    "this test needs Chromium: on Debian and Ubuntu, sudo apt-get install chromium;"
    " elsewhere, set ROM_CHROMIUM to the program"
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
CAMERA = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
SERIOUS = {"serious", "critical"}


def chromium_path() -> str:
    """Where the browser is; without one the test is skipped, and in CI it fails."""
    found = os.environ.get("ROM_CHROMIUM") or shutil.which("chromium")
    if found is None and os.environ.get("CI"):
        pytest.fail(HOW_TO_ENABLE)
    if found is None:
        pytest.skip(HOW_TO_ENABLE)
    return found


@dataclass
class Watched:
    """What a browser said and asked for while it was used."""

    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of a browser, also to those that are opened later."""
        context.on("request", lambda request: self._asked(request.url))
        context.on("console", self._said)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss"):
            self.hosts.add(parts.hostname or "")

    def _said(self, message: Any) -> None:
        # On a page below "/", Streamlit looks for its server at two addresses; one is not there.
        looked_for = "/_stcore/" in message.location["url"] and "404" in message.text
        if message.type == "error" and not looked_for:
            self.errors.append(message.text)


@contextmanager
def browser(
    playwright: Playwright,
    profile: Path,
    *,
    camera: Path | None = None,
    arguments: tuple[str, ...] = (),
    **options: Any,
) -> Iterator[BrowserContext]:
    """Open a browser with a profile of its own; `camera` is a file of `write_camera_file`.

    Without a file the browser has no camera. `options` are those of a Playwright context.
    """
    flags = [*QUIET, *arguments]
    if camera is not None:
        flags += [*CAMERA, f"--use-file-for-fake-video-capture={camera}"]
    context = playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path=chromium_path(),
        headless=True,
        args=flags,
        **options,
    )
    try:
        yield context
    finally:
        context.close()


def serious_findings(page: Page) -> list[str]:
    """What axe finds wrong with a page that keeps somebody from using it."""
    # A colour on its way to another one is neither; waiting for all would take a page that rests.
    page.evaluate(
        "() => document.getAnimations()"
        ".filter((each) => each instanceof CSSTransition).forEach((each) => each.finish())"
    )
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['help']} ({', '.join(str(n['target']) for n in each['nodes'][:3])})"
        for each in found
        if each["impact"] in SERIOUS
    ]


def dress(page: Page, scheme: Scheme) -> None:
    """Have the page drawn in light or dark colours, as the system would ask for."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "(scheme) => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme",
        arg=scheme,
    )


def wait_until_drawn(page: Page) -> None:
    """Wait until a page has its heading, its script has ended and the app's style is there."""
    page.get_by_role("heading", level=1).wait_for()
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.wait_for_function("getComputedStyle(document.body).getPropertyValue('--ink')")
