"""What is counted as posts come and go is what a recount finds: after anything, in any order, and all at once."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.discussions.recount import differences
from tests.discussions.test_acts import Room, people
from tests.living import Caller, act_document

__all__ = ["people"]
COUNTED = """query ($group: ID!) { viewer { unreadCount } group(id: $group) { unreadCount postCount
  threads(first: 50) { nodes { id unreadCount postCount lastPost { number }
    posts(first: 100) { nodes { unread deleted hidden number } } } } } }"""
MUTED_ALL = "query { groups(first: 100) { nodes { id unreadCount attention { level } } } }"


@dataclass
class Bench:
    """A group with two threads, those who read it, and the database behind it."""

    room: Room
    threads: tuple[str, str]
    readers: tuple[Caller, ...]
    connection: Any

    async def do(self, deed: tuple[str, int, int, int]) -> None:
        """One deed of one reader in one thread, on some post of it; what cannot be is refused and changes nothing."""
        verb, who, where, which = deed
        by, thread = self.readers[who], self.threads[where]
        posts = await self.connection.fetch(
            "SELECT id, number FROM posts WHERE thread_id = $1 ORDER BY number", thread.removeprefix("thr_")
        )
        post = posts[which % len(posts)]
        named = f"pst_{post['id'].hex}"
        match verb:
            case "reply":
                await by.act("reply", threadId=thread, body="One more.")
            case "delete":
                await by.act("deletePost", postId=named)
            case "hide":
                await self.room.ada.act("hidePost", postId=named, reason="For a while.")
            case "show":
                await self.room.ada.act("showPost", postId=named)
            case "read":
                await by.act("markRead", threadId=thread, through=post["number"])
            case "keep":
                await by.act("keepUnread", postId=named)
            case _:
                await by.act("markGroupRead", groupId=self.room.group["id"])

    async def seen(self, by: Caller) -> None:
        """Hold what a reader is shown against the posts shown with it."""
        page = await by.ask(COUNTED, group=self.room.group["id"])
        unread = 0
        for thread in page["group"]["threads"]["nodes"]:
            posts = thread["posts"]["nodes"]
            standing = [post for post in posts if not post["deleted"] and not post["hidden"]]
            assert thread["postCount"] == len(standing)
            assert thread["unreadCount"] == sum(post["unread"] for post in standing)
            assert (thread["lastPost"] or {}).get("number") == max(
                (p["number"] for p in standing), default=None
            )
            unread += thread["unreadCount"]
        assert page["group"]["unreadCount"] == unread
        groups = (await by.ask(MUTED_ALL))["groups"]["nodes"]
        heard = [one for one in groups if (one["attention"] or {}).get("level") != "MUTED"]
        assert page["viewer"]["unreadCount"] == sum(one["unreadCount"] for one in heard)


@pytest.fixture
async def bench(people: Room) -> AsyncIterator[Bench]:
    room = await replace(people).founded(officesPost=True)
    other = await room.ben.done("startThread", groupId=room.group["id"], title="Stops", body="How far apart?")
    connection = await asyncpg.connect(room.home.dsn)
    yield Bench(
        room,
        (room.thread["id"], other["id"]),
        (room.ada, room.ben, room.office, room.secretariat),
        connection,
    )
    await connection.close()


DEEDS = st.tuples(
    st.sampled_from(["reply", "reply", "delete", "hide", "show", "read", "keep", "keep", "read all"]),
    st.integers(0, 3),
    st.integers(0, 1),
    st.integers(0, 30),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(DEEDS, min_size=6, max_size=16))
async def test_counts_hold_after_anything(bench: Bench, deeds: list[tuple[str, int, int, int]]) -> None:
    for deed in deeds:
        await bench.do(deed)

    assert await differences(bench.connection) == []
    for reader in bench.readers:
        await bench.seen(reader)


async def test_counts_hold_when_all_of_it_happens_at_once(bench: Bench) -> None:
    ben, other_device, ada = bench.room.ben, bench.room.ben, bench.room.ada
    thread = bench.threads[0]
    posts = [await ada.done("reply", threadId=thread, body=f"Number {n}.") for n in range(12)]

    await asyncio.gather(
        *(_done(ben, "markRead", threadId=thread, through=post["number"]) for post in posts[::3]),
        *(_done(other_device, "keepUnread", postId=post["id"]) for post in posts[1::3]),
        *(_done(ada, "deletePost", postId=post["id"]) for post in posts[::2]),
        *(_done(by, "reply", threadId=thread, body="Meanwhile.") for by in (ada, ben, bench.room.office)),
        _done(other_device, "markGroupRead", groupId=bench.room.group["id"]),
        _done(ada, "hidePost", postId=posts[1]["id"], reason="For a while."),
    )

    assert await differences(bench.connection) == []
    for reader in bench.readers:
        await bench.seen(reader)


async def _done(by: Caller, act: str, **given: Any) -> None:
    """Carry out an act; where the house has no hand free, again under the same key, as it asks one to."""
    wanted = {**given, "idempotencyKey": secrets.token_hex(8)}
    for _ in range(30):
        answer = (await by.response(act_document(act), input=wanted)).json()
        codes = [error["extensions"]["code"] for error in answer.get("errors", [])]
        if codes != ["UNAVAILABLE"]:
            break
        await asyncio.sleep(1)
    assert codes == [], answer
