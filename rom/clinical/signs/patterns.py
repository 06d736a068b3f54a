"""The signs of a set as an assessment tells them: present, looked for and not seen, not judged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rom.clinical.signs.judged import Sign
from rom.clinical.signs.rules import sign_words


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A sign that is present, with what it was judged by and the repetitions it was seen in.

    Attributes
    ----------
    words
        What it is called, as in "seen before: stops on the way".
    value
        What as many repetitions as the repeat rule asks for reached at least.
    repetitions, repetitions_evaluated
        0-based among all repetitions of the set: those that show it, of those that could be judged.
    seen_s
        When it was seen in each of `repetitions`, seconds; empty for a sign of whole strokes.
    gate
        What a set has to be like for the sign to be judged; None where nothing is asked for.
    early
        Whether it was there before the movement reached 90 % of its own end.
    """

    code: str
    words: str
    value: float
    threshold: float
    unit: str
    repetitions: tuple[int, ...]
    repetitions_evaluated: tuple[int, ...]
    seen_s: tuple[float, ...]
    gate: str | None
    repeat_rule: str
    early: bool
    source: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class PatternAbsent:
    """A sign that was looked for and not seen."""

    code: str
    words: str
    value: float
    threshold: float
    unit: str


@dataclass(frozen=True, kw_only=True)
class PatternNotEvaluated:
    """A sign that could not be judged in this recording, and why."""

    code: str
    words: str
    reason: str


def patterns_present(movement: str, signs: Sequence[Sign]) -> tuple[Pattern, ...]:
    """The signs that are present."""
    words = sign_words(movement)
    return tuple(
        Pattern(
            code=sign.code,
            words=words.get(sign.code, sign.code),
            value=round(sign.value, 3),
            threshold=round(sign.threshold, 3),
            unit=sign.unit,
            repetitions=sign.repetitions_with,
            repetitions_evaluated=sign.repetitions_evaluated,
            seen_s=tuple(round(at_s, 2) for at_s in sign.seen_s),
            gate=sign.gate,
            repeat_rule=sign.repeat_words,
            early=sign.early,
            source=sign.source,
            evidence=sign.evidence,
        )
        for sign in signs
        if sign.present and sign.value is not None
    )


def patterns_absent(movement: str, signs: Sequence[Sign]) -> tuple[PatternAbsent, ...]:
    """The signs that were looked for and not seen."""
    words = sign_words(movement)
    return tuple(
        PatternAbsent(
            code=sign.code,
            words=words.get(sign.code, sign.code),
            value=round(sign.value, 3),
            threshold=round(sign.threshold, 3),
            unit=sign.unit,
        )
        for sign in signs
        if sign.value is not None and not sign.present
    )


def patterns_not_evaluated(movement: str, signs: Sequence[Sign]) -> tuple[PatternNotEvaluated, ...]:
    """The signs that could not be judged."""
    words = sign_words(movement)
    return tuple(
        PatternNotEvaluated(
            code=sign.code, words=words.get(sign.code, sign.code), reason=sign.reason
        )
        for sign in signs
        if sign.reason is not None
    )


def signs_of_patterns(
    present: Sequence[Pattern],
    absent: Sequence[PatternAbsent],
    not_evaluated: Sequence[PatternNotEvaluated],
) -> tuple[Sign, ...]:
    """Signs that tell the same patterns; what these do not hold is left open."""
    return (
        *(
            Sign(
                code=each.code,
                value=each.value,
                threshold=each.threshold,
                unit=each.unit,
                present=True,
                reason=None,
                source=each.source,
                evidence=each.evidence,
                gate=each.gate,
                repeat_words=each.repeat_rule,
                repetitions_with=each.repetitions,
                repetitions_evaluated=each.repetitions_evaluated,
                seen_s=each.seen_s,
                early=each.early,
            )
            for each in present
        ),
        *(
            Sign(
                code=each.code,
                value=each.value,
                threshold=each.threshold,
                unit=each.unit,
                present=False,
                reason=None,
                source="",
                evidence="",
            )
            for each in absent
        ),
        *(
            Sign(
                code=each.code,
                value=None,
                threshold=math.nan,
                unit="",
                present=False,
                reason=each.reason,
                source="",
                evidence="",
            )
            for each in not_evaluated
        ),
    )
