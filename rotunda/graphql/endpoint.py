"""The endpoint: one bare ASGI application for `/graphql`, whichever way a client comes."""

from collections.abc import Collection, Sequence

from starlette.types import Receive, Scope, Send

from rotunda.graphql.credentials import COOKIES, Site
from rotunda.graphql.http import OverHttp
from rotunda.graphql.limits import Limits
from rotunda.graphql.lines import Switchboard
from rotunda.graphql.service import Service
from rotunda.graphql.traffic import Traffic
from rotunda.graphql.websocket import OverWebSocket


class Endpoint:
    """GraphQL over HTTP, over graphql-transport-ws and over graphql-sse.

    `allowed_origins` are those of pages that may send operations ("https://rotunda.example"): the portal's
    public one, and others the operator trusts as much. Pages of the request's own host are always allowed.
    `cookies` are the names under which a browser's session may come.

    It looks at no path: mount it before any middleware that wraps `send`, for speed and so that a client that
    reads nothing can be dropped.
    """

    def __init__(
        self,
        service: Service,
        *,
        allowed_origins: Collection[str] = (),
        cookies: Sequence[str] = COOKIES,
        limits: Limits | None = None,
        traffic: Traffic | None = None,
    ) -> None:
        limits = limits or Limits()
        traffic = traffic or Traffic(limits)
        allowed = frozenset(origin.rstrip("/").lower() for origin in allowed_origins)
        self._switchboard = Switchboard(limits)
        site = Site(allowed, tuple(cookies))
        self._http = OverHttp(
            service, site=site, limits=limits, switchboard=self._switchboard, traffic=traffic
        )
        self._websocket = OverWebSocket(
            service, site=site, limits=limits, switchboard=self._switchboard, traffic=traffic
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or keep one socket; scopes are `http` and `websocket`."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._websocket(scope, receive, send)

    @property
    def lines(self) -> int:
        """How many sockets and event streams are open."""
        return len(self._switchboard)

    async def drain(self) -> None:
        """Close all sockets with 1012 and end all event streams; take no new ones.

        Call it before uvicorn's own `Server.shutdown`, which closes everything at once and waits for streams.
        """
        await self._switchboard.drain()
