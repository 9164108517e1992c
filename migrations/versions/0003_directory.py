"""The directory: names that sort and match without case and accents, and the bands of sizes."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"

_SQL = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """Run the hand-written SQL beside this file, one statement after another."""
    for statement in _SQL.read_text().split("\n--;\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take it all away again; the names themselves were never touched."""
    for thing in (
        "VIEW cities_by_region",
        "TABLE bands",
        "INDEX people_by_words",
        "INDEX cities_by_words",
        "INDEX cities_by_place",
        "INDEX cities_by_sort_name",
    ):
        op.get_bind().exec_driver_sql(f"DROP {thing}")
    op.get_bind().exec_driver_sql("ALTER TABLE cities DROP COLUMN sort_name")
    op.get_bind().exec_driver_sql("DROP FUNCTION plain_name, kilometres")
    op.get_bind().exec_driver_sql("CREATE INDEX cities_by_name ON cities (name, id)")
    op.get_bind().exec_driver_sql("CREATE INDEX cities_by_region ON cities (country, region, name, id)")
