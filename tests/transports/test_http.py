"""GraphQL over HTTP, rule by rule (the draft specification, and what hostile clients send)."""

import asyncio
import gzip
from typing import Any

import httpx
import orjson
import pytest

from rotunda.graphql import page
from tests.transports.sockets import Serve, Served, until

MODERN = "application/graphql-response+json"
LEGACY = "application/json"
JSON = {"content-type": "application/json"}


NOT_JSON = [
    *(b"", b" ", b"nonsense", b'{"query":', b'{"query":"{ hello }"}}', b'{"query":"{ hello }",}'),
    *(b"{'query':'{ hello }'}", b"\xff\xfe", b'{"query":"\xff"}', b"\x00", b'{"query":"a\nb"}'),
    *('{"query":"{ hello }"}'.encode(encoding) for encoding in ("utf-16", "utf-8-sig")),
    gzip.compress(b'{"query":"{ hello }"}'),
    *(b"[" * 100_000, b'{"a":' * 100_000, b"1" * 5_000, b'{"query":"\\udfff"}'),
]
NOT_A_REQUEST = [
    *(b"null", b"5", b"true", b'"{ hello }"', b"{}", b'{"query":null}', b'{"query":5}'),
    *(b'{"query":["{ hello }"]}', b'{"query":{"a":1}}', b'{"qeury":"{ hello }"}'),
    *(b'{"query":"{ hello\\u0000 }"}', b'{"query":"{ hello }","operationName":"\\u0000"}'),
    *(b'{"query":"{ hello }","operationName":%s}' % wrong for wrong in (b"5", b"{}", b"[]", b"false")),
    *(b'{"query":"{ hello }","extensions":%s}' % wrong for wrong in (b"5", b'"{}"', b"[]", b"false")),
    *(b'{"query":"{ hello }","variables":%s}' % wrong for wrong in (b"5", b'"{}"', b"[]", b"false")),
    *(
        b'{"query":"{ hello }","variables":{"n":%s}}' % n
        for n in (b"NaN", b"-Infinity", b"1e999", b"1" * 5_000)
    ),
    *(b'{"query":"{ hello }","variables":{"n":%s}}' % n for n in (b"[" * 900 + b"]" * 900, b'"\\ud800"')),
    *(b'{"query":"{ hello }","variables":{"n":%s}}' % n for n in (b'"a\\u0000b"', b'[{"a":["\\u0000"]}]')),
    b'{"query":"{ hello }","variables":{"\\u0000":1}}',
]


async def post(
    http: httpx.AsyncClient, body: Any = None, *, accept: str | None = None, **headers: str
) -> httpx.Response:
    content = body if isinstance(body, bytes) else orjson.dumps(body or {"query": "{ hello }"})
    sent = JSON | {name.replace("_", "-"): text for name, text in headers.items()}
    if accept is not None:
        sent["accept"] = accept
    return await http.post("", content=content, headers=sent)


def media(response: httpx.Response) -> str:
    kind, _, charset = response.headers["content-type"].partition("; ")
    assert charset == "charset=utf-8"
    return str(kind)


def code(response: httpx.Response) -> str:
    answer = response.json()
    assert answer.keys() == {"errors"}, "a request error has no data entry"
    return str(answer["errors"][0]["extensions"]["code"])


# Media types


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, LEGACY),
        ("", LEGACY),
        ("*/*", LEGACY),
        ("application/*", LEGACY),
        ("application/json", LEGACY),
        (MODERN, MODERN),
        ("APPLICATION/GraphQL-Response+JSON", MODERN),
        (f"{MODERN}; charset=utf-8, {LEGACY}; charset=utf-8", MODERN),
        (f"{LEGACY}, {MODERN}", MODERN),
        (f"{MODERN};q=0.5, {LEGACY};q=0.9", LEGACY),
        (f"{MODERN};q=0.9, {LEGACY};q=0.5", MODERN),
        (f"{MODERN};q=0, {LEGACY}", LEGACY),
        (f"{MODERN};q=0.5, */*", LEGACY),
        (f"{LEGACY};q=0.5, */*", MODERN),
        (f"{LEGACY};q=0, */*", MODERN),
        (f"text/html, {MODERN};q=0.1", MODERN),
        (f"{MODERN};q=nan, {LEGACY};q=0.1", LEGACY),
        (f"{MODERN}, application/graphql+json, {LEGACY}, text/event-stream, multipart/mixed", MODERN),
        (f"{MODERN}; charset=utf-16, {LEGACY}", LEGACY),
    ],
)
async def test_the_media_type_is_negotiated(
    http: httpx.AsyncClient, accept: str | None, expected: str
) -> None:
    response = await post(http, accept=accept)

    assert response.status_code == 200
    assert media(response) == expected
    assert response.json() == {"data": {"hello": "world"}}


@pytest.mark.parametrize(
    "accept",
    ["text/html", "application/jsonp", "image/*", f"{LEGACY};q=0", "application/graphql-response", "json"],
)
async def test_nothing_we_speak_is_406(http: httpx.AsyncClient, accept: str) -> None:
    response = await post(http, accept=accept)

    assert (response.status_code, code(response)) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "Application/JSON", 'application/json;charset="UTF-8"']
)
async def test_json_in_utf_8_is_taken(http: httpx.AsyncClient, kind: str) -> None:
    response = await post(http, {"query": '{ echo(text: "Grüße 🏛") }'}, content_type=kind)

    assert response.json() == {"data": {"echo": "Grüße 🏛"}}


@pytest.mark.parametrize(
    "kind",
    [
        *(
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/graphql",
        ),
        *(
            "application/jsonp",
            "application/json-patch+json",
            "text/json",
            "application/json; charset=utf-16",
            "",
        ),
        *("text/plain, application/json", "application/json, text/plain"),
    ],
)
async def test_another_content_type_is_415(http: httpx.AsyncClient, served: Served, kind: str) -> None:
    response = await post(http, content_type=kind)

    assert (response.status_code, code(response)) == (415, "NOT_JSON")
    assert not served.service.operations


async def test_no_content_type_is_415(http: httpx.AsyncClient) -> None:
    response = await http.post("", content=b'{"query":"{ hello }"}')

    assert response.status_code == 415


# Status codes


@pytest.mark.parametrize(
    "body",
    [
        {"query": "{"},
        {"query": ""},
        {"query": "{ nothing }"},
        {"query": "query A { hello } query B { hello }"},
        {"query": "query A { hello }", "operationName": "B"},
        {"query": "query ($t: String!) { echo(text: $t) }", "variables": {"t": None}},
        {"query": "subscription { forever }"},
    ],
)
async def test_a_request_error_is_400_or_in_legacy_json_200(
    http: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    modern, legacy = await post(http, body, accept=MODERN), await post(http, body, accept=LEGACY)

    assert (modern.status_code, legacy.status_code) == (400, 200)
    assert modern.json().keys() == legacy.json().keys() == {"errors"}


@pytest.mark.parametrize("accept", [MODERN, LEGACY])
async def test_a_field_error_is_200(http: httpx.AsyncClient, accept: str) -> None:
    response = await post(http, {"query": "{ hello broken }"}, accept=accept)

    assert response.status_code == 200
    assert response.json()["data"] == {"hello": "world", "broken": None}


@pytest.mark.parametrize("accept", [MODERN, LEGACY])
async def test_a_bad_token_is_401(http: httpx.AsyncClient, accept: str) -> None:
    response = await post(http, accept=accept, authorization="Bearer forged")

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json().keys() == {"errors"}


@pytest.mark.parametrize("accept", [MODERN, LEGACY])
async def test_an_overload_is_503(http: httpx.AsyncClient, accept: str) -> None:
    response = await post(http, {"query": "{ busy }"}, accept=accept)

    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"


async def test_a_bug_is_500_and_masked(http: httpx.AsyncClient) -> None:
    response = await post(http, {"query": "{ die }"})

    assert (response.status_code, code(response)) == (500, "INTERNAL")
    assert "secret" not in response.text


# Bodies


@pytest.mark.parametrize("body", [*NOT_JSON, *NOT_A_REQUEST], ids=lambda body: repr(body[:48]))
@pytest.mark.parametrize("accept", [MODERN, LEGACY])
async def test_a_body_of_the_wrong_form_is_a_clean_400(
    http: httpx.AsyncClient, served: Served, body: bytes, accept: str
) -> None:
    response = await post(http, body, accept=accept)

    assert response.status_code == 400
    assert media(response) == accept
    assert code(response)
    assert response.json()["errors"][0]["message"]
    assert not served.service.operations, "nothing of it reaches GraphQL"


async def test_batches_are_refused(http: httpx.AsyncClient) -> None:
    response = await post(http, [{"query": "{ hello }"}])

    assert (response.status_code, code(response)) == (400, "BATCHING_REFUSED")


async def test_a_compressed_body_is_refused(http: httpx.AsyncClient) -> None:
    response = await post(http, gzip.compress(b'{"query":"{ hello }"}'), content_encoding="gzip")

    assert response.status_code == 400


@pytest.mark.parametrize("text", ["a\\u0000b", "{[" * 100, "\\ud83c"])
async def test_strings_that_only_look_awkward_are_taken(http: httpx.AsyncClient, text: str) -> None:
    response = await post(http, {"query": "query ($t: String!) { echo(text: $t) }", "variables": {"t": text}})

    assert response.json() == {"data": {"echo": text}}


async def test_nulls_extensions_and_unknown_entries_are_legal(http: httpx.AsyncClient) -> None:
    body = {"query": "{ hello }", "variables": None, "operationName": None, "extensions": {"a": 1}, "id": "x"}

    assert (await post(http, body)).json() == {"data": {"hello": "world"}}


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


# Methods


async def test_get_runs_a_query(http: httpx.AsyncClient) -> None:
    parameters = {
        "query": "query A($t: String!) { echo(text: $t) } query B { hello }",
        "variables": '{"t":"ü+ &"}',
        "operationName": "A",
        "extensions": "{}",
    }

    response = await http.get("", params=parameters, headers={"accept": MODERN})

    assert (response.status_code, response.json()) == (200, {"data": {"echo": "ü+ &"}})


async def test_empty_parameters_of_get_are_as_good_as_none(http: httpx.AsyncClient) -> None:
    response = await http.get("", params={"query": "{ hello }", "operationName": "", "variables": ""})

    assert response.json() == {"data": {"hello": "world"}}


@pytest.mark.parametrize("accept", [MODERN, LEGACY, "text/event-stream"])
async def test_get_never_runs_a_mutation(http: httpx.AsyncClient, served: Served, accept: str) -> None:
    for parameters in (
        {"query": "mutation { act }"},
        {"query": "query A { hello } mutation B { act }", "operationName": "B"},
    ):
        response = await http.get("", params=parameters, headers={"accept": accept})

        assert (response.status_code, response.headers["allow"]) == (405, "POST")
        assert code(response) == "METHOD_NOT_ALLOWED"
    assert served.service.acted == 0


@pytest.mark.parametrize(
    "parameters",
    [
        *("", "query=", "qeury=%7Bhello%7D", "query=%FF", "query=%00", "query=%7Bhello%7D&query=%7Bhello%7D"),
        *(
            "query=%7Bhello%7D&variables=%5B%5D",
            "query=%7Bhello%7D&variables=5",
            "query=%7Bhello%7D&variables=%7B",
        ),
        *("query=%7Bhello%7D&variables=NaN", "query=%7Bhello%7D&extensions=null%00", "&".join(["a=b"] * 100)),
        "query=%7Bhello%7D&variables=" + "%5B" * 2_000,
        "query=%7Bhello%7D&variables=%7B%22a%22%3A%22%5Cu0000%22%7D",
    ],
)
async def test_parameters_of_the_wrong_form_are_a_clean_400(http: httpx.AsyncClient, parameters: str) -> None:
    response = await http.get(f"?{parameters}", headers={"accept": MODERN})

    assert response.status_code == 400
    assert code(response)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "TRACE", "PROPFIND"])
async def test_other_methods_are_405(http: httpx.AsyncClient, method: str) -> None:
    response = await http.request(method, "")

    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST, OPTIONS")
    assert method == "HEAD" or code(response) == "METHOD_NOT_ALLOWED"


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
