"""Asking a server: once, to read its answer, or from many connections, to measure it."""

import asyncio
import sys
from dataclasses import asdict, dataclass, replace
from typing import Any

import httpx
import orjson

from benchmarks.contenders import HERE, Running
from benchmarks.documents import Document
from benchmarks.figures import Measured
from benchmarks.load import Task

_WARM_SECONDS = 0.5


@dataclass(frozen=True)
class Asker:
    """How servers are loaded; ``postmaster`` is PostgreSQL's first process, whose children's CPU time is read."""

    connections: int
    seconds: float
    postmaster: int = 0

    def watching(self, postmaster: int) -> "Asker":
        """The same, reading the CPU time of this PostgreSQL."""
        return replace(self, postmaster=postmaster)

    async def load(self, server: Running, document: Document, token: str) -> Measured:
        """Warm up, then measure, from a process of its own."""
        task = Task(
            port=server.port,
            request=server.contender.request(document, token).decode("latin-1"),
            connections=self.connections,
            warm_seconds=_WARM_SECONDS,
            seconds=self.seconds,
            server=server.pid,
            postmaster=self.postmaster,
        )
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.load"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=HERE,
        )
        out, _ = await process.communicate(orjson.dumps(asdict(task)))
        if process.returncode:
            sys.exit(f"{server.contender.title} failed under load at {document.name}.")
        seen: Measured = orjson.loads(out)
        return seen


def answer(document: Document, server: Running, token: str) -> Any:
    """The whole answer to one request."""
    head, _, body = server.contender.request(document, token).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = dict(one.split(": ", 1) for one in lines)
    response = httpx.request(method, f"http://127.0.0.1:{server.port}{path}", headers=headers, content=body)
    return response.json()
