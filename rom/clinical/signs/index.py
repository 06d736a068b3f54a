"""The composite of the protective signs (`PX_protective_index`), scored alike before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rom.clinical.signs.judged import Sign
from rom.clinical.signs.rules import compensation_rules, sign_rules

Verdict = Literal["several", "none", "not_evaluable"]

INDEX_CODES = ("slow", "stop_or_rough", "compensation", "asymmetry", "bracing")
"""What counts towards the index; stops and loss of smoothness count as one, and so do all
compensations together, if they were there before the last tenth of the way."""

_SINGLE = {
    "slow": "slow",
    "hesitation": "stop_or_rough",
    "less_smooth": "stop_or_rough",
    "asymmetry": "asymmetry",
    "bracing": "bracing",
}


@dataclass(frozen=True, kw_only=True)
class ProtectiveIndex:
    """Whether several protective signs came with a painful movement.

    Attributes
    ----------
    verdict
        "several", "none" (fewer than two), or "not_evaluable".
    present, evaluated
        Out of `INDEX_CODES`.
    reason
        Why it is not evaluable, in words for the user; None otherwise.
    """

    verdict: Verdict
    present: tuple[str, ...]
    evaluated: tuple[str, ...]
    reason: str | None


def protective_index(
    signs: Sequence[Sign],
    *,
    movement: str,
    measured: bool,
    among: Sequence[str] = INDEX_CODES,
) -> ProtectiveIndex:
    """Score one set.

    Parameters
    ----------
    signs
        Of the set, with `movement_pain`, and `asymmetry` where it was judged.
    measured
        Whether the set passed all quality gates.
    among
        What may count; `protective_indices` narrows it to what both sets could show.
    """
    needed = round(sign_rules()["protective_index"].threshold)
    evaluated = tuple(code for code in among if code in _judged(signs, movement))
    found = _found(signs, movement)
    present = tuple(code for code in evaluated if code in found)
    pain = next((sign for sign in signs if sign.code == "movement_pain"), None)
    reason = None
    if not measured:
        reason = "The set could not be measured."
    elif pain is None or not pain.evaluated:
        reason = "Pain during this movement was not asked for."
    elif len(evaluated) < needed:
        reason = f"Fewer than {needed} of the signs could be judged in this movement."
    if reason is not None or pain is None:
        return ProtectiveIndex(
            verdict="not_evaluable", present=present, evaluated=evaluated, reason=reason
        )
    verdict: Verdict = "several" if pain.present and len(present) >= needed else "none"
    return ProtectiveIndex(verdict=verdict, present=present, evaluated=evaluated, reason=None)


def protective_indices(
    before: Sequence[Sign],
    after: Sequence[Sign],
    *,
    movement: str,
    measured: tuple[bool, bool] = (True, True),
) -> tuple[ProtectiveIndex, ProtectiveIndex]:
    """Score a set before and one after by the same signs: those that both of them could show."""
    both = _judged(before, movement) & _judged(after, movement)
    among = [code for code in INDEX_CODES if code in both]
    first = protective_index(before, movement=movement, measured=measured[0], among=among)
    second = protective_index(after, movement=movement, measured=measured[1], among=among)
    return first, second


def _judged(signs: Sequence[Sign], movement: str) -> set[str]:
    return {_role(sign, movement) for sign in signs if sign.evaluated} & set(INDEX_CODES)


def _found(signs: Sequence[Sign], movement: str) -> set[str]:
    return {
        role
        for sign in signs
        if sign.present and ((role := _role(sign, movement)) != "compensation" or sign.early)
    }


def _role(sign: Sign, movement: str) -> str:
    """What a sign counts as; itself where it does not count."""
    if sign.code in _SINGLE:
        return _SINGLE[sign.code]
    own = {rule.code for rule in compensation_rules(movement)}
    return "compensation" if sign.code in own else sign.code
