"""Rows of people read and written within a transaction that the store has begun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, func, insert, select, update

from rom.errors import UsageError
from rom.records import rows
from rom.records.entities import PeoplePage, Person, PersonSummary
from rom.records.names import checked_name, name_key, nearest_names
from rom.records.owning import check_found, hold
from rom.records.schema import people, sessions, sets


def check_free(connection: Connection, person: Person, owner: str) -> None:
    """Raise UsageError if somebody else of the owner's is called so."""
    same = (people.c.owner == owner) & (people.c.name_key == name_key(person.pseudonym))
    query = select(people.c.pseudonym).where(same, people.c.id != person.id)
    found = connection.execute(query).scalar()
    if found is not None:
        raise UsageError(
            f"Expected a new name, but {found!r} is taken (letters of either case count as the"
            " same); choose another"
        )


def insert_person(connection: Connection, person: Person, owner: str) -> None:
    """Add somebody; raise UsageError if somebody else is called so."""
    check_free(connection, person, owner)
    connection.execute(insert(people), rows.person_row(person, owner))


def update_person(connection: Connection, person: Person, owner: str) -> None:
    """Replace what is told of somebody; raise UsageError if somebody else is called so."""
    hold(connection, people, person.id, owner, "person")
    check_free(connection, person, owner)
    command = update(people).where(people.c.id == person.id)
    connection.execute(command.values(rows.person_row(person, owner)))


def person_by_id(connection: Connection, person_id: str, owner: str) -> Person:
    """Raise StoreError if the owner has nobody of this id."""
    query = select(people).where(people.c.id == person_id, people.c.owner == owner)
    found = connection.execute(query).mappings().first()
    check_found(0 if found is None else 1, "person")
    assert found is not None
    return rows.person_of(found)


def person_called(connection: Connection, name: str, owner: str) -> Person:
    """Find somebody by name or id; raise UsageError where nobody is called so."""
    named = (people.c.name_key == name_key(checked_name(name))) | (people.c.id == name)
    query = select(people).where(people.c.owner == owner, named)
    found = connection.execute(query).mappings().first()
    if found is None:
        names = select(people.c.pseudonym).where(people.c.owner == owner)
        raise _unknown(name, connection.execute(names).scalars().all())
    return rows.person_of(found)


def everybody(connection: Connection, owner: str) -> list[PersonSummary]:
    """All people of the owner's, by name."""
    return _summaries(connection, select(people).where(people.c.owner == owner))


def page(connection: Connection, owner: str, *, search: str, limit: int, offset: int) -> PeoplePage:
    """Some of the owner's people whose names hold a text, by name, and how many there are."""
    condition = people.c.owner == owner
    if key := name_key(search):
        condition &= people.c.name_key.contains(key, autoescape=True)
    count = select(func.count()).select_from(people).where(condition)
    query = select(people).where(condition).order_by(people.c.name_key)
    found = _summaries(connection, query.limit(limit).offset(offset))
    return PeoplePage(people=tuple(found), total=connection.execute(count).scalar_one())


def _summaries(connection: Connection, chosen: Select[Any]) -> list[PersonSummary]:
    some = chosen.subquery()
    visits = _counted(sessions, some, func.max(sessions.c.day).label("last_day"))
    measured = _counted(sets, some)
    query = (
        select(some, visits.c.count, visits.c.last_day, measured.c.count.label("sets"))
        .outerjoin(visits, visits.c.person_id == some.c.id)
        .outerjoin(measured, measured.c.person_id == some.c.id)
        .order_by(some.c.name_key)
    )
    return [
        PersonSummary(
            person=rows.person_of(row),
            sessions=row["count"] or 0,
            sets=row["sets"] or 0,
            last_day=row["last_day"],
        )
        for row in connection.execute(query).mappings()
    ]


def _counted(table: Table, some: Any, *more: Any) -> Any:
    """How many rows of a table each of some people has."""
    query = select(table.c.person_id, func.count().label("count"), *more)
    return query.where(table.c.person_id.in_(select(some.c.id))).group_by("person_id").subquery()


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
