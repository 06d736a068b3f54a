"""Guided self-massage as a state machine: an event goes in, the next step comes out.

There is no clock inside: every event carries its time in seconds, on any clock that only runs
forwards. The terminal and the app drive the same machine.

For each spot: find it and press (how strong?) → is it your familiar pain? → hold against the
timer → how strong at the end? → any symptom? → how much does it hurt now? A rating of 8, a rise
by 2 or a symptom to stop at ends the session at any of these steps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from rom.clinical.massage.plan import MassagePlan, Spot, SpotKey
from rom.clinical.massage.record import Familiar, MassageRecord, Outcome, SpotRecord
from rom.clinical.safety import Stop, check_rating, rating_stop, symptom_stop
from rom.clinical.screen import Screen
from rom.errors import UsageError


class StepKind(StrEnum):
    """What is asked of the person, or what goes on."""

    PAIN_BEFORE = "pain_before"
    LEARN = "learn"
    PRESS = "press"
    FAMILIAR = "familiar"
    HOLD = "hold"
    EASE = "ease"
    STRENGTH_AFTER = "strength_after"
    SYMPTOMS = "symptoms"
    PAIN_NOW = "pain_now"
    FINISHED = "finished"
    STOPPED = "stopped"


ENDED = (StepKind.FINISHED, StepKind.STOPPED)
RATED = (
    StepKind.PAIN_BEFORE,
    StepKind.PRESS,
    StepKind.HOLD,
    StepKind.EASE,
    StepKind.STRENGTH_AFTER,
    StepKind.PAIN_NOW,
)
PRESSING = (
    StepKind.PRESS,
    StepKind.FAMILIAR,
    StepKind.HOLD,
    StepKind.EASE,
    StepKind.STRENGTH_AFTER,
)


@dataclass(frozen=True)
class Ready:
    """The person wants to go on."""


@dataclass(frozen=True)
class Rated:
    """A rating of pain or of discomfort under pressure, whichever the step asks for, 0 to 10."""

    value: float


@dataclass(frozen=True)
class Told:
    """The answer to "is this your familiar pain?"."""

    familiar: Familiar


@dataclass(frozen=True)
class Felt:
    """A symptom to stop at, by its name in `stop_symptoms.csv`."""

    symptom: str


@dataclass(frozen=True)
class Skipped:
    """The person wants to leave this spot."""


@dataclass(frozen=True)
class Ticked:
    """Time has passed; nothing else happened."""


@dataclass(frozen=True)
class Ended:
    """The person wants to end the massage, for no reason that has to be given."""


Event = Ready | Rated | Told | Felt | Skipped | Ticked | Ended


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One round on one spot, while it goes on.

    `hold_since_s` is the time at which the timer last started, None while it does not run;
    `held_s` is what was held before. The strengths are ratings under pressure, 0 to 10;
    `reference` is the one that a rise counts from, None while the pressure is still being found.
    """

    spot: Spot
    round: int
    started_s: float | None = None
    hold_since_s: float | None = None
    held_s: float = 0.0
    strength: float | None = None
    reference: float | None = None
    strength_before: float | None = None
    strength_after: float | None = None
    familiar: Familiar | None = None

    def held_at(self, at_s: float) -> float:
        """Seconds held so far, at most as planned."""
        running_s = 0.0 if self.hold_since_s is None else max(at_s - self.hold_since_s, 0.0)
        return min(self.held_s + running_s, self.spot.hold_s)

    @property
    def pressed(self) -> bool:
        """Whether anything was done that is worth keeping."""
        return self.strength is not None

    @property
    def bearable(self) -> bool:
        """Whether the pressure was rated, and not above what is aimed for."""
        return self.strength is not None and self.strength <= self.spot.strength_max

    def paused(self, at_s: float) -> Turn:
        return replace(self, held_s=self.held_at(at_s), hold_since_s=None)


@dataclass(frozen=True, kw_only=True)
class MassageSession:
    """Where a massage stands.

    Attributes
    ----------
    kind
        The step that is going on.
    turns
        The rounds still to do, the present one first; empty once all are done.
    done
        The rounds that are over.
    pain_before, pain_now
        Pain without pressure, 0 to 10; None before it was asked.
    started_s, last_s
        Time of the beginning and of the last event.
    note
        What the last event calls for, in words for the person; None for nothing.
    stop
        Why the massage was stopped; None unless a rule or a symptom stopped it.
    """

    plan: MassagePlan
    kind: StepKind
    turns: tuple[Turn, ...]
    started_s: float
    last_s: float
    done: tuple[SpotRecord, ...] = ()
    pain_before: float | None = None
    pain_now: float | None = None
    note: str | None = None
    stop: Stop | None = None

    @property
    def ended(self) -> bool:
        return self.kind in ENDED

    @property
    def turn(self) -> Turn:
        """The round going on.

        Raises
        ------
        ValueError
            There is none.
        """
        if not self.turns:
            raise ValueError("expected a round going on, all are over")
        return self.turns[0]

    def remaining_s(self, at_s: float) -> float:
        """Seconds left on the timer of the present spot."""
        return self.turn.spot.hold_s - self.turn.held_at(at_s)

    def record(self, started_at: str, *, screen: Screen | None = None) -> MassageRecord:
        """What was done so far, the round going on included."""
        spots = self.done
        if self.kind in PRESSING and self.turn.pressed:
            spots += (_spot_record(self, "unfinished", None, self.last_s),)
        return MassageRecord(
            movement=self.plan.movement,
            side=self.plan.side,
            hurts=self.plan.hurts,
            started_at=started_at,
            pain_before=self.pain_before,
            pain_after=self.pain_now,
            spots=spots,
            finished=self.kind is StepKind.FINISHED,
            stopped=self.stop.code if self.stop else None,
            screen=screen,
        )


def begin(plan: MassagePlan, *, at_s: float, pain_before: float | None = None) -> MassageSession:
    """Begin a massage; pain is asked first unless the session has asked it already.

    Raises
    ------
    UsageError
        A plan without spots or before the safety questions, or a rating outside 0 to 10.
    """
    if not plan.screened:
        raise UsageError("Expected the safety questions answered before the massage; ask them")
    if not plan.spots:
        raise UsageError("Expected at least one spot to press, the plan has none today")
    rounds = range(1, max(spot.rounds for spot in plan.spots) + 1)
    turns = tuple(
        Turn(spot=spot, round=number)
        for number in rounds
        for spot in plan.spots
        if number <= spot.rounds
    )
    session = MassageSession(
        plan=plan, kind=StepKind.PAIN_BEFORE, turns=turns, started_s=at_s, last_s=at_s
    )
    return session if pain_before is None else advance(session, Rated(pain_before), at_s=at_s)


def advance(session: MassageSession, event: Event, *, at_s: float) -> MassageSession:
    """Take one event; the session passed in stays as it was.

    Raises
    ------
    UsageError
        An event that the step does not take, a rating outside 0 to 10 or an unknown symptom.
    ValueError
        A time before the last event.
    """
    if at_s < session.last_s:
        raise ValueError(f"at_s: expected {session.last_s} or later, got {at_s}")
    if session.ended:
        raise UsageError("Expected nothing more, the massage has ended; begin a new one")
    session = replace(session, last_s=at_s, note=None)
    if isinstance(event, Ticked):
        return _tick(session)
    if isinstance(event, Ended):
        return _end(session)
    if isinstance(event, Felt):
        return _feel(session, symptom_stop(event.symptom))
    if isinstance(event, Rated):
        return _rate(session, check_rating(event.value))
    if isinstance(event, Told):
        return _tell(session, event.familiar)
    if isinstance(event, Skipped):
        return _skip(session)
    if isinstance(event, Ready):
        return _go_on(session)
    raise AssertionError(event)


def _tick(session: MassageSession) -> MassageSession:
    if session.kind is not StepKind.HOLD or session.remaining_s(session.last_s) > 0:
        return session
    turn = session.turn.paused(session.last_s)
    return _with(session, StepKind.STRENGTH_AFTER, turn)


def _end(session: MassageSession) -> MassageSession:
    if session.kind in PRESSING and session.turn.pressed:
        session = _close(session, "unfinished", None)
    return replace(session, kind=StepKind.STOPPED, turns=())


def _feel(session: MassageSession, stop: Stop) -> MassageSession:
    if stop.ends == "session" or session.kind is StepKind.PAIN_BEFORE:
        return _stop(session, stop)
    if session.kind in PRESSING or session.kind is StepKind.LEARN:
        session = _leave_spot(session, "stopped", stop.code)
    elif session.done:  # it is felt after letting go, so it belongs to the round before
        last = replace(session.done[-1], outcome="stopped", reason=stop.code)
        turns = _without(session.turns, (last.muscle, last.side))
        session = replace(session, done=(*session.done[:-1], last), turns=turns)
    return replace(session, kind=StepKind.PAIN_NOW, note=stop.message)


def _rate(session: MassageSession, value: float) -> MassageSession:
    if session.kind not in RATED:
        raise UsageError(f"Expected {_WANTED[session.kind]}, got a rating; answer that first")
    if session.kind is StepKind.PAIN_BEFORE:
        session = replace(session, pain_before=value, pain_now=value)
        stop = rating_stop(value, reference=None)
        return _stop(session, stop) if stop else replace(session, kind=StepKind.LEARN)
    if session.kind is StepKind.PAIN_NOW:
        session = replace(session, pain_now=value)
        stop = rating_stop(value, reference=session.pain_before)
        return _stop(session, stop) if stop else _next(session)
    return _rate_pressure(session, value)


def _rate_pressure(session: MassageSession, value: float) -> MassageSession:
    turn = replace(session.turn, strength=value)
    if turn.started_s is None:
        turn = replace(turn, started_s=session.last_s)
    stop = rating_stop(value, reference=turn.reference)
    if session.kind is StepKind.STRENGTH_AFTER:
        turn = replace(turn, strength_after=value)
    if stop:
        return _stop(_with(session, session.kind, turn.paused(session.last_s)), stop)
    if session.kind is StepKind.PRESS:
        return _find_pressure(session, turn, value)
    if session.kind is StepKind.STRENGTH_AFTER:
        session = _close(_with(session, session.kind, turn), "completed", None)
        return replace(session, kind=StepKind.SYMPTOMS)
    if value > turn.spot.strength_max:
        eased = _with(session, StepKind.EASE, turn.paused(session.last_s))
        return replace(eased, note=_ease_words(turn.spot))
    if session.kind is StepKind.EASE:
        turn = replace(turn, hold_since_s=session.last_s, reference=value)
    return _with(session, StepKind.HOLD, turn)


def _find_pressure(session: MassageSession, turn: Turn, value: float) -> MassageSession:
    if value > turn.spot.strength_max:
        return replace(_with(session, StepKind.PRESS, turn), note=_ease_words(turn.spot))
    if value < turn.spot.strength_min:
        note = "You may press a little more and rate again, or go on as it is."
        return replace(_with(session, StepKind.PRESS, turn), note=note)
    return _with(session, StepKind.FAMILIAR, turn)


def _tell(session: MassageSession, familiar: Familiar) -> MassageSession:
    if session.kind is not StepKind.FAMILIAR:
        raise UsageError(f"Expected {_WANTED[session.kind]}, got another answer; answer that first")
    turn = replace(session.turn, familiar=familiar)
    if familiar == "not_tender":
        session = _leave_spot(_with(session, session.kind, turn), "not_tender", None)
        return replace(session, kind=StepKind.SYMPTOMS)
    if familiar not in ("yes", "no"):
        raise UsageError(f"Expected yes, no or not_tender, got {familiar!r}; answer again")
    turn = replace(
        turn,
        strength_before=turn.strength,
        reference=turn.strength,
        hold_since_s=session.last_s,
    )
    return _with(session, StepKind.HOLD, turn)


def _skip(session: MassageSession) -> MassageSession:
    if session.kind is not StepKind.LEARN and session.kind not in PRESSING:
        raise UsageError(f"Expected {_WANTED[session.kind]}; there is no spot to leave now")
    pressed = session.turn.pressed
    session = _leave_spot(session, "skipped", None)
    return replace(session, kind=StepKind.SYMPTOMS) if pressed else _next(session)


def _go_on(session: MassageSession) -> MassageSession:
    if session.kind is StepKind.LEARN:
        return replace(session, kind=StepKind.PRESS)
    if session.kind is StepKind.SYMPTOMS:
        return replace(session, kind=StepKind.PAIN_NOW)
    if session.kind is StepKind.PRESS and session.turn.bearable:
        return replace(session, kind=StepKind.FAMILIAR)
    raise UsageError(f"Expected {_WANTED[session.kind]}; answer that first")


def _next(session: MassageSession) -> MassageSession:
    kind = StepKind.LEARN if session.turns else StepKind.FINISHED
    return replace(session, kind=kind)


def _stop(session: MassageSession, stop: Stop) -> MassageSession:
    if session.kind in PRESSING and session.turn.pressed:
        session = _close(session, "stopped", stop.code)
    return replace(session, kind=StepKind.STOPPED, turns=(), stop=stop, note=stop.message)


def _close(session: MassageSession, outcome: Outcome, reason: str | None) -> MassageSession:
    """End the present round and keep it."""
    record = _spot_record(session, outcome, reason, session.last_s)
    return replace(session, done=(*session.done, record), turns=session.turns[1:])


def _leave_spot(session: MassageSession, outcome: Outcome, reason: str | None) -> MassageSession:
    """End the present round, keep it if anything was pressed, and do no more on its spot."""
    key = session.turn.spot.key
    if session.turn.pressed:
        session = _close(session, outcome, reason)
    return replace(session, turns=_without(session.turns, key))


def _without(turns: tuple[Turn, ...], key: SpotKey) -> tuple[Turn, ...]:
    return tuple(turn for turn in turns if turn.spot.key != key)


def _with(session: MassageSession, kind: StepKind, turn: Turn) -> MassageSession:
    return replace(session, kind=kind, turns=(turn, *session.turns[1:]))


def _spot_record(
    session: MassageSession, outcome: Outcome, reason: str | None, at_s: float
) -> SpotRecord:
    turn = session.turn
    started_s = session.last_s if turn.started_s is None else turn.started_s
    return SpotRecord(
        muscle=turn.spot.muscle,
        side=turn.spot.side,
        round=turn.round,
        started_s=started_s - session.started_s,
        planned_s=turn.spot.hold_s,
        held_s=turn.held_at(at_s),
        strength_before=turn.strength if turn.strength_before is None else turn.strength_before,
        strength_after=turn.strength_after,
        familiar=turn.familiar,
        outcome=outcome,
        reason=reason,
    )


def _ease_words(spot: Spot) -> str:
    return f"Ease off until it is {spot.strength_max:g} of 10 or less, then rate again."


_WANTED = {
    StepKind.PAIN_BEFORE: "a rating of your pain",
    StepKind.LEARN: "to go on to the spot, or to leave it",
    StepKind.PRESS: "a rating of how strong the pressure feels",
    StepKind.FAMILIAR: "whether it is your familiar pain",
    StepKind.HOLD: "the timer to run out",
    StepKind.EASE: "a rating of how strong the pressure feels",
    StepKind.STRENGTH_AFTER: "a rating of how strong the pressure feels",
    StepKind.SYMPTOMS: "whether you feel a symptom",
    StepKind.PAIN_NOW: "a rating of your pain",
}
