"""Clients that are not ours, in the house itself: they read, act, are refused, listen, and come back after a cut."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from gql import Client, GraphQLRequest
from gql.client import AsyncClientSession
from gql.transport.exceptions import TransportError, TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

from rotunda.graphql.lines import SERVICE_RESTART
from tests.living import Caller, Home, until
from tests.transports import node

pytestmark = pytest.mark.usefixtures("npm")

CONTRACT = (Path(__file__).parents[2] / "schema" / "schema.graphql").read_text()
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
POSTPONE = """
    mutation ($input: PostponeEventInput!) {
      outcome: postponeEvent(input: $input) { ... on Event { id status } ... on Problem { message } }
    }
"""
POSTPONED = """
    subscription ($after: Cursor) {
      eventPostponed(after: $after) { __typename ... on EventPostponed { cursor event { id } } }
    }
"""
EVENTS = (
    "{ head events(first: 100, status: [SCHEDULED, POSTPONED], movable: true) { nodes { id audience } } }"
)


@dataclass
class Morning:
    """The secretariat at the house, public events that can be postponed (again), and the log's end before."""

    house: Home
    secretariat: Caller
    events: list[str]
    head: str

    @property
    def url(self) -> str:
        return f"{self.house.url}/graphql"

    @property
    def given(self) -> str:
        """What a script needs to know."""
        told = {"url": self.url, "token": self.secretariat.token, "event": self.events[0], "head": self.head}
        return orjson.dumps(told).decode()

    async def cut(self) -> None:
        """Hang up on every stream, as a server that restarts does, and take everybody back."""
        switchboard = self.house.app.endpoint._switchboard  # noqa: SLF001 - tests may look behind the door
        lines = list(switchboard._lines)  # noqa: SLF001 - as above
        assert lines, "somebody listens"
        await switchboard._dismiss(lines, SERVICE_RESTART, "The server restarts")  # noqa: SLF001 - as above


@pytest.fixture
async def morning(shared_home: Home) -> Morning:
    secretariat = await shared_home.caller("secretariat@rotunda.example")
    found = await secretariat.ask(EVENTS)
    public = [one["id"] for one in found["events"]["nodes"] if one["audience"] == "PUBLIC"]
    return Morning(shared_home, secretariat, public, found["head"])


@pytest.mark.parametrize("client", ["apollo", "urql", "urql_sse", "ws", "sse"])
async def test_a_client_reads_acts_and_is_refused(morning: Morning, client: str) -> None:
    async with node.talking("house.mjs", client, morning.given) as talk:
        viewer, nodes, wrong = await talk.told("viewer"), await talk.told("nodes"), await talk.told("wrong")
        forged, missing, done = (
            await talk.told("forged"),
            await talk.told("missing"),
            await talk.told("postponed"),
        )

    assert viewer["data"]["viewer"]["account"]["email"] == "secretariat@rotunda.example"
    assert nodes == {
        "data": {"nodes": [None, {"__typename": "Event", "id": morning.events[0]}]},
        "errors": [],
    }
    assert (wrong["data"], codes(wrong)) == (None, ["GRAPHQL_VALIDATION_FAILED"])
    assert (forged["data"], codes(forged)) == (None, [4403 if client == "ws" else "UNAUTHENTICATED"])
    assert missing["data"]["postponeEvent"]["__typename"] == "Missing"
    assert missing["data"]["postponeEvent"]["message"]
    assert missing["errors"] == []
    outcome = done["data"]["postponeEvent"]
    assert (outcome["id"], outcome["status"]) == (morning.events[0], "POSTPONED")


@pytest.mark.parametrize(
    ("client", "again"),
    [
        ("apollo", True),
        ("urql", True),
        ("ws", False),
        ("sse", False),
    ],
)
async def test_a_client_hears_and_comes_back_after_a_cut(
    morning: Morning, client: str, *, again: bool
) -> None:
    first, second = morning.events[:2]
    async with node.talking("house.mjs", client, morning.given) as talk:
        for step in ("viewer", "nodes", "wrong", "forged", "missing", "postponed"):
            await talk.told(step)
        heard = [await talk.told("heard")]

        await morning.cut()
        await morning.secretariat.done("postponeEvent", eventId=second, reason="after the cut")
        heard += [await talk.told("heard") for _ in range(2 if again else 1)]

    # Who sends the same `after` again hears again what came behind it; who keeps the cursor hears each once.
    assert [about(one) for one in heard] == [first, *([first] if again else []), second]


async def test_urql_hears_over_an_event_stream(morning: Morning) -> None:
    async with node.talking("house.mjs", "urql_sse", morning.given) as talk:
        for step in ("viewer", "nodes", "wrong", "forged", "missing", "postponed"):
            await talk.told(step)
        heard = [await talk.told("heard")]
        await morning.secretariat.done("postponeEvent", eventId=morning.events[1], reason="live")
        heard.append(await talk.told("heard"))

    assert [about(one) for one in heard] == morning.events[:2]
    await until(lambda: morning.house.app.endpoint.lines == 0)


@asynccontextmanager
async def over_http(morning: Morning) -> AsyncIterator[AsyncClientSession]:
    """A session of gql 4 over HTTP, which checks what it sends against the contract."""
    transport = HTTPXAsyncTransport(url=morning.url, headers=morning.secretariat.credentials)
    async with Client(transport=transport, schema=CONTRACT) as session:
        yield session


@asynccontextmanager
async def over_a_socket(morning: Morning) -> AsyncIterator[AsyncClientSession]:
    """A session of gql 4 over graphql-transport-ws; it comes back by itself."""
    socket = morning.url.replace("http", "ws")
    client: Any = Client(
        transport=WebsocketsTransport(url=socket, init_payload=morning.secretariat.credentials),
        schema=CONTRACT,
    )
    session = await client.connect_async(reconnecting=True, retry_connect=False, retry_execute=False)
    yield session
    await client.close_async()


@pytest.mark.parametrize("way", [over_http, over_a_socket])
async def test_gql_reads_acts_and_is_refused(morning: Morning, way: Any) -> None:
    event, acting = morning.events[0], {"reason": "gql", "idempotencyKey": f"{way.__name__} {morning.head}"}

    async with way(morning) as session:
        nodes = await session.execute(asking(NODES, ids=["evt_unknown", event]))
        missing, done = [
            (await session.execute(asking(POSTPONE, input={"eventId": one, **acting})))["outcome"]
            for one in ("evt_unknown", event)
        ]
        with pytest.raises(TransportQueryError) as refused:
            await session.execute(asking("{ events(first: 101) { totalCount } }"))

    assert nodes["nodes"] == [None, {"id": event}]
    assert missing["message"].startswith("There is no such event")
    assert done["status"] == "POSTPONED"
    assert refused.value.errors
    assert refused.value.errors[0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_gql_hears_and_comes_back_after_a_cut(morning: Morning) -> None:
    first, second = morning.events[:2]
    async with over_a_socket(morning) as session:
        await morning.secretariat.done("postponeEvent", eventId=first)
        before = await next_heard(session, morning.head)

        await morning.cut()
        await morning.secretariat.done("postponeEvent", eventId=second)
        later = await next_heard(session, before["cursor"])

    assert (before["event"]["id"], later["event"]["id"]) == (first, second)


def asking(document: str, **variables: Any) -> GraphQLRequest:
    return GraphQLRequest(document, variable_values=variables)


async def next_heard(session: AsyncClientSession, after: str) -> dict[str, Any]:
    """The first notice behind a cursor; gql refuses to subscribe while it is reconnecting."""
    async with asyncio.timeout(node.PATIENCE):
        while True:
            try:
                async for one in session.subscribe(asking(POSTPONED, after=after)):
                    return dict(one["eventPostponed"])
            except TransportError:
                await asyncio.sleep(0.05)


async def test_a_browsers_event_source_resumes_by_the_last_event_id(morning: Morning) -> None:
    first, second = morning.events[:2]
    async with node.talking("listening.mjs", "browser", morning.given, POSTPONED) as talk:
        await morning.secretariat.done("postponeEvent", eventId=first)
        heard = [await talk.told("heard")]

        await morning.cut()
        await morning.secretariat.done("postponeEvent", eventId=second)
        heard.append(await talk.told("heard"))

    # It asked with the same `after` both times: only the header can have told where it stood.
    assert [about(one) for one in heard] == [first, second]
    assert [one["lastEventId"] for one in heard] == [one["data"]["eventPostponed"]["cursor"] for one in heard]


async def test_a_last_event_id_that_is_no_cursor_is_refused(morning: Morning) -> None:
    asked = {"query": POSTPONED, "variables": {"after": morning.head}}
    headers = {"accept": "text/event-stream", "last-event-id": "forged"}

    response = await morning.house.http.post(morning.url, json=asked, headers=headers)

    next_, complete = response.text.strip().split("\n\n")
    assert '"code":"BAD_CURSOR"' in next_
    assert complete == "event: complete\ndata:"


def codes(told: dict[str, Any]) -> list[Any]:
    return [error["code"] for error in told["errors"]]


def about(heard: dict[str, Any]) -> str:
    assert heard["errors"] == []
    item = heard["data"]["eventPostponed"]
    assert item["__typename"] == "EventPostponed"
    return str(item["event"]["id"])
