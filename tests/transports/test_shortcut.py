"""The short way to a socket: the same frames, bounded like the others, and nothing where there is no such way."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.frames import Frame, Opcode

from rotunda.graphql.lines import Line
from rotunda.graphql.shortcut import FULL, framed, shortcut
from tests.transports.scripted import Counting
from tests.transports.sockets import Dial, Serve, Served, Socket, until

HEAD = b'{"id":"1","type":"next","payload":'


@pytest.mark.parametrize("length", [0, 89, 90, 91, 1_000, 65_499, 65_500, 65_501, 200_000])
def test_a_frame_is_what_uvicorn_would_have_sent_whatever_its_length(length: int) -> None:
    payload = b"x" * length

    frame = framed(HEAD, payload)

    assert frame == Frame(Opcode.TEXT, HEAD + payload + b"}").serialize(mask=False)


@given(some.binary(max_size=40), some.binary(max_size=40), some.binary(max_size=300))
def test_frames_of_two_sockets_differ_in_their_heads_only(one: bytes, other: bytes, payload: bytes) -> None:
    first, second = framed(one, payload), framed(other, payload)

    assert first[first.index(one, 2) + len(one) :] == second[second.index(other, 2) + len(other) :]
    assert (first == second) == (one == other)


async def test_both_ways_say_the_same(served: Served, greeted: Socket) -> None:
    stream = await _listening(served, greeted, "a \N{SNOWMAN}")
    await greeted.subscribe("a \N{SNOWMAN} too", "subscription { count(to: 1) }", variables={"to": 1})
    long_way = await greeted.connection.recv(decode=False)
    assert (await greeted.hear())["type"] == "complete"

    assert stream.outlet
    assert stream.outlet(b'{"data":{"count":1}}')

    assert await greeted.connection.recv(decode=False) == long_way.replace(b" too", b"")


async def test_an_operation_that_was_completed_takes_no_more(served: Served, greeted: Socket) -> None:
    stream = await _listening(served, greeted, "1")
    await greeted.say(id="1", type="complete")
    assert await greeted.is_alive()

    assert stream.outlet
    assert not stream.outlet(b"{}")
    assert await greeted.is_alive(), "and nothing of it was heard"


async def test_a_socket_that_is_closed_takes_no_more(served: Served, greeted: Socket) -> None:
    stream = await _listening(served, greeted, "1")
    assert stream.outlet
    await greeted.connection.close()
    await until(lambda: served.endpoint.lines == 0)

    assert not stream.outlet(b"{}")


async def test_a_socket_that_the_server_hung_up_on_takes_no_more(served: Served, greeted: Socket) -> None:
    stream = await _listening(served, greeted, "1")
    assert stream.outlet

    await served.endpoint.drain()

    assert not stream.outlet(b"{}")
    assert (await greeted.closed())[0] == 1012


async def test_a_client_that_reads_nothing_is_given_what_its_buffer_holds_and_no_more(
    serve: Serve, dial: Dial
) -> None:
    served = await serve()
    socket = await dial(served)
    await socket.greet()
    stream = await _listening(served, socket, "1")
    socket.connection.transport.pause_reading()
    payload, taken = b'{"data":"%s"}' % (b"x" * 10_000), 0
    assert stream.outlet

    while taken < 10_000 and stream.outlet(payload):
        taken += 1

    transport = _behind(stream).transport
    assert taken < 10_000
    assert FULL < transport.get_write_buffer_size() <= FULL + len(payload) + 100
    assert not any(stream.outlet(payload) for _ in range(100))
    assert transport.get_write_buffer_size() <= FULL + len(payload) + 100
    socket.connection.transport.resume_reading()
    for _ in range(taken):
        assert (await socket.hear())["type"] == "next"


async def test_on_a_server_that_is_not_uvicorn_everything_goes_the_long_way() -> None:
    async def anything(*_: object) -> Any:
        """Neither sends nor receives."""

    line = Line(anything, anything, anything)

    assert shortcut(anything) is None
    assert not line.write(b"a frame")


async def test_a_socket_that_compresses_has_no_short_way(served: Served, greeted: Socket) -> None:
    stream = await _listening(served, greeted, "1")
    protocol = _behind(stream)
    assert shortcut(protocol.receive)

    protocol.conn.extensions = [ServerPerMessageDeflateFactory()]

    assert shortcut(protocol.receive) is None
    protocol.conn.extensions = []


async def _listening(served: Served, socket: Socket, id: str) -> Counting:
    """A stream that waits for what may come."""
    await socket.subscribe(id, "subscription { forever }", variables={"to": 0})
    await until(lambda: any(stream.outlet for stream in served.service.streams))
    return served.service.streams[-1]


def _behind(stream: Counting) -> Any:
    """Uvicorn's end of the socket that a stream hands on to."""
    return stream.outlet.__self__._write.__self__._short  # type: ignore[union-attr]  # noqa: SLF001
