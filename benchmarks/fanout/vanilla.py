"""Strawberry as its documentation has it: an async generator a subscriber, fed from a queue."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import orjson
import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from strawberry.asgi import GraphQL

from benchmarks.serving import serve

_queues: set[asyncio.Queue[dict[str, Any]]] = set()


@strawberry.type
class Event:
    """What was postponed."""

    id: strawberry.ID
    title: str
    status: str


@strawberry.type
class Moment:
    """How it stood."""

    starts_at: str | None
    time_zone: str


@strawberry.type
class EventPostponed:
    """What everybody hears."""

    cursor: str
    reason: str | None
    event: Event | None
    was: Moment | None
    now: Moment | None


@strawberry.type
class Query:
    """A schema has one."""

    ok: bool = True


@strawberry.type
class Subscription:
    """The one stream."""

    @strawberry.subscription
    async def event_postponed(self) -> AsyncGenerator[EventPostponed, None]:
        """Whatever is published, until the subscriber leaves."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        _queues.add(queue)
        try:
            while True:
                yield _read((await queue.get())["eventPostponed"])
        finally:
            _queues.discard(queue)


def _read(told: dict[str, Any]) -> EventPostponed:
    was, now = (
        Moment(starts_at=told[at]["startsAt"], time_zone=told[at]["timeZone"]) for at in ("was", "now")
    )
    return EventPostponed(
        cursor=told["cursor"], reason=told["reason"], event=Event(**told["event"]), was=was, now=now
    )


async def answer(request: Request) -> JSONResponse:
    """Publish what is posted; say how many listen."""
    if request.method == "POST":
        told = orjson.loads(await request.body())
        for queue in _queues:
            queue.put_nowait(told)
    return JSONResponse({"subscribers": len(_queues)})


def build() -> Starlette:
    """The application."""
    view: Any = GraphQL(strawberry.Schema(Query, subscription=Subscription))
    return Starlette(
        routes=[
            WebSocketRoute("/graphql", view),
            Route("/ready", answer),
            Route("/publish", answer, methods=["POST"]),
        ]
    )


if __name__ == "__main__":
    serve(build())
