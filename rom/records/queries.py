"""Rows of sessions and sets read and written within a transaction that the store has begun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    Connection,
    RowMapping,
    Select,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from rom.clinical.assessment import Assessment
from rom.clinical.massage.record import MassageRecord
from rom.errors import StoreError
from rom.landmarks import LandmarkSeries
from rom.records import rows, schema
from rom.records.arrays import unpack_landmarks
from rom.records.entities import PersonContent, SessionContent, SessionResult, SetRecord
from rom.records.given import derived_id, given_to
from rom.records.owning import check_found, hold, present

_T = TypeVar("_T")


def person_of_session(connection: Connection, session_id: str, owner: str) -> str:
    """Whose session it is; nobody else changes it in this transaction."""
    hold(connection, schema.sessions, session_id, owner, "session")
    query = select(schema.sessions.c.person_id).where(schema.sessions.c.id == session_id)
    found: str = connection.execute(query).scalar_one()
    return found


def next_position(connection: Connection, table: Table, column: Column[str], above_id: str) -> int:
    """The place behind the last row of a table that belongs to what `column` names."""
    last = connection.execute(select(func.max(table.c.position)).where(column == above_id)).scalar()
    return 0 if last is None else last + 1


def save_session(connection: Connection, content: SessionContent, owner: str) -> None:
    """Save a session with all that it holds; of one that is there already, what is new."""
    session = content.session
    check_found(len(present(connection, schema.people, [session.person_id], owner=owner)), "person")
    if not _theirs(connection, schema.sessions, [session.id], session.person_id):
        connection.execute(insert(schema.sessions), rows.session_row(session))
    there = _theirs(connection, schema.sets, [each.id for each in content.sets], session.person_id)
    new = [each for each in content.sets if each.id not in there]
    insert_sets(connection, new, session.person_id)
    for result in content.results:
        if not present(connection, schema.results, [result.id], owner=owner):
            save_result(connection, result)
    for massage in content.massages:
        save_massage(connection, massage, session.id)


def _theirs(connection: Connection, table: Table, ids: Sequence[str], person_id: str) -> set[str]:
    """Which of these ids are there, all of the person's.

    Raises
    ------
    StoreError
        One is somebody else's.
    """
    query = select(table.c.id, table.c.person_id).where(table.c.id.in_(ids)).with_for_update()
    found = connection.execute(query).all()
    if any(row.person_id != person_id for row in found):
        raise taken()
    return {row.id for row in found}


def taken() -> StoreError:
    """The error for an id that names a row of somebody else's."""
    return StoreError(
        "Expected results under new names, but some of these names are somebody else's; measure"
        " again, or import them with --person"
    )


def own_copy(connection: Connection, content: PersonContent, owner: str) -> PersonContent:
    """The content as an owner may save it: under other ids where another owner keeps the person."""
    own_id = derived_id(owner, content.person.id)
    anywhere = present(connection, schema.people, [content.person.id, own_id])
    own = present(connection, schema.people, anywhere, owner=owner)
    if content.person.id in own or not anywhere:
        return content
    return given_to(replace(content.person, id=own_id), content)


def insert_sets(connection: Connection, new: Sequence[SetRecord], person_id: str) -> None:
    _insert(connection, schema.sets, [rows.set_row(each, person_id) for each in new])
    _insert(connection, schema.set_arrays, [*rows.arrays_rows(new)])
    changed = [rows.original_row(each) for each in new if each.original is not None]
    _insert(connection, schema.originals, changed)
    _insert(connection, schema.pains, [row for each in new for row in rows.pain_rows(each)])
    _insert(
        connection,
        schema.readings,
        [
            rows.reading_row(each.id, position, reading)
            for each in new
            for position, reading in enumerate(each.readings)
        ],
    )
    _insert(
        connection,
        schema.edits,
        [
            rows.edit_row(each.id, position, edit)
            for each in new
            for position, edit in enumerate(each.edits)
        ],
    )


def _insert(connection: Connection, table: Table, new: list[dict[str, Any]]) -> None:
    if new:
        connection.execute(insert(table), new)


def save_result(connection: Connection, result: SessionResult) -> None:
    """Save a result of a session that is held, or what is said now instead."""
    results = schema.results
    query = select(results.c.position, results.c.session_id).where(results.c.id == result.id)
    found = connection.execute(query).first()
    if found is None:
        column = results.c.session_id
        position = next_position(connection, results, column, result.session_id)
        connection.execute(insert(results), rows.result_row(result, position))
        return
    if found.session_id != result.session_id:
        raise taken()
    row = rows.result_row(result, found.position)
    connection.execute(update(results).where(results.c.id == result.id).values(row))


def save_massage(connection: Connection, massage: MassageRecord, session_id: str) -> None:
    """Save a massage of a session that is held, or the same one as it went on."""
    row = rows.massage_row(massage, session_id)
    connection.execute(delete(schema.massages).where(schema.massages.c.id == row["id"]))
    connection.execute(insert(schema.massages), row)
    _insert(connection, schema.spots, rows.spot_rows(massage, session_id))


def read_sessions(
    connection: Connection, person_id: str, *, series: bool, landmarks: bool
) -> tuple[SessionContent, ...]:
    sessions, results, massages = schema.sessions, schema.results, schema.massages
    of_person = sessions.c.person_id == person_id
    condition = schema.sets.c.person_id == person_id
    sets = _grouped(
        read_sets(connection, condition, series=series, landmarks=landmarks),
        lambda each: each.session_id,
    )
    told = _grouped(
        _mappings(connection, select(results).join(sessions).where(of_person), results.c.position),
        lambda row: row["session_id"],
    )
    pressed = _grouped(
        _mappings(
            connection, select(massages).join(sessions).where(of_person), massages.c.started_at
        ),
        lambda row: row["session_id"],
    )
    query = select(sessions).where(of_person)
    return tuple(
        SessionContent(
            session=rows.session_of(row),
            sets=tuple(sets[row["id"]]),
            results=tuple(map(rows.result_of, told[row["id"]])),
            massages=tuple(map(rows.massage_of, pressed[row["id"]])),
        )
        for row in _mappings(connection, query, sessions.c.started_us, sessions.c.id)
    )


def read_sets(
    connection: Connection, condition: Any, *, series: bool, landmarks: bool
) -> list[SetRecord]:
    sets, arrays = schema.sets, schema.set_arrays
    wanted = [arrays.c.series] if series else []
    query = select(sets, *wanted).where(condition)
    if wanted:
        query = query.outerjoin(arrays)
    belongings = {
        table: _grouped(
            _mappings(connection, select(table).join(sets).where(condition), table.c.position),
            lambda row: row["set_id"],
        )
        for table in (schema.pains, schema.readings, schema.edits)
    }
    originals = _originals(connection, condition, series=series)
    positions = _landmarks(connection, condition) if landmarks else {}
    found = (
        rows.set_of(
            row,
            pain=tuple(map(rows.pain_of, belongings[schema.pains][row["id"]])),
            readings=tuple(map(rows.reading_of, belongings[schema.readings][row["id"]])),
            edits=tuple(map(rows.edit_of, belongings[schema.edits][row["id"]])),
            original=originals.get(row["id"]),
            landmarks=positions.get(row["id"]),
        )
        for row in connection.execute(query).mappings()
    )
    return list(rows.in_order(found))


def _landmarks(connection: Connection, condition: Any) -> dict[str, LandmarkSeries]:
    """The landmarks of sets; those of one recording are one object, as they were when saved."""
    arrays, sets = schema.set_arrays, schema.sets
    query = select(arrays.c.set_id, arrays.c.landmarks_of).join(sets).where(condition)
    holders = {row.set_id: row.landmarks_of or row.set_id for row in connection.execute(query)}
    held = select(arrays.c.set_id, arrays.c.landmarks).where(
        arrays.c.set_id.in_(set(holders.values())), arrays.c.landmarks.is_not(None)
    )
    found = {row.set_id: unpack_landmarks(row.landmarks) for row in connection.execute(held)}
    return {set_id: found[holder] for set_id, holder in holders.items() if holder in found}


def _originals(connection: Connection, condition: Any, *, series: bool) -> dict[str, Assessment]:
    """What was measured in the sets that were changed by hand."""
    originals = schema.originals
    wanted = [originals.c.series] if series else []
    query = select(originals.c.set_id, originals.c.assessment, *wanted)
    found = connection.execute(query.join(schema.sets).where(condition)).mappings()
    return {row["set_id"]: rows.assessment_of(row) for row in found}


def _mappings(connection: Connection, query: Select[Any], *order: Any) -> Sequence[RowMapping]:
    return connection.execute(query.order_by(*order)).mappings().all()


def _grouped(items: Iterable[_T], key: Callable[[_T], str]) -> defaultdict[str, list[_T]]:
    groups: defaultdict[str, list[_T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups
