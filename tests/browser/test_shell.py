"""What all pages share: they open, read well and ask nobody else."""

from __future__ import annotations

import pytest
from app_server import AppServer
from chromium import serious_findings
from playwright.sync_api import Page

PAGES = ("", "progress", "people", "compare", "recordings", "settings", "help")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_opens_and_can_be_used_by_all(
    page: Page, app: AppServer, name: str, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{app.url}/{name}")
    page.get_by_role("heading", level=1).wait_for()
    assert serious_findings(page) == []
