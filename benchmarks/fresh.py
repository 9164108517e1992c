"""A server that has just been started: how soon it is ready, what it weighs, what a document's first sight costs."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import httpx
import psutil

from benchmarks.asking import answer
from benchmarks.conference import Ground
from benchmarks.contenders import ROTUNDA, Running, served
from benchmarks.documents import Document

_STARTS = 4
_LOOK = 0.01  # seconds between two knocks at /ready
_REPEATS = 15  # of a document, whose quickest answer is what it takes once it is known


@dataclass(frozen=True)
class Fresh:
    """Medians over the starts; ``cold`` maps documents to the milliseconds that their first sight takes.

    Of these the least over the starts: each is seen once, and a neighbour's moment would be all that it tells.
    """

    ready_seconds: float
    memory: float
    cold: dict[str, float]


async def looked_at(ground: Ground, documents: Sequence[Document]) -> Fresh:
    """Start a server a few times, each time asking every document twice."""
    seen = []
    for _ in range(_STARTS):
        began = time.perf_counter()
        async with served(ROTUNDA, ground.environment) as server:
            await _ready(server)
            ready = time.perf_counter() - began
            memory = psutil.Process(server.pid).memory_info().rss / 1e6
            seen.append((ready, memory, await asyncio.to_thread(_cold, server, documents, ground.token)))
    cold = {one.name: min(found[one.name] for _, _, found in seen) for one in documents}
    return Fresh(median(ready for ready, _, _ in seen), median(memory for _, memory, _ in seen), cold)


def table(fresh: Fresh) -> str:
    """The figures as a table of Markdown."""
    slowest = max(fresh.cold, key=lambda name: fresh.cold[name])
    usual = f"{median(fresh.cold.values()):.1f} ms at the median of {len(fresh.cold)} pages"
    return "\n".join(
        [
            "| asked of a fresh server | measured |",
            "|---|---|",
            f"| ready within 3 s of its start, once the database is up | {fresh.ready_seconds:.2f} s |",
            f"| under 120 MB of resident memory | {fresh.memory:.0f} MB |",
            f"| first sight of a document under 10 ms | {usual}, {fresh.cold[slowest]:.1f} ms at most (`{slowest}`) |",
        ]
    )


async def _ready(server: Running) -> None:
    async with httpx.AsyncClient() as client:
        while (await client.get(f"http://127.0.0.1:{server.port}/ready")).status_code != httpx.codes.OK:  # noqa: ASYNC110 - another process
            await asyncio.sleep(_LOOK)


def _cold(server: Running, documents: Sequence[Document], token: str) -> dict[str, float]:
    """What the first answer takes beyond one that is known, in milliseconds: read, planned, prepared."""
    return {
        one.name: _took(server, one, token) - min(_took(server, one, token) for _ in range(_REPEATS))
        for one in documents
    }


def _took(server: Running, document: Document, token: str) -> float:
    began = time.perf_counter()
    answer(document, server, token)
    return (time.perf_counter() - began) * 1e3
