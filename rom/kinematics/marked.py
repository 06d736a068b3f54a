"""Repetitions whose marks somebody set by hand, described like those that were found.

The marks say where; what stands there is read by the same steps as in `repetitions`. Only the end
of the movement is read differently once its mark was moved: at the mark, because a search for the
top would move it back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rom.errors import UsageError
from rom.kinematics.clean_angle import CleanAngle, clean_angle
from rom.kinematics.end_range import peak_of, reading_at
from rom.kinematics.filtering import find_seen_segments, low_pass
from rom.kinematics.repetitions import (
    CURVE_CUTOFF_HZ,
    CURVE_RATE_HZ,
    MIN_STRETCH_S,
    Repetition,
    RepetitionSettings,
)
from rom.kinematics.strokes import (
    StrokeTimes,
    compute_start_level,
    describe_outward_stroke,
    find_stroke_times,
)
from rom.kinematics.turning_points import Curve, Excursion

FloatArray = NDArray[np.float64]

MIN_STROKE_S = 0.1
"""Between two marks of one repetition; no joint goes out or comes back faster."""

_SETTINGS = RepetitionSettings()


@dataclass(frozen=True, kw_only=True)
class Marks:
    """Where a repetition starts, is furthest and ends, in seconds of the recording.

    Raises
    ------
    UsageError
        They are not in this order with at least a tenth of a second between them.
    """

    onset_s: float
    peak_s: float
    offset_s: float

    def __post_init__(self) -> None:
        steps_s = (self.peak_s - self.onset_s, self.offset_s - self.peak_s)
        if not min(steps_s) >= MIN_STROKE_S - 1e-9:
            raise UsageError(
                f"Expected start, peak and end of a repetition at least {MIN_STROKE_S:g} s apart,"
                f" got {self.onset_s:.2f}, {self.peak_s:.2f} and {self.offset_s:.2f} s; set them in"
                " this order"
            )


def marks_of(repetition: Repetition) -> Marks:
    """The marks of a repetition as it stands.

    Raises
    ------
    UsageError
        It was cut off, so that it has no end of its own.
    """
    return Marks(onset_s=repetition.onset_s, peak_s=repetition.peak_s, offset_s=repetition.offset_s)


def find_marked(
    time_s: FloatArray,
    angle_deg: FloatArray,
    *,
    at_s: float,
    after_s: float,
    before_s: float,
    min_amplitude_deg: float,
    floor_deg: float | None = None,
) -> Repetition:
    """Describe the repetition about a time, whose marks are looked for between two others.

    Parameters
    ----------
    time_s, angle_deg
        Shape (T,); as for `find_repetitions`.
    at_s
        A time near its peak.
    after_s, before_s
        Where the one before ends and the next one starts; ends of the recording without them.
    floor_deg
        Resting angle of a movement that goes both ways in turn; None for any other.

    Raises
    ------
    UsageError
        There is no movement of that size.
    """
    angle = _clean(time_s, angle_deg)
    curve = _curve_about(angle, at_s, after_s, before_s)
    if floor_deg is not None:
        curve = replace(curve, angle_deg=np.maximum(curve.angle_deg, floor_deg))
    top = _top_near(curve, at_s)
    start = int(np.argmin(curve.angle_deg[: top + 1]))
    end = top + int(np.argmin(curve.angle_deg[top:]))
    base_deg = float(min(curve.angle_deg[[start, end]]))
    end_range = peak_of(angle.time_s, angle.seen_deg, curve=curve, top=top, base_deg=base_deg)
    if end_range is None:
        raise _peak_not_seen(at_s)
    height_deg = end_range.peak_deg - float(curve.angle_deg[start])
    if height_deg < min_amplitude_deg:
        raise UsageError(
            f"Expected a movement of at least {min_amplitude_deg:.0f}° about {at_s:.1f} s, but the"
            f" angle goes out by {max(height_deg, 0.0):.0f}° there; choose a time near a peak"
        )
    times = find_stroke_times(curve, Excursion(start, top, end))
    return _described(angle, times, peak_s=end_range.peak_s, peak_deg=end_range.peak_deg)


def moved(
    repetition: Repetition, time_s: FloatArray, angle_deg: FloatArray, *, marks: Marks
) -> Repetition:
    """Return a repetition with other marks; where the peak stays, its angle does too.

    Raises
    ------
    UsageError
        A mark lies where nothing was seen.
    """
    angle = _clean(time_s, angle_deg)
    curve = _curve_about(angle, marks.peak_s, marks.onset_s, marks.offset_s)
    onset, top, end = (
        int(np.argmin(np.abs(curve.time_s - each)))
        for each in (marks.onset_s, marks.peak_s, marks.offset_s)
    )
    found = find_stroke_times(curve, Excursion(onset, top, end))
    times = replace(found, onset_s=marks.onset_s, offset_s=marks.offset_s)
    peak_deg: float | None = repetition.peak_deg
    if marks.peak_s != repetition.peak_s:
        peak_deg = reading_at(angle.time_s, angle.seen_deg, marks.peak_s)
    if peak_deg is None:
        raise _peak_not_seen(marks.peak_s)
    return _described(angle, times, peak_s=marks.peak_s, peak_deg=peak_deg)


def _clean(time_s: FloatArray, angle_deg: FloatArray) -> CleanAngle:
    return clean_angle(
        time_s, angle_deg, max_gap_s=_SETTINGS.max_gap_s, max_bridge_s=_SETTINGS.max_bridge_s
    )


def _curve_about(angle: CleanAngle, at_s: float, after_s: float, before_s: float) -> Curve:
    """The smooth curve of the stretch about a time, cut to what lies between two others."""
    for stretch in find_seen_segments(angle.time_s, angle.bridged_deg):
        time_s = angle.time_s[stretch]
        if not time_s[0] <= at_s <= time_s[-1] or np.ptp(time_s) < MIN_STRETCH_S:
            continue
        smooth_deg = low_pass(time_s, angle.bridged_deg[stretch], cutoff_hz=CURVE_CUTOFF_HZ)
        samples = round(float(np.ptp(time_s)) * CURVE_RATE_HZ) + 1
        curve_s = np.linspace(time_s[0], time_s[-1], samples)
        inside = (curve_s >= after_s) & (curve_s <= before_s)
        if inside.sum() >= 3:
            curve_deg = np.interp(curve_s, time_s, smooth_deg)
            return Curve(curve_s[inside], curve_deg[inside], angle.noise_deg)
    raise UsageError(
        f"Expected a time at which the movement was seen, got {at_s:.1f} s; choose another"
    )


def _top_near(curve: Curve, at_s: float) -> int:
    """The top nearest to a time that rises out of the noise; the highest sample without one."""
    from scipy.signal import find_peaks

    padded = np.concatenate(([-np.inf], curve.angle_deg, [-np.inf]))
    prominence_deg = max(2 * curve.noise_deg, 0.1 * float(np.ptp(curve.angle_deg)), 1e-6)
    tops = find_peaks(padded, prominence=prominence_deg)[0] - 1
    if not tops.size:
        return int(np.argmax(curve.angle_deg))
    return int(tops[np.argmin(np.abs(curve.time_s[tops] - at_s))])


def _described(
    angle: CleanAngle, times: StrokeTimes, *, peak_s: float, peak_deg: float
) -> Repetition:
    stroke_end_s = min(times.stroke_end_s, peak_s)
    times = replace(times, stroke_end_s=stroke_end_s)
    stroke = describe_outward_stroke(angle, start_s=times.onset_s, end_s=stroke_end_s)
    return Repetition(
        counted=True,
        onset_s=times.onset_s,
        peak_s=peak_s,
        offset_s=times.offset_s,
        start_deg=compute_start_level(angle, times=times, height_deg=peak_deg - times.rest_deg),
        peak_deg=peak_deg,
        peak_velocity_deg_s=stroke.peak_velocity_deg_s,
        sparc=stroke.sparc,
        pauses=stroke.pauses,
        stroke_end_s=stroke_end_s,
        outward_frames=stroke.seen_frames,
        outward_missing_frac=stroke.missing_frac,
        pauses_evaluated=stroke.pauses_evaluated,
    )


def _peak_not_seen(at_s: float) -> UsageError:
    return UsageError(
        f"Expected the end of the movement where it was seen, but about {at_s:.1f} s it was not;"
        " choose another time"
    )
