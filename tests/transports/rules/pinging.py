"""PROTOCOL.md: Ping, Pong."""

import asyncio
from typing import Any

from tests.transports.rules.dialogue import (
    Rule,
    alive,
    closes,
    done,
    fresh,
    hear,
    rule,
    say,
    subscribe,
    then,
)
from tests.transports.rules.words import NEVER, NO_OBJECTS, hold, let_in
from tests.transports.sockets import Socket


async def _rfc_ping(socket: Socket) -> None:
    async with asyncio.timeout(5):
        await (await socket.connection.ping(b"there?"))


PAYLOADS: dict[str, dict[str, Any]] = {
    "without payload": {},
    "with a payload of null": {"payload": None},
    "with an empty payload": {"payload": {}},
    "with its payload": {"payload": {"sent": [1, "ü", None], "at": 1.5}},
}

PING = [
    *(
        make(
            "Ping",
            f"is answered by a pong {when}, {name}",
            say(type="ping", **extra),
            hear(type="pong", **({} if extra == {"payload": None} else extra)),
        )
        for make, when in ((fresh, "before the init"), (rule, "after the ack"))
        for name, extra in PAYLOADS.items()
    ),
    fresh(
        "Ping",
        "is answered between the init and the ack",
        then(hold),
        say(type="connection_init"),
        alive(),
        then(let_in),
        hear(type="connection_ack"),
    ),
    rule(
        "Ping", "is answered while a subscription runs", subscribe("1", NEVER, variables={"to": 0}), alive()
    ),
    rule("Ping", "is answered while a query runs", subscribe("1", "{ slow }"), alive()),
    rule("Ping", "is answered while a mutation runs", subscribe("1", "mutation { slowAct }"), alive()),
    rule(
        "Ping",
        "each is answered, in order",
        *(say(type="ping", payload={"n": n}) for n in range(5)),
        *(hear(type="pong", payload={"n": n}) for n in range(5)),
    ),
    rule(
        "Ping",
        "entries that are not specified are tolerated",
        say(type="ping", id="1", since=5),
        hear(type="pong"),
    ),
    rule("Ping", "that of WebSocket itself is answered too (RFC 6455, 5.5.2)", done(_rfc_ping), alive()),
    *(
        rule(
            "Ping",
            f"a payload of {wrong!r} is closed with 4400",
            say(type="ping", payload=wrong),
            closes(4400),
        )
        for wrong in NO_OBJECTS
    ),
]

PONG = [
    *(
        make(
            "Pong",
            f"unsolicited is taken {when}, {name}, and not answered",
            say(type="pong", **extra),
            alive(),
        )
        for make, when in ((fresh, "before the init"), (rule, "after the ack"))
        for name, extra in PAYLOADS.items()
    ),
    rule("Pong", "entries that are not specified are tolerated", say(type="pong", id="1", since=5), alive()),
    *(
        rule(
            "Pong",
            f"a payload of {wrong!r} is closed with 4400",
            say(type="pong", payload=wrong),
            closes(4400),
        )
        for wrong in NO_OBJECTS
    ),
]

RULES: list[Rule] = [*PING, *PONG]
