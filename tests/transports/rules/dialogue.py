"""A rule of graphql-transport-ws as a dialogue: what the client says, and what it must hear, frame by frame."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import ANY

from tests.transports.sockets import Served, Socket, until

Step = Callable[[Served, Socket], Awaitable[None]]


@dataclass(frozen=True)
class Rule:
    """What PROTOCOL.md (npm graphql-ws) or RFC 6455 says in `section`, as a dialogue that shows it."""

    section: str
    claim: str
    steps: tuple[Step, ...]
    greeted: bool = True
    offers: tuple[str, ...] = ("graphql-transport-ws",)
    limits: Mapping[str, Any] = field(default_factory=dict)
    service: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.section}: {self.claim}"


def rule(section: str, claim: str, *steps: Step, **more: Any) -> Rule:
    return Rule(section, claim, steps, **more)


def fresh(section: str, claim: str, *steps: Step, **more: Any) -> Rule:
    """A rule for a socket that has not said `connection_init` yet."""
    return Rule(section, claim, steps, greeted=False, **more)


def say(**message: Any) -> Step:
    async def step(_: Served, socket: Socket) -> None:
        await socket.say(**message)

    return step


def raw(frame: str | bytes) -> Step:
    """Say something as it is: text, or a binary frame."""

    async def step(_: Served, socket: Socket) -> None:
        await socket.say_raw(frame)

    return step


def subscribe(id: Any, query: Any, **payload: Any) -> Step:
    return say(id=id, type="subscribe", payload={"query": query, **payload})


def hear(**message: Any) -> Step:
    """The next message is exactly this: no entry less, none more."""

    async def step(_: Served, socket: Socket) -> None:
        assert await socket.hear() == message

    return step


def next_(id: str, **data: Any) -> Step:
    return hear(id=id, type="next", payload={"data": data})


def complete(id: str) -> Step:
    return hear(id=id, type="complete")


def error(id: str, code: str | None = None) -> Step:
    """The next message is an `error`: a list of errors, each with a message that is text, and no other entry."""

    async def step(_: Served, socket: Socket) -> None:
        heard = await socket.hear()
        assert heard == {"id": id, "type": "error", "payload": ANY}
        assert isinstance(heard["payload"], list)
        assert heard["payload"]
        assert all(isinstance(one["message"], str) and one["message"] for one in heard["payload"])
        assert code in {None, *(one.get("extensions", {}).get("code") for one in heard["payload"])}

    return step


def alive() -> Step:
    """Nothing else comes, and the socket is open: the next thing heard is the pong to a ping."""

    async def step(_: Served, socket: Socket) -> None:
        assert await socket.is_alive()

    return step


def closes(code: int, reason: str = "") -> Step:
    """The next thing is the close, with this code; its reason begins so, and fits a close frame."""

    async def step(_: Served, socket: Socket) -> None:
        heard, why = await socket.closed()
        assert heard == code
        assert why.startswith(reason)
        assert 0 < len(why.encode()) <= 123

    return step


def ends(code: int) -> Step:
    """The next thing is the close, with this code, whatever it says; the WebSocket layer says nothing."""

    async def step(_: Served, socket: Socket) -> None:
        assert (await socket.closed())[0] == code

    return step


def then(what: Callable[[Served], Any]) -> Step:
    """Something happens behind the server's door."""

    async def step(served: Served, _: Socket) -> None:
        done = what(served)
        if isinstance(done, Awaitable):
            await done

    return step


def comes_true(what: Callable[[Served], bool]) -> Step:
    async def step(served: Served, _: Socket) -> None:
        await until(lambda: what(served))

    return step


def done(what: Callable[[Socket], Awaitable[Any]]) -> Step:
    """The client does something that is no message."""

    async def step(_: Served, socket: Socket) -> None:
        await what(socket)

    return step
