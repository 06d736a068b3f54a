"""Signs of a set in words, for the terminal and the page: how somebody moved, never why."""

from __future__ import annotations

from collections.abc import Sequence

from rom.clinical.assessment import Assessment
from rom.clinical.signs.finding import REPORTED_CODES, TWO_SET_CODES
from rom.clinical.signs.patterns import Pattern
from rom.clinical.wording import degrees
from rom.reports.phrases import source_words

MEANING = (
    "They say how you moved, not why. A way of moving can also come from habit, strength or build."
)
NOTHING_SEEN = "Nothing of what could be judged was seen."

_UNITS = {
    "deg": lambda value: degrees(value),
    "s": lambda value: f"{value:.1f} s",
    "SPARC": lambda value: f"{value:.2f} (spectral arc length)",
    "fraction": lambda value: f"{value:.2f} of the length at rest",
    "ratio": lambda value: f"{value:.2f} times the other speed",
    "of 10": lambda value: f"{value:g} of 10",
}


def pattern_words(pattern: Pattern) -> str:
    """One sign, in how many repetitions and when: "The trunk leans away: seen in 2 of 3 …"."""
    name = pattern.words[:1].upper() + pattern.words[1:]
    if not pattern.repetitions_evaluated:
        return f"{name}."
    return f"{name}: seen in {count_words(pattern)}{_moments(pattern.seen_s)}."


def count_words(pattern: Pattern) -> str:
    """In how many of the repetitions that could be judged."""
    judged = len(pattern.repetitions_evaluated)
    noun = "repetition" if judged == 1 else "repetitions"
    return f"{len(pattern.repetitions)} of {judged} {noun}"


def judged_by_words(pattern: Pattern) -> str:
    """The figure, its limit, the repeat rule and what was asked of the set."""
    value, limit = (figure_words(each, pattern.unit) for each in (pattern.value, pattern.threshold))
    rule = pattern.repeat_rule
    if " of " in rule:
        rule += " repetitions"
    words = f"{value}; limit {limit}, {rule}."
    return f"{words} Judged only with {pattern.gate}." if pattern.gate else words


def pattern_source_words(pattern: Pattern) -> str:
    """Short source with its evidence mark."""
    return source_words(pattern.source, pattern.evidence)


def figure_words(value: float, unit: str) -> str:
    """A figure of a sign with its unit.

    >>> figure_words(14.2, "deg"), figure_words(0.13, "shoulder widths")
    ('14°', '0.13 shoulder widths')
    """
    words = _UNITS.get(unit)
    return (words(value) if words else f"{value:.2f} {unit}").replace("-", "−")


def absent_words(assessment: Assessment) -> str | None:
    """What was looked for and not seen; None for nothing."""
    names = [each.words for each in assessment.patterns_absent if each.code != "movement_pain"]
    return f"Looked for and not seen: {', '.join(names)}." if names else None


def not_judged_words(assessment: Assessment, *, alone: bool) -> tuple[str, ...]:
    """What could not be judged with the reason; `alone` for one recording without a second.

    What a single recording cannot show in any case is said in one sentence.
    """
    left = [
        each
        for each in assessment.patterns_not_evaluated
        if not (alone and each.code in (*TWO_SET_CODES, *REPORTED_CODES))
    ]
    reasons: dict[str, list[str]] = {}
    for each in left:
        reasons.setdefault(each.reason, []).append(each.words)
    sentences = [f"{_listed(names)}: {reason}" for reason, names in reasons.items()]
    if alone and len(left) < len(assessment.patterns_not_evaluated):
        sentences.append(
            "Speed, evenness and pain are judged where two sets are compared (`rom compare`)."
        )
    return tuple(sentences)


def _listed(names: Sequence[str]) -> str:
    words = ", ".join(dict.fromkeys(names))
    return words[:1].upper() + words[1:]


def _moments(seen_s: Sequence[float]) -> str:
    if not seen_s:
        return ""
    return f", at {', '.join(f'{at_s:.1f}' for at_s in seen_s)} s"
