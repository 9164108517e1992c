"""Looks as clients see them: how far the viewer has seen what changed."""

from models import looks as rows
from planner.declare import column, expression, node
from policy import looks as policy
from schema.scalars import Cursor, Instant


@node(rows.Look, readable=policy.READABLE)
class Look:
    """How far the viewer has seen what changed, acting as at present. Acting for another, there is another."""

    through: Cursor = expression(
        "log_cursor({row}.pos, (SELECT log_epoch()))",
        nullable=False,
        description="Everything up to here is marked as seen. `markSeen` moves it, and only forward.",
    )
    at: Instant = column(description="When the mark was last moved.")
    trimmed: bool = expression(
        "({row}.pos < (SELECT m.pruned_through FROM log_meta m))",
        nullable=False,
        description="Whether the log was trimmed past the mark: some of what changed since can no longer be told. "
        "What it was about is as it is now; read it anew.",
    )
