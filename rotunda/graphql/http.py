"""GraphQL over HTTP: one operation in, one response out, by the letter of the draft specification.

https://graphql.github.io/graphql-over-http/draft/
"""

import logging
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from rotunda.graphql import bodies, sse
from rotunda.graphql.credentials import Site, caller_of, check_origin, headers_of
from rotunda.graphql.limits import Limits
from rotunda.graphql.lines import Switchboard
from rotunda.graphql.negotiation import EVENTS, LEGACY, MODERN, Accepted, accepted, is_json, takes_gzip
from rotunda.graphql.reading import inspect, parse, parse_operation, to_operation
from rotunda.graphql.refusal import UNAUTHENTICATED, Malformed, Refused, noted
from rotunda.graphql.service import Answer, Caller, Operation, Service
from rotunda.graphql.traffic import Traffic

log = logging.getLogger(__name__)

OK = 200
NO_CONTENT = 204
BUSY = 503

Header = tuple[bytes, bytes]
COMMON: tuple[Header, ...] = (
    (b"cache-control", b"no-store"),
    (b"vary", b"accept, accept-encoding, origin"),
    (b"x-content-type-options", b"nosniff"),
)
#: What no browser can be made to show or embed does without these: each costs 1 µs. A form cannot ask for JSON by POST.
GUARDED: tuple[Header, ...] = (
    *COMMON,
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
STRICT = (b"strict-transport-security", b"max-age=31536000")
PREFLIGHT: tuple[Header, ...] = (
    (b"allow", b"GET, POST, OPTIONS"),
    (b"access-control-allow-methods", b"GET, POST"),
    (b"access-control-allow-headers", b"authorization, content-type, last-event-id, rotunda-acting-for"),
    (b"access-control-max-age", b"600"),
)
CONTENT_TYPE: dict[str, Header] = {
    media: (b"content-type", f"{media}; charset=utf-8".encode()) for media in (MODERN, LEGACY, EVENTS)
}
BY_STATUS: dict[int, tuple[Header, ...]] = {
    UNAUTHENTICATED: ((b"www-authenticate", b"Bearer"),),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole HTTP response; `media` is its type, without the charset."""

    status: int
    body: bytes = b""
    media: str = LEGACY
    headers: Sequence[Header] = ()


class OverHttp:
    """The HTTP side of the endpoint: an ASGI application for the scope `http`."""

    def __init__(
        self,
        service: Service,
        *,
        site: Site,
        limits: Limits,
        switchboard: Switchboard,
        traffic: Traffic,
    ) -> None:
        self._service = service
        self._traffic = traffic
        self._site = site
        self._guarded = (*GUARDED, *((STRICT,) if site.https else ()))
        self._limits = limits
        self._switchboard = switchboard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever it holds."""
        headers = headers_of(scope)
        wanted = accepted(headers.get(b"accept", b""))
        try:
            reply = await self._reply(scope, headers, wanted, receive=receive, send=send)
        except Refused as refusal:
            reply = Reply(refusal.status, refusal.body, wanted.json or LEGACY, refusal.headers)
        except Exception as trouble:  # noqa: BLE001 - whatever happens, the caller gets an answer
            reply = Reply(500, noted(log, "a request broke", trouble), wanted.json or LEGACY)
        if reply is not None:
            quick = reply.status == OK and scope["method"] == "POST"
            await self._send(reply, headers, COMMON if quick else self._guarded, send)

    async def _reply(
        self, scope: Scope, headers: Mapping[bytes, bytes], wanted: Accepted, *, receive: Receive, send: Send
    ) -> Reply | None:
        """Make the reply; None where an event stream has been the reply."""
        method = scope["method"]
        if method == "POST":
            caller = self._poster(scope, headers)
            key = await self._traffic.count(caller.token, scope)
            _must_be_acceptable(wanted)
            operation = parse_operation(await bodies.whole(headers, receive, self._limits))
        elif method == "GET":
            caller, _ = caller_of(headers, self._site.cookies)
            key = await self._traffic.count(caller.token, scope)
            parameters = _query_parameters(scope["query_string"])
            _must_be_acceptable(wanted)
            operation = self._safe(_operation_in(parameters))
        elif method == "OPTIONS":
            return Reply(NO_CONTENT, headers=PREFLIGHT)
        else:
            raise Refused(
                405, "Use POST, or GET for queries.", code="METHOD_NOT_ALLOWED", headers=PREFLIGHT[:1]
            )
        if wanted.events and self._service.kind(operation) == "subscription":
            with self._traffic.line(key):
                return await self._stream(operation, caller, receive=receive, send=send, headers=headers)
        return _to_reply(await self._service.answer(operation, caller), wanted.json or EVENTS)

    def _poster(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Caller:
        """Tell who posts, from a page that may, in a form that we read."""
        caller, cookie = caller_of(headers, self._site.cookies)
        check_origin(scope, headers, self._site.origins, cookie=cookie)
        if not is_json(headers.get(b"content-type", b"")):
            raise Refused(
                415, "Send the operation as `Content-Type: application/json` in UTF-8.", code="NOT_JSON"
            )
        if headers.get(b"content-encoding", b"identity").lower() != b"identity":
            raise Malformed("Send the body as it is, without Content-Encoding.")
        return caller

    def _safe(self, operation: Operation) -> Operation:
        if self._service.kind(operation) == "mutation":
            raise Refused(
                405, "Send mutations by POST.", code="METHOD_NOT_ALLOWED", headers=[(b"allow", b"POST")]
            )
        return operation

    async def _stream(
        self,
        operation: Operation,
        caller: Caller,
        *,
        receive: Receive,
        send: Send,
        headers: Mapping[bytes, bytes],
    ) -> Reply | None:
        if self._switchboard.draining:
            raise Refused(503, "This server is closing; please connect again.", code="RESTARTING")
        resume = headers.get(b"last-event-id", b"").decode("latin-1") or None
        stream = await self._service.subscribe(replace(operation, resume=resume), caller)
        if isinstance(stream, Answer):
            return _to_reply(stream, EVENTS)
        events = sse.EventStream(stream, receive, send, keepalive=self._limits.keepalive_seconds)
        await events.run(self._switchboard, [*sse.HEADERS, *self._guarded, *self._cross_origin(headers)])
        return None

    async def _send(
        self, reply: Reply, headers: Mapping[bytes, bytes], always: Sequence[Header], send: Send
    ) -> None:
        body, extra = reply.body, [*reply.headers, *BY_STATUS.get(reply.status, ())]
        if reply.status == BUSY and not reply.headers:
            extra.append((b"retry-after", b"1"))
        if len(body) > self._limits.gzip_bytes and takes_gzip(headers.get(b"accept-encoding", b"")):
            body = zlib.compress(body, level=1, wbits=31)
            extra.append((b"content-encoding", b"gzip"))
        if reply.status != NO_CONTENT:
            extra.append(CONTENT_TYPE[reply.media])
            extra.append((b"content-length", b"%d" % len(body)))
        all_headers = [*always, *extra, *self._cross_origin(headers)]
        await send({"type": "http.response.start", "status": reply.status, "headers": all_headers})
        await send({"type": "http.response.body", "body": body})

    def _cross_origin(self, headers: Mapping[bytes, bytes]) -> Sequence[Header]:
        """Let the pages of allowed origins read the response; never with credentials of the browser's."""
        origin = headers.get(b"origin")
        if origin is None or origin.decode("latin-1") not in self._site.origins:
            return ()
        return ((b"access-control-allow-origin", origin),)


def _must_be_acceptable(wanted: Accepted) -> None:
    if wanted.json is None and not wanted.events:
        raise Refused(406, f"Accept {MODERN}, {LEGACY} or, to subscribe, {EVENTS}.", code="NOT_ACCEPTABLE")


def _to_reply(answer: Answer, media: str) -> Reply:
    """Choose the status: a request error is 400 only where the media type leaves no doubt who says so.

    On an event stream request errors are events (graphql-sse). A bad token or an overload is always a status.
    """
    status = 200 if answer.executed else max(400, answer.status)
    if media == MODERN or status not in {200, 400}:
        again = [(b"retry-after", b"%d" % answer.retry_after)] if answer.retry_after else ()
        return Reply(status, answer.body, LEGACY if media == EVENTS else media, again)
    body = sse.event(answer.body) + sse.COMPLETE if media == EVENTS else answer.body
    return Reply(200, body, media)


def _query_parameters(query_string: bytes) -> dict[str, str]:
    """Read the URL's parameters; `Malformed` for one given twice, and for what is not UTF-8."""
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=32
        )
    except ValueError:
        raise Malformed("The parameters of this address are not percent-encoded UTF-8.") from None
    parameters = dict(pairs)
    if len(parameters) < len(pairs):
        raise Malformed("Give each parameter once.")
    return parameters


def _operation_in(parameters: Mapping[str, str]) -> Operation:
    given: dict[str, object] = {name: text for name, text in parameters.items() if text}
    source = ""
    for name in given.keys() & {"variables", "extensions"}:
        source += parameters[name]
        given[name] = parse(parameters[name])
    operation = to_operation(given)
    inspect(operation, source)
    return operation
