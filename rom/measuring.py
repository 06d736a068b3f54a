"""Recordings measured one after the other, with one line of progress each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rom.errors import InputError, ModelError
from rom.terminal import StepProgress

if TYPE_CHECKING:
    from rom.pipeline import AssessmentRequest, Outcome


def measure_recordings(requests: Sequence[AssessmentRequest], show: StepProgress) -> list[Outcome]:
    """Measure every recording; the pose model is fetched first.

    Raises
    ------
    InputError
        A recording cannot be read, or the model that was named is none.
    """
    from rom.pipeline import assess_recording
    from rom.pose.model import ensure_model

    model = requests[0].model
    try:
        ensure_model(model, progress=show)
    except ModelError as error:
        if model is None:
            raise
        raise InputError(str(error)) from error  # a wrong --model is wrong usage

    def assess_one(request: AssessmentRequest) -> Outcome:
        step = f"Reading {request.video.name}"
        return assess_recording(request, progress=lambda done: show(step, done))

    return [assess_one(request) for request in requests]
