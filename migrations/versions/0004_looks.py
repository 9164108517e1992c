"""Looks: how far somebody has seen what changed."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"

_SQL = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """Run the hand-written SQL beside this file, one statement after another."""
    for statement in _SQL.read_text().split("\n--;\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take the table away; everything that changed is then as yet unseen."""
    op.get_bind().exec_driver_sql("DROP TABLE looks")
    op.get_bind().exec_driver_sql("DROP FUNCTION looks_move_forward")
