"""The guided check as a state machine: order, stops, and nothing that is lost on any path."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from random import Random

import pytest
from clinical_builders import measured
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol_builders import (
    FULL,
    LATER,
    NOTHING,
    PLANS,
    QUICK,
    THERAPIST,
    answer_to,
    led_to,
    measure_pending,
    result_for,
    sets_done,
    some_event,
    value_of,
)

from rom.clinical.body import Place
from rom.clinical.massage import session as massage
from rom.clinical.restriction import usual_range_of
from rom.clinical.safety import symptom_stop, symptoms
from rom.clinical.screen import Answer
from rom.clinical.screening import questions
from rom.errors import InputError, UsageError
from rom.landmarks import Side
from rom.protocol import events
from rom.protocol.constants import figure
from rom.protocol.machine import advance, begin
from rom.protocol.outcome import compared_sets, comparison_of, remarks
from rom.protocol.session import ENDED, CheckPlan, CheckSession, StepKind
from rom.protocol.stored import session_from_json, session_to_json
from rom.protocol.takes import (
    Sides,
    checkable_movements,
    profile_of,
    profile_regions,
    sides_to_film,
)
from rom.protocol.target import findings
from rom.records.codec import to_plain
from rom.records.entities import Phase


def step(session: CheckSession, *said: events.Event, seconds: float = 1.0) -> CheckSession:
    for each in said:
        session = advance(session, each, at_s=session.last_s + seconds)
    return session


def wander(session: CheckSession, chance: Random, steps: int) -> list[CheckSession]:
    """A random walk that mostly does what is asked, so that it gets far; every session on it."""
    path = [session]
    for _ in range(steps):
        event = _some_event(session, chance)
        seconds = chance.choice([0.0, 1.0, 40.0, 400.0])
        with contextlib.suppress(UsageError):
            session = advance(session, event, at_s=session.last_s + seconds)
            path.append(session)
    return path


def _some_event(session: CheckSession, chance: Random) -> events.Event:
    if session.pending and chance.random() < 0.5:
        value_deg = chance.choice([None, 100.0, 100.0, 115.0, 150.0])
        return result_for(chance.choice(session.pending).request, lambda *_: value_deg)
    if chance.random() < 0.15:
        return some_event(chance)
    return events.Resumed() if session.paused else answer_to(session)


@settings(max_examples=200)
@given(st.sampled_from(PLANS), st.integers(0, 2**32))
def test_on_every_path_the_order_holds_and_nothing_is_lost(plan: CheckPlan, seed: int) -> None:
    path = wander(begin(plan, at_s=10.0), Random(seed), 120)
    for before, after in zip(path, path[1:], strict=False):
        assert sets_done(after.results)[: len(sets_done(before.results))] == sets_done(
            before.results
        )
        filmed = [each.request.id for each in after.filmed]
        assert filmed[: len(before.filmed)] == [each.request.id for each in before.filmed]
        if before.stop is not None:
            assert len(after.filmed) == len(before.filmed), "nothing is filmed after a stop"
            assert after.kind not in (StepKind.WARM_UP, StepKind.TAKE, StepKind.MASSAGE)
        if before.kind in ENDED:
            assert after.kind is before.kind
    last = path[-1]
    phases = [each.request.phase for each in last.filmed]
    assert phases == sorted(phases, key=list(Phase).index)
    massaged_s = last.massage_began_s
    for each in last.filmed:
        if massaged_s is not None and each.request.phase is Phase.POST:
            assert each.filmed_s >= massaged_s
        elif massaged_s is not None:
            assert each.filmed_s <= massaged_s
    if last.kind is StepKind.RESULT:
        asked = {each.request.phase: each.rated for each in last.filmed}
        assert all(asked.values()), "pain is asked after the last clip of each phase"
        assert not [each for each in last.pending if each.request.phase is last.phase]


@given(st.sampled_from(PLANS), st.integers(0, 2**32), st.integers(0, 100))
def test_a_check_survives_json_at_every_step_and_goes_on_alike(
    plan: CheckPlan, seed: int, steps: int
) -> None:
    session = wander(begin(plan, at_s=10.0), Random(seed), steps)[-1]
    written = json.loads(json.dumps(session_to_json(session), allow_nan=False))
    again = session_from_json(written)
    assert session_to_json(again) == written
    if not (session.ended or session.paused or session.kind is StepKind.MEASURING):
        both = [step(each, answer_to(session), seconds=31.0) for each in (session, again)]
        assert to_plain(both[0].kind) == to_plain(both[1].kind)


@given(st.sampled_from(PLANS), st.integers(0, 2**32), st.integers(0, 100))
def test_abandoning_anywhere_keeps_every_set(plan: CheckPlan, seed: int, steps: int) -> None:
    session = wander(begin(plan, at_s=0.0), Random(seed), steps)[-1]
    if session.ended:
        return
    left = step(session, events.Ended())
    assert left.kind is StepKind.ABANDONED
    assert sets_done(left.results) == sets_done(session.results)
    late = measure_pending(left)  # what was filmed is still measured
    assert not late.pending and late.kind is StepKind.ABANDONED
    with pytest.raises(UsageError):
        step(late, events.Ready())


@pytest.mark.parametrize("content", [None, {}, {"schema": "rom.check/1"}, {"schema": "x"}, [1]])
def test_anything_else_than_a_check_is_a_sentence(content: object) -> None:
    with pytest.raises(InputError, match="check that was broken off"):
        session_from_json(content)


# The way through


def test_a_full_check_goes_through_all_its_steps() -> None:
    session, seen = begin(FULL, at_s=0.0), []
    while not session.ended:
        if seen[-1:] != [session.kind]:
            seen.append(session.kind)
        if session.kind is StepKind.MEASURING:
            session = measure_pending(session)
        else:
            session = step(session, answer_to(session), seconds=31.0)
    assert seen[:3] == [StepKind.SCREEN, StepKind.HURTS, StepKind.PAIN_NOW]
    assert seen[3:7] == [
        StepKind.WARM_UP,
        StepKind.PAIN_WARM_UP,
        StepKind.TAKE,
        StepKind.PAIN_TAKE,
    ]
    assert seen[-10:] == [
        StepKind.MEASURING,
        StepKind.TARGET,
        StepKind.REST,
        StepKind.TAKE,
        StepKind.PAIN_TAKE,
        StepKind.MEASURING,
        StepKind.MASSAGE,
        StepKind.TAKE,
        StepKind.PAIN_TAKE,
        StepKind.MEASURING,
    ]
    assert session.target is not None and session.target.side is Side.LEFT
    comparison = comparison_of(session)
    assert comparison is not None and comparison.change_deg == pytest.approx(35.0)
    assert (comparison.pain_before, comparison.pain_after) == (5.0, 2.0)
    assert comparison.restricted_before == "clearly" and comparison.pre2 is not None
    assert set(compared_sets(session)) == {Phase.PRE1, Phase.PRE2, Phase.POST}
    assert remarks(session) == ()


def test_a_quick_check_has_one_baseline_and_says_what_it_cannot_tell() -> None:
    session = led_to(StepKind.RESULT, QUICK)
    assert [each.request.phase for each in session.filmed] == [Phase.PRE1, Phase.POST]
    assert session.screening.given and "warming up" in remarks(session)[0]


def test_a_therapist_films_before_and_after_around_the_hands() -> None:
    session = led_to(StepKind.HANDS_ON, THERAPIST)
    assert not session.screening.given and not session.filmed[0].request.warm_up
    session = led_to(StepKind.RESULT, THERAPIST)
    assert session.massage is None and comparison_of(session) is not None
    assert "without a warm-up" in remarks(session)[0]


@pytest.mark.parametrize(
    "plan",
    [
        CheckPlan(mode="full"),
        CheckPlan(mode="full", region="wing"),
        CheckPlan(mode="quick"),
        CheckPlan(mode="quick", movement="shoulder_abduction"),
        CheckPlan(mode="quick", movement="trunk_extension", side=Side.LEFT),
        CheckPlan(mode="quick", movement="trunk_rotation", side=Side.LEFT),
    ],
)
def test_a_check_of_nothing_that_can_be_measured_does_not_begin(plan: CheckPlan) -> None:
    with pytest.raises(UsageError):
        begin(plan, at_s=0.0)


def test_time_runs_forwards_and_steps_take_their_own_events() -> None:
    session = led_to(StepKind.PAIN_NOW)
    with pytest.raises(ValueError, match="or later"):
        advance(session, events.Ticked(), at_s=session.last_s - 1)
    for wrong in (events.Ready(), events.Filmed(), events.Rated(11.0)):
        with pytest.raises(UsageError):
            step(session, wrong)
    with pytest.raises(UsageError, match="waits"):
        step(session, events.Measured("7-pre1", ()))


# Safety


@pytest.mark.parametrize("name", [each.id for each in questions().values() if each.ends_screen])
def test_an_answer_that_ends_everything_ends_it_at_once(name: str) -> None:
    session = begin(FULL, at_s=0.0)
    while name not in {each.id for each in session.screening.groups[0].questions}:
        session = step(session, events.Chose(()))
    session = step(session, events.Chose((name,)))
    assert session.kind is StepKind.STOPPED and not session.filmed
    assert session.stop is not None and session.stop.message == questions()[name].message


def test_what_is_new_brings_all_questions_back() -> None:
    session = begin(LATER, at_s=0.0)
    assert session.kind is StepKind.ANYTHING_NEW
    few = step(session, events.Answered(False)).screening.groups
    many = step(session, events.Answered(True)).screening.groups
    assert {each.id for each in few} < {each.id for each in many}


def test_where_it_hurts_is_not_asked_twice() -> None:
    told = replace(FULL, hurts=(Place("shoulder_front", Side.LEFT),))
    session = led_to(StepKind.PAIN_NOW, told)
    assert session.hurts == told.hurts and session.takes
    with pytest.raises(AssertionError):
        led_to(StepKind.HURTS, told)


def test_a_yes_with_a_place_leaves_out_what_it_concerns() -> None:
    session = begin(FULL, at_s=0.0)
    while "F15S" not in {each.id for each in session.screening.groups[0].questions}:
        session = step(session, events.Chose(()))
    session = step(session, events.Chose(("F15S",)))
    assert session.kind is StepKind.SCREEN_PLACES
    session = step(session, events.Chose(("left_shoulder_front",)))
    assert session.kind is StepKind.SCREEN_AGREED
    session = step(session, events.Answered(False))
    while session.kind is not StepKind.HURTS:
        session = step(session, answer_to(session))
    session = step(session, events.Chose(()))
    assert all(Side.LEFT not in each.sides.each for each in session.takes)
    assert session.takes[0].sides is Sides.RIGHT and session.not_filmed
    assert "surgeon" in session.not_filmed[0].reason


@given(st.floats(8, 10), st.sampled_from(["pain_now", "warm_up", "take"]))
def test_high_pain_stops_wherever_it_is_told(pain: float, where: str) -> None:
    kinds = {
        "pain_now": StepKind.PAIN_NOW,
        "warm_up": StepKind.PAIN_WARM_UP,
        "take": StepKind.PAIN_TAKE,
    }
    session = step(led_to(kinds[where]), events.Rated(pain))
    assert session.kind is StepKind.STOPPED
    assert session.stop is not None and session.stop.code == "pain_high"


@given(st.sampled_from([0.0, 0.5, 3.0, 5.5]), st.sampled_from([2.0, 2.5, 4.0]))
def test_a_rise_by_two_from_the_warm_up_stops(pain: float, rise: float) -> None:
    session = step(led_to(StepKind.PAIN_WARM_UP), events.Rated(pain), events.Filmed())
    above = min(10.0, pain + rise)
    assert step(session, events.Rated(above)).kind is StepKind.STOPPED
    assert step(session, events.Rated(pain + 1.5)).kind is StepKind.WARM_UP


@given(st.floats(0, 3), st.floats(2, 4))
def test_a_movement_that_hurts_more_than_rest_is_no_reason_to_stop(
    rest: float, more: float
) -> None:
    session = step(led_to(StepKind.PAIN_NOW), events.Rated(rest), events.WarmedUp())
    session = step(session, events.Rated(rest + more))
    assert session.kind is StepKind.TAKE and session.stop is None
    assert step(session, events.Filmed(), events.Rated(rest + more)).kind is StepKind.WARM_UP


def test_without_a_warm_up_a_rise_counts_from_the_last_set_of_the_movement() -> None:
    session = led_to(StepKind.PAIN_TAKE, phase=Phase.PRE2)  # the set before was rated 5
    assert step(session, events.Rated(6.9)).stop is None
    stopped = step(session, events.Rated(7.0))
    assert stopped.stop is not None and stopped.stop.code == "pain_up"


def test_pain_of_five_shortens_the_warm_up() -> None:
    session = led_to(StepKind.PAIN_NOW)
    assert step(session, events.Rated(5)).warm_up_repetitions == 1
    assert step(session, events.Rated(4)).warm_up_repetitions == 2


@pytest.mark.parametrize("symptom", sorted(symptoms()))
@pytest.mark.parametrize("kind", [StepKind.WARM_UP, StepKind.TAKE, StepKind.REST])
def test_a_symptom_stops_before_the_massage(symptom: str, kind: StepKind) -> None:
    session = step(led_to(kind), events.Felt(symptom))
    assert session.kind is StepKind.STOPPED and not session.takes


@pytest.mark.parametrize("symptom", sorted(symptoms()))
def test_a_symptom_in_the_massage_ends_the_spot_or_the_check(symptom: str) -> None:
    session = step(led_to(StepKind.MASSAGE), events.Massaged(massage.Rated(2.0)))
    session = step(session, events.Felt(symptom))
    whole = symptom_stop(symptom).ends == "session"
    assert session.kind is (StepKind.STOPPED if whole else StepKind.MASSAGE)


def test_pain_that_rose_in_the_profile_stops_before_pressing() -> None:
    session = led_to(StepKind.MASSAGE)  # pain was 2 at the beginning
    stopped = step(session, events.Massaged(massage.Rated(4.0)))
    assert stopped.kind is StepKind.STOPPED and stopped.stop is not None
    assert stopped.stop.code == "pain_up"


def test_after_the_last_set_a_stop_is_told_with_the_result() -> None:
    session = led_to(StepKind.PAIN_TAKE, phase=Phase.POST)
    session = step(session, events.Felt("dizziness"))
    with pytest.raises(UsageError):
        step(session, events.Repeated())
    session = measure_pending(step(session, events.Rated(5.0)))
    assert session.kind is StepKind.RESULT
    comparison = comparison_of(session)
    assert comparison is not None and comparison.label is not None
    assert comparison.label.id == "D01"


def test_a_rise_after_the_massage_asks_whether_it_is_worse() -> None:
    session = led_to(StepKind.PAIN_TAKE, phase=Phase.POST)
    assert step(session, events.Rated(6.9)).kind is StepKind.MEASURING
    session = step(session, events.Rated(7.0))
    assert session.kind is StepKind.WORSE and comparison_of(session) is None
    session = measure_pending(step(session, events.Answered(True)))
    comparison = comparison_of(session)
    assert comparison is not None and comparison.worse is True
    assert comparison.label is not None and comparison.label.id == "D01"


# What the sets decide


def test_the_most_limited_comes_first_by_the_first_sets_alone() -> None:
    session = led_to(StepKind.TARGET)
    ranked = findings(session)
    assert (ranked[0].movement, ranked[0].side) == ("shoulder_abduction", Side.LEFT)
    assert ranked[0].restriction.status == "clearly"
    order = ["clearly", "possibly", "unknown", "no"]
    places = [order.index(each.restriction.status) for each in ranked]
    assert places == sorted(places)
    for each in ranked:
        assert each.normal == usual_range_of(each.assessment, age=50, sex="F")
    other = step(session, events.Targeted("shoulder_flexion", Side.RIGHT))
    assert other.kind is StepKind.REST and other.spots is not None
    with pytest.raises(UsageError, match="measured"):
        step(session, events.Targeted("shoulder_flexion", None))


def test_sets_before_that_differ_ask_for_one_more() -> None:
    def drifting(request: object, side: Side | None) -> float:
        assert hasattr(request, "phase")
        return 140.0 if request.phase is Phase.PRE2 else 115.0

    session = led_to(StepKind.MASSAGE, values=drifting)
    assert len(session.taken(Phase.PRE2)) == figure("baselines_max")
    assert len(led_to(StepKind.MASSAGE).taken(Phase.PRE2)) == 1


def test_what_is_not_measured_may_be_filmed_again_or_left() -> None:
    def blind(request: object, side: Side | None) -> float | None:
        assert hasattr(request, "id")
        return None if request.id == "1-pre1" else 115.0

    session = led_to(StepKind.NOT_MEASURED, QUICK, values=blind)
    assert not session.failures[0].sets[0].assessment.measured
    left = step(session, events.Ready())
    assert left.kind is StepKind.RESULT and comparison_of(left) is None
    again = step(session, events.Repeated())
    assert again.kind is StepKind.TAKE and again.take.id == "2-pre1"
    again = measure_pending(step(again, events.Filmed(), events.Rated(3.0)), blind)
    assert again.kind is StepKind.MASSAGE and len(again.results) == 2


def test_a_clip_that_cannot_be_read_is_told_by_its_reason() -> None:
    session = step(led_to(StepKind.TAKE, THERAPIST), events.Filmed(), events.Rated(3.0))
    session = step(session, events.Measured(session.pending[0].request.id, (), "It is cut off."))
    assert session.kind is StepKind.NOT_MEASURED
    assert session.failures[0].reason == "It is cut off."


def test_a_shorter_rest_and_a_late_set_are_said() -> None:
    session = step(led_to(StepKind.REST), events.Ready(), seconds=45.0)
    while session.kind is not StepKind.MASSAGE:
        if session.kind is StepKind.MEASURING:
            session = measure_pending(session)
        else:
            session = step(session, answer_to(session))
    while session.kind is StepKind.MASSAGE:
        session = step(session, answer_to(session), seconds=31.0)
    session = step(session, events.Filmed(), seconds=420.0)
    session = measure_pending(step(session, events.Rated(5.0)))
    said = " ".join(remarks(session))
    assert "45 of 120 s" in said and "7 minutes after the massage" in said


def test_a_break_stops_the_timer_of_the_massage_and_nothing_else() -> None:
    session = led_to(StepKind.MASSAGE)
    while session.massage is None or session.massage.kind is not massage.StepKind.HOLD:
        session = step(session, answer_to(session))
    held_s = session.massage.turn.held_at(session.massage_s)
    session = step(session, events.Paused())
    with pytest.raises(UsageError, match="paused"):
        step(session, events.Ready())
    session = step(session, events.Ticked(), events.Resumed(), seconds=100.0)
    assert session.massage is not None
    assert session.massage.turn.held_at(session.massage_s) <= held_s + 1.0


def test_a_massage_in_which_nothing_was_pressed_is_not_measured_after() -> None:
    session = step(led_to(StepKind.MASSAGE), events.Skipped())
    assert session.kind is StepKind.RESULT and comparison_of(session) is None


def test_where_nothing_may_be_pressed_it_is_said() -> None:
    blood_thinners = replace(
        QUICK, earlier=tuple(replace(each, yes=each.id == "F09") for each in NOTHING)
    )
    session = begin(blood_thinners, at_s=0.0)
    while session.kind is not StepKind.NO_SPOT:
        if session.kind is StepKind.SCREEN:
            group = {each.id for each in session.screening.groups[0].questions}
            session = step(session, events.Chose(("F09",) if "F09" in group else ()))
        elif session.kind is StepKind.SCREEN_AGREED:
            session = step(session, events.Answered(False))
        elif session.kind is StepKind.MEASURING:
            session = measure_pending(session)
        else:
            session = step(session, answer_to(session))
    assert session.spots is not None and session.spots.left_out
    assert step(session, events.Ready()).kind is StepKind.RESULT


# Tables


@pytest.mark.parametrize("region", profile_regions())
def test_a_profile_holds_movements_that_are_read_well_with_all_their_sides(region: str) -> None:
    known = {each.name: each for each in checkable_movements()}
    sides: dict[str, set[Side | None]] = {}
    for each in profile_of(region):
        sides.setdefault(each.movement, set()).update(each.sides.each)
    assert sides
    for movement, found in sides.items():
        assert found == (set(Side) if known[movement].has_side else {None})


def test_neck_and_trunk_are_filmed_to_both_directions() -> None:
    assert sides_to_film("trunk_lateral_flexion", Side.RIGHT) is Sides.BOTH
    assert sides_to_film("knee_flexion", Side.RIGHT) is Sides.RIGHT
    assert sides_to_film("trunk_extension", None) is Sides.NONE


def test_an_answer_is_kept_as_it_was_given() -> None:
    session = led_to(StepKind.PAIN_NOW)
    assert {each.id for each in session.screening.answers} == {each.id for each in NOTHING}
    assert all(isinstance(each, Answer) and not each.yes for each in session.screening.answers)


def test_builders_give_what_they_promise() -> None:
    session = led_to(StepKind.TAKE)
    value_deg = value_of(session.take, Side.LEFT)
    assert value_deg == 115.0 and measured(value_deg).value_deg == value_deg
