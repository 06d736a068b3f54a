"""Settings and the demo: what is chosen lasts, what is deleted is gone, samples stay apart."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_server import AppServer, running_app
from chromium import CAMERA, SCHEMES, Watched, browser, dress, serious_findings, wait_until_drawn
from playwright.sync_api import Page, Playwright, expect
from pose_builders import model

from rom.records.store import Store, open_store

PREPARED_WITHIN_MS = 600_000


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppServer]:
    """An app of the test's own, as these tests change what is kept."""
    with running_app(tmp_path) as server:
        yield server


def kept(app: AppServer) -> Store:
    return open_store(f"sqlite:///{app.data_dir / 'records.sqlite3'}")


def test_choices_last_and_everything_can_be_deleted(page: Page, app: AppServer) -> None:
    with kept(app) as store:
        store.add_person("Somebody to forget")
    page.goto(f"{app.url}/settings")
    page.get_by_text("Larger text").click()
    page.get_by_role("button", name="Back up now").click()
    page.get_by_text("Written and read through").wait_for()
    page.reload()
    expect(page.get_by_role("switch", name="Larger text")).to_be_checked()
    assert json.loads((app.data_dir / "preferences.json").read_text())["large_text"] is True

    page.get_by_text("Delete everything").first.click()
    typed, button = page.get_by_label("Type DELETE"), page.get_by_role("button", name="Delete ev")
    typed.fill("delete")
    button.click()
    page.get_by_text("nothing was deleted").wait_for()
    wait_until_drawn(page)
    for scheme in SCHEMES:
        dress(page, scheme)
        assert serious_findings(page) == []
    typed.fill("DELETE")
    button.click()
    # Everything is forgotten, so that the app asks its first question again.
    page.get_by_role("heading", name="Who is this for?").wait_for()
    page.get_by_text("Deleted: 0 sessions with 0 sets").wait_for()
    (backup,) = (app.data_dir / "backups").glob("*.sqlite3")
    expect(page.get_by_text(backup.name)).to_be_visible()
    assert not (app.data_dir / "preferences.json").exists()
    with kept(app) as store:
        assert store.people() == []
    content = (app.data_dir / "records.sqlite3").read_bytes()
    assert b"Somebody to forget" not in content


def test_a_camera_is_chosen_from_those_of_the_browser(
    playwright: Playwright, app: AppServer, watched: Watched, tmp_path: Path
) -> None:
    with browser(playwright, tmp_path / "profile", arguments=(*CAMERA,)) as context:
        context.set_default_timeout(20_000)
        watched.watch(context)
        page = context.pages[0]
        page.goto(f"{app.url}/settings")
        wait_until_drawn(page)
        page.get_by_role("button", name="Show the cameras").press("Enter")
        field = page.get_by_role("combobox", name="Camera to use")
        field.press("ArrowDown")
        page.get_by_role("option", name="fake_device_0").click()
        expect(field).to_have_value(re.compile("fake_device_0"))
        wait_until_drawn(page)
        page.reload()
        expect(field).to_have_value("the one chosen before")
        chosen = json.loads((app.data_dir / "preferences.json").read_text())["camera_id"]
        devices = page.evaluate("navigator.mediaDevices.enumerateDevices()")
        assert chosen in [each["deviceId"] for each in devices]
    assert not watched.errors


@pytest.mark.long
def test_the_demo_stays_apart(page: Page, app: AppServer) -> None:
    model()
    page.goto(f"{app.url}/recordings")
    page.get_by_role("button", name="See it with sample recordings").click()
    page.get_by_role("button", name="Leave the demo").wait_for(timeout=PREPARED_WITHIN_MS)
    page.reload()
    page.get_by_role("button", name="Leave the demo").wait_for()
    page.goto(f"{app.url}/people")
    page.get_by_text("Ben (demo)").first.wait_for()
    with kept(app) as store:
        assert store.people() == []
    page.get_by_role("button", name="Leave the demo").click()
    expect(page.get_by_text("Ben (demo)")).to_have_count(0)


def test_the_log_tells_nothing_of_a_person(app: AppServer, page: Page) -> None:
    page.goto(f"{app.url}/settings")
    page.get_by_role("heading", name="Your data").wait_for()
    assert "Traceback" not in app.log.read_text()
    assert os.stat(app.data_dir).st_mode & 0o077 == 0
