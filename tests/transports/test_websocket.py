"""graphql-transport-ws, rule by rule, in raw frames (PROTOCOL.md of npm graphql-ws)."""

import asyncio
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from tests.transports.sockets import Dial, Serve, Served, Socket, until

WRONG_OBJECTS: list[Any] = [5, "a", [], True]
WRONG_STRINGS: list[Any] = [5, [], {}, False]
LONG = "é" * 200  # 400 bytes: more than a close reason holds, and no cut may fall within a letter


# Handshake


async def test_the_subprotocol_is_negotiated(socket: Socket) -> None:
    assert socket.connection.subprotocol == "graphql-transport-ws"


async def test_the_subprotocol_is_found_among_others(served: Served, dial: Dial) -> None:
    socket = await dial(served, subprotocols=("graphql-ws", "graphql-transport-ws"))

    assert socket.connection.subprotocol == "graphql-transport-ws"


@pytest.mark.parametrize("offered", [(), ("graphql-ws",), ("GraphQL-Transport-WS",)])
async def test_another_subprotocol_is_closed_with_4406(
    served: Served, dial: Dial, offered: tuple[str, ...]
) -> None:
    socket = await dial(served, subprotocols=offered)

    code, reason = await socket.closed()
    assert (code, reason[:27]) == (4406, "Subprotocol not acceptable:")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://friend.example.evil.example"])
async def test_a_page_of_another_origin_gets_no_socket(served: Served, dial: Dial, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        await dial(served, origin=origin)

    assert refusal.value.response.status_code == 403


async def test_pages_of_ours_and_of_friends_get_a_socket(served: Served, dial: Dial) -> None:
    for origin in (served.origin, "https://friend.example"):
        await (await dial(served, origin=origin)).greet()


# connection_init


@pytest.mark.parametrize("extra", [{}, {"payload": None}, {"payload": {}}, {"payload": {"any": ["thing"]}}])
async def test_connection_init_is_acknowledged(socket: Socket, extra: dict[str, Any]) -> None:
    await socket.say(type="connection_init", **extra)

    assert await socket.hear() == {"type": "connection_ack"}


@pytest.mark.parametrize("payload", [5, "text", [], True])
async def test_an_init_payload_that_is_no_object_is_closed_with_4400(socket: Socket, payload: Any) -> None:
    await socket.say(type="connection_init", payload=payload)

    assert (await socket.closed())[0] == 4400


async def test_no_init_in_time_is_closed_with_4408(serve: Serve, dial: Dial) -> None:
    socket = await dial(await serve(init_seconds=0.1))

    assert await socket.closed() == (4408, "Connection initialisation timeout")


async def test_messages_before_init_buy_no_time(serve: Serve, dial: Dial) -> None:
    socket = await dial(await serve(init_seconds=0.2))

    await socket.is_alive()
    assert (await socket.closed())[0] == 4408


async def test_an_init_in_time_stops_the_clock(serve: Serve, dial: Dial) -> None:
    socket = await dial(await serve(init_seconds=0.1))
    await socket.greet()

    await asyncio.sleep(0.2)

    assert await socket.is_alive()


async def test_a_second_init_is_closed_with_4429(greeted: Socket) -> None:
    await greeted.say(type="connection_init")

    assert await greeted.closed() == (4429, "Too many initialisation requests")


async def test_a_second_init_before_the_ack_is_closed_with_4429(served: Served, socket: Socket) -> None:
    served.service.admission.clear()

    await socket.say(type="connection_init")
    await socket.say(type="connection_init")

    assert (await socket.closed())[0] == 4429


async def test_who_is_refused_is_closed_with_4403(served: Served, socket: Socket) -> None:
    served.service.admits = False

    await socket.say(type="connection_init")

    assert await socket.closed() == (4403, "Forbidden")


async def test_a_database_that_is_away_is_told_as_try_again(socket: Socket) -> None:
    await socket.say(type="connection_init", payload={"Authorization": "Bearer explode"})

    assert await socket.closed() == (1013, "Try again later")


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


@pytest.mark.parametrize("payload", [{"Authorization": 5}, {"Rotunda-Acting-For": ["cap_1"]}])
async def test_credentials_that_are_no_strings_are_closed_with_4400(
    socket: Socket, payload: dict[str, Any]
) -> None:
    await socket.say(type="connection_init", payload=payload)

    assert (await socket.closed())[0] == 4400


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


# Ping and pong


@pytest.mark.parametrize("extra", [{}, {"payload": {"sent": [1, "ü"]}}, {"payload": {}}])
async def test_a_ping_is_answered_with_its_payload(greeted: Socket, extra: dict[str, Any]) -> None:
    await greeted.say(type="ping", **extra)

    assert await greeted.hear() == {"type": "pong", **extra}


async def test_a_ping_with_a_null_payload_is_legal(greeted: Socket) -> None:
    await greeted.say(type="ping", payload=None)

    assert await greeted.hear() == {"type": "pong"}


async def test_a_ping_is_answered_before_the_init(socket: Socket) -> None:
    assert await socket.is_alive()


async def test_an_unsolicited_pong_is_taken(greeted: Socket) -> None:
    for extra in ({}, {"payload": None}, {"payload": {"beat": 1}}):
        await greeted.say(type="pong", **extra)

    assert await greeted.is_alive()


@pytest.mark.parametrize("type", ["ping", "pong"])
@pytest.mark.parametrize("payload", [1, "text", []])
async def test_a_ping_payload_that_is_no_object_is_closed_with_4400(
    greeted: Socket, type: str, payload: Any
) -> None:
    await greeted.say(type=type, payload=payload)

    assert (await greeted.closed())[0] == 4400


# Invalid messages


@pytest.mark.parametrize(
    "frame",
    [
        *("", "nonsense", "null", "5", "true", '"ping"', "[]", '[{"type":"ping"}]', "{}"),
        *('{"type":null}', '{"type":5}', '{"type":["ping"]}', '{"type":""}', '{"type":"start"}'),
        *('{"type":"next","id":"1"}', '{"type":"error","id":"1"}', '{"type":"connection_ack"}'),
        *('{"type":"Ping"}', '{"type":"ping"', '{"type":"ping"}{', '{"type":"ping","payload":NaN}'),
        *(
            "[" * 50_000,
            '{"type":"ping","payload":{"n":' + "9" * 5_000 + "}}",
            '{"type":"ping","payload":"\0"}',
        ),
        *('{"type":"ping","payload":{"lone":"\\ud800"}}', f'{{"type":"{LONG}"}}', "{'type':'ping'}"),
    ],
)
@pytest.mark.parametrize("already", [False, True], ids=["before-init", "after-ack"])
async def test_an_invalid_message_is_closed_with_4400(socket: Socket, frame: str, *, already: bool) -> None:
    if already:
        await socket.greet()

    await socket.say_raw(frame)

    code, reason = await socket.closed()
    assert code == 4400
    assert 0 < len(reason.encode()) <= 123


async def test_a_binary_frame_is_closed_with_4400(greeted: Socket) -> None:
    await greeted.say_raw(b'{"type":"ping"}')

    assert (await greeted.closed())[0] == 4400


async def test_a_frame_over_64_kib_is_closed_with_1009(greeted: Socket) -> None:
    await greeted.say(type="ping", payload={"long": "x" * 70_000})

    assert (await greeted.closed())[0] == 1009


async def test_a_message_in_fragments_is_one_message(greeted: Socket) -> None:
    await greeted.connection.send(iter(['{"type":', '"ping"', "}"]))

    assert await greeted.hear() == {"type": "pong"}


# subscribe


@pytest.mark.parametrize("init", [False, True], ids=["before-init", "before-ack"])
async def test_a_subscribe_before_the_ack_is_closed_with_4401(
    served: Served, socket: Socket, *, init: bool
) -> None:
    served.service.admission.clear()
    if init:
        await socket.say(type="connection_init")

    await socket.subscribe("1", "{ hello }")

    assert await socket.closed() == (4401, "Unauthorized")
    assert not served.service.operations


@pytest.mark.parametrize("id", [None, 5, "", [], {"a": 1}])
@pytest.mark.parametrize("type", ["subscribe", "complete"])
async def test_an_id_that_is_no_string_is_closed_with_4400(greeted: Socket, type: str, id: Any) -> None:
    await greeted.say(type=type, id=id, payload={"query": "{ hello }"})

    assert (await greeted.closed())[0] == 4400


@pytest.mark.parametrize("type", ["subscribe", "complete"])
async def test_no_id_is_closed_with_4400(greeted: Socket, type: str) -> None:
    await greeted.say(type=type, payload={"query": "{ hello }"})

    assert (await greeted.closed())[0] == 4400


@pytest.mark.parametrize(
    "payload",
    [
        *(None, 5, "{ hello }", [], {}, {"query": None}, {"query": 5}, {"query": {"a": 1}}),
        *({"query": "{ hello }", "variables": wrong} for wrong in WRONG_OBJECTS),
        *({"query": "{ hello }", "extensions": wrong} for wrong in WRONG_OBJECTS),
        *({"query": "{ hello }", "operationName": wrong} for wrong in WRONG_STRINGS),
    ],
)
async def test_a_payload_of_the_wrong_form_is_closed_with_4400(greeted: Socket, payload: Any) -> None:
    await greeted.say(type="subscribe", id="1", payload=payload)

    assert (await greeted.closed())[0] == 4400


async def test_no_payload_is_closed_with_4400(greeted: Socket) -> None:
    await greeted.say(type="subscribe", id="1")

    assert (await greeted.closed())[0] == 4400


async def test_nulls_and_extensions_are_legal(greeted: Socket) -> None:
    await greeted.subscribe("1", "{ hello }", variables=None, operationName=None, extensions=None)
    assert (await greeted.hear())["type"] == "next"
    assert (await greeted.hear())["type"] == "complete"

    await greeted.subscribe("1", "{ hello }", variables={}, extensions={"any": "thing"})
    assert (await greeted.hear())["type"] == "next"


async def test_a_query_is_one_next_and_complete(greeted: Socket) -> None:
    await greeted.subscribe("q", "query ($t: String!) { echo(text: $t) }", variables={"t": "Grüße, 市長"})

    assert await greeted.hear() == {"id": "q", "type": "next", "payload": {"data": {"echo": "Grüße, 市長"}}}
    assert await greeted.hear() == {"id": "q", "type": "complete"}


async def test_a_mutation_is_one_next_and_complete(served: Served, greeted: Socket) -> None:
    await greeted.subscribe("m", "mutation { act }")

    assert await greeted.hear() == {"id": "m", "type": "next", "payload": {"data": {"act": "acted"}}}
    assert await greeted.hear() == {"id": "m", "type": "complete"}
    assert served.service.acted == 1


async def test_the_named_operation_is_run(greeted: Socket) -> None:
    await greeted.subscribe("1", "query A { hello } query B { whoAmI }", operationName="A")

    assert (await greeted.hear())["payload"] == {"data": {"hello": "world"}}


async def test_a_field_error_is_part_of_next(greeted: Socket) -> None:
    await greeted.subscribe("1", "{ hello broken }")

    payload = (await greeted.hear())["payload"]
    assert payload["data"] == {"hello": "world", "broken": None}
    assert payload["errors"][0]["message"] == "This field is broken."
    assert (await greeted.hear())["type"] == "complete"


async def test_a_subscription_is_many_next_and_complete(served: Served, greeted: Socket) -> None:
    await greeted.subscribe("s", "subscription ($to: Int!) { count(to: $to) }", variables={"to": 3})

    for number in (1, 2, 3):
        assert await greeted.hear() == {"id": "s", "type": "next", "payload": {"data": {"count": number}}}
    assert await greeted.hear() == {"id": "s", "type": "complete"}
    await until(lambda: served.service.closed == 1)


@pytest.mark.parametrize(
    ("query", "extra"),
    [
        ("{", {}),
        ("", {}),
        ("{ nothing }", {}),
        ("query A { hello } query B { hello }", {}),
        ("query A { hello }", {"operationName": "C"}),
        ("query ($t: String!) { echo(text: $t) }", {"variables": {"t": 5}}),
        ("query ($t: String!) { echo(text: $t) }", {}),
        ("subscription { nothing }", {}),
        ("subscription { refused }", {}),
    ],
)
async def test_a_request_error_ends_the_operation_not_the_socket(
    greeted: Socket, query: str, extra: dict[str, Any]
) -> None:
    await greeted.subscribe("1", query, **extra)

    error = await greeted.hear()
    assert (error["id"], error["type"]) == ("1", "error")
    assert set(error) == {"id", "type", "payload"}
    assert all(isinstance(one["message"], str) for one in error["payload"])
    assert error["payload"]
    assert await greeted.is_alive(), "no `complete` follows an `error`"


async def test_a_nul_ends_the_operation_not_the_socket(served: Served, greeted: Socket) -> None:
    await greeted.subscribe("1", "query ($t: String!) { echo(text: $t) }", variables={"t": "a\0b"})

    error = await greeted.hear()
    assert error["payload"][0]["extensions"] == {"code": "BAD_CHARACTER"}
    assert await greeted.is_alive()
    assert not served.service.operations


async def test_a_bug_is_masked_and_ends_only_its_operation(greeted: Socket) -> None:
    await greeted.subscribe("1", "{ die }")
    error = await greeted.hear()
    assert error["payload"][0]["extensions"] == {"code": "INTERNAL"}
    assert "secret" not in str(error)

    await greeted.subscribe("2", "subscription { broken }")
    assert [(await greeted.hear())["type"] for _ in range(4)] == ["next", "next", "next", "error"]
    assert await greeted.is_alive()


async def test_operations_are_interleaved_under_their_ids(served: Served, greeted: Socket) -> None:
    await greeted.subscribe("slow", "{ slow }")
    await greeted.subscribe("quick", "{ hello }")
    assert [(await greeted.hear())["id"] for _ in range(2)] == ["quick", "quick"]

    served.service.go.set()

    assert [(await greeted.hear())["id"] for _ in range(2)] == ["slow", "slow"]


@pytest.mark.parametrize("id", ['"}, "', "\u2028\n\t\\", "1" * 3_000, "🏛", " "])
async def test_any_string_is_an_id(greeted: Socket, id: str) -> None:
    await greeted.subscribe(id, "{ hello }")

    assert (await greeted.hear())["id"] == id


# Ids


@pytest.mark.parametrize("query", ["subscription { forever }", "{ slow }", "mutation { slowAct }"])
async def test_an_id_in_use_is_closed_with_4409(greeted: Socket, query: str) -> None:
    await greeted.subscribe("twice", query, variables={"to": 0})
    await greeted.subscribe("twice", "{ hello }")
    await asyncio.sleep(0)

    assert await greeted.closed() == (4409, "Subscriber for twice already exists")


async def test_a_long_id_in_use_is_closed_with_a_short_reason(greeted: Socket) -> None:
    await greeted.subscribe(LONG, "{ slow }")
    await greeted.subscribe(LONG, "{ slow }")

    code, reason = await greeted.closed()
    assert code == 4409
    assert reason.startswith("Subscriber for ééé")


@pytest.mark.parametrize(
    "query", ["{ hello }", "{ nothing }", "mutation { act }", "subscription { count(to: 0) }"]
)
async def test_an_id_is_free_once_its_last_message_is_read(
    served: Served, greeted: Socket, query: str
) -> None:
    served.service.closing_takes = 0.2  # the server may still be tidying: no business of the client's
    for _ in range(3):
        await greeted.subscribe("again", query, variables={"to": 0})
        while (await greeted.hear())["type"] == "next":
            pass


async def test_an_id_is_free_once_the_client_completes(served: Served, greeted: Socket) -> None:
    served.service.closing_takes = 0.2
    for _ in range(3):
        await greeted.subscribe("again", "subscription { forever }", variables={"to": 1})
        assert (await greeted.hear())["payload"] == {"data": {"count": 1}}
        await greeted.say(id="again", type="complete")

    assert await greeted.is_alive()


async def test_an_id_belongs_to_its_socket(served: Served, dial: Dial) -> None:
    for _ in range(2):
        socket = await dial(served)
        await socket.greet()
        await socket.subscribe("1", "subscription { forever }", variables={"to": 1})
        assert (await socket.hear())["type"] == "next"


# complete


async def test_complete_stops_a_subscription(served: Served, greeted: Socket) -> None:
    await greeted.subscribe("1", "subscription { forever }", variables={"to": 1})
    await greeted.hear()

    await greeted.say(id="1", type="complete")

    await until(lambda: served.service.closed == 1)
    assert await greeted.is_alive(), "no `complete` echoes the client's"


async def test_complete_silences_a_query(served: Served, greeted: Socket) -> None:
    await greeted.subscribe("1", "{ slow }")
    await until(lambda: bool(served.service.operations))

    await greeted.say(id="1", type="complete")
    await until(lambda: served.service.cancelled == 1)
    served.service.go.set()

    assert await greeted.is_alive()


async def test_complete_silences_a_mutation_but_does_not_halve_it(served: Served, greeted: Socket) -> None:
    await greeted.subscribe("1", "mutation { slowAct }")
    await until(lambda: bool(served.service.operations))

    await greeted.say(id="1", type="complete")
    await greeted.is_alive()
    served.service.go.set()

    await until(lambda: served.service.acted == 1)
    assert await greeted.is_alive()


async def test_complete_of_an_unknown_id_is_ignored(greeted: Socket) -> None:
    await greeted.say(id="never seen", type="complete")

    assert await greeted.is_alive()


async def test_complete_after_complete_is_ignored(greeted: Socket) -> None:
    await greeted.subscribe("1", "{ hello }")
    await greeted.hear()
    await greeted.hear()

    await greeted.say(id="1", type="complete")

    assert await greeted.is_alive()


# Endings


async def test_a_client_that_leaves_closes_its_streams(served: Served, greeted: Socket) -> None:
    for one in ("1", "2"):
        await greeted.subscribe(one, "subscription { forever }", variables={"to": 1})
        await greeted.hear()

    await greeted.connection.close(1000)

    await until(lambda: served.service.closed == 2)
    await until(lambda: served.endpoint.lines == 0)


async def test_a_client_that_vanishes_closes_its_streams(served: Served, greeted: Socket) -> None:
    await greeted.subscribe("1", "subscription { forever }", variables={"to": 1})
    await greeted.hear()

    greeted.connection.transport.abort()

    await until(lambda: served.service.closed == 1)
    await until(lambda: served.endpoint.lines == 0)


async def test_a_client_that_leaves_does_not_halve_its_mutation(served: Served, greeted: Socket) -> None:
    await greeted.subscribe("1", "mutation { slowAct }")
    await until(lambda: bool(served.service.operations))

    await greeted.connection.close(1000)
    await until(lambda: served.endpoint.lines == 0)
    served.service.go.set()

    await until(lambda: served.service.acted == 1)


async def test_streams_are_closed_once_even_when_everything_ends_at_once(
    served: Served, greeted: Socket
) -> None:
    served.service.closing_takes = 0.1
    await greeted.subscribe("1", "subscription { forever }", variables={"to": 1})
    await greeted.hear()

    await greeted.say(id="1", type="complete")
    await greeted.connection.close(1000)

    await until(lambda: served.service.closed == 1)


async def test_a_revoked_grant_says_why_completes_and_closes_with_4403(greeted: Socket) -> None:
    await greeted.subscribe("1", "subscription { ended }", variables={"to": 0})

    assert (await greeted.hear())["payload"] == {"data": {"ended": {"reason": "DELEGATION_REVOKED"}}}
    assert await greeted.hear() == {"id": "1", "type": "complete"}
    assert await greeted.closed() == (4403, "DELEGATION_REVOKED")


async def test_every_stream_of_a_revoked_grant_says_its_last_words(greeted: Socket) -> None:
    for one in ("1", "2", "3"):
        await greeted.subscribe(one, "subscription { ended }", variables={"to": 2})

    heard = [await greeted.hear() for _ in range(12)]

    assert sorted(message["id"] for message in heard if message["type"] == "complete") == ["1", "2", "3"]
    assert (await greeted.closed())[0] == 4403


async def test_a_token_that_dies_is_told_then_closed_with_4403(served: Served, socket: Socket) -> None:
    await socket.greet(Authorization="Bearer good")
    served.service.tokens = ()

    await socket.subscribe("1", "{ hello }")

    assert (await socket.hear())["type"] == "error"
    assert await socket.closed() == (4403, "UNAUTHENTICATED")


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


async def test_one_operation_too_many_is_an_error_and_the_rest_go_on(greeted: Socket) -> None:
    for number in range(10):
        await greeted.subscribe(str(number), "subscription { forever }", variables={"to": 1})
        await greeted.hear()

    await greeted.subscribe("one more", "{ hello }")

    error = await greeted.hear()
    assert (error["id"], error["type"]) == ("one more", "error")
    assert error["payload"][0]["extensions"] == {"code": "TOO_MANY_OPERATIONS"}
    assert await greeted.is_alive()


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
