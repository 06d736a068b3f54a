"""People belong to a user, sets keep what they were before an edit, and choices last."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("owner", sa.Text(), nullable=False, server_default=""))
        people.drop_constraint(op.f("uq_people_name_key"), type_="unique")
        people.create_unique_constraint(op.f("uq_people_owner_name_key"), ["owner", "name_key"])
    op.create_table(
        "originals",
        sa.Column("set_id", sa.String(length=32), nullable=False),
        sa.Column("assessment", sa.JSON(), nullable=False),
        sa.Column("series", sa.LargeBinary()),
        sa.ForeignKeyConstraint(
            ["set_id"], ["sets.id"], name=op.f("fk_originals_set_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("set_id", name=op.f("pk_originals")),
    )
    op.create_table(
        "settings",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("owner", "key", name=op.f("pk_settings")),
    )
