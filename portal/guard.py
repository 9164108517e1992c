"""Keeps other sites out: no foreign form may post here, no foreign page may frame or feed what is shown."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(  # noqa: FLY002 -- one directive a line
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    # Not "no-referrer": with that, browsers send `Origin: null` with our own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "private, no-cache",
}
SAFE = {"GET", "HEAD", "OPTIONS"}


class Guard:
    """ASGI middleware around every page."""

    def __init__(self, app: ASGIApp, *, public_url: str) -> None:
        self._app = app
        self._public = urlsplit(public_url).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse foreign forms; put the headers on everything else."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["method"] not in SAFE and not self._from_here(Headers(scope=scope)):
            refusal = PlainTextResponse(
                "This form came from another site, so nothing was done. Open Rotunda and try again.",
                status_code=403,
            )
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, _with_headers(send))

    def _from_here(self, headers: Headers) -> bool:
        """Browsers say where a form was sent from; what says nothing is no browser, and holds no cookie.

        The same rule as Go's CrossOriginProtection: Sec-Fetch-Site first, then Origin against Host.
        """
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            return site in {"same-origin", "none"}
        return origin is None or urlsplit(origin).netloc in {self._public, headers.get("host")}


def _with_headers(send: Send) -> Send:
    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return add
