"""A stream: one subscriber's notices, each once and in order, from a cursor on and for as long as its right stands."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from policy.viewer import Acting

if TYPE_CHECKING:
    from notifications.hub import Hub

#: How many payloads a subscriber may lie behind before it is sent back to read the log itself.
BUFFER = 64
_AGAIN = 0.2
_TRIES = 100  # some twenty seconds; whoever is sent away then comes back with its cursor
_log = logging.getLogger(__name__)


class Feed(Protocol):
    """What a subscription asks for, and how a notice becomes its payload. Equal subscriptions share one feed."""

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of notices it wants."""

    def mentions(self, kind: str) -> frozenset[str]:
        """The viewer's attributes that a payload of this kind depends on."""

    async def payloads(
        self, kind: str, positions: Sequence[int], viewers: Sequence[Acting]
    ) -> list[tuple[int, int, bytes]]:
        """(position, index of the viewer, payload) for each notice each viewer may know of."""

    def heartbeat(self, cursor: str) -> bytes:
        """The payload that says the stream is alive."""

    def expired(self, head: str) -> bytes:
        """The payload that says the cursor is of no use."""

    def ended(self, reason: str, cursor: str) -> bytes:
        """The payload that says the right is gone."""


@dataclass(eq=False, slots=True)
class Stream:
    """One subscriber. ``through`` is the position up to which everything was handed out.

    ``outlet`` hands a payload on at once, or says that it cannot just now. Whoever waits with nothing before it is
    not even woken for that. Whatever the outlet does not take is iterated over, in the same order.
    """

    hub: "Hub"
    feed: Feed
    acting: Acting
    token: bytes | None
    through: int
    catch_to: int
    heartbeat_seconds: float
    ended: str | None = None
    ended_at: int | None = None
    looked: int = 0
    lost: bool = False
    new_head: int | None = None
    behind: bool = False
    outlet: Callable[[bytes], bool] | None = None
    _failed: int = 0
    _queue: list[tuple[int, bytes]] = field(default_factory=list)  # mostly empty, when a deque takes 0.6 kB
    _waiting: asyncio.Future[bool] | None = None
    _spoke: float = 0.0

    def push(self, position: int, payload: bytes, now: datetime) -> None:
        """Take a payload; a full buffer is emptied, and the subscriber sent back to the log. Nothing is lost.

        Whoever waits has nothing before it: to them the outlet may hand it on at once.
        """
        if self.behind or self.ended or position <= self.through:
            return
        waiting, outlet, until = self._waiting, self.outlet, self.acting.until
        over = until is not None and until <= now
        if waiting is None or waiting.done() or self.lost or over or outlet is None or not outlet(payload):
            self._enqueue(position, payload)
        else:
            self.through, self._spoke = position, monotonic()

    def _enqueue(self, position: int, payload: bytes) -> None:
        if len(self._queue) >= BUFFER:
            self._queue.clear()
            self.behind = True
        else:
            self._queue.append((position, payload))
        self._wake()

    def fall_behind(self) -> None:
        """Go back to the log after what is queued: a payload could not be made."""
        self.behind = True
        self._wake()

    def end(self, reason: str, at: int) -> None:
        """The right is gone as of position ``at``: nothing behind it is handed out."""
        if not self.ended:
            self.ended, self.ended_at = reason, at
            self._wake()

    def lose(self, head: int | None = None) -> None:
        """The log this stream was reading is no longer there (a restored database)."""
        self.lost, self.new_head = True, head
        self._wake()

    @property
    def cursor(self) -> str:
        """Where to resume behind what was handed out last; behind `CursorExpired` that is the log's head."""
        return self.hub.cursor(self._head if self.lost else self.through)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.items()

    async def items(self) -> AsyncIterator[bytes]:
        """The payloads: first from the log up to where the hub stood, then live."""
        while not self.lost:
            if self.ended and (self.through < self.catch_to or self.behind or not self._queue):
                break  # what is queued was read before the right went; the log would now be read without it
            if self.through < self.catch_to:
                async for payload in self._from_log():
                    yield payload
            elif self._queue:
                position, payload = self._queue.pop(0)
                if position > self.through and await self._still_admitted(position):
                    self.through = position
                    if not self._handed_on(payload):
                        yield payload
            elif self.behind:
                self.behind, self.catch_to = False, self.hub.head
            else:
                beat = await self._wait()
                if beat:
                    yield beat
        yield self._farewell()

    async def aclose(self) -> None:
        """Leave the hub."""
        self.hub.leave(self)

    def _handed_on(self, payload: bytes) -> bool:
        return self.outlet is not None and self.outlet(payload)

    async def _from_log(self) -> AsyncIterator[bytes]:
        try:
            page = await self.hub.page(self, self.catch_to)
            self._failed = 0
        except Exception as trouble:
            self._failed += 1
            if self._failed > _TRIES:
                raise
            _log.warning("a stream cannot read the log, trying again: %r", trouble)
            await asyncio.sleep(
                _AGAIN
            )  # the database is away or busy; the reader keeps its place and asks again
            return
        for position, payload in page.payloads:
            if self.ended or not await self._still_admitted(position):
                return
            self.through = position
            if not self._handed_on(payload):
                yield payload
        self.through = max(self.through, page.through)

    async def _still_admitted(self, position: int) -> bool:
        if self.ended_at is not None and position > self.ended_at:
            return False
        if self._over():
            await self.hub.look_again(self, "EXPIRED")
        return self.ended is None or (self.ended_at is not None and position <= self.ended_at)

    async def _wait(self) -> bytes | None:
        """Wait for something to hand out; a heartbeat when nothing came for long."""
        began, patience = monotonic(), self._patience()
        if await self._woken(patience):
            return None
        if self._over():
            await self.hub.look_again(self, "EXPIRED")
        elif not self._queue and not self.behind and self._spoke <= began:
            self.through = max(self.through, self.hub.settled)
            return self.feed.heartbeat(self.hub.cursor(self.through))
        return None

    async def _woken(self, patience: float) -> bool:
        """Whether something came up before patience ran out."""
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        timer = loop.call_later(patience, _lapse, self._waiting)
        try:
            return await self._waiting
        finally:
            timer.cancel()
            self._waiting = None

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(True)

    def _over(self) -> bool:
        """Whether the right has reached its end by the clock."""
        return self.acting.until is not None and self.acting.until <= datetime.now(UTC)

    def _patience(self) -> float:
        silent = monotonic() - self._spoke
        patience = self.heartbeat_seconds - (silent if silent < self.heartbeat_seconds else 0)
        if self.acting.until is None:
            return patience
        left = (self.acting.until - datetime.now(UTC)).total_seconds()
        return min(patience, max(left, 0.05))

    def _farewell(self) -> bytes:
        if self.lost:
            return self.feed.expired(self.cursor)
        return self.feed.ended(self.ended or "", self.cursor)

    @property
    def _head(self) -> int:
        return self.hub.head if self.new_head is None else self.new_head


def _lapse(waiting: asyncio.Future[bool]) -> None:
    if not waiting.done():
        waiting.set_result(False)
