"""Settings and the demo: what is chosen lasts, what is deleted is gone, samples stay apart."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_server import AppServer, running_app
from playwright.sync_api import Page, expect
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
    typed.fill("DELETE")
    button.click()
    # Everything is forgotten, so that the app asks its first question again.
    page.get_by_role("heading", name="Who is this for?").wait_for()
    assert not (app.data_dir / "preferences.json").exists()
    with kept(app) as store:
        assert store.people() == []
    content = (app.data_dir / "records.sqlite3").read_bytes()
    assert b"Somebody to forget" not in content


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
