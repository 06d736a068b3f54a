"""Sets guarded in time, composed from the stock: stops, slowness, roughness, sudden leaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from calibration.compose import (
    ComposedSet,
    Recording,
    compose_set,
    draw_course,
    interpolate,
    positions,
    reachable_deg,
)
from calibration.motion import minimum_jerk
from calibration.noise import MEASURED, draw_jitter_px
from calibration.stock import Stills
from rom.clinical.signs.rules import sign_rules
from rom.kinematics.geometry import length_px
from rom.kinematics.repetitions import Repetition, find_repetitions
from rom.landmarks import LANDMARK_COUNT, FloatArray, Side

TIMED_MOVEMENTS = (
    "shoulder_flexion",
    "shoulder_abduction",
    "elbow_flexion",
    "hip_flexion",
    "knee_flexion",
    "trunk_flexion_with_hips",
)
"""Movements that are long enough for a stop."""
TIMED_CODES = ("hesitation", "slow", "less_smooth", "abrupt")
BURST_S = 0.2
ROUGH_HZ = 1.8
REACHED_FRAC = 0.8
"""A course counts as rough as was asked for from this part of it on: SPARC falls in steps."""


def guarded_in_time(
    stills: Stills, side: Side, recording: Recording, code: str, severity: int
) -> ComposedSet | None:
    """The set with one sign of time at a severity; None where no such course exists."""
    rule = sign_rules()[code]
    if code == "hesitation":
        halting = replace(recording, pause_s=severity * rule.clinical_threshold)
        return compose_set(stills, side, halting, jitter=MEASURED)
    if code == "slow":
        slower = replace(
            recording, speed=recording.speed * (1.0 - severity * (1 - rule.clinical_threshold))
        )
        return compose_set(stills, side, slower, jitter=MEASURED)
    rng = np.random.default_rng(recording.seed)
    time_s, course_deg = draw_course(recording, rng)
    clean = find_repetitions(time_s, course_deg, min_amplitude_deg=30.0)
    if len(clean) < len(recording.peaks_deg):
        return None
    if code == "abrupt":
        course_deg = with_bursts(time_s, course_deg, clean, severity * rule.clinical_threshold)
    else:
        wanted = severity * rule.clinical_threshold
        course_deg = roughened(time_s, course_deg, clean, wanted)
        found = find_repetitions(time_s, course_deg, min_amplitude_deg=30.0)
        if _median_sparc(clean) - _median_sparc(found) < REACHED_FRAC * wanted:
            return None  # brisk strokes are over before they could be so uneven
    return _filmed(stills, side, time_s, course_deg, rng)


def with_bursts(
    time_s: FloatArray, course_deg: FloatArray, repetitions: tuple[Repetition, ...], ratio: float
) -> FloatArray:
    """Every outward stroke with a leap half-way, `ratio` times as fast as strokes usually are.

    The leap is a minimum-jerk course of its own, whose peak speed is 1.875 of its mean.
    """
    typical = float(np.median([each.peak_velocity_deg_s or 0.0 for each in repetitions]))
    course_deg = course_deg.copy()
    for each in repetitions:
        reach_deg, usual = each.peak_deg - each.start_deg, each.peak_velocity_deg_s or 0.0
        out_s = each.stroke_end_s - each.onset_s
        leap = (ratio * typical - usual) / (1.875 * reach_deg / BURST_S - usual)
        leap = float(np.clip(leap, 0.0, 0.8))
        inside = (time_s >= each.onset_s) & (time_s <= each.peak_s)
        way = (course_deg[inside] - each.start_deg) / reach_deg
        since_s = time_s[inside] - each.onset_s - 0.5 * (out_s - BURST_S)
        way = (1.0 - leap) * way + leap * minimum_jerk(since_s / BURST_S)
        course_deg[inside] = each.start_deg + reach_deg * way
    return course_deg


def roughened(
    time_s: FloatArray, course_deg: FloatArray, repetitions: tuple[Repetition, ...], loss: float
) -> FloatArray:
    """Every outward stroke uneven in speed, so much that the median SPARC falls by `loss`."""
    usual = _median_sparc(repetitions)
    low, high = 0.0, 0.15
    for _ in range(10):
        middle = 0.5 * (low + high)
        found = find_repetitions(
            time_s, _rippled(time_s, course_deg, repetitions, middle), min_amplitude_deg=30.0
        )
        rough_enough = len(found) != len(repetitions) or usual - _median_sparc(found) > loss
        low, high = (low, middle) if rough_enough else (middle, high)
    return _rippled(time_s, course_deg, repetitions, low)


def _rippled(
    time_s: FloatArray, course_deg: FloatArray, repetitions: tuple[Repetition, ...], share: float
) -> FloatArray:
    rippled = course_deg.copy()
    for each in repetitions:
        out_s = each.stroke_end_s - each.onset_s
        part = np.clip((time_s - each.onset_s) / out_s, 0.0, 1.0)
        ripple = np.sin(2.0 * np.pi * ROUGH_HZ * part * out_s) * np.sin(np.pi * part) ** 2
        rippled += share * (each.peak_deg - each.start_deg) * ripple
    return rippled


def _median_sparc(repetitions: tuple[Repetition, ...]) -> float:
    return float(np.median([each.sparc for each in repetitions if each.sparc is not None]))


def _filmed(
    stills: Stills, side: Side, time_s: FloatArray, course_deg: FloatArray, rng: np.random.Generator
) -> ComposedSet:
    """Landmarks of a course, with the noise of a filmed set."""
    course_deg = np.clip(course_deg, *reachable_deg(stills, side))
    series = interpolate(stills, positions(stills, side, course_deg), time_s)
    trunk = length_px(series.middle_px("shoulder") - series.middle_px("hip"))
    noise = draw_jitter_px(
        MEASURED,
        len(series),
        LANDMARK_COUNT,
        series.frame_rate_hz,
        float(np.nanmedian(trunk)),
        rng,
    )
    series = replace(series, xy_px=series.xy_px + noise)
    return ComposedSet(series, course_deg, side if stills.plan.action.sided else None)
