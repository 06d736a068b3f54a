"""Run by Alembic: migrate over the connection, and in the transaction, that `migrate.py` gives."""

from alembic import context

from rom.records.schema import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
context.run_migrations()
