"""What all pages share: they open, read well and ask nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_server import AppServer, running_app
from chromium import browser, serious_findings, wait_until_drawn
from playwright.sync_api import Page, Playwright

PAGES = ("", "check", "progress", "people", "compare", "recordings", "settings", "help")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_opens_and_can_be_used_by_all(
    page: Page, app: AppServer, name: str, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{app.url}/{name}")
    wait_until_drawn(page)
    assert serious_findings(page) == []


def test_without_a_login_nobody_sees_the_records_from_another_computer(
    playwright: Playwright, tmp_path: Path
) -> None:
    name = "rom.example"
    mapped = (f"--host-resolver-rules=MAP {name} 127.0.0.1",)
    with (
        running_app(tmp_path / "app", options=("--browser.serverAddress", name)) as server,
        browser(playwright, tmp_path / "profile", arguments=mapped) as context,
    ):
        page = context.pages[0]
        page.goto(server.url.replace("localhost", name))
        page.get_by_text(f"opened at {name} and nobody can log in").wait_for()
        assert page.get_by_role("heading", level=1).count() == 0
