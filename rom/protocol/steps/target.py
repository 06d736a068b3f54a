"""From the first sets to the second: the target, the spots to press for it, the rest."""

from __future__ import annotations

from dataclasses import replace

from rom.clinical.massage.plan import plan_massage
from rom.errors import UsageError
from rom.protocol import events
from rom.protocol.constants import figure
from rom.protocol.session import CheckSession, StepKind, Target
from rom.protocol.steps.take_queue import queue_target
from rom.protocol.steps.unexpected import unexpected
from rom.protocol.target import findings
from rom.records.entities import Phase


def choose_target(session: CheckSession, event: events.Event) -> CheckSession:
    """Which movement and side the massage is for."""
    if isinstance(event, events.Skipped):
        return session.entered(StepKind.RESULT)
    if not isinstance(event, events.Targeted):
        return unexpected(session, event, "the movement that the massage is for")
    if session.set_of(Phase.PRE1, event.movement, event.side) is None:
        raise UsageError(
            f"Expected a movement that was measured, got {event.movement}; choose one of the list"
        )
    target = Target(movement=event.movement, side=event.side)
    session = planned(replace(session, target=target))
    return session if session.kind is StepKind.NO_SPOT else session.entered(StepKind.REST)


def planned(session: CheckSession) -> CheckSession:
    """Choose the spots for the target; the step without one where nothing may be pressed."""
    target = session.target
    assert target is not None
    limited = tuple(
        (each.movement, each.side) for each in findings(session) if each.restriction.counts
    )
    plan = plan_massage(
        target.movement,
        target.side,
        hurts=session.hurts,
        also_limited=limited,
        clearance=session.screening.clearance,
        rounds_today={(each.muscle, each.side): each.rounds for each in session.plan.pressed_today},
        spots=int(figure("spots")),
    )
    session = replace(session, spots=replace(plan, candidates=()))
    return session if plan.spots else session.entered(StepKind.NO_SPOT)


def no_spot(session: CheckSession, event: events.Event) -> CheckSession:
    """Nothing may be pressed for the target: another one, or the result."""
    if isinstance(event, events.Repeated) and session.plan.mode == "full":
        return replace(session, target=None, spots=None).entered(StepKind.TARGET)
    if isinstance(event, (events.Ready, events.Skipped)):
        return session.entered(StepKind.RESULT)
    return unexpected(session, event, "to go on")


def rest(session: CheckSession, event: events.Event) -> CheckSession:
    """The rest between the two sets before the massage."""
    over = isinstance(event, (events.Ready, events.Skipped)) or session.rest_left_s <= 0
    if not over:
        return unexpected(session, event, "to rest")
    session = replace(session, rest_s=session.last_s - session.since_s)
    return queue_target(session, Phase.PRE2)
