"""The therapist's list of people in a real browser: by keyboard, on a phone, and deletion."""

from __future__ import annotations

from app_server import AppServer
from chromium import serious_findings, wait_until_drawn
from playwright.sync_api import Page, expect
from record_builders import compared_session

from rom.records.location import STORE_NAME
from rom.records.store import open_store

HOSTILE = "**a** <script>alert(1)</script> :smile: $x$"


def test_a_person_with_a_hostile_name_by_keyboard_on_a_phone(page: Page, app: AppServer) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app.url}/people")
    page.get_by_role("heading", name="People", level=1).wait_for()
    name = page.get_by_role("textbox", name="Name, nickname or number")
    name.wait_for()
    name.focus()
    page.keyboard.type(HOSTILE)
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(HOSTILE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wait_until_drawn(page)
    assert serious_findings(page) == []
    page.get_by_role("button", name="All people").click()
    line = page.locator("[class*='st-key-open-'] button")
    expect(line).to_contain_text("no session yet")
    shown = line.inner_text().replace("\u2060", "")
    assert HOSTILE in shown
    assert line.locator("script, em, .katex, img").count() == 0
    line.focus()
    page.keyboard.press("Enter")
    expect(heading).to_have_text(HOSTILE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_is_deleted_is_gone_from_the_disk(page: Page, app: AppServer) -> None:
    with open_store(store_url(app)) as store:
        person = store.add_person("Quetzalcoatl Zwölfboot")
        store.save_session(compared_session(person.id, 0, 120.0, 140.0))
    page.goto(f"{app.url}/people?person={person.id}")
    page.get_by_role("tab", name="Over time").click()
    page.locator("figure svg").first.wait_for()
    page.get_by_role("tab", name="Details").click()
    page.get_by_role("textbox", name="Type the name to confirm").fill("Quetzalcoatl Zwölfboot")
    page.get_by_role("button", name="Delete everything of this person").click()
    page.get_by_text("Deleted, with 1 session and 2 sets.").wait_for()
    page.reload()
    page.get_by_role("heading", name="People", level=1).wait_for()
    expect(page.get_by_text("Quetzalcoatl")).to_have_count(0)
    held = b"".join(each.read_bytes() for each in app.data_dir.rglob("*") if each.is_file())
    assert "Zwölfboot".encode() not in held


def store_url(app: AppServer) -> str:
    return f"sqlite:///{app.data_dir / STORE_NAME}"
