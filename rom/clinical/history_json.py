"""What `rom compare --json` wrote, read back as a session to be judged over weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from rom.clinical.assessment import Provenance, ViewSummary
from rom.clinical.comparison import SCHEMA
from rom.clinical.history import SessionRecord
from rom.errors import InputError, RomError, UsageError
from rom.landmarks import Side

_EXPECTED = "Expected a result of `rom compare --json` of before and after"


def session_from_json(content: object) -> SessionRecord:
    """The session that a comparison of before and after was.

    Raises
    ------
    InputError
        It is another document, one without its day, or holds what cannot be.
    """
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise InputError(f"{_EXPECTED}, got another document; name another file")
    if content.get("kind") != "before_after":
        raise InputError(f"{_EXPECTED}, got left and right; name another file")
    if content.get("side") == "both":
        raise InputError(
            f"{_EXPECTED} of one direction, got both together; compare again with --side left or"
            " right"
        )
    if content.get("day") is None:
        raise InputError(f"{_EXPECTED}, got one without its day; compare again with --day")
    try:
        return _session(content)
    except (KeyError, TypeError, ValueError, AttributeError, RomError) as error:
        raise InputError(f"{_EXPECTED}, got a damaged one ({error}); compare again") from error


def with_flares(
    records: tuple[SessionRecord, ...], *, flared: tuple[date, ...], settled: tuple[date, ...]
) -> tuple[SessionRecord, ...]:
    """The sessions with what is known of the 24 hours after each.

    Raises
    ------
    UsageError
        For a day without a session, or one that is said to be both.
    """
    days = {record.day for record in records}
    for day in (*flared, *settled):
        if day not in days:
            raise UsageError(
                f"Expected a day of one of the sessions, got {day.isoformat()}; correct it"
            )
        if day in flared and day in settled:
            raise UsageError(
                f"Expected {day.isoformat()} as flared up or as settled, got both; keep one"
            )
    known = dict.fromkeys(flared, True) | dict.fromkeys(settled, False)
    return tuple(
        replace(record, flare_over_24_h=known.get(record.day, record.flare_over_24_h))
        for record in records
    )


def _session(content: dict[str, Any]) -> SessionRecord:
    first = content["pre1"]
    exact = first["bound"] == "exact"
    view, label = first.get("view"), content["label"]
    return SessionRecord(
        day=date.fromisoformat(content["day"]),
        movement=str(first["movement"]),
        side=None if first["side"] is None else Side(first["side"]),
        label_id=label["id"] if label else None,
        pre1_deg=float(first["value_deg"]) if exact else None,
        sem_deg=float(first["sem_deg"]) if exact else None,
        pain=content["pain"]["before"],
        restricted=content["restricted"]["before"],
        protective_signs=content["protective_signs"]["first"]["verdict"],
        view=ViewSummary(**view) if view else None,
        provenance=Provenance(**first["provenance"]),
    )
