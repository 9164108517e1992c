"""What the database itself refuses of groups and what is said in them, should the code above it ever be wrong."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest

from rotunda.database import Connection
from tests import factories

_AGAIN = """INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE id = $1"""


@dataclass
class Room:
    """A confidential group with a thread, a post and a member, over a connection as the owner."""

    db: Connection
    group: UUID
    other: UUID
    thread: UUID
    post: UUID
    member: UUID


@pytest.fixture
async def room(database: str) -> AsyncIterator[Room]:
    db = await asyncpg.connect(database)
    mayor, term = await factories.mayor(db)
    group, other = [
        await factories.group(db, mayor, audience=audience, confidentiality="mayors_only_chatham_house")
        for audience in ("members", "hidden")
    ]
    thread = await factories.thread(db, group, mayor, term_id=term)
    post = await factories.post(db, thread, mayor, term_id=term)
    member = await factories.membership(db, group, mayor, term_id=term, keeper=True)
    yield Room(db, group, other, thread, post, member)
    await db.close()


@pytest.mark.parametrize(
    "change", ["audience = 'open'", "confidentiality = 'ordinary'", "confidentiality = 'mayors_only'"]
)
async def test_what_was_said_in_confidence_let_out_of_it(room: Room, change: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="keeps its audience and its confidentiality"):
        await room.db.execute(f"UPDATE groups SET {change} WHERE id = $1", room.group)

    await room.db.execute("UPDATE groups SET name = 'Another name' WHERE id = $1", room.group)


@pytest.mark.parametrize("table", ["threads", "posts"])
@pytest.mark.parametrize("change", ["audience = 'open'", "mayors_only = false", "chatham_house = false"])
async def test_a_thread_or_post_less_confidential_than_its_group(room: Room, table: str, change: str) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await room.db.execute(f"UPDATE {table} SET {change} WHERE id = $1", getattr(room, table[:-1]))


@pytest.mark.parametrize("table", ["threads", "posts"])
async def test_what_was_said_carried_into_another_group(room: Room, table: str) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await room.db.execute(
            f"UPDATE {table} SET group_id = $2 WHERE id = $1", getattr(room, table[:-1]), room.other
        )


async def test_one_person_twice_in_a_group(room: Room) -> None:
    for term in ("term_id", "NULL, "):
        again = _AGAIN.format(
            table="memberships",
            columns="group_id, person_id, term_id, status",
            values=f"group_id, person_id, {term.removesuffix(', ')}, 'invited'",
        )
        if term != "term_id":
            await room.db.execute(again, room.member)  # as oneself, beside as a mayor
        with pytest.raises(asyncpg.UniqueViolationError, match="one_membership"):
            await room.db.execute(again, room.member)


@pytest.mark.parametrize("status", ["left", "removed", "invited"])
async def test_a_keeper_who_is_not_in_the_group(room: Room, status: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await room.db.execute("UPDATE memberships SET status = $2 WHERE id = $1", room.member, status)


async def test_an_office_that_speaks_in_confidence(room: Room) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await room.db.execute("UPDATE groups SET offices_post = true WHERE id = $1", room.group)


async def test_two_posts_with_one_number(room: Room) -> None:
    confided = "group_id, audience, mayors_only, chatham_house"
    columns = f"thread_id, {confided}, number, place, body, body_html, words, author_id"

    with pytest.raises(asyncpg.UniqueViolationError):
        await room.db.execute(_AGAIN.format(table="posts", columns=columns, values=columns), room.post)


@pytest.mark.parametrize("deed", ["UPDATE post_versions SET body = 'Never.'", "DELETE FROM post_versions"])
async def test_how_a_post_read_before_rewritten_by_the_owner(room: Room, deed: str) -> None:
    await room.db.execute(
        "INSERT INTO post_versions (post_id, revision, body, body_html, at) VALUES ($1, 1, 'So.', 'So.', now())",
        room.post,
    )

    with pytest.raises(asyncpg.PostgresError, match="append-only"):
        await room.db.execute(deed)


@pytest.mark.parametrize(
    "deed",
    [
        "DELETE FROM posts",
        "DELETE FROM threads",
        "DELETE FROM groups",
        "DELETE FROM memberships",
        "DELETE FROM reports",
        "UPDATE post_versions SET body = 'Never.'",
        "DELETE FROM post_versions",
        "ALTER TABLE groups DISABLE TRIGGER ALL",
        "TRUNCATE posts CASCADE",
    ],
)
async def test_what_was_said_unsaid_by_the_application(room: Room, deed: str) -> None:
    await room.db.execute("SET ROLE rotunda_app")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await room.db.execute(deed)
