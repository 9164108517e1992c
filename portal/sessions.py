"""The browser's side of a session: the cookie that carries its token, and small notes between two pages."""

from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

A_MONTH = 30 * 24 * 3600  # as long as the session lasts on the server
A_QUARTER_HOUR = 15 * 60


class Cookies:
    """Names and flags by the address: over https they are Secure, and bound to the host: no neighbour sets them."""

    def __init__(self, public_url: str) -> None:
        self._secure = public_url.startswith("https:")
        self._prefix = "__Host-rotunda" if self._secure else "rotunda"
        self._session = f"{self._prefix}_session"

    def token(self, request: Request) -> str | None:
        """The session's token, if the browser holds one."""
        return request.cookies.get(self._session) or None

    def keep(self, response: Response, token: str) -> None:
        """Give the browser its session."""
        self._set(response, self._session, token, A_MONTH)

    def forget(self, response: Response) -> None:
        """Take the session back."""
        self._drop(response, self._session)

    def note(self, response: Response, name: str, value: str) -> None:
        """Leave a note for the next page: which words to greet with, where to go after signing in."""
        self._set(response, f"{self._prefix}_{name}", quote(value), A_QUARTER_HOUR)

    def read(self, request: Request, name: str) -> str:
        """A note left earlier, or nothing. Whatever it says was in the browser's hands: never trust it."""
        return unquote(request.cookies.get(f"{self._prefix}_{name}", ""))

    def drop(self, response: Response, name: str) -> None:
        """Throw a note away."""
        self._drop(response, f"{self._prefix}_{name}")

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name, value, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="lax"
        )

    def _drop(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self._secure, httponly=True, samesite="lax")


def own_path(text: str, otherwise: str = "/") -> str:
    """A place within the portal to go on to; anything else, another host above all, is `otherwise`."""
    inside = text.startswith("/") and not text.startswith("//") and "\\" not in text and text.isprintable()
    return text if inside else otherwise


def to_sign_in(then: str) -> str:
    """The door, for somebody who wants to be elsewhere afterwards."""
    return f"/sign-in?next={quote(then)}"
