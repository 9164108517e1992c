"""The turnstile before the pages: counts who comes in, and takes what they carry whole or not at all."""

from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager

from starlette.types import Message, Receive, Scope

from portal.api import TurnedBack
from rotunda.graphql import bodies
from rotunda.graphql.credentials import caller_of, headers_of
from rotunda.graphql.limits import Limits
from rotunda.graphql.refusal import Refused
from rotunda.graphql.traffic import Traffic

_FILES = "/static/"  # they cost nothing, and a page has several
_STREAMS = "/live/"
_BODILESS = {"GET", "HEAD", "OPTIONS"}


class CountedTurnstile:
    """Counts together with the API: it is the same people, and the same machine."""

    def __init__(self, limits: Limits, traffic: Traffic, cookies: Sequence[str]) -> None:
        self._limits, self._traffic, self._cookies = limits, traffic, cookies

    @asynccontextmanager
    async def passing(self, scope: Scope, receive: Receive) -> AsyncIterator[Receive]:
        """Let a request in, for as long as it takes; what it carries is read already.

        Raises:
            TurnedBack: too many requests or streams, or a body that is too long or too slow.
        """
        with ExitStack() as held:
            try:
                carried = await self._let_in(scope, receive, held)
            except Refused as refusal:
                raise TurnedBack(refusal.status, str(refusal), refusal.headers) from None
            yield carried

    async def _let_in(self, scope: Scope, receive: Receive, held: ExitStack) -> Receive:
        if scope["path"].startswith(_FILES):
            return receive
        headers = headers_of(scope)
        key = await self._traffic.count(caller_of(headers, self._cookies)[0].token, scope)
        if scope["path"].startswith(_STREAMS):
            held.enter_context(self._traffic.line(key))
        if scope["method"] in _BODILESS:
            return receive
        return _carrying(await bodies.whole(headers, receive, self._limits), receive)


def _carrying(body: bytes, receive: Receive) -> Receive:
    handed_over = False

    async def carried() -> Message:
        nonlocal handed_over
        if handed_over:
            return await receive()
        handed_over = True
        return {"type": "http.request", "body": body, "more_body": False}

    return carried
