"""GraphQL over HTTP, every rule of the draft that a server answers for, and what is no request at all."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.transports.rules import negotiating, shaping
from tests.transports.rules.exchange import Case
from tests.transports.sockets import PATIENCE, Served

CASES = [*negotiating.CASES, *shaping.CASES]
POST = "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
QUERY = '{"query":"{ hello }"}'


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        yield client


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_graphql_over_http(served: Served, client: httpx.AsyncClient, case: Case) -> None:
    response = await client.send(case.request_to(served.url))

    case.holds(response, served)


async def test_head_is_405_and_has_no_body(served: Served, client: httpx.AsyncClient) -> None:
    response = await client.head(served.url, params={"query": "{ hello }"})

    assert (response.status_code, response.headers["allow"], response.content) == (
        405,
        "GET, POST, OPTIONS",
        b"",
    )


async def test_options_says_what_is_allowed(served: Served, client: httpx.AsyncClient) -> None:
    response = await client.options(served.url)

    assert (response.status_code, response.headers["allow"]) == (204, "GET, POST, OPTIONS")


@pytest.mark.parametrize(
    ("claim", "head", "body", "heard"),
    [
        (
            "a chunked body is put together",
            "transfer-encoding: chunked\r\n",
            "A\r\n{0}\r\nB\r\n{1}\r\n0\r\n\r\n",
            ["200"],
        ),
        (
            "who expects it is told to go on",
            "expect: 100-continue\r\ncontent-length: 21\r\n",
            QUERY,
            ["100", "200"],
        ),
        (
            "who expects it with too much is told 413 at once",
            "expect: 100-continue\r\ncontent-length: 2000000\r\n",
            "",
            ["413"],
        ),
        (
            "a length that is too short cuts the body off",
            "content-length: 5\r\nconnection: close\r\n",
            QUERY,
            ["400"],
        ),
        ("a length of nothing is a body of nothing", "content-length: 0\r\n", "", ["400"]),
        ("no length is a body of nothing", "", "", ["400"]),
        ("HTTP/1.0 is answered", "content-length: 21\r\n", QUERY, ["200"]),
        (
            "requests in one breath are answered in order",
            "content-length: 21\r\n",
            QUERY + "{again}",
            ["200", "415"],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.count(" ") > 2 else "",
)
async def test_http_itself(served: Served, claim: str, head: str, body: str, heard: list[str]) -> None:
    version = "HTTP/1.0" if "1.0" in claim else "HTTP/1.1"
    again = f"POST {served.path} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n"
    body = body.replace("{0}", QUERY[:10]).replace("{1}", QUERY[10:]).replace("{again}", again)
    reader, writer = await asyncio.open_connection(*served.host.split(":"))

    writer.write(f"{POST.format(path=served.path).replace('HTTP/1.1', version)}{head}\r\n{body}".encode())
    statuses = [await _status(reader) for _ in heard]

    assert statuses == heard
    writer.close()


async def test_a_client_that_breaks_off_has_asked_nothing(served: Served) -> None:
    _, writer = await asyncio.open_connection(*served.host.split(":"))
    half = '{"query":"mutation { act }"'

    writer.write(f"{POST.format(path=served.path)}content-length: 100\r\n\r\n{half}".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.05)

    assert not served.service.operations


def test_no_claim_is_made_twice() -> None:
    claims = [str(case) for case in CASES]

    assert len(set(claims)) == len(claims)
    assert len(claims) >= 62


async def _status(reader: asyncio.StreamReader) -> str:
    """The next response's status; its body is read on with it."""
    async with asyncio.timeout(PATIENCE):
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = head.partition("content-length: ")[2].partition("\r\n")[0]
        await reader.readexactly(int(length or 0))
    return head.split(" ")[1]
