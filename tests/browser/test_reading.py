"""Text of twice the size and a window of a phone's width: nothing is cut, nothing needs scrolling.

These are criteria 1.4.4 and 1.4.10 of the WCAG; tables of data may scroll by themselves.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from app_server import AppServer
from chromium import Watched, browser, wait_until_drawn
from editing_builders import correctable_session
from playwright.sync_api import Page, Playwright, expect
from report_builders import kept_weeks

from rom.records.location import STORE_NAME
from rom.records.store import open_store
from rom.ui.access import own_person_id

PAGES = ("check", "progress", "people", "compare", "recordings", "settings", "help")
TWICE = ("--blink-settings=defaultFontSize=32",)

LOST = """
() => {
  const scrolls = (each) => ["auto", "scroll"].includes(getComputedStyle(each).overflowX);
  const inScroller = (each) => {
    for (let at = each.parentElement; at && !at.matches(".stMain"); at = at.parentElement) {
      if (scrolls(at)) return true;
    }
    return false;
  };
  const found = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) found.push("the page scrolls sideways");
  for (const each of document.querySelectorAll(".stMain *")) {
    const words = (each.innerText || "").trim();
    const box = each.getBoundingClientRect();
    if (!words || !box.width || each.closest(".rom-unseen") || inScroller(each)) continue;
    const hides = ["hidden", "clip"].includes(getComputedStyle(each).overflowX);
    if (box.right > width + 1) found.push(`outside: ${words.slice(0, 40)}`);
    if (hides && each.scrollWidth > each.clientWidth + 2) found.push(`cut: ${words.slice(0, 40)}`);
  }
  const menu = document.querySelector('[data-testid="stMainMenu"]').getBoundingClientRect();
  if (menu.right > width) found.push("the menu is outside");
  return [...new Set(found)];
}
"""


@pytest.fixture(scope="module")
def person_id(app: AppServer) -> str:
    """Somebody with a session, beside the weeks of the one who is at the app."""
    with open_store(f"sqlite:///{app.data_dir / STORE_NAME}") as store:
        person = store.add_person("Maximiliane-Theodora with a long name")
        store.save_session(correctable_session(person.id))
        weeks = kept_weeks(6)
        me = replace(weeks.person, id=own_person_id(None), pseudonym="Me")
        sessions = [
            replace(each, session=replace(each.session, person_id=me.id)) for each in weeks.sessions
        ]
        store.import_content(replace(weeks, person=me, sessions=tuple(sessions)))
        return person.id


@pytest.mark.parametrize(
    ("width_px", "arguments"),
    [(320, ()), (390, TWICE), (1280, TWICE)],
    ids=["zoom", "phone", "desk"],
)
def test_nothing_is_lost_at_any_size(
    playwright: Playwright,
    app: AppServer,
    person_id: str,
    watched: Watched,
    tmp_path: Path,
    width_px: int,
    arguments: tuple[str, ...],
) -> None:
    size = {"width": width_px, "height": 900}
    with browser(playwright, tmp_path, arguments=arguments, viewport=size) as context:
        context.set_default_timeout(20_000)
        watched.watch(context)
        page = context.pages[0]
        lost = {}
        for name in (*PAGES, f"people?person={person_id}"):
            page.goto(f"{app.url}/{name}")
            wait_until_drawn(page)
            lost[name] = page.evaluate(LOST)
        page.get_by_role("button", name="Check the repetitions").first.click()
        page.locator("[data-player]").wait_for()
        wait_until_drawn(page)
        lost["player"] = page.evaluate(LOST)
    assert {name: found for name, found in lost.items() if found} == {}
    assert not watched.errors


def test_larger_text_and_no_moving_parts_change_every_page(page: Page, app: AppServer) -> None:
    page.goto(f"{app.url}/settings")
    wait_until_drawn(page)
    assert (size_px(page), moves_s(page)) == (18.0, pytest.approx(0.15))
    page.get_by_text("Larger text").click()
    page.wait_for_function("parseFloat(getComputedStyle(document.documentElement).fontSize) > 20")
    page.get_by_text("No moving parts").click()
    page.wait_for_function(
        """() => parseFloat(getComputedStyle(document.querySelector(".stButton button"))
          .transitionDuration) < 0.001"""
    )
    page.goto(f"{app.url}/compare")
    wait_until_drawn(page)
    assert size_px(page) == 22.0 and moves_s(page) < 0.001
    expect(page.get_by_text("Add two recordings")).to_have_css("font-size", "22px")


def size_px(page: Page) -> float:
    found: str = page.evaluate("getComputedStyle(document.documentElement).fontSize")
    return float(found.removesuffix("px"))


def moves_s(page: Page) -> float:
    found: str = page.locator(".stButton button").first.evaluate(
        "(button) => getComputedStyle(button).transitionDuration"
    )
    return float(found.split(",")[0].removesuffix("s"))
