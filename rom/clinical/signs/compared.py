"""Signs that one set cannot show alone: against the other side, a set before, or what was reported.

Each function judges the first set against the second; for a set before and one after, call it both
ways round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rom.clinical.signs.judged import Sign, counted, judge, not_evaluated, repeat_of
from rom.clinical.signs.rules import is_beyond, sign_rules
from rom.errors import UsageError
from rom.kinematics.repetitions import Repetition
from rom.kinematics.speed import amplitude_deg, speed_ratio, stroke_s

ALIKE_FRAC = 0.2
"""Smoothness is compared between strokes whose range and duration differ by less (`P05`)."""
MIN_SMOOTH_STROKES = 3
MAX_PAIN = 10


def judge_slow(repetitions: tuple[Repetition, ...], reference: tuple[Repetition, ...]) -> Sign:
    """Peak speed of each outward stroke against the median one of the reference set.

    Both sets need the same instruction and pace; a person who means to go slowly is not guarding.
    """
    rule = sign_rules()["slow"]
    theirs = list(counted(reference).values())
    least_deg = rule.min_amplitude_deg or 0.0
    if _median([amplitude_deg(each) for each in theirs]) < least_deg:
        theirs = []
    ratios = {
        number: speed_ratio(each, theirs)
        for number, each in counted(repetitions).items()
        if amplitude_deg(each) >= least_deg
    }
    values = {number: ratio for number, ratio in ratios.items() if ratio is not None}
    reason = (
        f"Speeds are only compared between movements of {least_deg:.0f}° or more that were seen "
        "throughout in both sets."
    )
    return judge(rule, values, beyond=rule.beyond, repeat=repeat_of(rule), reason=reason)


def judge_less_smooth(
    repetitions: tuple[Repetition, ...], reference: tuple[Repetition, ...]
) -> Sign:
    """How much further from 0 the median SPARC of the set is than that of the reference set.

    The figure depends on range, duration and noise, so strokes that are not alike are not compared.
    """
    rule = sign_rules()["less_smooth"]
    ours = {number: r for number, r in counted(repetitions).items() if r.sparc is not None}
    theirs = [each for each in counted(reference).values() if each.sparc is not None]
    least_deg = rule.min_amplitude_deg or 0.0
    if any(_median([*map(amplitude_deg, each)]) < least_deg for each in (ours.values(), theirs)):
        return not_evaluated(
            rule, f"Smoothness is only compared between movements of {least_deg:.0f}° or more."
        )
    if min(len(ours), len(theirs)) < MIN_SMOOTH_STROKES:
        return not_evaluated(rule, "It needs three repetitions in both sets, seen throughout.")
    for measured in (amplitude_deg, stroke_s):
        here = _median([measured(each) for each in ours.values()])
        there = _median([measured(each) for each in theirs])
        if abs(here - there) > ALIKE_FRAC * max(here, there):
            return not_evaluated(
                rule, "The two sets differ too much in range or pace to compare their smoothness."
            )
    usual = _median([each.sparc for each in theirs if each.sparc is not None])
    loss = {number: usual - each.sparc for number, each in ours.items() if each.sparc is not None}
    value = _median(list(loss.values()))
    return Sign(
        code=rule.code,
        value=value,
        threshold=rule.threshold,
        unit=rule.unit,
        present=is_beyond(value, rule.threshold, rule.beyond),
        reason=None,
        source=rule.source,
        evidence=rule.evidence,
        gate=rule.gate,
        repeat_words=rule.repeat_words,
        repetitions_with=tuple(
            number for number, each in loss.items() if is_beyond(each, rule.threshold, rule.beyond)
        ),
        repetitions_evaluated=tuple(loss),
    )


def judge_beside(sign: Sign, reference: Sign) -> Sign:
    """A compensation against the same one of the other side or another set, in its own unit.

    What both sets show is how this person moves and counts for neither.
    """
    if sign.code != reference.code:
        raise ValueError(f"expected the same sign twice, got {sign.code} and {reference.code}")
    if sign.value is None or reference.value is None:
        unknown = sign if sign.value is None else reference
        return replace(
            sign,
            value=None,
            present=False,
            reason=unknown.reason,
            repetitions_with=(),
            repetitions_evaluated=(),
            seen_s=(),
            early=False,
        )
    value = sign.value - reference.value
    present = value > sign.threshold
    return replace(sign, value=value, present=present, early=sign.early and present)


def judge_asymmetry(
    value_deg: float | None, other_deg: float | None, mdc95_of_difference_deg: float | None
) -> Sign:
    """Whether this side goes less far than the other by more than noise and 10 % of the better.

    None for a side that was not measured in the same session and view.
    """
    rule = sign_rules()["asymmetry"]
    if value_deg is None or other_deg is None or mdc95_of_difference_deg is None:
        return not_evaluated(rule, "It needs both sides, measured in the same session and view.")
    share_deg = 0.01 * rule.threshold * max(value_deg, other_deg)
    threshold_deg = max(mdc95_of_difference_deg, share_deg)
    return _one_figure(rule.code, other_deg - value_deg, threshold_deg, "deg")


def judge_movement_pain(pain: float | None) -> Sign:
    """Pain of this movement at its end, 0 to 10 as reported; None where it was not asked.

    Raises
    ------
    UsageError
        For a figure that is not on the scale.
    """
    rule = sign_rules()["movement_pain"]
    if pain is None:
        return not_evaluated(rule, "Pain during this movement was not asked for.")
    if not 0 <= pain <= MAX_PAIN:
        raise UsageError(f"Expected pain from 0 to {MAX_PAIN}, got {pain:g}; give it again")
    return _one_figure(rule.code, pain, rule.threshold, rule.unit)


def judge_pain_onset(
    before_deg: float | None, after_deg: float | None, mdc95_of_difference_deg: float | None
) -> Sign:
    """Whether pain begins earlier in the first set than in the second, by more than the noise.

    Angles at which the person said that pain starts; None where that was not marked.
    """
    rule = sign_rules()["pain_onset"]
    if before_deg is None or after_deg is None or mdc95_of_difference_deg is None:
        return not_evaluated(rule, "Where pain starts was not marked in both sets.")
    return _one_figure(rule.code, after_deg - before_deg, mdc95_of_difference_deg, rule.unit)


def completed(signs: tuple[Sign, ...], *judged: Sign) -> tuple[Sign, ...]:
    """The signs with those judged against another set in place of their like, new ones last."""
    by_code = {sign.code: sign for sign in judged}
    known = {sign.code for sign in signs}
    added = (sign for sign in judged if sign.code not in known)
    return (*(by_code.get(sign.code, sign) for sign in signs), *added)


def _one_figure(code: str, value: float, threshold: float, unit: str) -> Sign:
    rule = sign_rules()[code]
    return Sign(
        code=code,
        value=value,
        threshold=threshold,
        unit=unit,
        present=is_beyond(value, threshold, rule.beyond),
        reason=None,
        source=rule.source,
        evidence=rule.evidence,
        gate=rule.gate,
        repeat_words=rule.repeat_words,
    )


def _median(values: Sequence[float]) -> float:
    return float(np.median(values)) if len(values) else float("nan")
