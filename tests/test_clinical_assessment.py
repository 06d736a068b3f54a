"""The JSON of one assessment: strict, and refused when it would contradict itself."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import numpy as np
import pytest
from clinical_builders import HIDDEN, measured, refused, repetition, series_of, sign
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.clinical.assessment import Assessment, Series
from rom.clinical.json_values import json_value
from rom.clinical.tables import read_schema
from rom.landmarks import Side
from rom.quality.issues import Issue, Severity


def valid(assessment: Assessment) -> dict[str, Any]:
    content = assessment.to_json()
    jsonschema.validate(content, read_schema("assessment"))
    return json.loads(json.dumps(content, allow_nan=False))


def full() -> Assessment:
    one = measured(120, age=34)
    return replace(
        one,
        repetitions=(*one.repetitions, repetition(70, number=3, counted=False)),
        issues=(Issue(code="tilt", severity=Severity.WARNING, message="Level the camera."),),
        signs=(sign("trunk_lean"), sign("slow", reason="The other side was not measured.")),
        series=series_of(one, gap_s=(2.0, 2.4)),
    )


def test_measured_and_refused_follow_the_schema() -> None:
    one = full()
    assert one.series is not None
    unseen = int(np.isnan(one.series.angle_deg).sum())
    assert valid(one)["series"]["angle_deg"].count(None) == unseen > 5
    assert valid(measured(side=None, movement="trunk_extension"))["side"] is None
    content = valid(refused())
    assert [content[name] for name in ("value_deg", "bound", "sem_deg")] == [None] * 3


def test_keys_stand_in_the_order_of_the_contract() -> None:
    required = read_schema("assessment")["required"]
    keys = list(full().to_json())
    assert keys[: len(required)] == required
    assert keys[len(required) :] == ["patterns_absent", "view", "series"]
    assert list(measured().to_json())[-1] == "view"


def test_repetitions_carry_the_contract() -> None:
    content = valid(full())["repetitions"]
    assert [each["counted"] for each in content] == [True, True, True, False]
    assert content[1]["pauses"] == [{"start_s": 5.6, "end_s": 5.9}]
    assert content[3]["peak_velocity_deg_s"] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"value_deg": None},
        {"value_deg": float("nan")},
        {"sem_deg": None},
        {"accuracy_deg": None},
        {"bound": None},
        {"issues": (HIDDEN,)},
        {"status": "perhaps"},
    ],
)
def test_contradictions_are_refused_when_measured(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        replace(measured(), **changes)


@pytest.mark.parametrize("changes", [{"value_deg": 0.0}, {"sem_deg": 3.0}, {"issues": ()}])
def test_contradictions_are_refused_when_not_measured(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        replace(refused(), **changes)


def test_series_need_one_length() -> None:
    with pytest.raises(ValueError, match="one length"):
        Series(time_s=np.zeros(3), angle_deg=np.zeros(4))


@settings(deadline=None)
@given(st.floats(allow_nan=True, allow_infinity=True))
def test_numbers_are_finite_or_null(value: float) -> None:
    found = json_value([value, np.float64(value), np.array([value])])
    json.dumps(found, allow_nan=False)
    assert (found[0] is None) is not np.isfinite(value)  # type: ignore[index]


def test_json_value_refuses_what_has_no_json() -> None:
    assert json_value({"side": Side.LEFT, "flags": np.array([True])}) == {
        "side": "left",
        "flags": [True],
    }
    with pytest.raises(TypeError, match="expected a JSON value"):
        json_value(object())
