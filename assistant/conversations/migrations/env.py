"""Runs the steps on the connection that ``migrating`` gives, inside its transaction."""

from alembic import context

from assistant.conversations.schema import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSION_TABLE
)
context.run_migrations()
