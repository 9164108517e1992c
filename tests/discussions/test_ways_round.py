"""Ways round the front door: rehearsals, costs, keys, borrowed cursors, names in texts, marks, streams."""

import asyncio
from dataclasses import replace
from typing import Any

import orjson

from rotunda.graphql.service import Caller as Knocking
from tests.discussions.test_acts import Room, people
from tests.discussions.test_confidence import ACTS, EVERYTHING, NOWHERE, WORD, Talk
from tests.living import PATIENCE, Caller

__all__ = ["people"]

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
    people.home.hub._heartbeat_seconds = 0.3  # noqa: SLF001 - a silence has to end for a test

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
    stream = """subscription ($t: ID!) { discussion(threadId: $t) { __typename
      ... on PostChanged { actor { id } principal { id } post { reactions { mark mine } } } } }"""

    mine = []
    for room in (open_room, confided):
        async with room.office.listening(stream, t=room.thread["id"]) as heard:
            await asyncio.sleep(0.3)
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


async def _rehearsed(by: Caller, act: str, given: dict[str, Any]) -> Any:
    home: Any = by.place
    wanted = {"idempotencyKey": "a key never used", **given}
    answer = await home.house.rehearse(act, wanted, Knocking(by.token, by.capacity))
    return orjson.loads(answer.body)


async def _priced(by: Caller) -> Any:
    body = {"query": EVERYTHING, "variables": {"word": WORD}, "extensions": {"cost": True}}
    return (await by.place.http.post(f"{by.place.url}/graphql", json=body, headers=by.credentials)).json()
