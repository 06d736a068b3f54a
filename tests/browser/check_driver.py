"""Somebody who does a check in the browser: answers by click, moves as the sample clips do."""

from __future__ import annotations

import re
import time

from filmed_camera import FilmedCamera
from playwright.sync_api import Locator, Page, expect

LONG_MS = 150_000


class CheckDriver:
    """Drives the check page from the choice to the result."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.camera = FilmedCamera(page)

    @property
    def stage(self) -> Locator:
        return self.page.locator("dialog.stage")

    @property
    def title(self) -> Locator:
        return self.stage.locator(".title")

    def open(self) -> None:
        """Open the app for oneself."""
        self.page.goto(self.url)
        heading = self.page.get_by_role("heading", level=1)
        heading.wait_for()
        first = self.page.get_by_role("button", name="Use it for me")
        if first.count():
            first.click()
        self.page.get_by_role("heading", name="Check", level=1).wait_for()

    def choose_region(self, region: str) -> None:
        """Choose the whole check of a region."""
        self.page.get_by_text(re.compile("A whole region, about")).first.click()
        self.page.get_by_role("combobox", name="Region").click()
        self.page.get_by_role("option", name=region, exact=True).click()

    def choose_movement(self, movement: str, side: str) -> None:
        """Choose the short check of one movement."""
        self.page.get_by_text(re.compile("One movement, about")).first.click()
        box = self.page.get_by_role("combobox", name=re.compile("Movement"))
        box.click()
        self.page.get_by_role("option", name=movement, exact=True).click()
        self.page.get_by_role("radiogroup", name="Side").get_by_text(side).click()

    def tell_age(self, year: str) -> None:
        box = self.page.get_by_role("spinbutton", name="Year of birth")
        box.fill(year)
        box.press("Tab")

    def start(self, clip: str) -> None:
        """Begin with one click, standing before the camera."""
        self.camera.stand(clip)
        self.page.get_by_role("button", name="Start", exact=True).click()
        self.title.wait_for()

    def answer(self, label: str) -> None:
        self.stage.locator(".options").get_by_role("button", name=label).first.click()

    def rate(self, value: int) -> None:
        """Rate, once a rating is asked."""
        self.wait_kind("rate")
        self.stage.locator(".rating-buttons").get_by_text(str(value), exact=True).click()
        self.stage.locator(".rating-set").click()

    def wait_kind(self, *kinds: str, timeout_ms: float = LONG_MS) -> None:
        """Wait for a scene of a kind."""
        expect(self.stage).to_have_attribute(
            "data-kind", re.compile("|".join(kinds)), timeout=timeout_ms
        )

    def none_of_the_safety_questions(self) -> None:
        """Answer with no until the place that hurts is asked."""
        for _ in range(9):
            title = self.title.inner_text()
            if title.startswith("Where"):
                return
            none = self.stage.locator(".options").get_by_role("button", name="None of these")
            no = self.stage.locator(".options").get_by_role("button", name="No", exact=True)
            none.or_(no).first.click()
            expect(self.title).not_to_have_text(title)
        raise AssertionError("the safety questions did not end")

    def repeat_movement(self, clip: str, *, timeout_ms: float = LONG_MS) -> float:
        """Move at "go" and stand still until the take is over; the time at which it ended."""
        self.wait_for_count(timeout_ms=timeout_ms)
        self.camera.move(clip)
        self.wait_kind("rate", timeout_ms=timeout_ms)
        self.camera.stand(clip)
        return time.monotonic()

    def move_both_sides(self, left: str, right_mirrored: str) -> None:
        """Move the left arm as in one clip and the right one as in the mirror of another."""
        count = self.stage.locator(".count")
        self.wait_for_count()
        expect(count).to_contain_text("left")
        for clip, mirrored in ((left, False), (right_mirrored, True)):
            self.camera.move(clip, mirrored=mirrored)
            self.page.wait_for_function("window.filmed.ended()", timeout=LONG_MS)
        self.wait_kind("rate")
        self.camera.stand(left)

    def leave_out(self, title: str) -> None:
        """Leave a movement of the profile out."""
        expect(self.title).to_have_text(title, timeout=LONG_MS)
        self.answer("Without a warm-up")
        self.answer("Leave this movement out")

    def wait_step(self, words: str) -> None:
        """Wait for a part of the check."""
        expect(self.stage.locator(".step")).to_contain_text(words, timeout=LONG_MS)

    def wait_for_count(self, *, timeout_ms: float = LONG_MS) -> None:
        """Wait for "go"."""
        count = self.stage.locator(".count")
        expect(count).to_contain_text(re.compile("repetition 1"), timeout=timeout_ms)

    def resume(self, clip: str) -> None:
        """Go on before the camera after the page was loaded again."""
        start = self.page.locator("button.start", has_text="Start")
        start.wait_for()
        self.camera.stand(clip)
        start.click()
        self.title.wait_for()

    def massage(self) -> None:
        """Press every spot; the timer runs its time."""
        for _ in range(60):
            scene = self.scene_words()
            kind, step, *said = scene
            if "massage" not in step:
                return
            if kind == "rate":
                self.rate(2 if "does it hurt" in " ".join(said) else 4)
            elif kind != "timer":
                self.stage.locator(".options button").first.click()
            self.wait_for_another(scene)
        raise AssertionError("the massage did not end")

    def scene_words(self) -> list[str]:
        """Kind, step, title and text of the scene at one moment."""
        found: list[str] = self.stage.evaluate(
            "stage => [stage.dataset.kind, ...['step', 'title', 'text'].map("
            "name => stage.querySelector('.' + name).textContent)]"
        )
        return found

    def wait_for_another(self, scene: list[str], *, timeout_s: float = 150.0) -> None:
        """Wait until the scene is over."""
        end_s = time.monotonic() + timeout_s
        while self.stage.is_visible() and self.scene_words() == scene:
            assert time.monotonic() < end_s, f"it stayed at: {scene}"
            self.page.wait_for_timeout(100)
