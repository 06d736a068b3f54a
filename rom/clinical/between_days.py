"""Today against an earlier day: from one day to another a person varies more than within one.

A healthy neck measured six times in three weeks with one device varied by 12 to 20°
(CHRISTENSEN1998 in ``reliability.csv``), so changes between days have their own, larger limit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rom.clinical.assessment import Assessment
from rom.clinical.comparability import check_same_movement, find_differences, value_refusals
from rom.clinical.error import mdc95_of_change
from rom.clinical.history_wording import day_sentences
from rom.clinical.tables import number_of, read_table
from rom.errors import UsageError

DayVerdict = Literal["gain", "loss", "no_measurable_change", "not_comparable"]


@dataclass(frozen=True, kw_only=True, eq=False)
class DayComparison:
    """The first sets of two days.

    Attributes
    ----------
    change_deg
        later − earlier; None if not comparable.
    mdc95_deg
        What the change has to exceed; None if not comparable.
    refusals, remarks
        Why the sets may not be compared, and what differs without forbidding it.
    """

    earlier: Assessment
    later: Assessment
    earlier_day: date
    later_day: date
    change_deg: float | None
    mdc95_deg: float | None
    verdict: DayVerdict
    refusals: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The result in plain words, the most important first."""
        return day_sentences(self)


def mdc95_between_days_deg(movement: str, *sems_deg: float) -> float:
    """Smallest detectable change between two single sets of different days.

    The larger of the movement's prior in ``norm_defaults.csv`` and 1.96 · √2 times the root mean
    square of the sets' own errors, which the prior does not know.

    Raises
    ------
    ValueError
        For a movement that the table does not hold.
    """
    rows = [row for row in read_table("norm_defaults.csv") if row["movement_id"] == movement]
    if not rows:
        raise ValueError(f"expected a movement of norm_defaults.csv, got {movement}")
    prior_deg = max(number_of(row, "mdc95_between_day_prior") for row in rows)
    if not sems_deg:
        return prior_deg
    sem_deg = math.sqrt(sum(sem**2 for sem in sems_deg) / len(sems_deg))
    return max(prior_deg, mdc95_of_change(sem_deg, sem_deg))


def compare_days(
    earlier: Assessment, later: Assessment, *, earlier_day: date, later_day: date
) -> DayComparison:
    """Compare the first set of a day with the first set of an earlier day.

    Take the first sets (Pre 1): a set after massage, or after another set, is warmed up.

    Raises
    ------
    UsageError
        For different movements, or a later day that is not later.
    """
    check_same_movement(earlier, later)
    if later_day <= earlier_day:
        raise UsageError(
            f"Expected a day after {earlier_day.isoformat()}, got {later_day.isoformat()}; "
            "correct the dates, or compare sets of one day as before and after"
        )
    differences = find_differences(earlier, later)
    refusals = (
        *value_refusals(earlier, "The set of the earlier day"),
        *value_refusals(later, "The set of the later day"),
        *(each.sentence for each in differences if each.refuses),
    )
    change_deg, limit_deg = (None, None) if refusals else _change(earlier, later)
    return DayComparison(
        earlier=earlier,
        later=later,
        earlier_day=earlier_day,
        later_day=later_day,
        change_deg=change_deg,
        mdc95_deg=limit_deg,
        verdict=_verdict(change_deg, limit_deg),
        refusals=refusals,
        remarks=tuple(each.sentence for each in differences if not each.refuses),
    )


def _change(earlier: Assessment, later: Assessment) -> tuple[float, float]:
    assert earlier.value_deg is not None and later.value_deg is not None
    assert earlier.sem_deg is not None and later.sem_deg is not None
    limit_deg = mdc95_between_days_deg(later.movement, earlier.sem_deg, later.sem_deg)
    return later.value_deg - earlier.value_deg, limit_deg


def _verdict(change_deg: float | None, limit_deg: float | None) -> DayVerdict:
    if change_deg is None or limit_deg is None:
        return "not_comparable"
    if abs(change_deg) <= limit_deg:
        return "no_measurable_change"
    return "gain" if change_deg > 0 else "loss"
