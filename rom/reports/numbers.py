"""Numbers for tables: one decimal, a real minus sign, a dash for what was not measured."""

from __future__ import annotations

from rom.clinical.assessment import Assessment
from rom.clinical.error import MDC95_FACTOR

DASH = "–"


def decimal(value: float | None) -> str:
    """One decimal; a dash for what was not evaluated.

    >>> decimal(-12.34), decimal(None)
    ('−12.3', '–')
    """
    return DASH if value is None else f"{round(value, 1) + 0.0:.1f}".replace("-", "−")


def signed(value: float) -> str:
    """One decimal with its sign.

    >>> signed(27.67), signed(-0.31)
    ('+27.7', '−0.3')
    """
    return f"+{decimal(value)}" if round(value, 1) > 0 else decimal(value)


def half_width_deg(assessment: Assessment) -> float | None:
    """Half of the 95 % interval of repeated measurement; None for a bound or no value."""
    if assessment.sem_deg is None or assessment.bound != "exact":
        return None
    return MDC95_FACTOR * assessment.sem_deg


def plus_minus(value: float | None) -> str:
    """A half-width with its sign; a dash for none."""
    return DASH if value is None else f"±{decimal(value)}"
