"""How resolutions are spoken of on pages: how they stand, and how long there is to hand them in."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from portal import dates
from portal.pages.groups.words import because_not
from portal.pages.resolutions.setting import compared, set_text

#: How a resolution stands, in a word, and how loudly it is said.
STATES = {
    "DRAFT": ("Draft", "quiet"),
    "GATHERING": ("Gathering sponsors", "notice"),
    "SUBMITTED": ("Submitted", "done"),
    "WITHDRAWN": ("Withdrawn", "alarm"),
}


def standing(resolution: Mapping[str, Any]) -> tuple[str, str]:
    """A word and a tone; a state that is new to this table shows under its own name."""
    status = str(resolution["status"])
    return STATES.get(status) or (status.replace("_", " ").capitalize(), "quiet")


def due_words(call: Mapping[str, Any]) -> str:
    """The deadline on its own clocks: "Friday, March 12, 2031 · 5:00 pm Eastern Time"."""
    return dates.when(dates.wall(call["dueAtLocal"]), None, call["timeZone"])


def left(call: Mapping[str, Any]) -> str:
    """What is left until the deadline, as one would say it; empty once it has passed."""
    remains = dates.instant(call["dueAt"]) - datetime.now(UTC)
    if remains <= timedelta(0):
        return ""
    for unit, length in (("day", timedelta(days=1)), ("hour", timedelta(hours=1))):
        if remains >= 2 * length:
            return f"{remains // length} {unit}s left"
    minutes = remains // timedelta(minutes=1)
    return f"{minutes} minutes left" if minutes > 1 else "Minutes left"


def unfinished(nodes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Of one's own resolutions those that can still be handed in."""
    return _waits([node for node in nodes if (node["call"] or {}).get("open")])


def asked_again(nodes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Those that one sponsored, and that read differently since."""
    return _waits([node for node in nodes if _asks_again(node["mySponsorship"])])


def _asks_again(given: Mapping[str, Any] | None) -> bool:
    return given is not None and not given["current"] and not given["withdrawnAt"]


def _waits(nodes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"totalCount": len(nodes), "nodes": nodes[:3]}


WORDS: dict[str, Any] = {
    "because_not": because_not,
    "compared": compared,
    "due_words": due_words,
    "left": left,
    "new_key": uuid4,
    "set_text": set_text,
    "standing": standing,
}
