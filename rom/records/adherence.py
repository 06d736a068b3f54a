"""How regularly somebody came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from rom.records.entities import PersonContent


@dataclass(frozen=True, kw_only=True)
class Adherence:
    """How regularly somebody came back; calendar weeks begin on Monday.

    Attributes
    ----------
    days
        On which something was measured or massaged.
    weeks, weeks_with_session
        Calendar weeks from the first day to today, and those with a session.
    longest_gap_days
        Between two sessions; None with fewer than two days.
    days_since_last
        None without any.
    massages, held_s
        How many were begun, and how long spots were pressed in all.
    """

    days: tuple[date, ...]
    weeks: int
    weeks_with_session: int
    longest_gap_days: int | None
    days_since_last: int | None
    massages: int
    held_s: float


def adherence_of(content: PersonContent, *, today: date) -> Adherence:
    """How regularly there was a session with a set or a massage."""
    used = [each for each in content.sessions if each.sets or each.massages]
    days = tuple(sorted({each.session.day for each in used}))
    end = max([today, *days])
    massages = [massage for each in used for massage in each.massages]
    return Adherence(
        days=days,
        weeks=_week(end) - _week(days[0]) + 1 if days else 0,
        weeks_with_session=len({_week(day) for day in days}),
        longest_gap_days=max(((b - a).days for a, b in pairwise(days)), default=None),
        days_since_last=(end - days[-1]).days if days else None,
        massages=len(massages),
        held_s=sum(spot.held_s for massage in massages for spot in massage.spots),
    )


def _week(day: date) -> int:
    """A running number of calendar weeks."""
    return (day.toordinal() - 1) // 7
