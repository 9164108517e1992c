"""Tallies: how many put which mark upon a post is counted as they do it, and no more whenever a page is read."""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"

_SQL = Path(__file__).with_suffix(".sql")
_VIEW = "CREATE VIEW reaction_tallies AS SELECT post_id, mark, count(*)::int AS count FROM reactions GROUP BY 1, 2"
_GRANT = """DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rotunda_app') THEN
        GRANT SELECT ON reaction_tallies TO rotunda_app;
    END IF;
END $$"""
_BACK = (
    "DROP TRIGGER tallied ON reactions",
    "DROP FUNCTION tally_reactions",
    "DROP TABLE reaction_tallies",
    _VIEW,
    _GRANT,
)


def upgrade() -> None:
    """Run the hand-written SQL beside this file, one statement after another."""
    for statement in _SQL.read_text().split("\n--;\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Count whenever a page is read."""
    for statement in _BACK:
        op.get_bind().exec_driver_sql(statement)
