"""Run by Alembic, inside the transaction that ``storage.migrate`` has begun."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    on_version_apply=context.config.attributes["applied"],
)
context.run_migrations()
