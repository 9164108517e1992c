"""Nobody keeps so many streams open that others find no room, and a stream more never costs those that are open."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.living import SUBPROTOCOL, Home, Street, until

MAYOR, OTHER = "mayor@richmond-va.example", "mayor@norfolk-va.example"
NOTICES = "subscription { notices { __typename } }"
Open = Callable[..., Any]


@pytest.fixture
async def small(street: Street, planted_database: str, tmp_path: Path) -> AsyncIterator[Home]:
    """A house with room for four streams: two of an account, three of strangers from one address."""
    room = {"streams": 4, "streams_per_account": 2, "streams_per_address": 3}
    async with street.home(planted_database, tmp_path, **room) as home:
        yield home


@asynccontextmanager
async def raw_socket(home: Home) -> AsyncIterator[ClientConnection]:
    address = f"{home.url.replace('http', 'ws', 1)}/graphql"
    async with connect(address, subprotocols=[SUBPROTOCOL], proxy=None, close_timeout=0.2) as socket:
        yield socket


async def closed(socket: ClientConnection) -> tuple[int, str]:
    await asyncio.wait_for(socket.wait_closed(), 20)
    assert socket.close_code is not None
    return socket.close_code, socket.close_reason or ""


async def alive(socket: ClientConnection) -> bool:
    await socket.send('{"type":"ping"}')
    return bool(orjson.loads(await asyncio.wait_for(socket.recv(), 20)) == {"type": "pong"})


def open_streams(home: Home) -> int:
    return home.house.traffic._open  # noqa: SLF001 - tests may look behind the door


async def test_a_socket_too_many_of_an_account_is_told_to_try_again_and_the_others_live(small: Home) -> None:
    mayor, other = await small.caller(MAYOR), await small.caller(OTHER)
    async with mayor.socket() as first, mayor.socket() as second:
        code, reason = await mayor.refused_socket()

        assert code == 1013
        assert "2 streams" in reason
        assert await alive(first)
        assert await alive(second)
        async with other.socket() as socket:
            assert await alive(socket)


async def test_a_stranger_too_many_from_one_address_is_told_to_try_again(small: Home) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(3):
            await stack.enter_async_context(raw_socket(small))
        await until(lambda: open_streams(small) == 3)

        late = await stack.enter_async_context(raw_socket(small))

        code, reason = await closed(late)
        assert code == 1013
        assert "One address" in reason


async def test_a_socket_that_says_who_it_is_makes_room_for_strangers(small: Home) -> None:
    mayor = await small.caller(MAYOR)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(mayor.socket())
        for _ in range(3):
            socket = await stack.enter_async_context(raw_socket(small))
        await until(lambda: open_streams(small) == 4)

        assert await alive(socket)


async def test_an_event_stream_too_many_is_429_with_a_time_to_come_again(small: Home) -> None:
    mayor = await small.caller(MAYOR)
    async with mayor.socket(), mayor.listening(NOTICES, over="sse"):
        body, accept = {"query": NOTICES}, {"accept": "text/event-stream", **mayor.credentials}

        refused = await small.http.post(f"{small.url}/graphql", json=body, headers=accept)

        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
        assert refused.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_STREAMS"


async def test_a_full_house_refuses_streams_by_503_and_still_answers(small: Home) -> None:
    mayor, other, visitor = await small.caller(MAYOR), await small.caller(OTHER), await small.caller()
    async with mayor.socket(), mayor.socket(), other.socket(), other.socket():
        accept = {"accept": "text/event-stream"}

        refused = await small.http.post(f"{small.url}/graphql", json={"query": NOTICES}, headers=accept)
        page = await small.http.get(f"{small.url}/live/calendar")

        assert (refused.status_code, page.status_code) == (503, 503)
        assert int(refused.headers["retry-after"]) > 0
        assert int(page.headers["retry-after"]) > 0
        assert (await visitor.response("{ head }")).status_code == 200


async def test_streams_of_pages_count_too(small: Home) -> None:
    mayor = await small.caller(MAYOR)
    cookies = {"cookie": f"rotunda_session={mayor.token}"}
    async with (
        mayor.socket(),
        small.http.stream("GET", f"{small.url}/live/calendar", headers=cookies) as live,
    ):
        assert live.status_code == 200

        refused = await small.http.get(f"{small.url}/live/calendar", headers=cookies)

        assert refused.status_code == 429
        assert "2 streams" in refused.text


async def test_whoever_leaves_makes_room(small: Home) -> None:
    mayor = await small.caller(MAYOR)
    for _ in range(5):
        async with mayor.socket(), mayor.listening(NOTICES, over="sse") as heard:
            pass
        await until(lambda: open_streams(small) == 0)

    assert heard is not None
    assert not small.house.traffic._lines  # noqa: SLF001 - nothing is remembered of whoever is gone


async def test_operations_on_a_socket_are_a_setting(
    street: Street, planted_database: str, tmp_path: Path
) -> None:
    async with street.home(planted_database, tmp_path, operations_per_socket=1) as home:
        caller = await home.caller(MAYOR)
        async with caller.socket() as socket:
            for number in "12":
                payload = {"query": NOTICES}
                said = {"id": number, "type": "subscribe", "payload": payload}
                await socket.send(orjson.dumps(said).decode())

            refused = orjson.loads(await asyncio.wait_for(socket.recv(), 20))

            assert refused["id"] == "2"
            assert refused["payload"][0]["extensions"]["code"] == "TOO_MANY_OPERATIONS"
            assert await alive(socket)


async def test_whoever_never_says_who_they_are_is_closed_after_a_while(
    street: Street, planted_database: str, tmp_path: Path
) -> None:
    async with street.home(planted_database, tmp_path, init_seconds=0.05) as home, raw_socket(home) as socket:
        assert (await closed(socket))[0] == 4408


async def test_an_http_client_that_leaves_in_the_middle_leaves_nothing(small: Home) -> None:
    for _ in range(6):
        async with small.http.stream("GET", f"{small.url}/live/calendar", timeout=httpx.Timeout(20)) as live:
            assert live.status_code == 200
        await until(lambda: open_streams(small) == 0)
