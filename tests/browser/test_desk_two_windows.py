"""Somebody is deleted in one window while others show them: a sentence, and the page goes on."""

from __future__ import annotations

from app_server import AppServer
from chromium import wait_until_drawn
from editing_builders import correctable_session
from playwright.sync_api import Page, expect

from rom.records.location import STORE_NAME
from rom.records.store import open_store

GONE = "no longer in the records"


def test_whoever_is_gone_is_told_of_in_every_window(page: Page, app: AppServer) -> None:
    with open_store(f"sqlite:///{app.data_dir / STORE_NAME}") as store:
        person = store.add_person("Ana")
        store.save_session(correctable_session(person.id))
    page.goto(f"{app.url}/people?person={person.id}")
    page.get_by_role("button", name="Compare videos").click()
    page.get_by_role("heading", name="Compare", level=1).wait_for()
    page.get_by_role("link", name="People").click()
    wait_until_drawn(page)
    page.get_by_role("button", name="Ana").click()
    page.get_by_role("heading", name="Ana", level=1).wait_for()
    checking = page.context.new_page()
    checking.goto(f"{app.url}/check?person={person.id}")
    checking.get_by_role("heading", name="Check for Ana").wait_for()
    other = page.context.new_page()
    other.goto(f"{app.url}/people?person={person.id}")
    other.get_by_role("tab", name="Details").click()
    other.get_by_role("textbox", name="Type the name to confirm").fill("Ana")
    other.get_by_role("button", name="Delete everything of this person").click()
    other.get_by_text("Deleted, with 1 session and 2 sets.").wait_for()

    page.get_by_role("button", name="Check the repetitions").first.click()
    page.get_by_text(GONE).wait_for()
    expect(page.get_by_role("heading", level=1)).to_have_text("People")
    page.get_by_role("link", name="Compare").click()
    page.get_by_role("combobox", name="For whom").wait_for()
    page.get_by_role("link", name="Check", exact=True).click()
    page.get_by_text(GONE).wait_for()
    expect(page.get_by_role("heading", level=1).first).to_have_text("Check")
    checking.get_by_text("One movement, about 5 minutes").click()
    checking.get_by_text(GONE).wait_for()
    expect(checking.get_by_role("button", name="Start", exact=True)).to_be_enabled()
    for each in (page, checking, other):
        expect(each.get_by_text("Something went wrong")).to_have_count(0)
    assert "Traceback" not in app.log.read_text()
