"""Signs over two sets: mirrored when the sets are, open where the sets are not alike."""

from __future__ import annotations

from dataclasses import replace

import pytest
from clinical_builders import VIEW, measured, refused, repetition, sign
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.clinical.assessment import Assessment
from rom.clinical.comparison import compare, compare_sides
from rom.clinical.sets_together import both_sides, judged_against
from rom.clinical.signs.judged import Sign
from rom.errors import UsageError
from rom.landmarks import Side

CODES = ("hesitation", "trunk_lean", "elbow_bend", "bracing")


def at_speed(value_deg: float, speed_deg_s: float, *present: str) -> Assessment:
    repetitions = tuple(
        replace(repetition(value_deg, number=number), peak_velocity_deg_s=speed_deg_s)
        for number in range(3)
    )
    signs = tuple(sign(code, (0, 1) if code in present else ()) for code in CODES)
    return measured(value_deg, repetitions=repetitions, signs=signs)


sets = st.builds(
    lambda value_deg, speed_deg_s, present: at_speed(value_deg, speed_deg_s, *present),
    st.floats(90.0, 160.0),
    st.floats(40.0, 200.0),
    st.sets(st.sampled_from(CODES)),
)


def found_in(assessment: Assessment, code: str) -> Sign:
    return next(each for each in assessment.signs if each.code == code)


MIRRORED = {"gain": "loss", "loss": "gain"}


@settings(deadline=None)
@given(first=sets, second=sets, pain=st.tuples(st.floats(0, 10), st.floats(0, 10)))
def test_swapping_before_and_after_mirrors_everything(
    first: Assessment, second: Assessment, pain: tuple[float, float]
) -> None:
    there = compare(first, second, pain_before=pain[0], pain_after=pain[1])
    back = compare(second, first, pain_before=pain[1], pain_after=pain[0])
    assert back.verdict == MIRRORED.get(there.verdict, there.verdict)
    assert there.signs is not None and back.signs is not None
    assert [each.code for each in there.signs.went] == [each.code for each in back.signs.came]
    assert [each.code for each in there.signs.came] == [each.code for each in back.signs.went]
    assert there.protective is not None and back.protective is not None
    assert there.protective == back.protective[::-1]


@settings(deadline=None)
@given(left=sets, right=sets)
def test_left_and_right_are_judged_alike(left: Assessment, right: Assessment) -> None:
    right = replace(right, side=Side.RIGHT)
    ours, theirs = both_sides(left, right)
    mirrored = both_sides(replace(right, side=Side.LEFT), replace(left, side=Side.RIGHT))
    assert (ours.signs, theirs.signs) == (mirrored[1].signs, mirrored[0].signs)
    shown = compare_sides(left, right).side_signs
    assert shown is not None
    assert not {each.code for each in shown.went} & {each.code for each in shown.came}


def test_both_sides_tell_less_range_on_one_only() -> None:
    left, right = both_sides(at_speed(118, 95.0), replace(at_speed(150, 95.0), side=Side.RIGHT))
    assert found_in(left, "asymmetry").present
    assert not found_in(right, "asymmetry").present and found_in(right, "asymmetry").evaluated


@pytest.mark.parametrize(
    "other",
    [
        refused(),
        measured(bound="at_least"),
        measured(view=replace(VIEW, yaw_deg=30.0)),
        measured(view=replace(VIEW, subject_height_frac=0.3)),
        measured(view=replace(VIEW, mirrored=True)),
        measured(side=Side.RIGHT),
    ],
    ids=["refused", "bound", "view", "distance", "mirror", "side"],
)
def test_speed_is_not_compared_between_sets_that_are_not_alike(other: Assessment) -> None:
    judged = judged_against(at_speed(118, 20.0), other)
    for code in ("slow", "less_smooth"):
        assert not found_in(judged, code).evaluated
    comparison = compare(at_speed(118, 20.0), other)
    assert comparison.signs is None and comparison.refusals


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"view": replace(VIEW, yaw_deg=30.0)}, "view"),
        ({"view": replace(VIEW, subject_height_frac=0.3)}, "distance"),
        ({"view": replace(VIEW, mirrored=True)}, "mirrored"),
        ({"side": Side.RIGHT}, "side"),
        (
            {"provenance": replace(measured().provenance, model_sha256="cd" * 32)},
            "model",
        ),
    ],
)
def test_what_forbids_a_comparison_is_named(change: dict[str, object], code: str) -> None:
    content = compare(measured(), measured(**change)).to_json()  # type: ignore[arg-type]
    assert content["verdict"] == "not_comparable"
    differences = content["differences"]
    assert isinstance(differences, list)
    refusing = [each for each in differences if isinstance(each, dict) and each["refuses"]]
    assert [each["code"] for each in refusing] == [code]
    assert refusing[0]["sentence"] in str(content["text"])


@pytest.mark.parametrize("pain", [-1.0, 10.5, 11.0])
def test_pain_off_the_scale_gets_a_sentence(pain: float) -> None:
    with pytest.raises(UsageError, match="pain from 0 to 10"):
        compare(at_speed(118, 95.0), at_speed(120, 95.0), pain_before=pain)
