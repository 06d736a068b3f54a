"""Change, drift and their smallest detectable size, of sets or of the arcs that they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rom.clinical.arc import Arcs
from rom.clinical.assessment import Assessment
from rom.clinical.comparability import find_differences
from rom.clinical.error import mdc95_of_change
from rom.clinical.norms import Bound


class Reading(Protocol):
    """A value with its error, of one direction or of both together."""

    @property
    def value_deg(self) -> float | None: ...
    @property
    def sem_deg(self) -> float | None: ...
    @property
    def bound(self) -> Bound | None: ...


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Change, its MDC, the drift between the sets before, and whether it is beyond its own MDC."""

    change_deg: float | None
    mdc95_deg: float | None
    drift_deg: float | None
    unstable: bool


def figures_of(
    pre1: Assessment,
    pre2: Assessment | None,
    post: Assessment,
    arcs: Arcs | None,
    *,
    comparable: bool,
) -> Figures:
    """What before and after say: of the arcs where there are some, else of the sets."""
    first, second, last = readings_of(pre1, pre2, post, arcs)
    baseline = second or first
    drift, drift_limit = _drift_deg(first, second), mdc_deg(first, second)
    if pre2 is not None and not _filmed_alike(pre1, pre2):
        drift = None
    beyond = drift is not None and drift_limit is not None and abs(drift) > drift_limit
    return Figures(
        change_deg=difference_deg(baseline, last) if comparable else None,
        mdc95_deg=mdc_deg(baseline, last) if comparable else None,
        drift_deg=drift,
        unstable=comparable and beyond,
    )


def readings_of(
    pre1: Assessment, pre2: Assessment | None, post: Assessment, arcs: Arcs | None
) -> tuple[Reading | None, Reading | None, Reading]:
    """What is compared: the arcs where there are some, else the sets."""
    return (pre1, pre2, post) if arcs is None else (arcs.pre1, arcs.pre2, arcs.post)


def difference_deg(before: Reading | None, after: Reading) -> float | None:
    """After − before; None without both."""
    if before is None or before.value_deg is None or after.value_deg is None:
        return None
    return after.value_deg - before.value_deg


def mdc_deg(before: Reading | None, after: Reading | None) -> float | None:
    """Smallest change that the two can show; None without both."""
    if before is None or after is None or before.sem_deg is None or after.sem_deg is None:
        return None
    return mdc95_of_change(before.sem_deg, after.sem_deg)


def _drift_deg(first: Reading | None, second: Reading | None) -> float | None:
    if first is None or second is None or "at_least" in (first.bound, second.bound):
        return None
    return difference_deg(first, second)


def _filmed_alike(pre1: Assessment, pre2: Assessment) -> bool:
    return not any(each.refuses for each in find_differences(pre1, pre2))
