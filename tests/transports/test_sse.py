"""graphql-sse, distinct connections mode, rule by rule (PROTOCOL.md of npm graphql-sse)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
import pytest

from tests.transports.sockets import PATIENCE, Serve, Served, until

EVENTS = "text/event-stream"
URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, "
    "text/event-stream, multipart/mixed"
)


@asynccontextmanager
async def subscribed(
    served: Served,
    query: str,
    *,
    method: str = "POST",
    accept: str = EVENTS,
    variables: Any = None,
    **headers: str,
) -> AsyncIterator[httpx.Response]:
    """Open an event stream, by POST or by GET."""
    parameters = {"query": query, "variables": variables}
    async with httpx.AsyncClient(timeout=PATIENCE) as http:
        if method == "POST":
            request = http.build_request("POST", served.url, json=parameters)
        else:
            given = {"query": query} | ({"variables": orjson.dumps(variables).decode()} if variables else {})
            request = http.build_request("GET", served.url, params=given)
        request.headers["accept"] = accept
        request.headers.update({name.replace("_", "-"): text for name, text in headers.items()})
        response = await http.send(request, stream=True)
        yield response
        await response.aclose()


async def blocks(response: httpx.Response) -> AsyncIterator[str]:
    """Read the stream block by block, as framed: up to each blank line."""
    buffer = ""
    async for text in response.aiter_text():
        buffer += text
        while "\n\n" in buffer:
            block, _, buffer = buffer.partition("\n\n")
            yield block
    assert not buffer, "the last event is whole"


async def events(response: httpx.Response) -> AsyncIterator[str]:
    """Read the events; leave comments out."""
    async for block in blocks(response):
        if not block.startswith(":"):
            yield block


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("accept", [EVENTS, "Text/Event-Stream", URQL])
async def test_a_subscription_streams_next_and_complete(served: Served, method: str, accept: str) -> None:
    query = "subscription ($to: Int!) { count(to: $to) }"
    async with subscribed(served, query, variables={"to": 2}, method=method, accept=accept) as response:
        heard = [event async for event in events(response)]

    assert (response.status_code, response.headers["content-type"]) == (
        200,
        "text/event-stream; charset=utf-8",
    )
    assert heard == [
        'event: next\nid: place-1\ndata: {"data":{"count":1}}',
        'event: next\nid: place-2\ndata: {"data":{"count":2}}',
        "event: complete\ndata: ",
    ]
    await until(lambda: served.service.closed == 1)


async def test_lines_end_in_lf_and_payloads_have_one_line(served: Served) -> None:
    async with subscribed(served, "subscription { multiline }", variables={"to": 0}) as response:
        text = (await response.aread()).decode()

    assert "\r" not in text
    assert 'event: next\ndata: { "data":  {"count":1}}\n\n' in text


async def test_a_stream_is_not_stored_nor_held_back(served: Served) -> None:
    async with subscribed(served, "subscription { count(to: 1) }") as response:
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-accel-buffering"] == "no"


@pytest.mark.parametrize(
    "accept", [URQL, "application/json, text/event-stream", "text/event-stream, */*;q=0.1"]
)
@pytest.mark.parametrize("query", ["{ hello }", "mutation { act }", "{", "{ nothing }"])
async def test_what_is_no_subscription_is_answered_in_json(served: Served, accept: str, query: str) -> None:
    async with subscribed(served, query, accept=accept) as response:
        body = orjson.loads(await response.aread())

    assert "json" in response.headers["content-type"]
    assert body.keys() & {"data", "errors"}


@pytest.mark.parametrize(
    ("query", "entry"),
    [("{ hello }", "data"), ("mutation { act }", "data"), ("{", "errors"), ("{ nothing }", "errors")],
)
async def test_who_takes_events_only_gets_events(served: Served, query: str, entry: str) -> None:
    async with subscribed(served, query) as response:
        heard = [event async for event in events(response)]

    assert response.status_code == 200
    assert [event.split("\n")[0] for event in heard] == ["event: next", "event: complete"]
    assert entry in orjson.loads(heard[0].partition("data: ")[2])


@pytest.mark.parametrize("query", ["subscription { nothing }", "subscription { refused }"])
@pytest.mark.parametrize("accept", [EVENTS, URQL])
async def test_a_subscription_refused_says_so_in_events(served: Served, query: str, accept: str) -> None:
    async with subscribed(served, query, accept=accept) as response:
        heard = [event async for event in events(response)]

    assert response.status_code == 200
    assert "errors" in orjson.loads(heard[0].partition("data: ")[2])
    assert heard[1:] == ["event: complete\ndata: "]


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/event-stream;q=0, */*"])
async def test_a_subscription_without_an_event_stream_says_so(served: Served, accept: str) -> None:
    async with subscribed(served, "subscription { forever }", accept=accept) as response:
        body = orjson.loads(await response.aread())

    assert body == {"errors": [{"message": "Subscribe over a stream."}]}
    assert served.service.started == 0


async def test_a_bad_token_is_401(served: Served) -> None:
    async with subscribed(served, "subscription { forever }", authorization="Bearer forged") as response:
        assert response.status_code == 401
        assert "json" in response.headers["content-type"]
        assert (await response.aread()).startswith(b'{"errors":')


@pytest.mark.parametrize("query", [None, 5])
async def test_a_body_of_the_wrong_form_is_400_in_json(served: Served, query: Any) -> None:
    async with subscribed(served, query) as response:
        assert response.status_code == 400
        assert "json" in response.headers["content-type"]


async def test_a_page_of_another_origin_gets_no_stream(served: Served) -> None:
    async with subscribed(served, "subscription { forever }", origin="https://evil.example") as response:
        assert response.status_code == 403


async def test_a_client_that_leaves_closes_its_stream(served: Served) -> None:
    async with subscribed(served, "subscription { forever }", variables={"to": 1}) as response:
        assert await anext(events(response)) == 'event: next\nid: place-1\ndata: {"data":{"count":1}}'
        assert served.endpoint.lines == 1

    await until(lambda: served.service.closed == 1)
    await until(lambda: served.endpoint.lines == 0)


async def test_an_idle_stream_is_kept_alive_by_comments(serve: Serve) -> None:
    served = await serve(keepalive_seconds=0.05)

    async with subscribed(served, "subscription { forever }", variables={"to": 0}) as response:
        stream = blocks(response)
        assert [await anext(stream) for _ in range(4)] == [":"] * 4


async def test_a_stream_ended_for_good_says_why_and_completes(served: Served) -> None:
    async with subscribed(served, "subscription { ended }", variables={"to": 0}) as response:
        heard = [event async for event in events(response)]

    assert heard[-2:] == [
        'event: next\ndata: {"data":{"ended":{"reason":"DELEGATION_REVOKED"}}}',
        "event: complete\ndata: ",
    ]


async def test_a_stream_that_breaks_ends_without_complete(served: Served) -> None:
    async with subscribed(served, "subscription { broken }", variables={"to": 1}) as response:
        heard = [event async for event in events(response)]

    assert heard == ['event: next\nid: place-1\ndata: {"data":{"count":1}}'], "so that the client comes back"
    assert served.service.closed == 1


async def test_draining_ends_every_stream_without_complete(served: Served) -> None:
    async with subscribed(served, "subscription { forever }", variables={"to": 1}) as response:
        stream = events(response)
        await anext(stream)

        await served.endpoint.drain()

        assert [event async for event in stream] == []
    assert (served.service.closed, served.endpoint.lines) == (1, 0)
    async with subscribed(served, "subscription { forever }") as refused:
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")


async def test_a_client_that_reads_nothing_stops_its_stream_and_is_dropped(serve: Serve) -> None:
    served = await serve(send_seconds=0.6, farewell_seconds=0.2)
    host, port = served.host.split(":")
    _, writer = await asyncio.open_connection(host, port, limit=1)
    body = b'{"query":"subscription { flood }","variables":{"to":0}}'
    writer.write(f"POST {served.path} HTTP/1.1\r\nhost: x\r\naccept: {EVENTS}\r\n".encode())
    writer.write(b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))

    await asyncio.sleep(0.3)
    soon = served.service.flooded
    await asyncio.sleep(0.2)

    assert 0 < soon == served.service.flooded, "the stream waits for the client"
    await until(lambda: served.service.closed == 1)
    assert served.endpoint.lines == 0
    writer.close()


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_the_last_event_id_is_where_a_stream_resumes(served: Served, method: str) -> None:
    async with subscribed(served, "subscription { count(to: 1) }", method=method, last_event_id="place-7"):
        await until(lambda: bool(served.service.operations))

    assert served.service.operations[0].resume == "place-7"


@pytest.mark.parametrize("query", ["{ hello }", "mutation { act }"])
async def test_the_last_event_id_is_nothing_to_what_is_no_subscription(served: Served, query: str) -> None:
    async with subscribed(served, query, last_event_id="place-7") as response:
        await response.aread()

    assert served.service.operations[0].resume is None


@pytest.mark.parametrize(
    ("method", "parameters", "body"),
    [
        ("PUT", {}, None),
        ("DELETE", {"operationId": "1"}, None),
        ("PUT", {}, {"query": "subscription { forever }"}),
        ("DELETE", {"operationId": "1"}, {"query": "mutation { act }"}),
    ],
)
async def test_the_single_connection_mode_is_refused_in_words(
    served: Served, method: str, parameters: dict[str, str], body: Any
) -> None:
    async with httpx.AsyncClient() as http:
        response = await http.request(
            method, served.url, params=parameters, json=body, headers={"accept": EVENTS}
        )

    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST, OPTIONS")
    assert response.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"
    assert not served.service.operations


async def test_an_event_stream_that_waits_for_operations_is_refused_in_words(served: Served) -> None:
    headers = {"accept": EVENTS, "x-graphql-event-stream-token": "reserved"}
    async with httpx.AsyncClient() as http:
        response = await http.get(served.url, params={"token": "reserved"}, headers=headers)

    assert (response.status_code, response.headers["content-type"]) == (
        400,
        "application/json; charset=utf-8",
    )
    assert "query" in response.json()["errors"][0]["message"]


async def test_an_operation_id_is_tolerated_and_means_nothing(served: Served) -> None:
    body = {"query": "subscription { count(to: 1) }", "extensions": {"operationId": "1"}}
    async with httpx.AsyncClient() as http:
        response = await http.post(served.url, json=body, headers={"accept": EVENTS})

    assert 'event: next\nid: place-1\ndata: {"data":{"count":1}}' in response.text
    assert '"id":"1"' not in response.text


async def test_a_mutation_by_get_is_no_stream_and_not_done(served: Served) -> None:
    async with subscribed(served, "mutation { act }", method="GET") as response:
        assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert served.service.acted == 0


async def test_a_stream_is_asked_for_in_json(served: Served) -> None:
    async with httpx.AsyncClient() as http:
        response = await http.post(
            served.url,
            content=b"subscription { forever }",
            headers={"accept": EVENTS, "content-type": "application/graphql"},
        )

    assert (response.status_code, response.headers["content-type"]) == (
        415,
        "application/json; charset=utf-8",
    )


async def test_a_stream_is_one_of_several_on_a_connection_each_with_its_own_events(served: Served) -> None:
    async with (
        subscribed(served, "subscription { count(to: 1) }", variables={"to": 1}) as one,
        subscribed(served, "subscription { count(to: 2) }", variables={"to": 2}) as two,
    ):
        heard = [[event async for event in events(response)] for response in (two, one)]

    assert [len(each) for each in heard] == [3, 2]


async def test_a_stream_begins_at_once_with_its_headers_and_a_comment(served: Served) -> None:
    async with subscribed(served, "subscription { forever }", variables={"to": 0}) as response:
        assert response.status_code == 200
        assert await anext(blocks(response)) == ":"


@pytest.mark.parametrize("name", ["content-length", "content-encoding", "connection"])
async def test_a_stream_says_nothing_that_would_hold_it_back(served: Served, name: str) -> None:
    async with subscribed(served, "subscription { count(to: 1) }", accept_encoding="gzip") as response:
        assert name not in response.headers


async def test_every_event_is_an_event_a_place_and_data_in_utf_8(served: Served) -> None:
    async with subscribed(served, "subscription { count(to: 3) }", variables={"to": 3}) as response:
        text = (await response.aread()).decode("utf-8", errors="strict")

    shapes = [[line.partition(":")[0] for line in block.split("\n")] for block in text.split("\n\n") if block]
    assert [shape for shape in shapes if shape != [""]] == [["event", "id", "data"]] * 3 + [["event", "data"]]
    assert text.endswith("event: complete\ndata: \n\n")
    assert not text.startswith("\ufeff")


async def test_a_stream_holds_nothing_after_complete(served: Served) -> None:
    async with subscribed(served, "subscription { count(to: 1) }", variables={"to": 1}) as response:
        heard = [event async for event in events(response)]

    assert heard.index("event: complete\ndata: ") == len(heard) - 1


async def test_an_overload_is_a_status_not_an_event(served: Served) -> None:
    async with subscribed(served, "{ busy }") as response:
        assert (response.status_code, response.headers["retry-after"]) == (503, "1")
        assert "json" in response.headers["content-type"]


async def test_one_stream_too_many_is_a_status_not_an_event(serve: Serve) -> None:
    served = await serve(lines=1)
    async with (
        subscribed(served, "subscription { forever }", variables={"to": 0}) as first,
        subscribed(served, "subscription { forever }", variables={"to": 0}) as second,
    ):
        assert (first.status_code, second.status_code) == (200, 503)
        assert "json" in second.headers["content-type"]
