"""Sessions keep what was done otherwise than planned."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("remarks", sa.JSON()))
