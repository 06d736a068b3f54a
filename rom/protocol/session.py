"""Where a guided check stands: everything that was said, filmed and measured so far.

There is no clock inside: times are seconds on any clock that only runs forwards, and events bring
them. `rom.protocol.machine` takes the events, `rom.protocol.stored` writes a session as JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from rom.clinical.arc import both_directions
from rom.clinical.assessment import Assessment
from rom.clinical.body import Place
from rom.clinical.massage.plan import MassagePlan
from rom.clinical.massage.session import MassageSession
from rom.clinical.norms import Sex
from rom.clinical.safety import Stop
from rom.clinical.screen import Answer
from rom.landmarks import Side
from rom.protocol.constants import figure
from rom.protocol.events import MarkedPain, MeasuredSet
from rom.protocol.screening import Screening
from rom.protocol.takes import Sides, TakeRequest
from rom.records.entities import Phase

Mode = Literal["full", "quick", "therapist"]
"""A region with two sets before; one movement with one; one movement with a therapist's hands."""


class StepKind(StrEnum):
    """What is asked of the person, or what goes on."""

    ANYTHING_NEW = "anything_new"
    SCREEN = "screen"
    SCREEN_PLACES = "screen_places"
    SCREEN_AGREED = "screen_agreed"
    NOTICES = "notices"
    HURTS = "hurts"
    PAIN_NOW = "pain_now"
    WARM_UP = "warm_up"
    PAIN_WARM_UP = "pain_warm_up"
    TAKE = "take"
    PAIN_TAKE = "pain_take"
    WORSE = "worse"
    MEASURING = "measuring"
    NOT_MEASURED = "not_measured"
    TARGET = "target"
    NO_SPOT = "no_spot"
    REST = "rest"
    MASSAGE = "massage"
    HANDS_ON = "hands_on"
    RESULT = "result"
    STOPPED = "stopped"
    ABANDONED = "abandoned"


ENDED = (StepKind.RESULT, StepKind.STOPPED, StepKind.ABANDONED)
CAMERA = (StepKind.WARM_UP, StepKind.TAKE)
SCREENING = (
    StepKind.ANYTHING_NEW,
    StepKind.SCREEN,
    StepKind.SCREEN_PLACES,
    StepKind.SCREEN_AGREED,
)


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """How often a spot was pressed today before this check."""

    muscle: str
    side: Side | None
    rounds: int


@dataclass(frozen=True, kw_only=True)
class CheckPlan:
    """What a check is to be.

    Attributes
    ----------
    region
        Of a full check, one of `rom.protocol.takes.profile_regions`; None for one movement.
    movement, side
        Of a check of one movement.
    earlier
        The answers of an earlier visit to the safety questions; None at a first one.
    pressed_today
        What was pressed today already.
    hurts
        Where it hurts, if that was said before; None where it is to be asked.
    """

    mode: Mode
    region: str | None = None
    movement: str | None = None
    side: Side | None = None
    age: int | None = None
    sex: Sex | None = None
    earlier: tuple[Answer, ...] | None = None
    pressed_today: tuple[Pressed, ...] = ()
    hurts: tuple[Place, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class FilmedTake:
    """A clip that was recorded.

    `pain_warm_up` and `pain` are the ratings of the movement, 0 to 10; None where they were not
    told. `rated` says whether the pain of the recorded repetitions was asked. `pain_marks` are
    where the person said that it begins to hurt.
    """

    request: TakeRequest
    filmed_s: float
    warmed_up: bool = False
    pain_warm_up: float | None = None
    pain: float | None = None
    rated: bool = False
    pain_marks: tuple[MarkedPain, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TakeResult:
    """What was read from a clip; without sets the reason why it could not be."""

    take: str
    sets: tuple[MeasuredSet, ...]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class NotFilmed:
    """A clip that was not filmed, and why."""

    movement: str
    sides: Sides
    phase: Phase
    reason: str


@dataclass(frozen=True, kw_only=True)
class Target:
    """The movement and side that the massage is for."""

    movement: str
    side: Side | None


@dataclass(frozen=True, kw_only=True, eq=False)
class CheckSession:
    """A guided check from its first question on; complete at every moment.

    Attributes
    ----------
    kind
        The step that is going on, since `since_s`.
    phase
        Before, before again after the rest, or after the massage.
    takes
        The clips still to be filmed, the present one first.
    filmed, results
        The clips that were recorded, and what was read from them.
    accepted
        Clips that could not be measured and are left so.
    not_filmed
        What was left out, and why.
    spots
        The plan of the massage, without its list of candidates.
    rest_s
        Rest as it was taken; None before or without one.
    massage_ended_s
        When the massage, or the therapist's hands, were done.
    worse
        Whether the person says that it feels worse; None where it was not asked.
    stop
        What stopped the check, with the words for it; None unless something did.
    paused_since_s, paused_s
        Beginning of a break that lasts, and the length of all earlier ones.
    warmed_up, pain_warm_up
        Of the present take.
    """

    plan: CheckPlan
    kind: StepKind
    started_s: float
    last_s: float
    since_s: float
    screening: Screening
    phase: Phase = Phase.PRE1
    hurts: tuple[Place, ...] = ()
    pain_now: float | None = None
    takes: tuple[TakeRequest, ...] = ()
    requested: int = 0
    filmed: tuple[FilmedTake, ...] = ()
    results: tuple[TakeResult, ...] = ()
    accepted: tuple[str, ...] = ()
    not_filmed: tuple[NotFilmed, ...] = ()
    target: Target | None = None
    spots: MassagePlan | None = None
    rest_s: float | None = None
    massage: MassageSession | None = None
    massage_began_s: float | None = None
    massage_ended_s: float | None = None
    worse: bool | None = None
    stop: Stop | None = None
    paused_since_s: float | None = None
    paused_s: float = 0.0
    warmed_up: bool = False
    pain_warm_up: float | None = None

    @property
    def ended(self) -> bool:
        return self.kind in ENDED

    @property
    def paused(self) -> bool:
        return self.paused_since_s is not None

    @property
    def take(self) -> TakeRequest:
        """The clip that is to be filmed now.

        Raises
        ------
        ValueError
            There is none.
        """
        if not self.takes:
            raise ValueError("expected a take to be filmed, all are done")
        return self.takes[0]

    @property
    def painful(self) -> bool:
        """Whether it hurts so much that the warm-up is shorter and stays below pain."""
        return self.pain_now is not None and self.pain_now >= figure("painful_from")

    @property
    def warm_up_repetitions(self) -> int:
        """Repetitions of each side in a warm-up."""
        name = "warm_up_painful_repetitions" if self.painful else "warm_up_repetitions"
        return int(figure(name))

    @property
    def pending(self) -> tuple[FilmedTake, ...]:
        """Clips that are not measured yet."""
        known = {result.take for result in self.results}
        return tuple(each for each in self.filmed if each.request.id not in known)

    @property
    def failures(self) -> tuple[TakeResult, ...]:
        """Clips of this phase without a value that were not filmed again or left so."""
        found = []
        for taken in self.filmed:
            result = self.result_of(taken.request.id)
            if result is None or taken.request.phase is not self.phase:
                continue
            left = result.take in self.accepted
            if not left and not self._read(taken.request):
                found.append(result)
        return tuple(found)

    @property
    def rest_left_s(self) -> float:
        """Seconds of the rest that are left at the last event."""
        return max(0.0, figure("rest_s") - (self.last_s - self.since_s))

    @property
    def massage_s(self) -> float:
        """Time of the massage's own clock at the last event: it stands still in a break."""
        return self.massage_at_s(self.last_s)

    def massage_at_s(self, at_s: float) -> float:
        """Time of the massage's clock at a time of the check's."""
        until_s = at_s if self.paused_since_s is None else self.paused_since_s
        return until_s - self.paused_s

    def result_of(self, take: str) -> TakeResult | None:
        """What was read from a clip; None before it was measured."""
        return next((each for each in self.results if each.take == take), None)

    def taken(self, phase: Phase) -> tuple[FilmedTake, ...]:
        """The clips of a phase, in order."""
        return tuple(each for each in self.filmed if each.request.phase is phase)

    def set_of(self, phase: Phase, movement: str, side: Side | None) -> MeasuredSet | None:
        """The last set of a phase that was measured for a movement and side; else None."""
        found = None
        for taken in self.taken(phase):
            result = self.result_of(taken.request.id)
            for each in result.sets if result else ():
                known = each.assessment
                if known.measured and (known.movement, known.side) == (movement, side):
                    found = each
        return found

    def beside(self, found: MeasuredSet | None) -> MeasuredSet | None:
        """The other direction of a set, measured in the same clip; None where there is none."""
        for result in self.results:
            if found is not None and found in result.sets:
                others = (each for each in result.sets if each.assessment.side)
                return next(
                    (each for each in others if each is not found and each.assessment.measured),
                    None,
                )
        return None

    def measured(self, phase: Phase) -> tuple[Assessment, ...]:
        """The last measured set of each movement and side of a phase, in order of filming."""
        found: dict[tuple[str, Side | None], Assessment] = {}
        for taken in self.taken(phase):
            result = self.result_of(taken.request.id)
            for each in result.sets if result else ():
                if each.assessment.measured:
                    found[each.assessment.movement, each.assessment.side] = each.assessment
        return tuple(found.values())

    def pain_of(self, phase: Phase) -> float | None:
        """The last rating of the target's movement in a phase; None where it was not told."""
        if self.target is None:
            return None
        scores = [
            each.pain
            for each in self.taken(phase)
            if each.request.movement == self.target.movement
            and self.target.side in each.request.sides.each
            and each.pain is not None
        ]
        return scores[-1] if scores else None

    def _read(self, request: TakeRequest) -> bool:
        """Whether what the clip is for has a value, from this clip or one filmed again."""
        wanted = request.sides.each
        if self.target is not None and self.phase is not Phase.PRE1:
            movement, side = self.target.movement, self.target.side
            beside = self.beside(self.set_of(Phase.PRE1, movement, side))
            arc = beside is not None and both_directions(movement)
            wanted = wanted if arc else (side,)
        return all(self.set_of(request.phase, request.movement, side) for side in wanted)

    def entered(self, kind: StepKind) -> CheckSession:
        """The session at the beginning of another step."""
        return replace(self, kind=kind, since_s=self.last_s)
