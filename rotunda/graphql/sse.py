"""GraphQL over Server-Sent Events, distinct connections mode: one request, one stream of events.

After PROTOCOL.md of npm `graphql-sse`.
"""

import asyncio
import logging

from starlette.types import Receive, Send

from rotunda.graphql.lines import Line, Switchboard
from rotunda.graphql.service import Stream

log = logging.getLogger(__name__)

HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),  # nginx would otherwise hold events back
)
COMPLETE = b"event: complete\ndata: \n\n"
COMMENT = b":\n\n"


def event(payload: bytes, cursor: str = "") -> bytes:
    """Frame one `next` payload, with the cursor that a client which comes back sends as `Last-Event-ID`.

    JSON has line breaks only between tokens, where a space does as well.
    """
    if b"\n" in payload or b"\r" in payload:
        payload = payload.replace(b"\n", b" ").replace(b"\r", b" ")
    place = b"id: " + cursor.encode() + b"\n" if cursor else b""
    return b"event: next\n" + place + b"data: " + payload + b"\n\n"


class EventStream:
    """One subscription on one HTTP response, until either side has enough."""

    def __init__(self, stream: Stream, receive: Receive, send: Send, *, keepalive: float) -> None:
        self._stream = stream
        self._keepalive = keepalive
        self._line = Line(receive, send, self._hang_up)
        self._leaving = asyncio.Event()
        self._left = asyncio.Event()

    async def run(self, switchboard: Switchboard, headers: list[tuple[bytes, bytes]]) -> None:
        """Send the events; return when the stream has completed, the client has gone or the server stops."""
        switchboard.plug(self._line)
        try:
            await self._line.send({"type": "http.response.start", "status": 200, "headers": headers})
            await self._converse()
            await self._line.send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            switchboard.unplug(self._line)
            self._left.set()
            await self._stream.aclose()

    async def _converse(self) -> None:
        parts = (self._pump(), self._keep_alive(), self._notice_departure(), self._leaving.wait())
        tasks = [asyncio.ensure_future(part) for part in parts]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _pump(self) -> None:
        """Pass the payloads on.

        A stream that breaks ends without `complete`: the client then comes back, with its cursor.
        """
        try:
            async for payload in self._stream:
                await self._write(event(payload, self._stream.cursor))
            await self._write(COMPLETE)
        except Exception:
            log.exception("a subscription over SSE broke")

    async def _keep_alive(self) -> None:
        while True:
            await self._write(COMMENT)
            await asyncio.sleep(self._keepalive)

    async def _notice_departure(self) -> None:
        while (await self._line.receive())["type"] != "http.disconnect":
            pass

    async def _write(self, chunk: bytes) -> None:
        await self._line.send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def _hang_up(self, _code: int, _reason: str) -> None:
        self._leaving.set()
        await self._left.wait()
