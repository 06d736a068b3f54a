"""What stands between a recording and a number, in words that tell the user what to change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """A blocking issue means no number; a warning travels with the number."""

    WARNING = "warning"
    BLOCKING = "blocking"


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One reason to doubt or to refuse a measurement.

    `value` and `limit` share `unit`; all three are None for an issue that has no figure.
    """

    code: str
    severity: Severity
    message: str
    value: float | None = None
    limit: float | None = None
    unit: str | None = None

    @property
    def blocking(self) -> bool:
        return self.severity is Severity.BLOCKING


def any_blocking(issues: Iterable[Issue]) -> bool:
    """Whether one of the issues forbids a number."""
    return any(issue.blocking for issue in issues)
