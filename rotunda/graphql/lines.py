"""A line is one long-lived connection, a socket or an event stream; the switchboard watches them all."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from time import monotonic

from starlette.types import Message, Receive, Send

from rotunda.graphql.limits import Limits
from rotunda.graphql.shortcut import FULL, shortcut

log = logging.getLogger(__name__)

SERVICE_RESTART = 1012
TRY_AGAIN_LATER = 1013

HangUp = Callable[[int, str], Awaitable[None]]


class Gone(ConnectionError):
    """The client has left, or we have hung up: nothing more can be sent."""


class Line:
    """One client's end of the connection: sends, and knows since when a send has been waiting.

    `hang_up(code, reason)` is how its owner says goodbye; it returns when the goodbye is on its way.
    """

    __slots__ = ("_farewell", "_receive", "_send", "_short", "_since", "_waiting", "hang_up")

    def __init__(self, receive: Receive, send: Send, hang_up: HangUp) -> None:
        self._receive = receive
        self._send = send
        self._short = shortcut(receive)
        self.hang_up = hang_up
        self._farewell: asyncio.Task[None] | None = None
        self._waiting = 0
        self._since = 0.0

    @property
    def closed(self) -> bool:
        """Whether we have hung up."""
        return self._farewell is not None

    async def receive(self) -> Message:
        """Wait for the client's next message."""
        return await self._receive()

    async def send(self, message: Message) -> None:
        """Send once the client's buffer has room: that wait is the back-pressure. `Gone` if it has left."""
        if self.closed:
            raise Gone
        await self._deliver(message)

    def write(self, frame: bytes) -> bool:
        """Write a WebSocket's frame the short way, or tell that it has to go by `send`, which waits or is `Gone`."""
        short = self._short
        if short is None or short.close_sent or self._farewell is not None:
            return False
        transport = short.transport
        if transport.is_closing() or transport.get_write_buffer_size() > FULL:
            return False
        transport.write(frame)
        return True

    async def close(self, message: Message) -> None:
        """Send the last message, the first time this is called; nothing goes out after it."""
        if self._farewell is None:
            self._farewell = asyncio.create_task(self._bid_farewell(message))
        await asyncio.shield(self._farewell)

    async def _bid_farewell(self, message: Message) -> None:
        with suppress(Gone):
            await self._deliver(message)

    async def _deliver(self, message: Message) -> None:
        if not self._waiting:
            self._since = monotonic()
        self._waiting += 1
        try:
            await self._send(message)
        except (OSError, RuntimeError) as loss:
            # uvicorn: OSError after the client has left, RuntimeError once it has sent a close of its own.
            raise Gone from loss
        finally:
            self._waiting -= 1
            self._since = monotonic()

    def stuck(self, now: float) -> float:
        """Tell for how many seconds the client has taken nothing of what waits for it."""
        return now - self._since if self._waiting else 0

    def drop(self) -> None:
        """Drop the connection with whatever is still buffered for it.

        Closing politely would wait for ever for a client that reads nothing. ASGI has no word for this, so it
        reaches for uvicorn's transport, by way of `receive` because Starlette wraps `send`.
        """
        transport = getattr(getattr(self._receive, "__self__", None), "transport", None)
        if transport is not None:
            transport.abort()


class Switchboard:
    """Every open line of this process: cuts off who is stuck, says goodbye to all when the server stops."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lines: set[Line] = set()
        self._watch: asyncio.Task[None] | None = None
        self.draining = False

    def __len__(self) -> int:
        return len(self._lines)

    def plug(self, line: Line) -> None:
        """Take a line under watch."""
        self._lines.add(line)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._keep_watch(), name="rotunda-stuck-lines")

    def unplug(self, line: Line) -> None:
        """Forget a line that has ended."""
        self._lines.discard(line)

    async def drain(self) -> None:
        """Hang up on everyone with 1012, at a pace the other servers can take; open nothing new."""
        self.draining = True
        batch = max(1, self._limits.closes_per_second // 10)
        lines = list(self._lines)
        for start in range(0, len(lines), batch):
            await self._dismiss(lines[start : start + batch], SERVICE_RESTART, "The server restarts")
            if start + batch < len(lines):
                await asyncio.sleep(0.1)
        if self._watch is not None:
            self._watch.cancel()

    async def _keep_watch(self) -> None:
        while self._lines:
            await asyncio.sleep(self._limits.send_seconds / 6)
            now = monotonic()
            stuck = [line for line in self._lines if line.stuck(now) > self._limits.send_seconds]
            if stuck:
                log.warning("cutting off %d clients that take nothing", len(stuck))
                await self._dismiss(stuck, TRY_AGAIN_LATER, "Too slow: resume with your cursor")

    async def _dismiss(self, lines: Sequence[Line], code: int, reason: str) -> None:
        await asyncio.gather(*(self._part(line, code, reason) for line in lines))

    async def _part(self, line: Line, code: int, reason: str) -> None:
        """Say goodbye, and drop the line if the goodbye cannot be sent either."""
        try:
            async with asyncio.timeout(self._limits.farewell_seconds):
                await line.hang_up(code, reason)
        except TimeoutError:
            line.drop()
