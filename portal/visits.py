"""A visit: where a request came from, as far as it can be told."""

from starlette.requests import Request

from portal.api import Passkeys, Visitor


def visitor(request: Request) -> Visitor:
    """The connection's address, and what the browser calls itself."""
    address = request.client.host if request.client else ""
    return Visitor(address, request.headers.get("user-agent", ""))


def within(request: Request, passkeys: Passkeys | None) -> bool:
    """Whether the page is at an address where the browser will use passkeys: their host, or a part of it."""
    host = request.url.hostname
    return (
        passkeys is not None
        and host is not None
        and (host == passkeys.host or host.endswith(f".{passkeys.host}"))
    )
