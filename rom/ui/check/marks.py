"""The marks "pain starts here" of a take, put on what was read from its clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rom.clinical.assessment import Assessment
from rom.kinematics.pain_marks import place_marks
from rom.live.clip_marks import marks_in_clip
from rom.movements import movement_named
from rom.pipeline import Outcome
from rom.protocol.events import MarkedPain


def with_pain_marks(outcome: Outcome, marks: Sequence[MarkedPain]) -> tuple[Assessment, ...]:
    """The assessments of a clip, each with the marks of its side."""
    return tuple(_marked(each, outcome, marks) for each in outcome.assessments)


def _marked(assessment: Assessment, outcome: Outcome, marks: Sequence[MarkedPain]) -> Assessment:
    times_s = [mark.time_s for mark in marks if mark.side is assessment.side]
    if not times_s or assessment.series is None:
        return assessment
    if outcome.landmarks is not None:
        movement = movement_named(assessment.movement)
        times_s = [*marks_in_clip(outcome.landmarks, movement, assessment.side, near_s=times_s)]
    placed = place_marks(
        assessment.series.time_s,
        assessment.series.angle_deg,
        repetitions=assessment.repetitions,
        marks_s=times_s,
    )
    return replace(assessment, pain_marks=placed)
