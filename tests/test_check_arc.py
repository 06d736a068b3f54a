"""A check of a movement to both directions: the arc is its question, kept with its sets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from clinical_builders import measured
from protocol_builders import NOTHING, Values, answer_to, led_to, measure_pending, result_for

from rom.clinical.comparison import Comparison
from rom.landmarks import Side
from rom.protocol import events
from rom.protocol.machine import advance
from rom.protocol.outcome import comparison_of, opposite_sets
from rom.protocol.session import CheckPlan, CheckSession, StepKind
from rom.protocol.takes import TakeRequest
from rom.records.entities import Edit, Person, Phase, SessionContent
from rom.records.store import now
from rom.reports.kept import session_content
from rom.reports.person import session_for_person
from rom.ui import access
from rom.ui.access import LOCAL, own_person, records
from rom.ui.check.keeping import CheckKeeper, new_record
from rom.ui.check.words import take_title

NECK = "cervical_lateral_flexion"
QUICK = CheckPlan(mode="quick", movement=NECK, side=Side.LEFT, age=50, sex="F", earlier=NOTHING)
FULL = CheckPlan(mode="full", region="neck", age=50, sex="F", earlier=NOTHING)


def values(before: tuple[float, float], after: tuple[float, float]) -> Values:
    """Left and right of the neck before and after; all else is within reach."""

    def value_of(request: TakeRequest, side: Side | None) -> float | None:
        if request.movement != NECK:
            return 60.0
        found = after if request.phase is Phase.POST else before
        return found[0 if side is Side.LEFT else 1]

    return value_of


def told(session: CheckSession) -> Comparison:
    found = comparison_of(session)
    assert found is not None
    return found


@pytest.fixture
def me(data_dir: Path) -> Iterator[Person]:
    yield own_person(LOCAL)
    access.close_records()


def test_what_one_direction_took_from_the_other_is_no_change() -> None:
    """The head came to rest 14° further right: nothing of it is news."""
    session = led_to(StepKind.RESULT, QUICK, values=values((28, 42), (42, 28)))
    found = told(session)
    assert found.verdict == "no_measurable_change"
    assert found.arcs is not None and found.arcs.baseline.value_deg == 70.0
    assert "28° to the left and 42° to the right" in found.text


def test_what_both_gained_together_is_told() -> None:
    found = told(led_to(StepKind.RESULT, QUICK, values=values((28, 30), (36, 38))))
    assert (found.verdict, found.change_deg) == ("gain", 16.0)
    assert found.sentences[0] == "Left and right together, you moved 16° further than before."


def test_a_full_check_measures_the_arc_before_again_and_after() -> None:
    session = led_to(StepKind.RESULT, FULL, values=values((24, 30), (36, 38)))
    assert session.target is not None and session.target.movement == NECK
    found = told(session)
    assert found.arcs is not None and found.arcs.pre2 is not None
    assert found.drift_deg == 0.0
    assert set(opposite_sets(session)) == set(Phase) - {Phase.SINGLE}


def test_a_zero_that_moved_between_the_sets_before_asks_for_no_third() -> None:
    """Only the arc decides whether the two sets before agree."""

    def resettled(request: TakeRequest, side: Side | None) -> float | None:
        shift = 14.0 if request.phase is Phase.PRE2 else 0.0
        if request.movement != NECK:
            return 60.0
        return 24.0 + shift if side is Side.LEFT else 44.0 - shift

    session = led_to(StepKind.RESULT, FULL, values=resettled)
    assert len(session.taken(Phase.PRE2)) == 1
    assert told(session).verdict == "no_measurable_change"


def test_directions_from_different_clips_are_no_arc() -> None:
    """Filmed again because one direction was hidden: each clip has its own zero."""

    def half_hidden(request: TakeRequest, side: Side | None) -> float | None:
        first = request.phase is Phase.PRE1 and request.id.startswith("1-")
        return None if first is (side is Side.LEFT) else 35.0

    session = led_to(StepKind.NOT_MEASURED, QUICK, values=half_hidden)
    session = advance(session, events.Repeated(), at_s=session.last_s + 1)
    while session.kind is not StepKind.MEASURING:
        session = advance(session, answer_to(session), at_s=session.last_s + 31)
    session = measure_pending(session, half_hidden)
    assert session.set_of(Phase.PRE1, NECK, Side.LEFT) is not None
    assert session.set_of(Phase.PRE1, NECK, Side.RIGHT) is not None
    assert session.beside(session.set_of(Phase.PRE1, NECK, Side.LEFT)) is None


def test_a_direction_that_is_missing_after_is_asked_for_once_more() -> None:
    def hidden(request: TakeRequest, side: Side | None) -> float | None:
        return None if request.phase is Phase.POST and side is Side.RIGHT else 35.0

    session = led_to(StepKind.NOT_MEASURED, QUICK, values=hidden)
    assert session.phase is Phase.POST
    left = advance(session, events.Ready(), at_s=session.last_s + 1)
    found = told(left)
    assert found.arcs is None and "Only one direction could be compared" in found.text


def kept(session: CheckSession, person: Person) -> SessionContent:
    """A check as its records give it back."""
    keeper = CheckKeeper(LOCAL, new_record(person))
    for taken in session.filmed:
        result = session.result_of(taken.request.id)
        assert result is not None
        keeper.keep_sets(taken, result.sets, None)
    keeper.keep_result(session)
    with records(LOCAL) as store:
        (content,) = store.content(person.id).sessions
    return content


def test_the_arc_comes_back_from_the_records(me: Person) -> None:
    session = led_to(StepKind.RESULT, FULL, values=values((24, 30), (36, 38)))
    content = kept(session, me)
    (result,) = content.results
    assert result.of_arc and len(result.set_ids) == 6
    assert (result.verdict, result.change_deg) == ("gain", 20.0)
    shown = session_content(me, content).comparison
    assert shown is not None
    assert shown.arcs == told(session).arcs
    assert shown.text == told(session).text == result.text
    assert shown.limit_deg == result.limit_deg


def test_the_report_names_the_arc_and_counts_no_direction_twice(me: Person) -> None:
    session = led_to(StepKind.RESULT, FULL, values=values((24, 30), (36, 38)))
    document = session_for_person(session_content(me, kept(session, me)))
    assert document.title == "Head, ear to the shoulder: left and right together"
    words = repr(document.blocks)
    assert "you moved 20° further" in words
    assert "Head, turning" in words and words.count("Head, ear to the shoulder") == 0


def test_correcting_the_other_direction_tells_the_arc_anew(me: Person) -> None:
    session = led_to(StepKind.RESULT, QUICK, values=values((28, 30), (36, 38)))
    content = kept(session, me)
    after = next(
        each for each in content.sets if each.phase is Phase.POST and each.side is Side.RIGHT
    )
    edit = Edit(field="peak", before=38.0, after=22.0, edited_at=now())
    changed = measured(22.0, movement=NECK, side=Side.RIGHT, age=50, sex="F")
    with records(LOCAL) as store:
        store.add_edit(after.id, edit, changed)
        (content,) = store.content(me.id).sessions
    shown = session_content(me, content).comparison
    assert shown is not None and shown.arcs is not None
    assert shown.change_deg == 0.0 and shown.verdict == "no_measurable_change"


def test_a_clip_of_both_directions_says_so() -> None:
    session = led_to(StepKind.TAKE, QUICK)
    assert take_title(session.take) == "Head, ear to the shoulder, left and right"
    assert result_for(session.take).sets[1].assessment.side is Side.RIGHT
