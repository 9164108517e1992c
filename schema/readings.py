"""What somebody wants to hear of, and why they hear of it."""

from enum import StrEnum

from models import readings as rows
from models.readings import AttentionLevel
from planner.declare import column, node
from policy import readings as policy
from schema.enums import described
from schema.scalars import Instant

described(
    AttentionLevel,
    "What somebody wants of a thread or a group.",
    FOLLOWED="To hear of it.",
    MUTED="Not to hear of it, and not to have it counted.",
)


class Because(StrEnum):
    """Why somebody hears of a thread, or does not: the first that holds, in this order."""

    THREAD_MUTED = "thread_muted"
    THREAD_FOLLOWED = "thread_followed"
    GROUP_MUTED = "group_muted"
    GROUP_FOLLOWED = "group_followed"
    NAMED = "named"
    TAKES_PART = "takes_part"
    NOTHING = "nothing"


described(
    Because,
    "Why somebody hears of a thread, or does not: the first that holds, in this order.",
    THREAD_MUTED="They muted this thread.",
    THREAD_FOLLOWED="They follow this thread, and so hear of it even in a group they muted.",
    GROUP_MUTED="They muted its group.",
    GROUP_FOLLOWED="They follow its group.",
    NAMED="A post in it names them.",
    TAKES_PART="They posted in it.",
    NOTHING="None of these: it counts as unread and is not brought to them.",
)


@node(rows.Attention, readable=policy.READABLE)
class Attention:
    """A wish to follow or to mute; the viewer's own."""

    level: AttentionLevel = column(description="What they want.")
    until: Instant | None = column(description="When muting ends; null when it does not end by itself.")
