"""Keeps other sites out: no foreign form may post here, no foreign page may frame or feed what is shown."""

from urllib.parse import urlsplit, urlunsplit

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
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
A_YEAR = "max-age=31536000"
SAFE = {"GET", "HEAD", "OPTIONS"}
_SESSION = b"rotunda_session"


class Shield:
    """Puts the headers on whatever is answered, be it a page, a file, an error or the way to another page."""

    def __init__(self, public_url: str) -> None:
        self._headers = dict(HEADERS)
        if public_url.startswith("https:"):
            self._headers["strict-transport-security"] = A_YEAR

    def over(self, scope: Scope, send: Send) -> Send:
        """A `send` that puts them on."""
        # A page that was somebody's own must not be found in the browser by whoever comes next.
        known = any(name == b"cookie" and _SESSION in value for name, value in scope["headers"])

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                personal = known or _SESSION.decode() in headers.get("set-cookie", "")
                headers.setdefault("cache-control", "no-store" if personal else "private, no-cache")
                if "location" in headers:
                    headers["location"] = _here(headers["location"])
            await send(message)

        return add


class Guard:
    """ASGI middleware around every page."""

    def __init__(self, app: ASGIApp, *, public_url: str) -> None:
        self._app = app
        self._public = urlsplit(public_url).netloc
        self._shield = Shield(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse foreign forms; put the headers on whatever is said."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        shielded = self._shield.over(scope, send)
        if scope["method"] not in SAFE and not self._from_here(Headers(scope=scope)):
            refusal = PlainTextResponse(
                "This form came from another site, so nothing was done. Open Rotunda and try again.",
                status_code=403,
            )
            await refusal(scope, receive, shielded)
        else:
            await self._app(scope, receive, shielded)

    def _from_here(self, headers: Headers) -> bool:
        """Browsers say where a form was sent from; what says nothing is no browser, and holds no cookie.

        The same rule as Go's CrossOriginProtection: Sec-Fetch-Site first, then Origin against Host.
        """
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            return site in {"same-origin", "none"}
        return origin is None or urlsplit(origin).netloc in {self._public, headers.get("host")}


def _here(location: str) -> str:
    """A place in this house: no redirect leads out of it, whatever the request called its host."""
    parts = urlsplit(location)
    path = "/" + parts.path.lstrip("/\\") if parts.netloc or parts.scheme or parts.path else ""
    return urlunsplit(("", "", path, parts.query, parts.fragment))
