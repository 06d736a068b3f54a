"""The limits of the quality gates, read from their table with unit and source."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rom.quality.issues import Issue, Severity


@dataclass(frozen=True, kw_only=True)
class Limit:
    """From where on a figure warns, and from where on it forbids a number; None means never."""

    code: str
    warning: float | None
    blocking: float | None
    unit: str
    worse_when_above: bool
    source: str

    def passed(self, value: float, bound: float | None) -> bool:
        """Whether the value lies on the worse side of a bound; not knowing is not passing."""
        if bound is None or math.isnan(value):
            return False
        return value > bound if self.worse_when_above else value < bound

    def judge(self, value: float) -> tuple[Severity, float] | None:
        """Severity and the limit that was passed, or None when all is well."""
        if self.blocking is not None and self.passed(value, self.blocking):
            return Severity.BLOCKING, self.blocking
        if self.warning is not None and self.passed(value, self.warning):
            return Severity.WARNING, self.warning
        return None


@cache
def limits() -> dict[str, Limit]:
    """All limits by the code of their issue."""
    text = (files("rom.quality") / "data" / "limits.csv").read_text("utf-8")
    return {
        row["code"]: Limit(
            code=row["code"],
            warning=float(row["warning"]) if row["warning"] else None,
            blocking=float(row["blocking"]) if row["blocking"] else None,
            unit=row["unit"],
            worse_when_above=row["worse_when"] == "above",
            source=row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    }


def check_limit(code: str, value: float, message: str) -> list[Issue]:
    """The issue of a figure beyond its limit, as a list of none or one."""
    verdict = limits()[code].judge(value)
    if verdict is None:
        return []
    severity, limit = verdict
    return [
        Issue(
            code=code,
            severity=severity,
            message=message,
            value=round(value, 3),
            limit=limit,
            unit=limits()[code].unit,
        )
    ]


def blocking(code: str, message: str, value: float | None = None, unit: str | None = None) -> Issue:
    """An issue without a graded limit that forbids a number."""
    return Issue(code=code, severity=Severity.BLOCKING, message=message, value=value, unit=unit)


def warning(code: str, message: str, value: float | None = None, unit: str | None = None) -> Issue:
    """An issue without a graded limit that travels with the number."""
    return Issue(code=code, severity=Severity.WARNING, message=message, value=value, unit=unit)
