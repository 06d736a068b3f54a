"""The recording again, with what was measured drawn onto it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rom.clinical.assessment import Assessment
from rom.kinematics.arms import Arms, compute_arms
from rom.landmarks import FloatArray, Landmark
from rom.pipeline import Outcome, Progress
from rom.quality.visibility import own_landmarks
from rom.reports.sign_phrases import count_words
from rom.trace import Trace
from rom.video.drawing import OverlayState, Point, RgbImage, draw_overlay
from rom.video.encoding import jpeg_bytes
from rom.video.reading import open_video
from rom.video.writing import OverlayWriter

SIGN_SHOWN_S = 0.75
"""A sign stays in the picture from this long before to this long after it was seen."""
_STILL_MARGIN_FRAC = 0.16
"""Of the person's size, beyond the landmarks: hands, feet and the top of the head."""

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
    outcome: Outcome,
    path: Path,
    *,
    force: bool,
    progress: Progress | None = None,
    words: bool = True,
) -> None:
    """Write the overlay video: skeleton, arc at the joint, value, repetitions, messages.

    Reads the recording a second time, which costs less than keeping its frames. Without `words`
    only skeleton, arc and angle are drawn, which stay true whatever is said beside them.
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
                if not words:
                    state = _wordless(state)
                writer.write(draw_overlay(frame.rgb, xy_px=xy_px, state=state), frame.time_s)
                if progress is not None and info.duration_s:
                    progress(min(1.0, frame.time_s / info.duration_s))


def peak_stills(outcome: Outcome) -> tuple[bytes | None, ...]:
    """The frame at the peak that is nearest to each assessment's value, with the angle, as JPEG.

    None for an assessment without a value.
    """
    wanted: dict[int, list[tuple[int, _Drawn]]] = {}
    pairs = zip(outcome.assessments, outcome.traces, strict=False)
    for number, (assessment, trace) in enumerate(pairs):
        if assessment.measured:
            one = _prepare(assessment, trace, mirrored=outcome.request.mirrored)
            wanted.setdefault(_peak_frame(assessment, trace), []).append((number, one))
    stills: list[bytes | None] = [None] * len(outcome.assessments)
    with open_video(outcome.request.video) as reader:
        for index, frame in enumerate(reader):
            for number, one in wanted.pop(index, []):
                state = _wordless(_state(one, index, frame.time_s))
                drawn = draw_overlay(frame.rgb, xy_px=one.xy_px[index], state=state)
                stills[number] = jpeg_bytes(_around_person(drawn, one.xy_px[index]))
            if not wanted:
                break
    return tuple(stills)


def _wordless(state: OverlayState) -> OverlayState:
    return replace(state, label="", messages=(), repetition=0, repetition_total=None)


def _around_person(drawn: RgbImage, xy_px: FloatArray) -> RgbImage:
    """The part of the picture that shows the person: less of the room, more of the angle."""
    height_px, width_px = drawn.shape[:2]
    seen = xy_px[np.isfinite(xy_px).all(axis=1)]
    if not len(seen):
        return drawn
    margin_px = _STILL_MARGIN_FRAC * float(np.ptp(seen, axis=0).max())
    low = np.clip(np.floor(seen.min(axis=0) - margin_px), 0, (width_px - 1, height_px - 1))
    high = np.clip(np.ceil(seen.max(axis=0) + margin_px), low + 1, (width_px, height_px))
    (left, top), (right, bottom) = low.astype(int), high.astype(int)
    return np.ascontiguousarray(drawn[top:bottom, left:right])


def _peak_frame(assessment: Assessment, trace: Trace) -> int:
    assert assessment.value_deg is not None
    value_deg = assessment.value_deg
    peak_s = min(assessment.counted, key=lambda each: abs(each.peak_deg - value_deg)).peak_s
    seen = np.flatnonzero(np.isfinite(trace.angle_deg))
    return int(seen[np.argmin(np.abs(trace.series.time_s[seen] - peak_s))])


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
