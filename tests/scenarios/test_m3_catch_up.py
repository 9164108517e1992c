"""M3: back after days away: what is unread and still stands, where to read on; what is no post marks nothing."""

from typing import Any

import pytest

from tests.living import Caller, Home, until

UNREAD = "{ viewer { unreadCount } waiting { unread { nodes { id } } named { nodes { id number } } } }"
THREAD = """query ($id: ID!) { thread(id: $id) { unreadCount resolved pinned locked
  firstUnread { id number } lastPost { number } posts { nodes { number unread deleted hidden body } } } }"""
GROUP = """query ($id: ID!) { group(id: $id) { unreadCount lastPostAt
  threads { nodes { id unreadCount firstUnread { number } } } unread: threads(unread: true) { nodes { id } } } }"""
READ = "subscription { notices { __typename ... on ThreadRead { thread { id unreadCount } } } }"


class _Room:
    def __init__(self, ada: Caller, ben: Caller, group: str, threads: list[str]) -> None:
        self.ada, self.ben, self.group, self.threads = ada, ben, group, threads


@pytest.fixture
async def room(home: Home) -> _Room:
    """A group with two threads that Ben has read, and everything else read too."""
    ada, ben = [await home.caller(f"mayor@{slug}.example") for slug in ("alexandria-va", "norfolk-va")]
    group = await ada.done("createGroup", name="Buses", audience="MEMBERS", confidentiality="ORDINARY")
    threads = [
        (await ada.done("startThread", groupId=group["id"], title=title, body="Well?"))["id"]
        for title in ("Fares", "Stops")
    ]
    groups = (await ben.ask("{ groups(first: 100, entered: true) { nodes { id } } }"))["groups"]["nodes"]
    for one in groups:
        await ben.done("markGroupRead", groupId=one["id"])
    return _Room(ada, ben, group["id"], threads)


async def test_only_what_still_stands_is_unread_and_reading_goes_on_at_its_first(room: _Room) -> None:
    fares, stops = room.threads
    posts = [await room.ada.done("reply", threadId=fares, body=f"{n}") for n in range(5)]
    await room.ada.done("reply", threadId=stops, body="@norfolk-va?")

    await room.ada.done("deletePost", postId=posts[0]["id"])
    await room.ada.done("hidePost", postId=posts[1]["id"], reason="Off the road.")
    back = await room.ben.ask(UNREAD)
    thread = (await room.ben.ask(THREAD, id=fares))["thread"]
    await room.ben.done("markRead", threadId=fares, through=thread["firstUnread"]["number"])
    later = (await room.ben.ask(THREAD, id=fares))["thread"]

    assert back["viewer"]["unreadCount"] == 4
    assert [group["id"] for group in back["waiting"]["unread"]["nodes"]] == [room.group]
    assert [post["number"] for post in back["waiting"]["named"]["nodes"]] == [2]
    assert (thread["unreadCount"], thread["firstUnread"]["number"], thread["lastPost"]["number"]) == (3, 4, 6)
    assert (later["unreadCount"], later["firstUnread"]["number"]) == (2, 5)


async def test_a_mark_on_one_device_is_there_on_the_other_at_once(home: Home, room: _Room) -> None:
    await room.ada.done("reply", threadId=room.threads[0], body="Now?")
    telephone = await home.caller("mayor@norfolk-va.example")

    async with telephone.listening(READ) as heard:
        await _listened(home)
        await room.ben.done("markRead", threadId=room.threads[0])
        told = await heard.notice()

    assert told == {"__typename": "ThreadRead", "thread": {"id": room.threads[0], "unreadCount": 0}}


async def test_what_is_no_post_neither_bumps_nor_marks_unread(room: _Room) -> None:
    fares, stops = room.threads
    before = (await room.ben.ask(GROUP, id=room.group))["group"]
    (opening,) = (
        await room.ben.ask("query ($id: ID!) { thread(id: $id) { posts { nodes { id } } } }", id=fares)
    )["thread"]["posts"]["nodes"]

    for act, given in (
        ("resolveThread", {"resolved": True}),
        ("lockThread", {"locked": True}),
        ("lockThread", {"locked": False}),
        ("resolveThread", {"resolved": False}),
        ("pinThread", {"pinned": True}),
        ("pinThread", {"pinned": False}),
    ):
        await room.ada.done(act, threadId=fares, **given)
    await room.ada.done("editPost", postId=opening["id"], body="Well, then?")
    await room.ben.done("react", postId=opening["id"], mark="AGREE")
    await room.ben.done("reportPost", postId=opening["id"], reason="Curt.")
    await room.ada.done("hidePost", postId=opening["id"], reason="Curt.")
    await room.ada.done("showPost", postId=opening["id"])

    after: Any = (await room.ben.ask(GROUP, id=room.group))["group"]
    assert after == before
    assert [thread["id"] for thread in after["threads"]["nodes"]] == [stops, fares]
    assert after["unreadCount"] == 0


async def test_what_was_kept_unread_stays_so_whatever_is_read_behind_it(room: _Room) -> None:
    fares = room.threads[0]
    post = await room.ada.done("reply", threadId=fares, body="Later.")
    await room.ada.done("reply", threadId=fares, body="Sooner.")
    await room.ben.done("markRead", threadId=fares)

    await room.ben.done("keepUnread", postId=post["id"])
    await room.ada.done("reply", threadId=fares, body="Again.")

    thread = (await room.ben.ask(THREAD, id=fares))["thread"]
    assert [p["number"] for p in thread["posts"]["nodes"] if p["unread"]] == [2, 4]
    assert thread["firstUnread"]["number"] == 2


async def _listened(home: Home) -> None:
    await until(lambda: home.hub.subscribers)
