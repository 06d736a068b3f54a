"""The store of people, sessions and sets: what is saved is on the disk, and all of it or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, RowMapping, Select, Table, delete, func, insert, select, update

from rom.clinical.assessment import Assessment
from rom.clinical.massage_record import MassageRecord
from rom.clinical.norms import Sex
from rom.clinical.screen import Screen
from rom.errors import StoreError, UsageError
from rom.landmarks import Side
from rom.records import rows, schema
from rom.records.arrays import pack_series
from rom.records.engine import Database, no_answer, open_database
from rom.records.entities import (
    Edit,
    ManualReading,
    Person,
    PersonContent,
    PersonSummary,
    SessionContent,
    SessionResult,
    SetRecord,
    new_id,
)
from rom.records.location import database_url, passphrase
from rom.records.migrate import prepare
from rom.records.names import checked_name, name_key, nearest_names

_T = TypeVar("_T")


def open_store(
    url: str | None = None,
    *,
    ask: Callable[[], str | None] = no_answer,
    create: bool = True,
) -> Store:
    """Open the store, make it where there is none, and bring an older one forward.

    Parameters
    ----------
    url
        The database; None for the one that `ROM_DATABASE_URL` names, else the user's own file.
    ask
        Asks for a passphrase; called where the file is encrypted and `ROM_PASSPHRASE` is not set.
    create
        Whether a store may be made where there is none.

    Raises
    ------
    UsageError
        For a URL that names no database that can be used.
    OutputError
        For a folder that cannot be written.
    StoreError
        For a store that is damaged, newer than this program, encrypted otherwise, or a server that
        does not answer. Nothing was changed.
    """
    database = open_database(
        url if url is not None else database_url(),
        key=passphrase(),
        ask=ask,
        create=create,
    )
    try:
        prepare(database)
    except BaseException:
        database.close()
        raise
    return Store(database)


class Store:
    """People, sessions and sets in a database. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the database back."""
        self.database.close()

    # People

    def add_person(
        self,
        pseudonym: str,
        *,
        birth_year: int | None = None,
        sex: Sex | None = None,
        notes: str = "",
    ) -> Person:
        """Add somebody.

        Raises
        ------
        UsageError
            Somebody is called so already, or the name cannot be shown.
        """
        person = Person(
            id=new_id(),
            pseudonym=pseudonym,
            birth_year=birth_year,
            sex=sex,
            notes=notes,
            created_at=now(),
        )
        with self.database.writing() as connection:
            _check_free(connection, person)
            connection.execute(insert(schema.people), rows.person_row(person))
        return person

    def change_person(self, person: Person) -> None:
        """Replace what is told of somebody, known by the id.

        Raises
        ------
        UsageError
            Somebody else is called so.
        """
        content = rows.person_row(person)
        with self.database.writing() as connection:
            _check_free(connection, person)
            command = update(schema.people).where(schema.people.c.id == person.id)
            _check_found(connection.execute(command.values(content)).rowcount, "person")

    def person(self, name: str) -> Person:
        """Find somebody by name or id.

        Raises
        ------
        UsageError
            Nobody is called so; names that are near are told.
        """
        key = name_key(checked_name(name))
        people = schema.people
        query = select(people).where((people.c.name_key == key) | (people.c.id == name))
        with self.database.reading() as connection:
            found = connection.execute(query).mappings().first()
            if found is None:
                names = connection.execute(select(people.c.pseudonym)).scalars().all()
                raise _unknown(name, names)
        return rows.person_of(found)

    def people(self) -> list[PersonSummary]:
        """Everybody, by name."""
        sessions, sets = schema.sessions, schema.sets
        visits = _counted(sessions, func.max(sessions.c.day).label("last_day"))
        measured = _counted(sets)
        query = (
            select(schema.people, visits.c.count, visits.c.last_day, measured.c.count.label("sets"))
            .outerjoin(visits, visits.c.person_id == schema.people.c.id)
            .outerjoin(measured, measured.c.person_id == schema.people.c.id)
            .order_by(schema.people.c.name_key)
        )
        with self.database.reading() as connection:
            found = connection.execute(query).mappings().all()
        return [
            PersonSummary(
                person=rows.person_of(row),
                sessions=row["count"] or 0,
                sets=row["sets"] or 0,
                last_day=row["last_day"],
            )
            for row in found
        ]

    # Sessions

    def save_session(self, content: SessionContent) -> None:
        """Save a session with all that it holds; of one that is there already, what is new.

        Raises
        ------
        StoreError
            Its person is not in the store.
        """
        with self.database.writing() as connection:
            _save_session(connection, content)

    def save_set(self, kept: SetRecord) -> None:
        """Save a set of a session that is there.

        Raises
        ------
        StoreError
            The session is not in the store, or the set is there already.
        """
        with self.database.writing() as connection:
            person_id = _person_of_session(connection, kept.session_id)
            if _present(connection, schema.sets, [kept.id]):
                raise StoreError(f"Expected a new set, but {kept.id} is saved already; leave it")
            _insert_sets(connection, [kept], person_id)

    def save_result(self, result: SessionResult) -> None:
        """Save what the sets of a session said together, or what is said now instead."""
        with self.database.writing() as connection:
            _person_of_session(connection, result.session_id)
            _save_result(connection, result)

    def save_massage(self, session_id: str, massage: MassageRecord) -> None:
        """Save a massage, or the same one as it went on."""
        with self.database.writing() as connection:
            _person_of_session(connection, session_id)
            _save_massage(connection, massage, session_id)

    def save_screen(self, session_id: str, screen: Screen) -> None:
        """Save the answers to the safety questions of a session."""
        command = update(schema.sessions).where(schema.sessions.c.id == session_id)
        with self.database.writing() as connection:
            found = connection.execute(command.values(screen=screen.to_json())).rowcount
            _check_found(found, "session")

    def note_flare(self, result_id: str, flare: bool | None) -> None:
        """Keep whether it hurt more than before for over 24 hours after a session."""
        results = schema.results
        with self.database.writing() as connection:
            query = select(results.c.result, results.c.position).where(results.c.id == result_id)
            found = connection.execute(query).mappings().first()
            _check_found(0 if found is None else 1, "result")
            assert found is not None
            result = replace(rows.result_of(found), flare_over_24_h=flare)
            row = rows.result_row(result, found["position"])
            connection.execute(update(results).where(results.c.id == result_id).values(row))

    # Sets

    def set(self, set_id: str) -> SetRecord:
        """A set with its arrays.

        Raises
        ------
        StoreError
            It is not in the store.
        """
        with self.database.reading() as connection:
            found = _read_sets(connection, schema.sets.c.id == set_id, series=True, landmarks=True)
        _check_found(len(found), "set")
        return found[0]

    def sets(
        self,
        person_id: str,
        *,
        movement: str | None = None,
        side: Side | None = None,
        series: bool = True,
        landmarks: bool = False,
    ) -> list[SetRecord]:
        """Sets of a person, of one movement or side where named, in order of time."""
        condition = schema.sets.c.person_id == person_id
        if movement is not None:
            condition &= schema.sets.c.movement == movement
        if side is not None:
            condition &= schema.sets.c.side == side.value
        with self.database.reading() as connection:
            return _read_sets(connection, condition, series=series, landmarks=landmarks)

    def add_reading(self, set_id: str, reading: ManualReading) -> None:
        """Keep what somebody read from an instrument for a set."""
        with self.database.writing() as connection:
            position = _next_position(connection, schema.readings, set_id)
            row = rows.reading_row(set_id, position, reading)
            connection.execute(insert(schema.readings), row)

    def remove_reading(self, reading_id: str) -> None:
        """Take back a reading that was mistyped."""
        command = delete(schema.readings).where(schema.readings.c.id == reading_id)
        with self.database.writing() as connection:
            _check_found(connection.execute(command).rowcount, "reading")

    def add_edit(self, set_id: str, edit: Edit, assessment: Assessment) -> None:
        """Replace the assessment of a set that was changed by hand, and note the change."""
        columns = rows.assessment_columns(assessment) | {"edited": True}
        arrays = schema.set_arrays
        with self.database.writing() as connection:
            position = _next_position(connection, schema.edits, set_id)
            row = rows.edit_row(set_id, position, edit)
            connection.execute(insert(schema.edits), row)
            connection.execute(
                update(schema.sets).where(schema.sets.c.id == set_id).values(columns)
            )
            if assessment.series is not None:
                series = pack_series(assessment.series)
                command = update(arrays).where(arrays.c.set_id == set_id)
                connection.execute(command.values(series=series))

    # Everything of a person

    def content(
        self, person_id: str, *, series: bool = True, landmarks: bool = False
    ) -> PersonContent:
        """Everything that is kept about a person, in order of time.

        Raises
        ------
        StoreError
            The person is not in the store.
        """
        with self.database.reading() as connection:
            query = select(schema.people).where(schema.people.c.id == person_id)
            found = connection.execute(query).mappings().first()
            _check_found(0 if found is None else 1, "person")
            assert found is not None
            sessions = _read_sessions(connection, person_id, series=series, landmarks=landmarks)
        return PersonContent(person=rows.person_of(found), sessions=sessions)

    def import_content(self, content: PersonContent) -> None:
        """Save a person with everything; what is there already stays as it is.

        Raises
        ------
        UsageError
            Somebody else is called so.
        """
        with self.database.writing() as connection:
            _check_free(connection, content.person)
            if not _present(connection, schema.people, [content.person.id]):
                connection.execute(insert(schema.people), rows.person_row(content.person))
            for session in content.sessions:
                _save_session(connection, session)

    def note_copy(self, kind: str, path: Path, person_id: str | None = None) -> None:
        """Remember that a file holds data of a person, or of everybody, to name it at deletion."""
        row = {
            "id": new_id(),
            "person_id": person_id,
            "kind": kind,
            "path": str(path.absolute()),
            "made_at": now().isoformat(),
        }
        with self.database.writing() as connection:
            connection.execute(insert(schema.copies), row)


def now() -> datetime:
    """The time here, which knows its distance from UTC."""
    return datetime.now().astimezone()


def _taken(name: str) -> UsageError:
    return UsageError(
        f"Expected a new name, but {name} is taken (letters of either case count as the same);"
        " choose another"
    )


def _unknown(name: str, names: Sequence[str]) -> UsageError:
    if not names:
        return UsageError(
            f"Expected somebody whose records are kept, got {name!r}, but there is nobody yet; `rom"
            " people add NAME` adds somebody"
        )
    near = nearest_names(name, names)
    hint = f"did you mean {' or '.join(map(repr, near))}? " if near else ""
    return UsageError(
        f"Expected somebody whose records are kept, got {name!r}: {hint}`rom people` lists them,"
        " `rom people add NAME` adds somebody"
    )


def _check_found(count: int, kind: str) -> None:
    if not count:
        raise StoreError(f"Expected a {kind} of these records, but it is not there any more")


def _check_free(connection: Connection, person: Person) -> None:
    people = schema.people
    same = people.c.name_key == name_key(person.pseudonym)
    query = select(people.c.pseudonym).where(same, people.c.id != person.id)
    found = connection.execute(query).scalar()
    if found is not None:
        raise _taken(repr(found))


def _counted(table: Table, *more: Any) -> Any:
    query = select(table.c.person_id, func.count().label("count"), *more)
    return query.group_by(table.c.person_id).subquery()


def _present(connection: Connection, table: Table, ids: Iterable[str]) -> set[str]:
    query = select(table.c.id).where(table.c.id.in_(list(ids)))
    return set(connection.execute(query).scalars())


def _person_of_session(connection: Connection, session_id: str) -> str:
    query = select(schema.sessions.c.person_id).where(schema.sessions.c.id == session_id)
    found: str | None = connection.execute(query).scalar()
    _check_found(0 if found is None else 1, "session")
    assert found is not None
    return found


def _next_position(connection: Connection, table: Table, set_id: str) -> int:
    _check_found(len(_present(connection, schema.sets, [set_id])), "set")
    query = select(func.max(table.c.position)).where(table.c.set_id == set_id)
    last: int | None = connection.execute(query).scalar()
    return 0 if last is None else last + 1


def _save_session(connection: Connection, content: SessionContent) -> None:
    session = content.session
    if not _present(connection, schema.sessions, [session.id]):
        _check_found(len(_present(connection, schema.people, [session.person_id])), "person")
        connection.execute(insert(schema.sessions), rows.session_row(session))
    there = _present(connection, schema.sets, (each.id for each in content.sets))
    new = [each for each in content.sets if each.id not in there]
    _insert_sets(connection, new, session.person_id)
    for result in content.results:
        if not _present(connection, schema.results, [result.id]):
            _save_result(connection, result)
    for massage in content.massages:
        _save_massage(connection, massage, session.id)


def _insert_sets(connection: Connection, new: Sequence[SetRecord], person_id: str) -> None:
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


def _save_result(connection: Connection, result: SessionResult) -> None:
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


def _save_massage(connection: Connection, massage: MassageRecord, session_id: str) -> None:
    row = rows.massage_row(massage, session_id)
    connection.execute(delete(schema.massages).where(schema.massages.c.id == row["id"]))
    connection.execute(insert(schema.massages), row)
    _insert(connection, schema.spots, rows.spot_rows(massage, session_id))


def _read_sessions(
    connection: Connection, person_id: str, *, series: bool, landmarks: bool
) -> tuple[SessionContent, ...]:
    sessions, results, massages = schema.sessions, schema.results, schema.massages
    of_person = sessions.c.person_id == person_id
    condition = schema.sets.c.person_id == person_id
    sets = _grouped(
        _read_sets(connection, condition, series=series, landmarks=landmarks),
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


def _read_sets(
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
