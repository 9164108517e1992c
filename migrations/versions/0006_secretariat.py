"""Accounts have a revision: joining and leaving the secretariat is told."""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"

_SQL = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """Run the hand-written SQL beside this file, one statement after another."""
    for statement in _SQL.read_text().split("\n--;\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take the column away; who belongs to the secretariat stays."""
    op.get_bind().exec_driver_sql("ALTER TABLE accounts DROP COLUMN revision")
