"""PROTOCOL.md: Invalid message, and how a socket ends (Communication; RFC 6455 where that rules)."""

from collections.abc import Awaitable, Callable

from tests.transports.rules.dialogue import (
    Rule,
    alive,
    closes,
    comes_true,
    complete,
    done,
    ends,
    error,
    fresh,
    hear,
    next_,
    raw,
    rule,
    say,
    subscribe,
    then,
)
from tests.transports.rules.words import NEVER, tidy
from tests.transports.sockets import Socket

LONG = "é" * 200  # 400 bytes: more than a close reason holds, and no cut may fall within a letter
INVALID = {
    "nothing": "",
    "no JSON": "nonsense",
    "null": "null",
    "a number": "5",
    "a boolean": "true",
    "a string": '"ping"',
    "a list": "[]",
    "a list of messages": '[{"type":"ping"}]',
    "no type": "{}",
    "a type of null": '{"type":null}',
    "a type of 5": '{"type":5}',
    "a type that is a list": '{"type":["ping"]}',
    "a type that is empty": '{"type":""}',
    "the old protocol's start": '{"type":"start","id":"1","payload":{"query":"{ hello }"}}',
    "the old protocol's stop": '{"type":"stop","id":"1"}',
    "the old protocol's connection_terminate": '{"type":"connection_terminate"}',
    "the server's own connection_ack": '{"type":"connection_ack"}',
    "the server's own next": '{"type":"next","id":"1","payload":{"data":null}}',
    "the server's own error": '{"type":"error","id":"1","payload":[]}',
    "a type in other letters": '{"type":"Ping"}',
    "a type with a space": '{"type":"ping "}',
    "JSON cut off": '{"type":"ping"',
    "JSON with more behind it": '{"type":"ping"}{',
    "two messages in a frame": '{"type":"ping"}{"type":"ping"}',
    "single quotes": "{'type':'ping'}",
    "a trailing comma": '{"type":"ping",}',
    "NaN": '{"type":"ping","payload":{"n":NaN}}',
    "50,000 brackets": "[" * 50_000,
    "a number of 5,000 digits": '{"type":"ping","payload":{"n":' + "9" * 5_000 + "}}",
    "a raw NUL": '{"type":"ping","payload":{"n":"\0"}}',
    "half a surrogate pair": '{"type":"ping","payload":{"n":"\\ud800"}}',
    "a byte order mark": '\ufeff{"type":"ping"}',
    "a type longer than a close reason": f'{{"type":"{LONG}"}}',
}


def _frame(first: int, *payload: bytes) -> Callable[[Socket], Awaitable[None]]:
    """A masked frame as RFC 6455, 5.2 has it, which the client's library would not send."""

    async def send(socket: Socket) -> None:
        body = b"".join(payload)
        socket.connection.transport.write(bytes([first, 0x80 | len(body), 0, 0, 0, 0]) + body)

    return send


def _fragments(*parts: str) -> Callable[[Socket], Awaitable[None]]:
    async def send(socket: Socket) -> None:
        await socket.connection.send(iter(parts))

    return send


async def _was_closed(socket: Socket) -> None:
    assert socket.connection.close_code == 1000
    assert socket.connection.protocol.close_rcvd, "by the server too"


async def _abort(socket: Socket) -> None:
    socket.connection.transport.abort()


LISTENING = (subscribe("1", NEVER, variables={"to": 1}), next_("1", count=1))

MESSAGES = [
    *(
        make("Invalid message", f"{name} is closed with 4400 {when}", raw(frame), closes(4400))
        for make, when in ((fresh, "before the init"), (rule, "after the ack"))
        for name, frame in INVALID.items()
    ),
    rule(
        "Invalid message",
        "a binary frame is closed with 4400, though it holds a message",
        raw(b'{"type":"ping"}'),
        closes(4400),
    ),
    rule(
        "Invalid message",
        "the close is immediate: what was asked before is not answered any more",
        subscribe("1", "{ slow }"),
        raw("nonsense"),
        closes(4400),
        comes_true(tidy),
    ),
    rule(
        "Invalid message",
        "the close stops what runs",
        *LISTENING,
        raw("nonsense"),
        closes(4400),
        comes_true(tidy),
    ),
    rule("Invalid message", "nothing is heard behind it", raw("nonsense"), say(type="ping"), closes(4400)),
    rule(
        "Invalid message", "an unknown id in a complete is none", say(id="unknown", type="complete"), alive()
    ),
    rule(
        "Communication",
        "a message may have white space around it (RFC 8259)",
        raw(' \n{ "type" : "ping" }\t'),
        hear(type="pong"),
    ),
    rule(
        "Communication",
        "a message in fragments is one message (RFC 6455, 5.4)",
        done(_fragments('{"type":', '"ping"', "}")),
        hear(type="pong"),
    ),
    rule(
        "Communication",
        "text that is not UTF-8 is closed with 1007 (RFC 6455, 8.1)",
        done(_frame(0x81, b'{"type":"\xff"}')),
        ends(1007),
    ),
    rule(
        "Communication",
        "a reserved bit is closed with 1002 (RFC 6455, 5.2)",
        done(_frame(0xC1, b'{"type":"ping"}')),
        ends(1002),
    ),
    rule(
        "Communication",
        "a message over 64 KiB is closed with 1009",
        say(type="ping", payload={"long": "x" * 70_000}),
        ends(1009),
    ),
    rule(
        "Communication",
        "a message just under 64 KiB is taken",
        subscribe("1", "query ($t: String!) { echo(text: $t) }", variables={"t": "x" * 60_000}),
        next_("1", echo="x" * 60_000),
    ),
]

ENDINGS = [
    rule(
        "Communication",
        "the client's 1000 ends its operations",
        *LISTENING,
        done(lambda socket: socket.connection.close(1000)),
        comes_true(tidy),
    ),
    rule(
        "Communication",
        "the client's 1000 is answered with 1000",
        done(lambda socket: socket.connection.close(1000)),
        done(_was_closed),
    ),
    rule(
        "Communication",
        "a client that vanishes ends its operations",
        *LISTENING,
        done(_abort),
        comes_true(tidy),
    ),
    rule(
        "Communication",
        "a client that leaves does not halve its mutation",
        subscribe("1", "mutation { slowAct }"),
        comes_true(lambda served: bool(served.service.operations)),
        done(lambda socket: socket.connection.close(1000)),
        comes_true(lambda served: served.endpoint.lines == 0),
        then(lambda served: served.service.go.set()),
        comes_true(lambda served: served.service.acted == 1),
    ),
    rule(
        "Communication",
        "a server that stops closes with 1012, which clients come back from",
        *LISTENING,
        then(lambda served: served.endpoint.drain()),
        closes(1012),
        comes_true(tidy),
    ),
    fresh(
        "Communication",
        "a server that stops closes those too who have not begun",
        then(lambda served: served.endpoint.drain()),
        closes(1012),
    ),
    fresh(
        "Communication",
        "a server that is full closes with 1013, to try again",
        closes(1013),
        limits={"lines": 0},
    ),
    rule(
        "Communication",
        "a right that goes is told, completed and closed with 4403",
        subscribe("1", "subscription { ended }", variables={"to": 0}),
        next_("1", ended={"reason": "DELEGATION_REVOKED"}),
        complete("1"),
        closes(4403, "DELEGATION_REVOKED"),
    ),
    rule(
        "Communication",
        "a right that goes ends every other operation of the socket",
        *LISTENING,
        subscribe("2", "subscription { ended }", variables={"to": 0}),
        next_("2", ended={"reason": "DELEGATION_REVOKED"}),
        complete("2"),
        closes(4403),
        comes_true(tidy),
    ),
    fresh(
        "Communication",
        "a token that dies after the ack is told and closed with 4403, never 4401",
        say(type="connection_init", payload={"Authorization": "Bearer good"}),
        hear(type="connection_ack"),
        then(lambda served: setattr(served.service, "tokens", ())),
        subscribe("1", "{ hello }"),
        error("1"),
        closes(4403, "UNAUTHENTICATED"),
    ),
    rule(
        "Communication",
        "what breaks on our side never closes with 1011",
        subscribe("1", "{ die }"),
        error("1"),
        subscribe("2", "subscription { broken }", variables={"to": 0}),
        error("2"),
        alive(),
    ),
]

RULES: list[Rule] = [*MESSAGES, *ENDINGS]
