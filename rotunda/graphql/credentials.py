"""Who knocks: the bearer token, the capacity, the session cookie, and the page the knock came from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from starlette.types import Scope

from rotunda.graphql.refusal import Malformed, Refused
from rotunda.graphql.service import Caller

UNREADABLE = "not a bearer token"  # tokens of ours have no spaces
COOKIES = ("__Host-rotunda_session", "rotunda_session")


def cookies_at(public_url: str) -> Sequence[str]:
    """The names under which a session may come: over https only the one that no neighbouring host can set."""
    return COOKIES[:1] if public_url.startswith("https:") else COOKIES[1:]


@dataclass(frozen=True, slots=True)
class Site:
    """Whose pages may send operations, and under which names their session comes."""

    origins: frozenset[str]
    cookies: Sequence[str] = COOKIES

    @property
    def https(self) -> bool:
        """Whether it is reached over https alone."""
        return self.cookies == COOKIES[:1]


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """Read a request's headers; those sent more than once are joined by commas (RFC 9110, 5.3)."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    if len(headers) == len(scope["headers"]):
        return headers
    joined: dict[bytes, list[bytes]] = {}
    for name, value in scope["headers"]:
        joined.setdefault(name, []).append(value)
    return {name: b", ".join(values) for name, values in joined.items()}


def caller_of(headers: Mapping[bytes, bytes], cookies: Sequence[str] = COOKIES) -> tuple[Caller, bool]:
    """Find the caller in a request's headers, and say whether it is a cookie that names them.

    A cookie counts only where no `Authorization` is sent.
    """
    capacity = headers.get(b"rotunda-acting-for", b"").decode("latin-1") or None
    if b"authorization" in headers:
        return Caller(token=_token(headers[b"authorization"].decode("latin-1")), capacity=capacity), False
    token = _session(headers[b"cookie"].decode("latin-1"), cookies) if b"cookie" in headers else None
    return Caller(token=token, capacity=capacity), token is not None


def caller_in(payload: Mapping[str, object], fallback: Caller) -> Caller:
    """Find the caller in a connection_init payload; the handshake's is the fallback, part by part."""
    given = {name.lower(): value for name, value in payload.items() if value is not None}
    authorization, capacity = given.get("authorization"), given.get("rotunda-acting-for")
    if not isinstance(authorization, str | None) or not isinstance(capacity, str | None):
        raise Malformed("Authorization and Rotunda-Acting-For must be strings.")
    token = _token(authorization) if authorization else fallback.token
    return Caller(token=token, capacity=capacity or fallback.capacity)


def is_welcome(scope: Scope, headers: Mapping[bytes, bytes], allowed: Collection[str]) -> bool:
    """Tell whether the page that sent this is ours or an allowed one; programs, which send no Origin, are."""
    origin = headers.get(b"origin")
    if origin is None:
        return True
    # The scheme of a socket's scope is ws or wss; behind a proxy uvicorn takes it from X-Forwarded-Proto.
    scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
    own = f"{scheme}://".encode() + headers.get(b"host", b"")
    return origin == own or origin.decode("latin-1") in allowed


def check_origin(
    scope: Scope, headers: Mapping[bytes, bytes], allowed: Collection[str], *, cookie: bool
) -> None:
    """Refuse a POST from a page that is not ours, and one by cookie that does not say which page sent it.

    A browser adds the cookie whoever wrote the page; the Origin tells a member's click from a stranger's.
    """
    if not is_welcome(scope, headers, allowed):
        raise Refused(403, "Pages of this origin may not send operations here.", code="FORBIDDEN_ORIGIN")
    if cookie and b"origin" not in headers:
        raise Refused(
            403,
            "A request by session cookie must carry an Origin. Programs use `Authorization: Bearer …`.",
            code="FORBIDDEN_ORIGIN",
        )


def _token(authorization: str) -> str:
    """Take a bearer token out; any other scheme becomes a token nobody has: refused, never ignored."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else UNREADABLE


def _session(sent: str, cookies: Sequence[str]) -> str | None:
    pairs = (part.partition("=") for part in sent.replace(",", ";").split(";"))
    named = {name.strip(): value.strip(' "') for name, _, value in pairs}
    return next((named[name] for name in cookies if named.get(name)), None)
