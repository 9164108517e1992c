"""Keys to the house: sessions in words, tokens with scopes, passkeys, and how often somebody knocked."""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"

_SQL = Path(__file__).with_suffix(".sql")
_UNDONE = (
    "DROP TABLE knocks, challenges, passkeys",
    "DROP TRIGGER a_token_ended ON tokens",
    "DROP FUNCTION tell_that_a_token_ended()",
    "ALTER TABLE tokens DROP COLUMN device, DROP COLUMN place, DROP COLUMN last_used_at, DROP COLUMN scopes",
)


def upgrade() -> None:
    """Run the hand-written SQL beside this file, one statement after another."""
    for statement in _SQL.read_text().split("\n--;\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take it all away again; passkeys are lost, and every token may act."""
    for statement in _UNDONE:
        op.get_bind().exec_driver_sql(statement)
