"""What comes when a clip is done: the next one, its results, or what follows the phase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rom.protocol.constants import figure
from rom.protocol.session import CheckSession, StepKind, Target
from rom.protocol.steps.massage import begin_massage
from rom.protocol.steps.take_queue import enter_take, queue_target
from rom.protocol.steps.target import planned
from rom.protocol.target import unsettled
from rom.records.entities import Phase


def proceed(session: CheckSession) -> CheckSession:
    """Film on, wait for the results of this phase, or leave it."""
    if session.takes:
        return enter_take(session)
    if any(each.request.phase is session.phase for each in session.pending):
        return session.entered(StepKind.MEASURING)
    if session.failures and session.stop is None:
        return session.entered(StepKind.NOT_MEASURED)
    return _PHASES_OVER[session.phase](session)


def _after_first(session: CheckSession) -> CheckSession:
    if not session.measured(Phase.PRE1):
        return session.entered(StepKind.RESULT)
    if session.plan.mode == "full":
        return session.entered(StepKind.TARGET)
    target = Target(movement=session.plan.movement or "", side=session.plan.side)
    session = replace(session, target=target)
    if session.set_of(Phase.PRE1, target.movement, target.side) is None:
        return session.entered(StepKind.RESULT)
    if session.plan.mode == "therapist":
        return replace(session, massage_began_s=session.last_s).entered(StepKind.HANDS_ON)
    session = planned(session)
    return session if session.kind is StepKind.NO_SPOT else begin_massage(session)


def _after_second(session: CheckSession) -> CheckSession:
    again = len(session.taken(Phase.PRE2)) < figure("baselines_max")
    if again and unsettled(session):
        return queue_target(session, Phase.PRE2)
    return begin_massage(session)


_PHASES_OVER: dict[Phase, Callable[[CheckSession], CheckSession]] = {
    Phase.PRE1: _after_first,
    Phase.PRE2: _after_second,
    Phase.POST: lambda session: session.entered(StepKind.RESULT),
}
