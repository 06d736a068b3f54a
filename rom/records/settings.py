"""Choices that last, read and written within a transaction that the store has begun."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from rom.clinical.json_values import JsonValue
from rom.errors import UsageError
from rom.records import rows
from rom.records.entities import Setting
from rom.records.schema import settings

MAX_KEY_CHARACTERS = 60


def read_settings(connection: Connection, owner: str) -> dict[str, Setting]:
    """All choices of an owner by their keys."""
    query = select(settings).where(settings.c.owner == owner).order_by(settings.c.key)
    return {row["key"]: rows.setting_of(row) for row in connection.execute(query).mappings()}


def write_setting(
    connection: Connection, owner: str, key: str, value: JsonValue, changed_at: datetime
) -> None:
    """Keep a choice in place of an earlier one.

    Raises
    ------
    UsageError
        For a key that is empty or longer than 60 characters.
    """
    if not 0 < len(key) <= MAX_KEY_CHARACTERS:
        raise UsageError(
            f"Expected a key of 1 to {MAX_KEY_CHARACTERS} characters, got {len(key)}; shorten it"
        )
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    changed = {"value": value, "changed_at": changed_at.isoformat()}
    command = insert(settings).values(owner=owner, key=key, **changed)
    connection.execute(command.on_conflict_do_update(index_elements=["owner", "key"], set_=changed))


def delete_setting(connection: Connection, owner: str, key: str) -> None:
    """Forget a choice, if it was made."""
    connection.execute(delete(settings).where(settings.c.owner == owner, settings.c.key == key))
