"""A post is read once for all who stand alike with its group, however differently they stand with every other."""

from collections.abc import Sequence
from typing import Any

import pytest

from notifications.streams import Stream
from policy.viewer import Acting
from rotunda.credentials import hashed
from rotunda.feeds import PlannedFeed
from rotunda.graphql.service import Caller as Asking
from rotunda.graphql.service import Operation
from tests.living import Caller, Home, until

POSTED = """subscription ($thread: ID!) { postAdded(threadId: $thread) { __typename ... on PostAdded { cursor
  post { id bodyHtml author { name byline mayor { id } } reactions { mark count }
    thread { id title postCount group { id name entered } } } } } }"""
MANY = 40  # mayors; each listens five times
EARS = 5


@pytest.fixture
async def asked(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[Acting]]:
    """Whom each statement for a payload was executed for."""
    executed: list[Sequence[Acting]] = []
    payloads = PlannedFeed.payloads

    async def counted(
        self: PlannedFeed, kind: str, positions: Sequence[int], viewers: Sequence[Acting]
    ) -> Any:
        executed.append(viewers)
        return await payloads(self, kind, positions, viewers)

    monkeypatch.setattr(PlannedFeed, "payloads", counted)
    return executed


async def test_two_hundred_in_as_many_rooms_of_their_own_are_one_class(
    home: Home, asked: list[Sequence[Acting]]
) -> None:
    ada, thread = await _thread(home, "MEMBERS", "ORDINARY")
    mayors = await _mayors(home)
    await _rooms_of_their_own(home, mayors)
    streams = [await _listen(home, mayor, thread["id"]) for mayor in mayors for _ in range(EARS)]

    await ada.done("reply", threadId=thread["id"], body="Once for all.")
    heard = {await anext(stream) for stream in streams}

    assert len(streams) == MANY * EARS
    assert len(heard) == 1
    assert len({stream.acting.rooms for stream in _streams(home)}) == MANY, "they differ in their rooms"
    assert [len(viewers) for viewers in asked] == [1]


async def test_who_learns_who_spoke_and_who_does_not_are_two_classes(
    home: Home, asked: list[Sequence[Acting]]
) -> None:
    ada, thread = await _thread(home, "MEMBERS", "CHATHAM_HOUSE")
    mayors = await _mayors(home)
    await _rooms_of_their_own(home, mayors)
    group = (await ada.ask("query ($id: ID!) { thread(id: $id) { group { id } } }", id=thread["id"]))[
        "thread"
    ]
    for mayor in mayors[: MANY // 2]:
        await mayor.done("joinGroup", groupId=group["group"]["id"], acceptsRule=True)
    streams = [await _listen(home, mayor, thread["id"]) for mayor in mayors]
    asked.clear()

    await ada.done("reply", threadId=thread["id"], body="In confidence.")
    heard = [await anext(stream) for stream in streams]

    joined, others = set(heard[: MANY // 2]), set(heard[MANY // 2 :])
    assert (len(joined), len(others)) == (1, 1)
    assert b'"author":null' in others.pop()
    assert b'"author":null' not in joined.pop()
    assert [len(viewers) for viewers in asked] == [2]


async def test_joining_while_one_listens_is_heard_of_in_the_next_post(home: Home) -> None:
    ada, thread = await _thread(home, "MEMBERS", "CHATHAM_HOUSE")
    ben = await home.caller("mayor@norfolk-va.example")

    async with ben.listening(POSTED, thread=thread["id"]) as heard:
        await until(lambda: home.hub.subscribers)
        await ada.done("reply", threadId=thread["id"], body="Before.")
        before = await heard.notice()
        group = before["post"]["thread"]["group"]["id"]
        await ben.done("joinGroup", groupId=group, acceptsRule=True)
        await ada.done("reply", threadId=thread["id"], body="After.")
        after = await heard.notice()

    assert before["post"]["author"] is None
    assert after["post"]["author"]["name"]


async def _thread(home: Home, audience: str, confidentiality: str) -> tuple[Caller, dict[str, Any]]:
    ada = await home.caller("mayor@alexandria-va.example")
    group = await ada.done("createGroup", name="Buses", audience=audience, confidentiality=confidentiality)
    return ada, await ada.done("startThread", groupId=group["id"], title="Fares", body="What do you charge?")


async def _mayors(home: Home) -> list[Caller]:
    found = await home.rows(
        "SELECT a.email FROM accounts a JOIN capacities c ON c.account_id = a.id WHERE c.kind = 'term' AND c.member"
        " AND a.email <> 'mayor@alexandria-va.example' ORDER BY a.email LIMIT $1",
        MANY,
    )
    return [await home.caller(row["email"]) for row in found]


async def _rooms_of_their_own(home: Home, mayors: Sequence[Caller]) -> None:
    """A hidden group for each, without the acts."""
    for mayor in mayors:
        acting = await home.house.acting(hashed(mayor.token), None)
        assert acting
        await home.rows(
            "WITH g AS (INSERT INTO groups (name, audience, confidentiality, founder_id)"
            " VALUES ('Own', 'hidden', 'ordinary', $1) RETURNING id)"
            " INSERT INTO memberships (group_id, person_id, term_id, status, keeper, joined_at)"
            " SELECT id, $2, $3, 'joined', true, now() FROM g",
            acting.account_id,
            acting.principal_id,
            acting.term_id,
        )


async def _listen(home: Home, mayor: Caller, thread: str) -> Any:
    """A subscriber at the house itself, as the transports make them."""
    stream = await home.house.subscribe(Operation(POSTED, {"thread": thread}), Asking(mayor.token))
    assert isinstance(stream, Stream), stream
    return stream.items()


def _streams(home: Home) -> Any:
    return home.hub._all  # noqa: SLF001 - what each holds is nowhere to be seen from outside
