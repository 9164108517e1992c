"""Whatever comes in, the endpoint answers it in its own words: never a 500, never a socket that just dies."""

from typing import Any

import httpx
import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transports.sockets import Dial, Served, Socket

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
json = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner))
requests = st.fixed_dictionaries(
    {},
    optional={
        "query": st.sampled_from(["{ hello }", "{", "subscription { count(to: 1) }", "mutation { act }"])
        | json,
        "variables": json,
        "operationName": json,
        "extensions": json,
    },
)
messages = st.fixed_dictionaries(
    {"type": st.sampled_from(["ping", "pong", "subscribe", "complete", "connection_init", "next"]) | json},
    optional={"id": st.sampled_from(["1", "2", ""]) | json, "payload": requests | json},
)
headers = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60).map(str.strip)
examples = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _as_bytes(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # an integer beyond 64 bits, or half a surrogate pair
        return repr(value).encode(errors="surrogatepass")


@examples
@given(st.binary(max_size=200) | (requests | json).map(_as_bytes))
async def test_no_body_is_a_500(http: httpx.AsyncClient, body: bytes) -> None:
    response = await http.post("", content=body, headers={"content-type": "application/json"})

    assert response.status_code in {200, 400}
    assert response.json().keys() & {"data", "errors"}


@examples
@given(headers, headers, headers, headers, headers)
async def test_no_header_is_a_500(
    http: httpx.AsyncClient, accept: str, kind: str, authorization: str, cookie: str, coding: str
) -> None:
    sent = {
        "accept": accept,
        "content-type": kind or "application/json",
        "authorization": authorization,
        "cookie": cookie,
        "accept-encoding": coding,
    }

    response = await http.post("", content=b'{"query":"{ hello }"}', headers=sent)

    assert response.status_code < 500
    assert response.json().keys() & {"data", "errors"}


@examples
@given(st.text(max_size=300))
async def test_no_query_string_is_a_500(http: httpx.AsyncClient, text: str) -> None:
    for parameters in ({"query": text}, {"query": "{ hello }", "variables": text}):
        encodable = {name: value.encode(errors="replace") for name, value in parameters.items()}
        response = await http.get("", params=encodable)

        assert response.status_code in {200, 400, 405}


@examples
@given(st.lists(messages | json, max_size=8))
async def test_no_messages_kill_a_socket(served: Served, dial: Dial, frames: list[Any]) -> None:
    socket = await dial(served)
    await socket.greet()

    for frame in frames:
        await socket.say_raw(_as_bytes(frame).decode(errors="replace"))

    assert await _ends_well(socket)


async def _ends_well(socket: Socket) -> bool:
    """Whether the socket still answers a ping, or was closed with a code of the protocol's."""
    await socket.say(type="ping", payload={"the": "end"})
    while (message := await socket.hear_or_close()) is not None:
        if message == {"type": "pong", "payload": {"the": "end"}}:
            await socket.connection.close()
            return True
    return socket.connection.close_code in {4400, 4409, 4429}
