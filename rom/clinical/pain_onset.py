"""Where in a movement pain begins, by the person's own marks, and whether that has changed.

It is told like the value of a set: the median over the repetitions, with the error that as many
readings with this scatter have, and a change only beyond its own minimal detectable change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rom.clinical.assessment import Assessment
from rom.clinical.error import MDC95_FACTOR, mdc95_of_change, sem_deg, set_value_deg
from rom.clinical.tables import read_table

OnsetVerdict = Literal["later", "earlier", "no_measurable_change"]


@dataclass(frozen=True, kw_only=True)
class PainOnset:
    """The start of pain in a set.

    Attributes
    ----------
    angle_deg
        Median of the angles at the first mark of each counted repetition that has one.
    sem_deg
        As for a value that is the median of these angles; never below that of the set's own value.
    repetitions, counted
        In how many repetitions it was marked, of how many that count.
    """

    angle_deg: float
    sem_deg: float
    repetitions: int
    counted: int

    @property
    def half_width_deg(self) -> float:
        """95 % half-width against other sets of this person on this day."""
        return MDC95_FACTOR * self.sem_deg


@dataclass(frozen=True, kw_only=True)
class OnsetChange:
    """The start of pain before and after.

    Attributes
    ----------
    before, after
        None where no start of pain was marked.
    change_deg
        After − before, positive where it begins later in the movement; None without both.
    limit_deg
        What `change_deg` has to exceed, the MDC; None without both.
    verdict
        None where no change may be stated.
    """

    before: PainOnset | None
    after: PainOnset | None
    change_deg: float | None = None
    limit_deg: float | None = None
    verdict: OnsetVerdict | None = None


def pain_onset_of(assessment: Assessment) -> PainOnset | None:
    """The start of pain in a set; None where it was not measured or nothing was marked in it."""
    if assessment.sem_deg is None:
        return None
    counts = [each.counted for each in assessment.repetitions]
    angles_deg = [
        mark.angle_deg
        for mark in assessment.pain_marks
        if mark.repetition is not None and mark.angle_deg is not None and counts[mark.repetition]
    ]
    if not angles_deg:
        return None
    return PainOnset(
        angle_deg=set_value_deg(angles_deg),
        sem_deg=max(assessment.sem_deg, _sem_deg(assessment, angles_deg)),
        repetitions=len(angles_deg),
        counted=sum(counts),
    )


def onset_change(before: Assessment, after: Assessment, *, stable: bool = True) -> OnsetChange:
    """Compare the start of pain of two sets that may be compared.

    No change is stated where the sets before were not `stable`.
    """
    first, last = pain_onset_of(before), pain_onset_of(after)
    if first is None or last is None or not stable:
        return OnsetChange(before=first, after=last)
    change_deg = last.angle_deg - first.angle_deg
    limit_deg = mdc95_of_change(first.sem_deg, last.sem_deg)
    verdict: OnsetVerdict = "later" if change_deg > 0 else "earlier"
    if abs(change_deg) <= limit_deg:
        verdict = "no_measurable_change"
    return OnsetChange(
        before=first, after=last, change_deg=change_deg, limit_deg=limit_deg, verdict=verdict
    )


def _sem_deg(assessment: Assessment, angles_deg: list[float]) -> float:
    """The error of a median of these angles; 0 for a movement outside the tables."""
    known = {row["movement_id"] for row in read_table("measurement_error.csv")}
    if assessment.movement not in known:
        return 0.0
    yaw_deg = assessment.view.yaw_deg if assessment.view else None
    return sem_deg(movement=assessment.movement, peaks_deg=angles_deg, yaw_deg=yaw_deg)
