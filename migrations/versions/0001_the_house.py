"""The house: cities and seats, mayors and their staff, events, the log, the audit."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

_SQL = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """Run the hand-written SQL beside this file, one statement after another."""
    for statement in _SQL.read_text().split("\n--;\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """There is no way back from the first migration but an empty database."""
    raise NotImplementedError
