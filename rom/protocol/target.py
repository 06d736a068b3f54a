"""Which movement is limited: the profile ranked, decided on the first sets alone."""

from __future__ import annotations

from dataclasses import dataclass

from rom.clinical.arc import Opposite, arcs_of
from rom.clinical.assessment import Assessment
from rom.clinical.change import figures_of
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
    """Whether the two sets before differ by more than their minimal detectable change.

    Where they show both directions it is the whole arc that counts.
    """
    if session.target is None:
        return False
    movement, side = session.target.movement, session.target.side
    first, second = (session.set_of(phase, movement, side) for phase in (Phase.PRE1, Phase.PRE2))
    if first is None or second is None:
        return False
    a, b = first.assessment, second.assessment
    before, again = (
        None if found is None else found.assessment
        for found in (session.beside(first), session.beside(second))
    )
    arcs = arcs_of(a, b, b, Opposite(pre1=before, pre2=again, post=again))
    return figures_of(a, b, b, arcs, comparable=True).unstable


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
