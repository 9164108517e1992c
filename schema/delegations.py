"""Delegations as clients see them."""

import strawberry

from models import delegations as rows
from models.delegations import DelegationStatus, Scope
from planner.declare import column, expression, identity, node, one
from planner.pages import Connection
from policy import delegations as policy
from policy.audit import PERSONAL
from schema.accounts import Account
from schema.audit import AuditEntry, trail
from schema.enums import described
from schema.events import Event
from schema.mayors import Mayor
from schema.nodes import Node
from schema.scalars import Day, Instant

described(
    DelegationStatus,
    "Where a delegation stands. It is never reactivated: it is granted anew.",
    INVITED="Offered, not yet accepted.",
    ACTIVE="In force.",
    EXPIRED="Its last day has passed.",
    REVOKED="Taken back by the mayor.",
    TERM_ENDED="Ended with the mayor's term.",
    LEFT="Laid down by its holder, or declined: then `acceptedAt` is null.",
)


@node(rows.Delegation, prefix="del", readable=policy.READABLE)
class Delegation(Node):
    """A grant from a mayor to an account: what it allows, from when to when."""

    id: strawberry.ID = identity()
    status: DelegationStatus = expression(policy.STATUS, nullable=False, description="Where it stands today.")
    scopes: list[Scope] = column(description="What it allows.")
    object_id: strawberry.ID | None = expression(
        "(SELECT 'evt_'||replace(e.id::text,'-','') FROM events e WHERE e.id = {row}.object_id)",
        description="The one thing it is limited to, if any.",
    )
    event: Event | None = one(
        "{child}.id = {row}.object_id",
        description="The event it is limited to, if to one the viewer may know of.",
    )
    starts_on: Day = expression("lower({row}.during)", nullable=False, description="Its first day.")
    ends_on: Day | None = expression("upper({row}.during) - 1", description="Its last day; null when open.")
    invited_at: Instant = column(description="When it was offered.")
    accepted_at: Instant | None = column(description="When it was accepted.")
    ended_at: Instant | None = column(description="When somebody ended it; null if nobody did.")
    principal: Mayor | None = one("{child}.id = {row}.term_id", description="The mayor who grants it.")
    delegate: Account | None = one("{child}.id = {row}.account_id", description="Who holds it.")
    history: Connection[AuditEntry] = trail(
        f"({{child}}.delegation_id = {{row}}.id OR {{child}}.subject = {{row}}.id) AND NOT {PERSONAL}",
        description="What was done under it and to it, as far as the viewer may know; `last` reads the newest.",
    )
