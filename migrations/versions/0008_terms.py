"""Terms: found by person and by city in a B-tree."""

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"

_SQL = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """Run the hand-written SQL beside this file, one statement after another."""
    for statement in _SQL.read_text().split("\n--;\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Leave the looking up to the constraints' own indexes."""
    op.get_bind().exec_driver_sql("DROP INDEX terms_of_city, terms_of_person")
