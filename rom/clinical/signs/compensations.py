"""Compensations of one set: how far what should stay still moved along."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rom.clinical.signs.judged import Sign, counted, judge, not_evaluated
from rom.clinical.signs.rules import CompensationRule
from rom.clinical.signs.seen import (
    SEEN_FRAC,
    TracedSet,
    frames_between,
    frames_showing,
    observe,
    wrong_view,
)
from rom.kinematics.compensations import MEASURES
from rom.kinematics.filtering import fill_gaps, low_pass
from rom.kinematics.repetitions import Repetition
from rom.kinematics.speed import amplitude_deg
from rom.landmarks import BoolArray, FloatArray, Side, sided

MEASURE_CUTOFF_HZ = 1.5
"""Compensations go with the movement and are as slow; jitter above is taken out."""
PEAK_S = 0.15
"""The stroke is looked at until this long after the peak."""
EARLY_FRAC = 0.9
"""What is there before this part of the way is more than a last reach (`P10_compensation`)."""
MIN_MATCHED_FRAMES = 3


@dataclass(frozen=True)
class _Reached:
    """How far a measure went, how far before the last tenth of the way, and when it went so far."""

    value: float
    early: float
    at_s: float


def judge_compensation(performed: TracedSet, rule: CompensationRule) -> Sign:
    """One row of the table of compensations: how far in each repetition, ordinary share off."""
    reason = rule.not_scored or wrong_view(performed, rule.off_plane_deg)
    if reason is not None:
        return not_evaluated(rule, reason)
    measure, seen = MEASURES[rule.measure], observe(performed)
    own = [int(sided(name, seen.side)) for name in measure.own]
    both = [int(sided(name, side)) for name in measure.both for side in Side]
    course = np.where(frames_showing(performed, own, both), measure.of(seen), np.nan)
    known = np.isfinite(course)
    time_s = performed.series.time_s
    smooth = low_pass(time_s, fill_gaps(time_s, course), cutoff_hz=MEASURE_CUTOFF_HZ)
    values: dict[int, float] = {}
    moments_s: dict[int, float] = {}
    early = set()
    for number, each in counted(performed.repetitions).items():
        way_out = frames_between(performed, each.onset_s, each.peak_s + PEAK_S)
        if not way_out.any() or known[way_out].mean() < SEEN_FRAC:
            continue
        reached = _reached(performed, rule, each, way_out, course, smooth)
        if reached is None or not np.isfinite(reached.value):
            continue
        values[number], moments_s[number] = reached.value - rule.ordinary, reached.at_s
        if reached.early - rule.ordinary > rule.threshold:
            early.add(number)
    reason = "What would show it was not seen well enough, at rest or during the movement."
    if rule.between_deg is not None:
        low_deg, high_deg = rule.between_deg
        reason = f"It is looked for between {low_deg:.0f}° and {high_deg:.0f}°, seen clearly."
    return judge(
        rule,
        values,
        beyond="above",
        repeat=rule.repeat,
        reason=reason,
        early=frozenset(early),
        moments_s=moments_s,
    )


def _reached(
    performed: TracedSet,
    rule: CompensationRule,
    repetition: Repetition,
    way_out: BoolArray,
    course: FloatArray,
    smooth: FloatArray,
) -> _Reached | None:
    """How far a measure went on the way out; None where unknown.

    At matched angles it is the median over the way out and back.
    """
    time_s = performed.series.time_s
    with np.errstate(invalid="ignore"):
        if rule.between_deg is not None:
            low_deg, high_deg = rule.between_deg
            there_and_back = frames_between(performed, repetition.onset_s, repetition.offset_s)
            angle_deg = performed.angle_deg
            matched = there_and_back & (angle_deg >= low_deg) & (angle_deg <= high_deg)
            matched &= np.isfinite(course)
            if matched.sum() < MIN_MATCHED_FRAMES:
                return None
            usual = float(np.median(course[matched]))
            return _Reached(usual, usual, float(time_s[matched][0]))
        limit_deg = repetition.start_deg + EARLY_FRAC * amplitude_deg(repetition)
        before = way_out & (performed.angle_deg <= limit_deg)
    known = np.flatnonzero(way_out & np.isfinite(smooth))
    at = known[np.argmax(smooth[known])] if len(known) else int(np.argmax(way_out))
    return _Reached(_largest(smooth[way_out]), _largest(smooth[before]), float(time_s[at]))


def _largest(values: FloatArray) -> float:
    """Largest of what is known, minus infinity where nothing is."""
    return float(np.max(values[np.isfinite(values)], initial=-np.inf))
