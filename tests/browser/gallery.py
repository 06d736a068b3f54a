"""Pictures of the app for the README: `python tests/browser/gallery.py docs`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from app_server import running_app
from check_driver import CheckDriver
from chromium import browser
from playwright.sync_api import Page, sync_playwright

SIZE = {"width": 1280, "height": 800}
CLIP = "shoulder_abduction_left_pre1.mp4"
LONG_MS = 100_000


def live_view(page: Page, url: str, target: Path) -> None:
    """The stage in the middle of a repetition."""
    driver = CheckDriver(page, url)
    driver.open()
    driver.choose_movement("Arm, sideways and up", "Left")
    page.screenshot(path=target / "app-check.png")
    driver.start(CLIP)
    driver.none_of_the_safety_questions()
    driver.answer("The front of the shoulder (left)")
    driver.stage.get_by_role("button", name="Done").click()
    driver.rate(2)
    driver.wait_for_count()
    driver.camera.move(CLIP)
    driver.stage.get_by_text("1 of").wait_for(timeout=LONG_MS)
    page.wait_for_timeout(2_000)
    page.screenshot(path=target / "app-live.png")


def demo_pages(page: Page, url: str, target: Path) -> None:
    """Two recordings of the demo in step."""
    page.goto(f"{url}/help")
    page.get_by_role("button", name="See it with sample recordings").click()
    page.get_by_role("button", name="Leave the demo").wait_for(timeout=LONG_MS)
    page.goto(f"{url}/compare")
    page.get_by_role("button", name="Compare the sample pair").click()
    page.get_by_text("further than before").first.wait_for(timeout=LONG_MS)
    page.locator("video").first.wait_for(timeout=LONG_MS)
    page.locator("video").first.scroll_into_view_if_needed()
    page.wait_for_timeout(3_000)
    page.screenshot(path=target / "app-compare.png")


def main() -> None:
    """Take all pictures."""
    target = Path(sys.argv[1])
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder)) as app,
        sync_playwright() as playwright,
    ):
        for number, take in enumerate((live_view, demo_pages)):
            profile = Path(folder) / f"profile{number}"
            with browser(playwright, profile, viewport=SIZE) as context:
                context.set_default_timeout(60_000)
                take(context.pages[0], app.url, target)


if __name__ == "__main__":
    main()
