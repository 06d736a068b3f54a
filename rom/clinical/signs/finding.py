"""Signs of a protective way of moving within one set, each judged by its row of the tables.

A sign says how somebody moved, never why. One that cannot be judged says so with its reason.
"""

from __future__ import annotations

import numpy as np

from rom.clinical.signs.compared import (
    judge_asymmetry,
    judge_movement_pain,
    judge_pain_onset,
)
from rom.clinical.signs.compensations import judge_compensation
from rom.clinical.signs.judged import Sign, counted, judge, not_evaluated, repeat_of
from rom.clinical.signs.rules import CompensationRule, SignRule, compensation_rules, sign_rules
from rom.clinical.signs.seen import (
    SEEN_FRAC,
    TracedSet,
    frames_between,
    frames_showing,
    observe,
    wrong_view,
)
from rom.kinematics.angles import compute_reading
from rom.kinematics.bracing import (
    SUPPORTED,
    Run,
    longest_run,
    support_depth_trunks,
    supporting_hands,
)
from rom.kinematics.repetitions import Pause, Repetition
from rom.kinematics.speed import SuddenAction, find_sudden_actions, usual_peak_speed
from rom.landmarks import FloatArray, Side, sided
from rom.quality.visibility import moving_segment_px

__all__ = ["Sign", "TracedSet", "find_signs", "judge_hesitation"]

INSTRUCTED_HANDS = ("trunk_lateral_flexion", "trunk_extension")
"""Movements in which the hands are asked to slide along the thigh or lie on the hips."""
MIN_REPETITIONS = 2
ONE_SET_CODES = ("hesitation", "abrupt", "bracing")
TWO_SET_CODES = ("slow", "less_smooth")
REPORTED_CODES = ("asymmetry", "movement_pain", "pain_onset")
"""What the other side's range or the person's own words tell."""


def find_signs(performed: TracedSet) -> tuple[Sign, ...]:
    """Judge every sign that one set can show, and those that need more as not evaluated.

    Returns
    -------
    tuple of Sign
        Hesitation, abrupt action, bracing, then the compensations of the movement in the order of
        the table, then what needs a second set or an answer. With fewer than two repetitions that
        count all of them are there with that as the reason.
    """
    movement = performed.movement.name
    rows = compensation_rules(movement)
    if len(counted(performed.repetitions)) < MIN_REPETITIONS:
        return unjudged_signs(movement, "It takes at least two repetitions that count.")
    signs = [judge_hesitation(performed.repetitions), _abrupt(performed), _bracing(performed)]
    signs += [judge_compensation(performed, rule) for rule in rows]
    return (*signs, *_open_signs())


def unjudged_signs(movement: str, reason: str) -> tuple[Sign, ...]:
    """Every sign of a movement as not evaluated, for a set in which nothing can be judged."""
    one_set: list[SignRule | CompensationRule] = [sign_rules()[code] for code in ONE_SET_CODES]
    every = (*one_set, *compensation_rules(movement))
    return (*(not_evaluated(rule, reason) for rule in every), *_open_signs())


def _open_signs() -> tuple[Sign, ...]:
    """What takes another set or an answer, before there is one."""
    why = "It needs the other side, or a set from before, to compare with."
    return (
        *(not_evaluated(sign_rules()[code], why) for code in TWO_SET_CODES),
        judge_asymmetry(None, None, None),
        judge_movement_pain(None),
        judge_pain_onset(None, None, None),
    )


def judge_hesitation(repetitions: tuple[Repetition, ...]) -> Sign:
    """Stops part-way out: the longest one of each repetition, seconds, 0 for none."""
    rule = sign_rules()["hesitation"]
    values: dict[int, float] = {}
    moments_s: dict[int, float] = {}
    for number, each in counted(repetitions).items():
        if each.pauses_evaluated:
            longest = max(each.pauses, key=_length_s, default=Pause(each.onset_s, each.onset_s))
            values[number], moments_s[number] = _length_s(longest), longest.start_s
    reason = (
        f"Stops are only looked for in movements of {rule.min_amplitude_deg:.0f}° or more that "
        "were seen clearly throughout."
    )
    return judge(
        rule,
        values,
        beyond=rule.beyond,
        repeat=repeat_of(rule),
        reason=reason,
        moments_s=moments_s,
    )


def _length_s(pause: Pause) -> float:
    return pause.end_s - pause.start_s


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
    moments_s: dict[int, float] = {}
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
                none = SuddenAction(start_s, start_s, 0.0)
                strongest = max(actions, key=lambda action: action.ratio, default=none)
                values[number], moments_s[number] = strongest.ratio, strongest.start_s
    reason = (
        f"Sudden actions are only looked for in movements of {rule.min_amplitude_deg:.0f}° or more "
        "that were seen clearly throughout, at 24 or more frames a second."
    )
    return judge(
        rule,
        values,
        beyond=rule.beyond,
        repeat=repeat_of(rule),
        reason=reason,
        moments_s=moments_s,
    )


def _unwrapped(reading_deg: FloatArray) -> FloatArray:
    """The reading without jumps by a full turn; NaN stays."""
    unwrapped = reading_deg.copy()
    seen = np.isfinite(unwrapped)
    unwrapped[seen] = np.unwrap(unwrapped[seen], period=360.0)
    return unwrapped


def _bracing(performed: TracedSet) -> Sign:
    """A hand that comes to hold what moves: the longest time in each repetition, seconds."""
    rule = sign_rules()["bracing"]
    joint = performed.movement.joint
    unsuited = wrong_view(performed, rule.off_plane_deg)
    if unsuited is not None:
        return not_evaluated(rule, unsuited)
    if joint not in SUPPORTED:
        return not_evaluated(rule, "There is nothing here that a hand in view could support.")
    if performed.movement.name in INSTRUCTED_HANDS:
        return not_evaluated(rule, "In this movement the hands touch the body as instructed.")
    seen = observe(performed)
    hands = supporting_hands(joint, seen.side)
    held: dict[int, list[Run]] = {}
    for hand in hands:
        depth = support_depth_trunks(seen, joint, hand)
        sure = frames_showing(performed, [int(sided("wrist", hand))]) & np.isfinite(depth)
        for number, each in counted(performed.repetitions).items():
            inside = frames_between(performed, each.onset_s, each.offset_s)
            if inside.any() and sure[inside].mean() >= SEEN_FRAC:
                near = np.where(sure, depth, np.nan)[inside]
                run = longest_run(performed.series.time_s[inside], near)
                held.setdefault(number, []).append(run)
    longest = {number: max(runs, key=lambda run: run.length_s) for number, runs in held.items()}
    values = {
        number: run.length_s
        for number, run in longest.items()
        if len(held[number]) == len(hands) or run.length_s >= rule.threshold
    }
    reason = "Your hands were not seen well enough to tell whether one supports the movement."
    return judge(
        rule,
        values,
        beyond=rule.beyond,
        repeat=repeat_of(rule),
        reason=reason,
        moments_s={number: run.start_s for number, run in longest.items()},
    )
