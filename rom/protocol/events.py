"""What can happen in a check; every event carries nothing but what was said or done."""

from __future__ import annotations

from dataclasses import dataclass

from rom.clinical.assessment import Assessment
from rom.clinical.massage import session as massage
from rom.landmarks import Side


@dataclass(frozen=True)
class Ready:
    """The person wants to go on."""


@dataclass(frozen=True)
class Answered:
    """Yes or no to the question of the step."""

    yes: bool


@dataclass(frozen=True)
class Chose:
    """What was chosen of the step's list: questions answered with yes, or places by name."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Rated:
    """A rating of pain, 0 to 10; None where the person would rather not say."""

    value: float | None


@dataclass(frozen=True)
class WarmedUp:
    """The repetitions of the warm-up are done."""


@dataclass(frozen=True, kw_only=True)
class MarkedPain:
    """The person marked that it begins to hurt: on which side's way out, and when in the clip.

    `time_s` is as exact as it is known when the browser began to record, within some tenths.
    """

    side: Side | None
    time_s: float


@dataclass(frozen=True)
class Filmed:
    """The clip of the present take is recorded."""

    pain_marks: tuple[MarkedPain, ...] = ()


@dataclass(frozen=True)
class MeasuredSet:
    """What was read from a clip for one side; `id` is the set's in the records."""

    id: str
    assessment: Assessment


@dataclass(frozen=True)
class Measured:
    """A clip was measured, whenever that is; without sets it could not be read, for a reason."""

    take: str
    sets: tuple[MeasuredSet, ...]
    reason: str = ""


@dataclass(frozen=True)
class Targeted:
    """The movement and side that the massage is to be for."""

    movement: str
    side: Side | None


@dataclass(frozen=True)
class Massaged:
    """Something that happened in the guided massage."""

    event: massage.Event


@dataclass(frozen=True)
class Felt:
    """A symptom to stop at, by its name in `stop_symptoms.csv`."""

    symptom: str


@dataclass(frozen=True)
class Skipped:
    """The person wants to leave this step out."""


@dataclass(frozen=True)
class Repeated:
    """The person wants to do the last clip again."""


@dataclass(frozen=True)
class Paused:
    """The person wants a break."""


@dataclass(frozen=True)
class Resumed:
    """The break is over."""


@dataclass(frozen=True)
class Ended:
    """The person wants to end the check, for no reason that has to be given."""


@dataclass(frozen=True)
class Ticked:
    """Time has passed; nothing else happened."""


Event = (
    Ready
    | Answered
    | Chose
    | Rated
    | WarmedUp
    | Filmed
    | Measured
    | Targeted
    | Massaged
    | Felt
    | Skipped
    | Repeated
    | Paused
    | Resumed
    | Ended
    | Ticked
)
