"""What is kept of each session of one movement and side, to be judged over days and weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from rom.clinical.assessment import Provenance, ViewSummary
from rom.clinical.comparability import check_same_movement, find_differences
from rom.clinical.comparison import Comparison
from rom.clinical.decisions import PAIN_WORTH_EASING, check_pain, rules_of
from rom.clinical.restriction import Restricted
from rom.errors import UsageError
from rom.landmarks import Side

ProtectiveSigns = Literal["several", "none", "not_evaluable"]

UNJUDGED = ("D00", "D02")
"""Labels of sessions whose sets do not serve: not measured reliably, unstable before."""


@dataclass(frozen=True, kw_only=True)
class SessionRecord:
    """One session of one movement and side.

    Attributes
    ----------
    label_id
        Rule of the session label ("D04"); None where the session had none.
    pre1_deg
        Value of the first set before, the one that earlier sessions can be set against; None if
        not measured, or only as a bound.
    sem_deg
        Its standard error of measurement; None without a value.
    pain
        On the movement, before the massage, 0 to 10; None if not asked.
    restricted
        Decided on the first set.
    protective_signs
        The composite of the protective signs on the first set.
    flare_over_24_h
        Whether it hurt more than before for more than 24 hours afterwards; None if not asked yet.
    view, provenance
        How the first set was filmed and analysed.

    Raises
    ------
    UsageError
        For a pain score outside 0 to 10, or a label that no session rule gives.
    ValueError
        For a value without its error, or an error without a value.
    """

    day: date
    movement: str
    side: Side | None
    label_id: str | None
    pre1_deg: float | None
    sem_deg: float | None
    pain: float | None
    restricted: Restricted
    protective_signs: ProtectiveSigns
    flare_over_24_h: bool | None = None
    view: ViewSummary | None
    provenance: Provenance

    def __post_init__(self) -> None:
        check_pain(self.pain)
        known = [row["rule_id"] for row in rules_of("session")]
        if self.label_id is not None and self.label_id not in known:
            raise UsageError(
                f"Expected a session label from {min(map(str, known))} to {max(map(str, known))}, "
                f"got {self.label_id}; correct the record"
            )
        if (self.pre1_deg is None) != (self.sem_deg is None):
            raise ValueError(f"expected a value with its error, got {self.pre1_deg, self.sem_deg}")

    @property
    def signs(self) -> ProtectiveSigns:
        """The composite; it asks for pain of 3 or more, so with less it is absent in any case."""
        if self.pain is not None and self.pain < PAIN_WORTH_EASING:
            return "none"
        return self.protective_signs


def record_of(
    comparison: Comparison, day: date, *, flare_over_24_h: bool | None = None
) -> SessionRecord:
    """What is kept of a session that was compared on this day."""
    first = comparison.pre1
    exact = first.bound == "exact"
    return SessionRecord(
        day=day,
        movement=first.movement,
        side=first.side,
        label_id=comparison.label.id if comparison.label else None,
        pre1_deg=first.value_deg if exact else None,
        sem_deg=first.sem_deg if exact else None,
        pain=comparison.pain_before,
        restricted=comparison.restricted_before,
        protective_signs=comparison.protective_at_first.verdict,
        flare_over_24_h=flare_over_24_h,
        view=first.view,
        provenance=first.provenance,
    )


def check_history(records: Sequence[SessionRecord], *, today: date | None = None) -> None:
    """Raise UsageError unless the sessions are of one movement and side, in order of their days."""
    check_same_movement(*records)
    sides = dict.fromkeys(record.side for record in records)
    if len(sides) > 1:
        names = " and ".join(str(side) if side else "no side" for side in sides)
        raise UsageError(
            f"Expected sessions of one side, got {names}; look at each side on its own"
        )
    check_days(*(record.day for record in records), *([today] if today else []))


def check_days(*days: date) -> None:
    """Raise UsageError for days that run backwards; several sessions on one day are in order."""
    for earlier, later in pairwise(days):
        if later < earlier:
            raise UsageError(
                f"Expected days in order, got {later.isoformat()} after {earlier.isoformat()}; "
                "correct the dates"
            )


def like_the_latest(records: Sequence[SessionRecord]) -> tuple[SessionRecord, ...]:
    """The sessions with a value that may be set against the latest one with a value."""
    measured = [record for record in records if record.pre1_deg is not None]
    return tuple(
        record
        for record in measured
        if not any(each.refuses for each in find_differences(record, measured[-1]))
    )


def valid_sessions(records: Sequence[SessionRecord]) -> tuple[SessionRecord, ...]:
    """The sessions whose first set serves to judge the range over weeks."""
    return like_the_latest([record for record in records if record.label_id not in UNJUDGED])
