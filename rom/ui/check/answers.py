"""From what was clicked, pressed or held up to the event of the protocol."""

from __future__ import annotations

from rom.clinical.massage import session as massage
from rom.clinical.massage.record import Familiar
from rom.landmarks import Side
from rom.protocol import events
from rom.protocol.session import CheckSession, StepKind
from rom.ui.check.words import AGAIN, GO_ON, NO, NONE, SKIP, YES

FELT = "felt:"

_FAMILIAR: dict[str, Familiar] = {"yes": "yes", "no": "no", "not_tender": "not_tender"}
_YES_NO = (StepKind.ANYTHING_NEW, StepKind.SCREEN_AGREED, StepKind.WORSE)
_CHOICES = (StepKind.SCREEN, StepKind.SCREEN_PLACES, StepKind.HURTS)
_RATED = (StepKind.PAIN_NOW, StepKind.PAIN_WARM_UP, StepKind.PAIN_TAKE)


def answer_of(session: CheckSession, option: str, value: float | None) -> events.Event | None:
    """The event that an option of the present step stands for; None where it stands for none.

    Choices of several are not answered here, but with all that was chosen.
    """
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
    if option.startswith(FELT):
        return events.Massaged(massage.Felt(option.removeprefix(FELT)))
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
