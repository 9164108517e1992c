"""The log as its readers see it: where it ends, what lies behind a position, and when to look again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from models.positions import cursor

CHANNEL = "rotunda_log"
RIGHTS_CHANNEL = "rotunda_rights"
PAGE = 200
_HALF_OPEN = 2.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """A notice's envelope: its position and kind, whom it was told to, whose rights it may change, of which group."""

    pos: int
    kind: str
    topics: frozenset[str]
    rights: frozenset[UUID]
    group: UUID | None = None


@dataclass(frozen=True, slots=True)
class Extent:
    """How far the log reaches, and which log it is."""

    epoch: str
    pruned_through: int
    head: int

    def cursor(self, position: int) -> str:
        """A position of this log in its opaque form."""
        return cursor(position, self.epoch)


_EXTENT = "SELECT log_epoch() AS epoch, pruned_through, log_head() AS head FROM log_meta"
#: One statement each, so that what was trimmed and what is left are told of the same moment.
_TAIL = """
    SELECT m.pruned_through > $1 AS trimmed, n.*
    FROM log_meta m LEFT JOIN LATERAL (
        SELECT pos, kind, topics, rights, (payload->>'group')::uuid AS "group" FROM notices
        WHERE pos > $1 ORDER BY pos LIMIT $2
    ) n ON true
    ORDER BY n.pos
"""
_BEHIND = """
    SELECT m.pruned_through > $1 AS trimmed, n.pos, n.kind
    FROM log_meta m LEFT JOIN LATERAL (
        SELECT n.pos, n.kind FROM notices n
        WHERE n.pos > $1 AND n.pos <= $2 AND n.kind = ANY ($3) AND n.topics && $4
        ORDER BY n.pos LIMIT $5
    ) n ON true
    ORDER BY n.pos
"""


class Log:
    """Reads through a pool of its own, so that readers of pages and readers of the log never wait for each other."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def extent(self) -> Extent:
        """How far it reaches now."""
        row = await self._pool.fetchrow(_EXTENT, timeout=5)
        if row is None:
            raise LookupError("the database has no log")
        return Extent(row["epoch"], row["pruned_through"], row["head"])

    async def tail(self, after: int) -> list[Entry] | None:
        """At most a page of what comes behind a position; ``None`` when the log was trimmed past it meanwhile."""
        rows = await self._pool.fetch(_TAIL, after, PAGE, timeout=5)
        if rows[0]["trimmed"]:
            return None
        return [
            Entry(r["pos"], r["kind"], frozenset(r["topics"]), frozenset(r["rights"]), r["group"])
            for r in rows
            if r["pos"] is not None
        ]

    async def between(
        self, after: int, through: int, kinds: Collection[str], topics: Collection[str]
    ) -> list[tuple[int, str]] | None:
        """At most a page of (position, kind); ``None`` when the log was trimmed past ``after`` meanwhile."""
        rows = await self._pool.fetch(_BEHIND, after, through, list(kinds), list(topics), PAGE, timeout=5)
        if rows[0]["trimmed"]:
            return None
        return [(row["pos"], row["kind"]) for row in rows if row["pos"] is not None]

    async def trimmed_past(self, position: int) -> bool:
        """Whether something behind a position has been forgotten."""
        return bool(
            await self._pool.fetchval("SELECT pruned_through > $1 FROM log_meta", position, timeout=5)
        )


async def listen(
    dsn: str,
    *,
    woken: Callable[[], None],
    rights: Callable[[UUID], None],
    linked: Callable[[], Awaitable[None]],
) -> None:
    """Call ``woken`` when the log may have grown, ``rights`` when an account should be looked at again; for ever.

    A lost connection costs latency and nothing else, for readers poll as well. ``linked`` is called whenever a
    connection stands anew.
    """
    while True:
        connection: asyncpg.Connection[asyncpg.Record] | None = None
        try:
            connection = await asyncpg.connect(dsn, timeout=3)
            await connection.add_listener(CHANNEL, lambda *_: woken())
            await connection.add_listener(RIGHTS_CHANNEL, lambda *said: rights(UUID(str(said[3]))))
            await linked()
            woken()
            while True:  # a connection whose other end is gone says nothing by itself
                await asyncio.sleep(_HALF_OPEN)
                async with asyncio.timeout(_HALF_OPEN):
                    await connection.fetchval("SELECT 1")
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, LookupError) as lost:
            _log.warning("the log's wake-up line is down, polling meanwhile: %s", lost)
        finally:
            if connection is not None:
                with suppress(Exception):
                    connection.terminate()
        await asyncio.sleep(0.2)
