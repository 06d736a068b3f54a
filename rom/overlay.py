"""The recording again, with what was measured drawn onto it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rom.clinical.assessment import Assessment
from rom.kinematics.arms import Arms, compute_arms
from rom.landmarks import FloatArray, Landmark
from rom.pipeline import Outcome, Progress
from rom.quality.visibility import own_landmarks
from rom.reports.sign_phrases import count_words
from rom.trace import Trace
from rom.video.drawing import OverlayState, Point, draw_overlay
from rom.video.reading import open_video
from rom.video.writing import OverlayWriter

SIGN_SHOWN_S = 0.75
"""A sign stays in the picture from this long before to this long after it was seen."""
NOT_SEEN = np.full((len(Landmark), 2), np.nan)


@dataclass(frozen=True, eq=False)
class _Drawn:
    """One assessment with what its drawing needs, in pixels of the frames as they were filmed."""

    assessment: Assessment
    trace: Trace
    xy_px: FloatArray
    arms: Arms

    def messages_at(self, time_s: float) -> tuple[str, ...]:
        """What was noticed in the recording, and the signs that are seen about this time."""
        signs = (
            f"{pattern.words[:1].upper()}{pattern.words[1:]} (seen in {count_words(pattern)})."
            for pattern in self.assessment.patterns
            if any(abs(time_s - seen_s) <= SIGN_SHOWN_S for seen_s in pattern.seen_s)
        )
        return (*signs, *(issue.message for issue in self.assessment.issues))


def draw_outcome(
    outcome: Outcome, path: Path, *, force: bool, progress: Progress | None = None
) -> None:
    """Write the overlay video: skeleton, arc at the joint, value, repetitions, messages.

    Reads the recording a second time, which costs less than keeping its frames.
    """
    drawn = [
        _prepare(assessment, trace, mirrored=outcome.request.mirrored)
        for assessment, trace in zip(outcome.assessments, outcome.traces, strict=False)
    ]
    refused = tuple(issue.message for issue in outcome.assessments[0].issues)
    with open_video(outcome.request.video) as reader:
        info = reader.info
        with OverlayWriter(
            path, width_px=info.width_px, height_px=info.height_px, force=force
        ) as writer:
            for index, frame in enumerate(reader):
                if drawn:
                    one = _shown(drawn, frame.time_s)
                    xy_px, state = one.xy_px[index], _state(one, index, frame.time_s)
                else:
                    label = outcome.assessments[0].movement.replace("_", " ")
                    xy_px, state = NOT_SEEN, OverlayState(label=label, messages=refused)
                writer.write(draw_overlay(frame.rgb, xy_px=xy_px, state=state), frame.time_s)
                if progress is not None and info.duration_s:
                    progress(min(1.0, frame.time_s / info.duration_s))


def _prepare(assessment: Assessment, trace: Trace, *, mirrored: bool) -> _Drawn:
    series = trace.series
    arms = compute_arms(series, trace.movement.reading, trace.side)
    xy_px = series.xy_px
    if mirrored:
        width_px = series.width_px
        arms = Arms(
            *(_flipped(p, width_px) for p in (arms.vertex_px, arms.reference_px, arms.moving_px))
        )
        xy_px = _flipped(xy_px, width_px)
    return _Drawn(assessment, trace, xy_px, arms)


def _flipped(points_px: FloatArray, width_px: int) -> FloatArray:
    flipped = points_px.copy()
    flipped[..., 0] = width_px - flipped[..., 0]
    return flipped


def _shown(drawn: list[_Drawn], time_s: float) -> _Drawn:
    """The side whose repetition is under way, else the one that began last, else the first."""
    begun = [
        (repetition.onset_s, one)
        for one in drawn
        for repetition in one.assessment.repetitions
        if repetition.onset_s <= time_s
    ]
    return max(begun, key=lambda item: item[0])[1] if begun else drawn[0]


def _state(one: _Drawn, index: int, time_s: float) -> OverlayState:
    trace = one.trace
    counted = trace.counted
    angle_deg = float(trace.angle_deg[index])
    done = sum(repetition.onset_s <= time_s for repetition in counted)
    return OverlayState(
        label=trace.movement.title_for(trace.side),
        angle_deg=None if np.isnan(angle_deg) else angle_deg,
        vertex_px=_point(one.arms.vertex_px[index]),
        reference_end_px=_point(one.arms.reference_px[index]),
        moving_end_px=_point(one.arms.moving_px[index]),
        measured=tuple(Landmark(i) for i in own_landmarks(trace.movement, trace.side)),
        repetition=done,
        repetition_total=len(counted) or None,
        messages=one.messages_at(time_s),
    )


def _point(point_px: FloatArray) -> Point | None:
    if np.isnan(point_px).any():
        return None
    return float(point_px[0]), float(point_px[1])
