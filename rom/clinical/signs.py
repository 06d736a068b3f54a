"""Signs of a protective way of moving within one set, each judged by its row of the tables.

A sign says how somebody moved, never why. One that cannot be judged says so with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rom.clinical.assessment import Pattern, PatternNotEvaluated
from rom.clinical.signs_rules import (
    Beyond,
    CompensationRule,
    RepeatRule,
    SignRule,
    compensation_rules,
    is_beyond,
    reached_by,
    sign_rules,
)
from rom.kinematics.angles import compute_reading
from rom.kinematics.bracing import (
    SUPPORTED,
    longest_run_s,
    support_depth_trunks,
    supporting_hands,
)
from rom.kinematics.compensations import MEASURES, Observation
from rom.kinematics.filtering import fill_gaps, low_pass
from rom.kinematics.orientation import Orientation
from rom.kinematics.repetitions import Repetition
from rom.kinematics.speed import amplitude_deg, find_sudden_actions, usual_peak_speed
from rom.landmarks import BoolArray, FloatArray, LandmarkSeries, Side, sided
from rom.movements import Movement
from rom.quality.view import off_plane_deg
from rom.quality.visibility import inside_picture, moving_segment_px

SURE_VISIBILITY = 0.6
"""Landmarks of the moving side below this are not judged by (`P10_compensation`)."""
SEEN_FRAC = 0.6
"""Less of a stroke than this tells nothing about what else moved."""
MEASURE_CUTOFF_HZ = 1.5
"""Compensations go with the movement and are as slow; jitter above is taken out."""
PEAK_S = 0.15
"""The stroke is looked at until this long after the peak."""
EARLY_FRAC = 0.9
"""What is there before this part of the way is more than a last reach (`P10_compensation`)."""
MIN_MATCHED_FRAMES = 3

INSTRUCTED_HANDS = ("trunk_lateral_flexion", "trunk_extension")
"""Movements in which the hands are asked to slide along the thigh or lie on the hips."""
MIN_REPETITIONS = 2
ONE_SET_CODES = ("hesitation", "abrupt", "bracing")
TWO_SET_CODES = ("slow", "less_smooth")


class TracedSet(Protocol):
    """What a set of repetitions has to bring, as `rom.trace.Trace` does."""

    @property
    def movement(self) -> Movement: ...
    @property
    def side(self) -> Side | None: ...
    @property
    def series(self) -> LandmarkSeries: ...
    @property
    def body(self) -> Orientation: ...
    @property
    def angle_deg(self) -> FloatArray: ...
    @property
    def usable(self) -> BoolArray: ...
    @property
    def repetitions(self) -> tuple[Repetition, ...]: ...
    @property
    def resting(self) -> BoolArray: ...


@dataclass(frozen=True, kw_only=True)
class Sign:
    """One sign in one set.

    Attributes
    ----------
    value
        What as many repetitions as the repeat rule asks for reached at least; None where the sign
        was not evaluated.
    threshold
        NaN for a sign that is never judged.
    reason
        Why it was not evaluated, in words for the user; None where it was.
    repetitions_with, repetitions_evaluated
        0-based among all repetitions of the set, those that do not count included.
    early
        Whether it was there before the movement reached 90 % of its own end.
    """

    code: str
    value: float | None
    threshold: float
    unit: str
    present: bool
    reason: str | None
    source: str
    evidence: str
    repetitions_with: tuple[int, ...] = ()
    repetitions_evaluated: tuple[int, ...] = ()
    early: bool = False

    def __post_init__(self) -> None:
        if (self.reason is None) != (self.value is not None):
            raise ValueError(
                f"{self.code}: expected a value or a reason for none, got both or none"
            )
        if self.present and not self.evaluated:
            raise ValueError(f"{self.code}: expected no presence of a sign that was not evaluated")

    @property
    def evaluated(self) -> bool:
        return self.reason is None


def find_signs(performed: TracedSet) -> tuple[Sign, ...]:
    """Judge every sign that one set can show, and those that need a second one as not evaluated.

    Returns
    -------
    tuple of Sign
        Hesitation, abrupt action, bracing, then the compensations of the movement in the order of
        the table, then what needs a second set. With fewer than two repetitions that count all of
        them are there with that as the reason.
    """
    rows = compensation_rules(performed.movement.name)
    two_sets = [sign_rules()[code] for code in TWO_SET_CODES]
    if len(counted(performed.repetitions)) < MIN_REPETITIONS:
        one_set = [sign_rules()[code] for code in ONE_SET_CODES]
        every: list[SignRule | CompensationRule] = [*one_set, *rows, *two_sets]
        why = "It takes at least two repetitions that count."
        return tuple(not_evaluated(rule, why) for rule in every)
    signs = [judge_hesitation(performed.repetitions), _abrupt(performed), _bracing(performed)]
    signs += [_compensation(performed, rule) for rule in rows]
    why = "It needs the other side, or a set from before, to compare with."
    return (*signs, *(not_evaluated(rule, why) for rule in two_sets))


def to_patterns(
    signs: tuple[Sign, ...],
) -> tuple[tuple[Pattern, ...], tuple[PatternNotEvaluated, ...]]:
    """The signs that are present, and those that could not be judged, as an assessment has them."""
    present = tuple(
        Pattern(
            code=sign.code,
            value=round(sign.value, 3),
            threshold=sign.threshold,
            unit=sign.unit,
            repetitions=sign.repetitions_with,
            source=sign.source,
            evidence=sign.evidence,
        )
        for sign in signs
        if sign.present and sign.value is not None
    )
    unknown = tuple(
        PatternNotEvaluated(code=sign.code, reason=sign.reason)
        for sign in signs
        if sign.reason is not None
    )
    return present, unknown


def not_evaluated(rule: SignRule | CompensationRule, reason: str) -> Sign:
    """A sign that could not be judged."""
    return Sign(
        code=rule.code,
        value=None,
        threshold=rule.threshold,
        unit=rule.unit,
        present=False,
        reason=rule.not_scored or reason,
        source=rule.source,
        evidence=rule.evidence,
    )


def judge(
    rule: SignRule | CompensationRule,
    values: Mapping[int, float],
    *,
    beyond: Beyond,
    repeat: RepeatRule,
    reason: str,
    early: frozenset[int] = frozenset(),
) -> Sign:
    """Apply a repeat rule to the values of the repetitions that could be judged.

    Parameters
    ----------
    values
        By number of the repetition.
    reason
        Why too few could be judged, should that be so.
    early
        Repetitions that showed the sign before their last tenth.
    """
    needed = repeat.needed(len(values))
    if needed is None:
        return not_evaluated(rule, reason)
    value = reached_by(list(values.values()), needed, beyond)
    with_sign = tuple(
        number for number, each in values.items() if is_beyond(each, rule.threshold, beyond)
    )
    return Sign(
        code=rule.code,
        value=value,
        threshold=rule.threshold,
        unit=rule.unit,
        present=is_beyond(value, rule.threshold, beyond),
        reason=None,
        source=rule.source,
        evidence=rule.evidence,
        repetitions_with=with_sign,
        repetitions_evaluated=tuple(values),
        early=len(early) >= needed,
    )


def judge_hesitation(repetitions: tuple[Repetition, ...]) -> Sign:
    """Stops part-way out: the longest one of each repetition, seconds, 0 for none."""
    rule = sign_rules()["hesitation"]
    values = {
        number: max((pause.end_s - pause.start_s for pause in each.pauses), default=0.0)
        for number, each in counted(repetitions).items()
        if each.pauses_evaluated
    }
    reason = (
        f"Stops are only looked for in movements of {rule.min_amplitude_deg:.0f}° or more that "
        "were seen clearly throughout."
    )
    return judge(rule, values, beyond=rule.beyond, repeat=repeat_of(rule), reason=reason)


def counted(repetitions: tuple[Repetition, ...]) -> dict[int, Repetition]:
    """The repetitions that count, by their number among all."""
    return {number: each for number, each in enumerate(repetitions) if each.counted}


def repeat_of(rule: SignRule) -> RepeatRule:
    """The repeat rule of a sign that has one."""
    if rule.repeat is None:
        raise ValueError(f"{rule.code}: expected a repeat rule such as 2 of 3")
    return rule.repeat


def _abrupt(performed: TracedSet) -> Sign:
    """Bursts of speed within a stroke: the strongest of each repetition, 0 for none."""
    rule = sign_rules()["abrupt"]
    movement, side = performed.movement, performed.side or Side.LEFT
    time_s = performed.series.time_s
    strokes = {
        number: (each.onset_s, each.stroke_end_s)
        for number, each in counted(performed.repetitions).items()
        if each.pauses_evaluated
    }
    values: dict[int, float] = {}
    if strokes:
        reading = compute_reading(performed.series, movement.reading, side, performed.body)
        reading = _unwrapped(np.where(performed.usable, movement.sign * reading, np.nan))
        segment_px = moving_segment_px(performed.series, movement, performed.side)
        peaks = [
            usual_peak_speed(time_s, reading, onset_s=start_s, stroke_end_s=end_s)
            for start_s, end_s in strokes.values()
        ]
        usual = [peak for peak in peaks if peak is not None]
        for number, (start_s, end_s) in strokes.items():
            actions = find_sudden_actions(
                time_s,
                reading,
                segment_px,
                onset_s=start_s,
                stroke_end_s=end_s,
                usual_speed_deg_s=float(np.median(usual)) if usual else 0.0,
                min_ratio=rule.threshold,
            )
            if actions is not None:
                values[number] = max((action.ratio for action in actions), default=0.0)
    reason = (
        f"Sudden actions are only looked for in movements of {rule.min_amplitude_deg:.0f}° or more "
        "that were seen clearly throughout, at 24 or more frames a second."
    )
    return judge(rule, values, beyond=rule.beyond, repeat=repeat_of(rule), reason=reason)


def _unwrapped(reading_deg: FloatArray) -> FloatArray:
    """The reading without jumps by a full turn; NaN stays."""
    unwrapped = reading_deg.copy()
    seen = np.isfinite(unwrapped)
    unwrapped[seen] = np.unwrap(unwrapped[seen], period=360.0)
    return unwrapped


def _observe(performed: TracedSet) -> Observation:
    return Observation(
        series=performed.series,
        side=performed.side or performed.body.camera_side,
        body=performed.body,
        resting=performed.resting & performed.usable,
    )


def _bracing(performed: TracedSet) -> Sign:
    """A hand that comes to hold what moves: the longest time in each repetition, seconds."""
    rule = sign_rules()["bracing"]
    joint = performed.movement.joint
    unsuited = _wrong_view(performed, rule.off_plane_deg)
    if unsuited is not None:
        return not_evaluated(rule, unsuited)
    if joint not in SUPPORTED:
        return not_evaluated(rule, "There is nothing here that a hand in view could support.")
    if performed.movement.name in INSTRUCTED_HANDS:
        return not_evaluated(rule, "In this movement the hands touch the body as instructed.")
    seen = _observe(performed)
    values: dict[int, float] = {}
    for hand in supporting_hands(joint, seen.side):
        depth = support_depth_trunks(seen, joint, hand)
        sure = _seen(performed, [int(sided("wrist", hand))]) & np.isfinite(depth)
        for number, each in counted(performed.repetitions).items():
            inside = _between(performed, each.onset_s, each.offset_s)
            if inside.any() and sure[inside].mean() >= SEEN_FRAC:
                held = np.where(sure, depth, np.nan)[inside]
                held_s = longest_run_s(performed.series.time_s[inside], held)
                values[number] = max(values.get(number, 0.0), held_s)
    reason = "Your hands were not seen well enough to tell whether one supports the movement."
    return judge(rule, values, beyond=rule.beyond, repeat=repeat_of(rule), reason=reason)


def _between(performed: TracedSet, start_s: float, end_s: float) -> BoolArray:
    time_s = performed.series.time_s
    return np.asarray((time_s >= start_s) & (time_s <= end_s))


def _seen(performed: TracedSet, own: list[int], both: list[int] | None = None) -> BoolArray:
    """(T,) frames that show these landmarks of the person: own surely, both at least in picture."""
    series = performed.series
    sure = (series.visibility[:, own] >= SURE_VISIBILITY).all(axis=1)
    return np.asarray(sure & series.identity_sure & inside_picture(series, [*own, *(both or [])]))


def _compensation(performed: TracedSet, rule: CompensationRule) -> Sign:
    """One row of the table of compensations: how far in each repetition, ordinary share off."""
    reason = _unsuited(performed, rule)
    if reason is not None:
        return not_evaluated(rule, reason)
    measure, seen = MEASURES[rule.measure], _observe(performed)
    own = [int(sided(name, seen.side)) for name in measure.own]
    both = [int(sided(name, side)) for name in measure.both for side in Side]
    course = np.where(_seen(performed, own, both), measure.of(seen), np.nan)
    known = np.isfinite(course)
    time_s = performed.series.time_s
    smooth = low_pass(time_s, fill_gaps(time_s, course), cutoff_hz=MEASURE_CUTOFF_HZ)
    values: dict[int, float] = {}
    early = set()
    for number, each in counted(performed.repetitions).items():
        way_out = _between(performed, each.onset_s, each.peak_s + PEAK_S)
        if not way_out.any() or known[way_out].mean() < SEEN_FRAC:
            continue
        reached = _reached(performed, rule, each, way_out, course, smooth)
        if reached is None or not np.isfinite(reached[0]):
            continue
        values[number] = reached[0] - rule.ordinary
        if reached[1] - rule.ordinary > rule.threshold:
            early.add(number)
    reason = "What would show it was not seen well enough, at rest or during the movement."
    if rule.between_deg is not None:
        low_deg, high_deg = rule.between_deg
        reason = f"It is looked for between {low_deg:.0f}° and {high_deg:.0f}°, seen clearly."
    return judge(
        rule, values, beyond="above", repeat=rule.repeat, reason=reason, early=frozenset(early)
    )


def _unsuited(performed: TracedSet, rule: CompensationRule) -> str | None:
    """Why this row is not judged in this recording; None where it is."""
    if rule.not_scored is not None:
        return rule.not_scored
    return _wrong_view(performed, rule.off_plane_deg)


def _wrong_view(performed: TracedSet, limits_deg: tuple[float, float]) -> str | None:
    off_deg = off_plane_deg(performed.movement, performed.body)
    low_deg, high_deg = limits_deg
    if np.isnan(off_deg):
        return "You were not seen well enough to tell from where you are filmed."
    if off_deg > high_deg:
        return f"The camera is more than {high_deg:.0f}° off the plane of the movement."
    if off_deg < low_deg:
        return f"It only shows when you are turned by {low_deg:.0f}° or more."
    return None


def _reached(
    performed: TracedSet,
    rule: CompensationRule,
    repetition: Repetition,
    way_out: BoolArray,
    course: FloatArray,
    smooth: FloatArray,
) -> tuple[float, float] | None:
    """How far a measure went on the way out, and before its last tenth; None where unknown."""
    with np.errstate(invalid="ignore"):
        if rule.between_deg is not None:
            low_deg, high_deg = rule.between_deg
            matched = way_out & (performed.angle_deg >= low_deg) & (performed.angle_deg <= high_deg)
            values = course[matched & np.isfinite(course)]
            if len(values) < MIN_MATCHED_FRAMES:
                return None
            return float(np.median(values)), float(np.median(values))
        limit_deg = repetition.start_deg + EARLY_FRAC * amplitude_deg(repetition)
        before = way_out & (performed.angle_deg <= limit_deg)
    return _largest(smooth[way_out]), _largest(smooth[before])


def _largest(values: FloatArray) -> float:
    """Largest of what is known, minus infinity where nothing is."""
    return float(np.max(values[np.isfinite(values)], initial=-np.inf))
