"""${message}."""

from rotunda.migrate import script

revision = "${up_revision}"
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Forward only: a mistake is mended by the next migration, and a lost database by its backup."""
    script("""
    """)
