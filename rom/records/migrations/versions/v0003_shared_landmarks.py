"""Sets of one recording share its landmarks."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    # No foreign key: SQLite would write every array anew for it.
    op.add_column("set_arrays", sa.Column("landmarks_of", sa.String(length=32)))
