"""Rows of the tables out of records, and records out of rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping as Row

from rom.clinical.assessment import Assessment
from rom.clinical.massage.record import MassageRecord, record_from_json
from rom.clinical.screen import screen_from_json
from rom.landmarks import LandmarkSeries
from rom.records.arrays import pack_landmarks, pack_series, unpack_series
from rom.records.codec import from_plain, to_plain
from rom.records.entities import (
    Edit,
    ManualReading,
    PainScore,
    Person,
    Phase,
    Session,
    SessionResult,
    SetRecord,
    Setting,
    new_id,
)
from rom.records.names import name_key

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PHASES = list(Phase)


def microseconds(moment: datetime) -> int:
    """Time since 1970 in UTC, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def person_row(person: Person, owner: str) -> dict[str, Any]:
    return {
        "owner": owner,
        "id": person.id,
        "pseudonym": person.pseudonym,
        "name_key": name_key(person.pseudonym),
        "birth_year": person.birth_year,
        "sex": person.sex,
        "notes": person.notes,
        "created_at": person.created_at.isoformat(),
    }


def person_of(row: Row) -> Person:
    return Person(
        id=row["id"],
        pseudonym=row["pseudonym"],
        birth_year=row["birth_year"],
        sex=row["sex"],
        notes=row["notes"],
        created_at=datetime.fromisoformat(row["created_at"]),
    )


def session_row(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "person_id": session.person_id,
        "started_at": session.started_at.isoformat(),
        "started_us": microseconds(session.started_at),
        "day": session.day,
        "notes": session.notes,
        "screen": session.screen.to_json() if session.screen else None,
        "remarks": [*session.remarks] or None,
    }


def session_of(row: Row) -> Session:
    return Session(
        id=row["id"],
        person_id=row["person_id"],
        started_at=datetime.fromisoformat(row["started_at"]),
        screen=None if row["screen"] is None else screen_from_json(row["screen"]),
        notes=row["notes"],
        remarks=tuple(row["remarks"] or ()),
    )


def set_row(kept: SetRecord, person_id: str) -> dict[str, Any]:
    assessment = kept.assessment
    return {
        "id": kept.id,
        "session_id": kept.session_id,
        "person_id": person_id,
        "recorded_at": kept.recorded_at.isoformat(),
        "recorded_us": microseconds(kept.recorded_at),
        "day": kept.day,
        "phase": kept.phase.value,
        "recording": kept.recording,
        "notes": kept.notes,
        **assessment_columns(assessment),
        "edited": kept.edited,
    }


def assessment_columns(assessment: Assessment) -> dict[str, Any]:
    """What of an assessment has columns of its own, and the whole without its arrays."""
    return {
        "movement": assessment.movement,
        "side": assessment.side.value if assessment.side else None,
        "status": assessment.status,
        "value_deg": assessment.value_deg,
        "bound": assessment.bound,
        "sem_deg": assessment.sem_deg,
        "mdc95_deg": assessment.mdc95_deg,
        "accuracy_deg": assessment.accuracy_deg,
        "rom_version": assessment.provenance.rom_version,
        "model_sha256": assessment.provenance.model_sha256,
        "correction": assessment.provenance.correction,
        "assessment": to_plain(replace(assessment, series=None)),
    }


def arrays_rows(sets: Iterable[SetRecord]) -> Iterator[dict[str, Any]]:
    """The arrays of sets that are saved together; those of one recording share its landmarks."""
    holders: dict[int, str] = {}
    for kept in sets:
        series, landmarks = kept.assessment.series, kept.landmarks
        if series is None and landmarks is None:
            continue
        holder = kept.id if landmarks is None else holders.setdefault(id(landmarks), kept.id)
        own = landmarks if holder == kept.id else None
        yield {
            "set_id": kept.id,
            "series": None if series is None else pack_series(series),
            "landmarks": None if own is None else pack_landmarks(own),
            "landmarks_of": None if holder == kept.id else holder,
        }


def set_of(
    row: Row,
    *,
    pain: tuple[PainScore, ...],
    readings: tuple[ManualReading, ...],
    edits: tuple[Edit, ...],
    original: Assessment | None = None,
    landmarks: LandmarkSeries | None = None,
) -> SetRecord:
    """A set out of its row; with its series if the row holds it."""
    return SetRecord(
        id=row["id"],
        session_id=row["session_id"],
        recorded_at=datetime.fromisoformat(row["recorded_at"]),
        phase=Phase(row["phase"]),
        assessment=assessment_of(row),
        landmarks=landmarks,
        pain=pain,
        readings=readings,
        edits=edits,
        recording=row["recording"],
        notes=row["notes"],
        original=original,
    )


def assessment_of(row: Row) -> Assessment:
    """An assessment out of its row; with its series if the row holds it."""
    assessment = from_plain(Assessment, row["assessment"])
    series = row.get("series")
    return assessment if series is None else replace(assessment, series=unpack_series(series))


def original_row(kept: SetRecord) -> dict[str, Any]:
    """What was measured in a set that was changed by hand since."""
    assert kept.original is not None
    series = kept.original.series
    return {
        "set_id": kept.id,
        "assessment": to_plain(replace(kept.original, series=None)),
        "series": None if series is None else pack_series(series),
    }


def in_order(sets: Iterable[SetRecord]) -> tuple[SetRecord, ...]:
    """Sets in order of time, those of one moment by their phase and side."""

    def place(kept: SetRecord) -> tuple[int, int, str, str]:
        phase = _PHASES.index(kept.phase)
        return microseconds(kept.recorded_at), phase, kept.side or "", kept.id

    return tuple(sorted(sets, key=place))


def copy_row(
    kind: str, path: Path, person_id: str | None = None, *, made_at: datetime
) -> dict[str, Any]:
    """A file that holds data of a person, or of everybody."""
    return {
        "id": new_id(),
        "person_id": person_id,
        "kind": kind,
        "path": str(path.absolute()),
        "made_at": made_at.isoformat(),
    }


def setting_of(row: Row) -> Setting:
    return Setting(
        key=row["key"],
        value=row["value"],
        changed_at=datetime.fromisoformat(row["changed_at"]),
    )


def pain_rows(kept: SetRecord) -> list[dict[str, Any]]:
    return [
        {
            "set_id": kept.id,
            "position": position,
            "moment": score.moment,
            "score": score.score,
            "time_s": score.time_s,
        }
        for position, score in enumerate(kept.pain)
    ]


def pain_of(row: Row) -> PainScore:
    return PainScore(moment=row["moment"], score=row["score"], time_s=row["time_s"])


def reading_row(set_id: str, position: int, reading: ManualReading) -> dict[str, Any]:
    content = to_plain(reading)
    assert isinstance(content, dict)
    return {"set_id": set_id, "position": position, **content}


def reading_of(row: Row) -> ManualReading:
    return from_plain(ManualReading, dict(row))


def edit_row(set_id: str, position: int, edit: Edit) -> dict[str, Any]:
    content = to_plain(edit)
    assert isinstance(content, dict)
    return {"set_id": set_id, "position": position, **content}


def edit_of(row: Row) -> Edit:
    return from_plain(Edit, dict(row))


_RESULT_COLUMNS = (
    "id",
    "session_id",
    "kind",
    "movement",
    "side",
    "verdict",
    "label_id",
    "change_deg",
    "mdc95_deg",
    "pain_before",
    "pain_after",
    "flare_over_24_h",
)


def result_row(result: SessionResult, position: int) -> dict[str, Any]:
    content = to_plain(result)
    assert isinstance(content, dict)
    return {name: content[name] for name in _RESULT_COLUMNS} | {
        "position": position,
        "result": content,
    }


def result_of(row: Row) -> SessionResult:
    return from_plain(SessionResult, row["result"])


def massage_id(session_id: str, started_at: str) -> str:
    """The name of a massage: the same each time that it is saved as it goes on."""
    return hashlib.sha256(f"{session_id} {started_at}".encode()).hexdigest()[:32]


def massage_row(massage: MassageRecord, session_id: str) -> dict[str, Any]:
    return {
        "id": massage_id(session_id, massage.started_at),
        "session_id": session_id,
        "started_at": massage.started_at,
        "movement": massage.movement,
        "side": massage.side.value if massage.side else None,
        "pain_before": massage.pain_before,
        "pain_after": massage.pain_after,
        "finished": massage.finished,
        "stopped": massage.stopped,
        "record": _exact_massage(massage),
    }


def spot_rows(massage: MassageRecord, session_id: str) -> list[dict[str, Any]]:
    owner = massage_id(session_id, massage.started_at)
    return [
        {
            "massage_id": owner,
            "position": position,
            "muscle": spot.muscle,
            "side": spot.side.value if spot.side else None,
            "round": spot.round,
            "planned_s": spot.planned_s,
            "held_s": spot.held_s,
            "strength_before": spot.strength_before,
            "strength_after": spot.strength_after,
            "familiar": spot.familiar,
            "outcome": spot.outcome,
            "reason": spot.reason,
        }
        for position, spot in enumerate(massage.spots)
    ]


def massage_of(row: Row) -> MassageRecord:
    return record_from_json(row["record"])


def _exact_massage(massage: MassageRecord) -> dict[str, Any]:
    """The contract `rom.massage/1` with every digit of its seconds and ratings."""
    content: dict[str, Any] = massage.to_json()
    spots = [
        told | {name: value for name, value in _plain(spot).items() if isinstance(value, float)}
        for told, spot in zip(content["spots"], massage.spots, strict=True)
    ]
    exact = {"pain_before": massage.pain_before, "pain_after": massage.pain_after, "spots": spots}
    return content | exact


def _plain(value: object) -> dict[str, Any]:
    content = to_plain(value)
    assert isinstance(content, dict)
    return content
