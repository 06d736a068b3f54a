"""Which movement is limited: the profile ranked, decided on the first sets alone."""

from __future__ import annotations

from dataclasses import dataclass

from rom.clinical.assessment import Assessment
from rom.clinical.comparability import find_differences
from rom.clinical.error import mdc95_of_change
from rom.clinical.norms import NormalRange
from rom.clinical.restriction import Restriction, restriction_of, usual_range_of
from rom.landmarks import Side
from rom.protocol.session import CheckSession
from rom.records.entities import Phase

_ORDER = ("clearly", "possibly", "unknown", "no")


@dataclass(frozen=True, kw_only=True, eq=False)
class Finding:
    """A set of the profile with its place against the usual range and the other side.

    `lack_frac` is how much is missing to the lower end of the usual range or to the other side,
    relative to it; 0 where nothing is.
    """

    assessment: Assessment
    normal: NormalRange | None
    other_side: Assessment | None
    restriction: Restriction
    lack_frac: float

    @property
    def movement(self) -> str:
        return self.assessment.movement

    @property
    def side(self) -> Side | None:
        return self.assessment.side


def findings(session: CheckSession) -> tuple[Finding, ...]:
    """The measured sets of the profile, the most limited first.

    Clearly restricted comes before possibly and before what is not known; within each, the larger
    lack first, then the order of filming.
    """
    sets = session.measured(Phase.PRE1)
    found = [_finding(session, each, sets) for each in sets]
    return tuple(sorted(found, key=lambda each: (_place(each.restriction), -each.lack_frac)))


def other_side_of(assessment: Assessment, sets: tuple[Assessment, ...]) -> Assessment | None:
    """The other side's set of the same movement, if it was measured."""
    if assessment.side is None:
        return None
    wanted = assessment.movement, assessment.side.other
    return next((each for each in sets if (each.movement, each.side) == wanted), None)


def unsettled(session: CheckSession) -> bool:
    """Whether the two sets before differ by more than their minimal detectable change."""
    if session.target is None:
        return False
    movement, side = session.target.movement, session.target.side
    first = session.set_of(Phase.PRE1, movement, side)
    second = session.set_of(Phase.PRE2, movement, side)
    if first is None or second is None:
        return False
    a, b = first.assessment, second.assessment
    if "at_least" in (a.bound, b.bound) or any(each.refuses for each in find_differences(a, b)):
        return False
    assert a.value_deg is not None and b.value_deg is not None
    assert a.sem_deg is not None and b.sem_deg is not None
    return abs(b.value_deg - a.value_deg) > mdc95_of_change(a.sem_deg, b.sem_deg)


def _finding(
    session: CheckSession, assessment: Assessment, sets: tuple[Assessment, ...]
) -> Finding:
    other = other_side_of(assessment, sets)
    normal = usual_range_of(assessment, age=session.plan.age, sex=session.plan.sex)
    return Finding(
        assessment=assessment,
        normal=normal,
        other_side=other,
        restriction=restriction_of(assessment, normal=normal, other_side=other),
        lack_frac=_lack_frac(assessment, normal, other),
    )


def _lack_frac(
    assessment: Assessment, normal: NormalRange | None, other: Assessment | None
) -> float:
    value_deg = assessment.value_deg
    assert value_deg is not None  # only measured sets are ranked
    references_deg = [normal.lower_deg if normal else None, other.value_deg if other else None]
    lacks = [
        (reference - value_deg) / reference
        for reference in references_deg
        if reference is not None and reference > 0
    ]
    return max([0.0, *lacks])


def _place(restriction: Restriction) -> int:
    return _ORDER.index(restriction.status)
