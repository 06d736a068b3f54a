"""The body with the results of a profile, by name."""

from __future__ import annotations

from protocol_builders import FULL, led_to

from rom.protocol.session import StepKind
from rom.protocol.target import findings
from rom.ui.check.step_scenes import scene_of
from rom.ui.drawings.body_map import body_map
from rom.ui.drawings.results import colours_of, results_drawing, results_name


def test_the_choice_of_a_target_shows_the_results_on_the_body() -> None:
    session = led_to(StepKind.TARGET, FULL)
    found = [each.assessment for each in findings(session)]
    scene = scene_of(session)
    assert scene.picture == results_name(found)
    drawn = results_drawing(scene.picture)
    assert drawn == body_map(coloured=colours_of(found), title="Results on the body")
    assert "below the usual range" in drawn


def test_without_results_the_body_is_unmarked() -> None:
    assert results_drawing(results_name([])) == body_map(title="Results on the body")
