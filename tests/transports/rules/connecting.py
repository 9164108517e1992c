"""PROTOCOL.md: Communication, ConnectionInit, ConnectionAck."""

import asyncio
from typing import Any

from tests.transports.rules.dialogue import (
    Rule,
    Step,
    alive,
    closes,
    comes_true,
    done,
    fresh,
    hear,
    next_,
    rule,
    say,
    subscribe,
    then,
)
from tests.transports.rules.words import NEVER, NO_OBJECTS, hold, let_in, untouched
from tests.transports.sockets import Socket


def _agreed(name: str | None) -> Step:
    async def check(socket: Socket) -> None:
        assert socket.connection.subprotocol == name

    return done(check)


HANDSHAKE = [
    fresh("Communication", "the subprotocol is graphql-transport-ws", _agreed("graphql-transport-ws")),
    *(
        fresh(
            "Communication",
            f"it is found among others, in place {place}",
            _agreed("graphql-transport-ws"),
            say(type="connection_init"),
            hear(type="connection_ack"),
            offers=offers,
        )
        for place, offers in enumerate(
            [("graphql-transport-ws", "graphql-ws"), ("graphql-ws", "graphql-transport-ws", "soap")]
        )
    ),
    *(
        fresh(
            "Communication",
            f"offering {offers or 'nothing'} is closed with 4406",
            _agreed(None),
            closes(4406, "Subprotocol not acceptable"),
            offers=offers,
        )
        for offers in [(), ("graphql-ws",), ("soap", "wamp"), ("GraphQL-Transport-WS",)]
    ),
]

EXTRA: dict[str, dict[str, Any]] = {
    "no payload": {},
    "a payload of null": {"payload": None},
    "an empty payload": {"payload": {}},
    "any payload": {"payload": {"any": ["thing", {"deep": None}], "1": 1.5}},
    "entries that are not specified": {"id": "1", "since": 2},
}
INIT = [
    *(
        fresh(
            "ConnectionInit",
            f"is acknowledged with {name}",
            say(type="connection_init", **extra),
            hear(type="connection_ack"),
        )
        for name, extra in EXTRA.items()
    ),
    *(
        fresh(
            "ConnectionInit",
            f"a payload of {wrong!r} is closed with 4400",
            say(type="connection_init", payload=wrong),
            closes(4400),
        )
        for wrong in NO_OBJECTS
    ),
    fresh(
        "ConnectionInit",
        "none in time is closed with 4408",
        closes(4408, "Connection initialisation timeout"),
        limits={"init_seconds": 0.05},
    ),
    *(
        fresh(
            "ConnectionInit",
            f"a {kind} before it buys no time",
            say(type=kind),
            *([hear(type="pong")] if kind == "ping" else []),
            closes(4408),
            limits={"init_seconds": 0.1},
        )
        for kind in ("ping", "pong")
    ),
    fresh(
        "ConnectionInit",
        "in time it stops the clock",
        say(type="connection_init"),
        hear(type="connection_ack"),
        then(lambda _: asyncio.sleep(0.15)),
        alive(),
        limits={"init_seconds": 0.1},
    ),
    fresh(
        "ConnectionInit",
        "in time it stops the clock even while it is being judged",
        then(hold),
        say(type="connection_init"),
        then(lambda _: asyncio.sleep(0.15)),
        then(let_in),
        hear(type="connection_ack"),
        limits={"init_seconds": 0.1},
    ),
    rule(
        "ConnectionInit",
        "a second one is closed with 4429",
        say(type="connection_init"),
        closes(4429, "Too many initialisation requests"),
    ),
    fresh(
        "ConnectionInit",
        "a second one before the first is acknowledged is closed with 4429",
        then(hold),
        say(type="connection_init"),
        say(type="connection_init"),
        closes(4429, "Too many initialisation requests"),
    ),
    rule(
        "ConnectionInit",
        "a second one is closed with 4429 while operations run, and they end",
        subscribe("1", NEVER, variables={"to": 1}),
        next_("1", count=1),
        say(type="connection_init"),
        closes(4429),
        comes_true(lambda served: served.service.closed == 1),
    ),
    rule(
        "ConnectionInit",
        "a second one with another payload is closed with 4429",
        say(type="connection_init", payload={"a": 1}),
        closes(4429),
    ),
    fresh(
        "ConnectionInit",
        "who is rejected is closed with 4403",
        say(type="connection_init"),
        closes(4403, "Forbidden"),
        service={"admits": False},
    ),
    fresh(
        "ConnectionInit",
        "a forged token is closed with 4403, and never acknowledged",
        say(type="connection_init", payload={"Authorization": "Bearer forged"}),
        closes(4403, "Forbidden"),
    ),
    fresh(
        "ConnectionInit",
        "who asks in the same breath as being rejected is not served",
        say(type="connection_init", payload={"Authorization": "Bearer forged"}),
        subscribe("1", "{ hello }"),
        closes(4401),
        then(untouched),
    ),
    fresh(
        "ConnectionInit",
        "where it cannot be judged just now it is closed with 1013, to try again",
        say(type="connection_init", payload={"Authorization": "Bearer explode"}),
        closes(1013, "Try again later"),
    ),
    *(
        fresh(
            "ConnectionInit",
            f"credentials of the wrong kind are closed with 4400: {name}",
            say(type="connection_init", payload={name: wrong}),
            closes(4400),
        )
        for name, wrong in {"Authorization": 5, "Rotunda-Acting-For": ["cap_1"]}.items()
    ),
    fresh(
        "ConnectionInit",
        "credentials of null are none",
        say(type="connection_init", payload={"Authorization": None}),
        hear(type="connection_ack"),
    ),
]

ACK = [
    fresh(
        "ConnectionAck",
        "has a type and no other entry",
        say(type="connection_init"),
        hear(type="connection_ack"),
    ),
    fresh("ConnectionAck", "comes once", say(type="connection_init"), hear(type="connection_ack"), alive()),
    fresh("ConnectionAck", "does not come by itself", alive()),
    fresh(
        "ConnectionAck",
        "waits until the request has been judged",
        then(hold),
        say(type="connection_init"),
        alive(),
        then(let_in),
        hear(type="connection_ack"),
    ),
    rule(
        "ConnectionAck", "makes ready for operations", subscribe("1", "{ hello }"), next_("1", hello="world")
    ),
]

RULES: list[Rule] = [*HANDSHAKE, *INIT, *ACK]
