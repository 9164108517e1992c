"""The audit as clients see it: each act with who did it, for whom, under which grant and upon what."""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from models import audit as rows
from planner.declare import EVERYONE, column, expression, here, identity, node, one, pages, part, where
from policy import audit as policy
from policy import events as of_events
from schema.enums import Scope
from schema.nodes import Node
from schema.scalars import Day, Instant

# Other nouns show their own trails, so this one names them without importing them.
if TYPE_CHECKING:
    from schema.accounts import Account
    from schema.delegations import Delegation
    from schema.events import Event, EventMove
    from schema.mayors import Mayor
    from schema.resolutions import Resolution, ResolutionCall


_EVENT_READABLE = of_events.READABLE.replace("{row}", "e")


def trail(on: str = EVERYONE, *, description: str) -> Any:
    """A connection of what was done, in the order of writing; ``last`` reads the newest.

    Its arguments follow the trail from a thing, a person, a mayor or a grant, within some days.
    """
    return pages(
        on,
        order=[("{row}.at", "timestamptz"), ("{row}.id", "uuid")],
        description=description,
        # Any kind of id: the digits alone say which row.
        subject=where(
            strawberry.ID,
            "{row}.subject = CASE WHEN {value} ~ '^[a-z]+_[0-9a-f]{{32}}$' THEN right({value}, 32)::uuid END",
            "Upon this thing, whatever it is.",
        ),
        actor=where(strawberry.ID, "{row}.actor_id = {value}", "By this account.", of="acc"),
        principal=where(strawberry.ID, "{row}.term_id = {value}", "For this mayor.", of="may"),
        delegation=where(strawberry.ID, "{row}.delegation_id = {value}", "Under this grant.", of="del"),
        act=where(str, "{row}.act = {value}", "Only this act, by its mutation's name: `postponeEvent`."),
        since=where(Instant, "{row}.at >= {value}", "Done then or later."),
        until=where(Instant, "{row}.at < {value}", "Done before then."),
    )


def _of(table: str, prefix: str) -> str:
    return f"(SELECT '{prefix}_'||replace(x.id::text,'-','') FROM {table} x WHERE x.id = {{row}}.subject)"


@part()
class Wording:
    """What an act changed, as it read at some time, frozen in the audit; null where the act did not touch it."""

    name: str | None = column(description="A person's name.")
    office_email: str | None = column(description="An office's address.")
    office_phone: str | None = column(description="An office's telephone.")
    scopes: list[Scope] | None = column(description="What a grant allowed.")
    ends_on: Day | None = column(description="A grant's last day.")


@node(rows.AuditEntry, prefix="aud", readable=policy.READABLE)
class AuditEntry(Node):
    """One act as it was done. Never changed, never removed."""

    id: strawberry.ID = identity()
    at: Instant = column(description="When it was done, by the database's clock.")
    act: str = column(description="What was done, by the name of its mutation: `postponeEvent`.")
    notice: str | None = expression(
        "{row}.detail->>'notice'",
        description="The notice that told of it: `EventPostponed`; null where it concerned nobody else.",
    )
    actor: Annotated["Account", strawberry.lazy("schema.accounts")] | None = one(
        "{child}.id = {row}.actor_id", description="Who did it."
    )
    principal: Annotated["Mayor", strawberry.lazy("schema.mayors")] | None = one(
        "{child}.id = {row}.term_id", description="For whom; null when it was done for oneself."
    )
    delegation: Annotated["Delegation", strawberry.lazy("schema.delegations")] | None = one(
        "{child}.id = {row}.delegation_id", description="Under which grant; null when under none."
    )
    was: Wording | None = here(
        "{row}.detail->'was'", description="How what it changed read before: of a profile, or of a grant."
    )
    now: Wording | None = here("{row}.detail->'now'", description="How it read from then on.")
    subject_id: strawberry.ID | None = expression(
        "coalesce("
        + ", ".join(
            _of(table, prefix)
            for table, prefix in [
                ("events", "evt"),
                ("delegations", "del"),
                ("terms", "may"),
                ("accounts", "acc"),
                ("cities", "cit"),
                ("resolutions", "res"),
                ("resolution_calls", "cal"),
            ]
        )
        + ")",
        description="Upon what: good for `node(id:)` and for following the trail; null for what has no id.",
    )
    event: Annotated["Event", strawberry.lazy("schema.events")] | None = one(
        "{child}.id = {row}.subject", description="The event it was done to, if to one."
    )
    move: Annotated["EventMove", strawberry.lazy("schema.events")] | None = one(
        "{child}.event_id = {row}.subject AND {child}.revision = ({row}.detail->>'revision')::int - 1"
        f" AND EXISTS (SELECT 1 FROM events e WHERE e.id = {{row}}.subject AND {_EVENT_READABLE})",
        description="How the event stood before, and why it was moved; null where no event was moved.",
    )
    grant: Annotated["Delegation", strawberry.lazy("schema.delegations")] | None = one(
        "{child}.id = {row}.subject", description="The grant it was done to, if to one."
    )
    mayor: Annotated["Mayor", strawberry.lazy("schema.mayors")] | None = one(
        "{child}.id = {row}.subject", description="The mayor it was done to, if to one."
    )
    account: Annotated["Account", strawberry.lazy("schema.accounts")] | None = one(
        "{child}.id = {row}.subject", description="The account it was done to, if to one."
    )
    resolution: Annotated["Resolution", strawberry.lazy("schema.resolutions")] | None = one(
        "{child}.id = {row}.subject", description="The resolution it was done to, if to one."
    )
    call: Annotated["ResolutionCall", strawberry.lazy("schema.resolutions")] | None = one(
        "{child}.id = {row}.subject", description="The call for resolutions it was done to, if to one."
    )
