"""Limits: the most that one request may ask for, each with the sentence that refuses more."""

from dataclasses import dataclass
from typing import Any

from planner.refusals import BadRequest

#: Beyond this nobody counts on; sums of sums would otherwise grow into numbers of thousands of digits.
MANY = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The most of each. ``introspection`` says whether documents may ask about the schema itself."""

    characters: int = 100_000
    tokens: int = 2_000
    operations: int = 50
    fragments: int = 50
    depth: int = 15
    fields: int = 1_000
    aliases: int = 50
    directives: int = 50
    root_fields: int = 30
    ids: int = 100
    values: int = 10_000
    cost: int = 50_000
    introspection: bool = True

    @property
    def written(self) -> int:
        """How many fields a statement may write: one of an interface is written for every type it stands for."""
        return 10 * self.fields


#: By what is counted: the code, what was found, and what would mend it.
_SAYINGS = {
    "characters": (
        "DOCUMENT_TOO_LONG",
        "This document has {count} characters; at most {limit} are read.",
        "Put long texts into variables.",
    ),
    "tokens": (
        "TOO_MANY_TOKENS",
        "This document has more than {limit} tokens.",
        "Ask in several requests, or put long lists into variables.",
    ),
    "operations": (
        "TOO_MANY_OPERATIONS",
        "This document holds {count} operations; at most {limit} may share one.",
        "Send those apart that run apart.",
    ),
    "fragments": (
        "TOO_MANY_FRAGMENTS",
        "This document defines {count} fragments; at most {limit} are allowed.",
        "Join some, or ask in several requests.",
    ),
    "depth": (
        "TOO_DEEP",
        "This asks {count} levels deep; at most {limit} are allowed.",
        "Ask for what lies deeper by its id, with `node`.",
    ),
    "fields": (
        "TOO_MANY_FIELDS",
        "With its fragments spread out this selects {count} fields; at most {limit} are allowed.",
        "Select less, or in several requests.",
    ),
    "written": (
        "TOO_MANY_FIELDS",
        "Over all the types that its interfaces stand for this selects more than {limit} fields.",
        "Select them on one type, with `... on`.",
    ),
    "aliases": (
        "TOO_MANY_ALIASES",
        "With its fragments spread out this gives {count} aliases; at most {limit} are allowed.",
        "Many things by their ids are one field: `nodes(ids:)`.",
    ),
    "directives": (
        "TOO_MANY_DIRECTIVES",
        "With its fragments spread out this has {count} directives; at most {limit} are allowed.",
        "One `@include` around a fragment does for all that is in it.",
    ),
    "root_fields": (
        "TOO_MANY_ROOT_FIELDS",
        "This asks {count} questions at once; at most {limit} may be in one request.",
        "Send several requests.",
    ),
    "introspection": (
        "TOO_MUCH_INTROSPECTION",
        "This asks about the schema for some {count} values; at most {limit} are allowed.",
        "The standard introspection asks for everything once.",
    ),
    "ids": (
        "TOO_MANY_IDS",
        "`nodes` was given {count} ids; it takes at most {limit}.",
        "Ask in several requests.",
    ),
    "values": (
        "TOO_MANY_VALUES",
        "The variables hold more than {limit} values.",
        "Send them in several requests.",
    ),
    "cost": (
        "TOO_COSTLY",
        "This may reach {count} rows; at most {limit} are read at once.",
        "Ask for smaller pages, above all of lists within lists.",
    ),
}


def too_many(what: str, count: int, limit: int) -> BadRequest:
    """The refusal of too much of something; its extensions hold both numbers."""
    code, found, mend = _SAYINGS[what]
    shown = f"more than {MANY:,}" if count >= MANY else f"{count:,}"
    told: dict[str, Any] = {"cost" if what == "cost" else "count": count, "limit": limit}
    return BadRequest(f"{found} {mend}".format(count=shown, limit=f"{limit:,}"), code, **told)
