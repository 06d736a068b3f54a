"""A neck check in a browser: seated and near, both directions in one clip, told together."""

from __future__ import annotations

import re

import pytest
from app_server import AppServer
from check_driver import LONG_MS, CheckDriver
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.long

NECK = "cervical_lateral_flexion.mp4"
TITLE = "Head, ear to the shoulder"


def test_left_and_right_of_the_neck_are_filmed_and_told_together(
    page: Page, app: AppServer
) -> None:
    driver = CheckDriver(page, app.url)
    driver.open()
    driver.choose_movement(TITLE, "Left")
    page.get_by_text("You move left and right in turn.").wait_for()
    page.get_by_text("Sit upright facing the camera at 0.8 to 1 m").wait_for()
    driver.tell_age("1976")
    driver.start(NECK)
    driver.none_of_the_safety_questions()
    driver.answer("Nowhere in particular")
    driver.rate(2)
    driver.wait_kind("take")
    expect(driver.title).to_have_text(f"{TITLE}, left and right")
    move_both_ways(driver, 2)  # the warm-up
    driver.rate(4)
    move_both_ways(driver, 3)
    driver.rate(4)
    driver.wait_step("massage")
    driver.massage()
    move_both_ways(driver, 3)
    driver.rate(2)
    page.get_by_text("No measurable change").wait_for(timeout=LONG_MS)
    page.get_by_role("heading", name=f"{TITLE}: left and right together").wait_for()
    before_deg, after_deg = arcs_deg(page)
    assert before_deg == pytest.approx(70, abs=6)
    assert after_deg == pytest.approx(before_deg, abs=4)
    expect(page.get_by_text("so only the two together are compared")).to_have_count(1)
    page.get_by_text("Your pain rating fell from 4 to 2").first.wait_for()
    page.reload()  # as the records have it
    page.get_by_text("No measurable change").wait_for()
    assert arcs_deg(page) == (before_deg, after_deg)


def move_both_ways(driver: CheckDriver, repetitions: int) -> None:
    """Move at "go" to the left and the right in turn, each counted for itself."""
    driver.wait_for_count()
    video = driver.stage.locator("video")
    expect(video).to_have_js_property("videoWidth", 1280)
    expect(video).to_have_js_property("videoHeight", 720)
    count = driver.stage.locator(".count")
    expect(count).to_have_text(f"repetition 1 of {repetitions}, left")
    driver.camera.move(NECK)
    for words in (f"1 of {repetitions}, right", f"2 of {repetitions}, left"):
        expect(count).to_have_text(f"repetition {words}", timeout=LONG_MS)
    driver.wait_kind("rate")
    driver.camera.stand(NECK)


def arcs_deg(page: Page) -> tuple[int, int]:
    """The whole arc before and after, as the page tells it."""
    words = page.get_by_text("From one end to the other it was").inner_text()
    before, after = re.findall(r"(\d+)° (?:before|after)", words)
    return int(before), int(after)
