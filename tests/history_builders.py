"""Sessions over weeks with chosen values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from clinical_builders import PROVENANCE, VIEW

from rom.clinical.history import SessionRecord
from rom.landmarks import Side

FIRST_DAY = date(2026, 3, 2)
SEM_DEG = 2.9


def record(day: int = 0, pre1_deg: float | None = 118.0, **changes: Any) -> SessionRecord:
    """A session of shoulder abduction, `day` days after the first."""
    content: dict[str, Any] = {
        "day": FIRST_DAY + timedelta(days=day),
        "movement": "shoulder_abduction",
        "side": Side.LEFT,
        "label_id": "D12",
        "pre1_deg": pre1_deg,
        "sem_deg": None if pre1_deg is None else SEM_DEG,
        "pain": 5.0,
        "restricted": "clearly",
        "protective_signs": "several",
        "flare_over_24_h": False,
        "view": VIEW,
        "provenance": PROVENANCE,
    }
    return SessionRecord(**(content | changes))


def sessions(
    values_deg: Sequence[float | None],
    pains: Sequence[float | None],
    *,
    every_days: int = 7,
    **changes: Any,
) -> list[SessionRecord]:
    """One session per value and pain score, `every_days` apart."""
    return [
        record(every_days * number, value_deg, pain=pain, **changes)
        for number, (value_deg, pain) in enumerate(zip(values_deg, pains, strict=True))
    ]
