"""Results in sentences: short, second person, present tense, no praise, no blame, no diagnosis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rom.clinical.decisions import attribution
from rom.clinical.signs.rules import sign_words
from rom.movements import MOVEMENTS, SideKind

if TYPE_CHECKING:
    from rom.clinical.arc import Arc, Arcs
    from rom.clinical.comparison import Comparison
    from rom.clinical.pain_onset import PainOnset
    from rom.clinical.signs.changes import SignChange, SignChanges, SignCount
    from rom.clinical.signs.index import ProtectiveIndex
    from rom.landmarks import Side

_ONE_BASELINE = (
    "Only one set was measured before, so a change from warming up cannot be told from any other."
)
CANNOT_COMPARE = "These recordings cannot be compared."
ONE_DIRECTION_ONLY = (
    "Only one direction could be compared. It counts from your resting position, which moves a "
    "little each time you settle."
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
        return (*_side_sentences(comparison), *comparison.remarks, *_signs_of_sides(comparison))
    return (*_session_sentences(comparison),)


def sign_change_sentences(changes: SignChanges, names: Mapping[str, str]) -> tuple[str, ...]:
    """Signs that went and came, with counts; `names` holds the words for their codes."""
    return (*_sign_change_sentences(changes, names),)


def side_sign_sentences(changes: SignChanges, names: Mapping[str, str]) -> tuple[str, ...]:
    """Signs of the left side (`went`) and of the right (`came`), with counts."""
    heads = {
        "Seen on the left only": changes.went,
        "Seen on the right only": changes.came,
        "Seen on both sides": changes.stayed,
    }
    return tuple(f"{head}: {_sign_list(found, names)}." for head, found in heads.items() if found)


def _signs_of_sides(comparison: Comparison) -> tuple[str, ...]:
    changes, names = comparison.side_signs, sign_words(comparison.post.movement)
    return () if changes is None else side_sign_sentences(changes, names)


def session_sign_sentences(comparison: Comparison) -> tuple[str, ...]:
    """Signs that went and came between before and after, as they stand in its sentences."""
    return (*_signs_of_session(comparison),)


def _signs_of_session(comparison: Comparison) -> Iterator[str]:
    """Signs that went and came, and whether several came together with pain."""
    changes = comparison.signs
    if changes is not None:
        yield from sign_change_sentences(changes, sign_words(comparison.post.movement))
    yield from _index_sentences(comparison)


def _index_sentences(comparison: Comparison) -> Iterator[str]:
    if comparison.protective is None or comparison.signs is None:
        return
    before, after = comparison.protective
    open_ones = [each for each in (before, after) if each.verdict == "not_evaluable"]
    if open_ones:
        if comparison.pain_before is not None and comparison.pain_after is not None:
            yield f"Whether several such signs come together is open: {open_ones[0].reason}"
        return
    several, none = "several protective signs came together with pain", "they did not"
    said = {
        ("several", "none"): f"Before, {several} ({_of_judged(before)}); after, {none}.",
        ("none", "several"): f"After, {several} ({_of_judged(after)}); before, {none}.",
        ("several", "several"): f"Both times, {several} ({_of_judged(before)}, then "
        f"{_of_judged(after)}).",
        ("none", "none"): "Neither before nor after did several protective signs come together "
        "with pain.",
    }
    yield said[before.verdict, after.verdict]


def _of_judged(index: ProtectiveIndex) -> str:
    return f"{len(index.present)} of the {len(index.evaluated)} that could be judged"


def _sign_change_sentences(changes: SignChanges, names: Mapping[str, str]) -> Iterator[str]:
    if changes.went:
        yield f"Seen before and not after: {_sign_list(changes.went, names)}."
    if changes.came:
        yield f"Seen after and not before: {_sign_list(changes.came, names)}."
    if changes.stayed:
        yield f"Seen both times: {_sign_list(changes.stayed, names)}."
    if changes.went or changes.came:
        yield "A way of moving can come and go by chance; repeating it on other days will tell."


def _sign_list(changes: Sequence[SignChange], names: Mapping[str, str]) -> str:
    return ", ".join(
        f"{names.get(each.code, each.code)} ({_sign_counts(each)})" for each in changes
    )


def _sign_counts(change: SignChange) -> str:
    counts = [_count_words(each) for each in (change.before, change.after) if each]
    return ", then ".join(dict.fromkeys(counts))


def _count_words(count: SignCount) -> str:
    noun = "repetition" if count.of == 1 else "repetitions"
    return f"in {count.seen} of {count.of} {noun}"


def _refusal_sentences(comparison: Comparison) -> Iterator[str]:
    if got_worse(comparison):
        yield from _label_sentence(comparison)
    yield CANNOT_COMPARE
    yield from comparison.refusals


def _session_sentences(comparison: Comparison) -> Iterator[str]:
    if got_worse(comparison):
        yield from _label_sentence(comparison)
    yield from _change_sentences(comparison)
    pain = _pain_sentence(comparison.pain_before, comparison.pain_after)
    if pain:
        yield pain
    yield from _onset_sentences(comparison)
    if not got_worse(comparison):
        yield from _label_sentence(comparison)
    yield from comparison.remarks
    yield from _signs_of_session(comparison)
    if comparison.verdict in ("gain", "loss"):
        yield _ONE_BASELINE if comparison.pre2 is None else attribution()


def got_worse(comparison: Comparison) -> bool:
    """Whether the safety wording has to stand before everything else."""
    if comparison.label is None:
        return comparison.worse is True
    return comparison.label.id == "D01"


def _label_sentence(comparison: Comparison) -> Iterator[str]:
    if comparison.label is not None:
        yield comparison.label.wording
    elif comparison.worse:
        yield _WORSE_WITHOUT_PAIN


def _change_sentences(comparison: Comparison) -> Iterator[str]:
    assert comparison.change_deg is not None and comparison.limit_deg is not None
    assert comparison.baseline.value_deg is not None and comparison.post.value_deg is not None
    size, limit = against_limit(comparison.change_deg, comparison.limit_deg)
    who = "You moved" if comparison.arcs is None else "Left and right together, you moved"
    if comparison.verdict == "gain":
        yield f"{who} {size} further than before."
    elif comparison.verdict == "loss":
        yield f"{who} {size} less far than before."
    elif comparison.verdict == "unstable_baseline":
        yield _unstable_sentence(comparison)
        return
    else:
        yield "No measurable change. That is the most common result."
    if comparison.arcs is not None:
        yield from _arc_figures(comparison.arcs, limit)
        return
    yield (
        f"It was {degrees(comparison.baseline.value_deg)} before and "
        f"{degrees(comparison.post.value_deg)} after; a difference of up to {limit} can be "
        "measurement error."
    )


def _arc_figures(arcs: Arcs, limit: str) -> Iterator[str]:
    """The whole arc before and after with its limit, then its directions as they were."""
    before, after = arcs.baseline, arcs.post
    yield (
        f"From one end to the other it was {degrees(before.value_deg)} before and "
        f"{degrees(after.value_deg)} after; a difference of up to {limit} can be measurement error."
    )
    yield (
        f"Before, it was {directions_words(before)}; after, {directions_words(after)}. Each "
        "direction counts from your resting position, which moves a little each time you settle, "
        "so only the two together are compared."
    )


def directions_words(arc: Arc) -> str:
    """The directions of an arc.

    >>> from rom.clinical.arc import Arc
    >>> directions_words(Arc(left_deg=39.2, right_deg=30.4, sem_deg=4.1))
    '39° to the left and 30° to the right'
    """
    return f"{degrees(arc.left_deg)} to the left and {degrees(arc.right_deg)} to the right"


def _unstable_sentence(comparison: Comparison) -> str:
    assert comparison.drift_deg is not None and comparison.drift_limit_deg is not None
    size, limit = against_limit(comparison.drift_deg, comparison.drift_limit_deg)
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


def onset_interval(onset: PainOnset) -> str:
    """The start of pain in whole degrees with its error, as in "95° ±5°"."""
    return f"{degrees(onset.angle_deg)} ±{degrees(onset.half_width_deg)}"


def _onset_sentences(comparison: Comparison) -> Iterator[str]:
    """The start of pain before and after, by the person's own marks."""
    found = comparison.pain_onset
    if found is None:
        return
    if found.before is None or found.after is None:
        marked, other = ("after", "before") if found.before is None else ("before", "after")
        onset = found.after if found.before is None else found.before
        assert onset is not None
        yield (
            f"Where you marked it, pain began at {onset_interval(onset)} {marked}; you marked no "
            f"start of pain {other}."
        )
        return
    yield (
        f"Where you marked it, pain began at {onset_interval(found.before)} before and at "
        f"{onset_interval(found.after)} after."
    )
    if found.change_deg is None or found.limit_deg is None:
        return
    size, limit = against_limit(found.change_deg, found.limit_deg)
    if found.verdict == "no_measurable_change":
        yield f"That is no measurable change: up to {limit} can be measurement error."
    else:
        yield (
            f"That is {size} {found.verdict} in the movement; up to {limit} can be measurement "
            "error."
        )


def _side_sentences(comparison: Comparison) -> Iterator[str]:
    assert comparison.change_deg is not None and comparison.limit_deg is not None
    left_deg, right_deg = comparison.pre1.value_deg, comparison.post.value_deg
    assert left_deg is not None and right_deg is not None
    size, limit = against_limit(comparison.change_deg, comparison.limit_deg)
    less, more = ("right", "left") if comparison.change_deg < 0 else ("left", "right")
    known = MOVEMENTS.get(comparison.pre1.movement)
    if comparison.verdict == "no_measurable_change":
        yield "Left and right do not differ measurably."
    elif known and known.side_kind is SideKind.DIRECTION:
        yield f"To the {less} you move {size} less far than to the {more}."
    else:
        yield f"The {less} side moves {size} less than the {more}."
    yield (
        f"Left {degrees(left_deg)}, right {degrees(right_deg)}; a difference of up to {limit} can "
        "be measurement error or is common between sides."
    )
