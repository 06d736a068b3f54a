"""Before and after, left and right: verdicts, refusals, bounds and their words."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from clinical_builders import PROVENANCE, VIEW, refused, series_of
from clinical_builders import measured as measured_by_the_tables
from forbidden_words import forbidden_in
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.clinical.assessment import Assessment, ViewSummary
from rom.clinical.comparison import Comparison, compare, compare_sides
from rom.clinical.error import mdc95_deg
from rom.clinical.tables import read_schema
from rom.clinical.wording import against_limit, degrees
from rom.errors import UsageError
from rom.landmarks import Side

VALIDATORS = {
    name: jsonschema.Draft202012Validator(read_schema(name))
    for name in ("comparison", "assessment")
}
VALUE_DEG = st.floats(20, 175)
MIRRORED_VERDICT = {"gain": "loss", "loss": "gain", "no_measurable_change": "no_measurable_change"}

SEM_DEG = 2.9
ACCURACY_DEG = 10.0


def measured(value_deg: float = 140.0, **changes: Any) -> Assessment:
    """A set with a fixed error, so that no example hangs on the error figures of today."""
    error = {"sem_deg": SEM_DEG, "mdc95_deg": mdc95_deg(SEM_DEG), "accuracy_deg": ACCURACY_DEG}
    return measured_by_the_tables(value_deg, **(error | changes))


def valid(comparison: Comparison) -> dict[str, Any]:
    content = comparison.to_json()
    VALIDATORS["comparison"].validate(content)
    for name in ("pre1", "post"):
        VALIDATORS["assessment"].validate(content[name])
    assert not [*forbidden_in(comparison.text)]
    assert "nan" not in comparison.text and "None" not in comparison.text
    return content


def right(value_deg: float, **changes: Any) -> Assessment:
    return measured(value_deg, side=Side.RIGHT, **changes)


@settings(deadline=None)
@given(value_deg=VALUE_DEG, spread_deg=st.floats(0, 15))
def test_a_set_compared_with_itself_has_not_changed(value_deg: float, spread_deg: float) -> None:
    one = measured_by_the_tables(value_deg, spread_deg=spread_deg)
    found = compare(one, one, pre2=one)
    assert (found.change_deg, found.drift_deg) == (0.0, 0.0)
    assert found.verdict == "no_measurable_change"


@settings(deadline=None)
@given(before=VALUE_DEG, after=VALUE_DEG)
def test_swapping_before_and_after_mirrors_the_verdict(before: float, after: float) -> None:
    forward = compare(measured(before), measured(after, sem_deg=4.0))
    back = compare(measured(after, sem_deg=4.0), measured(before))
    assert forward.change_deg == -back.change_deg  # type: ignore[operator]
    assert forward.mdc95_deg == back.mdc95_deg
    assert MIRRORED_VERDICT[forward.verdict] == back.verdict


@settings(deadline=None)
@given(before=VALUE_DEG, again=VALUE_DEG, after=VALUE_DEG)
def test_a_change_is_one_only_beyond_the_mdc(before: float, again: float, after: float) -> None:
    found = compare(measured(before), measured(after), pre2=measured(again))
    assert found.change_deg == pytest.approx(after - again)
    assert found.drift_deg == pytest.approx(again - before)
    limit_deg = 1.96 * math.hypot(*(each.sem_deg for each in (found.post, found.baseline)))  # type: ignore[arg-type]
    assert found.mdc95_deg == pytest.approx(limit_deg)
    if abs(again - before) > limit_deg:
        assert found.verdict == "unstable_baseline"
    elif abs(after - again) <= limit_deg:
        assert found.verdict == "no_measurable_change"
    else:
        assert found.verdict == ("gain" if after > again else "loss")
    valid(found)


def test_change_counts_from_the_second_set_before() -> None:
    found = compare(measured(118), measured(130), pre2=measured(124))
    assert (found.change_deg, found.drift_deg, found.verdict) == (6.0, 6.0, "no_measurable_change")
    assert compare(measured(118), measured(130)).verdict == "gain"


@settings(deadline=None)
@given(before=VALUE_DEG, after=VALUE_DEG, again=VALUE_DEG)
def test_left_and_right_are_treated_alike(before: float, after: float, again: float) -> None:
    sets = {side: [measured(value, side=side) for value in (before, again, after)] for side in Side}
    pain: dict[str, Any] = {"pain_before": 6, "pain_after": 3, "age": 50}
    left, other = (
        compare(one, three, pre2=two, **pain).to_json() for one, two, three in sets.values()
    )
    for name in ("change_deg", "drift_deg", "mdc95_deg", "verdict", "label", "text"):
        assert left[name] == other[name]


@settings(deadline=None)
@given(left_deg=VALUE_DEG, right_deg=VALUE_DEG)
def test_exchanging_the_sides_mirrors_the_verdict(left_deg: float, right_deg: float) -> None:
    found = compare_sides(measured(left_deg), right(right_deg))
    mirrored = compare_sides(measured(right_deg), right(left_deg))
    assert found.change_deg == -mirrored.change_deg  # type: ignore[operator]
    assert (found.mdc95_deg, found.limit_deg) == (mirrored.mdc95_deg, mirrored.limit_deg)
    assert MIRRORED_VERDICT[found.verdict] == mirrored.verdict


@pytest.mark.parametrize(
    "changes",
    [
        {"view": replace(VIEW, yaw_deg=25.0)},
        {"view": replace(VIEW, subject_height_frac=0.4)},
        {"view": replace(VIEW, mirrored=True)},
        {"view": None},
        {"provenance": replace(PROVENANCE, model_sha256="cd" * 32)},
    ],
)
def test_what_may_not_be_compared_may_not_the_other_way_round(changes: dict[str, Any]) -> None:
    one, two = measured(118), measured(150, **changes)
    forward, back = compare(one, two), compare(two, one)
    assert len(forward.refusals) == len(back.refusals)
    assert len(forward.remarks) == len(back.remarks)
    assert (forward.verdict == "not_comparable") is (back.verdict == "not_comparable")


def test_wide_repetitions_need_a_larger_change() -> None:
    calm, scattered = (measured_by_the_tables(120, spread_deg=spread) for spread in (1, 15))
    limit_deg = compare(calm, calm).mdc95_deg
    assert limit_deg is not None
    after = measured_by_the_tables(121 + limit_deg, spread_deg=1)
    assert compare(calm, after).verdict == "gain"
    assert compare(scattered, after).verdict == "no_measurable_change"


@pytest.mark.parametrize(
    ("before", "after"), [(refused(), measured()), (measured(), refused()), (refused(), refused())]
)
def test_nothing_is_compared_with_a_refused_set(before: Assessment, after: Assessment) -> None:
    found = compare(before, after)
    content = valid(found)
    assert found.verdict == "not_comparable"
    assert [content[name] for name in ("change_deg", "drift_deg", "mdc95_deg")] == [None] * 3
    assert "Turn a little towards the camera." in found.text


def test_a_refused_second_set_before_refuses_the_change() -> None:
    assert compare(measured(), measured(160), pre2=refused()).verdict == "not_comparable"


def test_a_refused_first_set_leaves_the_change_but_not_the_drift() -> None:
    found = compare(refused(), measured(150), pre2=measured(120), pain_before=6, pain_after=3)
    assert (found.verdict, found.drift_deg) == ("gain", None)
    assert (found.label, found.label_reason) == (
        None,
        "What this fits is not said; missing: a measured first set, age.",
    )
    assert "warming up cannot be told apart" in found.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"side": Side.RIGHT}, "different sides"),
        ({"view": replace(VIEW, yaw_deg=25.0)}, "The view differs by 21°"),
        ({"view": replace(VIEW, yaw_deg=-16.0)}, "The view differs by 20°"),
        ({"view": replace(VIEW, subject_height_frac=0.4)}, "75 % more of the picture in the first"),
        ({"view": replace(VIEW, mirrored=True)}, "mirror image"),
        ({"provenance": replace(PROVENANCE, model_sha256="cd" * 32)}, "different pose models"),
        ({"provenance": replace(PROVENANCE, correction="v2")}, "different corrections"),
    ],
)
def test_recordings_that_may_not_be_compared(changes: dict[str, Any], words: str) -> None:
    found = compare(measured(118), measured(150, **changes))
    valid(found)
    assert (found.verdict, found.change_deg) == ("not_comparable", None)
    assert words in found.text


def test_sets_of_different_movements_are_wrong_usage() -> None:
    other = measured(150, movement="shoulder_flexion", side=Side.RIGHT)
    message = "Expected sets of one movement, got shoulder_abduction and shoulder_flexion"
    for call in (
        lambda: compare(measured(), other),
        lambda: compare(measured(), measured(), pre2=other),
        lambda: compare(measured(), measured(), other_side=other),
        lambda: compare_sides(measured(), other),
    ):
        with pytest.raises(UsageError, match=message):
            call()


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (replace(VIEW, yaw_deg=15.0), "The view differs by 11°"),
        (replace(VIEW, subject_height_frac=0.9), "29 % more of the picture in the second"),
        (replace(VIEW, width_px=720, height_px=1280), "upright"),
        (replace(VIEW, yaw_deg=None), "not known"),
        (replace(VIEW, subject_height_frac=math.nan), "not known"),
        (None, "not known"),
    ],
)
def test_smaller_differences_are_said(view: ViewSummary | None, words: str) -> None:
    found = compare(measured(118), measured(150, view=view))
    assert found.verdict == "gain"
    assert words in found.text


def test_first_sets_of_another_side_are_the_wrong_files() -> None:
    found = compare(right(118), measured(150), pre2=measured(118))
    assert found.verdict == "not_comparable"
    assert "The two sets before do not match." in found.text


@pytest.mark.parametrize("bounds", [("at_least", "exact"), ("exact", "at_least")])
def test_no_change_is_claimed_from_a_bound(bounds: tuple[Any, Any]) -> None:
    sets = [
        measured(value, movement="cervical_rotation", bound=bound)
        for value, bound in zip((30, 62), bounds, strict=True)
    ]
    found = compare(*sets)
    assert (found.verdict, found.change_deg) == ("not_comparable", None)
    assert "further than the camera can read" in found.text


def test_a_bound_in_the_first_set_only_costs_the_drift() -> None:
    first = measured(62, movement="cervical_rotation", bound="at_least")
    sets = [measured(value, movement="cervical_rotation") for value in (40, 55)]
    found = compare(first, sets[1], pre2=sets[0])
    assert (found.verdict, found.drift_deg) == ("gain", None)


def label_of(found: Comparison) -> str | None:
    return found.label.id if found.label else None


@pytest.mark.parametrize(
    ("values", "pain", "label"),
    [
        ((118, 119, 150), (6, 3), "D04"),
        ((118, 119, 139), (6, 3), "D05"),
        ((150, 151, 165), (6, 3), "D06"),
        ((118, 119, 150), (6, 6), "D07"),
        ((118, 119, 150), (1, 1), "D08"),
        ((150, 151, 165), (1, 1), "D09"),
        ((118, 119, 121), (6, 3), "D10"),
        ((150, 151, 152), (6, 3), "D11"),
        ((118, 119, 121), (6, 5), "D12"),
        ((150, 151, 152), (6, 5), "D13"),
        ((118, 119, 121), (1, 1), "D14"),
        ((150, 151, 152), (1, 1), "D15"),
        ((118, 119, 150), (3, 6), "D01"),
        ((118, 135, 150), (6, 3), "D02"),
        ((150, 151, 130), (6, 3), "D03"),
    ],
)
def test_labels_of_whole_sessions(
    values: tuple[int, int, int], pain: tuple[int, int], label: str
) -> None:
    """Shoulder abduction at 34: p5 is 142."""
    sets = [measured(value) for value in values]
    found = compare(sets[0], sets[2], pre2=sets[1], pain_before=pain[0], pain_after=pain[1], age=34)
    assert label_of(found) == label
    assert found.label is not None and found.label.wording in found.text
    assert valid(found)["label"] == {"id": label, "name": found.label.name}


def test_restriction_is_decided_on_the_first_set() -> None:
    """Pre 1 is low, Pre 2 is usual: the session counts as restricted before."""
    found = compare(
        measured(138), measured(160), pre2=measured(144), pain_before=6, pain_after=2, age=34
    )
    assert label_of(found) == "D04"


def test_without_an_age_the_label_waits_or_uses_the_assessments_own_range() -> None:
    pain = {"pain_before": 6, "pain_after": 3}
    without = compare(measured(118), measured(150), **pain)
    assert without.label_reason == "What this fits is not said; missing: age."
    carried = compare(measured(118, age=34), measured(150, age=34), **pain)
    assert label_of(carried) == "D04"


def test_without_age_or_pain_low_values_have_no_reference() -> None:
    found = compare(measured(118), measured(119), pain_before=0, pain_after=0)
    assert label_of(found) == "D16"


def test_grade_c_has_no_reference_whatever_the_age() -> None:
    sets = [measured(value, movement="hip_adduction") for value in (5, 20)]
    found = compare(*sets, pain_before=6, pain_after=3, age=34)
    assert label_of(found) == "D06"


@pytest.mark.parametrize(("other_deg", "label"), [(150, "D08"), (125, "D09")])
def test_other_side_serves_as_reference(other_deg: float, label: str) -> None:
    """Without an age, a better other side means restricted, a similar one not restricted."""
    found = compare(
        measured(118), measured(135), other_side=right(other_deg), pain_before=1, pain_after=1
    )
    assert label_of(found) == label


@pytest.mark.parametrize(
    "other",
    [measured(150), refused(side=Side.RIGHT), right(150, view=replace(VIEW, yaw_deg=40.0))],
)
def test_an_other_side_that_cannot_be_used_is_not_used(other: Assessment) -> None:
    found = compare(measured(118), measured(150), other_side=other, pain_before=6, pain_after=3)
    assert found.label_reason == "What this fits is not said; missing: age."


def test_worse_without_pain_still_says_stop() -> None:
    found = compare(measured(118), measured(150), worse=True)
    assert found.label is None
    assert found.sentences[0].startswith("You say that it feels worse.")


def test_worse_needs_two_points_of_pain_for_its_label() -> None:
    pairs = {None: "D07", False: "D07", True: "D01"}
    for worse, label in pairs.items():
        found = compare(
            measured(118), measured(150), pain_before=4, pain_after=6, worse=worse, age=34
        )
        assert label_of(found) == label
    assert found.sentences[0].startswith("Today this seemed to make things worse.")


def test_pain_outside_the_scale_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="got 11"):
        compare(measured(), measured(), pain_before=11)


def test_one_baseline_says_what_it_cannot_tell() -> None:
    assert "warming up cannot be told" in compare(measured(118), measured(150)).text
    both = compare(measured(118), measured(150), pre2=measured(118)).text
    assert "second of two tests" in both and "Only one set" not in both


def test_a_comparison_carries_no_series() -> None:
    one = measured()
    content = valid(compare(replace(one, series=series_of(one)), measured()))
    assert "series" not in content["pre1"]


@settings(deadline=None)
@given(left_deg=VALUE_DEG, right_deg=VALUE_DEG)
def test_sides_differ_beyond_mdc_and_ten_percent(left_deg: float, right_deg: float) -> None:
    found = compare_sides(measured(left_deg), right(right_deg))
    valid(found)
    assert found.change_deg == pytest.approx(right_deg - left_deg)
    assert found.mdc95_deg is not None and found.limit_deg is not None
    assert found.limit_deg == pytest.approx(max(found.mdc95_deg, 0.1 * max(left_deg, right_deg)))
    told = abs(right_deg - left_deg) > found.limit_deg
    assert (found.verdict != "no_measurable_change") is told
    assert ("moves" in found.sentences[0]) is told


def test_sides_are_told_in_neutral_words() -> None:
    found = compare_sides(measured(140), right(112))
    assert found.sentences[0] == "The right side moves 28° less than the left."
    sides = {Side.LEFT: 40, Side.RIGHT: 60}
    neck = [measured(deg, movement="cervical_rotation", side=side) for side, deg in sides.items()]
    assert (
        compare_sides(*neck).sentences[0] == "To the left you move 20° less far than to the right."
    )
    assert compare_sides(measured(140), right(141)).to_json()["kind"] == "left_right"


@pytest.mark.parametrize(
    ("left", "right_side", "words"),
    [
        (measured(), measured(), "Left and right are needed"),
        (right(120), measured(140), "exchanged"),
        (measured(), refused(side=Side.RIGHT), "The right side could not be measured"),
        (measured(40, movement="trunk_extension", side=None),) * 2 + ("no side and no side",),
    ],
)
def test_sides_that_may_not_be_compared(
    left: Assessment, right_side: Assessment, words: str
) -> None:
    found = compare_sides(left, right_side)
    assert (found.verdict, found.change_deg) == ("not_comparable", None)
    assert words in found.text


def test_turning_round_is_no_other_view_for_the_other_side() -> None:
    turned = right(150, view=replace(VIEW, yaw_deg=-4.0))
    assert compare_sides(measured(140), turned).remarks == ()


@pytest.mark.parametrize(
    ("difference", "limit", "words"),
    [
        (21.2, 9.6, ("21°", "10°")),
        (8.4, 8.3, ("8.4°", "8.3°")),
        (-8.34, 8.31, ("8.34°", "8.31°")),
        (7.9, 8.1, ("7.9°", "8.1°")),
        (0.0, 8.0, ("0°", "8°")),
    ],
)
def test_rounding_never_hides_which_is_larger(
    difference: float, limit: float, words: tuple[str, str]
) -> None:
    assert against_limit(difference, limit) == words


def test_degrees_have_no_minus_zero() -> None:
    assert [degrees(value) for value in (-0.4, 0.4, -1.6)] == ["0°", "0°", "−2°"]
