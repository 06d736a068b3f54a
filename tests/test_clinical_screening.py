"""The safety questions: what each answer stops, what lifts it, what is asked again."""

from __future__ import annotations

import json

import pytest
from guide_builders import FIRST, TARGETS, answers, cleared, places, yes_to
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.clinical.body import BOTH_SIDES, place_named
from rom.clinical.muscles import Muscle, muscle_named, muscles
from rom.clinical.screen import Answer, Screen, screen_from_json
from rom.clinical.screening import (
    Clearance,
    Question,
    clearance,
    first_groups,
    later_groups,
    merged,
    questions,
)
from rom.clinical.tables import read_table, text_of
from rom.errors import InputError, UsageError
from rom.landmarks import Side
from rom.movements import MOVEMENTS

NECK = [name for name, movement in MOVEMENTS.items() if movement.joint == "neck"]


def of_level(*levels: str) -> list[Question]:
    return [each for each in FIRST if each.level in levels]


def may_press(found: Clearance, name: str, side: Side = Side.LEFT) -> bool:
    muscle: Muscle = muscle_named(name)
    return found.massage_refusal(muscle.areas, muscle.location_regions, (side,)) is None


def measured_targets(found: Clearance) -> set[tuple[str, Side | None]]:
    return {target for target in TARGETS if found.measuring_refusal(*target) is None}


def test_none_of_these_allows_everything() -> None:
    found = cleared()
    assert measured_targets(found) == set(TARGETS)
    assert all(may_press(found, name) for name in muscles())
    assert (found.notices, found.stopped, found.support_needed) == ((), None, False)


@pytest.mark.parametrize("question", of_level("EMERGENCY", "NOT_FOR_USE"), ids=lambda q: q.id)
def test_an_emergency_stops_measuring_and_massage_everywhere(question: Question) -> None:
    found = cleared(yes_to(question))
    assert found.stopped and not measured_targets(found)
    assert not any(may_press(found, name) for name in muscles())


@pytest.mark.parametrize("question", of_level("STOP_SEE_CLINICIAN"), ids=lambda q: q.id)
def test_a_stop_holds_for_its_region_or_everywhere(question: Question) -> None:
    found = cleared(yes_to(question))
    if "any" in question.areas:
        assert found.stopped and not measured_targets(found)
        assert not any(may_press(found, name) for name in muscles())
    else:
        assert question.areas == {"neck"}
        assert measured_targets(found) == {each for each in TARGETS if each[0] not in NECK}
        assert not may_press(found, "upper_trapezius") and may_press(found, "soleus")
    assert found.red_flag


@pytest.mark.parametrize(
    "question", of_level("DO_NOT_TREAT_AREA", "CAUTION_CLINICIAN_OK"), ids=lambda q: q.id
)
def test_an_area_or_a_caution_stops_massage_only(question: Question) -> None:
    found = cleared(yes_to(question, place_named("left_calf"), agreed=None))
    assert found.stopped is None and not found.red_flag
    if question.id == "F28":  # falls: standing movements need a support, massage goes on
        assert found.support_needed and may_press(found, "soleus")
    else:
        assert not may_press(found, "soleus")
    if question.measuring == "allowed":
        assert measured_targets(found) == set(TARGETS)


@pytest.mark.parametrize("question", of_level("SUGGEST_CLINICIAN"), ids=lambda q: q.id)
def test_advice_stops_nothing(question: Question) -> None:
    found = cleared(yes_to(question))
    assert measured_targets(found) == set(TARGETS)
    assert all(may_press(found, name) for name in muscles())
    assert len(found.notices) == 1


def test_a_named_place_stops_the_massage_there_and_nowhere_else() -> None:
    found = cleared(yes_to("F12", place_named("left_calf")))
    assert not may_press(found, "gastrocnemius", Side.LEFT)
    assert may_press(found, "gastrocnemius", Side.RIGHT) and may_press(found, "biceps")
    both_calves = muscle_named("soleus")
    assert found.massage_refusal(both_calves.areas, both_calves.location_regions, BOTH_SIDES)


def test_a_place_that_was_not_named_stops_the_massage_everywhere() -> None:
    found = cleared(yes_to("F12"))
    assert not any(may_press(found, name) for name in muscles())


@pytest.mark.parametrize("agreed", [None, False])
def test_a_caution_is_lifted_by_agreement_alone(agreed: bool | None) -> None:
    assert not may_press(cleared(yes_to("F09", agreed=agreed)), "biceps")
    found = cleared(yes_to("F09", agreed=True))
    assert may_press(found, "biceps") and not found.notices


def test_fresh_surgery_stops_measuring_there_until_the_surgeon_agrees() -> None:
    knee = place_named("left_knee_front")
    held = cleared(yes_to("F15S", knee, agreed=False))
    assert held.measuring_refusal("knee_flexion", Side.LEFT)
    assert held.measuring_refusal("knee_flexion", Side.RIGHT) is None
    assert held.measuring_refusal("shoulder_flexion", Side.LEFT) is None
    lifted = cleared(yes_to("F15S", knee, agreed=True))
    assert lifted.measuring_refusal("knee_flexion", Side.LEFT) is None
    assert not may_press(lifted, "gastrocnemius") and lifted.notices


@settings(deadline=None)
@given(st.sets(st.sampled_from(FIRST), max_size=6), st.sampled_from(FIRST))
def test_one_more_yes_never_allows_more(some: set[Question], one: Question) -> None:
    before = cleared(*map(yes_to, some))
    after = cleared(*map(yes_to, some | {one}))
    assert measured_targets(after) <= measured_targets(before)
    assert {name for name in muscles() if may_press(after, name)} <= {
        name for name in muscles() if may_press(before, name)
    }


def test_the_most_serious_is_told_first_and_once() -> None:
    found = cleared(yes_to("F27"), yes_to("F05"), yes_to("F06"))
    assert [notice.level for notice in found.notices] == ["STOP_SEE_CLINICIAN", "SUGGEST_CLINICIAN"]


def test_answers_that_are_missing_clear_nothing() -> None:
    with pytest.raises(UsageError, match="1 are missing"):
        clearance(answers()[:-1])
    assert clearance([yes_to("F01")]).stopped, "what stops everything needs no further answer"
    with pytest.raises(UsageError, match="F99"):
        clearance([Answer(id="F99", yes=False)])


def test_a_first_visit_asks_all_but_what_belongs_to_later_ones() -> None:
    asked = [question for group in first_groups() for question in group.questions]
    assert sorted(each.id for each in asked) == sorted(each.id for each in FIRST)
    assert first_groups()[0].id == "now", "what is urgent is asked first"


def asked_later(earlier: tuple[Answer, ...], *, anything_new: bool) -> set[str]:
    groups = later_groups(earlier, anything_new=anything_new)
    return {question.id for group in groups for question in group.questions}


def test_a_later_visit_asks_what_is_urgent_and_what_was_yes() -> None:
    little = asked_later(answers(yes_to("F09")), anything_new=False)
    assert {"F01", "F02", "F03", "F04", "F24", "F19", "S01", "F22", "F09"} == little
    everything = asked_later(answers(), anything_new=True)
    assert everything == {each.id for each in questions().values() if each.asked != "during"}


def test_new_answers_replace_earlier_ones_and_one_visit_ends() -> None:
    first = answers(yes_to("F12", place_named("calf")), yes_to("F19"))
    second = merged(first, [Answer(id="F12", yes=False)])
    assert {answer.id for answer in second} == {each.id for each in FIRST}
    assert clearance(second).stopped is None
    assert clearance(merged(first, [yes_to("F19")])).stopped


def test_soreness_means_a_day_without_massage() -> None:
    found = cleared(yes_to("S01"))
    assert not may_press(found, "biceps") and measured_targets(found) == set(TARGETS)


answer = st.builds(
    Answer,
    id=st.sampled_from([*questions()]),
    yes=st.booleans(),
    places=places,
    agreed=st.none() | st.booleans(),
)
screens = st.builds(
    Screen, answers=st.lists(answer, max_size=8).map(tuple), answered_at=st.text(max_size=30)
)


@settings(deadline=None)
@given(screens)
def test_answers_are_kept_as_they_were(screen: Screen) -> None:
    assert screen_from_json(json.loads(json.dumps(screen.to_json()))) == screen


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        {"schema": "rom.screen/2", "answered_at": "", "answers": []},
        {"schema": "rom.screen/1", "answered_at": 3, "answers": []},
        {"schema": "rom.screen/1", "answered_at": "", "answers": [1]},
        {
            "schema": "rom.screen/1",
            "answered_at": "",
            "answers": [{"id": "F01", "yes": "no", "places": [], "agreed": None}],
        },
        {
            "schema": "rom.screen/1",
            "answered_at": "",
            "answers": [{"id": "F01", "yes": True, "places": ["nose"], "agreed": None}],
        },
    ],
)
def test_anything_else_is_refused_in_one_line(content: object) -> None:
    with pytest.raises(InputError) as refused:
        screen_from_json(content)
    assert "\n" not in str(refused.value)


def test_what_is_told_names_no_suspicion() -> None:
    for row in read_table("redflags.csv"):
        question = questions()[text_of(row, "id")]
        if question.level in ("EMERGENCY", "STOP_SEE_CLINICIAN"):
            assert text_of(row, "reason").lower() not in question.message.lower()


def test_the_codes_of_the_table_are_those_that_are_read() -> None:
    for question in questions().values():
        assert question.measuring in (
            "allowed",
            "blocked",
            "blocked_unless_cleared",
            "with_support",
        )
        assert question.massage in ("allowed", "blocked", "blocked_until_agreed")
        everywhere = "everywhere" in text_of(
            next(row for row in read_table("redflags.csv") if row["id"] == question.id), "blocks"
        )
        if everywhere and question.level == "EMERGENCY":
            assert question.areas == {"any"}
