"""Rows read and written within a transaction that the store has begun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, Select, Table, delete, func, insert, select, update

from rom.clinical.massage.record import MassageRecord
from rom.errors import StoreError, UsageError
from rom.records import rows, schema
from rom.records.entities import Person, SessionContent, SessionResult, SetRecord
from rom.records.names import name_key

_T = TypeVar("_T")


def _taken(name: str) -> UsageError:
    return UsageError(
        f"Expected a new name, but {name} is taken (letters of either case count as the same);"
        " choose another"
    )


def check_found(count: int, kind: str) -> None:
    if not count:
        raise StoreError(f"Expected a {kind} of these records, but it is not there any more")


def check_free(connection: Connection, person: Person) -> None:
    people = schema.people
    same = people.c.name_key == name_key(person.pseudonym)
    query = select(people.c.pseudonym).where(same, people.c.id != person.id)
    found = connection.execute(query).scalar()
    if found is not None:
        raise _taken(repr(found))


def counted(table: Table, *more: Any) -> Any:
    query = select(table.c.person_id, func.count().label("count"), *more)
    return query.group_by(table.c.person_id).subquery()


def present(connection: Connection, table: Table, ids: Iterable[str]) -> set[str]:
    query = select(table.c.id).where(table.c.id.in_(list(ids)))
    return set(connection.execute(query).scalars())


def person_of_session(connection: Connection, session_id: str) -> str:
    query = select(schema.sessions.c.person_id).where(schema.sessions.c.id == session_id)
    found: str | None = connection.execute(query).scalar()
    check_found(0 if found is None else 1, "session")
    assert found is not None
    return found


def next_position(connection: Connection, table: Table, set_id: str) -> int:
    check_found(len(present(connection, schema.sets, [set_id])), "set")
    query = select(func.max(table.c.position)).where(table.c.set_id == set_id)
    last: int | None = connection.execute(query).scalar()
    return 0 if last is None else last + 1


def save_session(connection: Connection, content: SessionContent) -> None:
    session = content.session
    if not present(connection, schema.sessions, [session.id]):
        check_found(len(present(connection, schema.people, [session.person_id])), "person")
        connection.execute(insert(schema.sessions), rows.session_row(session))
    there = present(connection, schema.sets, (each.id for each in content.sets))
    new = [each for each in content.sets if each.id not in there]
    insert_sets(connection, new, session.person_id)
    for result in content.results:
        if not present(connection, schema.results, [result.id]):
            save_result(connection, result)
    for massage in content.massages:
        save_massage(connection, massage, session.id)


def insert_sets(connection: Connection, new: Sequence[SetRecord], person_id: str) -> None:
    _insert(connection, schema.sets, [rows.set_row(each, person_id) for each in new])
    arrays = [rows.arrays_row(each) for each in new]
    held = [row for row in arrays if row["series"] is not None or row["landmarks"] is not None]
    _insert(connection, schema.set_arrays, held)
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
    results = schema.results
    query = select(results.c.position).where(results.c.id == result.id)
    position: int | None = connection.execute(query).scalar()
    if position is not None:
        row = rows.result_row(result, position)
        connection.execute(update(results).where(results.c.id == result.id).values(row))
        return
    count = select(func.count()).where(results.c.session_id == result.session_id)
    row = rows.result_row(result, connection.execute(count).scalar_one())
    connection.execute(insert(results), row)


def save_massage(connection: Connection, massage: MassageRecord, session_id: str) -> None:
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
    wanted = [*([arrays.c.series] if series else []), *([arrays.c.landmarks] if landmarks else [])]
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
    found = (
        rows.set_of(
            row,
            pain=tuple(map(rows.pain_of, belongings[schema.pains][row["id"]])),
            readings=tuple(map(rows.reading_of, belongings[schema.readings][row["id"]])),
            edits=tuple(map(rows.edit_of, belongings[schema.edits][row["id"]])),
        )
        for row in connection.execute(query).mappings()
    )
    return list(rows.in_order(found))


def _mappings(connection: Connection, query: Select[Any], *order: Any) -> Sequence[RowMapping]:
    return connection.execute(query.order_by(*order)).mappings().all()


def _grouped(items: Iterable[_T], key: Callable[[_T], str]) -> defaultdict[str, list[_T]]:
    groups: defaultdict[str, list[_T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups
