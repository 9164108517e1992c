"""A bare ASGI application that answers each document by the one statement written for it."""

import hashlib
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import asyncpg

from benchmarks.serving import ROLE, Given, listen
from planner.cursors import pads

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_HERE = Path(__file__).parent
_ATTRIBUTES = (
    *("account_id", "capacity_id", "term_id", "kind", "object_id", "scopes"),
    *("member", "secretariat", "mayor", "reads"),
)
_LOOKS = {"host": ("host_id", "uuid"), "rooms": ("rooms", "uuid[]"), "doors": ("doors", "uuid[]")}


class ByHand:
    """Routes ``/Event``, ``/Cities``, ``/Calendar``, ``/Group``, ``/Thread`` and ``/Resolutions``.

    Its connections skip the pool's resetting round trip.
    """

    def __init__(self, given: Given) -> None:
        self._given = given
        self._seals = list(pads(given.secret))
        self._statements: dict[str, str] = {}
        self._pool: Any = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        token = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        hashed = hashlib.sha256(token.removeprefix(b"Bearer ")).digest() if token else None
        route = scope["path"]
        arguments = self._arguments(route, dict(parse_qsl(scope["query_string"].decode())))
        async with self._pool.acquire() as connection:
            body = await connection.fetchval(self._statements[route], hashed, None, *arguments)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send(
            {"type": "http.response.start", "status": 200 if body[:1] == b"{" else 401, "headers": headers}
        )
        await send({"type": "http.response.body", "body": body})

    def _arguments(self, route: str, query: dict[str, str]) -> list[Any]:
        match route:
            case "/Event" | "/Group" | "/Thread":
                return [UUID(query["id"].partition("_")[2])]
            case "/Resolutions":
                return []
            case "/Cities":
                return self._seals
            case _:
                return [*self._seals, datetime.fromisoformat(query["from"])]

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._pool = await asyncpg.create_pool(
            self._given.dsn,
            min_size=self._given.connections,
            max_size=self._given.connections,
            init=_bytes_stay_bytes,
            reset=_nothing_to_reset,
            server_settings={"jit": "off", "plan_cache_mode": "force_generic_plan", "role": ROLE},
        )
        viewer, looks = ((_HERE / f"{name}.sql").read_text() for name in ("viewer", "looks"))
        if self._given.known_viewer:
            viewer, looks = await self._known(viewer, looks)
        for name in ("event", "cities", "calendar", "group", "thread", "resolutions"):
            text = (_HERE / f"{name}.sql").read_text()
            self._statements[f"/{name.capitalize()}"] = text.replace("{viewer}", viewer).replace(
                "{looks}", looks
            )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _known(self, viewer: str, looks: str) -> tuple[str, str]:
        """The viewer as a row of constants, for the variant that looks nobody up."""
        token = hashlib.sha256(self._given.token.encode()).digest()
        asked = f"WITH viewer AS ({viewer}), {looks} SELECT * FROM viewer, host, rooms, doors"  # noqa: S608 - our own files
        row = await self._pool.fetchrow(asked, token, None)
        text = (_HERE / "known.sql").read_text()
        known = [
            f"{look} AS (SELECT {_constant(row[name])}::{kind} AS {name})"
            for look, (name, kind) in _LOOKS.items()
        ]
        return text.format(**{name: _constant(row[name]) for name in _ATTRIBUTES}), ", ".join(known)


async def _bytes_stay_bytes(connection: Any) -> None:
    await connection.set_type_codec(
        "json", schema="pg_catalog", format="binary", encoder=str.encode, decoder=bytes
    )


async def _nothing_to_reset(_connection: Any) -> None:
    """Reading leaves nothing behind."""


def _constant(value: Any) -> str:
    if isinstance(value, list):
        return "'{" + ",".join(map(str, value)) + "}'"
    return "NULL" if value is None else f"'{value}'"


if __name__ == "__main__":
    listen(ByHand)
