"""Any bytes, any JSON, and documents that were valid once, at the house itself: by HTTP, by event stream, by socket.

Whatever comes is answered in the house's words, and who else is there notices nothing.
"""

import asyncio
import logging
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from tests.fuzz.conftest import few
from tests.fuzz.judging import CODES, codes
from tests.living import ROOT, Caller, Home

PATIENCE = 60.0
#: What graphql-transport-ws closes with when a client breaks its rules, and what we do when one talks without end.
CLOSINGS = {4400, 4401, 4403, 4409, 4429, 1007, 1009, 1013}
_SEEDS = sorted(path.read_text() for path in (ROOT / "docs" / "examples").rglob("*.graphql"))
_BITS = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "...",
    "@skip(if: true)",
    "@include(if: $x)",
    ":",
    "!",
    "$",
    "\0",
    "\ufeff",
    '"""',
]
_BITS += [
    "\\u0000",
    "\\ud800",
    "fragment A on Event { ...A }",
    "...A",
    "query",
    "subscription",
    "mutation",
    "on Node",
]
_BITS += [
    "__typename",
    "__schema { types { name } }",
    "first: 100000",
    "first: -1",
    "9" * 400,
    "null",
    "{row}",
    "' OR 1=1 --",
]

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
json = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner))


def _mutated(document: str, dice: Random) -> str:
    """A document with some of its words lost, doubled, moved or replaced by what stands elsewhere."""
    words = document.split(" ")
    for _ in range(dice.randrange(1, 6)):
        place, other = dice.randrange(len(words)), dice.randrange(len(words))
        words[place] = dice.choice([words[other], "", f"{words[place]} {words[place]}", dice.choice(_BITS)])
    return " ".join(words)


documents = st.builds(
    lambda document, number: _mutated(document, Random(number)),  # noqa: S311  # chance, not a secret
    st.sampled_from(_SEEDS),
    st.integers(0, 2**32),
)
requests = st.fixed_dictionaries(
    {"query": documents | st.sampled_from(_SEEDS) | json},
    optional={
        "variables": st.dictionaries(st.sampled_from(["id", "after", "input", "first"]), json) | json,
        "operationName": json,
        "extensions": json | st.fixed_dictionaries({"persistedQuery": json}),
        "documentId": json,
    },
)
messages = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["ping", "pong", "subscribe", "subscribe", "complete", "connection_init", "next"]
        )
        | json
    },
    optional={"id": st.sampled_from(["1", "2", ""]) | json, "payload": requests | json},
)


def _bytes(said: Any) -> bytes:
    try:
        return said.encode(errors="replace") if isinstance(said, str) else orjson.dumps(said)
    except TypeError:  # an integer beyond 64 bits, or half a surrogate pair
        return repr(said).encode(errors="surrogatepass")


bodies = st.binary(max_size=300) | (requests | json | st.lists(requests, max_size=3)).map(_bytes)


@pytest.fixture(scope="module")
async def witness(callers: list[Caller]) -> Any:
    """Somebody who listens all the while, and must go on hearing."""
    async with callers[1].socket() as socket:
        yield socket


@pytest.fixture(autouse=True)
def nothing_broke(caplog: pytest.LogCaptureFixture) -> Any:
    yield
    assert not [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


@few(100)
@given(body=bodies, number=st.integers(0, 1))
async def test_whatever_is_posted_is_answered(
    shared_home: Home, callers: list[Caller], body: bytes, number: int
) -> None:
    headers = {**callers[number].credentials, "content-type": "application/json"}

    async with asyncio.timeout(PATIENCE):
        response = await shared_home.http.post(f"{shared_home.url}/graphql", content=body, headers=headers)

    assert response.status_code in {200, 400, 401}, (body, response.text)
    assert codes(response.json()) <= CODES, (body, response.text)


@few(40)
@given(body=bodies)
async def test_whatever_is_posted_for_an_event_stream_is_answered(
    shared_home: Home, callers: list[Caller], body: bytes
) -> None:
    headers = {**callers[1].credentials, "content-type": "application/json", "accept": "text/event-stream"}

    async with asyncio.timeout(PATIENCE), shared_home.http.stream(
        "POST", f"{shared_home.url}/graphql", content=body, headers=headers
    ) as response:  # fmt: skip
        first = ""
        async for line in response.aiter_lines():
            first = first or line
            if line.startswith(":") or not line:
                break

    assert response.status_code in {200, 400, 401}, body
    assert response.status_code != 200 or first.startswith(("event: ", ":")), first


@few(40)
@given(
    method=st.sampled_from(["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]),
    parameters=st.dictionaries(
        st.sampled_from(["query", "variables", "extensions", "operationName", "documentId", "x"]),
        documents | st.text(max_size=40) | json.map(lambda said: _bytes(said).decode(errors="replace")),
    ),
    headers=st.dictionaries(
        st.sampled_from(["accept", "authorization", "rotunda-acting-for", "cookie", "origin", "last-event-id", "host"]),
        st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60),
    ),
)  # fmt: skip
async def test_whatever_an_address_and_headers_say_is_answered(
    shared_home: Home, method: str, parameters: dict[str, str], headers: dict[str, str]
) -> None:
    encodable = {name: text.encode(errors="replace") for name, text in parameters.items()}

    async with asyncio.timeout(PATIENCE):
        response = await shared_home.http.request(
            method, f"{shared_home.url}/graphql", params=encodable, headers=headers
        )

    assert response.status_code < 500, response.text


@few(40)
@given(frames=st.lists(messages | json | documents, min_size=1, max_size=8))
async def test_whatever_is_said_on_a_socket_kills_nobody(
    callers: list[Caller], witness: Any, frames: list[Any]
) -> None:
    async with asyncio.timeout(PATIENCE), callers[0].socket() as socket:
        try:
            for frame in frames:
                await socket.send(_bytes(frame).decode(errors="replace"))
            await socket.send('{"type":"ping","payload":{"the":"end"}}')
            async for said in socket:
                message = orjson.loads(said)
                assert _refused_for(message) <= CODES, (frames, message)
                if message == {"type": "pong", "payload": {"the": "end"}}:
                    break
        except ConnectionClosed:
            pass
        assert socket.close_code in {*CLOSINGS, None}, (frames, socket.close_reason)

    await witness.send('{"type":"ping"}')
    assert orjson.loads(await witness.recv()) == {"type": "pong"}


async def test_after_all_that_the_house_is_as_it_was(shared_home: Home, callers: list[Caller]) -> None:
    assert (await callers[1].ask("{ viewer { account { email } } }"))["viewer"]["account"]["email"]
    assert (await shared_home.http.get(f"{shared_home.url}/ready")).json()["ready"] is True


def _refused_for(message: dict[str, Any]) -> set[str]:
    said = message.get("payload")
    return codes(
        {"errors": said} if message["type"] == "error" else said if message["type"] == "next" else {}
    )
