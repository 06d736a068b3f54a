"""Without a mouse: what is focused is seen, recordings are measured, places of the body chosen."""

from __future__ import annotations

import pytest
from app_server import AppServer
from chromium import SCHEMES, dress, serious_findings, wait_until_drawn
from playwright.sync_api import Page, expect
from pose_builders import model

from rom.samples import sample_folder

FOCUSED = """
() => {
  let at = document.activeElement;
  while (at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
  if (at === document.body || at.matches("main, canvas")) return null;
  let ringed = false;
  for (let each = at, up = 0; each && up < 4; each = each.parentElement, up += 1) {
    const style = getComputedStyle(each), box = each.getBoundingClientRect();
    const seen = style.clipPath === "none" && style.opacity !== "0" && box.width >= 16;
    const hidden = each.parentElement && getComputedStyle(each.parentElement).clipPath !== "none";
    const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    ringed ||= drawn && seen && !hidden;
  }
  const top = document.querySelector("header").getBoundingClientRect().bottom;
  const box = at.getBoundingClientRect();
  return {
    name: (at.getAttribute("aria-label") || at.innerText || at.value || at.tagName).slice(0, 40),
    ringed,
    inSight: box.bottom > (at.matches("header *, a") ? 0 : top) && box.top < innerHeight,
  };
}
"""


def add_recording(page: Page, app: AppServer) -> None:
    page.goto(f"{app.url}/recordings")
    page.get_by_role("heading", name="Recordings", level=1).wait_for()
    page.locator("input[type=file]").set_input_files(sample_folder() / "knee_flexion_left.mp4")
    page.get_by_role("button", name="Measure 1 recording").wait_for()
    wait_until_drawn(page)


@pytest.mark.parametrize("name", ["settings", "compare", "recordings"])
def test_what_is_focused_is_seen(page: Page, app: AppServer, name: str) -> None:
    page.goto(f"{app.url}/{name}")
    wait_until_drawn(page)
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None and len(seen) > 9:
            break
        if at is not None:
            seen.append(at)
    assert len(seen) > 9
    assert [each["name"] for each in seen if not (each["ringed"] and each["inSight"])] == []


def test_a_table_of_recordings_is_corrected_and_measured_by_keyboard(
    page: Page, app: AppServer
) -> None:
    model()
    add_recording(page, app)
    page.get_by_role("button", name="Fullscreen").first.focus()
    page.keyboard.press("Tab")
    cells = page.locator("canvas [role=gridcell]")
    chosen = page.locator("canvas [role=gridcell][aria-selected=true]")
    expect(chosen).to_have_text("knee_flexion_left.mp4")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(chosen).to_have_text("left")
    page.keyboard.press("Enter")
    page.keyboard.type("right")
    page.keyboard.press("Enter")
    expect(chosen).to_have_text("right")
    expect(cells.filter(has_text="chosen by you")).to_have_count(1)
    expect(chosen).to_be_focused()
    page.get_by_role("button", name="Measure 1 recording").press("Enter")
    page.get_by_role("button", name="Stop").press("Enter")
    page.get_by_text("Stopped before it was measured.").wait_for()
    page.get_by_role("button", name="Clear the list").press("Enter")
    page.get_by_text("No recordings at hand?").wait_for()


def test_places_of_the_body_by_click_and_by_keyboard(page: Page, app: AppServer) -> None:
    page.goto(f"{app.url}/check")
    wait_until_drawn(page)
    page.get_by_text("Nothing is chosen yet.").wait_for()
    page.get_by_text("Choose from a list").press("Enter")
    neck = page.get_by_role("group", name="Head and neck").get_by_role("checkbox").first
    name = neck.evaluate("(box) => box.labels[0].textContent")
    place = neck.get_attribute("value")
    drawn = page.locator(f".views [data-place='{place}']").first
    neck.press("Space")
    expect(neck).to_be_checked()
    assert "on" in (drawn.get_attribute("class") or "").split()
    chip = page.get_by_role("button", name=f"Take away {name}")
    expect(chip).to_be_visible()
    drawn.click()
    expect(neck).not_to_be_checked()
    expect(chip).to_have_count(0)
    drawn.click()
    expect(neck).to_be_checked()
    for scheme in SCHEMES:
        dress(page, scheme)
        wait_until_drawn(page)
        assert serious_findings(page) == []
    chip.press("Enter")
    expect(page.get_by_text("Choose from a list")).to_be_focused()
    expect(page.get_by_text("Nothing is chosen yet.")).to_be_visible()
    for side in ("Front", "Back"):
        expect(page.get_by_role("img", name=f"{side} of the body")).to_have_count(1)
