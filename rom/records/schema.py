"""The tables, as the newest migration leaves them.

What is asked for has columns of its own; the whole of an assessment stands beside them as JSON,
and arrays, which a list of sets never needs, in a table apart. Times are kept twice: as they were
written, with their distance from UTC, and in microseconds of UTC to sort by.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

REVISION = "0004"
"""The migration that makes these tables."""

VERSION_TABLE = "rom_version"
"""Where Alembic notes the migration; other programs may share the database."""

APPLICATION_ID = 0x726F6D31
"""Marks an SQLite file as ours ("rom1")."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_ID = String(32)


def _above(table: str, *, index: bool = False, primary_key: bool = False) -> Column[str]:
    singular = {"people": "person", "sessions": "session", "sets": "set", "massages": "massage"}
    return Column(
        f"{singular[table]}_id",
        _ID,
        ForeignKey(f"{table}.id", ondelete="CASCADE"),
        nullable=False,
        index=index or None,
        primary_key=primary_key,
    )


people = Table(
    "people",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("pseudonym", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("birth_year", Integer),
    Column("sex", String(1)),
    Column("notes", Text, nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("owner", Text, nullable=False, server_default=""),
    UniqueConstraint("owner", "name_key"),
)
"""`owner` is whose records they are; empty for the user of the command line."""

sessions = Table(
    "sessions",
    metadata,
    Column("id", _ID, primary_key=True),
    _above("people"),
    Column("started_at", String(40), nullable=False),
    Column("started_us", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    Column("notes", Text, nullable=False),
    Column("screen", JSON(none_as_null=True)),
    Column("remarks", JSON(none_as_null=True)),
    Index(None, "person_id", "started_us"),
)

sets = Table(
    "sets",
    metadata,
    Column("id", _ID, primary_key=True),
    _above("sessions", index=True),
    _above("people"),
    Column("recorded_at", String(40), nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    Column("phase", String(10), nullable=False),
    Column("movement", String(60), nullable=False),
    Column("side", String(5)),
    Column("status", String(12), nullable=False),
    Column("value_deg", Float(53)),
    Column("bound", String(10)),
    Column("sem_deg", Float(53)),
    Column("mdc95_deg", Float(53)),
    Column("accuracy_deg", Float(53)),
    Column("rom_version", String(40), nullable=False),
    Column("model_sha256", String(64), nullable=False),
    Column("correction", Text),
    Column("edited", Boolean, nullable=False),
    Column("recording", Text),
    Column("notes", Text, nullable=False),
    Column("assessment", JSON, nullable=False),
    Index(None, "person_id", "movement", "side", "recorded_us"),
)

set_arrays = Table(
    "set_arrays",
    metadata,
    _above("sets", primary_key=True),
    Column("series", LargeBinary),
    Column("landmarks", LargeBinary),
    Column("landmarks_of", _ID),
)
"""`landmarks_of` is the set of the same recording whose landmarks are this one's too."""

originals = Table(
    "originals",
    metadata,
    _above("sets", primary_key=True),
    Column("assessment", JSON, nullable=False),
    Column("series", LargeBinary),
)
"""What was measured in a set, before somebody changed it by hand."""

pains = Table(
    "pains",
    metadata,
    _above("sets", primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("moment", String(10), nullable=False),
    Column("score", Float(53), nullable=False),
    Column("time_s", Float(53)),
)

readings = Table(
    "readings",
    metadata,
    Column("id", _ID, primary_key=True),
    _above("sets", index=True),
    Column("position", Integer, nullable=False),
    Column("value_deg", Float(53), nullable=False),
    Column("instrument", String(20), nullable=False),
    Column("read_at", String(40), nullable=False),
    Column("rater", Text, nullable=False),
    Column("repetition", Integer),
    Column("end_feel", Text, nullable=False),
)

edits = Table(
    "edits",
    metadata,
    _above("sets", primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("field", Text, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("edited_at", String(40), nullable=False),
    Column("reason", Text, nullable=False),
)

results = Table(
    "results",
    metadata,
    Column("id", _ID, primary_key=True),
    _above("sessions", index=True),
    Column("position", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("movement", String(60), nullable=False),
    Column("side", String(5)),
    Column("verdict", String(30), nullable=False),
    Column("label_id", String(10)),
    Column("change_deg", Float(53)),
    Column("mdc95_deg", Float(53)),
    Column("pain_before", Float(53)),
    Column("pain_after", Float(53)),
    Column("flare_over_24_h", Boolean),
    Column("result", JSON, nullable=False),
)

massages = Table(
    "massages",
    metadata,
    Column("id", _ID, primary_key=True),
    _above("sessions"),
    Column("started_at", String(40), nullable=False),
    Column("movement", String(60), nullable=False),
    Column("side", String(5)),
    Column("pain_before", Float(53)),
    Column("pain_after", Float(53)),
    Column("finished", Boolean, nullable=False),
    Column("stopped", Text),
    Column("record", JSON, nullable=False),
    UniqueConstraint("session_id", "started_at"),
)

spots = Table(
    "spots",
    metadata,
    _above("massages", primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("muscle", String(60), nullable=False),
    Column("side", String(5)),
    Column("round", Integer, nullable=False),
    Column("planned_s", Float(53), nullable=False),
    Column("held_s", Float(53), nullable=False),
    Column("strength_before", Float(53)),
    Column("strength_after", Float(53)),
    Column("familiar", String(12)),
    Column("outcome", String(12), nullable=False),
    Column("reason", Text),
)

copies = Table(
    "copies",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("person_id", _ID, ForeignKey("people.id", ondelete="CASCADE"), index=True),
    Column("kind", String(20), nullable=False),
    Column("path", Text, nullable=False),
    Column("made_at", String(40), nullable=False),
)
"""What left the store; a copy without a person is of everybody."""

settings = Table(
    "settings",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("key", String(60), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("changed_at", String(40), nullable=False),
)
"""Choices that last, of each owner."""
