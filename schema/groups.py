"""Groups as clients see them: whom they are for, what they ask, and who is in them."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from models import groups as rows
from models.groups import RULES, Confidentiality, GroupAudience, MembershipStatus
from planner.declare import column, expression, identity, node, one, pages, where
from planner.pages import Connection
from policy import groups as policy
from policy import readings
from schema.enums import described
from schema.mayors import Mayor
from schema.nodes import Node
from schema.readings import Attention
from schema.scalars import Instant

# A thread names its group, and a group its threads.
if TYPE_CHECKING:
    from schema.discussions import Report, Thread

described(
    GroupAudience,
    "Whom a group is for.",
    OPEN="Everybody with an account.",
    MEMBERS="Member mayors and those who act for them; it is read without joining.",
    INVITED="Whoever a keeper invites; members know that it exists.",
    HIDDEN="Whoever a keeper invites; nobody else knows that it exists.",
)
described(
    Confidentiality,
    "What may be carried out of a group, and who is kept out of it.",
    ORDINARY="Nothing beyond the audience.",
    MAYORS_ONLY="Mayors in person; no delegate learns that it exists, whatever was granted.",
    CHATHAM_HOUSE="What is said may be used, and never who said it.",
    MAYORS_ONLY_CHATHAM_HOUSE="Both.",
)
described(
    MembershipStatus,
    "Where somebody stands with a group.",
    INVITED="Invited, and not in it yet.",
    JOINED="In it.",
    LEFT="Was in it, and left.",
    REMOVED="Was taken out by a keeper.",
)

_IN = policy.ENTERED


def _rule() -> str:
    cases = " ".join(
        f"WHEN '{name}' THEN '{rule.replace(chr(39), chr(39) * 2)}'" for name, rule in RULES.items() if rule
    )
    return f"CASE {{row}}.confidentiality {cases} END"


@node(rows.Membership, prefix="mem", readable=policy.MEMBERS_READABLE)
class Membership(Node):
    """Somebody who was let into a group. Told to those who read in it; under the Chatham House Rule to those in it."""

    id: strawberry.ID = identity()
    group: Annotated["Group", strawberry.lazy("schema.groups")] | None = one(
        "{child}.id = {row}.group_id", description="The group."
    )
    name: str = expression(
        "(SELECT p.name FROM people p WHERE p.id = {row}.person_id)",
        nullable=False,
        description="The person's name.",
    )
    mayor: Mayor | None = one(
        "{child}.id = {row}.term_id", description="The mayor; null for who is in it as themselves."
    )
    status: MembershipStatus = column(description="Where they stand with it.")
    keeper: bool = column(description="Whether they run it: invite, pin, lock, hide.")
    joined_at: Instant | None = column(description="When they joined last.")
    accepted_rule_at: Instant | None = column(
        description="When they accepted the group's rule, if it has one."
    )


@node(rows.Group, prefix="grp", readable=policy.READABLE)
class Group(Node):
    """Where peers talk. Whom it is for and how confidential it is never change."""

    id: strawberry.ID = identity()
    name: str = column(description="What it is called.")
    purpose: str = column(description="What it is for, in a paragraph.")
    audience: GroupAudience = column(description="Whom it is for.")
    confidentiality: Confidentiality = column(description="What may be carried out of it.")
    rule: str | None = expression(
        _rule(), description="What whoever joins accepts; null where there is nothing to accept."
    )
    offices_post: bool = column(description="Whether a mayor's staff may post in it, under `POST_AS_OFFICE`.")
    entered: bool = expression(
        _IN, nullable=False, description="Whether the viewer reads what is said in it."
    )
    can_keep: bool = expression(
        policy.KEPT, nullable=False, description="Whether the viewer runs it: invites, pins, locks, hides."
    )
    membership: Membership | None = one(
        "{child}.group_id = {row}.id AND {child}.person_id = {viewer.principal_id}"
        " AND {child}.term_id IS NOT DISTINCT FROM {viewer.term_id}",
        description="Where the viewer stands with it; null for who never joined it, and for staff.",
    )
    thread_count: int | None = column(
        readable=_IN, description="How many threads; null to whom may not read them."
    )
    post_count: int | None = column(
        readable=_IN, description="How many posts stand in it; null to whom may not read them."
    )
    unread_count: int = expression(
        readings.UNREAD_OF_GROUP,
        nullable=False,
        description="How many posts in it are unread, those in threads the viewer muted left out.",
    )
    last_post_at: Instant | None = column(readable=_IN, description="When somebody last posted in it.")
    attention: Attention | None = one(
        "{child}.group_id = {row}.id AND {child}.thread_id IS NULL",
        description="What the viewer wants to hear of it, if they said so.",
    )
    threads: Connection[Annotated["Thread", strawberry.lazy("schema.discussions")]] = pages(
        "{child}.group_id = {row}.id",
        order=[("{row}.place", "bigint"), ("{row}.id", "uuid")],
        description="Its threads: pinned ones first, then by their latest post, the newest first.",
        unread=where(
            bool, f"({readings.UNREAD_OF_THREAD} > 0) = {{value}}", "With unread posts, or without."
        ),
        resolved=where(bool, "({row}.resolved_at IS NOT NULL) = {value}", "Resolved, or still open."),
    )
    members: Connection[Membership] = pages(
        "{child}.group_id = {row}.id AND {child}.status IN ('joined', 'invited')",
        order=[
            ("(SELECT plain_name(p.name) FROM people p WHERE p.id = {row}.person_id)", "text"),
            ("{row}.id", "uuid"),
        ],
        description="Who is in it or invited, by name, as far as the viewer may know.",
    )
    reports: Connection[Annotated["Report", strawberry.lazy("schema.discussions")]] = pages(
        "{child}.group_id = {row}.id",
        order=[("{row}.at", "timestamptz"), ("{row}.id", "uuid")],
        description="What was reported to those who keep it, oldest first.",
        open=where(bool, "({row}.status = 'open') = {value}", "Not settled yet, or settled."),
    )
