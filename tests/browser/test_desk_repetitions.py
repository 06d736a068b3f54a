"""Repetitions of a kept set corrected in a real browser: by mouse, by keyboard, and taken back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from app_server import AppServer
from chromium import serious_findings, wait_until_drawn
from editing_builders import correctable_session, overlooked
from playwright.sync_api import Locator, Page, expect

from rom.records.entities import PersonContent, SetRecord
from rom.records.location import STORE_NAME
from rom.records.store import open_store

NEARLY_S = 0.011
"""The marks are told to hundredths of a second."""


@pytest.fixture
def visit(app: AppServer) -> PersonContent:
    """A session whose first set lacks its second repetition, as if the program had missed it."""
    with open_store(store_url(app)) as store:
        person = store.add_person("Ana")
        content = correctable_session(person.id)
        first, *others = content.sets
        first = overlooked(first, 1)
        store.save_session(replace(content, sets=(first, *others), results=()))
        return store.content(person.id)


def store_url(app: AppServer) -> str:
    return f"sqlite:///{app.data_dir / STORE_NAME}"


def kept(app: AppServer, visit: PersonContent) -> SetRecord:
    with open_store(store_url(app)) as store:
        return store.set(visit.sets[0].id)


def open_player(page: Page, app: AppServer, visit: PersonContent) -> Locator:
    page.goto(f"{app.url}/people?person={visit.person.id}")
    page.get_by_role("button", name="Check the repetitions").first.click()
    player = page.locator("[data-player]")
    player.wait_for()
    wait_until_drawn(page)
    return player


def mark(player: Locator, name: str) -> Locator:
    return player.get_by_role("slider", name=f"{name} of the repetition")


def mark_s(player: Locator, name: str) -> float:
    return float(mark(player, name).get_attribute("aria-valuenow") or "nan")


def drag(page: Page, handle: Locator, by_px: float) -> None:
    """Take a handle beside its middle, as a hand does, and pull it."""
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2 + 5, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by_px / 2, y)
    page.mouse.move(x + by_px, y + 8)
    page.mouse.up()


def seconds_per_px(player: Locator) -> float:
    found: float = player.evaluate(
        """(root) => {
          const [first, last] = root.player.data.span_s;
          return (last - first) / (root.querySelector(".chart").clientWidth - 58);
        }"""
    )
    return found


def test_repetitions_are_shifted_taken_out_added_and_all_of_it_taken_back(
    page: Page, app: AppServer, visit: PersonContent
) -> None:
    measured = kept(app, visit)
    frame_s = usual_step_s(measured)
    player = open_player(page, app, visit)
    first = player.get_by_role("button", name="Repetition 1:")
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    peak_s = measured.assessment.repetitions[0].peak_s
    assert mark_s(player, "Peak") == pytest.approx(peak_s, abs=NEARLY_S)

    mark(player, "Peak").click()  # to hold it is no correction
    assert mark_s(player, "Peak") == pytest.approx(peak_s, abs=NEARLY_S)
    drag(page, mark(player, "Peak"), 50.0)
    noted = page.get_by_text("Edited by hand: ")
    expect(noted).to_have_count(1)
    expect(noted).to_contain_text("peak of repetition 1 moved")
    moved_s = peak_s + 50.0 * seconds_per_px(player)
    found = kept(app, visit)
    (edit,) = found.edits
    assert isinstance(edit.after, float) and edit.before == pytest.approx(peak_s)
    assert edit.after == pytest.approx(moved_s, abs=frame_s)
    assert (
        found.original is not None and found.original.repetitions == measured.assessment.repetitions
    )
    assert found.assessment.value_deg != measured.assessment.value_deg
    player.get_by_role("button", name="moved by hand").wait_for()
    expect(page.get_by_text("Edited by hand (this set)")).to_contain_text("repetition 1 moved")

    mark(player, "End").focus()
    end_s = mark_s(player, "End")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(noted).to_have_count(2)
    expect(mark(player, "End")).to_be_focused()
    assert mark_s(player, "End") == pytest.approx(end_s - 3 * frame_s, abs=NEARLY_S)

    drag(page, mark(player, "End"), 4000.0)
    page.get_by_text("between the repetitions beside it").wait_for()
    expect(noted).to_have_count(2)
    expect(mark(player, "End")).to_have_attribute("aria-valuenow", f"{end_s - 3 * frame_s:.2f}")

    player.get_by_role("button", name="Take it out").press("Enter")
    page.get_by_text("repetition 1 taken out").first.wait_for()
    expect(page.get_by_text("between the repetitions beside it")).to_have_count(0)

    missed_s = missed_at_s(measured)
    cursor = player.get_by_role("slider", name="Moment shown")
    cursor.press("Home")
    while float(player.get_attribute("data-clock") or "nan") < missed_s:
        cursor.press("Shift+ArrowRight")
    player.get_by_role("button", name="Add a repetition here").press("Enter")
    expect(player.get_by_role("button", name="Repetition 3:")).to_be_visible()
    found = kept(app, visit)
    added = found.assessment.repetitions[1]
    assert added.counted and added.peak_deg == pytest.approx(110.0, abs=5.0)
    assert [each.counted for each in found.assessment.repetitions] == [False, True, True]
    assert serious_findings(page) == []

    for number in (1, 2, 3):
        page.get_by_role("button", name="Take it back").click()
        expect(page.get_by_text("(taken back)")).to_have_count(number)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Edited by hand: ")).to_have_count(0)
    found = kept(app, visit)
    assert not found.edited
    assert found.assessment.repetitions == measured.assessment.repetitions
    wait_until_drawn(page)
    page.get_by_role("button", name="Done").click()
    expect(player).to_have_count(0)


def usual_step_s(measured: SetRecord) -> float:
    assert measured.landmarks is not None
    return float(np.median(np.diff(measured.landmarks.time_s)))


def missed_at_s(measured: SetRecord) -> float:
    """About when the repetition is that the program missed."""
    first, last = measured.assessment.repetitions
    return (first.offset_s + last.onset_s) / 2
