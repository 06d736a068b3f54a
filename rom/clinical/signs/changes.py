"""Protective signs that went, that came and that stayed between two sets.

A sign that could not be evaluated in one of the sets has neither gone nor come. How often it was
seen is told as a count of repetitions. There is no measurement error of a sign, so a single set
in which one is missing shows nothing more than that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rom.clinical.signs.judged import Sign


@dataclass(frozen=True)
class SignCount:
    """In how many of a set's counted repetitions a sign was seen."""

    seen: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.seen <= self.of:
            raise ValueError(f"expected 0 to {self.of} repetitions, got {self.seen}")


@dataclass(frozen=True)
class SetSigns:
    """The signs of one set by their codes: those present, and those that could not be judged."""

    present: Mapping[str, SignCount]
    not_evaluated: Collection[str] = ()

    def __post_init__(self) -> None:
        both = set(self.present) & set(self.not_evaluated)
        if both:
            raise ValueError(f"present and not evaluated at once: {', '.join(sorted(both))}")


@dataclass(frozen=True)
class SignChange:
    """One sign in two sets; None where it was not present."""

    code: str
    before: SignCount | None
    after: SignCount | None


@dataclass(frozen=True)
class SignChanges:
    """Each sign stands in exactly one of the four, in order of its code.

    `not_told` are the codes that could not be evaluated in one of the sets or in both.
    """

    went: tuple[SignChange, ...] = ()
    came: tuple[SignChange, ...] = ()
    stayed: tuple[SignChange, ...] = ()
    not_told: tuple[str, ...] = ()


def sign_changes(before: SetSigns, after: SetSigns) -> SignChanges:
    """Compare the signs of a set before with those of a set after.

    >>> paused = SetSigns({"hesitation": SignCount(2, 3)})
    >>> sign_changes(paused, SetSigns({})).went[0].code
    'hesitation'
    """
    not_told = {*before.not_evaluated, *after.not_evaluated}
    told = sorted({*before.present, *after.present} - not_told)
    changes = [SignChange(code, before.present.get(code), after.present.get(code)) for code in told]
    return SignChanges(
        went=tuple(each for each in changes if each.after is None),
        came=tuple(each for each in changes if each.before is None),
        stayed=tuple(each for each in changes if each.before and each.after),
        not_told=tuple(sorted(not_told)),
    )


def signs_of(signs: Sequence[Sign]) -> SetSigns:
    """The signs of a set, each with the judged repetitions that it was seen in.

    What is reported and not seen, such as pain, has no repetitions and is left out.
    """
    seen = [sign for sign in signs if sign.present and sign.repetitions_evaluated]
    present = {
        sign.code: SignCount(len(sign.repetitions_with), len(sign.repetitions_evaluated))
        for sign in seen
    }
    return SetSigns(present, tuple(sorted(sign.code for sign in signs if not sign.evaluated)))
