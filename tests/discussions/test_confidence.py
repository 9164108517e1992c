"""An attack on confidence: a chief of staff with every scope and the source in hand, after a group of mayors alone.

What is asked before anything was founded is asked again when mayors have talked for a while: byte by byte the same.
What names the group by its id is asked of one that never was. `head` alone moves: something was written.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.discussions.test_acts import Room, people
from tests.living import Caller

__all__ = ["people"]

WORD = "quetzalcoatlus"
EVERYTHING = """query ($word: String!) {
  viewer { unreadCount mentions(first: 50) { totalCount edges { cursor node { id } } } lastLook { at } }
  groups(first: 100) { totalCount edges { cursor node { id name unreadCount threadCount postCount
    members(first: 50) { totalCount nodes { id } } threads(first: 20) { totalCount nodes { id title postCount } } } } }
  named: groups(containing: "frankly") { totalCount nodes { id } }
  search(text: $word, first: 20) { totalCount edges { cursor excerpt node { __typename id } } }
  titles: search(text: "frankly", first: 20) { totalCount edges { excerpt node { id } } }
  changes(last: 100) { totalCount nodes { __typename at } }
  audit(last: 100) { totalCount nodes { act subjectId actor { name } } }
  accounts(first: 100) { totalCount nodes { id name } }
  waiting { invitations { totalCount } }
}"""
BY_ID = """query ($group: ID!, $thread: ID!, $post: ID!) {
  group(id: $group) { id } thread(id: $thread) { id } a: node(id: $group) { id } b: node(id: $thread) { id }
  c: node(id: $post) { id } nodes(ids: [$group, $thread, $post]) { id }
  audit(last: 50, subject: $thread) { totalCount nodes { id } } post: audit(last: 50, subject: $post) { totalCount }
}"""
ACTS: dict[str, Mapping[str, Any]] = {
    "joinGroup": {"groupId": "group", "acceptsRule": True},
    "leaveGroup": {"groupId": "group"},
    "editGroup": {"groupId": "group", "name": "Mine"},
    "startThread": {"groupId": "group", "title": "Hello", "body": "Hello?"},
    "reply": {"threadId": "thread", "body": "Hello?"},
    "markRead": {"threadId": "thread"},
    "markGroupRead": {"groupId": "group"},
    "heedGroup": {"groupId": "group", "level": "FOLLOWED"},
    "heedThread": {"threadId": "thread", "level": "FOLLOWED"},
    "pinThread": {"threadId": "thread", "pinned": True},
    "lockThread": {"threadId": "thread", "locked": True},
    "resolveThread": {"threadId": "thread", "resolved": True},
    "editPost": {"postId": "post", "body": "Mine."},
    "deletePost": {"postId": "post"},
    "react": {"postId": "post", "mark": "AGREE"},
    "unreact": {"postId": "post", "mark": "AGREE"},
    "reportPost": {"postId": "post", "reason": "Because."},
    "hidePost": {"postId": "post", "reason": "Because."},
    "showPost": {"postId": "post"},
    "keepUnread": {"postId": "post"},
}
#: Where the things on a page lead.
_LINKS = re.compile(r'href="([^"]+)"')
NOWHERE = {"group": "grp_" + "0" * 32, "thread": "thr_" + "0" * 32, "post": "pst_" + "0" * 32}


@dataclass
class Talk:
    """What mayors said among themselves, by its ids."""

    ids: dict[str, str] = field(default_factory=dict)

    async def held(self, room: Room) -> "Talk":
        """Found, join, start, answer, name, mark, edit, report, hide, lock: everything that could leave a trace."""
        group = await room.ada.done(
            "createGroup",
            name="Budgets, frankly",
            audience="MEMBERS",
            confidentiality="MAYORS_ONLY_CHATHAM_HOUSE",
        )
        await room.ben.done("joinGroup", groupId=group["id"], acceptsRule=True)
        thread = await room.ada.done("startThread", groupId=group["id"], title="Frankly", body=f"A {WORD}.")
        post = await room.ben.done("reply", threadId=thread["id"], body=f"@alexandria-va: a {WORD} too.")
        await room.ada.done("react", postId=post["id"], mark="AGREE")
        await room.ben.done("editPost", postId=post["id"], body=f"@alexandria-va: the {WORD}.")
        await room.ada.done("markRead", threadId=thread["id"])
        await room.ada.done("heedThread", threadId=thread["id"], level="FOLLOWED")
        await room.ada.done("reportPost", postId=post["id"], reason="Loud.")
        await room.ada.done("pinThread", threadId=thread["id"], pinned=True)
        self.ids = {"group": group["id"], "thread": thread["id"], "post": post["id"]}
        return self


@pytest.fixture
async def staff(people: Room) -> list[Caller]:
    """The chief of staff, acting for the mayor who talks, and for oneself."""
    own = [c["id"] for c in await people.staff.capacities() if c["principal"] is None]
    return [people.office, people.staff.acting_for(own[0])]


async def test_whatever_is_asked_is_answered_as_before(people: Room, staff: list[Caller]) -> None:
    before = [(await by.response(EVERYTHING, word=WORD)).content for by in staff]

    await Talk().held(replace(people))

    assert [(await by.response(EVERYTHING, word=WORD)).content for by in staff] == before
    known = (await people.ben.ask(EVERYTHING, word=WORD))["search"]["totalCount"]
    assert known, "to whom it was said it is there"


async def test_its_ids_are_as_good_as_any_that_never_were(people: Room, staff: list[Caller]) -> None:
    talk = await Talk().held(replace(people))

    for by in staff:
        real = await by.response(BY_ID, **talk.ids)
        assert real.content == (await by.response(BY_ID, **NOWHERE)).content
        for act, given in ACTS.items():
            tried = [
                await by.act(act, **{name: ids.get(str(value), value) for name, value in given.items()})
                for ids in (talk.ids, NOWHERE)
            ]
            assert tried[0] == tried[1], act
            assert tried[0]["__typename"] in {"Missing", "Refused"}


async def test_no_stream_carries_a_word_of_it(people: Room, staff: list[Caller]) -> None:
    document = "subscription { notices { __typename ... on Heartbeat { cursor } } }"

    async with staff[0].listening(document) as heard, people.ben.listening(document) as known:
        await asyncio.sleep(0.3)
        await Talk().held(replace(people))
        assert (await known.notice())["__typename"] in {"GroupFounded", "GroupJoined"}
        # Something everybody hears of ends the wait: what came before it would have come before it.
        await people.ada.done("updateProfile", biography="Marks the end of the wait.")
        assert (await heard.notice())["__typename"] == "ProfileUpdated"


async def test_an_invitation_of_staff_grants_nothing_of_it_even_as_a_host(people: Room) -> None:
    talk = await Talk().held(replace(people))

    scopes = (await people.office.ask("{ viewer { capacity { scopes } } }"))["viewer"]["capacity"]["scopes"]

    assert "READ_GROUP" in scopes
    assert (await people.office.ask(BY_ID, **talk.ids))["group"] is None


async def test_under_chatham_house_no_path_leads_staff_to_who_spoke(
    people: Room, staff: list[Caller]
) -> None:
    room = await replace(people).founded(confidentiality="CHATHAM_HOUSE")
    post = await room.ada.done("reply", threadId=room.thread["id"], body=f"The {WORD} vote.")
    everywhere = """query ($group: ID!, $thread: ID!, $post: ID!) {
      group(id: $group) { members { totalCount nodes { name } }
        threads { nodes { opening { author { name } } lastPost { author { byline mayor { id } } } } } }
      thread(id: $thread) { posts { nodes { author { name } } } }
      node(id: $post) { ... on Post { author { name mayor { id } } thread { opening { author { name } } } } }
      search(text: "quetzalcoatlus") { edges { excerpt node { __typename ... on Post { author { name } } } } }
      changes(last: 100) { nodes { __typename actor { name } principal { name } } }
      audit(last: 100, subject: $post) { nodes { actor { name } principal { name } } }
      thread_: audit(last: 100, subject: $thread) { nodes { actor { name } principal { name } } } }"""

    for by in (*staff, people.secretariat):
        said = (
            await by.response(everywhere, group=room.group["id"], thread=room.thread["id"], post=post["id"])
        ).json()
        told = {
            **said["data"],
            "changes": [c for c in said["data"]["changes"]["nodes"] if "Group" in c["__typename"]],
        }
        assert "Meera Chowdhury" not in str(told), by
        assert (told["node"] or {}).get("author") is None
    stream = """subscription ($t: ID!) { postAdded(threadId: $t) { __typename
      ... on PostAdded { actor { name } principal { name } post { id author { name } } } } }"""
    async with people.office.listening(stream, t=room.thread["id"]) as heard:
        await asyncio.sleep(0.3)
        await room.ada.done("reply", threadId=room.thread["id"], body="Again.")
        notice = await heard.notice()
    assert (notice["actor"], notice["principal"], notice["post"]["author"]) == (None, None, None)


async def test_pages_show_staff_the_same_404_for_it_as_for_nothing(people: Room) -> None:
    sought = f"{people.home.url}/search?text={WORD}"
    cookies = {"rotunda_session": people.staff.token or ""}
    before = await people.home.http.get(sought, cookies=cookies)
    talk = await Talk().held(replace(people))
    rooms = [
        "/groups/{group}",
        "/threads/{thread}",
        "/groups/{group}/start",
        "/posts/{post}/report",
        "/groups/{group}/edit",
    ]

    for room in rooms:
        seen = await people.home.http.get(people.home.url + room.format(**talk.ids), cookies=cookies)
        unseen = await people.home.http.get(people.home.url + room.format(**NOWHERE), cookies=cookies)
        assert (seen.status_code, unseen.status_code) == (404, 404), room
        assert _without(seen.text, talk.ids) == _without(unseen.text, NOWHERE)
    found = await people.home.http.get(sought, cookies=cookies)
    assert _LINKS.findall(found.text) == _LINKS.findall(before.text)
    assert "frankly" not in found.text.lower()
    listed = await people.home.http.get(f"{people.home.url}/groups", cookies=cookies)
    assert listed.status_code == 200
    assert "frankly" not in listed.text


def _without(page: str, ids: Mapping[str, str]) -> str:
    for id_ in ids.values():
        page = page.replace(id_, "…")
    return page
