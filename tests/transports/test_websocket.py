"""Sockets beyond the protocol, whose rules are in test_websocket_rules.py: who knocks, who is slow, who leaves."""

import asyncio

import pytest
from websockets.exceptions import InvalidStatus

from tests.transports.sockets import Dial, Serve, Served, Socket, until

# Handshake


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://friend.example.evil.example"])
async def test_a_page_of_another_origin_gets_no_socket(served: Served, dial: Dial, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        await dial(served, origin=origin)

    assert refusal.value.response.status_code == 403


async def test_pages_of_ours_and_of_friends_get_a_socket(served: Served, dial: Dial) -> None:
    for origin in (served.origin, "https://friend.example"):
        await (await dial(served, origin=origin)).greet()


# connection_init


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
async def test_the_init_payload_says_who_knocks_and_for_whom(
    served: Served, socket: Socket, name: str, scheme: str
) -> None:
    await socket.greet(**{name: f"{scheme} good", "Rotunda-Acting-For": "cap_1"})

    await socket.subscribe("1", "{ whoAmI }")

    assert (await socket.hear())["payload"] == {"data": {"whoAmI": "good as cap_1"}}
    assert served.service.callers[0].token == "good"


async def test_what_admit_pins_is_used_for_every_operation(socket: Socket) -> None:
    await socket.greet(Authorization="Bearer good")

    await socket.subscribe("1", "{ whoAmI }")

    assert (await socket.hear())["payload"] == {"data": {"whoAmI": "good as cap_default"}}


async def test_a_scheme_that_is_not_bearer_is_refused_not_ignored(socket: Socket) -> None:
    await socket.say(type="connection_init", payload={"Authorization": "Basic good"})

    assert (await socket.closed())[0] == 4403


async def test_the_handshakes_credentials_are_the_fallback(served: Served, dial: Dial) -> None:
    socket = await dial(served, authorization="Bearer good", rotunda_acting_for="cap_2")
    await socket.greet()

    await socket.subscribe("1", "{ whoAmI }")

    assert (await socket.hear())["payload"] == {"data": {"whoAmI": "good as cap_2"}}


async def test_a_session_cookie_counts_for_our_own_pages(served: Served, dial: Dial) -> None:
    own = served.origin
    socket = await dial(served, cookie="theme=dark; rotunda_session=good", origin=own)
    await socket.greet()

    assert served.service.callers[0].token == "good"


async def test_a_session_cookie_without_an_origin_counts_for_nothing(served: Served, dial: Dial) -> None:
    socket = await dial(served, cookie="rotunda_session=good")
    await socket.greet()

    assert served.service.callers[0].token is None


# Ids


async def test_an_id_belongs_to_its_socket(served: Served, dial: Dial) -> None:
    for _ in range(2):
        socket = await dial(served)
        await socket.greet()
        await socket.subscribe("1", "subscription { forever }", variables={"to": 1})
        assert (await socket.hear())["type"] == "next"


# Endings


async def test_a_client_that_leaves_closes_its_streams(served: Served, greeted: Socket) -> None:
    for one in ("1", "2"):
        await greeted.subscribe(one, "subscription { forever }", variables={"to": 1})
        await greeted.hear()

    await greeted.connection.close(1000)

    await until(lambda: served.service.closed == 2)
    await until(lambda: served.endpoint.lines == 0)


async def test_streams_are_closed_once_even_when_everything_ends_at_once(
    served: Served, greeted: Socket
) -> None:
    served.service.closing_takes = 0.1
    await greeted.subscribe("1", "subscription { forever }", variables={"to": 1})
    await greeted.hear()

    await greeted.say(id="1", type="complete")
    await greeted.connection.close(1000)

    await until(lambda: served.service.closed == 1)


async def test_every_stream_of_a_revoked_grant_says_its_last_words(greeted: Socket) -> None:
    for one in ("1", "2", "3"):
        await greeted.subscribe(one, "subscription { ended }", variables={"to": 2})

    heard = [await greeted.hear() for _ in range(12)]

    assert sorted(message["id"] for message in heard if message["type"] == "complete") == ["1", "2", "3"]
    assert (await greeted.closed())[0] == 4403


async def test_draining_closes_every_socket_with_1012(served: Served, dial: Dial) -> None:
    sockets = [await dial(served) for _ in range(5)]
    for socket in sockets[1:]:
        await socket.greet()
    await sockets[4].subscribe("1", "subscription { forever }", variables={"to": 1})
    await sockets[4].hear()

    await served.endpoint.drain()

    assert [(await socket.closed())[0] for socket in sockets] == [1012] * 5
    assert served.service.closed == 1
    assert (await (await dial(served)).closed())[0] == 1012, "and takes no new ones"


# Limits


async def test_completing_one_makes_room_at_once(served: Served, greeted: Socket) -> None:
    served.service.closing_takes = 0.2
    for number in range(10):
        await greeted.subscribe(str(number), "subscription { forever }", variables={"to": 1})
        await greeted.hear()

    await greeted.say(id="0", type="complete")
    await greeted.subscribe("10", "{ hello }")

    assert (await greeted.hear())["type"] == "next"


async def test_subscribe_and_complete_in_a_loop_do_not_pile_up(served: Served, greeted: Socket) -> None:
    for _ in range(200):
        await greeted.subscribe("1", "mutation { slowAct }")
        await greeted.say(id="1", type="complete")
    await greeted.say(type="ping")
    while (await greeted.hear())["type"] == "error":
        pass

    assert len(served.service.operations) <= 20


async def test_a_client_that_reads_nothing_stops_its_stream_and_is_dropped(serve: Serve, dial: Dial) -> None:
    served = await serve(send_seconds=1, farewell_seconds=0.2)
    socket = await dial(served)
    await socket.greet()
    socket.connection.transport.pause_reading()

    await socket.subscribe("1", "subscription { flood }", variables={"to": 0})
    await asyncio.sleep(0.5)
    soon = served.service.flooded
    await asyncio.sleep(0.3)

    assert served.service.flooded == soon, "the stream waits for the client"
    await until(lambda: served.service.closed == 1)
    await until(lambda: served.endpoint.lines == 0)
    socket.connection.transport.resume_reading()
    while await socket.hear_or_close() is not None:
        pass
    assert socket.connection.close_code == 1006, "dropped: there was no room for a goodbye"


async def test_a_slow_client_that_wakes_up_in_time_reads_1013(serve: Serve, dial: Dial) -> None:
    served = await serve(send_seconds=0.5, farewell_seconds=3)
    socket = await dial(served)
    await socket.greet()
    socket.connection.transport.pause_reading()
    await socket.subscribe("1", "subscription { flood }", variables={"to": 0})

    await asyncio.sleep(1)
    socket.connection.transport.resume_reading()

    while (message := await socket.hear_or_close()) is not None:
        assert message["type"] == "next"
    assert socket.connection.close_code == 1013


async def test_a_slow_client_is_not_cut_off_while_it_reads(serve: Serve, dial: Dial) -> None:
    served = await serve(send_seconds=0.3)
    socket = await dial(served)
    await socket.greet()
    await socket.subscribe("1", "subscription { flood }", variables={"to": 0})

    for _ in range(100):
        await asyncio.sleep(0.01)
        assert (await socket.hear())["type"] == "next"
