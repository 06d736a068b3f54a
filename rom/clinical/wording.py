"""Results in sentences: short, second person, present tense, no praise, no blame, no diagnosis."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rom.clinical.decisions import attribution
from rom.movements import MOVEMENTS, SideKind

if TYPE_CHECKING:
    from rom.clinical.comparison import Comparison
    from rom.landmarks import Side

_ONE_BASELINE = (
    "Only one set was measured before, so a change from warming up cannot be told from any other."
)
_WORSE_WITHOUT_PAIN = (
    "You say that it feels worse. Leave it for today; if it stays worse for more than 24 hours, "
    "talk to a professional."
)


def movement_title(movement: str, side: Side | None) -> str:
    """Plain words for a movement and side; the bare name where the catalogue has none."""
    known = MOVEMENTS.get(movement)
    if known is None:
        return f"{side.value} {movement}" if side else movement
    return known.title_for(side)


def degrees(value_deg: float, *, decimals: int = 0) -> str:
    """Whole degrees for people, with a real minus sign and no minus zero.

    >>> degrees(-0.3), degrees(-12.6), degrees(12.34, decimals=1)
    ('0°', '−13°', '12.3°')
    """
    rounded = round(value_deg, decimals) + 0.0
    return f"{rounded:.{decimals}f}°".replace("-", "−")


def against_limit(difference_deg: float, limit_deg: float) -> tuple[str, str]:
    """A difference's size and its limit, with a decimal where whole degrees hide the order.

    >>> against_limit(21.2, 9.6), against_limit(8.4, 8.3)
    (('21°', '10°'), ('8.4°', '8.3°'))
    """
    size_deg = abs(difference_deg)
    for decimals in (0, 1, 2):
        size, limit = round(size_deg, decimals), round(limit_deg, decimals)
        if (size > limit) == (size_deg > limit_deg) and size != limit:
            break
    return degrees(size, decimals=decimals), degrees(limit, decimals=decimals)


def comparison_sentences(comparison: Comparison) -> tuple[str, ...]:
    """The result in plain words, the most important first."""
    if comparison.verdict == "not_comparable":
        return (*_refusal_sentences(comparison),)
    if comparison.kind == "left_right":
        return (_side_sentence(comparison), *comparison.remarks)
    return (*_session_sentences(comparison),)


def _refusal_sentences(comparison: Comparison) -> Iterator[str]:
    if _got_worse(comparison):
        yield from _label_sentence(comparison)
    yield "These recordings cannot be compared."
    yield from comparison.refusals


def _session_sentences(comparison: Comparison) -> Iterator[str]:
    if _got_worse(comparison):
        yield from _label_sentence(comparison)
    yield _change_sentence(comparison)
    pain = _pain_sentence(comparison.pain_before, comparison.pain_after)
    if pain:
        yield pain
    if not _got_worse(comparison):
        yield from _label_sentence(comparison)
    yield from comparison.remarks
    if comparison.verdict in ("gain", "loss"):
        yield _ONE_BASELINE if comparison.pre2 is None else attribution()


def _got_worse(comparison: Comparison) -> bool:
    """Whether the safety wording has to stand before everything else."""
    if comparison.label is None:
        return comparison.worse is True
    return comparison.label.id == "D01"


def _label_sentence(comparison: Comparison) -> Iterator[str]:
    if comparison.label is not None:
        yield comparison.label.wording
    elif comparison.worse:
        yield _WORSE_WITHOUT_PAIN


def _change_sentence(comparison: Comparison) -> str:
    assert comparison.change_deg is not None and comparison.limit_deg is not None
    assert comparison.baseline.value_deg is not None and comparison.post.value_deg is not None
    size, limit = against_limit(comparison.change_deg, comparison.limit_deg)
    values = f"{degrees(comparison.baseline.value_deg)} before"
    values += f", {degrees(comparison.post.value_deg)} after"
    error = f"up to {limit} can be measurement error"
    if comparison.verdict == "gain":
        return f"You moved {size} further than before ({values}; {error})."
    if comparison.verdict == "loss":
        return f"You moved {size} less far than before ({values}; {error})."
    if comparison.verdict == "unstable_baseline":
        return _unstable_sentence(comparison)
    return f"No measurable change: {values}, and {error}. That is the most common result."


def _unstable_sentence(comparison: Comparison) -> str:
    assert comparison.drift_deg is not None and comparison.pre2 is not None
    assert comparison.pre1.mdc95_deg is not None and comparison.pre2.mdc95_deg is not None
    limit_deg = math.hypot(comparison.pre1.mdc95_deg, comparison.pre2.mdc95_deg) / math.sqrt(2)
    size, limit = against_limit(comparison.drift_deg, limit_deg)
    return (
        f"The two sets before already differ by {size}, and up to {limit} can be measurement "
        "error, so no change is stated. Measure once more before."
    )


def _pain_sentence(before: float | None, after: float | None) -> str | None:
    if before is None or after is None:
        return None
    scores = f"{before:g} to {after:g}"
    if after < before:
        return f"Your pain rating fell from {scores}."
    if after > before:
        return f"Your pain rating rose from {scores}."
    return f"Your pain rating stayed at {before:g}."


def _side_sentence(comparison: Comparison) -> str:
    assert comparison.change_deg is not None and comparison.limit_deg is not None
    left_deg, right_deg = comparison.pre1.value_deg, comparison.post.value_deg
    assert left_deg is not None and right_deg is not None
    size, limit = against_limit(comparison.change_deg, comparison.limit_deg)
    values = f"left {degrees(left_deg)}, right {degrees(right_deg)}"
    if comparison.verdict == "no_measurable_change":
        return (
            f"Left and right do not differ measurably: {values}, and up to {limit} can be "
            "measurement error or the ordinary difference between sides."
        )
    less, more = ("right", "left") if comparison.change_deg < 0 else ("left", "right")
    known = MOVEMENTS.get(comparison.pre1.movement)
    error = f"up to {limit} can be measurement error or the ordinary difference between sides"
    if known and known.side_kind is SideKind.DIRECTION:
        return f"To the {less} you move {size} less far than to the {more} ({values}; {error})."
    return f"The {less} side moves {size} less than the {more} ({values}; {error})."
