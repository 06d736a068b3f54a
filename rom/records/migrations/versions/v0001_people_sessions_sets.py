"""People, sessions, sets and all that belongs to them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("pseudonym", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("birth_year", sa.Integer()),
        sa.Column("sex", sa.String(length=1)),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("name_key", name=op.f("uq_people_name_key")),
    )
    op.create_table(
        "copies",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32)),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_copies_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copies")),
    )
    op.create_index(op.f("ix_copies_person_id"), "copies", ["person_id"])
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.String(length=40), nullable=False),
        sa.Column("started_us", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("screen", sa.JSON(none_as_null=True)),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_sessions_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(
        op.f("ix_sessions_person_id_started_us"), "sessions", ["person_id", "started_us"]
    )
    op.create_table(
        "massages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.String(length=40), nullable=False),
        sa.Column("movement", sa.String(length=60), nullable=False),
        sa.Column("side", sa.String(length=5)),
        sa.Column("pain_before", sa.Float(precision=53)),
        sa.Column("pain_after", sa.Float(precision=53)),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("stopped", sa.Text()),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_massages_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_massages")),
        sa.UniqueConstraint(
            "session_id", "started_at", name=op.f("uq_massages_session_id_started_at")
        ),
    )
    op.create_table(
        "results",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("movement", sa.String(length=60), nullable=False),
        sa.Column("side", sa.String(length=5)),
        sa.Column("verdict", sa.String(length=30), nullable=False),
        sa.Column("label_id", sa.String(length=10)),
        sa.Column("change_deg", sa.Float(precision=53)),
        sa.Column("mdc95_deg", sa.Float(precision=53)),
        sa.Column("pain_before", sa.Float(precision=53)),
        sa.Column("pain_after", sa.Float(precision=53)),
        sa.Column("flare_over_24_h", sa.Boolean()),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_results_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_results")),
    )
    op.create_index(op.f("ix_results_session_id"), "results", ["session_id"])
    op.create_table(
        "sets",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", sa.String(length=40), nullable=False),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("phase", sa.String(length=10), nullable=False),
        sa.Column("movement", sa.String(length=60), nullable=False),
        sa.Column("side", sa.String(length=5)),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("value_deg", sa.Float(precision=53)),
        sa.Column("bound", sa.String(length=10)),
        sa.Column("sem_deg", sa.Float(precision=53)),
        sa.Column("mdc95_deg", sa.Float(precision=53)),
        sa.Column("accuracy_deg", sa.Float(precision=53)),
        sa.Column("rom_version", sa.String(length=40), nullable=False),
        sa.Column("model_sha256", sa.String(length=64), nullable=False),
        sa.Column("correction", sa.Text()),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("recording", sa.Text()),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("assessment", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_sets_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_sets_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sets")),
    )
    op.create_index(
        op.f("ix_sets_person_id_movement_side_recorded_us"),
        "sets",
        ["person_id", "movement", "side", "recorded_us"],
    )
    op.create_index(op.f("ix_sets_session_id"), "sets", ["session_id"])
    op.create_table(
        "edits",
        sa.Column("set_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("edited_at", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"], ["sets.id"], name=op.f("fk_edits_set_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("set_id", "position", name=op.f("pk_edits")),
    )
    op.create_table(
        "pains",
        sa.Column("set_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("moment", sa.String(length=10), nullable=False),
        sa.Column("score", sa.Float(precision=53), nullable=False),
        sa.Column("time_s", sa.Float(precision=53)),
        sa.ForeignKeyConstraint(
            ["set_id"], ["sets.id"], name=op.f("fk_pains_set_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("set_id", "position", name=op.f("pk_pains")),
    )
    op.create_table(
        "readings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("set_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value_deg", sa.Float(precision=53), nullable=False),
        sa.Column("instrument", sa.String(length=20), nullable=False),
        sa.Column("read_at", sa.String(length=40), nullable=False),
        sa.Column("rater", sa.Text(), nullable=False),
        sa.Column("repetition", sa.Integer()),
        sa.Column("end_feel", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"], ["sets.id"], name=op.f("fk_readings_set_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
    )
    op.create_index(op.f("ix_readings_set_id"), "readings", ["set_id"])
    op.create_table(
        "set_arrays",
        sa.Column("set_id", sa.String(length=32), nullable=False),
        sa.Column("series", sa.LargeBinary()),
        sa.Column("landmarks", sa.LargeBinary()),
        sa.ForeignKeyConstraint(
            ["set_id"], ["sets.id"], name=op.f("fk_set_arrays_set_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("set_id", name=op.f("pk_set_arrays")),
    )
    op.create_table(
        "spots",
        sa.Column("massage_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("muscle", sa.String(length=60), nullable=False),
        sa.Column("side", sa.String(length=5)),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("planned_s", sa.Float(precision=53), nullable=False),
        sa.Column("held_s", sa.Float(precision=53), nullable=False),
        sa.Column("strength_before", sa.Float(precision=53)),
        sa.Column("strength_after", sa.Float(precision=53)),
        sa.Column("familiar", sa.String(length=12)),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.ForeignKeyConstraint(
            ["massage_id"], ["massages.id"], name=op.f("fk_spots_massage_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("massage_id", "position", name=op.f("pk_spots")),
    )
