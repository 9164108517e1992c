"""Pages for what goes wrong: nothing here, not for you, our fault. Each says what to do next."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from portal.rooms import Busy, GrantEnded, House, MissingThing, PageBroke, TurnedAway
from portal.sessions import to_sign_in

_log = logging.getLogger(__name__)
Handler = Callable[[Request, Any], Awaitable[Response]]


def handlers(house: House) -> dict[Any, Handler]:
    """For Starlette's `exception_handlers`."""

    async def missing(request: Request, _error: Exception) -> Response:
        return await _page(house, request, 404)

    async def refused(request: Request, error: HTTPException) -> Response:
        if error.status_code == 405 and request.method in ("GET", "HEAD"):  # noqa: PLR2004 -- by its number, as above
            return house.on(_page_above(request))
        known = error.status_code == 404  # noqa: PLR2004 -- the one that everybody knows
        if known or error.status_code >= 500:  # noqa: PLR2004 -- ours to answer for
            return await _page(house, request, error.status_code if known else 500)
        return await _page(house, request, error.status_code, error.detail)

    async def turned_away(request: Request, _error: Exception) -> Response:
        response = house.on(to_sign_in(request.url.path))
        house.cookies.forget(response)
        return response

    async def grant_ended(request: Request, _error: Exception) -> Response:
        # Nothing was done for anyone. The account goes on as itself where it was, and is told so there.
        token = house.cookies.token(request) or ""
        if await house.door.act_for(token, ""):
            return house.on(request.url.path, "grant-ended")
        await house.door.leave(token)
        response = house.on("/sign-in", "grant-ended")
        house.cookies.forget(response)
        return response

    async def busy(request: Request, _error: Exception) -> Response:
        response = _plain(house, request, 503)
        response.headers["retry-after"] = "5"
        return response

    async def broke(request: Request, error: Exception) -> Response:
        # By its pattern, not by its path: that of a mailed link is a secret.
        pattern = getattr(request.scope.get("route"), "path", "a page")
        _log.error("%s %s failed: %s", request.method, pattern, error, exc_info=error)
        return _plain(house, request, 500)

    return {
        MissingThing: missing,
        TurnedAway: turned_away,
        GrantEnded: grant_ended,
        Busy: busy,
        HTTPException: refused,
        PageBroke: broke,
        Exception: broke,
    }


def _page_above(request: Request) -> str:
    """The page a form stands on, for whoever opens the form's own address: the nearest above it that can be read."""
    above = request.url.path
    while (above := above.rpartition("/")[0]) not in ("", "/"):
        asked = {**request.scope, "path": above, "method": "GET"}
        if any(route.matches(asked)[0] is Match.FULL for route in request.app.routes):
            return above
    return "/"


async def _page(house: House, request: Request, status: int, detail: str = "") -> Response:
    """With the layout's own names on it, if they can be read; without them rather than not at all."""
    try:
        return await house.page(request, "errors/error", status=status, code=status, detail=detail)
    except PageBroke:
        return _plain(house, request, status, detail)


def _plain(house: House, request: Request, status: int, detail: str = "") -> Response:
    return house.shown(request, "errors/error", {"code": status, "detail": detail}, status=status)
