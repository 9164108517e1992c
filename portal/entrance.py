"""The entrance: whoever the doorway turns back is told so on a page, without anything being read for it."""

from functools import lru_cache
from http import HTTPStatus

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.api import TurnedBack, Turnstile
from portal.rooms import House

_MOST_PAGES = 200  # one a sentence, and few sentences differ by more than seconds


class Entrance:
    """ASGI middleware between the guard and the rooms."""

    def __init__(self, app: ASGIApp, *, house: House, turnstile: Turnstile) -> None:
        self._app, self._house, self._turnstile = app, house, turnstile
        # A crowd that is turned back must cost less than one that is let in: each page is made once.
        self._page = lru_cache(maxsize=_MOST_PAGES)(self._made)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in whom the turnstile lets in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            async with self._turnstile.passing(scope, receive) as carried:
                await self._app(scope, carried, send)
        except TurnedBack as refusal:
            page = HTMLResponse(self._page(refusal.status, str(refusal)), refusal.status)
            page.raw_headers.extend(refusal.headers)
            await page(scope, receive, send)

    def _made(self, status: int, sentence: str) -> str:
        said = {"code": HTTPStatus.BAD_REQUEST if status != HTTPStatus.SERVICE_UNAVAILABLE else status}
        frame = self._house.frame("", {**said, "detail": sentence})
        return self._house.templates.get_template("errors/error.html").render(frame)
