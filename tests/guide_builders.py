"""Answers, plans and massages for the tests of the guidance."""

from __future__ import annotations

from hypothesis import strategies as st

from rom.clinical.body import Place, regions
from rom.clinical.massage.plan import MassagePlan, plan_massage
from rom.clinical.massage.session import (
    MassageSession,
    Rated,
    Ready,
    StepKind,
    Ticked,
    Told,
    advance,
    begin,
)
from rom.clinical.screen import Answer
from rom.clinical.screening import Clearance, Question, clearance, questions
from rom.landmarks import Side
from rom.movements import MOVEMENTS, SideKind

FIRST = [each for each in questions().values() if each.asked not in ("later_visits", "during")]
"""The questions of a first visit."""

PLACES = [
    Place(region.id, side)
    for region in regions().values()
    for side in ((None, *Side) if region.sided else (None,))
]
TARGETS = [
    (movement.name, side)
    for movement in MOVEMENTS.values()
    for side in ((None,) if movement.side_kind is SideKind.NONE else tuple(Side))
]

targets = st.sampled_from(TARGETS)
places = st.lists(st.sampled_from(PLACES), max_size=5, unique=True).map(tuple)


def answers(*yes: Answer) -> tuple[Answer, ...]:
    """All questions of a first visit: no, but for those given."""
    given = {answer.id: answer for answer in yes}
    return tuple(given.pop(each.id, Answer(id=each.id, yes=False)) for each in FIRST) + (
        *given.values(),
    )


def cleared(*yes: Answer) -> Clearance:
    return clearance(answers(*yes))


def yes_to(question: Question | str, *named: Place, agreed: bool | None = None) -> Answer:
    name = question if isinstance(question, str) else question.id
    return Answer(id=name, yes=True, places=named, agreed=agreed)


def planned(
    movement: str = "shoulder_flexion", side: Side | None = Side.LEFT, **options: object
) -> MassagePlan:
    return plan_massage(movement, side, clearance=cleared(), **options)  # type: ignore[arg-type]


def reached(kind: StepKind, plan: MassagePlan | None = None) -> MassageSession:
    """A massage of the plan at the first step of a kind, at 100 s at the latest."""
    session = begin(plan or planned(), at_s=0.0)
    answer = {
        StepKind.PAIN_BEFORE: Rated(4),
        StepKind.LEARN: Ready(),
        StepKind.PRESS: Rated(min(5, session.turn.spot.strength_max)),
        StepKind.FAMILIAR: Told("yes"),
        StepKind.HOLD: Rated(6.5) if kind is StepKind.EASE else Ticked(),
        StepKind.STRENGTH_AFTER: Rated(4),
        StepKind.SYMPTOMS: Ready(),
        StepKind.PAIN_NOW: Rated(3),
    }
    at_s = 0.0
    while session.kind is not kind:
        at_s += 60.0 if isinstance(answer[session.kind], Ticked) else 1.0
        session = advance(session, answer[session.kind], at_s=at_s)
    return session
