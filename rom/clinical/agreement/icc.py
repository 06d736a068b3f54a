"""Intraclass correlation of single readings from two-way analysis of variance.

ICC(A,1), absolute agreement, equals ICC(2,1) of Shrout & Fleiss 1979, and ICC(C,1), consistency,
their ICC(3,1) (doi:10.1037/0033-2909.86.2.420). The intervals are those of McGraw & Wong 1996
(doi:10.1037/1082-989X.1.1.30), which hold for both the random and the mixed model.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from rom.clinical.agreement.bland_altman import FEWEST_PEOPLE, Estimate
from rom.landmarks import FloatArray

_UPPER_TAIL = 0.975
_NOTHING_FRAC = 1e-12


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """How well readings tell people apart, and how far a single reading errs.

    Attributes
    ----------
    agreement
        ICC(A,1) = ICC(2,1): a bias between the readings counts against them.
    consistency
        ICC(C,1) = ICC(3,1): a constant bias does not count.
    sem_agreement_deg, sem_consistency_deg
        Standard error of a single reading, with the bias and without, as if both readings erred
        alike (de Vet 2006, doi:10.1016/j.jclinepi.2005.10.015).
    """

    agreement: Estimate
    consistency: Estimate
    sem_agreement_deg: float
    sem_consistency_deg: float


@dataclass(frozen=True, kw_only=True)
class _MeanSquares:
    rows: float
    columns: float
    error: float
    people: int
    readings: int


def reliability(readings_deg: FloatArray) -> Reliability | None:
    """Compute both coefficients of (N, K) readings: N people, one reading by each of K ways.

    None where all readings are the same, so that there is nothing to tell apart.

    Raises
    ------
    ValueError
        With fewer than three people or two readings of each, or readings that are not numbers.
    """
    readings = np.asarray(readings_deg, dtype=np.float64)
    if readings.ndim != 2 or readings.shape[0] < FEWEST_PEOPLE or readings.shape[1] < 2:
        raise ValueError(f"expected readings of three people or more, got shape {readings.shape}")
    if not np.isfinite(readings).all():
        raise ValueError("expected only numbers")
    squares = _mean_squares(readings)
    if squares.rows + squares.columns + squares.error <= _NOTHING_FRAC:
        return None
    return Reliability(
        agreement=_agreement(squares),
        consistency=_consistency(squares),
        sem_agreement_deg=math.sqrt(
            max(0.0, squares.columns - squares.error) / squares.people + squares.error
        ),
        sem_consistency_deg=math.sqrt(squares.error),
    )


def _mean_squares(readings: FloatArray) -> _MeanSquares:
    people, count = readings.shape
    grand = readings.mean()
    of_people, of_readings = readings.mean(axis=1), readings.mean(axis=0)
    residual = readings - of_people[:, None] - of_readings[None, :] + grand
    rows = count * float(((of_people - grand) ** 2).sum()) / (people - 1)
    columns = people * float(((of_readings - grand) ** 2).sum()) / (count - 1)
    error = float((residual**2).sum()) / ((people - 1) * (count - 1))
    nothing = _NOTHING_FRAC * (rows + columns + error)  # rounding is no error of measurement
    return _MeanSquares(
        rows=rows,
        columns=columns if columns > nothing else 0.0,
        error=error if error > nothing else 0.0,
        people=people,
        readings=count,
    )


def _agreement(squares: _MeanSquares) -> Estimate:
    """McGraw & Wong 1996, table 7, case 2 and 3A, with Satterthwaite's degrees of freedom."""
    n, k = squares.people, squares.readings
    rows, columns, error = squares.rows, squares.columns, squares.error
    value = (rows - error) / (rows + (k - 1) * error + k * (columns - error) / n)
    if columns == 0.0 and error == 0.0:
        return Estimate(1.0, 1.0, 1.0)
    a = k * value / (n * (1.0 - value))
    b = 1.0 + k * value * (n - 1) / (n * (1.0 - value))
    parts = (a * columns) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    freedom = (a * columns + b * error) ** 2 / parts if parts else 0.0
    shown = max(-1.0, value)  # chance can push the estimate below what a correlation can be
    if freedom <= 0.0:
        return Estimate(shown, -1.0, 1.0)
    spread = k * columns + (k * n - k - n) * error
    below = float(special.fdtri(n - 1, freedom, _UPPER_TAIL))
    above = float(special.fdtri(freedom, n - 1, _UPPER_TAIL))
    return Estimate(
        shown,
        _bounded(n * (rows - below * error), below * spread + n * rows, otherwise=-1.0),
        _bounded(n * (above * rows - error), spread + n * above * rows, otherwise=1.0),
    )


def _consistency(squares: _MeanSquares) -> Estimate:
    n, k = squares.people, squares.readings
    rows, error = squares.rows, squares.error
    freedom = (n - 1) * (k - 1)
    value = (rows - error) / (rows + (k - 1) * error) if rows + error else 1.0
    below = error * float(special.fdtri(n - 1, freedom, _UPPER_TAIL))
    above = error / float(special.fdtri(freedom, n - 1, _UPPER_TAIL))
    return Estimate(
        value,
        _bounded(rows - below, rows + (k - 1) * below, otherwise=-1.0),
        _bounded(rows - above, rows + (k - 1) * above, otherwise=1.0),
    )


def _bounded(part: float, whole: float, *, otherwise: float) -> float:
    """A correlation of −1 to 1; `otherwise` where rounding leaves none."""
    found = part / whole if whole else otherwise
    return min(1.0, max(-1.0, found)) if math.isfinite(found) else otherwise
