"""The wire: a request's head may be neither endless nor for ever on its way, which uvicorn's parser leaves open."""

from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from rotunda.graphql.refusal import problem

_HANGING_UP: tuple[tuple[bytes, bytes], ...] = (
    (b"content-type", b"application/json; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"connection", b"close"),
)
_STATUS = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}


class Wire(HttpToolsProtocol):
    """One connection. `wire` makes the class that knows its limits."""

    head_bytes: int
    head_seconds: float
    most: int
    _since: float | None = None  # when a head began that is not whole yet
    _seen = 0  # bytes of it in what came before
    _coming = 0  # bytes of what comes just now

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a first head."""
        self._await_head()
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Read on, unless a head becomes too long. What follows an answer is another head, or a body nobody reads."""
        if self._since is None and self.cycle.response_complete:
            self._await_head()
        self._coming = len(data)
        super().data_received(data)
        if self._since is not None and not self._unread_body():
            self._seen += len(data)
            if self._seen > self.head_bytes:
                self._turn_away(431, "The head of this request is too long.")

    def on_message_begin(self) -> None:
        """A request begins."""
        self._await_head()
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """A request has come whole; if it was answered before that, the line is idle now."""
        super().on_message_complete()
        if self.cycle is not None and self.cycle.response_complete:
            self.cycle.more_body = False
            self._since = None

    def on_headers_complete(self) -> None:
        """The head is whole: the request goes its way, or is told why not."""
        self._since = None
        chosen, self.app = self.app, self._whoever_answers()
        try:
            super().on_headers_complete()
        finally:
            self.app = chosen

    def send_400_response(self, msg: str) -> None:
        """As uvicorn does it, in JSON."""
        self._turn_away(400, msg)

    def hurry(self, now: float) -> None:
        """Hang up on somebody whose request has been beginning for too long."""
        if self._since is None or now - self._since < self.head_seconds:
            return
        if self._unread_body():
            self.transport.close()  # answered already
        else:
            self._turn_away(408, "The request did not arrive in time.")

    def _await_head(self) -> None:
        self._since = self.loop.time()
        self._seen = 0

    def _unread_body(self) -> bool:
        return self.cycle is not None and self.cycle.response_complete and self.cycle.more_body

    def _whoever_answers(self) -> ASGIApp:
        if len(self.connections) >= self.most:
            return _refusing(
                503, "Rotunda is busy; try again in a moment.", "UNAVAILABLE", (b"retry-after", b"1")
            )
        if self._seen + self._coming > self.head_bytes and self._head() > self.head_bytes:
            return _refusing(431, "The head of this request is too long.", "BAD_REQUEST")
        chosen: ASGIApp = self.app
        return chosen

    def _head(self) -> int:
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def _turn_away(self, status: int, message: str) -> None:
        if self.transport.is_closing():
            return
        body = problem(message, "BAD_REQUEST")
        head = [b"HTTP/1.1 %d %s" % (status, _STATUS[status].encode()), b"content-length: %d" % len(body)]
        head += [name + b": " + value for name, value in _HANGING_UP]
        self.transport.write(b"\r\n".join([*head, b"", body]))
        self.transport.close()


def wire(*, head_bytes: int, head_seconds: float, most: int) -> type[Wire]:
    """The class of connections with these limits, for uvicorn's `http`; `most` may be open at once."""
    return type("Wire", (Wire,), {"head_bytes": head_bytes, "head_seconds": head_seconds, "most": most})


def _refusing(status: int, message: str, code: str, *more: tuple[bytes, bytes]) -> ASGIApp:
    body = problem(message, code)

    async def refuse(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [*_HANGING_UP, (b"content-length", b"%d" % len(body)), *more]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return refuse
