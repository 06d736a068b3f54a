"""What the measurement of one recording of a batch gave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rom.clinical.norms import Sex
from rom.exports.loose import set_from_assessment
from rom.landmarks import Side
from rom.movements import movement_named
from rom.records.entities import SetRecord
from rom.ui.batch.naming import AUTO

if TYPE_CHECKING:
    from rom.pipeline import AssessmentRequest, Outcome

ChosenSide = Side | Literal["both"] | None


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was told of the people in all recordings; None and False where nothing was."""

    age: int | None = None
    sex: Sex | None = None
    mirrored: bool = False


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is to be measured in a recording: AUTO and None where it is to be recognised."""

    movement: str = AUTO
    side: ChosenSide = None

    @property
    def recognised(self) -> bool:
        """Whether the recording has to tell what it shows."""
        if self.movement == AUTO:
            return True
        return self.side is None and movement_named(self.movement).has_side


@dataclass(frozen=True, eq=False)
class Measured:
    """The outcome under the recording's own name, without what only drawing needs.

    Attributes
    ----------
    mistaken
        Why the outcome is not what was asked for; None where it is.
    """

    outcome: Outcome
    mistaken: str | None = None

    def sets(self, recorded_at: datetime) -> list[SetRecord]:
        """The outcome as sets of no session."""
        name = self.outcome.request.video.name
        return [
            set_from_assessment(
                each, recording=name, recorded_at=recorded_at, landmarks=self.outcome.landmarks
            )
            for each in self.outcome.assessments
        ]


def measure(
    path: Path, name: str, asked: Asked, told: Told, report: Callable[[float | None], None]
) -> Measured:
    """Measure one recording.

    Parameters
    ----------
    name
        What the recording is called; `path` is where it lies for now.
    report
        Told how far it is; what it raises ends the measurement.

    Raises
    ------
    RomError
        The recording cannot be read, or the pose model is not there.
    """
    from rom.pipeline import assess_recording

    outcome = assess_recording(_request(path, asked, told), progress=report)
    named = replace(outcome.request, video=Path(name))
    light = replace(outcome, request=named, traces=())
    return Measured(light, _mistaken(light, asked))


def _request(path: Path, asked: Asked, told: Told) -> AssessmentRequest:
    from rom.pipeline import AssessmentRequest

    # One that does not say which side is recognised as a whole: the far side of a body that is
    # filmed from the side would otherwise be read as if it moved along.
    movement = AUTO if asked.recognised else asked.movement
    return AssessmentRequest(
        video=path,
        movement=movement,
        side=asked.side,
        mirrored=told.mirrored,
        age=told.age,
        sex=told.sex,
    )


def _mistaken(outcome: Outcome, asked: Asked) -> str | None:
    found = outcome.assessments[0]
    if asked.movement in (AUTO, found.movement) or not found.measured:
        return None
    return (
        f"This looks like {movement_named(found.movement).title_for(found.side)}. Choose the side"
        f" if it is {movement_named(asked.movement).title_for(None)}, and measure it again."
    )
