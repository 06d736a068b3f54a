"""Signs that one set cannot show alone, filled in once another set or an answer is there."""

from __future__ import annotations

from dataclasses import replace

from rom.clinical.assessment import Assessment
from rom.clinical.comparability import find_differences
from rom.clinical.error import mdc95_of_change
from rom.clinical.signs.compared import (
    completed,
    judge_asymmetry,
    judge_less_smooth,
    judge_movement_pain,
    judge_slow,
)
from rom.clinical.signs.judged import not_evaluated
from rom.clinical.signs.rules import sign_rules

_NOT_ALIKE = "The two sets were not measured, or not filmed and analysed alike."


def judged_against(
    assessment: Assessment, reference: Assessment, *, opposite_sides: bool = False
) -> Assessment:
    """The set with its speed and smoothness judged against those of another set."""
    if not _alike(assessment, reference, opposite_sides=opposite_sides):
        codes = ("slow", "less_smooth")
        open_signs = (not_evaluated(sign_rules()[code], _NOT_ALIKE) for code in codes)
        return replace(assessment, signs=completed(assessment.signs, *open_signs))
    ours, theirs = assessment.repetitions, reference.repetitions
    judged = judge_slow(ours, theirs), judge_less_smooth(ours, theirs)
    return replace(assessment, signs=completed(assessment.signs, *judged))


def beside_other_side(assessment: Assessment, other: Assessment | None) -> Assessment:
    """The set with its range judged against the other side's, measured in the same session."""
    found = judge_asymmetry(None, None, None)
    if other is not None and _alike(assessment, other, opposite_sides=True):
        assert assessment.sem_deg is not None and other.sem_deg is not None
        mdc_deg = mdc95_of_change(assessment.sem_deg, other.sem_deg)
        found = judge_asymmetry(assessment.value_deg, other.value_deg, mdc_deg)
    return replace(assessment, signs=completed(assessment.signs, found))


def with_pain(assessment: Assessment, pain: float | None) -> Assessment:
    """The set with the pain that was reported for it, 0 to 10; None where it was not asked.

    Raises
    ------
    UsageError
        For a figure that is not on the scale.
    """
    return replace(assessment, signs=completed(assessment.signs, judge_movement_pain(pain)))


def both_sides(left: Assessment, right: Assessment) -> tuple[Assessment, Assessment]:
    """Left and right, each judged against the other."""
    return _beside(left, right), _beside(right, left)


def _beside(assessment: Assessment, other: Assessment) -> Assessment:
    return beside_other_side(judged_against(assessment, other, opposite_sides=True), other)


def _alike(a: Assessment, b: Assessment, *, opposite_sides: bool) -> bool:
    """Whether both were measured, and filmed and analysed alike."""
    if not (a.measured and b.measured) or "at_least" in (a.bound, b.bound):
        return False
    differences = find_differences(a, b, opposite_sides=opposite_sides)
    return not any(each.refuses for each in differences)
