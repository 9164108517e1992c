"""The whole house put together: one page of wiring."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from notifications.hub import Hub
from notifications.log import Log
from notifications.mail import Post
from planner.read import Reader
from portal.app import build_portal
from portal.documents import document
from portal.guard import Shield
from rotunda import database, passkeys, work
from rotunda.door import MailedDoor
from rotunda.graphql import page
from rotunda.graphql.credentials import cookies_at
from rotunda.graphql.endpoint import Endpoint
from rotunda.graphql.service import Caller, Operation
from rotunda.inside import Inside
from rotunda.knocks import Knocks
from rotunda.registered import prepared
from rotunda.service import House
from rotunda.settings import Settings
from rotunda.turnstile import CountedTurnstile

_LOG_READERS = 4


class Doors(Starlette):
    """The application, with the one busy address served ahead of all routing."""

    endpoint: Endpoint
    shield: Shield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """GraphQL to its endpoint, the rest to its route; a browser at the same address is shown a page."""
        if (
            scope["type"] in ("http", "websocket")
            and scope["path"] == "/graphql"
            and not page.is_wanted(scope)
        ):
            scope["app"] = self
            await self.endpoint(scope, receive, send)
        else:
            shielded = self.shield.over(scope, send) if scope["type"] == "http" else send
            await super().__call__(scope, receive, shielded)


def build_app(settings: Settings) -> Starlette:
    """The application for these settings; what needs a running loop starts with its lifespan."""
    post = Post(
        public_url=settings.public_url,
        smtp_url=settings.smtp_url.get_secret_value() if settings.smtp_url else None,
        mailbox=settings.mailbox,
    )
    session = {"statement_timeout": str(round(settings.statement_seconds * 1000))}
    reader = Reader(settings.dsn, settings.readers, session)
    engine = database.writing(settings, session)
    documents, registered = prepared(settings)
    house = House(documents, reader, engine, post, settings.limits, registered)
    cookies = cookies_at(settings.public_url)
    endpoint = Endpoint(
        house,
        allowed_origins=[settings.public_url],
        cookies=cookies,
        limits=settings.limits,
        traffic=house.traffic,
    )
    inside = Inside(house)
    knocks = Knocks(settings.secret)
    door = MailedDoor(post, settings.public_url, knocks)
    keys = passkeys.at(settings.public_url, knocks, post)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        session.update(await _session(settings.dsn))
        async with asyncpg.create_pool(
            settings.dsn, min_size=1, max_size=_LOG_READERS, reset=_as_it_is
        ) as pool:
            door.open(pool)
            if keys:
                keys.open(pool)
            hub = house.hub = Hub(
                settings.dsn, Log(pool), house.all_acting, heartbeat_seconds=settings.heartbeat_seconds
            )
            await hub.start()
            beside = [
                asyncio.create_task(work.beside(settings)),
                asyncio.create_task(house.footprints.keep(pool)),
            ]
            yield
            for task in beside:
                task.cancel()
            await house.footprints.write(pool)
            await hub.stop()
            await reader.close()
            await engine.dispose()

    async def live(_: Request) -> JSONResponse:
        return JSONResponse({"live": True})

    async def ready(_: Request) -> JSONResponse:
        hub = house.hub
        if hub is None or not hub.ready or app.state.draining:
            return JSONResponse({"ready": False}, status_code=503)
        return JSONResponse({"ready": True, "head": hub.head, "subscribers": hub.subscribers})

    app = Doors(
        routes=[
            Route("/live", live),
            Route("/ready", ready),
            *build_portal(
                api=inside,
                door=door,
                public_url=settings.public_url,
                mailbox=settings.mailbox,
                passkeys=keys,
                turnstile=CountedTurnstile(settings.limits, house.traffic, cookies),
            ),
        ],
        lifespan=lifespan,
    )
    app.endpoint = endpoint
    app.shield = Shield(settings.public_url)
    app.state.draining = False

    async def drain() -> None:
        app.state.draining = True
        await inside.drain()
        await endpoint.drain()

    async def foresee() -> None:
        """Answer the page that everybody asks for first, to nobody: planning it takes 40 ms, once a connection."""
        midnight = f"{datetime.now(UTC):%Y-%m-%dT00:00:00.000Z}"
        await house.answer(Operation(document("home/home"), {"from": midnight}), Caller())

    app.state.drain, app.state.foresee = drain, foresee
    return app


async def _as_it_is(_: object) -> None:
    """Nothing is left behind on these connections, so they need no round trip to be cleaned after each use."""


async def _session(dsn: str) -> dict[str, str]:
    """The role to work under: the one that cannot rewrite the log, where there is one."""
    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        ours = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rotunda_app' AND pg_has_role(oid, 'MEMBER'))"
        return {"role": "rotunda_app"} if await connection.fetchval(ours) else {}
    finally:
        await connection.close()
