"""Keys as their owner sees them: sessions, tokens for programs, passkeys. Nobody else sees them at all."""

import strawberry

from models import keys as rows
from models.keys import TokenScope
from planner.declare import column, computed, expression, identity, node
from policy import keys as policy
from schema.enums import described
from schema.nodes import Node
from schema.scalars import Instant

described(
    TokenScope,
    "What a token may do with its account.",
    READ="Look: queries and subscriptions.",
    ACT="Act: mutations.",
)

_ENDED = "coalesce({row}.revoked_at, CASE WHEN {row}.expires_at <= now() THEN {row}.expires_at END)"
_THIS = "coalesce({row}.id = {viewer.token_id}, false)"


@node(rows.Token, prefix="ses", readable=policy.BROWSER, name="Session")
class Session(Node):
    """A browser that is signed in."""

    id: strawberry.ID = identity()
    device: str = column(description="The browser and its system, in words: `Firefox on Windows`.")
    place: str = column(
        description="The network it signed in from, without the part that names one machine: `203.0.113.x`."
    )
    signed_in_at: Instant = column("created_at", description="When it began.")
    last_used_at: Instant | None = column(description="When it was last used, to the hour or so.")
    expires_at: Instant = column(description="When it ends by itself.")
    ended_at: Instant | None = expression(_ENDED, description="When it ended, if it has.")
    current: bool = expression(_THIS, nullable=False, description="Whether it is the one that asks.")


@node(rows.Token, prefix="tok", readable=policy.PROGRAM, name="ApiToken")
class ApiToken(Node):
    """A token by which a program acts for its owner's account."""

    id: strawberry.ID = identity()
    name: str = column("label", description="What its owner calls it.")
    scopes: list[TokenScope] = column(description="What it may do.")
    created_at: Instant = column(description="When it was made.")
    last_used_at: Instant | None = column(description="When it was last used, to the hour or so.")
    expires_at: Instant = column(description="When it ends by itself.")
    ended_at: Instant | None = expression(_ENDED, description="When it ended, if it has.")
    current: bool = expression(_THIS, nullable=False, description="Whether it is the one that asks.")
    secret: str | None = computed(
        lambda secret: secret,
        needs={"secret": "NULL::text"},
        description="The bearer token itself. Said once, in the answer that makes it; null ever after.",
    )


@node(rows.Passkey, prefix="key", readable=policy.OWN, name="Passkey")
class Passkey(Node):
    """A key in somebody's device that signs them in without mail."""

    id: strawberry.ID = identity()
    name: str = column(description="What its owner calls it.")
    created_at: Instant = column(description="When it was added.")
    last_used_at: Instant | None = column(description="When it last signed somebody in.")
    removed_at: Instant | None = column(description="When it was removed, if it was.")
