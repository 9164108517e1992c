"""Discussions: groups, threads, posts, and what of them was read."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"

_SQL = Path(__file__).with_suffix(".sql")
_TABLES = (
    "attentions, group_readings, readings, reports, mentions, reactions, post_versions, posts, threads,"
    " memberships, groups"
)
_FOUND = ("cities", "terms", "events", "people")
_FUNCTIONS = "find_row, find_again, count_posts, count_threads, count_readings, confidence_is_kept"


def upgrade() -> None:
    """Run the hand-written SQL beside this file, one statement after another."""
    for statement in _SQL.read_text().split("\n--;\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take every group away, with all that was said in it."""
    for statement in (
        *(f"DROP TRIGGER found ON {table}" for table in _FOUND),
        "DROP VIEW reaction_tallies",
        f"DROP TABLE {_TABLES} CASCADE",
        f"DROP FUNCTION {_FUNCTIONS}",
        "DROP FUNCTION find",
        "DROP TABLE findings",
        "DROP TEXT SEARCH CONFIGURATION rotunda",
        "DROP SEQUENCE post_places",
        "ALTER TABLE audit DROP COLUMN confidential",
    ):
        op.get_bind().exec_driver_sql(statement)
