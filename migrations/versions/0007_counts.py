"""Counts: what pages show and used to count, kept; and the nearest cities by index."""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"

_SQL = Path(__file__).with_suffix(".sql")
_VIEW = """
    CREATE VIEW cities_by_region AS
    SELECT country || ' ' || region AS place, country, region, count(*) AS cities, count(joined_on) AS members
    FROM cities GROUP BY country, region
"""
_ADDED = (
    "TRIGGER counted_in ON cities",
    "TRIGGER counted_out ON cities",
    "TRIGGER counted_anew ON cities",
    "FUNCTION count_cities",
    "TABLE cities_by_region",
    "INDEX events_in_draft",
    "INDEX events_without_date",
    "INDEX events_to_be_held",
    "INDEX cities_by_membership",
    "INDEX cities_around",
    "FUNCTION on_the_globe",
    "EXTENSION cube",
)


def upgrade() -> None:
    """Run the hand-written SQL beside this file, one statement after another."""
    for statement in _SQL.read_text().split("\n--;\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Count at every reading again."""
    for added in _ADDED:
        op.get_bind().exec_driver_sql(f"DROP {added}")
    op.get_bind().exec_driver_sql(_VIEW)
    op.get_bind().exec_driver_sql(
        "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rotunda_app') "
        "THEN GRANT SELECT ON cities_by_region TO rotunda_app; END IF; END $$"
    )
