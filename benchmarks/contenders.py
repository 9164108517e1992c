"""Who is measured: each a server of one process on a port of its own, started for the benchmark and ended with it."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.documents import Document

HERE = Path(__file__).parent.parent
_PATIENCE = 30.0  # seconds in which a server must listen


@dataclass(frozen=True)
class Contender:
    """``module`` is run by Python; ``request`` writes a document's HTTP request for it."""

    key: str
    title: str
    module: tuple[str, ...]
    request: Callable[[Document, str], bytes] = Document.posted
    environment: dict[str, str] = field(default_factory=dict)


ROTUNDA = Contender("rotunda", "Rotunda", ("rotunda", "serve"))
BY_HAND = Contender("hand", "SQL by hand", ("benchmarks.by_hand",), Document.fetched)
KNOWN = Contender(
    "known",
    "… without looking up the viewer",
    ("benchmarks.by_hand",),
    Document.fetched,
    {"BENCH_KNOWN_VIEWER": "1"},
)
LOADERS = Contender("loaders", "Strawberry with DataLoaders", ("benchmarks.loaders",))
BARE = Contender("bare", "constant bytes", ("benchmarks.bare",), Document.fetched)
ALL = (ROTUNDA, BY_HAND, KNOWN, LOADERS)


@dataclass(frozen=True)
class Running:
    """A server that listens."""

    contender: Contender
    port: int
    pid: int


@asynccontextmanager
async def running(
    contenders: tuple[Contender, ...], environment: dict[str, str]
) -> AsyncIterator[list[Running]]:
    """Start them all; they end with the block."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(_served(one, environment)) for one in contenders]


@asynccontextmanager
async def _served(contender: Contender, environment: dict[str, str]) -> AsyncIterator[Running]:
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *contender.module),
        env={**os.environ, **environment, **contender.environment, "ROTUNDA_PORT": str(port)},
        cwd=HERE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        await asyncio.wait_for(_listening(process, port), _PATIENCE)
        yield Running(contender, port, process.pid)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _listening(process: asyncio.subprocess.Process, port: int) -> None:
    while True:
        if process.returncode is not None:
            sys.exit("A server of the benchmark ended at once; what it said stands above.")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
        return port
