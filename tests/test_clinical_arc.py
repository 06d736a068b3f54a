"""The full arc: left and right together, whatever the zero was, and what changed of it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import jsonschema
import numpy as np
import pytest
from clinical_builders import measured, refused
from forbidden_words import forbidden_in
from hypothesis import given
from hypothesis import strategies as st

from rom.clinical.arc import Arc, Arcs, Opposite, arc_of, arc_sem_deg, both_directions
from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison, compare
from rom.clinical.decisions import rules_of
from rom.clinical.directions import compare_directions
from rom.clinical.error import mdc95_deg
from rom.clinical.history_json import session_from_json
from rom.clinical.tables import read_schema
from rom.errors import InputError
from rom.landmarks import Side
from rom.records.from_json import comparison_from_json
from rom.reports.page import comparison_page, directions_page
from rom.reports.text import comparison_text, directions_text
from tests.golden.storage import FOLDER, read_landmarks
from tests.performances import START_DEG, assess, filmed

NECK = "cervical_lateral_flexion"
SEM_DEG = 3.0
VALUE_DEG = st.floats(15, 50)
SHIFT_DEG = st.floats(-8, 8)
SCHEMA = jsonschema.Draft202012Validator(read_schema("comparison"))
ONE_SET = jsonschema.Draft202012Validator(read_schema("assessment"))

Clip = tuple[Assessment, Assessment]


def clip(left_deg: float, right_deg: float, *, zero_deg: float = 0.0, **changes: Any) -> Clip:
    """One clip; the person rested `zero_deg` to the left of where they did otherwise."""
    error = {"sem_deg": SEM_DEG, "mdc95_deg": mdc95_deg(SEM_DEG)} | changes
    return (
        measured(left_deg - zero_deg, movement=NECK, side=Side.LEFT, **error),
        measured(right_deg + zero_deg, movement=NECK, side=Side.RIGHT, **error),
    )


def compared(pre1: Clip, post: Clip, pre2: Clip | None = None, *, side: int = 0) -> Comparison:
    """What the sets of one direction say with the other one beside them."""
    other = 1 - side
    return compare(
        pre1[side],
        post[side],
        pre2=pre2[side] if pre2 else None,
        opposite=Opposite(pre1=pre1[other], post=post[other], pre2=pre2[other] if pre2 else None),
        pain_before=5,
        pain_after=2,
        age=45,
    )


def kind(found: Comparison) -> tuple[object, ...]:
    return found.verdict, found.change_deg, found.mdc95_deg, found.drift_deg


@given(VALUE_DEG, VALUE_DEG, VALUE_DEG, VALUE_DEG, SHIFT_DEG)
def test_where_the_person_rests_does_not_change_the_arc(
    left_deg: float, right_deg: float, left_after: float, right_after: float, zero_deg: float
) -> None:
    before = clip(left_deg, right_deg)
    found = compared(before, clip(left_after, right_after, zero_deg=zero_deg))
    same = compared(before, clip(left_after, right_after))
    assert found.change_deg == pytest.approx(left_after + right_after - left_deg - right_deg)
    assert found.change_deg == pytest.approx(same.change_deg)
    assert found.mdc95_deg == pytest.approx(same.mdc95_deg)


@given(st.floats(12, 20))
def test_a_direction_alone_would_tell_a_change_that_is_only_the_zero(zero_deg: float) -> None:
    before, after = clip(35, 35), clip(35, 35, zero_deg=-zero_deg)
    assert compare(before[0], after[0]).verdict == "gain"
    assert compare(before[1], after[1]).verdict == "loss"
    assert compared(before, after).verdict == "no_measurable_change"


@given(VALUE_DEG, VALUE_DEG, VALUE_DEG, VALUE_DEG)
def test_both_directions_and_their_mirror_image_say_the_same(
    left_deg: float, right_deg: float, left_after: float, right_after: float
) -> None:
    before, after = clip(left_deg, right_deg), clip(left_after, right_after)
    left, right = (compared(before, after, side=side) for side in (0, 1))
    assert kind(left) == kind(right)
    mirrored = compared(clip(right_deg, left_deg), clip(right_after, left_after))
    assert kind(left) == pytest.approx(kind(mirrored))
    back = compared(after, before)
    assert back.change_deg == pytest.approx(-left.change_deg)  # type: ignore[operator]


@given(VALUE_DEG, VALUE_DEG, VALUE_DEG, st.floats(1, 6), st.floats(1, 6))
def test_the_arc_changes_only_beyond_the_error_of_both_directions(
    left_deg: float, right_deg: float, right_after: float, sem_deg: float, sem_after: float
) -> None:
    before = clip(left_deg, right_deg, sem_deg=sem_deg)
    after = clip(left_deg, right_after, sem_deg=sem_after)
    found = compared(before, after)
    limit_deg = 1.96 * math.sqrt(2 * sem_deg**2 + 2 * sem_after**2)
    assert found.mdc95_deg == pytest.approx(limit_deg)
    change_deg = right_after - right_deg
    if abs(change_deg) < limit_deg - 1e-9:
        assert found.verdict == "no_measurable_change"
    elif abs(change_deg) > limit_deg + 1e-9:
        assert found.verdict == ("gain" if change_deg > 0 else "loss")


@given(st.floats(0, 6), st.integers(0, 2**32 - 1))
def test_the_error_of_an_arc_never_falls_short_of_what_a_common_zero_leaves(
    zero_sd_deg: float, seed: int
) -> None:
    """Each direction's figure holds the zero's scatter; their sum holds none of it."""
    chance = np.random.default_rng(seed)
    peaks, zero = chance.normal(0, 2.5, (2, 4000)), chance.normal(0, zero_sd_deg, 4000)
    left, right = peaks[0] - zero, peaks[1] + zero
    told_deg = arc_sem_deg(float(np.std(left)), float(np.std(right)))
    assert told_deg >= 0.97 * float(np.std(left + right))


def test_nothing_changed_is_told_as_a_change_in_at_most_one_of_twenty() -> None:
    """Sets of one person whose zero moves by 4° and whose peaks scatter as their error says."""
    chance = np.random.default_rng(5)
    told = {"arc": 0, "left": 0}
    count = 600
    for _ in range(count):
        before, after = (
            clip(*(35 + chance.normal(0, SEM_DEG, 2)), zero_deg=chance.normal(0, 4))
            for _ in range(2)
        )
        told["arc"] += compared(before, after).verdict != "no_measurable_change"
        told["left"] += compare(before[0], after[0]).verdict != "no_measurable_change"
    assert told["arc"] / count < 0.07
    assert told["left"] / count > 0.15


def test_two_arcs_before_that_differ_are_no_baseline_and_the_second_counts() -> None:
    steady = compared(clip(30, 30), clip(40, 42), clip(33, 31))
    assert (steady.change_deg, steady.drift_deg) == (18.0, 4.0)
    assert steady.verdict == "gain"
    assert "Left and right together, you moved 18° further than before." in steady.text
    found = compared(clip(30, 30), clip(40, 42), clip(38, 38))
    assert found.verdict == "unstable_baseline"
    assert "already differ by 16°" in found.text


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_direction_that_is_only_a_bound_leaves_no_change(side: int, when: str) -> None:
    exact, far = clip(40, 40), clip(60, 60)
    bound = list(far)
    bound[0] = replace(far[0], bound="at_least")
    sets = (tuple(bound), exact) if when == "before" else (exact, tuple(bound))
    found = compared(sets[0], sets[1], side=side)  # type: ignore[arg-type]
    assert found.verdict == "not_comparable"
    assert found.change_deg is None and found.mdc95_deg is None
    assert "at least 60°" in found.text
    assert found.arcs is not None
    arc = found.arcs.baseline if when == "before" else found.arcs.post
    assert arc.bound == "at_least"


def test_without_the_other_direction_one_is_compared_and_it_is_said() -> None:
    before, after = clip(30, 30), clip(44, 30)
    alone = compare(before[0], after[0], opposite=Opposite(pre1=before[1]))
    assert alone.arcs is None and alone.verdict == "gain"
    assert "Only one direction could be compared." in alone.text
    hidden = refused(movement=NECK, side=Side.RIGHT)
    found = compare(before[0], after[0], opposite=Opposite(pre1=before[1], post=hidden))
    assert found.arcs is None
    assert compare(before[0], after[0]).remarks == ()


def test_an_arc_needs_both_directions_of_one_movement() -> None:
    left, right = clip(30, 32)
    assert arc_of(right, left) == arc_of(left, right)
    assert arc_of(left, right) == Arc(left_deg=30, right_deg=32, sem_deg=math.hypot(3, 3))
    assert arc_of(left, None) is None and arc_of(left, left) is None
    knees = [measured(110, movement="knee_flexion", side=side) for side in Side]
    assert arc_of(*knees) is None
    assert not both_directions("shoulder_abduction") and not both_directions("no_movement")
    with pytest.raises(ValueError):
        Arcs(pre1=None, post=Arc(left_deg=1, right_deg=1, sem_deg=1))


def test_a_comparison_of_arcs_survives_json() -> None:
    found = compared(clip(30, 30), clip(40, 42), clip(33, 31))
    content = json.loads(json.dumps(found.to_json()))
    SCHEMA.validate(content)
    assert content["arcs"]["post"]["value_deg"] == 82.0
    again = comparison_from_json(content)
    assert again.to_json() == content
    assert "arcs" not in compare(*(clip(value, 30)[0] for value in (30, 40))).to_json()


def test_the_label_goes_by_the_arc() -> None:
    """The direction alone gained; both together did not."""
    found = compared(clip(30, 40), clip(42, 30))
    labels = {row["rule_id"]: row["change"] for row in rules_of("session")}
    assert found.verdict == "no_measurable_change"
    assert found.label is None or labels[found.label.id] in (None, "none")


def test_both_directions_of_clips_hold_the_contract_and_plain_words() -> None:
    clips = {"pre1": clip(30, 31), "pre2": clip(31, 32), "post": clip(44, 40)}
    found = compare_directions(clips, pain_before=5, pain_after=2, age=45)
    content = json.loads(json.dumps(found.to_json()))
    SCHEMA.validate(content)
    assert (content["side"], content["verdict"]) == ("both", "gain")
    for name in clips:
        assert content[name]["arc_deg"] == pytest.approx(
            content[name]["left"]["value_deg"] + content[name]["right"]["value_deg"]
        )
        for side in Side:
            ONE_SET.validate(content[name][side.value])
    with pytest.raises(InputError, match="left and right together"):
        comparison_from_json(content)
    with pytest.raises(InputError, match="of one direction, got both"):
        session_from_json(content)
    arcs_deg = {name: content[name]["arc_deg"] for name in clips}
    assert content["change_deg"] == pytest.approx(arcs_deg["post"] - arcs_deg["pre2"])
    assert content["drift_deg"] == pytest.approx(arcs_deg["pre2"] - arcs_deg["pre1"])
    text = directions_text(found)
    assert "left and right together" in text and "+21.0°" in text
    for words in (text, " ".join(found.sentences), comparison_text(found.left), found.left.text):
        assert not [*forbidden_in(words)]
    assert "after, to the right" in directions_page(found)
    assert "Hatched" not in comparison_page(found.left)


def test_a_clip_without_one_direction_tells_nothing_of_the_arc() -> None:
    hidden = (refused(movement=NECK, side=Side.LEFT), clip(30, 30)[1])
    found = compare_directions({"pre1": clip(30, 30), "post": hidden})
    content = found.to_json()
    SCHEMA.validate(content)
    assert (content["verdict"], content["change_deg"]) == ("not_comparable", None)
    assert "To the left: The set after could not be measured" in " ".join(found.sentences)


@pytest.mark.usefixtures("curve_alone")
def test_a_head_that_rests_tilted_has_the_same_arc(monkeypatch: pytest.MonkeyPatch) -> None:
    """From landmarks on: somebody who settled 6° to the left moves between the same ends."""
    found = []
    for rest_deg in (0.0, 6.0):
        monkeypatch.setitem(START_DEG, NECK, rest_deg)
        series = filmed(NECK, Side.LEFT, peaks_deg=[34.0, -30.0] * 3)
        found.append(tuple(assess(series, NECK, side)[0] for side in Side))
    (left, right), (left_after, right_after) = found
    assert left.value_deg - left_after.value_deg == pytest.approx(6, abs=1.5)
    assert right_after.value_deg - right.value_deg == pytest.approx(6, abs=1.5)
    arcs = [arc_of(*each) for each in found]
    assert arcs[0].value_deg == pytest.approx(arcs[1].value_deg, abs=1.0)


def test_a_sample_clip_against_itself_has_not_changed() -> None:
    """The stored landmarks of the sample clip of the neck, through to the sentences."""
    series = read_landmarks(FOLDER / f"{NECK}.npz")
    both = tuple(assess(series, NECK, side)[0] for side in Side)
    found = compare_directions({"pre1": both, "pre2": both, "post": both})
    assert found.left.arcs is not None
    assert found.left.arcs.post.value_deg == pytest.approx(70, abs=6)
    assert kind(found.left)[:2] == ("no_measurable_change", 0.0)
    assert 11 < found.left.mdc95_deg < 14
