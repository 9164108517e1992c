"""Requests that are too long, too slow or packed: each told what is wrong, and nobody else waits for them."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import orjson
import pytest
import uvicorn
from starlette.applications import Starlette
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from rotunda.postgres import Cluster
from rotunda.serve import Doorway
from rotunda.wire import wire
from tests.living import PATIENCE, SUBPROTOCOL, Home, Street, planted

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
async def strict(
    street: Street, cluster: Cluster, planted_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Home]:
    """A house that takes ten thousand bytes, within a moment."""
    little: dict[str, Any] = {"body_bytes": 10_000, "body_seconds": 0.2}
    async with (
        planted(cluster, planted_template) as dsn,
        street.home(dsn, tmp_path_factory.mktemp("var"), **little) as home,
    ):
        yield home


@pytest.fixture
async def wired(shared_home: Home) -> AsyncIterator[tuple[str, int]]:
    """The same house behind the wire that `serve` puts before it, with little patience."""
    config = uvicorn.Config(
        shared_home.app,
        port=0,
        lifespan="off",
        http=wire(head_bytes=8_192, head_seconds=0.3, most=8),
        ws="websockets-sansio",
        ws_max_size=65_536,
        log_level="error",
        timeout_graceful_shutdown=1,
    )
    server = Doorway(config, opened=lambda: None, app=Starlette())
    running = asyncio.ensure_future(server._serve())  # noqa: SLF001 - without signal handlers of its own
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.005)
    yield server.servers[0].sockets[0].getsockname()[:2]
    server.should_exit = True
    await running


async def said_to(address: tuple[str, int], *pieces: bytes, pause: float = 0.0) -> bytes:
    """Whatever a server says until it hangs up."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(pause)
        async with asyncio.timeout(PATIENCE):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize("path", ["/graphql", "/sign-in"])
async def test_a_body_too_long_is_413_before_it_is_read(strict: Home, path: str) -> None:
    body = orjson.dumps({"query": "{ head }", "variables": {"x": "x" * 20_000}})

    answer = await strict.http.post(f"{strict.url}{path}", content=body, headers=JSON)

    assert answer.status_code == 413
    assert "10,000 bytes" in answer.text
    if path == "/graphql":
        assert answer.json()["errors"][0]["extensions"]["code"] == "TOO_LONG"


@pytest.mark.parametrize("path", ["/graphql", "/sign-in"])
async def test_a_body_without_an_announced_length_is_counted_as_it_comes(strict: Home, path: str) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1_000):
            yield b"x" * 1_000

    answer = await strict.http.post(f"{strict.url}{path}", content=endless(), headers=JSON)

    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/graphql", "/sign-in"])
async def test_a_body_that_trickles_is_408(strict: Home, path: str) -> None:
    async def trickling() -> AsyncIterator[bytes]:
        for _ in range(40):  # the client hears nothing before it has said all
            yield b" "
            await asyncio.sleep(0.025)

    answer = await strict.http.post(f"{strict.url}{path}", content=trickling(), headers=JSON)

    assert answer.status_code == 408
    assert "in time" in answer.text


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "x-gzip"])
async def test_a_packed_body_is_never_opened(strict: Home, coding: str) -> None:
    bomb = gzip.compress(b" " * 5_000_000) if "gzip" in coding else zlib.compress(b" " * 5_000_000)

    answer = await strict.http.post(
        f"{strict.url}/graphql", content=bomb, headers={**JSON, "content-encoding": coding}
    )

    assert answer.status_code == 400
    assert "Content-Encoding" in answer.json()["errors"][0]["message"]


async def test_a_batch_is_refused_and_says_that_batches_are(strict: Home) -> None:
    answer = await strict.http.post(f"{strict.url}/graphql", json=[{"query": "{ head }"}] * 2)

    assert answer.status_code == 400
    error = answer.json()["errors"][0]
    assert error["extensions"]["code"] == "BATCHING_REFUSED"
    assert "one operation per request" in error["message"]


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\ncookie: " + b"a" * 9_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\n" + b"".join(b"x%d: y\r\n" % n for n in range(2_000)) + b"\r\n",
    ],
)
async def test_a_head_too_long_is_431_and_the_line_is_closed(wired: tuple[str, int], head: bytes) -> None:
    answer = await said_to(wired, head)

    status, _, body = answer.partition(b"\r\n\r\n")
    assert status.startswith(b"HTTP/1.1 431 ")
    assert orjson.loads(body)["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_a_head_without_end_is_cut_off(wired: tuple[str, int]) -> None:
    answer = await said_to(wired, b"GET / HTTP/1.1\r\nhost: x\r\ncookie: ", *[b"a" * 10_000] * 20)

    assert answer == b"" or b" 431 " in answer  # what is left unread may take the answer with it


@pytest.mark.parametrize(
    "beginning",
    [
        (),
        (b"GET / HTTP/1.1\r\nhost: x\r\n",),
        (b"\r\n",),
        (b"GET /live HTTP/1.1\r\nhost: x\r\n\r\n", b"\r\n"),
        (b"GET /live HTTP/1.1\r\nhost: x\r\n\r\n", b"GET /li"),
    ],
)
async def test_whoever_begins_and_does_not_go_on_is_hung_up_on(
    wired: tuple[str, int], beginning: tuple[bytes, ...]
) -> None:
    answer = await said_to(wired, *beginning, pause=0.1)

    assert b"HTTP/1.1 408 " in answer


async def test_a_body_nobody_waits_for_does_not_keep_the_line(wired: tuple[str, int]) -> None:
    reader, writer = await asyncio.open_connection(*wired)
    writer.write(b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 900000\r\n\r\n")
    head = await reader.readuntil(b"\r\n\r\n")
    ended = asyncio.ensure_future(reader.read())
    async with asyncio.timeout(PATIENCE):
        while not ended.done():
            writer.write(b"x")
            await asyncio.sleep(0.05)
    writer.close()

    assert head.startswith(b"HTTP/1.1 415 ")
    assert ended.exception() is not None or b"HTTP/1.1" not in ended.result()


async def test_a_request_answered_before_its_body_came_is_followed_by_the_next(
    wired: tuple[str, int],
) -> None:
    reader, writer = await asyncio.open_connection(*wired)
    body = b"x" * 20_000  # longer than a head may be
    writer.write(b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 20000\r\n\r\n")
    first = await reader.readuntil(b"\r\n\r\n")
    writer.write(body + b"GET /live HTTP/1.1\r\nhost: x\r\n\r\n")
    rest = await reader.readuntil(b'{"live":true}')
    writer.close()

    assert first.startswith(b"HTTP/1.1 415 ")
    assert b"HTTP/1.1 200 " in rest


async def test_a_message_in_many_small_pieces_may_be_no_longer_than_one(wired: tuple[str, int]) -> None:
    host, port = wired
    async with connect(f"ws://{host}:{port}/graphql", subprotocols=[SUBPROTOCOL], proxy=None) as socket:
        with suppress(ConnectionClosed):
            await socket.send(iter(["x" * 10_000] * 200))

        await asyncio.wait_for(socket.wait_closed(), PATIENCE)
        assert socket.close_code == 1009


async def test_a_line_that_is_whole_and_idle_may_wait_for_its_next_request(wired: tuple[str, int]) -> None:
    reader, writer = await asyncio.open_connection(*wired)
    for _ in range(2):
        writer.write(b"GET /live HTTP/1.1\r\nhost: x\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")
        await reader.readuntil(b"}")
        await asyncio.sleep(0.6)  # longer than a head may take
    writer.close()


async def test_what_is_not_http_is_400_in_json(wired: tuple[str, int]) -> None:
    answer = await said_to(wired, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'"errors"' in answer


@pytest.mark.parametrize(
    "request_",
    [
        b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nG",
        b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n{}",
        b"POST /graphql HTTP/1.1\r\nhost: x\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nx: a\x00b\r\n\r\n",
    ],
)
async def test_what_two_parsers_could_read_differently_is_refused(
    wired: tuple[str, int], request_: bytes
) -> None:
    answer = await said_to(wired, request_)

    assert answer.startswith(b"HTTP/1.1 400 ")


async def test_a_full_house_answers_503_in_json(wired: tuple[str, int]) -> None:
    lines: list[Any] = []
    for _ in range(10):
        reader, writer = await asyncio.open_connection(*wired)
        lines.append(writer)
        writer.write(b"GET /live HTTP/1.1\r\nhost: x\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
    for writer in lines:
        writer.close()

    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 1" in head
