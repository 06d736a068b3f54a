"""Results read back from JSON are those that were written; anything else is refused in a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from clinical_builders import measured, refused, series_of
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison, compare, compare_sides
from rom.clinical.signs.judged import Sign
from rom.clinical.tables import read_schema
from rom.errors import InputError
from rom.landmarks import Side
from rom.records.from_json import assessment_from_json, comparison_from_json


def signed(assessment: Assessment) -> Assessment:
    """With two signs, one that could not be judged, and the angle over time with a gap.

    Only together, and the lean only because it comes early, do they count as several.
    """
    seen = Sign(
        code="hesitation",
        value=0.7,
        threshold=0.3,
        unit="s",
        present=True,
        reason=None,
        repetitions_with=(0, 2),
        repetitions_evaluated=(0, 1, 2),
        source="AUNG2016",
        evidence="heuristic",
    )
    lean = replace(seen, code="trunk_lean", value=14.0, threshold=10.0, unit="deg", early=True)
    unknown = replace(seen, code="slow", value=None, present=False, reason="It needs two sets.")
    return replace(
        assessment,
        signs=(seen, lean, replace(unknown, repetitions_with=(), repetitions_evaluated=())),
        series=series_of(assessment, gap_s=(3.0, 3.4)),
    )


def through_json(content: object) -> Any:
    return json.loads(json.dumps(content, allow_nan=False))


ASSESSMENTS: dict[str, Callable[[], Assessment]] = {
    "plain": lambda: measured(age=45),
    "with everything": lambda: signed(measured(118, age=45, sex="F")),
    "refused": refused,
    "at least": lambda: measured(58, movement="cervical_rotation", bound="at_least"),
    "without side": lambda: measured(40, movement="cervical_flexion", side=None),
}


@pytest.mark.parametrize("name", ASSESSMENTS)
def test_an_assessment_comes_back_as_it_was_written(name: str) -> None:
    written = through_json(ASSESSMENTS[name]().to_json())
    assert assessment_from_json(written).to_json() == written


@given(st.lists(st.floats(20.0, 170.0), min_size=1, max_size=6), st.sampled_from(Side))
@settings(max_examples=25)
def test_any_measured_set_comes_back(peaks_deg: list[float], side: Side) -> None:
    written = through_json(measured(peaks_deg=peaks_deg, side=side, age=30).to_json())
    assert assessment_from_json(written).to_json() == written


COMPARISONS: dict[str, Callable[[], Comparison]] = {
    "session": lambda: compare(
        signed(measured(118)),
        signed(measured(140)),
        pre2=signed(measured(119)),
        pain_before=6,
        pain_after=3,
        age=45,
        sex="F",
    ),
    "worse": lambda: compare(measured(118), measured(119), worse=True),
    "not comparable": lambda: compare(measured(), refused()),
    "sides": lambda: compare_sides(measured(118), measured(140, side=Side.RIGHT), age=45),
}


@pytest.mark.parametrize("name", COMPARISONS)
def test_a_comparison_comes_back_with_its_sentences(name: str) -> None:
    comparison = COMPARISONS[name]()
    written = through_json(comparison.to_json())
    found = comparison_from_json(written)
    assert found.to_json() == written
    assert found.sentences == comparison.sentences
    assert name != "session" or "several protective signs" in found.text
    assert found.label == comparison.label


def test_what_a_later_version_adds_is_passed_over() -> None:
    written = through_json(measured().to_json())
    later = {**written, "mood": "calm", "view": {**written["view"], "zoom": 2}}
    assert assessment_from_json(later).to_json() == written


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema": "rom.assessment/9"}, "rom.assessment/9"),
        ({"value_deg": "118"}, "value_deg: expected a number, got '118'"),
        ({"value_deg": True}, "value_deg: expected a number, got True"),
        ({"value_deg": None}, "expected value"),
        ({"side": "up"}, "side: "),
        ({"status": "guessed"}, "status: expected one of"),
        ({"repetitions": [{"counted": True}]}, "repetitions: expected the content of Repetition"),
        ({"issues": 3}, "issues: expected list, got int"),
        ({"provenance": None}, "provenance: expected dict"),
        (
            {"series": {"time_s": [0.0, "x"], "angle_deg": [1.0, 2.0]}},
            "series.time_s: expected a number, got 'x'",
        ),
        ({"series": {"time_s": [0.0], "angle_deg": [1.0, 2.0]}}, "two arrays of one length"),
    ],
)
def test_damage_is_named_in_one_line(change: dict[str, object], words: str) -> None:
    written = {**through_json(measured().to_json()), **change}
    with pytest.raises(InputError) as caught:
        assessment_from_json(written)
    message = str(caught.value)
    assert words in message and "\n" not in message and message.startswith("Expected")


@pytest.mark.parametrize("content", [None, [], "text", 3, {}, {"schema": 1}, {"left": {}}])
def test_other_content_is_refused(content: object) -> None:
    for read in (assessment_from_json, comparison_from_json):
        with pytest.raises(InputError, match="^Expected an? .*, got a file of another kind"):
            read(content)


def test_a_label_that_no_rule_gives_is_refused() -> None:
    written = through_json(COMPARISONS["session"]().to_json())
    with pytest.raises(InputError, match="D99"):
        comparison_from_json({**written, "label": {"id": "D99", "name": "?"}})


def test_what_the_published_schema_asks_for_is_enough() -> None:
    comparison = COMPARISONS["session"]()
    written = through_json(comparison.to_json())
    needed = {name: written[name] for name in read_schema("comparison")["required"]}
    found = comparison_from_json({**needed, "label_reason": None})
    assert found.sentences[:2] == comparison.sentences[:2]
    assert found.limit_deg == pytest.approx(comparison.limit_deg, abs=1e-4)
