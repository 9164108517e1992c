"""Real sockets for the transports' tests: uvicorn in the tests' own loop, and a client that hides nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from rotunda.graphql.endpoint import Endpoint
from rotunda.graphql.limits import Limits
from tests.transports.scripted import Scripted

PATIENCE = 5.0  # seconds; nothing here takes long unless it hangs


@dataclass
class Served:
    """An endpoint that listens, and the service behind it."""

    endpoint: Endpoint
    service: Scripted
    host: str
    path: str

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"

    @property
    def socket_url(self) -> str:
        return f"ws://{self.host}{self.path}"


class Socket:
    """A client that says exactly what a test wants said."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, **message: Any) -> None:
        await self.say_raw(orjson.dumps(message).decode())

    async def say_raw(self, frame: str | bytes) -> None:
        with suppress(ConnectionClosed):  # what was heard before tells why
            await self.connection.send(frame)

    async def subscribe(self, id: str, query: str, **payload: Any) -> None:
        await self.say(id=id, type="subscribe", payload={"query": query, **payload})

    async def hear(self) -> dict[str, Any]:
        frame = await asyncio.wait_for(self.connection.recv(), PATIENCE)
        assert isinstance(frame, str), "frames are text, never binary"
        message: dict[str, Any] = orjson.loads(frame)
        return message

    async def hear_or_close(self) -> dict[str, Any] | None:
        """Hear the next message; None once the socket is closed."""
        try:
            return await self.hear()
        except ConnectionClosed:
            return None

    async def greet(self, **payload: Any) -> None:
        await self.say(type="connection_init", payload=payload)
        assert await self.hear() == {"type": "connection_ack"}

    async def closed(self) -> tuple[int, str]:
        """Wait for the close, which must be the next thing to come."""
        with pytest.raises(ConnectionClosed):
            pytest.fail(f"heard {await self.hear()}")
        assert self.connection.close_code is not None
        return self.connection.close_code, self.connection.close_reason or ""

    async def is_alive(self) -> bool:
        """Send a ping; its pong must be the next thing to come."""
        await self.say(type="ping", payload={"still": "there"})
        return await self.hear() == {"type": "pong", "payload": {"still": "there"}}


Serve = Callable[..., Awaitable[Served]]
Dial = Callable[..., Awaitable[Socket]]


class Stage:
    """One uvicorn for the whole session, whose application each test brings: starting one takes 0.3 s."""

    def __init__(self) -> None:
        self.endpoints: dict[str, Endpoint] = {}
        config = uvicorn.Config(
            self,
            port=0,
            lifespan="off",
            http="httptools",
            ws="websockets-sansio",
            ws_max_size=65_536,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=1,
            log_level="error",
        )
        self._server = uvicorn.Server(config)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.endpoints[scope["path"].rstrip("/")](scope, receive, send)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Stage"]:
        running = asyncio.create_task(self._server.serve())
        while not self._server.started:  # noqa: ASYNC110 - uvicorn offers no event
            await asyncio.sleep(0.005)
        yield self
        self._server.should_exit = True
        await running

    @asynccontextmanager
    async def serving(self, **limits: Any) -> AsyncIterator[Served]:
        """Serve an endpoint at an address of its own."""
        path = f"/{len(self.endpoints)}/graphql"
        endpoint = self.endpoints[path] = Endpoint(
            service := Scripted(), allowed_origins=["https://friend.example"], limits=Limits(**limits)
        )
        port = self._server.servers[0].sockets[0].getsockname()[1]
        yield Served(endpoint, service, f"127.0.0.1:{port}", path)
        await endpoint.drain()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that is about to become true."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - most of these conditions have no event
            await asyncio.sleep(0.005)
