"""Values of an instrument typed beside ours, and the page on how far they agree."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean

import pytest
from app_server import AppServer
from chromium import SCHEMES, dress, serious_findings, wait_until_drawn
from editing_builders import correctable_session
from playwright.sync_api import Page, expect
from record_builders import BEGIN

from rom.clinical.wording import degrees
from rom.records.entities import ManualReading, Person, SetRecord, new_id
from rom.records.location import STORE_NAME
from rom.records.store import Store, open_store

FEEL = "firm, <i>a little</i> springy"
TYPED_DEG = 104.0
KNOWN_DEG = (110.0, 103.0, 112.0)


def kept(app: AppServer) -> Store:
    return open_store(f"sqlite:///{app.data_dir / STORE_NAME}")


@pytest.fixture
def ana(app: AppServer) -> Person:
    """Somebody without a reading, beside three others who have one each."""
    with kept(app) as store:
        people = [store.add_person(name) for name in ("Ana", "Bea", "Cem", "Dov")]
        for person, value_deg in zip(people, (None, *KNOWN_DEG), strict=True):
            session = correctable_session(person.id)
            before = session.sets[0]
            if value_deg is not None:
                before = replace(before, readings=(reading(value_deg),))
            store.save_session(replace(session, sets=(before,), results=()))
        return people[0]


def reading(value_deg: float) -> ManualReading:
    return ManualReading(id=new_id(), value_deg=value_deg, instrument="goniometer", read_at=BEGIN)


def set_of(app: AppServer, person: Person) -> SetRecord:
    with kept(app) as store:
        (found,) = store.content(person.id).sets
    return found


def test_a_typed_value_stands_beside_ours_and_in_the_agreement(
    page: Page, app: AppServer, ana: Person
) -> None:
    page.goto(f"{app.url}/people?person={ana.id}")
    wait_until_drawn(page)
    page.get_by_role("button", name="Add a value of an instrument").press("Enter")
    page.get_by_role("spinbutton", name="Value in degrees").fill(f"{TYPED_DEG:g}")
    page.get_by_role("textbox", name="Read by (initials)").fill("KL")
    page.get_by_role("textbox", name="End-feel").fill(FEEL)
    assert serious_findings(page) == []
    page.get_by_role("button", name="Keep it").press("Enter")
    page.get_by_text(f"Goniometer {TYPED_DEG:g}°, read by KL, end-feel: {FEEL}").wait_for()
    held = set_of(app, ana)
    (typed,) = held.readings
    assert (typed.value_deg, typed.rater, typed.end_feel) == (TYPED_DEG, "KL", FEEL)

    page.get_by_role("button", name="All people").click()
    page.get_by_role("button", name="Agreement with instruments").click()
    page.get_by_role("heading", name="Agreement with instruments", level=1).wait_for()
    page.get_by_text("4 pairs of 4 people, 2026").wait_for()
    assert held.assessment.value_deg is not None
    bias_deg = held.assessment.value_deg - mean((TYPED_DEG, *KNOWN_DEG))
    shown = f"{'+' if bias_deg > 0 else ''}{degrees(bias_deg, decimals=1)}"
    expect(page.locator(".rom-facts")).to_contain_text(shown)
    wait_until_drawn(page)
    for scheme in SCHEMES:
        dress(page, scheme)
        assert serious_findings(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Page (HTML)").click()
    assert shown in download.value.path().read_text(encoding="utf-8")

    page.goto(f"{app.url}/people?person={ana.id}")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("read by KL")).to_have_count(0)
    assert set_of(app, ana).readings == ()
