"""Accounts, capacities and the viewer, as clients see them."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from models import accounts as rows
from models.delegations import Scope
from planner.declare import column, computed, expression, identity, many, node, one, pages
from planner.pages import Connection
from policy import accounts as policy
from policy import keys, readings
from schema.cities import City
from schema.keys import ApiToken, Passkey, Session
from schema.looks import Look
from schema.mayors import Mayor
from schema.nodes import Node
from schema.rights import NEEDS, Right, rights
from schema.scalars import Instant

if TYPE_CHECKING:
    from schema.discussions import Post


@node(rows.Account, prefix="acc", readable=policy.READABLE)
class Account(Node):
    """A person's login."""

    id: strawberry.ID = identity()
    name: str = expression(
        "(SELECT p.name FROM people p WHERE p.id = {row}.person_id)",
        nullable=False,
        description="The person's name.",
    )
    email: str | None = column(
        readable=policy.EMAIL, description="The sign-in address: one's own, and one's own staff's."
    )
    secretariat: bool | None = column(
        readable=policy.EMAIL, description="Whether it belongs to the secretariat; known of one's own."
    )
    capacities: list["Capacity"] = many(
        "{child}.account_id = {row}.id",
        order="{child}.kind DESC, {child}.id",
        description="Every capacity it has at present; told of one's own, and to the secretariat.",
    )


@node("capacities", readable="({row}.account_id = {viewer.account_id} OR {viewer.secretariat})")
class Capacity:
    """One way an account may act: for oneself, for one's own term, or under a delegation."""

    id: strawberry.ID = expression(
        "'cap_'||replace({row}.id::text,'-','')",
        nullable=False,
        description="Send it as `Rotunda-Acting-For` to act this way.",
    )
    principal: Mayor | None = one("{child}.id = {row}.term_id", description="For whom; null for oneself.")
    scopes: list[Scope] | None = expression(
        "{row}.scopes", description="What a delegation allows; null where no delegation limits it."
    )
    city: City | None = one("{child}.id = {row}.city_id", description="The principal's city.")
    until: Instant | None = expression("{row}.until", description="When it ends by date, if a date is set.")


@node("viewer", key="account_id", readable="true")
class Viewer:
    """Whoever sends the request, and for whom."""

    account: Account | None = one("{child}.id = {row}.account_id", description="Who acts.")
    capacity: Capacity | None = one(
        "{child}.account_id = {row}.account_id AND {child}.id = {row}.capacity_id",
        description="In which capacity.",
        held="{row}.capacity_id AS id, {row}.account_id, {row}.term_id, {row}.city_id, {row}.scopes, "
        "{row}.capacity_until AS until",
    )
    capacities: list[Capacity] = many(
        "{child}.account_id = {row}.account_id",
        order="{child}.kind DESC, {child}.id",
        description="Every capacity this account has at present.",
    )
    last_look: Look | None = one(
        "{child}.account_id = {row}.account_id AND {child}.capacity_id = {row}.capacity_id",
        description="How far the viewer has seen what changed, in this capacity; null before the first look.",
    )
    sessions: list[Session] = many(
        f"{{child}}.account_id = {{row}}.account_id AND {keys.STANDING.replace('{row}', '{child}')}",
        order="{child}.created_at DESC, {child}.id",
        description="Where one is signed in at present, the newest first.",
    )
    tokens: list[ApiToken] = many(
        f"{{child}}.account_id = {{row}}.account_id AND {keys.STANDING.replace('{row}', '{child}')}",
        order="{child}.created_at DESC, {child}.id",
        description="One's tokens that are still good, the newest first.",
    )
    passkeys: list[Passkey] = many(
        "{child}.account_id = {row}.account_id AND {child}.removed_at IS NULL",
        order="{child}.id DESC",
        description="One's passkeys, the newest first.",
    )
    secretariat: bool = expression(
        "{row}.secretariat", nullable=False, description="Whether it acts as secretariat."
    )
    hosts: bool = expression(
        "{viewer.host_id} IS NOT NULL",
        nullable=False,
        description="Whether it hosts events, or acts for a host.",
    )
    member: bool = expression(
        "{row}.member", nullable=False, description="Whether it acts as a member city's mayor, or for one."
    )
    unread_count: int = expression(
        readings.UNREAD_IN_ALL,
        nullable=False,
        description="How many posts are unread in all the groups the viewer reads, muted ones left out.",
    )
    mentions: Connection[Annotated["Post", strawberry.lazy("schema.discussions")]] = pages(
        "{child}.stands AND EXISTS (SELECT FROM mentions m WHERE m.post_id = {child}.id AND m.term_id = {row}.term_id)",
        order=[("-{row}.place", "bigint"), ("{row}.id", "uuid")],
        description="Posts that name the mayor whom the viewer is or acts for, newest first.",
    )
    rights: list[Right] = computed(
        rights, needs=NEEDS, description="Every act, with whether the viewer may, and why not."
    )
