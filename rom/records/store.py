"""The store of people, sessions and sets: what is saved is on the disk, and all of it or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import delete, func, insert, select, update

from rom.clinical.assessment import Assessment
from rom.clinical.massage.record import MassageRecord
from rom.clinical.norms import Sex
from rom.clinical.screen import Screen
from rom.errors import StoreError, UsageError
from rom.landmarks import Side
from rom.records import queries, rows, schema
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
            queries.check_free(connection, person)
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
            queries.check_free(connection, person)
            command = update(schema.people).where(schema.people.c.id == person.id)
            queries.check_found(connection.execute(command.values(content)).rowcount, "person")

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
        visits = queries.counted(sessions, func.max(sessions.c.day).label("last_day"))
        measured = queries.counted(sets)
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
            queries.save_session(connection, content)

    def save_set(self, kept: SetRecord) -> None:
        """Save a set of a session that is there.

        Raises
        ------
        StoreError
            The session is not in the store, or the set is there already.
        """
        with self.database.writing() as connection:
            person_id = queries.person_of_session(connection, kept.session_id)
            if queries.present(connection, schema.sets, [kept.id]):
                raise StoreError(f"Expected a new set, but {kept.id} is saved already; leave it")
            queries.insert_sets(connection, [kept], person_id)

    def save_result(self, result: SessionResult) -> None:
        """Save what the sets of a session said together, or what is said now instead."""
        with self.database.writing() as connection:
            queries.person_of_session(connection, result.session_id)
            queries.save_result(connection, result)

    def save_massage(self, session_id: str, massage: MassageRecord) -> None:
        """Save a massage, or the same one as it went on."""
        with self.database.writing() as connection:
            queries.person_of_session(connection, session_id)
            queries.save_massage(connection, massage, session_id)

    def save_screen(self, session_id: str, screen: Screen) -> None:
        """Save the answers to the safety questions of a session."""
        command = update(schema.sessions).where(schema.sessions.c.id == session_id)
        with self.database.writing() as connection:
            found = connection.execute(command.values(screen=screen.to_json())).rowcount
            queries.check_found(found, "session")

    def note_flare(self, result_id: str, flare: bool | None) -> None:
        """Keep whether it hurt more than before for over 24 hours after a session."""
        results = schema.results
        with self.database.writing() as connection:
            query = select(results.c.result, results.c.position).where(results.c.id == result_id)
            found = connection.execute(query).mappings().first()
            queries.check_found(0 if found is None else 1, "result")
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
            found = queries.read_sets(
                connection, schema.sets.c.id == set_id, series=True, landmarks=True
            )
        queries.check_found(len(found), "set")
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
            return queries.read_sets(connection, condition, series=series, landmarks=landmarks)

    def add_reading(self, set_id: str, reading: ManualReading) -> None:
        """Keep what somebody read from an instrument for a set."""
        with self.database.writing() as connection:
            position = queries.next_position(connection, schema.readings, set_id)
            row = rows.reading_row(set_id, position, reading)
            connection.execute(insert(schema.readings), row)

    def remove_reading(self, reading_id: str) -> None:
        """Take back a reading that was mistyped."""
        command = delete(schema.readings).where(schema.readings.c.id == reading_id)
        with self.database.writing() as connection:
            queries.check_found(connection.execute(command).rowcount, "reading")

    def add_edit(self, set_id: str, edit: Edit, assessment: Assessment) -> None:
        """Replace the assessment of a set that was changed by hand, and note the change."""
        columns = rows.assessment_columns(assessment) | {"edited": True}
        arrays = schema.set_arrays
        with self.database.writing() as connection:
            position = queries.next_position(connection, schema.edits, set_id)
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
            queries.check_found(0 if found is None else 1, "person")
            assert found is not None
            sessions = queries.read_sessions(
                connection, person_id, series=series, landmarks=landmarks
            )
        return PersonContent(person=rows.person_of(found), sessions=sessions)

    def import_content(self, content: PersonContent) -> None:
        """Save a person with everything; what is there already stays as it is.

        Raises
        ------
        UsageError
            Somebody else is called so.
        """
        with self.database.writing() as connection:
            queries.check_free(connection, content.person)
            if not queries.present(connection, schema.people, [content.person.id]):
                connection.execute(insert(schema.people), rows.person_row(content.person))
            for session in content.sessions:
                queries.save_session(connection, session)

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
