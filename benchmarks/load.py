"""The load: connections kept alive that each ask again as soon as they are answered. Runs in a process of its own.

It reads what to do from standard input and writes what it saw to standard output, both as JSON.
"""

import asyncio
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import orjson
import psutil
import uvloop


@dataclass(frozen=True)
class Task:
    """One run: warm up, then measure. ``server`` and ``postmaster`` are process ids whose CPU time is read."""

    port: int
    request: str
    connections: int
    warm_seconds: float
    seconds: float
    server: int
    postmaster: int


@dataclass
class Seen:
    """What all connections have in common: how long every answer was waited for, in seconds, and when to end."""

    took: list[float] = field(default_factory=list)
    ending: bool = False


class Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, request: bytes, seen: Seen) -> None:
        self._request, self._seen = request, seen
        self.closed = asyncio.get_running_loop().create_future()
        self._got = b""
        self._transport: Any = None
        self._asked = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Count a whole answer and ask again."""
        got = self._got = self._got + data if self._got else data
        head = got.find(b"\r\n\r\n")
        if head < 0:
            return
        at = got.index(b"content-length: ") + 16
        if len(got) < head + 4 + int(got[at : got.index(b"\r", at)]):
            return
        if not got.startswith(b"HTTP/1.1 200"):
            sys.exit(f"the server answered {got[:400].decode(errors='replace')}")
        self._got = b""
        self._seen.took.append(time.perf_counter() - self._asked)
        if self._seen.ending:
            self._transport.close()
        else:
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Tell that it is over."""
        self.closed.set_result(None)

    def _ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(self._request)


async def run(task: Task) -> dict[str, float]:
    """Requests per second, p50 and p99 in ms, CPU in µs a request, resident memory in MB."""
    loop, seen = asyncio.get_running_loop(), Seen()
    request = task.request.encode("latin-1")
    made = [
        await loop.create_connection(lambda: Line(request, seen), "127.0.0.1", task.port)
        for _ in range(task.connections)
    ]
    await asyncio.sleep(task.warm_seconds)
    server, database = _spent(task)
    began = time.perf_counter()
    seen.took.clear()
    await asyncio.sleep(task.seconds)
    while len(seen.took) < task.connections:  # noqa: ASYNC110 - what is slow is given its time
        await asyncio.sleep(0.1)
    took, elapsed = sorted(seen.took), time.perf_counter() - began
    server, database = (now - before for now, before in zip(_spent(task), (server, database), strict=True))
    seen.ending = True
    await asyncio.gather(*(one.closed for _, one in made))  # nobody is left half-way through an answer
    return {
        "rate": len(took) / elapsed,
        "p50": took[len(took) // 2] * 1e3,
        "p99": took[len(took) * 99 // 100] * 1e3,
        "server_cpu": server / len(took) * 1e6,
        "database_cpu": database / len(took) * 1e6,
        "memory": psutil.Process(task.server).memory_info().rss / 1e6,
    }


def _spent(task: Task) -> tuple[float, float]:
    """CPU seconds so far of the server, and of PostgreSQL's processes together."""
    spent = [_cpu(process) for process in psutil.Process(task.postmaster).children()]
    return _cpu(psutil.Process(task.server)), sum(spent)


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # PostgreSQL's cleaning has come and gone in the meantime
        return 0.0
    return float(times.user + times.system)


if __name__ == "__main__":
    uvloop.install()
    sys.stdout.buffer.write(orjson.dumps(asyncio.run(run(Task(**orjson.loads(sys.stdin.buffer.read()))))))
