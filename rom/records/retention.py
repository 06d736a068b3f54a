"""What was left of a gain when the next session began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from rom.clinical.assessment import Assessment
from rom.clinical.between_days import mdc95_between_days_deg
from rom.clinical.comparability import find_differences
from rom.records.visits import Visit

Retained = Literal["kept", "not_shown"]


@dataclass(frozen=True, kw_only=True)
class Retention:
    """What was left of a gain when the next session began.

    Attributes
    ----------
    gain_deg
        Of the session, in which it exceeded the measurement error.
    kept_deg
        First set of the next session − first set of this one: both before any massage.
    limit_deg
        What is common between days; only more than that counts as kept.
    """

    day: date
    next_day: date
    gain_deg: float
    kept_deg: float
    limit_deg: float

    @property
    def verdict(self) -> Retained:
        return "kept" if self.kept_deg > self.limit_deg else "not_shown"


def retention_of(visits: Sequence[Visit]) -> tuple[Retention, ...]:
    """What was left of each gain at the next session that may be set against it."""
    found = []
    for visit, following in pairwise(_days_apart(visits)):
        result = visit.result
        if result is None or result.verdict != "gain" or result.change_deg is None:
            continue
        if result.of_arc:  # days are compared by one direction, which is no part of that gain
            continue
        first, later = visit.first, following.first
        assert first is not None and later is not None
        kept = _difference(first.assessment, later.assessment)
        if kept is None:
            continue
        found.append(
            Retention(
                day=visit.day,
                next_day=following.day,
                gain_deg=result.change_deg,
                kept_deg=kept[0],
                limit_deg=kept[1],
            )
        )
    return tuple(found)


def _days_apart(visits: Sequence[Visit]) -> list[Visit]:
    """The visits with a first set, of each day the last one."""
    by_day = {visit.day: visit for visit in visits if visit.first is not None}
    return [by_day[day] for day in sorted(by_day)]


def _difference(earlier: Assessment, later: Assessment) -> tuple[float, float] | None:
    """Change between days and what is common; None where the sets may not be compared."""
    if earlier.value_deg is None or later.value_deg is None:
        return None
    if "at_least" in (earlier.bound, later.bound):
        return None
    if any(each.refuses for each in find_differences(earlier, later)):
        return None
    assert earlier.sem_deg is not None and later.sem_deg is not None
    limit_deg = mdc95_between_days_deg(later.movement, earlier.sem_deg, later.sem_deg)
    return later.value_deg - earlier.value_deg, limit_deg
