"""One operation running on a socket, from its `subscribe` message to `complete` or `error`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import lru_cache

import orjson

from rotunda.graphql.lines import Gone
from rotunda.graphql.refusal import UNAUTHENTICATED, noted
from rotunda.graphql.service import Answer, Caller, Operation, Service
from rotunda.graphql.shortcut import framed

log = logging.getLogger(__name__)


class Running:
    """Runs one operation and says what comes of it, in frames under the client's id.

    `say` sends a message; `write` writes a frame the short way, where that can be done; `release` frees the id, just
    before the last message: its reader may use the id again.
    """

    __slots__ = ("_head", "_id", "_release", "_say", "_stopped", "_write", "mutates", "task")

    def __init__(
        self,
        id: str,
        *,
        say: Callable[[str], Awaitable[None]],
        write: Callable[[bytes], bool],
        release: Callable[["Running"], None],
    ) -> None:
        self._id = orjson.dumps(id).decode()
        self._head = f'{{"id":{self._id},"type":"next","payload":'.encode()
        self._say = say
        self._write = write
        self._release = release
        self._stopped = False
        self.mutates = False
        self.task: asyncio.Task[None] | None = None

    def stop(self) -> None:
        """Say nothing more. A mutation still runs to its end: half an act helps nobody."""
        if not self._stopped and self.task is not None and not self.mutates:
            self.task.cancel()
        self._stopped = True

    async def run(self, service: Service, operation: Operation, caller: Caller) -> str | None:
        """Run the operation; return why the server ends the whole conversation, or None."""
        try:
            return await self._run(service, operation, caller)
        except Gone:
            return None
        except Exception as trouble:  # noqa: BLE001 - whatever happens, the socket lives
            body = noted(log, "an operation on a socket broke", trouble)
            with suppress(Gone):
                await self.fail(body)
            return None

    async def _run(self, service: Service, operation: Operation, caller: Caller) -> str | None:
        kind = service.kind(operation)
        self.mutates = kind == "mutation"
        if kind != "subscription":
            return await self._tell(await service.answer(operation, caller))
        stream = await service.subscribe(operation, caller)
        if isinstance(stream, Answer):
            return await self._tell(stream)
        stream.outlet = self._at_once
        try:
            async for payload in stream:
                await self._next(_text(payload))
            await self._complete()
        finally:
            await stream.aclose()
        return stream.ended

    async def _tell(self, answer: Answer) -> str | None:
        if not answer.executed:
            await self.fail(answer.body)
            return "UNAUTHENTICATED" if answer.status == UNAUTHENTICATED else None
        await self._next(answer.body.decode())
        await self._complete()
        return None

    async def fail(self, body: bytes) -> None:
        """End with the `errors` of a response that has no data."""
        errors = orjson.dumps(orjson.loads(body)["errors"]).decode()
        await self._last(f'{{"id":{self._id},"type":"error","payload":{errors}}}')

    def _at_once(self, payload: bytes) -> bool:
        return not self._stopped and self._write(framed(self._head, payload))

    async def _next(self, payload: str) -> None:
        if not self._stopped:
            await self._say(f'{{"id":{self._id},"type":"next","payload":{payload}}}')

    async def _complete(self) -> None:
        await self._last(f'{{"id":{self._id},"type":"complete"}}')

    async def _last(self, frame: str) -> None:
        self._release(self)
        if not self._stopped:
            await self._say(frame)


@lru_cache(maxsize=16)
def _text(payload: bytes) -> str:
    """Decode a payload once for all the sockets it goes to: the hub hands the same bytes to each."""
    return payload.decode()
