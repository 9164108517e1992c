"""Fixtures of the transports' tests: an endpoint that listens, and clients to it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.living import shared_home, street
from tests.transports import node
from tests.transports.sockets import PATIENCE, Dial, Serve, Served, Socket, Stage

__all__ = ["shared_home", "street"]


@pytest.fixture(scope="session")
async def npm() -> None:
    """The packages of tests/transports/clients, installed."""
    await node.installed()


@pytest.fixture(scope="session")
async def stage() -> AsyncIterator[Stage]:
    """The uvicorn that everything here is served by."""
    async with Stage().open() as stage:
        yield stage


@pytest.fixture
async def serve(stage: Stage) -> AsyncIterator[Serve]:
    """Serve an endpoint with limits of the test's own."""
    async with AsyncExitStack() as stack:

        async def start(**limits: Any) -> Served:
            return await stack.enter_async_context(stage.serving(**limits))

        yield start


@pytest.fixture
async def served(serve: Serve) -> Served:
    """An endpoint with the limits it has by default."""
    return await serve()


@pytest.fixture
async def http(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client that sends nothing of its own accord that matters here."""
    async with httpx.AsyncClient(base_url=served.url, timeout=PATIENCE) as client:
        del client.headers["accept"], client.headers["accept-encoding"]
        yield client


@pytest.fixture
async def dial() -> AsyncIterator[Dial]:
    """Open a socket to a served endpoint."""
    async with AsyncExitStack() as stack:

        async def open_socket(
            served: Served, *, subprotocols: tuple[str, ...] = ("graphql-transport-ws",), **headers: str
        ) -> Socket:
            connection = await stack.enter_async_context(
                connect(
                    served.socket_url,
                    subprotocols=[Subprotocol(name) for name in subprotocols] or None,
                    additional_headers={name.replace("_", "-"): text for name, text in headers.items()},
                    compression=None,
                    close_timeout=0.2,
                    proxy=None,
                )
            )
            return Socket(connection)

        yield open_socket


@pytest.fixture
async def socket(served: Served, dial: Dial) -> Socket:
    """A socket that has shaken hands and said nothing yet."""
    return await dial(served)


@pytest.fixture
async def greeted(socket: Socket) -> Socket:
    """A socket that has been acknowledged."""
    await socket.greet()
    return socket
