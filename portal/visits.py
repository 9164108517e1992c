"""A visit: where a request came from, as far as it can be told."""

from starlette.requests import Request

from portal.api import Passkeys, Visitor


def visitor(request: Request) -> Visitor:
    """The connection's address, and what the browser calls itself."""
    address = request.client.host if request.client else ""
    return Visitor(address, request.headers.get("user-agent", ""))


def within(request: Request, passkeys: Passkeys | None) -> bool:
    """Whether the page is at the host that passkeys belong to: elsewhere the browser would not use them."""
    return passkeys is not None and request.url.hostname == passkeys.host
