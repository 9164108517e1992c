"""Threads and posts as clients see them; who spoke is told by one clause, wherever it is asked."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from models import discussions as rows
from models.discussions import ReactionMark, ReportStatus
from planner.declare import EVERYONE, column, expression, identity, many, node, one, pages, where
from planner.pages import Connection
from policy import discussions as policy
from policy import groups, readings
from schema.enums import described
from schema.mayors import Mayor
from schema.nodes import Node
from schema.readings import Because
from schema.scalars import Instant

if TYPE_CHECKING:
    from schema.groups import Group

described(
    ReactionMark,
    "What one can say of a post without a word.",
    AGREE="I agree.",
    THANKS="Thank you.",
    INSIGHT="I had not thought of that.",
    QUESTION="I have a question about it.",
    CELEBRATE="Well done.",
)
described(
    ReportStatus,
    "What became of a report.",
    OPEN="Nobody has looked at it yet.",
    HIDDEN="The post was hidden.",
    DISMISSED="The post stands.",
)

_ACTOR = "(SELECT p.name FROM accounts a JOIN people p ON p.id = a.person_id WHERE a.id = {row}.author_id)"
_OFFICE = """(SELECT p.name||' of '||c.name FROM terms t JOIN people p ON p.id = t.person_id
    JOIN cities c ON c.id = t.city_id WHERE t.id = {row}.term_id)"""


@node(rows.Post, readable=policy.AUTHOR)
class Author:
    """Who spoke. Under the Chatham House Rule null to all but those who joined the group, in person."""

    name: str = expression(_ACTOR, nullable=False, description="The name of the person who wrote it.")
    mayor: Mayor | None = one(
        "{child}.id = {row}.term_id", description="As which mayor, or for which; null for the secretariat."
    )
    for_office: bool = column(description="Whether staff wrote it on the mayor's behalf.")
    byline: str = expression(
        f"CASE WHEN {{row}}.term_id IS NULL THEN {_ACTOR} WHEN {{row}}.for_office"
        f" THEN {_ACTOR}||', for Mayor '||{_OFFICE} ELSE 'Mayor '||{_OFFICE} END",
        nullable=False,
        description="Who it is by, for the line above a post: `Dana Lee, for Mayor Marta Ruiz of Richmond`.",
    )


# A part of its post, and reached through nothing else: whoever reads the post reads it, as long as the post stands.
@node("reaction_tallies", key="", readable=EVERYONE)
class Reactions:
    """How many put one mark upon a post. By whom is told to nobody."""

    mark: ReactionMark = expression("{row}.mark", nullable=False, description="The mark.")
    count: int = expression("{row}.count", nullable=False, description="How many.")
    mine: bool = expression(
        "EXISTS (SELECT FROM reactions own WHERE own.post_id = {row}.post_id AND own.mark = {row}.mark"
        f" AND own.person_id = {{viewer.principal_id}} AND {policy.OWN_MARK})",
        nullable=False,
        description="Whether it is the viewer's, or the viewer's mayor's, too. Under the Chatham House Rule staff are "
        "not told of their mayor's.",
    )


@node(rows.PostVersion, readable=policy.OF_A_POST)
class PostVersion:
    """How a post read before it was edited."""

    body_html: str = column(description="As it was shown.")
    at: Instant = column(description="When it was written.")


@node(rows.Post, prefix="pst", readable=policy.READABLE)
class Post(Node):
    """What somebody said. Deleted or hidden, it leaves a stub: its number and its date."""

    id: strawberry.ID = identity()
    number: int = column(description="Its place in the thread, from 1; lasting.")
    thread: Annotated["Thread", strawberry.lazy("schema.discussions")] | None = one(
        "{child}.id = {row}.thread_id", description="The thread it stands in."
    )
    author: Author | None = one(
        "{child}.id = {row}.id",
        held="{row}.id, {row}.author_id, {row}.term_id, {row}.for_office, {row}.chatham_house, {row}.group_id",
        description="Who spoke; null where the viewer may not know.",
    )
    body: str | None = column(
        readable=policy.STANDS, description="As it was typed, in markdown; null of a stub."
    )
    body_html: str | None = column(
        readable=policy.STANDS, description="As it is shown, already safe to show; null of a stub."
    )
    excerpt: str | None = column(
        readable=policy.STANDS, description="How it begins, as plain text; null of a stub."
    )
    at: Instant = column(description="When it was written.")
    edited_at: Instant | None = column(description="When it was last edited.")
    deleted: bool = expression(
        "({row}.deleted_at IS NOT NULL)", nullable=False, description="Whether its author took it away."
    )
    hidden: bool = expression(
        "({row}.hidden_at IS NOT NULL)", nullable=False, description="Whether a keeper hid it."
    )
    hidden_because: str | None = column(description="Why a keeper hid it.")
    revision: int = column(description="Grows with every change.")
    unread: bool = expression(
        readings.UNREAD, nullable=False, description="Whether the viewer has not read it."
    )
    can_edit: bool = expression(
        f"({policy.OWN} AND {policy.STANDS})", nullable=False, description="Whether the viewer may edit it."
    )
    can_delete: bool = expression(
        f"({policy.DELETABLE} AND {policy.STANDS})",
        nullable=False,
        description="Whether the viewer may delete it.",
    )
    can_keep: bool = expression(
        groups.KEEPING, nullable=False, description="Whether the viewer may hide it, or show it again."
    )
    reactions: list[Reactions] = many(
        f"{{child}}.post_id = {{row}}.id AND {policy.STANDS}",
        order="{child}.count DESC, {child}.mark",
        most=len(ReactionMark),
        description="The marks upon it.",
    )
    versions: list[PostVersion] = many(
        "{child}.post_id = {row}.id",
        order="{child}.revision DESC",
        most=20,
        description="How it read before its last 20 edits, newest first.",
    )


@node(rows.Thread, prefix="thr", readable=policy.READABLE)
class Thread(Node):
    """A conversation in a group."""

    id: strawberry.ID = identity()
    title: str = column(description="What it is about.")
    group: Annotated["Group", strawberry.lazy("schema.groups")] | None = one(
        "{child}.id = {row}.group_id", description="The group it is in."
    )
    started_at: Instant = column(description="When it was started.")
    post_count: int = column(description="How many posts stand in it.")
    last_number: int = column(description="The number of its latest post, stubs counted.")
    unread_count: int = expression(
        readings.UNREAD_OF_THREAD, nullable=False, description="How many of its posts are unread."
    )
    first_unread: Post | None = one(
        readings.FIRST_UNREAD, description="Where to read on; null when everything is read."
    )
    opening: Post | None = one(
        "{child}.thread_id = {row}.id AND {child}.number = 1", description="Its first post."
    )
    last_post: Post | None = one(
        "{child}.id = {row}.last_post_id", description="The latest post that stands; null when none does."
    )
    pinned: bool = column(description="Whether it stays at the head of its group.")
    locked: bool = expression(
        "({row}.locked_at IS NOT NULL)", nullable=False, description="Whether it takes no more posts."
    )
    resolved: bool = expression(
        "({row}.resolved_at IS NOT NULL)", nullable=False, description="Whether its question is answered."
    )
    because: Because = expression(
        readings.BECAUSE, nullable=False, description="Why the viewer hears of it, or does not."
    )
    can_keep: bool = expression(
        groups.KEEPING, nullable=False, description="Whether the viewer may pin and lock it."
    )
    can_resolve: bool = expression(
        f"({groups.KEEPING} OR {policy.OWN})",
        nullable=False,
        description="Whether the viewer may resolve it.",
    )
    posts: Connection[Post] = pages(
        "{child}.thread_id = {row}.id",
        order=[("{row}.number", "int")],
        description="What was said, in the order of saying; `last` reads the end.",
        since=where(int, "{row}.number >= {value}", "From the post with this number on."),
        until=where(int, "{row}.number < {value}", "Ahead of the post with this number."),
    )


@node(rows.Report, prefix="rpt", readable=policy.REPORTS)
class Report(Node):
    """A reader's word that a post should not stand; told to those who keep the group, and never by whom."""

    id: strawberry.ID = identity()
    post: Post | None = one("{child}.id = {row}.post_id", description="The post.")
    reason: str = column(description="Why it should not stand.")
    words: str = column(description="What the post said when it was reported.")
    at: Instant = column(description="When it was reported.")
    status: ReportStatus = column(description="What became of it.")
    settled_at: Instant | None = column(description="When it was settled.")
