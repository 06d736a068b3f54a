"""Assessments and comparisons as the records keep them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rom.clinical.arc import Opposite
from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison, compare, compare_sides
from rom.clinical.norms import Sex
from rom.records.entities import SessionResult, new_id


def result_of_comparison(
    comparison: Comparison, session_id: str, set_ids: Mapping[str, str]
) -> SessionResult:
    """What is kept of a comparison; `set_ids` are its sets by their roles.

    The protective signs before are those of the first set, as the weeks go by them.
    """
    sides = comparison.kind == "left_right"
    protective = comparison.protective
    return SessionResult(
        id=new_id(),
        session_id=session_id,
        kind=comparison.kind,
        movement=comparison.post.movement,
        side=None if sides else comparison.post.side,
        set_ids=dict(set_ids),
        change_deg=comparison.change_deg,
        drift_deg=comparison.drift_deg,
        mdc95_deg=comparison.mdc95_deg,
        limit_deg=comparison.limit_deg,
        verdict=comparison.verdict,
        label_id=comparison.label.id if comparison.label else None,
        label_reason=comparison.label_reason,
        pain_before=comparison.pain_before,
        pain_after=comparison.pain_after,
        worse=comparison.worse,
        restricted_before=comparison.restricted_before,
        restricted_after=comparison.restricted_after,
        protective_before=(
            comparison.protective_at_first.verdict if protective else "not_evaluable"
        ),
        protective_after=protective[1].verdict if protective else "not_evaluable",
        text=comparison.text,
    )


def opposite_roles(roles: Iterable[str]) -> dict[str, str]:
    """The role of the other direction of each set, by the set's own.

    >>> opposite_roles(["pre1"])
    {'pre1': 'pre1_opposite'}
    """
    return {role: f"{role}_opposite" for role in roles}


def named_sets(comparison: Comparison) -> dict[str, Assessment]:
    """The sets of a comparison by their roles."""
    if comparison.kind == "left_right":
        return {"left": comparison.pre1, "right": comparison.post}
    middle = {"pre2": comparison.pre2} if comparison.pre2 else {}
    return {"pre1": comparison.pre1, **middle, "post": comparison.post}


def told_anew(
    result: SessionResult, sets: Mapping[str, Assessment], *, age: int | None, sex: Sex | None
) -> Comparison:
    """What the sets of a result say as they stand now; `sets` are by their roles."""
    if result.kind == "left_right":
        return compare_sides(sets["left"], sets["right"], age=age, sex=sex)
    return compare(
        sets["pre1"],
        sets["post"],
        pre2=sets.get("pre2"),
        pain_before=result.pain_before,
        pain_after=result.pain_after,
        worse=result.worse,
        other_side=sets.get("pre1_opposite"),
        opposite=_opposite(sets) if result.of_arc else None,
        age=age,
        sex=sex,
    )


def _opposite(sets: Mapping[str, Assessment]) -> Opposite:
    roles = opposite_roles(("pre1", "pre2", "post"))
    return Opposite(**{role: sets.get(other) for role, other in roles.items()})
