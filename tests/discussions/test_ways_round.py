"""Ways round the front door: rehearsals, costs, keys, borrowed cursors, names in texts, marks, streams."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import orjson
import pytest
from graphql import get_named_type

import schema
from planner.declare import Here
from planner.world import declaration_of
from rotunda.graphql.service import Caller as Knocking
from tests.contract import fields_of
from tests.discussions.test_acts import Room, people
from tests.discussions.test_confidence import ACTS, EVERYTHING, NOWHERE, WORD, Talk
from tests.living import PATIENCE, Caller, Heard, Home, until

__all__ = ["people"]

_BEAT = b": beat\n\n"
_LISTENED = "subscription ($thread: ID!) {{ {field}(threadId: $thread{after}) {{ __typename }} }}"


async def test_a_rehearsal_says_of_it_what_it_says_of_nothing(people: Room) -> None:
    talk = await Talk().held(replace(people))

    for act, given in ACTS.items():
        tried = [
            await _rehearsed(
                people.office, act, {name: ids.get(str(value), value) for name, value in given.items()}
            )
            for ids in (talk.ids, NOWHERE)
        ]
        assert tried[0] == tried[1], act
        assert tried[0], act


async def test_what_a_request_costs_does_not_grow_with_what_is_hidden(people: Room) -> None:
    before = await _priced(people.office)

    await Talk().held(replace(people))

    assert await _priced(people.office) == before
    assert before["extensions"]["cost"]["cost"]


async def test_a_mayors_keys_are_no_keys_of_the_staff(people: Room) -> None:
    room = await replace(people).founded(confidentiality="MAYORS_ONLY")
    await room.ada.done("reply", threadId=room.thread["id"], body="Ours.", idempotencyKey="a key of ours")

    tried = await room.office.act(
        "reply", threadId=room.thread["id"], body="Ours.", idempotencyKey="a key of ours"
    )

    assert tried["__typename"] == "Missing"


async def test_a_mayors_cursors_lead_staff_nowhere_new(people: Room) -> None:
    await Talk().held(replace(people))
    found = (await people.ben.ask(EVERYTHING, word=WORD))["search"]["edges"]
    asked = """query ($text: String!, $at: String!) { after: search(text: $text, after: $at) { ...All }
      before: search(text: $text, before: $at) { ...All } }
    fragment All on SearchConnection { totalCount edges { node { id } } }"""

    for edge in found:
        borrowed = await people.office.ask(asked, text=WORD, at=edge["cursor"])
        assert borrowed == {side: {"totalCount": 0, "edges": []} for side in ("after", "before")}
    assert found


async def test_streams_of_its_thread_say_what_streams_of_no_thread_say(people: Room) -> None:
    talk = await Talk().held(replace(people))
    (start,) = await people.home.rows("SELECT log_cursor(0, log_epoch())")
    _heard_soon(people.home)

    for field in ("postAdded", "discussion"):
        document = _LISTENED.format(field=field, after=f', after: "{start[0]}"')
        said = []
        for thread in (talk.ids["thread"], NOWHERE["thread"]):
            async with people.office.listening(document, thread=thread) as heard:
                said.append((await heard.item(PATIENCE))["__typename"])
        assert said == ["Heartbeat", "Heartbeat"], field
        async with people.ben.listening(document, thread=talk.ids["thread"]) as heard:
            assert (await heard.item(PATIENCE))["__typename"] != "Heartbeat"


async def test_a_name_in_a_text_does_not_tell_staff_who_is_in_the_room(people: Room) -> None:
    room = await replace(people).founded(audience="INVITED", confidentiality="CHATHAM_HOUSE")
    await room.reply(room.ada, "@alexandria-va and @norfolk-va, say.")

    html = (await room.read(room.office))["posts"]["nodes"][1]["bodyHtml"]

    assert html.count('class="mention"') == 2, "one of them is in the room, and both are shown alike"
    assert (await room.ben.ask("{ viewer { mentions { nodes { id } } } }"))["viewer"]["mentions"][
        "nodes"
    ] == []


async def test_whose_mark_it_is_no_stream_says_and_under_chatham_house_not_even_to_the_mayors_staff(
    people: Room,
) -> None:
    open_room = await replace(people).founded()
    confided = await replace(people).founded(confidentiality="CHATHAM_HOUSE")
    _heard_soon(people.home)
    stream = """subscription ($t: ID!) { discussion(threadId: $t) { __typename
      ... on PostChanged { actor { id } principal { id } post { reactions { mark mine } } } } }"""

    mine = []
    for room in (open_room, confided):
        async with room.office.listening(stream, t=room.thread["id"]) as heard:
            await _until_it_listens(heard)
            post = (await room.read(room.ada))["posts"]["nodes"][0]
            await room.ada.done("react", postId=post["id"], mark="AGREE")
            told = await heard.notice()
        assert (told["actor"], told["principal"]) == (None, None)
        mine.append(told["post"]["reactions"])

    assert mine == [[{"mark": "AGREE", "mine": True}], [{"mark": "AGREE", "mine": False}]]


async def test_the_secretariat_learns_nothing_of_who_is_in_a_room_by_trying_to_take_them_out(
    people: Room,
) -> None:
    room = await replace(people).founded(audience="HIDDEN", confidentiality="CHATHAM_HOUSE")
    mayors = [
        (await by.ask("{ viewer { capacity { principal { id } } } }"))["viewer"]["capacity"]["principal"][
            "id"
        ]
        for by in (room.ada, room.ben)
    ]

    tried = [
        await room.secretariat.act("removeFromGroup", groupId=room.group["id"], mayorId=mayor)
        for mayor in mayors
    ]

    assert tried[0] == tried[1]
    assert tried[0]["__typename"] == "Refused"


@pytest.mark.parametrize(
    "query",
    [
        "?from=1&shown=1&zone=UTC",
        "?from=1&shown=0&before=999999999",
        "?from=999999999&shown=1",
        "?from=%00&shown=-1&zone=%01",
        "?from=1&shown=1&after=made-up",
    ],
)
async def test_its_open_page_says_what_the_page_of_nothing_says_whatever_its_address(
    people: Room, query: str
) -> None:
    talk = await Talk().held(replace(people))
    ids = (talk.ids["thread"], NOWHERE["thread"])
    _heard_soon(people.home)

    async with (
        _open_page(people.staff, f"/live/threads/{ids[0]}{query}") as real,
        _open_page(people.staff, f"/live/threads/{ids[1]}{query}") as nothing,
        _open_page(people.ben, f"/live/threads/{ids[0]}?from=1&shown=1") as known,
    ):
        post = await people.ben.done("reply", threadId=ids[0], body="Between us.")
        await people.ben.done("react", postId=post["id"], mark="AGREE")
        await people.ada.done("lockThread", threadId=ids[0], locked=True)
        await people.home.told()
        heard = await asyncio.gather(*(page.until_silent() for page in (real, nothing, known)))

    assert heard[0] == heard[1]
    assert b"retry" in heard[0]
    assert b"threads/" not in heard[0]
    assert b"threads/" in heard[2]


async def test_how_far_somebody_has_read_is_told_to_nobody_else_not_even_in_their_name(people: Room) -> None:
    room = await replace(people).founded()
    stream = "subscription ($t: ID!) { discussion(threadId: $t) { __typename } }"
    _heard_soon(room.home)

    async with (
        room.ben.listening(stream, t=room.thread["id"]) as another,
        room.office.listening(stream, t=room.thread["id"]) as staff,
        room.ada.listening(stream, t=room.thread["id"]) as own,
    ):
        await asyncio.gather(*(_until_it_listens(heard) for heard in (own, another, staff)))
        await room.ada.done("keepUnread", postId=(await room.read(room.ada))["posts"]["nodes"][0]["id"])
        await room.ada.done("pinThread", threadId=room.thread["id"], pinned=True)
        told = [(await heard.notice())["__typename"] for heard in (own, another, staff)]

    assert told == ["ThreadRead", "ThreadChanged", "ThreadChanged"]


@pytest.mark.parametrize("audience", ["HIDDEN", "MEMBERS"])
async def test_who_leaves_with_the_page_open_hears_no_more_than_who_was_never_in(
    people: Room, audience: str
) -> None:
    room = await replace(people).founded(audience=audience, confidentiality="CHATHAM_HOUSE")
    ben = (await room.ben.ask("{ viewer { capacity { principal { id } } } }"))["viewer"]["capacity"]
    await room.ada.done("inviteToGroup", groupId=room.group["id"], mayorIds=[ben["principal"]["id"]])
    await room.ben.done("joinGroup", groupId=room.group["id"], acceptsRule=True)
    stream = """subscription ($t: ID!) { discussion(threadId: $t) { __typename ... on PostAdded { actor { id }
      principal { id } post { body author { name } } } ... on Heartbeat { cursor } } }"""
    _heard_soon(people.home)

    async with room.ben.listening(stream, t=room.thread["id"]) as heard:
        await _until_it_listens(heard)
        await room.reply(room.ada, "While he was in.")
        within = await heard.notice()
        await room.ben.done("leaveGroup", groupId=room.group["id"])
        await room.reply(room.ada, "When he was out.")
        behind = await _everything(room.home, heard)

    assert within["post"] == {
        "body": "While he was in.",
        "author": {"name": within["post"]["author"]["name"]},
    }
    if audience == "HIDDEN":
        assert behind == []
    else:
        assert behind == [
            {
                "__typename": "PostAdded",
                "actor": None,
                "principal": None,
                "post": {"body": "When he was out.", "author": None},
            }
        ]


async def test_a_grant_narrowed_while_a_thread_is_open_brings_nothing_said_afterwards(people: Room) -> None:
    room = await replace(people).founded()
    email = "narrowed@discussions.example"
    await room.ada.done("inviteDelegate", email=email, scopes=["READ_GROUP", "RSVP"])
    aide = await room.home.caller(email)
    grant = await aide.done("acceptDelegation", code=await room.home.mailed_code(to=email))
    office = aide.acting_for(await aide.capacity_for("alexandria-va"))
    stream = "subscription ($t: ID!) { discussion(threadId: $t) { __typename ... on PostAdded { post { body } } } }"
    _heard_soon(room.home)

    async with office.listening(stream, t=room.thread["id"]) as heard:
        await _until_it_listens(heard)
        await room.reply(room.ben, "Before.")
        before = await heard.notice()
        await room.ada.done("narrowDelegation", delegationId=grant["id"], scopes=["RSVP"])
        await room.reply(room.ben, "After.")
        behind = await _everything(room.home, heard)

    assert before["post"] == {"body": "Before."}
    assert [item["__typename"] for item in behind if item["__typename"] != "StreamEnded"] == []


def test_marks_are_reached_through_a_post_alone_and_every_post_is_asked_whether_it_may_be_read() -> None:
    world = schema.world(b"a key of the tests, of thirty-two bytes or more").schema

    to_marks = {name for name, made in fields_of(world) if get_named_type(made.type).name == "Reactions"}
    to_posts = [made for _, made in fields_of(world) if get_named_type(made.type).name == "Post"]

    assert to_marks == {"Post.reactions"}
    marks: Any = world.type_map["Reactions"]
    assert marks.interfaces == ()
    assert to_posts
    assert not any(isinstance(declaration_of(made), Here) for made in to_posts), (
        "what lies here is not asked for"
    )


def _heard_soon(home: Home) -> None:
    home.hub._heartbeat_seconds = 0.15  # noqa: SLF001 - a silence has to end for a test


class _OpenPage:
    """A page that stands open: all that it hears."""

    def __init__(self, by: Caller, path: str) -> None:
        self._heard = bytearray()
        self.reading = asyncio.ensure_future(self._read(by, path))

    async def until_silent(self) -> bytes:
        """What it has heard when it has been silent twice, cursors left out: once may have been on its way before."""
        beats = self._heard.count(_BEAT)
        await until(lambda: self.reading.done() or self._heard.count(_BEAT) > beats + 1)
        return re.sub(rb"id: \S+\n", b"", bytes(self._heard)).replace(_BEAT, b"")

    async def _read(self, by: Caller, path: str) -> None:
        cookies = {"rotunda_session": by.token or ""}
        async with by.place.http.stream("GET", by.place.url + path, cookies=cookies, timeout=None) as answer:
            self._heard += f"{answer.status_code} ".encode()
            async for piece in answer.aiter_bytes():
                self._heard += piece


@asynccontextmanager
async def _open_page(by: Caller, path: str) -> AsyncIterator[_OpenPage]:
    """A page, open from when it listens."""
    page = _OpenPage(by, path)
    try:
        await page.until_silent()
        yield page
    finally:
        page.reading.cancel()
        await asyncio.gather(page.reading, return_exceptions=True)


async def _until_it_listens(heard: Heard) -> None:
    assert (await heard.item())["__typename"] == "Heartbeat"


async def _everything(home: Home, heard: Heard) -> list[dict[str, Any]]:
    """Whatever is told of what has happened, but that the stream is alive."""
    await home.told()
    found: list[dict[str, Any]] = []
    beats = 0
    while beats < 2 and (frame := await heard.frame()).kind == "next":
        found += frame.payload["data"].values()
        beats += found[-1]["__typename"] == "Heartbeat"
    return [item for item in found if item["__typename"] != "Heartbeat"]


async def _rehearsed(by: Caller, act: str, given: dict[str, Any]) -> Any:
    home: Any = by.place
    wanted = {"idempotencyKey": "a key never used", **given}
    answer = await home.house.rehearse(act, wanted, Knocking(by.token, by.capacity))
    return orjson.loads(answer.body)


async def _priced(by: Caller) -> Any:
    body = {"query": EVERYTHING, "variables": {"word": WORD}, "extensions": {"cost": True}}
    return (await by.place.http.post(f"{by.place.url}/graphql", json=body, headers=by.credentials)).json()
