"""The store of people, sessions and sets: what is saved is on the disk, and all of it or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import delete, insert, select, update

from rom.clinical.assessment import Assessment
from rom.clinical.json_values import JsonValue
from rom.clinical.massage.record import MassageRecord
from rom.clinical.norms import Sex
from rom.clinical.screen import Screen
from rom.errors import StoreError
from rom.landmarks import Side
from rom.records import edits, people, queries, rows, schema
from rom.records.database import Database
from rom.records.engine import no_answer, open_database
from rom.records.entities import (
    Edit,
    ManualReading,
    PeoplePage,
    Person,
    PersonContent,
    PersonSummary,
    SessionContent,
    SessionResult,
    SetRecord,
    Setting,
    new_id,
)
from rom.records.location import database_url, passphrase
from rom.records.migrate import prepare
from rom.records.names import checked_text
from rom.records.owning import (
    LOCAL_USER,
    check_found,
    checked_owner,
    hold,
    owned,
    present,
)
from rom.records.settings import delete_setting, read_settings, write_setting


def open_store(
    url: str | None = None,
    *,
    owner: str = LOCAL_USER,
    ask: Callable[[], str | None] = no_answer,
    create: bool = True,
) -> Store:
    """Open the store, make it where there is none, and bring an older one forward.

    Parameters
    ----------
    url
        The database; None for the one that `ROM_DATABASE_URL` names, else the user's own file.
    owner
        Whose people are seen and added: whoever signed in; "" for the user of the command line.
    ask
        Asks for a passphrase; called where the file is encrypted and `ROM_PASSPHRASE` is not set.
    create
        Whether a store may be made where there is none.

    Raises
    ------
    UsageError
        For a URL that names no database that can be used, or an owner that cannot be shown.
    OutputError
        For a folder that cannot be written.
    StoreError
        For a store that is damaged, newer than this program, encrypted otherwise, or a server that
        does not answer. Nothing was changed.
    """
    checked_owner(owner)
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
    return Store(database, owner=owner)


class Store:
    """One owner's people, sessions and sets in a database. Every method is one transaction.

    What belongs to other owners is not there: it is neither found nor changed by its id.
    """

    def __init__(self, database: Database, *, owner: str = LOCAL_USER) -> None:
        self.database = database
        self.owner = checked_owner(owner)

    def of(self, owner: str) -> Store:
        """The store of another owner in the same database; closing either closes both."""
        return Store(self.database, owner=owner)

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
            people.insert_person(connection, person, self.owner)
        return person

    def change_person(self, person: Person) -> None:
        """Replace what is told of somebody, known by the id.

        Raises
        ------
        UsageError
            Somebody else is called so.
        """
        with self.database.writing() as connection:
            people.update_person(connection, person, self.owner)

    def person(self, name: str) -> Person:
        """Find somebody by name or id.

        Raises
        ------
        UsageError
            Nobody is called so; names that are near are told.
        """
        with self.database.reading() as connection:
            return people.person_called(connection, name, self.owner)

    def people(self) -> list[PersonSummary]:
        """Everybody, by name."""
        with self.database.reading() as connection:
            return people.everybody(connection, self.owner)

    def people_page(self, search: str = "", *, limit: int = 50, offset: int = 0) -> PeoplePage:
        """Some of those whose names hold a text, by name; letters of either case are the same."""
        with self.database.reading() as connection:
            return people.page(connection, self.owner, search=search, limit=limit, offset=offset)

    # Sessions

    def save_session(self, content: SessionContent) -> None:
        """Save a session with all that it holds; of one that is there already, what is new.

        Raises
        ------
        StoreError
            Its person is not in the store, or something of it is somebody else's.
        """
        with self.database.writing() as connection:
            queries.save_session(connection, content, self.owner)

    def save_set(self, kept: SetRecord) -> None:
        """Save a set of a session that is there.

        Raises
        ------
        StoreError
            The session is not in the store, or the set is there already.
        """
        with self.database.writing() as connection:
            person_id = queries.person_of_session(connection, kept.session_id, self.owner)
            if present(connection, schema.sets, [kept.id]):
                raise StoreError(f"Expected a new set, but {kept.id} is saved already; leave it")
            queries.insert_sets(connection, [kept], person_id)

    def save_result(self, result: SessionResult) -> None:
        """Save what the sets of a session said together, or what is said now instead."""
        with self.database.writing() as connection:
            queries.person_of_session(connection, result.session_id, self.owner)
            queries.save_result(connection, result)

    def save_massage(self, session_id: str, massage: MassageRecord) -> None:
        """Save a massage, or the same one as it went on."""
        with self.database.writing() as connection:
            queries.person_of_session(connection, session_id, self.owner)
            queries.save_massage(connection, massage, session_id)

    def save_screen(self, session_id: str, screen: Screen) -> None:
        """Save the answers to the safety questions of a session."""
        sessions = schema.sessions
        command = update(sessions).where(sessions.c.id == session_id, owned(sessions, self.owner))
        with self.database.writing() as connection:
            found = connection.execute(command.values(screen=screen.to_json())).rowcount
            check_found(found, "session")

    def save_remarks(self, session_id: str, remarks: Sequence[str]) -> None:
        """Keep what was done otherwise than planned in a session, instead of what was before."""
        sessions = schema.sessions
        said = [checked_text(each) for each in remarks]
        command = update(sessions).where(sessions.c.id == session_id, owned(sessions, self.owner))
        with self.database.writing() as connection:
            found = connection.execute(command.values(remarks=said or None)).rowcount
            check_found(found, "session")

    def note_flare(self, result_id: str, flare: bool | None) -> None:
        """Keep whether it hurt more than before for over 24 hours after a session."""
        results = schema.results
        with self.database.writing() as connection:
            hold(connection, results, result_id, self.owner, "result")
            query = select(results.c.result).where(results.c.id == result_id)
            result = rows.result_of(connection.execute(query).mappings().one())
            queries.save_result(connection, replace(result, flare_over_24_h=flare))

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
                connection,
                (schema.sets.c.id == set_id) & owned(schema.sets, self.owner),
                series=True,
                landmarks=True,
            )
        check_found(len(found), "set")
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
        condition = (schema.sets.c.person_id == person_id) & owned(schema.sets, self.owner)
        if movement is not None:
            condition &= schema.sets.c.movement == movement
        if side is not None:
            condition &= schema.sets.c.side == side.value
        with self.database.reading() as connection:
            return queries.read_sets(connection, condition, series=series, landmarks=landmarks)

    def add_reading(self, set_id: str, reading: ManualReading) -> None:
        """Keep what somebody read from an instrument for a set."""
        readings = schema.readings
        with self.database.writing() as connection:
            hold(connection, schema.sets, set_id, self.owner, "set")
            position = queries.next_position(connection, readings, readings.c.set_id, set_id)
            connection.execute(insert(readings), rows.reading_row(set_id, position, reading))

    def remove_reading(self, reading_id: str) -> None:
        """Take back a reading that was mistyped."""
        readings = schema.readings
        command = delete(readings).where(readings.c.id == reading_id, owned(readings, self.owner))
        with self.database.writing() as connection:
            check_found(connection.execute(command).rowcount, "reading")

    def add_edit(self, set_id: str, edit: Edit, assessment: Assessment) -> None:
        """Replace the assessment of a set that was changed by hand, and note the change.

        What was measured is kept beside it as the set's `original`. An assessment without its
        series leaves the series as it is.
        """
        with self.database.writing() as connection:
            hold(connection, schema.sets, set_id, self.owner, "set")
            edits.add(connection, set_id, edit, assessment)

    def undo_edits(self, set_id: str) -> None:
        """Bring back what was measured, without any change by hand; nothing if there was none."""
        with self.database.writing() as connection:
            hold(connection, schema.sets, set_id, self.owner, "set")
            edits.undo(connection, set_id)

    # Choices that last

    def settings(self) -> dict[str, Setting]:
        """All choices, by their keys."""
        with self.database.reading() as connection:
            return read_settings(connection, self.owner)

    def setting(self, key: str) -> Setting | None:
        """One choice; None if it was not made."""
        return self.settings().get(key)

    def save_setting(self, key: str, value: JsonValue) -> None:
        """Keep a choice in place of an earlier one.

        Raises
        ------
        UsageError
            For a key that is empty or longer than 60 characters.
        """
        with self.database.writing() as connection:
            write_setting(connection, self.owner, key, value, now())

    def remove_setting(self, key: str) -> None:
        """Forget a choice, if it was made."""
        with self.database.writing() as connection:
            delete_setting(connection, self.owner, key)

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
            person = people.person_by_id(connection, person_id, self.owner)
            sessions = queries.read_sessions(
                connection, person_id, series=series, landmarks=landmarks
            )
        return PersonContent(person=person, sessions=sessions)

    def import_content(self, content: PersonContent) -> Person:
        """Save a person with everything; what is there already stays as it is.

        Returns
        -------
        Person
            Whom it was saved for: under another id where another owner keeps the same person.

        Raises
        ------
        UsageError
            Somebody else is called so.
        """
        with self.database.writing() as connection:
            content = queries.own_copy(connection, content, self.owner)
            person = content.person
            if present(connection, schema.people, [person.id]):
                people.check_free(connection, person, self.owner)
            else:
                people.insert_person(connection, person, self.owner)
            for session in content.sessions:
                queries.save_session(connection, session, self.owner)
        return person

    def note_copy(self, kind: str, path: Path, person_id: str | None = None) -> None:
        """Remember that a file holds data of a person, or of everybody, to name it at deletion."""
        row = rows.copy_row(kind, path, person_id, made_at=now())
        with self.database.writing() as connection:
            if person_id is not None:
                people.person_by_id(connection, person_id, self.owner)
            connection.execute(insert(schema.copies), row)


def now() -> datetime:
    """The time here, which knows its distance from UTC."""
    return datetime.now().astimezone()
