"""Resolutions: calls for them, their texts in every version, who sponsors which, and where they are found."""

from pathlib import Path

from alembic import op

revision = "0013"
down_revision = "0012"

_SQL = Path(__file__).with_suffix(".sql")
_TABLES = "sponsorships, clauses, resolution_versions, resolutions, resolution_calls, resolution_transitions"
_FUNCTIONS = "only_known_resolution_moves, what_was_said_stays, find_resolution"
_BACK = (
    "DELETE FROM findings WHERE kind = 'Resolution'",
    f"DROP TABLE {_TABLES} CASCADE",
    f"DROP FUNCTION {_FUNCTIONS}",
    """ALTER TABLE findings
        ALTER COLUMN named SET EXPRESSION AS (CASE WHEN kind NOT IN ('Thread', 'Post') THEN plain_name(title) END),
        ALTER COLUMN document SET EXPRESSION AS (
            setweight(to_tsvector('public.rotunda', title), 'A') || setweight(to_tsvector('public.rotunda', words), 'B')
            || array_to_tsvector(CASE WHEN kind NOT IN ('Thread', 'Post') THEN ARRAY['in all']
                ELSE array_remove(ARRAY['in ' || group_id::text, CASE WHEN audience IN ('open', 'members')
                    THEN 'in ' || audience || CASE WHEN mayors_only THEN ' of mayors' ELSE '' END END], NULL) END))""",
    """ALTER TABLE findings DROP COLUMN term_id, DROP CONSTRAINT findings_kind_check,
        ADD CHECK (kind IN ('City', 'Mayor', 'Group', 'Event', 'Thread', 'Post'))""",
    "ALTER TABLE audit DROP COLUMN in_office",
)


def upgrade() -> None:
    """Run the hand-written SQL beside this file, one statement after another."""
    for statement in _SQL.read_text().split("\n--;\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take every resolution away, with its sponsors and all its versions."""
    for statement in _BACK:
        op.get_bind().exec_driver_sql(statement)
