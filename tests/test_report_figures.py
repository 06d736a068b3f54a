"""The drawings of the reports: what is where, nothing outside, and the same in words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from xml.etree import ElementTree

import numpy as np
import pytest
from clinical_builders import measured, series_of
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from report_builders import HOSTILE

from rom.reports.curves_figure import Curve, curves_figure
from rom.reports.pain_figure import pain_figure
from rom.reports.profile_figure import Row, Side, profile_figure
from rom.reports.trend_figure import Point, trend_figure

FIRST = date(2026, 3, 2)


def parsed(drawing: Markup) -> ElementTree.Element:
    root = ElementTree.fromstring(str(drawing))
    assert root[0].tag == "title" and root[1].tag == "desc"
    return root


def inside(root: ElementTree.Element) -> None:
    _, _, width, height = map(float, root.get("viewBox", "").split())
    for element in root.iter():
        for name, limit in (("x", width), ("cx", width), ("x1", width), ("x2", width)):
            assert 0 <= float(element.get(name, 0)) <= limit, ElementTree.tostring(element)
        for name, limit in (("y", height), ("cy", height), ("y1", height), ("y2", height)):
            assert 0 <= float(element.get(name, 0)) <= limit, ElementTree.tostring(element)


def marks(root: ElementTree.Element, style: str) -> list[ElementTree.Element]:
    return [each for each in root.iter() if (each.get("class") or "").split() == style.split()]


def points(count: int, **changes: object) -> list[Point]:
    return [
        Point(
            day=FIRST + timedelta(days=7 * number),
            value_deg=110.0 + number,
            half_width_deg=5.8,
            after_deg=120.0 + number,
            pain=6.0,
        )
        for number in range(count)
    ]


def test_a_trend_shows_every_session_with_its_error_and_pain() -> None:
    sessions = points(6)
    sessions[2] = replace(sessions[2], value_deg=None, half_width_deg=None, after_deg=None)
    sessions[4] = replace(sessions[4], used=False)
    root = parsed(
        trend_figure(
            sessions,
            title="Trend",
            identifier="t",
            around_deg=111.0,
            limit_deg=7.0,
            usual_from_deg=132.0,
        )
    )
    inside(root)
    assert len(marks(root, "dot before")) == 4
    assert len(marks(root, "dot unused")) == 1
    assert len(marks(root, "dot after")) == 5
    assert len(marks(root, "dot pain")) == 6
    assert len(marks(root, "interval thin before")) == 4
    assert len(marks(root, "missing")) == 2  # a cross
    assert len(marks(root, "error-band")) == len(marks(root, "usual")) == 1
    description = root[1].text or ""
    for words in (
        "6 sessions from 2 March 2026 to 6 April 2026.",
        "First value: 110° ±6°.",
        "Last value: 115° ±6°.",
        "From 104° to 118° is common between days.",
        "The usual range begins at 132°.",
    ):
        assert words in description


def test_a_higher_value_stands_higher_and_a_later_day_further_right() -> None:
    root = parsed(trend_figure(points(5), title="Trend", identifier="t"))
    places = [(float(m.get("cx", 0)), float(m.get("cy", 0))) for m in marks(root, "dot before")]
    assert places == sorted(places)
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)


@given(
    st.lists(st.floats(-30, 190), min_size=1, max_size=30),
    st.integers(0, 40),
    st.floats(0.5, 30.0),
)
@settings(max_examples=40)
def test_a_trend_stays_inside(values: list[float], gap_days: int, half_deg: float) -> None:
    sessions = [
        Point(day=FIRST + timedelta(days=gap_days * n), value_deg=v, half_width_deg=half_deg)
        for n, v in enumerate(values)
    ]
    inside(parsed(trend_figure(sessions, title="Trend", identifier="t")))


def test_a_trend_without_a_value_is_not_drawn() -> None:
    assert trend_figure([Point(day=FIRST, value_deg=None)], title="T", identifier="t") == ""


def curve(name: str, value_deg: float, repetitions: int = 3) -> Curve:
    one = measured(peaks_deg=[value_deg] * repetitions)
    return Curve(name=name, series=series_of(one), repetitions=one.repetitions)


def test_curves_share_one_scale_of_angles_and_seconds() -> None:
    root = parsed(
        curves_figure([curve("before", 100), curve("after", 140, 6)], title="C", identifier="c")
    )
    inside(root)
    lows = [max(map(float, re.findall(r" ([\d.]+)", m.get("d", "")))) for m in marks(root, "line")]
    highs = [min(map(float, re.findall(r" ([\d.]+)", m.get("d", "")))) for m in marks(root, "line")]
    assert lows[0] == pytest.approx(lows[1], abs=0.2) and highs[0] > highs[1]
    widths = [float(m.get("width", 0)) for m in marks(root, "repetition")]
    assert max(widths) - min(widths) <= 0.3  # all last as long
    assert len(marks(root, "peak")) == 9
    assert "before: 14 seconds; peaks of the counted repetitions: 100°, 100°, 100°" in (
        root[1].text or ""
    )


def test_curves_without_anything_seen_are_not_drawn() -> None:
    unseen = curve("before", 100)
    series = replace(unseen.series, angle_deg=np.full_like(unseen.series.angle_deg, np.nan))
    assert curves_figure([replace(unseen, series=series)], title="C", identifier="c") == ""


def test_a_profile_shows_a_row_for_each_movement() -> None:
    left = Side(name="left", value_deg=116, half_width_deg=10, style="left")
    right = Side(name="right", value_deg=135, half_width_deg=10, style="right", at_least=True)
    rows = [
        Row(name="Arm", sides=[left, right], usual_from_deg=132),
        Row(name=HOSTILE, sides=[replace(left, name="", style="after")]),
    ]
    root = parsed(profile_figure(rows, title="Profile", identifier="p"))
    inside(root)
    (circle,), (square,) = marks(root, "dot left"), marks(root, "dot right")
    assert (circle.tag, square.tag) == ("circle", "rect")
    assert float(circle.get("cx", 0)) < float(square.get("x", 0))
    bound = marks(root, "interval right")[0]
    assert float(bound.get("x2", 0)) == max(float(m.get("x2", 0)) for m in marks(root, "grid"))
    description = root[1].text or ""
    assert "Arm: left 116°, right at least 135°; the usual range begins at 132°." in description
    assert HOSTILE in description


@pytest.mark.parametrize(("before", "after"), [(6, 3), (3, 6), (5, 5), (0, 10), (4, 5), (10, 10)])
def test_pain_is_shown_before_and_after(before: float, after: float) -> None:
    root = parsed(pain_figure(before, after, title="Pain", identifier="p"))
    inside(root)
    (circle,), (square,) = marks(root, "dot before"), marks(root, "dot after")
    difference = float(square.get("x", 0)) + 7 - float(circle.get("cx", 0))
    assert difference == pytest.approx((after - before) * 44.8, abs=0.2)
    assert f"{before:g} of 10 before, {after:g} of 10 after." == root[1].text
