"""Two errors, never mixed: `sem_deg` is for change in one person, `accuracy_deg` for norms.

For change, bias that differs between bodies cancels and what remains is the standard error of
measurement (SEM) of a set's value. For comparison with other people that bias counts in full.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rom.clinical.tables import number_of, optional_number_of, read_table, text_of
from rom.quality.limits import limits

MDC95_FACTOR = 1.96
"""Two-sided 95 % of the normal distribution."""

MDC95_PER_SEM = 2.77
"""1.96 · √2: the smallest detectable difference of two values with the same SEM."""

PRIOR_DEGREES_OF_FREEDOM = 4.0
"""Weight of the movement's usual repetition variance against the set's own.

Three repetitions bring two degrees of freedom, so their variance counts for a third. Simulated
with people whose repetition SD differs by 35 %, three repetitions and nothing changed: 4.7 %
false changes with 4, 5.8 % with the usual variance alone, and 17 to 30 % are reported for the
set's own alone. Smaller values protect people who scatter widely a little better, larger ones a
little worse (2: 4.2 %, 10: 5.1 %).
"""

_MEDIAN_VARIANCE = dict(
    enumerate((1.5, 0.5, 0.45, 0.30, 0.29, 0.215, 0.21, 0.17, 0.166, 0.138), start=1)
)
"""Variance of the median of n normal values, relative to one value's.

One repetition says nothing of its own scatter, so its 1.0 is raised to 1.5: without that a person
whose repetitions differ more than usual is given false changes (6 to 8 % instead of 5 %).
"""


@dataclass(frozen=True, kw_only=True)
class ErrorFigures:
    """Measurement error of one movement in one kind of view.

    Attributes
    ----------
    mdc95_within_deg
        Smallest detectable change within a session that is ever claimed; the larger of the
        movement's prior and the published floor.
    instrument_sd_deg
        Repeatability of the reading: same motion, filmed again.
    set_sd_deg
        How far a person's sets differ when nothing changed.
    repetition_sd_deg
        How far repetitions within a set usually differ.
    accuracy_deg
        95 % half-width against the true angle, bias between bodies and views included.
    source, evidence
        Where the figures come from, and their evidence mark.
    """

    movement: str
    mdc95_within_deg: float
    instrument_sd_deg: float
    set_sd_deg: float
    repetition_sd_deg: float
    accuracy_deg: float
    source: str
    evidence: str


def error_figures(movement: str, *, yaw_deg: float | None = None) -> ErrorFigures:
    """Look up the error figures of a movement in ``measurement_error.csv``.

    Rows of one movement are for views up to `yaw_max_deg` off the movement plane; a blank limit
    is any view. The narrowest row that holds the view is taken, the widest for an unknown one.

    Raises
    ------
    ValueError
        For a movement, or a view of it, that the table does not hold.
    """

    def limit(row: dict[str, str | None]) -> float:
        yaw_max = optional_number_of(row, "yaw_max_deg")
        return math.inf if yaw_max is None else yaw_max

    rows = [row for row in read_table("measurement_error.csv") if row["movement_id"] == movement]
    rows.sort(key=limit)
    fitting = rows[-1:]
    if yaw_deg is not None and math.isfinite(yaw_deg):
        fitting = [row for row in rows if limit(row) >= abs(yaw_deg)]
    if not fitting:
        raise ValueError(f"expected a movement and view of known error, got {movement}, {yaw_deg}°")
    row = fitting[0]
    return ErrorFigures(
        movement=movement,
        mdc95_within_deg=number_of(row, "mdc95_within_deg"),
        instrument_sd_deg=number_of(row, "instrument_sd_deg"),
        set_sd_deg=number_of(row, "set_sd_deg"),
        repetition_sd_deg=number_of(row, "repetition_sd_deg"),
        accuracy_deg=number_of(row, "accuracy_deg"),
        source=text_of(row, "source"),
        evidence=text_of(row, "evidence_status"),
    )


def best_accuracy_deg(movement: str) -> float:
    """`accuracy_deg` of a movement in the view in which it is read best."""
    rows = (row for row in read_table("measurement_error.csv") if row["movement_id"] == movement)
    return min(number_of(row, "accuracy_deg") for row in rows)


def read_too_poorly(movement: str) -> bool:
    """Whether no view gives a value of a movement that is worth showing (`accuracy_too_poor`)."""
    beyond_deg = limits()["accuracy_too_poor"].blocking
    return beyond_deg is not None and best_accuracy_deg(movement) > beyond_deg


def set_value_deg(peaks_deg: Sequence[float]) -> float:
    """Value of a set: the median of its counted repetitions' peaks, never the best one.

    Raises
    ------
    ValueError
        Without a peak, or with one that is not a number.
    """
    peaks = _finite(peaks_deg)
    return float(np.median(peaks))


def sem_deg(*, movement: str, peaks_deg: Sequence[float], yaw_deg: float | None = None) -> float:
    """Standard error of measurement of a set's value, for change within one person and session.

    The larger of the prior (MDC95 / 2.77) and the root of instrument variance + set-to-set
    variance + variance of the median of the repetitions. The repetition variance is the set's
    own, shrunk towards the movement's usual one; with one or two repetitions the median varies
    more and the error grows accordingly.
    """
    peaks = _finite(peaks_deg)
    figures = error_figures(movement, yaw_deg=yaw_deg)
    own_freedom = len(peaks) - 1
    own_variance = float(np.var(peaks, ddof=1)) if own_freedom else 0.0
    usual_variance = figures.repetition_sd_deg**2
    repetition_variance = (
        PRIOR_DEGREES_OF_FREEDOM * usual_variance + own_freedom * own_variance
    ) / (PRIOR_DEGREES_OF_FREEDOM + own_freedom)
    spread = math.sqrt(
        figures.instrument_sd_deg**2
        + figures.set_sd_deg**2
        + median_variance_frac(len(peaks)) * repetition_variance
    )
    return max(figures.mdc95_within_deg / MDC95_PER_SEM, spread)


def usual_sem_deg(movement: str, *, yaw_deg: float | None = None) -> float:
    """Standard error of a set of three repetitions that scatter as usual."""
    figures = error_figures(movement, yaw_deg=yaw_deg)
    spread = math.sqrt(
        figures.instrument_sd_deg**2
        + figures.set_sd_deg**2
        + median_variance_frac(3) * figures.repetition_sd_deg**2
    )
    return max(figures.mdc95_within_deg / MDC95_PER_SEM, spread)


def mdc95_deg(sem: float) -> float:
    """Smallest change that two sets of this SEM can show with 95 % confidence.

    >>> round(mdc95_deg(3.0), 1)
    8.3
    """
    return mdc95_of_change(sem, sem)


def mdc95_of_change(sem_a: float, sem_b: float) -> float:
    """Minimal detectable change between two sets, 1.96 · √(a² + b²).

    >>> round(mdc95_of_change(3.0, 4.0), 1)
    9.8
    """
    return MDC95_FACTOR * math.hypot(sem_a, sem_b)


def accuracy_deg(
    movement: str, *, peaks_deg: Sequence[float] = (), yaw_deg: float | None = None
) -> float:
    """95 % half-width of a value against the true angle, for comparison with other people.

    Never smaller than 1.96 · SEM of the set: a value cannot be truer than it is repeatable.
    """
    known = error_figures(movement, yaw_deg=yaw_deg).accuracy_deg
    if len(peaks_deg) == 0:
        return known
    repeat = sem_deg(movement=movement, peaks_deg=peaks_deg, yaw_deg=yaw_deg)
    return max(known, MDC95_FACTOR * repeat)


def median_variance_frac(count: int) -> float:
    """Variance of the median of `count` repetitions relative to that of one; above ten π / 2n."""
    return _MEDIAN_VARIANCE.get(count, math.pi / (2 * count))


def _finite(peaks_deg: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    peaks = np.asarray(peaks_deg, dtype=np.float64)
    if peaks.size == 0 or not np.isfinite(peaks).all():
        raise ValueError(f"expected at least one peak and only numbers, got {list(peaks_deg)}")
    return peaks
