"""Guided massage: the plan keeps the limits, the machine stops when it must, the record is true."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from guide_builders import cleared, places, planned, reached, targets, yes_to
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.clinical.body import Place
from rom.clinical.massage.plan import ROUNDS_MAX, SPOTS_MAX, MassagePlan, Spot, plan_massage
from rom.clinical.massage.record import MassageRecord, record_from_json, rounds_done
from rom.clinical.massage.session import (
    ENDED,
    PRESSING,
    RATED,
    Ended,
    Event,
    Felt,
    MassageSession,
    Rated,
    Ready,
    Skipped,
    StepKind,
    Ticked,
    Told,
    advance,
    begin,
)
from rom.clinical.massage.wording import spot_sentences, step_words
from rom.clinical.muscles import muscle_named, muscles
from rom.clinical.safety import rating_stop, symptom_stop, symptoms
from rom.errors import InputError, UsageError
from rom.landmarks import Side

GOING_ON = [kind for kind in StepKind if kind not in ENDED]
ENDS_SESSION = [name for name in symptoms() if symptom_stop(name).ends == "session"]
ENDS_SPOT = [name for name in symptoms() if symptom_stop(name).ends == "spot"]


def after(session: MassageSession, *events: Event, seconds: float = 1.0) -> MassageSession:
    for event in events:
        session = advance(session, event, at_s=session.last_s + seconds)
    return session


# The plan


@settings(deadline=None)
@given(targets, places, st.integers(1, 6), st.integers(1, 2), st.floats(20, 60))
def test_a_plan_keeps_every_limit(
    target: tuple[str, Side | None],
    hurts: tuple[Place, ...],
    spots: int,
    rounds: int,
    hold_s: float,
) -> None:
    found = planned(*target, hurts=hurts, spots=spots, rounds=rounds, hold_s=hold_s)
    assert len(found.spots) <= spots
    for spot in found.spots:
        dose = muscle_named(spot.muscle).dose
        assert dose is not None, "what is for professionals is never timed"
        assert dose.hold_min_s <= spot.hold_s <= dose.hold_max_s
        assert (spot.strength_min, spot.strength_max) == (dose.strength_min, dose.strength_max)
        assert 1 <= spot.rounds <= rounds
    described = {each.muscle for each in found.left_out}
    for candidate in found.candidates:
        assert candidate.guided or candidate.muscle.id in described


def test_the_limits_of_the_code_are_those_of_the_table() -> None:
    assert {each.max_rounds_per_day for each in muscles().values()} == {ROUNDS_MAX}
    assert {each.max_spots_per_session for each in muscles().values()} == {SPOTS_MAX}


@pytest.mark.parametrize(("done", "left"), [(0, 2), (1, 1), (2, 0), (3, 0)])
def test_rounds_of_today_count(done: int, left: int) -> None:
    found = planned("knee_flexion", rounds=2, rounds_today={("rectus_femoris", Side.LEFT): done})
    assert sum(spot.rounds for spot in found.spots) == left
    assert bool(found.left_out) == (left == 0)
    other = planned("knee_flexion", rounds_today={("rectus_femoris", Side.RIGHT): done})
    assert len(other.spots) == 1, "the other side has a count of its own"


def test_a_spot_that_the_answers_stop_is_left_out_with_the_reason() -> None:
    stopped = cleared(yes_to("F12", Place("calf", Side.LEFT)))
    found = plan_massage("ankle_dorsiflexion", Side.LEFT, clearance=stopped)
    assert not found.spots
    assert {each.muscle for each in found.left_out} == {"gastrocnemius", "soleus"}
    assert plan_massage("ankle_dorsiflexion", Side.RIGHT, clearance=stopped).spots


def test_only_the_muscle_asked_for_is_pressed() -> None:
    found = planned(only=("pectoralis_minor",))
    assert [(spot.muscle, spot.hold_s) for spot in found.spots] == [("pectoralis_minor", 10)]


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"hold_s": 19}, "20 to 60"),
        ({"hold_s": 61}, "20 to 60"),
        ({"hold_s": float("nan")}, "20 to 60"),
        ({"spots": 0}, "1 to 6"),
        ({"spots": 7}, "1 to 6"),
        ({"rounds": 3}, "1 or 2"),
        ({"only": ("subscapularis",)}, "professional"),
        ({"only": ("soleus",)}, "not listed"),
        ({"only": ("delta",)}, "deltoid"),
    ],
)
def test_a_plan_out_of_range_gets_a_sentence(options: dict[str, object], hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        planned(**options)


def test_a_plan_is_strict_json() -> None:
    content = json.loads(json.dumps(planned().to_json(), allow_nan=False))
    risky = next(each for each in content["muscles"] if each["muscle"] == "subscapularis")
    assert risky["dose"] is None and risky["technique"] is None and risky["location"]
    assert content["muscles"][-1] == risky


# The machine


def test_a_spot_from_the_first_question_to_the_last() -> None:
    session = begin(planned(spots=1), at_s=100.0)
    assert session.kind is StepKind.PAIN_BEFORE
    session = after(session, Rated(4), Ready(), Rated(5), Told("yes"))
    assert session.kind is StepKind.HOLD and session.remaining_s(session.last_s) == 30
    session = after(session, Ticked(), seconds=29)
    assert session.kind is StepKind.HOLD and session.remaining_s(session.last_s) == 1
    session = after(session, Ticked(), Rated(3), Ready(), Rated(2))
    assert session.kind is StepKind.FINISHED
    record = session.record("2030-01-31T10:00:00+01:00")
    assert (record.pain_before, record.pain_after, record.finished) == (4, 2, True)
    (spot,) = record.spots
    assert (spot.held_s, spot.strength_before, spot.strength_after) == (30, 5, 3)
    assert (spot.outcome, spot.familiar, spot.reported_as) == ("completed", "yes", "active")
    assert spot.started_s == 3.0


@pytest.mark.parametrize("kind", RATED)
@pytest.mark.parametrize("rating", [8, 9, 10])
def test_eight_or_more_stops_at_any_step(kind: StepKind, rating: float) -> None:
    session = after(reached(kind), Rated(rating))
    assert session.kind is StepKind.STOPPED and session.stop and session.stop.code == "pain_high"
    assert step_words(session) == (session.stop.message,)


# Where a rating has one to count from: pain from the first, pressure from the start of the hold.
@pytest.mark.parametrize(
    ("kind", "rating"),
    [
        (StepKind.HOLD, 7),
        (StepKind.EASE, 7),
        (StepKind.STRENGTH_AFTER, 7),
        (StepKind.PAIN_NOW, 6),
    ],
)
def test_two_more_stops_and_less_than_two_does_not(kind: StepKind, rating: float) -> None:
    session = after(reached(kind), Rated(rating))
    assert session.kind is StepKind.STOPPED and session.stop and session.stop.code == "pain_up"
    assert after(reached(kind), Rated(rating - 1)).kind is not StepKind.STOPPED


def test_a_slow_rise_counts_from_the_start_of_the_hold() -> None:
    session = after(reached(StepKind.HOLD), Rated(5.5), Rated(6), Rated(6.4))
    assert session.kind is StepKind.EASE
    assert after(session, Rated(7)).kind is StepKind.STOPPED


def test_finding_the_pressure_may_rise() -> None:
    session = after(reached(StepKind.PRESS), Rated(1), Rated(3))
    assert session.kind is StepKind.PRESS and session.note
    assert after(session, Rated(6)).kind is StepKind.FAMILIAR
    assert after(session, Ready()).kind is StepKind.FAMILIAR
    above = after(session, Rated(7))
    assert above.kind is StepKind.PRESS and above.note
    with pytest.raises(UsageError):
        after(above, Ready())


@pytest.mark.parametrize("kind", GOING_ON)
@pytest.mark.parametrize("symptom", ENDS_SESSION)
def test_a_symptom_stops_the_session_at_any_step(kind: StepKind, symptom: str) -> None:
    session = after(reached(kind), Felt(symptom))
    assert session.kind is StepKind.STOPPED and session.stop and session.stop.code == symptom
    assert session.record("x").stopped == symptom


def test_dizziness_stops_the_session() -> None:
    assert {"dizziness", "nausea", "numbness", "vision"} == set(ENDS_SESSION)


@pytest.mark.parametrize("kind", [*PRESSING, StepKind.LEARN, StepKind.SYMPTOMS])
@pytest.mark.parametrize("symptom", ENDS_SPOT)
def test_a_nerve_or_vessel_ends_the_spot_for_today(kind: StepKind, symptom: str) -> None:
    session = reached(kind, planned(rounds=2))
    spot = session.turns[0].spot if kind is not StepKind.SYMPTOMS else session.plan.spots[0]
    left = after(session, Felt(symptom))
    assert left.kind is StepKind.PAIN_NOW and left.note == symptom_stop(symptom).message
    assert spot.key not in {turn.spot.key for turn in left.turns}
    assert left.turns, "the other spot goes on"
    if kind in PRESSING and session.turn.pressed:
        assert (left.done[-1].outcome, left.done[-1].reason) == ("stopped", symptom)


def test_the_timer_waits_while_the_pressure_is_eased() -> None:
    session = after(reached(StepKind.HOLD), Rated(6.5), seconds=10)
    assert session.kind is StepKind.EASE
    session = after(session, Ticked(), Ticked(), seconds=100)
    assert session.kind is StepKind.EASE and session.remaining_s(session.last_s) == 20
    session = after(session, Rated(5))
    assert session.kind is StepKind.HOLD
    assert after(session, Ticked(), seconds=19).kind is StepKind.HOLD
    assert after(session, Ticked(), seconds=20).kind is StepKind.STRENGTH_AFTER


def test_what_is_not_tender_is_not_held() -> None:
    session = after(reached(StepKind.FAMILIAR, planned(rounds=2)), Told("not_tender"))
    assert session.kind is StepKind.SYMPTOMS
    assert (session.done[0].outcome, session.done[0].held_s) == ("not_tender", 0)
    assert session.done[0].reported_as is None
    assert session.done[0].muscle not in {turn.spot.muscle for turn in session.turns}


def test_tender_but_not_familiar_is_reported_as_latent() -> None:
    session = after(reached(StepKind.FAMILIAR), Told("no"))
    assert session.record("x").spots[0].reported_as == "latent"


def test_rounds_alternate_between_the_spots() -> None:
    session = begin(planned(rounds=2), at_s=0.0)
    order = [(turn.spot.muscle, turn.round) for turn in session.turns]
    first, second = (spot.muscle for spot in session.plan.spots)
    assert order == [(first, 1), (second, 1), (first, 2), (second, 2)]


def test_leaving_every_spot_ends_with_nothing_done() -> None:
    session = after(reached(StepKind.LEARN), Skipped(), Skipped())
    assert session.kind is StepKind.FINISHED and session.done == ()


@pytest.mark.parametrize("kind", [kind for kind in RATED if kind is not StepKind.PAIN_BEFORE])
@pytest.mark.parametrize("rating", [11, -1, float("nan"), float("inf")])
def test_a_rating_off_the_scale_is_refused_and_nothing_is_recorded(
    kind: StepKind, rating: float
) -> None:
    session = reached(kind)
    before = session.record("x")
    with pytest.raises(UsageError, match="0 to 10"):
        after(session, Rated(rating))
    assert session.record("x") == before


@pytest.mark.parametrize("kind", [*ENDED])
def test_nothing_follows_the_end(kind: StepKind) -> None:
    event = Ended() if kind is StepKind.STOPPED else Skipped()
    session = reached(StepKind.LEARN)
    while not session.ended:
        session = after(session, event)
    assert session.kind is kind
    with pytest.raises(UsageError, match="ended"):
        after(session, Ready())


def test_time_only_runs_forwards() -> None:
    session = reached(StepKind.HOLD)
    with pytest.raises(ValueError, match="at_s"):
        advance(session, Ticked(), at_s=session.last_s - 1)


def test_a_massage_needs_answers_and_a_spot() -> None:
    with pytest.raises(UsageError, match="safety questions"):
        begin(plan_massage("knee_flexion", Side.LEFT), at_s=0.0)
    with pytest.raises(UsageError, match="spot"):
        begin(planned("forearm_pronation"), at_s=0.0)


def test_pain_that_was_asked_before_is_not_asked_again() -> None:
    assert begin(planned(), at_s=0.0, pain_before=4).kind is StepKind.LEARN
    assert begin(planned(), at_s=0.0, pain_before=8).kind is StepKind.STOPPED


EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.floats(0, 10).map(Rated),
    st.floats(3, 6).map(Rated),
    st.sampled_from(("yes", "no", "not_tender")).map(Told),
    st.sampled_from([*symptoms()]).map(Felt),
    st.just(Ready()),
    st.just(Ticked()),
    st.just(Skipped()),
    st.just(Ended()),
)


def invariants(session: MassageSession, plan: MassagePlan) -> None:
    record = session.record("2030-01-31T10:00:00")
    allowed: dict[tuple[str, Side | None], Spot] = {spot.key: spot for spot in plan.spots}
    done = rounds_done([record], day="2030-01-31")
    for spot in record.spots:
        assert 0 <= spot.held_s <= spot.planned_s
        assert spot.outcome != "completed" or spot.held_s == pytest.approx(spot.planned_s)
        assert done.get((spot.muscle, spot.side), 0) <= allowed[spot.muscle, spot.side].rounds
        assert spot.started_s >= 0
        assert spot_sentences(spot)
    assert session.ended or session.turns or session.kind in (StepKind.SYMPTOMS, StepKind.PAIN_NOW)
    assert all(step_words(session))
    assert record_from_json(json.loads(json.dumps(record.to_json()))) == rounded(record)


def rounded(record: MassageRecord) -> MassageRecord:
    return record_from_json(record.to_json())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(EVENTS, st.floats(0, 40)), max_size=40), targets, st.integers(1, 2))
def test_whatever_comes_the_record_stays_true(
    events: list[tuple[Event, float]], target: tuple[str, Side | None], rounds: int
) -> None:
    plan = planned(*target, rounds=rounds)
    if not plan.spots:
        return
    session = begin(plan, at_s=0.0)
    at_s = 0.0
    for event, seconds in events:
        at_s += seconds
        before = session
        try:
            session = advance(session, event, at_s=at_s)
        except UsageError:
            assert session is before
        if isinstance(event, Rated) and event.value >= 8 and session is not before:
            assert session.kind is StepKind.STOPPED
        assert session.done[: len(before.done) - 1] == before.done[:-1], "what is done stays"
        invariants(session, plan)


# What is kept


def test_an_interruption_keeps_what_was_held() -> None:
    session = after(reached(StepKind.HOLD), Ticked(), seconds=12)
    (spot,) = session.record("x").spots
    assert (spot.outcome, spot.held_s, spot.strength_before) == ("unfinished", 12, 5)


def test_only_rounds_of_the_day_count() -> None:
    session = after(reached(StepKind.HOLD), Ticked(), seconds=12)
    record = session.record("2030-01-31T23:59:00+01:00")
    key = (record.spots[0].muscle, Side.LEFT)
    assert rounds_done([record, record], day="2030-01-31") == {key: 2}
    assert rounds_done([record], day="2030-02-01") == {}


CHANGES: list[Callable[[dict[str, object]], object]] = [
    lambda content: content.pop("spots"),
    lambda content: content.update(schema="rom.massage/2"),
    lambda content: content.update(movement="jump"),
    lambda content: content.update(side="up"),
    lambda content: content.update(pain_before=11),
    lambda content: content.update(pain_before="4"),
    lambda content: content.update(pain_before=True),
    lambda content: content.update(hurts=["nose"]),
    lambda content: content.update(spots=[{}]),
    lambda content: content["spots"][0].update(muscle="liver"),  # type: ignore[index]
    lambda content: content["spots"][0].update(held_s=-1),  # type: ignore[index]
    lambda content: content["spots"][0].update(outcome="fine"),  # type: ignore[index]
    lambda content: content["spots"][0].update(familiar="maybe"),  # type: ignore[index]
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_record_that_is_none_is_refused_in_one_line(
    change: Callable[[dict[str, object]], object],
) -> None:
    content: dict[str, object] = json.loads(
        json.dumps(reached(StepKind.SYMPTOMS).record("2030-01-31").to_json())
    )
    assert record_from_json(content)
    change(content)
    with pytest.raises(InputError) as refused:
        record_from_json(content)
    assert "\n" not in str(refused.value)


# The stop rules by themselves


@settings(deadline=None)
@given(st.floats(0, 10), st.none() | st.floats(0, 10))
def test_a_rating_stops_exactly_from_8_or_2_more(rating: float, reference: float | None) -> None:
    rises = reference is not None and rating - reference >= 2
    assert (rating_stop(rating, reference=reference) is not None) == (rating >= 8 or rises)


def test_an_unknown_symptom_gets_a_sentence() -> None:
    with pytest.raises(UsageError, match="dizziness"):
        symptom_stop("itching")
