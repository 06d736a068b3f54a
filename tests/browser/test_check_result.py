"""The result of a kept check in a real browser: the moment of a sign, drawn from landmarks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from app_server import AppServer
from chromium import serious_findings
from playwright.sync_api import Page, expect

from rom.clinical.comparison import compare
from rom.keeping import Keeper
from rom.kinematics.pain_marks import place_marks
from rom.landmarks import Side
from rom.pipeline import AssessmentRequest, Outcome, assess_recording
from rom.records.location import STORE_NAME
from rom.records.store import open_store
from rom.samples import sample_folder

pytestmark = pytest.mark.long

MOVING_ARM = """
() => [...document.querySelectorAll("figure svg polyline animate")]
  .map((each) => each.parentElement)
  .filter((each) => each.animatedPoints.numberOfItems === 4)
  .map((each) => each.animatedPoints[2].y)
  .pop()
"""
"""Height of the wrist of the arm that moves, which is drawn last."""


def measured(clip: str, *, pain_part: float) -> Outcome:
    """A sample clip with the start of pain marked at a part of the time of each way out."""
    request = AssessmentRequest(
        video=sample_folder() / clip, movement="shoulder_abduction", side=Side.RIGHT, age=50
    )
    outcome = assess_recording(request)
    (found,) = outcome.assessments
    assert found.series is not None
    marks = place_marks(
        found.series.time_s,
        found.series.angle_deg,
        repetitions=found.repetitions,
        marks_s=[r.onset_s + pain_part * (r.peak_s - r.onset_s) for r in found.counted],
    )
    return replace(outcome, assessments=(replace(found, pain_marks=marks),))


def keep(data_dir: Path) -> tuple[str, str]:
    """Keep guarded movement before and free movement after; ids of person and session."""
    before = measured("shoulder_abduction_right_guarded.mp4", pain_part=0.45)
    after = measured("shoulder_abduction_right_post.mp4", pain_part=0.6)
    comparison = compare(before.assessments[0], after.assessments[0], age=50)
    assert comparison.pre1.patterns
    with open_store(f"sqlite:///{data_dir / STORE_NAME}") as store:
        person = store.add_person("Ana", birth_year=1976, sex="F")
        kept = Keeper(store, person).keep_comparison(comparison, {"pre1": before, "post": after})
    return person.id, kept.session.id


def test_the_moment_of_a_sign_is_seen_without_any_clip(page: Page, app: AppServer) -> None:
    page.set_default_timeout(60_000)
    person, session = keep(app.data_dir)
    page.goto(f"{app.url}/check?person={person}&session={session}")
    page.get_by_text("Where you marked it, pain began at").wait_for()
    page.get_by_text("Seen in the way of moving, and when").click()
    page.get_by_text("See it: the trunk leans away").click()
    drawing = page.get_by_role("img", name="The trunk leans away")
    expect(drawing).to_be_visible()
    page.wait_for_function(
        f"(first) => Math.abs(({MOVING_ARM})() - first) > 5",
        arg=page.evaluate(MOVING_ARM),
    )
    assert not serious_findings(page)
    page.emulate_media(color_scheme="dark")
    expect(drawing).to_be_visible()
    assert page.locator("video").count() == 0
    page.get_by_text("See it: the trunk leans away").click()
    expect(drawing).to_have_count(0)
