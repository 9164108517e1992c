"""GraphQL over WebSocket, `graphql-transport-ws`: many operations on one socket, each under its own id.

After PROTOCOL.md of npm `graphql-ws`; each rule of it stands in tests/transports/rules.
"""

import asyncio
import logging
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from rotunda.graphql.credentials import Site, caller_in, caller_of, headers_of, is_welcome
from rotunda.graphql.limits import Limits
from rotunda.graphql.lines import SERVICE_RESTART, TRY_AGAIN_LATER, Gone, Line, Switchboard
from rotunda.graphql.reading import inspect, parse, to_operation
from rotunda.graphql.refusal import Malformed, Refused, problem
from rotunda.graphql.running import Running
from rotunda.graphql.service import Caller, Operation, Service
from rotunda.graphql.traffic import Held, Rate, TooManyLines, Traffic, address_of

log = logging.getLogger(__name__)

SUBPROTOCOL = "graphql-transport-ws"
BAD_REQUEST = 4400
UNAUTHORIZED = 4401
FORBIDDEN = 4403
SUBPROTOCOL_NOT_ACCEPTABLE = 4406
INITIALISATION_TIMEOUT = 4408
ALREADY_EXISTS = 4409
TOO_MANY_INITIALISATIONS = 4429

LONGEST_REASON = 123  # bytes; RFC 6455, 5.5: a control frame has 125, two of them for the code
GRACE = 0.1  # seconds for a socket's other streams to say their own last words when one has been ended


class Closed(Exception):
    """The socket is to be closed, with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class OverWebSocket:
    """The WebSocket side of the endpoint: an ASGI application for the scope `websocket`."""

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
        self._limits = limits
        self._switchboard = switchboard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Shake hands, converse, and leave nothing behind."""
        headers = headers_of(scope)
        await receive()  # websocket.connect
        if not is_welcome(scope, headers, self._site.origins):
            await send({"type": "websocket.close"})  # before the handshake this is HTTP's 403
            return
        agreed = SUBPROTOCOL in scope["subprotocols"]
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL if agreed else None})
        caller, cookie = caller_of(headers, self._site.cookies)
        if cookie and b"origin" not in headers:
            caller = Caller(capacity=caller.capacity)  # a cookie speaks for a page, and pages have an origin
        socket = Socket(
            self._service, caller, limits=self._limits, traffic=self._traffic, receive=receive, send=send
        )
        if not agreed:
            await socket.close(SUBPROTOCOL_NOT_ACCEPTABLE, f"Subprotocol not acceptable: use {SUBPROTOCOL}")
        elif self._switchboard.draining:
            await socket.close(SERVICE_RESTART, "The server restarts")
        try:
            with self._traffic.line(address_of(scope)) as held:
                await socket.run(self._switchboard, held)
        except TooManyLines as enough:
            await socket.close(TRY_AGAIN_LATER, str(enough))


class Socket:
    """One conversation: hears the client's messages in order, and keeps the operations it has asked for."""

    def __init__(
        self,
        service: Service,
        knocker: Caller,
        *,
        limits: Limits,
        traffic: Traffic,
        receive: Receive,
        send: Send,
    ) -> None:
        self._service = service
        self._traffic = traffic
        self._pace = Rate(limits.account_requests, 1)  # of this socket's messages, whatever they are
        self._held: Held | None = None
        self._knocker = knocker  # whom the handshake names; connection_init may say otherwise
        self._limits = limits
        self._line = Line(receive, send, self.close)
        self._caller: Caller | None = None  # whom we have acknowledged
        self._admission: asyncio.Task[None] | None = None
        self._by_id: dict[str, Running] = {}
        self._all: set[Running] = set()  # those too that have given up their id and are still tidying

    async def run(self, switchboard: Switchboard, held: Held) -> None:
        """Converse until either side closes; then stop every operation and wait until they have."""
        self._held = held
        switchboard.plug(self._line)
        try:
            await self._converse()
        except Closed as end:
            await self.close(end.code, str(end))
        except Gone:
            pass
        finally:
            switchboard.unplug(self._line)
            await self._stop_all()

    async def close(self, code: int, reason: str) -> None:
        """Close the socket, unless it is closed already."""
        short = reason.encode()[:LONGEST_REASON].decode(errors="ignore")
        await self._line.close({"type": "websocket.close", "code": code, "reason": short})

    async def _converse(self) -> None:
        try:
            async with asyncio.timeout(self._limits.init_seconds) as patience:
                while True:
                    message = await self._line.receive()
                    if message["type"] == "websocket.disconnect" or self._line.closed:
                        return
                    await self._hear(message.get("text"))
                    await self._not_too_fast()
                    if self._admission is not None:
                        patience.reschedule(None)
        except TimeoutError:
            raise Closed(INITIALISATION_TIMEOUT, "Connection initialisation timeout") from None

    async def _not_too_fast(self) -> None:
        """Hear somebody who talks without end more slowly: meanwhile the rest waits on their side."""
        if wait := self._pace.wait(""):
            await asyncio.sleep(wait)
            self._pace.wait("")

    async def _hear(self, text: str | None) -> None:
        if text is None:
            raise Closed(BAD_REQUEST, "Messages are text frames, not binary ones")
        try:
            await self._obey(parse(text), text)
        except Malformed as mistake:
            raise Closed(BAD_REQUEST, str(mistake)) from None

    async def _obey(self, message: object, text: str) -> None:
        if not isinstance(message, dict):
            raise Malformed("A message is a JSON object")
        match message.get("type"):
            case "subscribe":
                await self._subscribe(_id_of(message), to_operation(message.get("payload")), text)
            case "complete":
                self._stop(_id_of(message))
            case "ping":
                await self._pong(_payload_of(message))
            case "pong":
                _payload_of(message)
            case "connection_init":
                self._greet(_payload_of(message))
            case str(other):
                raise Malformed(f"There is no message type {other!r}")
            case _:
                raise Malformed("A message has a `type`, which is a string")

    def _greet(self, payload: dict[str, Any] | None) -> None:
        if self._admission is not None:
            raise Closed(TOO_MANY_INITIALISATIONS, "Too many initialisation requests")
        caller = caller_in(payload or {}, self._knocker)
        # In a task of its own, so that a `subscribe` which did not wait for the answer is told so.
        self._admission = asyncio.create_task(self._admit(caller))

    async def _admit(self, caller: Caller) -> None:
        try:
            admitted = await self._service.admit(caller)
        except Exception:
            log.exception("could not admit a socket")
            return await self.close(TRY_AGAIN_LATER, "Try again later")
        if admitted is None:
            return await self.close(FORBIDDEN, "Forbidden")
        try:
            await self._settle(admitted)
            await self._say('{"type":"connection_ack"}')
        except TooManyLines as enough:
            return await self.close(TRY_AGAIN_LATER, str(enough))
        except Gone:
            return None
        self._caller = admitted
        return None

    async def _settle(self, admitted: Caller) -> None:
        account = await self._traffic.account(admitted.token)
        if account is not None and self._held is not None:
            self._held.move(account)

    async def _pong(self, payload: dict[str, Any] | None) -> None:
        pong: dict[str, Any] = {"type": "pong"}
        if payload is not None:
            pong["payload"] = payload
        await self._say(orjson.dumps(pong).decode())

    async def _subscribe(self, id: str, operation: Operation, text: str) -> None:
        if self._caller is None:
            raise Closed(UNAUTHORIZED, "Unauthorized")
        if id in self._by_id:
            raise Closed(ALREADY_EXISTS, f"Subscriber for {id} already exists")
        running = Running(
            id, say=self._say, write=self._line.write, release=lambda done: self._release(id, done)
        )
        try:
            inspect(operation, text)
            if self._held is not None:
                self._traffic.tick(self._held.key)
        except Refused as refusal:
            await running.fail(refusal.body)
        else:
            await self._start(id, running, operation, self._caller)

    async def _start(self, id: str, running: Running, operation: Operation, caller: Caller) -> None:
        # Those still tidying count too, but less strictly: `complete` and `subscribe` may come in one breath.
        most = self._limits.operations
        if len(self._by_id) >= most or len(self._all) >= 2 * most:
            refusal = f"{most} operations may run on one socket at once; complete one first."
            return await running.fail(problem(refusal, "TOO_MANY_OPERATIONS"))
        self._by_id[id] = running
        self._all.add(running)
        running.task = asyncio.create_task(self._run(running, operation, caller))
        running.task.add_done_callback(lambda _: self._all.discard(running))
        return None

    async def _run(self, running: Running, operation: Operation, caller: Caller) -> None:
        ended = await running.run(self._service, operation, caller)
        if ended is None:
            return
        others = [other.task for other in self._all - {running} if other.task]
        if others:
            await asyncio.wait(others, timeout=GRACE)
        await self.close(FORBIDDEN, ended)

    def _stop(self, id: str) -> None:
        if running := self._by_id.pop(id, None):
            running.stop()

    def _release(self, id: str, running: Running) -> None:
        if self._by_id.get(id) is running:
            del self._by_id[id]

    async def _stop_all(self) -> None:
        tasks = [running.task for running in self._all if running.task]
        for running in self._all:
            running.stop()
        if self._admission is not None:
            self._admission.cancel()
            tasks.append(self._admission)
        if tasks:
            await asyncio.wait(tasks)

    async def _say(self, frame: str) -> None:
        await self._line.send({"type": "websocket.send", "text": frame})


def _id_of(message: dict[str, Any]) -> str:
    given = message.get("id")
    if not isinstance(given, str) or not given:
        raise Malformed("`id` must be a string that is not empty")
    return given


def _payload_of(message: dict[str, Any]) -> dict[str, Any] | None:
    payload = message.get("payload")
    if not isinstance(payload, dict | None):
        raise Malformed("`payload` must be an object, or null")
    return payload
