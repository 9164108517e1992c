"""Reading: a few raw connections, last in first out, with statements prepared once on each.

The pool of the driver resets a connection with a round trip after every use; a planned statement leaves nothing
behind to reset. The connection used last is the one whose caches are warm.
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

#: One statement a document and shape, of which the one unused for longest goes. PostgreSQL keeps each with its plan
#: in every connection: 0.3 MB for one event, 1.2 MB for the whole calendar page (measured).
_STATEMENTS_KEPT = 100
#: Plans grow with their texts, some 200 bytes for each character: so many characters are some 100 MB a connection.
_TEXT_KEPT = 500_000
_PATIENCE = 2.0

#: Generic plans throughout: what would make a plan special (limits, which filters are given) is in the text. What a
#: page reads is in memory, where reaching a row by its index costs no more than the row beside it; PostgreSQL's own
#: guess, four times as much, is for disks that turn, and reads tables through for a handful of rows. Nor can it guess
#: how many rows of a page a clause of visibility lets through, takes them for few, and would then keep a table in
#: memory to look it through for each: a page's hundred rows reach what they lead to by index. For the same reason it
#: would read whole tables where an index is at hand: beside a page that it takes for dear, a table read through for
#: each row seems no dearer than a look into an index (costs within a hundredth of each other count as equal).
#: And it would build a hash of a table for a page's twenty rows to look into: a group's page takes a quarter less of it
#: without. Joins are written in the order in which a page is read, so it need not look for another: a twelfth less
#: planning. Joins by merging stay: who has no mayor among all cities is found so.
SETTINGS = {
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "random_page_cost": "1.1",
    "enable_material": "off",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "join_collapse_limit": "1",
    "statement_timeout": "5000",
}


class Overloaded(TimeoutError):
    """No connection came free in time."""


class _Line:
    """One connection and the statements prepared on it."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.connection = connection
        self.dropped = False
        self._made = 0
        self._text = 0
        self._statements: dict[str, Any] = {}

    async def prepared(self, sql: str) -> Any:
        statement = self._statements.pop(sql, None)
        if statement is None:
            self._make_room(len(sql))
            # Named, for the driver without a cache of its own prepares namelessly: parsed and planned anew each time.
            self._made += 1
            statement = await self.connection.prepare(sql, name=f"plan{self._made}")
            self._text += len(sql)
        self._statements[sql] = statement  # the last in order is the last used
        return statement

    def _make_room(self, text: int) -> None:
        kept = self._statements
        while kept and (len(kept) >= _STATEMENTS_KEPT or self._text + text > _TEXT_KEPT):
            oldest = next(iter(kept))
            self._text -= len(oldest)
            del kept[oldest]


class Reader:
    """Connections for reading. ``settings`` are PostgreSQL's, for every connection."""

    def __init__(self, dsn: str, size: int, settings: Mapping[str, str] | None = None) -> None:
        self._dsn = dsn
        self._size = size
        self._settings = settings or {}
        self._free: list[_Line] = []
        self._waiting: deque[asyncio.Future[_Line | None]] = deque()
        self._open = 0
        self._closed = False

    async def value(self, sql: str, arguments: Sequence[Any]) -> bytes:
        """The one text a statement yields, as bytes."""
        found: bytes = await self._run(sql, arguments, one=True)
        return found

    async def rows(self, sql: str, arguments: Sequence[Any]) -> list[Any]:
        """The rows a statement yields; text columns as bytes."""
        found: list[Any] = await self._run(sql, arguments, one=False)
        return found

    async def close(self) -> None:
        """Close every connection that is not in use; the others close when they come back."""
        self._closed = True
        lines, self._free = self._free, []
        for line in lines:
            await line.connection.close()

    async def _run(self, sql: str, arguments: Sequence[Any], *, one: bool) -> Any:
        line = await self._take()
        try:
            return await _fetch(line, sql, arguments, one=one)
        except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, ConnectionError):
            # The connection was cut while it lay idle (a restart of the database). A reading is harmless to repeat.
            self._drop(line)
            line = await self._take()
            return await _fetch(line, sql, arguments, one=one)
        finally:
            self._give(line)

    async def _take(self) -> _Line:
        while not self._free:
            if self._open < self._size:
                return await self._connect()
            line = await self._waited()
            if line is not None:
                return line
        return self._free.pop()

    async def _waited(self) -> _Line | None:
        """A line as it is given back, in the order of asking; ``None`` to say that one may be opened instead."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[_Line | None] = loop.create_future()
        self._waiting.append(waiter)
        patience = loop.call_later(_PATIENCE, _lose, waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if not waiter.cancelled() and waiter.exception() is None:
                self._hand_on(waiter.result())  # it came in the very moment of cancelling
            raise
        finally:
            patience.cancel()

    def _hand_on(self, line: _Line | None) -> None:
        if line is None:
            self._wake(None)
        else:
            self._give(line)

    def _give(self, line: _Line) -> None:
        if line.connection.is_closed() or self._closed:
            self._drop(line)
            self._wake(None)
        elif not self._wake(line):
            self._free.append(line)

    def _drop(self, line: _Line) -> None:
        if not line.dropped:
            line.dropped = True
            self._open -= 1
            line.connection.terminate()

    def _wake(self, line: _Line | None) -> bool:
        """Hand a line to whoever has waited longest; whether anybody has."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(line)
                return True
        return False

    async def _connect(self) -> _Line:
        self._open += 1
        try:
            connection = await asyncpg.connect(
                self._dsn,
                server_settings={**SETTINGS, **self._settings},
                statement_cache_size=0,
                timeout=_PATIENCE,
            )
            # Answers travel on as the bytes they came in; decoding and encoding them again would be for nothing.
            await connection.set_type_codec(
                "text", schema="pg_catalog", format="binary", encoder=str.encode, decoder=bytes
            )
        except BaseException:
            self._open -= 1
            self._wake(None)
            raise
        return _Line(connection)


def _lose(waiter: asyncio.Future[Any]) -> None:
    if not waiter.done():
        waiter.set_exception(Overloaded())


async def _fetch(line: _Line, sql: str, arguments: Sequence[Any], *, one: bool) -> Any:
    statement = await line.prepared(sql)
    return await (statement.fetchval(*arguments) if one else statement.fetch(*arguments))
