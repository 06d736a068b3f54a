"""Do the repetitions make a set that a value can rest on?"""

from __future__ import annotations

import numpy as np

from rom.kinematics.repetitions import Repetition
from rom.landmarks import FloatArray, LandmarkSeries
from rom.quality.issues import Issue
from rom.quality.limits import check_limit, warning

DISAGREE_DEG = 5.0
DISAGREE_FRAC = 0.10


def disagreement_ratio(peaks_deg: FloatArray) -> float:
    """Largest distance from the set's mean against the larger of 5° and 10 % of the mean."""
    if len(peaks_deg) < 2:
        return 0.0
    mean_deg = float(np.mean(peaks_deg))
    allowed_deg = max(DISAGREE_DEG, DISAGREE_FRAC * abs(mean_deg))
    return float(np.max(np.abs(peaks_deg - mean_deg))) / allowed_deg


def check_recording(series: LandmarkSeries) -> list[Issue]:
    """Length and frame rate; needs no movement."""
    length_s = float(series.time_s[-1] - series.time_s[0]) if len(series) > 1 else 0.0
    issues = check_limit(
        "too_short",
        length_s,
        f"The recording lasts {length_s:.1f} s, too short for a movement. Record from before the "
        "first repetition until after the last.",
    )
    rate_hz = series.frame_rate_hz
    issues += check_limit(
        "frame_rate_low",
        rate_hz,
        f"The recording has {rate_hz:.0f} frames a second. Film with 25 or more, in good light.",
    )
    return issues


def check_set(
    counted: list[Repetition],
    uncounted: list[Repetition],
    angle_deg: FloatArray,
    time_s: FloatArray,
) -> list[Issue]:
    """Number, sampling, gaps and agreement of the counted repetitions."""
    issues: list[Issue] = []
    if not counted:
        return issues
    count = len(counted)
    word = "repetition" if count == 1 else "repetitions"
    issues += check_limit(
        "few_repetitions",
        float(count),
        f"Only {count} complete {word} of at least 3 could be counted, so the error is larger. "
        "Do three full repetitions with a short rest between them.",
    )
    fewest = min(repetition.outward_frames for repetition in counted)
    issues += check_limit(
        "few_frames",
        float(fewest),
        f"The outward stroke shows in only {fewest} frames. Move more slowly or film with more "
        "frames a second.",
    )
    inside = (time_s >= counted[0].onset_s) & (time_s <= counted[-1].offset_s)
    missing = float(np.isnan(angle_deg[inside]).mean()) if inside.any() else 0.0
    issues += check_limit(
        "gaps",
        missing,
        f"You could not be read in {missing:.0%} of the frames of the set. Clear the view between "
        "you and the camera and improve the light.",
    )
    peaks_deg = np.array([repetition.peak_deg for repetition in counted])
    ratio = disagreement_ratio(peaks_deg)
    low, high = float(peaks_deg.min()), float(peaks_deg.max())
    issues += check_limit(
        "repetitions_disagree",
        ratio,
        f"The repetitions differ: {low:.0f}° to {high:.0f}°. Do up to two more with the same "
        "effort; the error shown is wider because of it.",
    )
    if uncounted:
        reasons = sorted({r.reason_not_counted or "incomplete" for r in uncounted})
        issues.append(
            warning(
                "repetitions_not_counted",
                f"{len(uncounted)} of {count + len(uncounted)} repetitions did not count "
                f"({'; '.join(reasons)}).",
                value=float(len(uncounted)),
                unit="repetitions",
            )
        )
    return issues
