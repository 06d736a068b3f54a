"""Checks driven by hand or by chance, with sets whose values the test chooses."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from clinical_builders import measured, refused
from guide_builders import FIRST

from rom.clinical.massage import session as massage
from rom.clinical.safety import symptoms
from rom.clinical.screen import Answer
from rom.landmarks import Side
from rom.protocol import events
from rom.protocol.events import MeasuredSet
from rom.protocol.machine import advance, begin
from rom.protocol.session import CheckPlan, CheckSession, StepKind, TakeResult
from rom.protocol.takes import TakeRequest
from rom.protocol.target import findings
from rom.records.entities import Phase, new_id

NOTHING = tuple(Answer(id=each.id, yes=False) for each in FIRST)
FULL = CheckPlan(mode="full", region="shoulder", age=50, sex="F")
LATER = CheckPlan(mode="full", region="trunk", age=50, sex="F", earlier=NOTHING)
QUICK = CheckPlan(mode="quick", movement="shoulder_abduction", side=Side.LEFT, earlier=NOTHING)
THERAPIST = CheckPlan(mode="therapist", movement="knee_flexion", side=Side.RIGHT)
PLANS = [FULL, LATER, QUICK, THERAPIST]

Values = Callable[[TakeRequest, Side | None], float | None]


def value_of(request: TakeRequest, side: Side | None) -> float | None:
    """A left shoulder that abducts 115° before and 150° after; everything else is within reach."""
    if (request.movement, side) == ("shoulder_abduction", Side.LEFT):
        return 150.0 if request.phase is Phase.POST else 115.0
    return 160.0 if request.movement.startswith("shoulder") else 60.0


def result_for(request: TakeRequest, values: Values = value_of) -> events.Measured:
    """The result of a clip; None as a value is a side that could not be measured."""
    sets = []
    for side in request.sides.each:
        value_deg = values(request, side)
        found = (
            refused(movement=request.movement, side=side)
            if value_deg is None
            else measured(value_deg, movement=request.movement, side=side, age=50, sex="F")
        )
        sets.append(MeasuredSet(id=new_id(), assessment=found))
    return events.Measured(request.id, tuple(sets))


def measure_pending(session: CheckSession, values: Values = value_of) -> CheckSession:
    for taken in session.pending:
        session = advance(session, result_for(taken.request, values), at_s=session.last_s)
    return session


def answer_to(session: CheckSession) -> events.Event:
    """What a willing person without pain does at a step."""
    kind = session.kind
    if kind is StepKind.MASSAGE:
        assert session.massage is not None
        return events.Massaged(_pressing(session.massage))
    if kind is StepKind.TARGET:
        first = findings(session)[0]
        return events.Targeted(first.movement, first.side)
    return {
        StepKind.ANYTHING_NEW: events.Answered(False),
        StepKind.SCREEN: events.Chose(()),
        StepKind.SCREEN_PLACES: events.Chose(()),
        StepKind.SCREEN_AGREED: events.Answered(True),
        StepKind.HURTS: events.Chose(("left_shoulder_front",)),
        StepKind.PAIN_NOW: events.Rated(2.0),
        StepKind.WARM_UP: events.WarmedUp(),
        StepKind.PAIN_WARM_UP: events.Rated(4.0),
        StepKind.TAKE: events.Filmed(),
        StepKind.PAIN_TAKE: events.Rated(2.0 if session.phase is Phase.POST else 5.0),
        StepKind.WORSE: events.Answered(False),
        StepKind.REST: events.Ticked(),
    }.get(kind, events.Ready())


def _pressing(session: massage.MassageSession) -> massage.Event:
    return {
        massage.StepKind.PAIN_BEFORE: massage.Rated(2.0),
        massage.StepKind.PRESS: massage.Rated(min(5.0, session.turns[0].spot.strength_max))
        if session.turns
        else massage.Ready(),
        massage.StepKind.FAMILIAR: massage.Told("yes"),
        massage.StepKind.HOLD: massage.Ticked(),
        massage.StepKind.STRENGTH_AFTER: massage.Rated(3.0),
        massage.StepKind.PAIN_NOW: massage.Rated(2.0),
    }.get(session.kind, massage.Ready())


def led_to(
    kind: StepKind, plan: CheckPlan = FULL, *, phase: Phase | None = None, values: Values = value_of
) -> CheckSession:
    """A check at a step, on the way of a willing person; results come as soon as it waits."""
    session = begin(plan, at_s=0.0)
    for _ in range(400):
        if session.kind is kind and phase in (None, session.phase):
            return session
        assert not session.ended, f"{kind} was not reached, but {session.kind}"
        if session.kind is StepKind.MEASURING:
            session = measure_pending(session, values)
        else:
            session = advance(session, answer_to(session), at_s=session.last_s + 31.0)
    raise AssertionError(f"{kind} was not reached")


_ANYTHING: list[events.Event] = [
    events.Ready(),
    events.Answered(True),
    events.Answered(False),
    events.Chose(()),
    events.Chose(("F18",)),
    events.Chose(("left_calf",)),
    events.WarmedUp(),
    events.Filmed(),
    events.Skipped(),
    events.Repeated(),
    events.Paused(),
    events.Resumed(),
    events.Ended(),
    events.Ticked(),
    events.Massaged(massage.Ready()),
    events.Massaged(massage.Ticked()),
    events.Massaged(massage.Ended()),
    events.Massaged(massage.Skipped()),
    events.Massaged(massage.Told("no")),
    events.Massaged(massage.Felt("numbness")),
    events.Targeted("shoulder_flexion", Side.RIGHT),
]
_NUMBERS = (None, 0.0, 2.0, 4.0, 6.0, 7.5, 8.0, 10.0)


def some_event(chance: Random) -> events.Event:
    """Anything that can happen, whether the step takes it or not."""
    value = chance.choice(_NUMBERS)
    return chance.choice(
        [
            chance.choice(_ANYTHING),
            events.Rated(value),
            events.Massaged(massage.Rated(value or 5.0)),
            events.Felt(chance.choice(sorted(symptoms()))),
        ]
    )


def sets_done(results: tuple[TakeResult, ...]) -> list[str]:
    return [each.id for result in results for each in result.sets]
