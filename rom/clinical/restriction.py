"""Is a movement restricted? Against the usual range, or against the person's other side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rom.clinical.assessment import Assessment
from rom.clinical.comparability import find_differences
from rom.clinical.error import mdc95_of_change
from rom.clinical.norms import NormalRange, Sex, normal_range

Restricted = Literal["clearly", "possibly", "no", "unknown"]

SIDE_DIFFERENCE_FRAC = 0.10

_FROM_POSITION: dict[str, Restricted] = {
    "below": "clearly",
    "near_lower_end": "possibly",
    "within": "no",
    "not_stated": "unknown",
}


@dataclass(frozen=True)
class Restriction:
    """Whether a movement is restricted.

    `missing` names what the user could have given to know it ("age", "sex", "pre1"); empty when
    the status is known, or when nothing the user could give would help.
    """

    status: Restricted
    missing: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Clearly and possibly restricted both count within a session."""
        return self.status in ("clearly", "possibly")


def restriction_of(
    assessment: Assessment, *, normal: NormalRange | None, other_side: Assessment | None
) -> Restriction:
    """Decide from the usual range and, where it was measured, from the other side.

    A lack against the other side beyond its error counts as clearly restricted. Where no usual
    range can be asked, an other side that is not better means "no".
    """
    if not assessment.measured:
        return Restriction("unknown", ("pre1",))
    against_norm: Restricted = _FROM_POSITION[normal.position] if normal else "unknown"
    against_side = _against_other_side(assessment, other_side)
    if against_side == "clearly" or against_norm == "unknown":
        status = against_side
    else:
        status = against_norm
    missing = normal.missing if normal and status == "unknown" else ()
    return Restriction(status, missing)


def usual_range_of(
    assessment: Assessment, *, age: float | None, sex: Sex | None
) -> NormalRange | None:
    """Usual range for the age given, else the one that the assessment carries."""
    if age is None and assessment.normal_range is not None:
        return assessment.normal_range
    if assessment.accuracy_deg is None or assessment.bound is None:
        return None
    return normal_range(
        assessment.movement,
        age,
        sex,
        assessment.value_deg,
        assessment.accuracy_deg,
        bound=assessment.bound,
    )


def usable_other_side(
    other: Assessment | None, pre1: Assessment, post: Assessment
) -> Assessment | None:
    """The other side, if it may be set against both sets: one reference for both decisions."""
    if other is None:
        return None
    found = (find_differences(each, other, opposite_sides=True) for each in (pre1, post))
    return None if any(each.refuses for pair in found for each in pair) else other


def restriction_after(
    post: Assessment, *, normal: NormalRange | None, other_side: Assessment | None
) -> Restriction:
    """The last set's own refusal is told by `comparable`, so it is not a missing answer here."""
    found = restriction_of(post, normal=normal, other_side=other_side)
    return Restriction(found.status, tuple(name for name in found.missing if name != "pre1"))


def side_limit_deg(a: Assessment, b: Assessment) -> float:
    """Smallest difference between sides that is told: the MDC, or 10 % of the larger value."""
    if a.sem_deg is None or b.sem_deg is None or a.value_deg is None or b.value_deg is None:
        raise ValueError("expected two measured sides")
    tenth_deg = SIDE_DIFFERENCE_FRAC * max(abs(a.value_deg), abs(b.value_deg))
    return max(mdc95_of_change(a.sem_deg, b.sem_deg), tenth_deg)


def _against_other_side(assessment: Assessment, other: Assessment | None) -> Restricted:
    if other is None or other.value_deg is None or assessment.value_deg is None:
        return "unknown"
    if any(each.refuses for each in find_differences(assessment, other, opposite_sides=True)):
        return "unknown"
    lack_deg = other.value_deg - assessment.value_deg
    if lack_deg > side_limit_deg(assessment, other):
        return "clearly" if assessment.bound == "exact" else "unknown"
    return "no" if other.bound == "exact" else "unknown"
