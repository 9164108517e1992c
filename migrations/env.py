"""How alembic runs one migration over the connection that `rotunda/migrate.py` gives it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
