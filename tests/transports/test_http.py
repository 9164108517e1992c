"""HTTP beyond the draft, whose rules are in test_http_rules.py: limits, who asks, and what a response carries."""

import asyncio
from typing import Any

import httpx
import orjson
import pytest

from rotunda.graphql import page
from tests.transports.sockets import Serve, Served, until

MODERN = "application/graphql-response+json"
JSON = {"content-type": "application/json"}


async def post(
    http: httpx.AsyncClient, body: Any = None, *, accept: str | None = None, **headers: str
) -> httpx.Response:
    content = body if isinstance(body, bytes) else orjson.dumps(body or {"query": "{ hello }"})
    sent = JSON | {name.replace("_", "-"): text for name, text in headers.items()}
    if accept is not None:
        sent["accept"] = accept
    return await http.post("", content=content, headers=sent)


def code(response: httpx.Response) -> str:
    answer = response.json()
    assert answer.keys() == {"errors"}, "a request error has no data entry"
    return str(answer["errors"][0]["extensions"]["code"])


# Bodies


async def test_a_body_over_the_limit_is_413(serve: Serve) -> None:
    served = await serve(body_bytes=1_000)
    async with httpx.AsyncClient() as http:
        fits = await http.post(served.url, content=b'{"query":"{ hello }"}'.ljust(1_000), headers=JSON)
        told = await http.post(served.url, content=b'{"query":"{ hello }"}'.ljust(1_001), headers=JSON)

    assert (fits.status_code, told.status_code, code(told)) == (200, 413, "TOO_LONG")


async def test_a_chunked_body_over_the_limit_is_413(serve: Serve) -> None:
    served = await serve(body_bytes=1_000)
    reader, writer = await asyncio.open_connection(*served.host.split(":"))

    writer.write(f"POST {served.path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n".encode())
    writer.write(b"transfer-encoding: chunked\r\n\r\n" + (b"190\r\n" + b" " * 400 + b"\r\n") * 4)

    assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
    writer.close()


async def test_a_body_that_does_not_come_is_408(serve: Serve) -> None:
    served = await serve(body_seconds=0.1)
    reader, writer = await asyncio.open_connection(*served.host.split(":"))

    writer.write(f"POST {served.path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n".encode())
    writer.write(b"content-length: 100\r\n\r\n{")

    assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
    writer.close()


# Pages


@pytest.mark.parametrize(
    ("method", "query", "accept", "wanted"),
    [
        ("GET", b"", "text/html,application/xhtml+xml,*/*;q=0.8", True),
        ("GET", b"example=mayor/who-am-i", "text/html", True),
        ("GET", b"query={head}", "text/html", False),
        ("GET", b"", MODERN, False),
        ("GET", b"", "*/*", False),
        ("POST", b"", "text/html", False),
    ],
)
def test_only_a_browser_that_sends_no_operation_wants_a_page(
    method: str, query: bytes, accept: str, *, wanted: bool
) -> None:
    headers = [(b"accept", accept.encode())]
    scope = {"type": "http", "method": method, "query_string": query, "headers": headers}

    assert page.is_wanted(scope) is wanted


# Who asks, and from where


@pytest.mark.parametrize(
    ("headers", "who"),
    [
        ({}, "None as None"),
        ({"authorization": "Bearer good"}, "good as None"),
        ({"authorization": "bearer  good", "rotunda_acting_for": "cap_1"}, "good as cap_1"),
    ],
)
async def test_headers_say_who_asks_and_for_whom(
    http: httpx.AsyncClient, headers: dict[str, str], who: str
) -> None:
    response = await post(http, {"query": "{ whoAmI }"}, **headers)

    assert response.json() == {"data": {"whoAmI": who}}


@pytest.mark.parametrize("authorization", ["good", "Basic good", "Bearer", "Token good"])
async def test_credentials_we_cannot_read_are_refused_not_ignored(
    http: httpx.AsyncClient, authorization: str
) -> None:
    assert (await post(http, authorization=authorization)).status_code == 401


@pytest.mark.parametrize("name", ["rotunda_session", "__Host-rotunda_session"])
async def test_a_session_cookie_counts_on_our_own_pages(
    http: httpx.AsyncClient, served: Served, name: str
) -> None:
    response = await post(http, {"query": "{ whoAmI }"}, cookie=f"a=b; {name}=good", origin=served.origin)

    assert response.json() == {"data": {"whoAmI": "good as None"}}


async def test_a_session_cookie_without_an_origin_is_403(http: httpx.AsyncClient, served: Served) -> None:
    response = await post(http, {"query": "mutation { act }"}, cookie="rotunda_session=good")

    assert (response.status_code, code(response)) == (403, "FORBIDDEN_ORIGIN")
    assert served.service.acted == 0


async def test_a_token_outranks_the_cookie(http: httpx.AsyncClient) -> None:
    response = await post(
        http, {"query": "{ whoAmI }"}, cookie="rotunda_session=other", authorization="Bearer good"
    )

    assert response.json() == {"data": {"whoAmI": "good as None"}}


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "https://friend.example:444", "http://friend.example"]
)
async def test_a_post_from_another_origin_is_403(
    http: httpx.AsyncClient, served: Served, origin: str
) -> None:
    response = await post(http, {"query": "mutation { act }"}, origin=origin, authorization="Bearer good")

    assert (response.status_code, code(response)) == (403, "FORBIDDEN_ORIGIN")
    assert "access-control-allow-origin" not in response.headers
    assert served.service.acted == 0


async def test_a_friends_page_may_post_and_read(http: httpx.AsyncClient) -> None:
    response = await post(http, origin="https://friend.example", authorization="Bearer good")

    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "https://friend.example"
    assert "access-control-allow-credentials" not in response.headers


async def test_a_friends_preflight_is_granted_and_a_strangers_is_not(http: httpx.AsyncClient) -> None:
    friend = await http.options("", headers={"origin": "https://friend.example"})
    stranger = await http.options("", headers={"origin": "https://evil.example"})

    assert (friend.status_code, stranger.status_code) == (204, 204)
    assert "authorization" in friend.headers["access-control-allow-headers"]
    assert friend.headers["access-control-allow-origin"] == "https://friend.example"
    assert "access-control-allow-origin" not in stranger.headers


# Responses


async def test_a_response_says_its_length_and_is_not_stored(http: httpx.AsyncClient) -> None:
    response = await post(http)

    assert response.headers["content-length"] == str(len(response.content))
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["vary"] == "accept, accept-encoding, origin"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "packed"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("gzip;q=0, *", False),
        ("br", False),
        ("", False),
    ],
)
async def test_a_long_response_is_compressed_where_asked(
    http: httpx.AsyncClient, asked: str, *, packed: bool
) -> None:
    response = await post(http, {"query": "{ big }"}, accept_encoding=asked)

    assert ("content-encoding" in response.headers) is packed
    assert len(response.json()["data"]["big"]) == 21_000
    assert (int(response.headers["content-length"]) < 2_000) is packed


async def test_a_short_response_is_not_compressed(http: httpx.AsyncClient) -> None:
    assert "content-encoding" not in (await post(http, accept_encoding="gzip")).headers


async def test_a_mutation_whose_client_has_left_runs_to_its_end(served: Served) -> None:
    async with httpx.AsyncClient() as http:
        with pytest.raises(httpx.ReadTimeout):
            await http.post(served.url, json={"query": "mutation { slowAct }"}, timeout=0.1)

    served.service.go.set()

    await until(lambda: served.service.acted == 1)


async def test_one_connection_serves_many_requests(http: httpx.AsyncClient) -> None:
    for body in (b"nonsense", None, b"[]", None):
        response = await post(http, body)
        assert "connection" not in response.headers
