"""What is said of one sign, and how a repeat rule makes it out of single repetitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rom.clinical.signs.rules import (
    Beyond,
    CompensationRule,
    RepeatRule,
    SignRule,
    is_beyond,
    reached_by,
)
from rom.kinematics.repetitions import Repetition


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
    gate
        What a set has to be like for the sign to be judged; None where nothing is asked for.
    repeat_words
        In how many repetitions it has to be seen: "2 of 3", "median of 3", "each set".
    repetitions_with, repetitions_evaluated
        0-based among all repetitions of the set, those that do not count included.
    seen_s
        When it was seen in each of `repetitions_with`, seconds of the recording; empty for a sign
        of whole strokes.
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
    gate: str | None = None
    repeat_words: str = "each set"
    repetitions_with: tuple[int, ...] = ()
    repetitions_evaluated: tuple[int, ...] = ()
    seen_s: tuple[float, ...] = ()
    early: bool = False

    def __post_init__(self) -> None:
        if (self.reason is None) != (self.value is not None):
            raise ValueError(
                f"{self.code}: expected a value or a reason for none, got both or none"
            )
        if self.present and not self.evaluated:
            raise ValueError(f"{self.code}: expected no presence of a sign that was not evaluated")
        if self.seen_s and len(self.seen_s) != len(self.repetitions_with):
            raise ValueError(f"{self.code}: expected a time for each repetition that shows it")

    @property
    def evaluated(self) -> bool:
        return self.reason is None


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
        gate=rule.gate,
        repeat_words=rule.repeat_words,
    )


def judge(
    rule: SignRule | CompensationRule,
    values: Mapping[int, float],
    *,
    beyond: Beyond,
    repeat: RepeatRule,
    reason: str,
    early: frozenset[int] = frozenset(),
    moments_s: Mapping[int, float] | None = None,
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
    moments_s
        When each repetition reached its value, by its number; None for a sign of whole strokes.
    """
    values = dict(sorted(values.items()))
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
        gate=rule.gate,
        repeat_words=rule.repeat_words,
        repetitions_with=with_sign,
        repetitions_evaluated=tuple(values),
        seen_s=() if moments_s is None else tuple(moments_s[number] for number in with_sign),
        early=len(early) >= needed,
    )


def counted(repetitions: tuple[Repetition, ...]) -> dict[int, Repetition]:
    """The repetitions that count, by their number among all."""
    return {number: each for number, each in enumerate(repetitions) if each.counted}


def repeat_of(rule: SignRule) -> RepeatRule:
    """The repeat rule of a sign that has one."""
    if rule.repeat is None:
        raise ValueError(f"{rule.code}: expected a repeat rule such as 2 of 3")
    return rule.repeat
