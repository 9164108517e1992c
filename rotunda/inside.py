"""The API from inside the house: the portal runs its documents against the same schema as any client."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any, Protocol

import orjson

from rotunda.graphql.service import Answer, Caller, Operation, Service


class Rehearsing(Service, Protocol):
    """A service that can also judge an act without doing it."""

    async def rehearse(self, name: str, given: Mapping[str, Any], caller: Caller) -> Answer:
        """The problem that the act would meet, as `outcome`; null where there is none."""


class Inside:
    """``Api`` of the portal over a ``Service``."""

    def __init__(self, service: Rehearsing) -> None:
        self._service = service
        self._leaving = asyncio.Event()
        self._open: set[asyncio.Task[bytes]] = set()

    async def run(
        self, document: str, variables: Mapping[str, Any], caller_token: str | None
    ) -> dict[str, Any]:
        """The complete response."""
        answer = await self._service.answer(Operation(document, variables), Caller(caller_token))
        response: dict[str, Any] = orjson.loads(answer.body)
        return response

    async def rehearse(self, act: str, given: Mapping[str, Any], caller_token: str | None) -> dict[str, Any]:
        """What an act would meet."""
        answer = await self._service.rehearse(act, given, Caller(caller_token))
        response: dict[str, Any] = orjson.loads(answer.body)
        return response

    async def stream(
        self, document: str, variables: Mapping[str, Any], caller_token: str | None
    ) -> AsyncIterator[dict[str, Any]]:
        """One complete response for each notice, until the stream or the house ends."""
        caller = await self._service.admit(Caller(caller_token))
        opened = await self._service.subscribe(Operation(document, variables), caller or Caller(caller_token))
        if isinstance(opened, Answer):
            yield orjson.loads(opened.body)
            return
        items = aiter(opened)
        try:
            while not self._leaving.is_set():
                item = await self._next(items)
                if item is None:
                    return
                yield orjson.loads(item)
        finally:
            await opened.aclose()

    async def drain(self) -> None:
        """End every stream of a page; browsers come back to the next process by themselves."""
        self._leaving.set()
        for task in list(self._open):
            task.cancel()

    async def _next(self, items: AsyncIterator[bytes]) -> bytes | None:
        task = asyncio.ensure_future(anext(items, None))
        self._open.add(task)  # type: ignore[arg-type]  # it may end with None
        try:
            return await task
        except asyncio.CancelledError:
            if not self._leaving.is_set():
                raise
            return None
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            self._open.discard(task)
