"""Bodies: read whole, unless they are too long or too slow in coming."""

import asyncio
from collections.abc import Mapping

from starlette.types import Receive

from rotunda.graphql.limits import Limits
from rotunda.graphql.refusal import Malformed, Refused


async def whole(headers: Mapping[bytes, bytes], receive: Receive, limits: Limits) -> bytes:
    """A request's body; `Refused` with 413 or 408, and `Malformed` where it breaks off."""
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length[:20]) > limits.body_bytes:
        raise _too_long(limits)
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await _received(receive, limits)
    except TimeoutError:
        raise Refused(408, "The request did not arrive in time.", code="REQUEST_TIMEOUT") from None


async def _received(receive: Receive, limits: Limits) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Malformed("The request broke off.")
        body += message.get("body", b"")
        if len(body) > limits.body_bytes:
            raise _too_long(limits)
        if not message.get("more_body", False):
            return body


def _too_long(limits: Limits) -> Refused:
    return Refused(413, f"A request may have {limits.body_bytes:,} bytes, not more.", code="TOO_LONG")
