"""Two uploads compared in a real browser: known change, one clock, corrections, hidden labels."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from app_server import AppServer
from chromium import SCHEMES, Watched, browser, dress, serious_findings, wait_until_drawn
from playwright.sync_api import Locator, Page, Playwright, expect

from rom.clinical.wording import degrees
from rom.records.location import STORE_NAME
from rom.records.store import open_store
from rom.samples import sample_folder

pytestmark = pytest.mark.long

MEASURED_WITHIN_MS = 400_000
BEFORE, AFTER = "shoulder_abduction_left_pre1.mp4", "shoulder_abduction_left_post.mp4"
FRAME_S = 0.04

READ = """
(root) => ({
  clock: Number(root.dataset.clock),
  videos: [...root.querySelectorAll("video")].map((each) => each.currentTime),
  cursor: Number(root.querySelector(".cursor").getAttribute("x1")),
  width: root.querySelector(".chart svg").viewBox.baseVal.width,
  warps: root.player.data.tracks.map((each) => [each.clock_s, each.time_s]),
  peaks: root.player.data.tracks.map((each) => each.repetitions.map((r) => r.peak_s)),
  span: root.player.data.span_s,
  now: root.querySelector("[data-now]").textContent,
})
"""


@pytest.fixture(scope="module")
def person_id(app: AppServer) -> str:
    with open_store(f"sqlite:///{app.data_dir / STORE_NAME}") as store:
        return store.add_person("Ana *the first*", birth_year=1980, sex="F").id


@pytest.fixture
def page(
    playwright: Playwright, app: AppServer, watched: Watched, tmp_path: Path
) -> Iterator[Page]:
    size = {"width": 1280, "height": 1500}
    with browser(playwright, tmp_path / "profile", viewport=size) as context:
        context.set_default_timeout(60_000)
        watched.watch(context)
        yield context.pages[0]
    assert not watched.errors
    assert watched.hosts <= {"localhost"}


def truth_deg(name: str) -> float:
    with (sample_folder() / "manifest.csv").open(encoding="utf-8") as file:
        (row,) = [each for each in csv.DictReader(file) if each["file"] == name]
    return float(row["truth_median_deg"])


def add(page: Page, label: str, name: str) -> None:
    wait_until_drawn(page)  # a file that comes while the page is drawn anew is not taken
    field = page.get_by_test_id("stFileUploader").filter(has=page.get_by_text(label, exact=True))
    field.locator("input[type=file]").set_input_files(sample_folder() / name)
    field.get_by_test_id("stFileChip").wait_for()


def measure(page: Page) -> Locator:
    page.get_by_role("button", name="Measure and compare").click()
    page.get_by_role("button", name="Stop").wait_for()
    page.reload()  # the work goes on
    player = page.locator("[data-player]")
    player.wait_for(timeout=MEASURED_WITHIN_MS)
    page.wait_for_function(
        "(root) => [...root.querySelectorAll('video')].every((each) => each.readyState >= 2)",
        arg=player.element_handle(),
    )
    return player


def in_step(player: Locator) -> dict[str, Any]:
    """The state of the player once both videos stand where the clock says."""
    root = player.element_handle()
    player.page.wait_for_function(
        "(root) => [...root.querySelectorAll('video')].every((each) => !each.seeking)", arg=root
    )
    state: dict[str, Any] = player.evaluate(READ)
    for (clock_s, time_s), shown_s in zip(state["warps"], state["videos"], strict=True):
        assert abs(interpolated(state["clock"], clock_s, time_s) - shown_s) <= FRAME_S
    first, last = state["span"]
    part = (state["clock"] - first) / (last - first)
    assert state["cursor"] == pytest.approx(48 + part * (state["width"] - 58), abs=0.6)
    return state


def interpolated(at: float, known: list[float], values: list[float]) -> float:
    for (a, b), (x, y) in zip(pairwise(known), pairwise(values), strict=True):
        if a <= at <= b:
            return x + (at - a) / ((b - a) or 1.0) * (y - x)
    return values[0] if at < known[0] else values[-1]


def test_two_uploads_from_the_known_change_to_a_corrected_repetition(
    page: Page, app: AppServer, person_id: str, watched: Watched
) -> None:
    page.goto(f"{app.url}/people?person={person_id}")
    page.get_by_role("button", name="Compare videos").click()
    page.get_by_role("heading", name="Compare", level=1).wait_for()
    add(page, "Before", BEFORE)
    add(page, "After", AFTER)
    player = measure(page)
    page.get_by_text("Kept in the records of").wait_for()
    change_deg = truth_deg(AFTER) - truth_deg(BEFORE)
    sentence = page.get_by_text("further than before").first.inner_text()
    told_deg = float(sentence.split("°")[0].split()[-1])
    assert told_deg == pytest.approx(change_deg, abs=5.0)
    wait_until_drawn(page)
    assert serious_findings(page) == []

    at_peak = in_step(player)
    for shown_s, peaks_s in zip(at_peak["videos"], at_peak["peaks"], strict=True):
        assert abs(shown_s - peaks_s[0]) <= FRAME_S
    player.get_by_role("button", name="Repetition ▸").click()
    second = in_step(player)
    for shown_s, peaks_s in zip(second["videos"], second["peaks"], strict=True):
        assert abs(shown_s - peaks_s[1]) <= FRAME_S
    assert "repetition 2 of 3" in second["now"]

    cursor = player.get_by_role("slider", name="Moment shown")
    cursor.focus()
    page.keyboard.press("Shift+ArrowRight")
    later = in_step(player)
    assert later["clock"] > second["clock"] + 0.2 and later["videos"] != second["videos"]
    box = player.locator(".chart svg").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 40, steps=4)
    page.mouse.up()
    dragged = in_step(player)
    assert dragged["cursor"] == pytest.approx(0.7 * dragged["width"], abs=3.0)
    cursor.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    page.wait_for_function(
        "(root) => Number(root.dataset.clock) > 1.0", arg=player.element_handle()
    )
    page.keyboard.press("Space")
    in_step(player)

    before_words = player.get_by_role("button", name="Repetition 3:").first
    before_words.focus()
    page.keyboard.press("Enter")
    player.get_by_role("button", name="Take it out").focus()
    page.keyboard.press("Enter")
    page.get_by_text("repetition 3 taken out").first.wait_for()
    with open_store(f"sqlite:///{app.data_dir / STORE_NAME}") as store:
        (session,) = store.content(person_id).sessions
        edited = [each for each in session.sets if each.edited]
        assert len(edited) == 1 and edited[0].phase.value == "pre1"
        assert edited[0].recording == BEFORE
        assert edited[0].original is not None
        assert edited[0].original.value_deg != edited[0].assessment.value_deg
        assert session.results[0].change_deg is not None
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("repetition 3 taken out")).to_have_count(0)
    with open_store(f"sqlite:///{app.data_dir / STORE_NAME}") as store:
        (session,) = store.content(person_id).sessions
        assert not any(each.edited for each in session.sets)
    page.get_by_role("button", name="Compare other recordings").click()
    page.get_by_text("Add two recordings of one movement").wait_for()


def test_hidden_labels_are_shown_on_demand(page: Page, app: AppServer) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app.url}/compare")
    page.get_by_role("heading", name="Compare", level=1).wait_for()
    add(page, "Before", BEFORE)
    add(page, "After", AFTER)
    page.get_by_text("Hide which is before and which is after").click()
    player = measure(page)
    names = player.locator("figcaption .name")
    expect(names).to_have_text(["A", "B"])
    expect(page.get_by_text("further than before")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Show which is which").click()
    expect(page.get_by_text("further than before").first).to_be_visible()
    expect(names.get_by_text("before", exact=True)).to_have_count(1)
    expect(names.get_by_text("after", exact=True)).to_have_count(1)
    expect(page.get_by_text("checked with before and after hidden")).to_be_visible()


def told_json(page: Page) -> dict[str, Any]:
    wait_until_drawn(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Results as JSON").click()
    found: dict[str, Any] = json.loads(download.value.path().read_text(encoding="utf-8"))
    return found


def test_a_second_set_before_counts_and_marks_are_dragged_beside_the_videos(
    page: Page, app: AppServer
) -> None:
    page.goto(f"{app.url}/compare")
    page.get_by_role("heading", name="Compare", level=1).wait_for()
    page.get_by_text("A second recording before").click()
    add(page, "Before", BEFORE)
    add(page, "Before, second time", "shoulder_abduction_left_pre2.mp4")
    add(page, "After", AFTER)
    player = measure(page)
    expect(player.locator("figcaption .name")).to_have_text(["before (2)", "after"])
    told = told_json(page)
    assert told["pre2"]["value_deg"] is not None and told["drift_deg"] is not None
    apart_deg = told["post"]["value_deg"] - told["pre2"]["value_deg"]
    assert told["change_deg"] == pytest.approx(apart_deg, abs=0.01)
    page.get_by_text(told["text"].split(".")[0]).first.wait_for()

    player.get_by_role("button", name="Repetition 1:").nth(1).click()
    at_peak = in_step(player)
    peak = player.get_by_role("slider", name="Peak of the repetition (after)")
    box = peak.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 12, y, steps=3)
    held_s = float(peak.get_attribute("aria-valuenow") or "nan")
    held = in_step(player)
    assert held["videos"][1] == pytest.approx(held_s, abs=FRAME_S)
    assert held["videos"][1] > at_peak["videos"][1]
    page.mouse.up()
    page.get_by_text("repetition 1 moved").first.wait_for()
    edited = told_json(page)
    peaks_s = [each["peak_s"] for each in edited["post"]["repetitions"]]
    assert peaks_s[0] == pytest.approx(held_s, abs=FRAME_S)
    assert peaks_s[1:] == [each["peak_s"] for each in told["post"]["repetitions"]][1:]
    assert edited["pre2"] == told["pre2"]
    assert edited["change_deg"] == pytest.approx(
        edited["post"]["value_deg"] - edited["pre2"]["value_deg"], abs=0.01
    )
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("repetition 1 moved")).to_have_count(0)
    assert told_json(page) == told


def test_left_is_set_against_right(page: Page, app: AppServer) -> None:
    page.goto(f"{app.url}/compare")
    page.get_by_text("Left and right", exact=True).click()
    add(page, "Left side", BEFORE)
    add(page, "Right side", "shoulder_abduction_right_pre1.mp4")
    player = measure(page)
    expect(player.locator("figcaption .name")).to_have_text(["left", "right"])
    told = told_json(page)
    sides = {each["side"]: each["value_deg"] for each in (told["pre1"], told["post"])}
    assert set(sides) == {"left", "right"}
    for side, name in (("left", BEFORE), ("right", "shoulder_abduction_right_pre1.mp4")):
        assert sides[side] == pytest.approx(truth_deg(name), abs=6.0)
    words = f"Left {degrees(sides['left'])}, right {degrees(sides['right'])}"
    page.get_by_text(words).first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Page (HTML)").click()
    assert words in download.value.path().read_text(encoding="utf-8")
    for scheme in SCHEMES:
        dress(page, scheme)
        assert serious_findings(page) == []
