"""A running app and a browser for each test of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from app_server import AppServer, running_app
from chromium import Watched, browser, chromium_path
from playwright.sync_api import Page, Playwright, sync_playwright


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    chromium_path()
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """The app with empty records, shared by the tests of a module."""
    chromium_path()
    with running_app(tmp_path_factory.mktemp("app")) as server:
        yield server


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
def page(
    playwright: Playwright, app: AppServer, watched: Watched, tmp_path: Path
) -> Iterator[Page]:
    """A page of a browser without a camera.

    At the end nothing went wrong and no other host was asked.
    """
    size = {"width": 1280, "height": 900}
    with browser(playwright, tmp_path / "profile", viewport=size) as context:
        context.set_default_timeout(20_000)
        watched.watch(context)
        yield context.pages[0]
    assert not watched.errors
    assert watched.hosts <= {"localhost"}
