"""The whole self-check in a browser, from the click to the result."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from app_server import AppServer
from check_driver import LONG_MS, CheckDriver
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.long

PRE = "shoulder_abduction_left_pre1.mp4"
POST = "shoulder_abduction_left_post.mp4"
KNEE = "knee_flexion_left.mp4"


def test_one_movement_before_and_after_massage(page: Page, app: AppServer) -> None:
    driver = CheckDriver(page, app.url)
    driver.open()
    driver.choose_movement("Arm, sideways and up", "Left")
    driver.tell_age("1976")
    driver.start(PRE)
    driver.none_of_the_safety_questions()
    driver.answer("The front of the shoulder (left)")
    driver.stage.get_by_role("button", name="Done").click()
    driver.rate(2)
    driver.repeat_movement(PRE)  # the warm-up
    driver.rate(4)
    driver.repeat_movement(PRE)
    driver.rate(5)
    driver.wait_step("massage")
    driver.camera.stand(POST)
    driver.massage()
    ended_s = driver.repeat_movement(POST)
    driver.rate(2)
    changed = page.get_by_text(re.compile(r"You moved \d+° further than before"))
    changed.wait_for(timeout=LONG_MS)
    print(f"result {time.monotonic() - ended_s:.1f} s after the take")
    change_deg = int(re.search(r"\d+", changed.inner_text())[0])  # type: ignore[index]
    assert change_deg == pytest.approx(27.5, abs=5)
    page.get_by_text("Your pain rating fell from 5 to 2").first.wait_for()
    assert not clips_of(app.data_dir)


def test_leaving_pausing_loading_again_and_ending(page: Page, app: AppServer) -> None:
    driver = CheckDriver(page, app.url)
    driver.open()
    driver.choose_movement("Knee, heel towards the buttock", "Left")
    driver.start(KNEE)
    driver.none_of_the_safety_questions()
    driver.answer("Nowhere in particular")
    driver.rate(1)
    driver.wait_kind("take")
    driver.answer("Without a warm-up")
    driver.wait_for_count()
    driver.camera.leave()
    prompt = driver.stage.locator(".prompt")
    expect(prompt).to_contain_text("cannot see you", timeout=LONG_MS)
    driver.camera.stand(KNEE)
    driver.wait_for_count()
    driver.stage.get_by_role("button", name="Pause").click()
    expect(driver.title).to_have_text("Paused")
    page.reload()
    driver.resume(KNEE)
    driver.answer("Go on")
    driver.repeat_movement(KNEE)
    driver.rate(1)
    driver.stage.get_by_role("button", name="End", exact=True).click()
    page.get_by_text("You ended the check. What was done is kept.").wait_for()
    value = page.get_by_role("cell", name=re.compile(r"\d+°")).first.inner_text()
    value_deg = int(re.search(r"\d+", value)[0])  # type: ignore[index]
    assert value_deg == pytest.approx(112, abs=8)
    assert not clips_of(app.data_dir)


def clips_of(data_dir: Path) -> list[Path]:
    """Clips that are still there."""
    return [*data_dir.rglob("*.mp4"), *data_dir.rglob("*.webm")]
