"""Assessments with chosen values, built the way the pipeline builds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rom.clinical.assessment import Assessment, Provenance, Series, ViewSummary
from rom.clinical.error import accuracy_deg, mdc95_deg, sem_deg, set_value_deg
from rom.clinical.norms import Bound, Sex, normal_range
from rom.clinical.signs.judged import Sign
from rom.kinematics.repetitions import Pause, Repetition
from rom.landmarks import Side
from rom.quality.issues import Issue, Severity

PROVENANCE = Provenance(
    rom_version="0.1.0",
    model="pose_landmarker_full",
    model_sha256="ab" * 32,
    mediapipe_version="1.2.2",
    correction=None,
    frames=540,
    frame_rate_hz=29.97,
)
VIEW = ViewSummary(
    yaw_deg=4.0, subject_height_frac=0.7, mirrored=False, width_px=1280, height_px=720
)
HIDDEN = Issue(
    code="landmark_hidden",
    severity=Severity.BLOCKING,
    message="Your right knee is hidden in 62 % of the frames. Turn a little towards the camera.",
    value=62.0,
    limit=20.0,
    unit="%",
)


def repetition(peak_deg: float, *, number: int = 0, counted: bool = True) -> Repetition:
    onset_s = 1.0 + 4.0 * number
    return Repetition(
        counted=counted,
        onset_s=onset_s,
        peak_s=onset_s + 1.6,
        offset_s=onset_s + 3.2,
        start_deg=8.0,
        peak_deg=peak_deg,
        peak_velocity_deg_s=95.25 if counted else None,
        sparc=-1.62 if counted else None,
        pauses=(Pause(onset_s + 0.6, onset_s + 0.9),) if number == 1 else (),
        stroke_end_s=onset_s + 1.5,
        outward_frames=45,
        outward_missing_frac=0.0,
        pauses_evaluated=True,
        reason_not_counted=None if counted else "The recording ends before its peak.",
    )


def sign(
    code: str,
    repetitions: tuple[int, ...] = (0, 2),
    *,
    value: float = 14.0,
    reason: str | None = None,
    early: bool = True,
) -> Sign:
    """A sign of three repetitions, present in some; with a reason it was not evaluated."""
    return Sign(
        code=code,
        value=None if reason else value,
        threshold=10.0,
        unit="deg",
        present=bool(repetitions) and reason is None,
        reason=reason,
        source="STEWART1995",
        evidence="heuristic",
        repeat_words="2 of 3",
        repetitions_with=() if reason else repetitions,
        repetitions_evaluated=() if reason else (0, 1, 2),
        early=early and reason is None,
    )


def measured(
    value_deg: float = 140.0,
    *,
    movement: str = "shoulder_abduction",
    side: Side | None = Side.LEFT,
    spread_deg: float = 2.0,
    peaks_deg: Sequence[float] = (),
    bound: Bound = "exact",
    age: float | None = None,
    sex: Sex | None = None,
    **changes: Any,
) -> Assessment:
    """A measured set; three repetitions `spread_deg` apart unless peaks are given."""
    peaks = list(peaks_deg) or [value_deg - spread_deg, value_deg, value_deg + spread_deg]
    sem = sem_deg(movement=movement, peaks_deg=peaks)
    value = set_value_deg(peaks)
    accuracy = accuracy_deg(movement, peaks_deg=peaks)
    content: dict[str, Any] = {
        "movement": movement,
        "side": side,
        "status": "measured",
        "value_deg": value,
        "bound": bound,
        "sem_deg": sem,
        "mdc95_deg": mdc95_deg(sem),
        "accuracy_deg": accuracy,
        "repetitions": tuple(repetition(peak, number=i) for i, peak in enumerate(peaks)),
        "issues": (),
        "normal_range": normal_range(movement, age, sex, value, accuracy, bound=bound),
        "provenance": PROVENANCE,
        "view": VIEW,
    }
    return Assessment(**(content | changes))


def refused(*, movement: str = "shoulder_abduction", side: Side | None = Side.LEFT) -> Assessment:
    return Assessment(
        movement=movement,
        side=side,
        status="not_measured",
        value_deg=None,
        bound=None,
        sem_deg=None,
        mdc95_deg=None,
        accuracy_deg=None,
        repetitions=(),
        issues=(HIDDEN,),
        normal_range=None,
        provenance=PROVENANCE,
        view=VIEW,
    )


def series_of(assessment: Assessment, *, gap_s: tuple[float, float] | None = None) -> Series:
    """A smooth curve through the repetitions, not seen in the gap."""
    time_s = np.arange(0.0, 2.0 + 4.0 * len(assessment.repetitions), 1 / 30)
    angle_deg = np.full(time_s.shape, 8.0)
    for each in assessment.repetitions:
        phase = (time_s - each.onset_s) / (each.offset_s - each.onset_s)
        inside = (phase >= 0) & (phase <= 1)
        angle_deg[inside] += (each.peak_deg - 8.0) * np.sin(np.pi * phase[inside]) ** 2
    if gap_s is not None:
        angle_deg[(time_s > gap_s[0]) & (time_s < gap_s[1])] = np.nan
    return Series(time_s=time_s, angle_deg=angle_deg)
