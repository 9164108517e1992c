"""Among what one may read: whose a thing is stands among its words, where the index of search finds it."""

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"

_SQL = Path(__file__).with_suffix(".sql")
_WORDS_ALONE = """ALTER TABLE findings ALTER COLUMN document SET EXPRESSION AS (
    setweight(to_tsvector('public.rotunda', title), 'A') || setweight(to_tsvector('public.rotunda', words), 'B'))"""


def upgrade() -> None:
    """Run the hand-written SQL beside this file, one statement after another."""
    for statement in _SQL.read_text().split("\n--;\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Let the words stand alone."""
    op.get_bind().exec_driver_sql(_WORDS_ALONE)
