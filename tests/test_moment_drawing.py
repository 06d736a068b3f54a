"""The moment of a sign drawn from landmarks: the pose that was there, and nothing where nobody."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from clinical_builders import measured, sign
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from test_ui_views import drawn, texts

from rom.landmarks import LandmarkSeries, Side
from rom.movements import measurable_movements, movement_named
from rom.ui.drawings.moment import Moment, moment_loop, moment_stills
from rom.ui.preferences import Preferences
from rom.ui.views import show_assessment
from rom.ui.views.seen import moment_of
from tests.performances import filmed

ABDUCTION = movement_named("shoulder_abduction")
SERIES = filmed("shoulder_abduction", Side.LEFT)
FEW = settings(max_examples=25, deadline=None)


def loop(series: LandmarkSeries = SERIES, **changes: float) -> ET.Element:
    moment = Moment(**({"from_s": 1.0, "to_s": 3.0, "at_s": 2.0} | changes))
    drawing = moment_loop(series, ABDUCTION, Side.LEFT, moment, title="The trunk leans away")
    assert drawing is not None
    return ET.fromstring(str(drawing))


def arm_deg(points: str) -> float:
    """Angle of the first segment of a line to straight down."""
    (x0, y0), (x1, y1) = (map(float, each.split(",")) for each in points.split()[:2])
    return float(np.degrees(np.arctan2(abs(x1 - x0), y1 - y0)))


@FEW
@given(st.floats(0.5, 8.0), st.floats(0.4, 3.0))
def test_the_loop_passes_through_the_poses_of_the_recording(from_s: float, length_s: float) -> None:
    root = loop(from_s=from_s, to_s=from_s + length_s, at_s=from_s + 0.2)
    moving = [each for each in root if "--accent" in each.get("style", "") and each.tag == "g"]
    (arm,) = moving[0].findall("polyline")
    animation = arm.find("animate")
    assert animation is not None
    poses = animation.get("values", "").split(";")
    times_s = np.linspace(from_s, from_s + length_s, len(poses))
    true_deg = np.degrees(
        np.arctan2(
            np.abs(np.diff(SERIES.xy_px[:, [11, 13], 0], axis=1))[:, 0],
            np.diff(SERIES.xy_px[:, [11, 13], 1], axis=1)[:, 0],
        )
    )
    expected = np.interp(times_s, SERIES.time_s, true_deg)
    assert [arm_deg(each) for each in poses] == pytest.approx(expected, abs=8.0)
    assert float(animation.get("dur", "")[:-1]) == pytest.approx(length_s, abs=0.01)


@pytest.mark.parametrize("movement", [*measurable_movements()], ids=lambda each: each.name)
def test_every_movement_can_be_shown_with_and_without_motion(movement) -> None:  # type: ignore[no-untyped-def]
    side = Side.RIGHT if movement.has_side else None
    series = filmed(movement.name, side)
    moment = Moment(from_s=1.0, to_s=2.5)
    for draw in (moment_loop, moment_stills):
        root = ET.fromstring(str(draw(series, movement, side, moment, title="<Seen> & heard")))
        assert root.get("role") == "img" and "1.0 to 2.5 s" in root.get("aria-label", "")
        animated = root.findall(".//animate")
        assert bool(animated) == (draw is moment_loop)
        numbers = re.findall(r"-?\d+", " ".join(e.get("points", "") for e in root.iter()))
        assert all(-30 <= int(each) <= 560 for each in numbers)


def test_a_limb_that_was_not_seen_is_not_drawn_and_nobody_is_no_drawing() -> None:
    def lines(series: LandmarkSeries) -> int:
        return len(loop(series).findall(".//polyline"))

    guessed = SERIES.visibility.copy()
    guessed[:, 25:] = 0.2
    assert lines(replace(SERIES, visibility=guessed)) == lines(SERIES) - 2
    nobody = SERIES.masked(np.zeros(len(SERIES), np.bool_))
    moment = Moment(from_s=1.0, to_s=3.0)
    assert moment_loop(nobody, ABDUCTION, Side.LEFT, moment, title="x") is None
    late = Moment(from_s=900.0, to_s=902.0)
    assert moment_stills(SERIES, ABDUCTION, Side.LEFT, late, title="x") is None


def test_a_sign_is_shown_at_its_first_moment_or_in_its_first_stroke() -> None:
    found = measured(140.0, signs=(replace(sign("trunk_lean"), seen_s=(4.5, 9.0)), sign("slow")))
    lean, slow = found.patterns
    assert moment_of(lean, found.repetitions) == Moment(from_s=3.5, to_s=5.7, at_s=4.5)
    stroke = moment_of(slow, found.repetitions)
    first = found.repetitions[0]
    assert stroke is not None and stroke.at_s is None
    assert stroke.from_s < first.onset_s < first.peak_s < stroke.to_s
    assert moment_of(slow, ()) is None


def shown(app: AppTest) -> str:
    return " ".join(each.value for each in app.markdown)


@pytest.mark.parametrize("still", [False, True])
def test_see_it_shows_the_moment_once_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, still: bool
) -> None:
    chosen = Preferences(reduced_motion=still)
    monkeypatch.setattr("rom.ui.views.seen.preferences", lambda: chosen)
    found = measured(140.0, signs=(replace(sign("trunk_lean"), seen_s=(4.5, 9.0)),))
    app = drawn(show_assessment, found, landmarks=lambda _: SERIES)
    assert "The trunk leans away" not in shown(app)
    app.toggle[0].set_value(True).run()
    assert 'aria-label="The trunk leans away' in shown(app)
    assert ("<animate" in shown(app)) != still


def test_without_landmarks_the_page_says_why_nothing_is_seen() -> None:
    found = measured(140.0, signs=(replace(sign("trunk_lean"), seen_s=(4.5, 9.0)),))
    app = drawn(show_assessment, found, landmarks=lambda _: None)
    app.toggle[0].set_value(True).run()
    assert any("were not kept" in each for each in texts(app))
    assert not drawn(show_assessment, found).toggle
