"""Sets of repetitions composed from stills: the landmarks a recording of them would have given.

A set is a course of the true angle over time. Between two stills of a series the landmarks are
interpolated; on top comes frame-to-frame noise as measured on fully rendered sets (`noise`). Legs
that the pose model exchanged in a still stay exchanged around it, because an exchange is a jump
and not a path; so is a person, face or hand that was not found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import Akima1DInterpolator

from calibration.motion import Repetition, RepetitionSet, commanded_angle_deg, sway_deg
from calibration.noise import Jitter, draw_jitter_px
from calibration.posing import TOWARDS_LEFT
from calibration.stock import Stills
from rom.landmarks import MIRRORED_ORDER, FloatArray, LandmarkSeries, Side
from rom.quality.sides import LEG

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Recording:
    """How a set is done and filmed.

    Attributes
    ----------
    peaks_deg
        True peak of each repetition in the named direction.
    start_deg
        True angle at rest.
    speed
        1 is unhurried (a stroke of 1.2 to 2 s); 2 is twice as fast.
    pause_s
        Hesitation half-way out, 0 for none.
    """

    peaks_deg: tuple[float, ...]
    start_deg: float
    frame_rate_hz: float = 30.0
    speed: float = 1.0
    pause_s: float = 0.0
    seed: int = 0


@dataclass(frozen=True, eq=False)
class ComposedSet:
    """The landmarks of a set and the true angle of every frame (T,) in the named direction."""

    series: LandmarkSeries
    truth_deg: FloatArray
    side: Side | None


def reachable_deg(stills: Stills, side: Side) -> tuple[float, float]:
    """Lowest and highest true angle of the series towards a side."""
    truth_deg = _towards(stills, side)
    return float(truth_deg.min()), float(truth_deg.max())


def acting_sides(stills: Stills) -> tuple[Side, ...]:
    """Sides that can be read from the series: both directions of a movement to both sides."""
    if stills.plan.to_both_sides:
        return (Side.LEFT, Side.RIGHT)
    return (Side(stills.plan.side),)


def compose_set(
    stills: Stills, side: Side, recording: Recording, *, jitter: Jitter | None = None
) -> ComposedSet:
    """Landmarks of a recording of this set by this person and camera.

    Raises
    ------
    ValueError
        When a peak or the start is beyond what the series reaches.
    """
    rng = np.random.default_rng(recording.seed)
    time_s, truth_deg = draw_course(recording, rng)
    low_deg, high_deg = reachable_deg(stills, side)
    if max(recording.peaks_deg) > high_deg + 0.5 or recording.start_deg < low_deg - 0.5:
        raise ValueError(
            f"expected angles within {low_deg:.0f} to {high_deg:.0f}° in {stills.key}, got "
            f"{recording.start_deg:.0f} to {max(recording.peaks_deg):.0f}°"
        )
    truth_deg = np.clip(truth_deg, low_deg, high_deg)
    series = interpolate(stills, positions(stills, side, truth_deg), time_s)
    if jitter is not None:
        series = _with_jitter(series, jitter, rng)
    return ComposedSet(series, truth_deg, side if stills.plan.action.sided else None)


def interpolate(stills: Stills, position: FloatArray, time_s: FloatArray) -> LandmarkSeries:
    """Landmarks at positions (T,) between stills, 0 the first and S - 1 the last."""
    nearest = np.clip(np.round(position).astype(int), 0, len(stills.truth_deg) - 1)
    width_px, height_px = stills.plan.condition.size_px
    xy_px, world_m = stills.xy_px.copy(), stills.world_m.copy()
    visibility = stills.visibility.copy()
    partners = [MIRRORED_ORDER[index] for index in LEG]
    swapped = np.flatnonzero(stills.legs_exchanged)[:, None]
    for values in (xy_px, world_m, visibility):
        values[swapped, LEG] = values[swapped, partners]
    xy_px, world_m = _between(xy_px, position, nearest), _between(world_m, position, nearest)
    visibility = np.clip(_between(visibility, position, nearest), 0.0, 1.0)
    exchanged = np.flatnonzero(stills.legs_exchanged[nearest])[:, None]
    for values in (xy_px, world_m, visibility):
        values[exchanged, LEG] = values[exchanged, partners]
    face_px, hand_px = stills.face_px, stills.hand_px
    return LandmarkSeries(
        time_s=time_s,
        xy_px=xy_px,
        world_m=world_m,
        visibility=np.where(np.isfinite(xy_px[..., 0]), visibility, 0.0),
        width_px=width_px,
        height_px=height_px,
        face_px=None if face_px is None else _between(face_px, position, nearest).astype("f4"),
        hand_px=None if hand_px is None else _hands(hand_px, position, nearest),
    )


def draw_course(recording: Recording, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Time (T,) of every frame and the true angle (T,) wanted then, in the named direction."""
    repetitions = _repetitions(recording, rng)
    time_s = _frame_times_s(repetitions.duration_s, recording.frame_rate_hz, rng)
    truth_deg = commanded_angle_deg(repetitions, time_s)
    return time_s, truth_deg + sway_deg(time_s, amplitude_deg=0.3, rng=rng)


def positions(stills: Stills, side: Side, truth_deg: FloatArray) -> FloatArray:
    """(T,) position between the stills at which the true angle is as wanted."""
    stills_deg = _towards(stills, side)
    order = np.argsort(stills_deg)
    between: FloatArray = np.interp(truth_deg, stills_deg[order], order.astype(float))
    return between


def _repetitions(recording: Recording, rng: np.random.Generator) -> RepetitionSet:
    def seconds(low: float, high: float) -> float:
        return float(rng.uniform(low, high)) / recording.speed

    repetitions = tuple(
        Repetition(
            peak_deg=peak_deg,
            outward_s=seconds(1.2, 2.0),
            hold_s=max(0.3, seconds(0.5, 1.0)),
            return_s=seconds(1.0, 1.6),
            pause_s=recording.pause_s,
        )
        for peak_deg in recording.peaks_deg
    )
    return RepetitionSet(
        repetitions=repetitions,
        start_deg=recording.start_deg,
        rest_before_s=float(rng.uniform(1.0, 1.8)),
        rest_between_s=float(rng.uniform(0.4, 0.9)),
        rest_after_s=float(rng.uniform(0.9, 1.5)),
    )


def _frame_times_s(duration_s: float, rate_hz: float, rng: np.random.Generator) -> FloatArray:
    """Presentation times with the slight irregularity of a phone's clock."""
    steps_s = np.clip(rng.normal(1.0, 0.03, int(duration_s * rate_hz)), 0.8, 1.2) / rate_hz
    times: FloatArray = np.cumsum(steps_s) - steps_s[0]
    return times


def _towards(stills: Stills, side: Side) -> FloatArray:
    """(S,) true angle in the named direction."""
    if stills.plan.to_both_sides:
        return TOWARDS_LEFT[side.value] * stills.truth_deg  # type: ignore[index]
    return stills.truth_deg


def _between(values: FloatArray, position: FloatArray, nearest: NDArray[np.int64]) -> FloatArray:
    """Smooth course through the stills (S, …) at (T,) positions; NaN around a missing still."""
    flat = values.reshape(len(values), -1)
    found = np.isfinite(flat).all(axis=1)
    if found.sum() < 3:
        return np.full((len(position), *values.shape[1:]), np.nan)
    at = np.flatnonzero(found)
    inside = np.clip(position, at[0], at[-1])
    course = Akima1DInterpolator(at, flat[found], method="makima")(inside)
    course[~found[nearest]] = np.nan
    result: FloatArray = course.reshape(len(position), *values.shape[1:])
    return result


def _hands(
    hand_px: FloatArray, position: FloatArray, nearest: NDArray[np.int64]
) -> NDArray[np.float32]:
    hands = [_between(hand_px[:, index], position, nearest) for index in range(2)]
    return np.stack(hands, axis=1).astype("f4")


def _with_jitter(
    series: LandmarkSeries, jitter: Jitter, rng: np.random.Generator
) -> LandmarkSeries:
    trunk_px = np.linalg.norm(series.middle_px("shoulder") - series.middle_px("hip"), axis=-1)
    if not np.isfinite(trunk_px).any():
        return series
    scale_px = float(np.nanmedian(trunk_px))
    rate_hz = series.frame_rate_hz
    body = draw_jitter_px(jitter, len(series), series.xy_px.shape[1], rate_hz, scale_px, rng)
    face_px, hand_px = series.face_px, series.hand_px
    if face_px is not None:
        noise = draw_jitter_px(jitter, len(series), face_px.shape[1], rate_hz, 0.2 * scale_px, rng)
        face_px = face_px.copy()
        face_px[..., :2] += noise.astype("f4")
    if hand_px is not None:
        noise = draw_jitter_px(jitter, len(series), 42, rate_hz, 0.3 * scale_px, rng)
        hand_px = hand_px + noise.reshape(len(series), 2, 21, 2).astype("f4")
    return replace(series, xy_px=series.xy_px + body, face_px=face_px, hand_px=hand_px)
