"""The page on the weeks on a phone at night: read by all, answered by key, taken along."""

from __future__ import annotations

from dataclasses import replace

import pytest
from app_server import AppServer
from chromium import serious_findings, wait_until_drawn
from playwright.sync_api import Page, expect
from report_builders import kept_weeks

from rom.records.entities import PersonContent
from rom.records.store import open_store
from rom.ui.access import own_person_id


@pytest.fixture
def weeks(app: AppServer, monkeypatch: pytest.MonkeyPatch) -> PersonContent:
    """Six weeks of the one who is at the app."""
    monkeypatch.setenv("ROM_DATA_DIR", str(app.data_dir))
    found = kept_weeks(6)
    me = replace(found.person, id=own_person_id(None), pseudonym="Me")
    sessions = [
        replace(each, session=replace(each.session, person_id=me.id)) for each in found.sessions
    ]
    content = PersonContent(person=me, sessions=tuple(sessions))
    with open_store() as store:
        if not store.people():
            store.import_content(content)
    return content


def test_the_weeks_on_a_phone_in_the_dark(page: Page, app: AppServer, weeks: PersonContent) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.goto(f"{app.url}/progress")
    page.get_by_role("heading", name="Take it with you").wait_for()
    trend = page.get_by_role("img", name="Range and pain over the weeks")
    trend.wait_for()
    expect(trend.locator(".before").first).to_have_css("stroke", "rgb(157, 182, 207)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wait_until_drawn(page)
    assert serious_findings(page) == []

    page.get_by_role("button", name="No", exact=True).press("Enter")
    expect(page.get_by_text("did it hurt more than before")).to_have_count(0)
    with open_store() as store:
        kept = store.content(weeks.person.id)
    assert kept.sessions[-1].results[0].flare_over_24_h is False

    drawn = {"name": "data-test-script-state", "value": "notRunning"}
    expect(page.get_by_test_id("stApp")).to_have_attribute(**drawn)
    with page.expect_download() as download:
        page.get_by_role("button", name="Report (PDF)").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_charts_follow_the_theme_that_is_chosen_against_the_systems(
    page: Page, app: AppServer, weeks: PersonContent
) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{app.url}/progress")
    mark = page.get_by_role("img", name="Range and pain over the weeks").locator(".before").first
    mark.wait_for(state="attached")  # a line without width counts as hidden
    expect(mark).to_have_css("stroke", "rgb(92, 118, 144)")
    page.get_by_test_id("stMainMenu").get_by_role("button").click()
    page.get_by_role("menuitemradio", name="Dark").click()
    expect(mark).to_have_css("stroke", "rgb(157, 182, 207)")
    page.emulate_media(media="print")
    expect(mark).to_have_css("stroke", "rgb(92, 118, 144)")
