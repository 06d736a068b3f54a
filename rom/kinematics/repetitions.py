"""Repetitions of a movement: when it goes out, how far, how fast, and whether it counts.

A curve smoothed far more than anybody should read values from (1.5 Hz) says where the
repetitions are. Values come from the seen frames (`end_range`) and from the angle at 3 Hz
(speed, smoothness, pauses).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rom.errors import UsageError
from rom.kinematics.clean_angle import CleanAngle, clean_angle
from rom.kinematics.end_range import EndRange, hides_peak, peak_of
from rom.kinematics.filtering import MAX_GAP_S, find_seen_segments, low_pass
from rom.kinematics.smoothness import Pause
from rom.kinematics.strokes import (
    compute_start_level,
    describe_outward_stroke,
    find_stroke_times,
)
from rom.kinematics.turning_points import Curve, Excursion, find_excursions, find_neutral

__all__ = ["Pause", "Repetition", "RepetitionSettings", "find_repetitions", "peak_of"]

FloatArray = NDArray[np.float64]

CURVE_CUTOFF_HZ = 1.5
CURVE_RATE_HZ = 60.0
"""Sampling of the curve; strokes of 0.8 s are the fastest to be found."""

MIN_STRETCH_S = 0.5
MIN_REST_S = 0.1

END_NOT_SEEN = "the end of the movement was not seen"
"""Why a repetition does not count whose peak nobody can tell."""


@dataclass(frozen=True)
class RepetitionSettings:
    """Limits that decide what a repetition is; all heuristic, tested by simulation.

    Attributes
    ----------
    min_amplitude_deg
        Smallest excursion that is a repetition at all; set per movement.
    min_noise_ratio
        An excursion must also be this many times the noise of the smoothed curve. Seven keeps
        ten minutes of a still person with 5 degrees of jitter at 30 frames per second empty.
    return_frac
        How much of its height the angle must come down by to separate two repetitions.
    cut_off_return_frac
        How much of it is enough after the last one, where the recording ends.
    partial_frac
        A repetition lower than this part of the median one does not count.
    max_gap_s
        Gaps up to this long are filled for speed, smoothness and pauses.
    max_bridge_s
        Gaps up to this long are bridged to follow the movement; a longer one ends the recording
        and starts another.
    neutral_deg
        Resting angle of a movement that goes both ways in turn; None: found in the recording.
    """

    min_amplitude_deg: float = 15.0
    min_noise_ratio: float = 11.0
    return_frac: float = 0.45
    cut_off_return_frac: float = 0.2
    partial_frac: float = 0.6
    max_gap_s: float = MAX_GAP_S
    max_bridge_s: float = 1.0
    neutral_deg: float | None = None


@dataclass(frozen=True)
class Repetition:
    """One way out and back. Times in seconds of the recording, angles as they were passed.

    Attributes
    ----------
    counted
        Whether its peak may enter the value of the set.
    onset_s
        Start of the outward stroke: going back from 5 % of its height, where the speed of the
        smoothed curve falls below 5 % of its peak.
    peak_s
        Time of the seen frame in the middle of the hold, or of the turn.
    offset_s
        End of the return, found like the onset; the end of the recording where that comes first.
    start_deg
        Resting angle before the outward stroke.
    peak_deg
        End-range angle, see `end_range.peak_of`. Where `counted` is false, how far it was seen
        to go.
    peak_velocity_deg_s
        98th percentile of the 3 Hz filtered speed of the outward stroke; None where more than
        0.2 s of it was not seen.
    sparc
        Spectral arc length of that speed, see `smoothness.sparc`; None likewise.
    pauses
        Stops within the outward stroke; empty where `pauses_evaluated` is false.
    stroke_end_s
        End of the outward stroke, before the hold.
    outward_frames
        Seen frames from onset to `stroke_end_s`.
    outward_missing_frac
        Part of the frames there that was not seen or was a spike.
    pauses_evaluated
        False where the stroke is under 60 degrees, jitters by more than 2 degrees or has a gap.
    reason_not_counted
        None where it counts.
    """

    counted: bool
    onset_s: float
    peak_s: float
    offset_s: float
    start_deg: float
    peak_deg: float
    peak_velocity_deg_s: float | None
    sparc: float | None
    pauses: tuple[Pause, ...]
    stroke_end_s: float
    outward_frames: int
    outward_missing_frac: float
    pauses_evaluated: bool
    reason_not_counted: str | None = None


def find_repetitions(
    time_s: FloatArray,
    angle_deg: FloatArray,
    *,
    min_amplitude_deg: float,
    settings: RepetitionSettings | None = None,
) -> tuple[Repetition, ...]:
    """Find the repetitions of one movement in one recording, in order of time.

    Parameters
    ----------
    time_s
        Shape (T,); seconds, increasing, at any and at a variable frame rate.
    angle_deg
        Shape (T,); the raw reading in degrees, NaN where not seen. Repetitions go upwards: negate
        the angle where the lower end is of interest, or for the other side of a set that goes
        left and right in turn.
    min_amplitude_deg
        Smallest excursion that is a repetition, degrees; overrides the one in `settings`.
    settings
        Other limits; the defaults where None.

    Returns
    -------
    tuple of Repetition
        Empty where there is none. Those that do not count say why.

    Raises
    ------
    InputError
        If the arrays differ in length or the times do not increase.
    UsageError
        If `min_amplitude_deg` is not positive.
    """
    if not min_amplitude_deg > 0.0:
        raise UsageError(
            f"expected a smallest amplitude above 0 degrees, got {min_amplitude_deg}; "
            "pass for example 15"
        )
    limits = replace(settings or RepetitionSettings(), min_amplitude_deg=min_amplitude_deg)
    angle = clean_angle(
        time_s, angle_deg, max_gap_s=limits.max_gap_s, max_bridge_s=limits.max_bridge_s
    )
    found: list[Repetition] = []
    for stretch in find_seen_segments(angle.time_s, angle.bridged_deg):
        found += _find_in_stretch(angle, stretch, limits)
    return _refuse_partial(found, limits.partial_frac)


def _find_in_stretch(
    angle: CleanAngle, stretch: slice, limits: RepetitionSettings
) -> list[Repetition]:
    time_s = angle.time_s[stretch]
    duration_s = float(np.ptp(time_s))
    if duration_s < MIN_STRETCH_S:
        return []
    smooth_deg = low_pass(time_s, angle.bridged_deg[stretch], cutoff_hz=CURVE_CUTOFF_HZ)
    curve_s = np.linspace(time_s[0], time_s[-1], round(duration_s * CURVE_RATE_HZ) + 1)
    curve = Curve(curve_s, np.interp(curve_s, time_s, smooth_deg), angle.noise_deg)
    min_height_deg = max(limits.min_amplitude_deg, limits.min_noise_ratio * angle.noise_deg)
    excursions = find_excursions(
        curve.angle_deg, min_height_deg=min_height_deg, return_frac=limits.return_frac
    )
    if not excursions:
        return []
    neutral_deg = limits.neutral_deg
    if neutral_deg is None:
        neutral_deg = find_neutral(curve, excursions, min_height_deg=min_height_deg)
    if neutral_deg is not None:
        curve = replace(curve, angle_deg=np.maximum(curve.angle_deg, neutral_deg))
        excursions = find_excursions(
            curve.angle_deg, min_height_deg=min_height_deg, return_frac=limits.return_frac
        )
    measured = (_measure(angle, curve, excursion, limits) for excursion in excursions)
    return [repetition for repetition in measured if repetition is not None]


def _measure(
    angle: CleanAngle, curve: Curve, excursion: Excursion, limits: RepetitionSettings
) -> Repetition | None:
    """Describe one excursion; None where it turns out smaller than a repetition."""
    base_deg = float(min(curve.angle_deg[[excursion.start, excursion.end]]))
    end_range = peak_of(
        angle.time_s, angle.seen_deg, curve=curve, top=excursion.top, base_deg=base_deg
    )
    peak_deg = end_range.peak_deg if end_range else float(curve.angle_deg[excursion.top])
    if peak_deg - base_deg < limits.min_amplitude_deg:
        return None
    times = find_stroke_times(curve, excursion)
    stroke = describe_outward_stroke(angle, start_s=times.onset_s, end_s=times.stroke_end_s)
    reason = _reason_cut_off(curve, excursion, times.onset_s, limits) or _reason_unseen(
        angle, end_range, limits
    )
    return Repetition(
        counted=reason is None,
        onset_s=times.onset_s,
        peak_s=end_range.peak_s if end_range else float(curve.time_s[excursion.top]),
        offset_s=times.offset_s,
        start_deg=compute_start_level(angle, times=times, height_deg=peak_deg - times.rest_deg),
        peak_deg=peak_deg,
        peak_velocity_deg_s=stroke.peak_velocity_deg_s,
        sparc=stroke.sparc,
        pauses=stroke.pauses,
        stroke_end_s=times.stroke_end_s,
        outward_frames=stroke.seen_frames,
        outward_missing_frac=stroke.missing_frac,
        pauses_evaluated=stroke.pauses_evaluated,
        reason_not_counted=reason,
    )


def _reason_cut_off(
    curve: Curve, excursion: Excursion, onset_s: float, limits: RepetitionSettings
) -> str | None:
    start_deg, top_deg, end_deg = curve.angle_deg[[excursion.start, excursion.top, excursion.end]]
    if top_deg - end_deg < limits.cut_off_return_frac * (top_deg - start_deg):
        return "the recording ends before the movement came back"
    begun_late = onset_s - curve.time_s[0] < MIN_REST_S
    if begun_late and top_deg - start_deg < 0.5 * (top_deg - end_deg):
        return "the recording begins in the middle of the movement"
    return None


def _reason_unseen(
    angle: CleanAngle, end_range: EndRange | None, limits: RepetitionSettings
) -> str | None:
    if end_range is None or hides_peak(
        angle.time_s,
        angle.seen_deg,
        end_range=end_range,
        max_gap_s=limits.max_gap_s,
        tolerance_deg=max(2.0, angle.jitter_deg),
    ):
        return END_NOT_SEEN
    return None


def _refuse_partial(found: list[Repetition], partial_frac: float) -> tuple[Repetition, ...]:
    """Uncount what rises clearly less than the others, each above the lowest start near it."""
    starts_deg = [repetition.start_deg for repetition in found]
    heights_deg = np.array(
        [r.peak_deg - min(starts_deg[max(0, i - 2) : i + 3]) for i, r in enumerate(found)]
    )
    whole = np.array([r.counted for r in found], dtype=bool)
    if not whole.any():
        return tuple(found)
    usual_deg = float(np.median(heights_deg[whole]))
    return tuple(
        replace(
            repetition,
            counted=False,
            reason_not_counted="the movement went much less far than the others",
        )
        if repetition.counted and height_deg < partial_frac * usual_deg
        else repetition
        for repetition, height_deg in zip(found, heights_deg, strict=True)
    )
