"""Has range, or pain, changed over sessions? The last three sessions against the first three.

With fewer than six sessions as many are taken as fit without counting one twice, k of each. The
mean of k sessions of either end differs by chance by up to MDC / √k, with the MDC of two single
sessions on different days; beyond that range rose or fell. "Unchanged" is more than the absence of
a difference: the 90 % interval of the change has to lie within that limit (an equivalence test).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rom.clinical.decisions import PAIN_FALL_POINTS, PAIN_RISE_POINTS, pain_fell
from rom.clinical.error import MDC95_PER_SEM, PRIOR_DEGREES_OF_FREEDOM
from rom.clinical.norms import ONE_SIDED_95

TrendClass = Literal["rose", "fell", "unchanged", "open", "unknown"]

SESSIONS_OF_AN_END = 3
SESSIONS_NEEDED = 3


@dataclass(frozen=True, kw_only=True)
class Trend:
    """Change of the mean between the first sessions and the last ones.

    Attributes
    ----------
    sessions
        How many sessions each mean is of.
    first, last
        The two means, in degrees or in points of pain.
    limit
        What the change has to exceed.
    verdict
        "open" is neither beyond the limit nor shown to lie within it.
    """

    sessions: int
    first: float
    last: float
    limit: float
    verdict: TrendClass

    @property
    def change(self) -> float:
        return self.last - self.first


def range_trend(values_deg: Sequence[float], *, mdc95_deg: float) -> Trend | None:
    """Trend of the range over sessions, in order; None with fewer than three.

    `mdc95_deg` is the smallest detectable change between two single sessions on different days.
    """
    count = _sessions_of_an_end(values_deg)
    if count is None:
        return None
    first, last = float(np.mean(values_deg[:count])), float(np.mean(values_deg[-count:]))
    limit = mdc95_deg / math.sqrt(count)
    sd_deg = between_day_sd_deg(values_deg, mdc95_deg=mdc95_deg)
    half_width = ONE_SIDED_95 * sd_deg * math.sqrt(2 / count)
    verdict: TrendClass = "open"
    if abs(last - first) > limit:
        verdict = "rose" if last > first else "fell"
    elif abs(last - first) + half_width <= limit:
        verdict = "unchanged"
    return Trend(sessions=count, first=first, last=last, limit=limit, verdict=verdict)


def plateau_trend(values_deg: Sequence[float], *, mdc95_deg: float) -> Trend | None:
    """The last three sessions against the three before them; None with fewer than six."""
    last_deg = values_deg[-2 * SESSIONS_OF_AN_END :]
    if len(last_deg) < 2 * SESSIONS_OF_AN_END:
        return None
    return range_trend(last_deg, mdc95_deg=mdc95_deg)


def pain_trend(scores: Sequence[float]) -> Trend | None:
    """Trend of pain over sessions, in order; None with fewer than three.

    It fell as within a session (by 2 points and 30 %) and rose by 2 points, or by 3 where a single
    rating stands against a single one: two points of one rating are common by chance.
    """
    count = _sessions_of_an_end(scores)
    if count is None:
        return None
    first, last = float(np.mean(scores[:count])), float(np.mean(scores[-count:]))
    limit = PAIN_RISE_POINTS if count == 1 else PAIN_FALL_POINTS
    verdict: TrendClass = "open"
    if last - first >= limit:
        verdict = "rose"
    elif pain_fell(first, last):
        verdict = "fell"
    elif abs(last - first) < PAIN_FALL_POINTS:
        verdict = "unchanged"
    return Trend(sessions=count, first=first, last=last, limit=limit, verdict=verdict)


def between_day_sd_deg(values_deg: Sequence[float], *, mdc95_deg: float) -> float:
    """How far single sessions scatter: the person's own, shrunk towards the usual one.

    The own variance is half the mean square of successive differences, which a slow trend hardly
    raises; the usual one is the MDC's.
    """
    usual_variance = (mdc95_deg / MDC95_PER_SEM) ** 2
    steps_deg = np.diff(np.asarray(values_deg, dtype=np.float64))
    own_variance = float(np.mean(steps_deg**2)) / 2 if steps_deg.size else 0.0
    weight = PRIOR_DEGREES_OF_FREEDOM
    return math.sqrt(
        (weight * usual_variance + steps_deg.size * own_variance) / (weight + steps_deg.size)
    )


def _sessions_of_an_end(values: Sequence[float]) -> int | None:
    if len(values) < SESSIONS_NEEDED:
        return None
    return min(SESSIONS_OF_AN_END, len(values) // 2)
