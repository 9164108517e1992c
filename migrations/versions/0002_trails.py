"""Trails of the audit can be followed from a person and through time, not from a thing alone."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"

_SQL = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """Run the hand-written SQL beside this file, one statement after another."""
    for statement in _SQL.read_text().split("\n--;\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take the indexes away; nothing that was written is lost."""
    for index in ("audit_by_actor", "audit_by_time", "audit_under_grant"):
        op.get_bind().exec_driver_sql(f"DROP INDEX {index}")
