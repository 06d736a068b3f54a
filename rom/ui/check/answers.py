"""From what was clicked, pressed or held up to the events of the protocol."""

from __future__ import annotations

from rom.clinical.massage import session as massage
from rom.clinical.massage.record import Familiar
from rom.landmarks import Side
from rom.protocol import events
from rom.protocol.session import CheckSession, StepKind
from rom.ui.check.words import AGAIN, DONE, GO_ON, NO, NONE, SKIP, YES

_FELT = "felt:"

_FAMILIAR: dict[str, Familiar] = {"yes": "yes", "no": "no", "not_tender": "not_tender"}
_YES_NO = (StepKind.ANYTHING_NEW, StepKind.SCREEN_AGREED, StepKind.WORSE)
_CHOICES = (StepKind.SCREEN, StepKind.SCREEN_PLACES, StepKind.HURTS)
_RATED = (StepKind.PAIN_NOW, StepKind.PAIN_WARM_UP, StepKind.PAIN_TAKE)


def answers_of(
    session: CheckSession, option: str, value: float | None, *, chosen: tuple[str, ...] | None
) -> tuple[events.Event, ...]:
    """The events that an option stands for, in their order; empty where it stands for none.

    Parameters
    ----------
    chosen
        All that was chosen where several may be; None where one option is the answer.
    """
    if session.paused and option.startswith(_FELT):
        return (events.Felt(option.removeprefix(_FELT)),)
    if session.paused and option == SKIP:
        return events.Resumed(), events.Skipped()
    if chosen is not None and option == DONE:
        return (events.Chose(chosen),)
    event = _answer_to_step(session, option, value)
    return () if event is None else (event,)


def _answer_to_step(session: CheckSession, option: str, value: float | None) -> events.Event | None:
    kind = session.kind
    if kind is StepKind.MASSAGE:
        return _massage_answer(session, option, value)
    if option == AGAIN:
        return events.Repeated()
    if kind in _RATED:
        return _rating(option, value)
    if kind in _YES_NO and option in (YES, NO):
        return events.Answered(option == YES)
    if kind in _CHOICES and option == NONE:
        return events.Chose(())
    if option == SKIP:
        return events.Skipped()
    if option == GO_ON:
        return events.Ready()
    if kind is StepKind.TARGET and "/" in option:
        movement, _, side = option.partition("/")
        return events.Targeted(movement, Side(side) if side in list(Side) else None)
    return None


def _rating(option: str, value: float | None) -> events.Event | None:
    if option == SKIP:
        return events.Rated(None)
    return events.Rated(value) if value is not None else None


def _massage_answer(session: CheckSession, option: str, value: float | None) -> events.Event | None:
    if option.startswith(_FELT):
        return events.Massaged(massage.Felt(option.removeprefix(_FELT)))
    if option == SKIP:
        return events.Massaged(massage.Skipped())
    if option == "too_strong" and session.massage is not None:
        above = min(10.0, session.massage.turn.spot.strength_max + 0.5)
        return events.Massaged(massage.Rated(above))
    if option in _FAMILIAR:
        return events.Massaged(massage.Told(_FAMILIAR[option]))
    if value is not None:
        return events.Massaged(massage.Rated(value))
    return events.Massaged(massage.Ready()) if option == GO_ON else None
