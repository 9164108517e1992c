"""Living servers for tests: one in the test's own loop, or processes of their own; and the people who talk to them."""

import asyncio
import itertools
import os
import re
import secrets
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import orjson
import pytest
import uvicorn
from graphql import GraphQLInputObjectType, GraphQLUnionType, build_schema, get_named_type
from starlette.types import ASGIApp, Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from notifications.hub import Hub
from rotunda import postgres, tokens
from rotunda.app import Doors, build_app
from rotunda.service import House
from rotunda.settings import Settings

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0  # seconds; generous, for nothing here is timed
SUBPROTOCOL = Subprotocol("graphql-transport-ws")
NO_NOTICES = frozenset({"Heartbeat", "CursorExpired", "StreamEnded"})
Row = dict[str, Any]
#: Tests are busier than anyone: those that are about limits set their own.
GENEROUS = dict.fromkeys(
    ("requests_per_account", "requests_per_address", "acts_per_account", "streams_per_account"), 1_000_000
)


@dataclass(frozen=True)
class Frame:
    """What a stream's transport said: `next`, `complete`, `error` or `closed`."""

    kind: str
    payload: Any = None


class Heard:
    """What has come over one subscription so far, in order, read as fast as it comes."""

    def __init__(self) -> None:
        self.frames: asyncio.Queue[Frame] = asyncio.Queue()

    async def frame(self, patience: float = PATIENCE) -> Frame:
        return await asyncio.wait_for(self.frames.get(), patience)

    async def item(self, patience: float = PATIENCE) -> Row:
        """The next item, whatever it is."""
        frame = await self.frame(patience)
        assert frame.kind == "next", frame
        return _item_of(frame)

    async def notice(self) -> Row:
        """The next item that is no heartbeat."""
        while (item := await self.item())["__typename"] == "Heartbeat":
            pass
        return item

    async def notices(self, count: int) -> list[Row]:
        return [await self.notice() for _ in range(count)]

    async def rest(self) -> list[Frame]:
        """Every frame until the transport closes."""
        heard: list[Frame] = []
        while not heard or heard[-1].kind != "closed":
            heard.append(await self.frame())
        return heard


@dataclass
class Place:
    """A server somebody can talk to, and the database behind it."""

    url: str
    dsn: str
    http: httpx.AsyncClient

    async def caller(self, email: str | None = None, *, bound_to: str | None = None) -> "Caller":
        """Somebody with a fresh token, bound to a city's mayor if one is named; a visitor without an address."""
        if email is None:
            return Caller(self, None)
        settings = Settings(database_url=self.dsn)  # type: ignore[arg-type]  # validated from text
        return Caller(self, await tokens.issue(settings, email, bound_to))

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        """What a statement yields under the database's owner."""
        connection = await asyncpg.connect(self.dsn)
        try:
            return list(await connection.fetch(statement, *values))
        finally:
            await connection.close()

    async def value(self, statement: str, *values: Any) -> Any:
        rows = await self.rows(statement, *values)
        return rows[0][0] if rows else None


@dataclass(frozen=True)
class Caller:
    """Somebody at a server: with a token or without, in a chosen capacity or the default one."""

    place: Place
    token: str | None
    capacity: str | None = None

    def at(self, place: Place) -> "Caller":
        """The same person, talking to another server of the same conference."""
        return replace(self, place=place)

    def acting_for(self, capacity: str) -> "Caller":
        return replace(self, capacity=capacity)

    @property
    def credentials(self) -> dict[str, str]:
        token = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return token | ({"Rotunda-Acting-For": self.capacity} if self.capacity else {})

    async def response(self, document: str, **variables: Any) -> httpx.Response:
        body = {"query": document, "variables": variables}
        return await self.place.http.post(
            f"{self.place.url}/graphql", json=body, headers=self.credentials, timeout=PATIENCE
        )

    async def ask(self, document: str, **variables: Any) -> Any:
        """The data of an answer that has no errors."""
        answer = (await self.response(document, **variables)).json()
        assert "errors" not in answer, answer
        return answer["data"]

    async def code(self, document: str, **variables: Any) -> str:
        """The code of the one error that an operation is answered with."""
        errors = (await self.response(document, **variables)).json()["errors"]
        assert len(errors) == 1, errors
        return str(errors[0]["extensions"]["code"])

    async def act(self, act: str, **given: Any) -> Row:
        """Carry out an act; the thing or the problem, with all that either says. The key is new unless given."""
        given.setdefault("idempotencyKey", secrets.token_hex(8))
        outcome: Row = (await self.ask(act_document(act), input=given))["outcome"]
        return outcome

    async def done(self, act: str, **given: Any) -> Row:
        """Carry out an act that must succeed."""
        outcome = await self.act(act, **given)
        assert "message" not in outcome, outcome
        return outcome

    async def head(self) -> str:
        """The log's end; listen after it, and nothing is missed."""
        return str((await self.ask("{ head }"))["head"])

    async def capacities(self) -> list[Row]:
        asked = "{ viewer { capacities { id scopes principal { id name city { slug } } } } }"
        found: list[Row] = (await self.ask(asked))["viewer"]["capacities"]
        return found

    async def capacity_for(self, slug: str) -> str:
        """The id of the capacity in which one acts for a city's mayor."""
        found = [
            c for c in await self.capacities() if c["principal"] and c["principal"]["city"]["slug"] == slug
        ]
        return str(found[0]["id"])

    @asynccontextmanager
    async def listening(self, document: str, *, over: str = "ws", **variables: Any) -> AsyncIterator[Heard]:
        """Listen to a subscription; what comes is read as it comes."""
        opened = self._over_sse if over == "sse" else self._over_socket
        heard = Heard()
        if "after" not in variables and isinstance(self.place, Home):
            await self.place.told()
        async with AsyncExitStack() as stack:
            pump = await stack.enter_async_context(opened(heard, document, variables))
            task = asyncio.create_task(pump())
            try:
                yield heard
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[ClientConnection]:
        """A graphql-transport-ws connection that has been acknowledged."""
        address = f"{self.place.url.replace('http', 'ws', 1)}/graphql"
        quick: dict[str, Any] = {"compression": None, "proxy": None, "close_timeout": 0.2, "max_size": None}
        async with connect(address, subprotocols=[SUBPROTOCOL], **quick) as connection:
            await _say(connection, type="connection_init", payload=self.credentials)
            acknowledged = orjson.loads(await asyncio.wait_for(connection.recv(), PATIENCE))
            assert acknowledged == {"type": "connection_ack"}
            yield connection

    async def refused_socket(self) -> tuple[int, str]:
        """The code and reason a socket is closed with when it is not admitted."""
        with pytest.raises(ConnectionClosed) as closed:
            async with self.socket():
                pytest.fail("the socket was acknowledged")
        assert closed.value.rcvd
        return closed.value.rcvd.code, closed.value.rcvd.reason

    @asynccontextmanager
    async def _over_socket(
        self, heard: Heard, document: str, variables: Row
    ) -> AsyncIterator[Callable[[], Any]]:
        async with self.socket() as connection:
            await subscribe(connection, document, **variables)

            async def pump() -> None:
                try:
                    async for text in connection:
                        said = orjson.loads(text)
                        await heard.frames.put(Frame(said["type"], said.get("payload")))
                except ConnectionClosed:
                    pass
                closed = (connection.close_code, connection.close_reason)
                await heard.frames.put(Frame("closed", closed))

            yield pump

    @asynccontextmanager
    async def _over_sse(
        self, heard: Heard, document: str, variables: Row
    ) -> AsyncIterator[Callable[[], Any]]:
        body = {"query": document, "variables": variables}
        headers = {**self.credentials, "Accept": "text/event-stream"}
        patience = httpx.Timeout(PATIENCE, read=None)
        async with self.place.http.stream(
            "POST", f"{self.place.url}/graphql", json=body, headers=headers, timeout=patience
        ) as response:

            async def pump() -> None:
                kind = ""
                try:
                    async for line in response.aiter_lines():
                        name, _, text = line.partition(": ")
                        if name == "event":
                            kind = text
                        elif name == "data":
                            await heard.frames.put(Frame(kind, orjson.loads(text) if text else None))
                except httpx.TransportError:
                    pass
                await heard.frames.put(Frame("closed"))

            yield pump


@dataclass
class Follower:
    """A program that means to miss nothing: it keeps its cursor after applying, and comes back whatever happens.

    The client's contract of `docs`: apply in order, persist the cursor after applying, reconnect with full jitter,
    and on `CursorExpired` read the present state and go on from its `head`.
    """

    caller: Callable[[], Caller]
    document: str
    cursor: str | None
    snapshot: Callable[[Caller], Any] | None = None
    jitter: tuple[float, float] = (0.05, 0.5)
    applied: list[Row] = field(default_factory=list)
    snapshots: list[Row] = field(default_factory=list)
    connections: int = 0

    async def follow(self) -> None:
        """Follow for ever; cancel it to stop."""
        while True:
            try:
                caller = self.caller()
                async with caller.listening(self.document, after=self.cursor) as heard:
                    self.connections += 1
                    await self._apply(caller, heard)
            except (OSError, ConnectionClosed, TimeoutError, httpx.TransportError, AssertionError):
                pass  # the server is gone, or about to be
            await asyncio.sleep(_dice.uniform(*self.jitter))

    @asynccontextmanager
    async def online(self) -> AsyncIterator["Follower"]:
        """Follow while the block runs."""
        task = asyncio.create_task(self.follow())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _apply(self, caller: Caller, heard: Heard) -> None:
        while (frame := await heard.frames.get()).kind == "next":
            item = _item_of(frame)
            if item["__typename"] == "CursorExpired":
                state = await self.snapshot(caller) if self.snapshot else {"head": item["head"]}
                self.snapshots.append(state)
                self.cursor = state["head"]
            elif item["__typename"] not in NO_NOTICES:
                self.applied.append(item)
                self.cursor = item["cursor"]


@dataclass
class Home(Place):
    """A server in the test's own loop, whose inside can be looked at."""

    app: Doors
    var: Path

    @property
    def house(self) -> House:
        found = self.app.endpoint._http._service  # noqa: SLF001 - tests may look behind the door
        assert isinstance(found, House)
        return found

    @property
    def hub(self) -> Hub:
        found = self.house.hub
        assert found is not None
        return found

    async def told(self) -> None:
        """Give the hub time for all that was written: who listens from now on might else hear of it still."""
        last = await self.value("SELECT log_head()")
        for _ in range(200):
            if self.house.hub is None or self.hub.settled >= last:
                break
            await asyncio.sleep(0.01)

    async def mailed_code(self, *, to: str) -> str:
        """The code in the newest invitation to an address."""
        await until(lambda: self.letters(to=to))
        text = self.letters(to=to)[-1].get_body(("plain",))
        assert text
        code = re.search(r"^\s*([\w-]{20})\s*$", text.get_content(), re.MULTILINE)
        assert code, text.get_content()
        return code[1]

    def letters(self, *, to: str) -> list[EmailMessage]:
        letters = []
        for path in sorted(self.var.glob("mail/[!.]*.eml"), key=lambda path: path.stat().st_mtime_ns):
            letter = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(letter, EmailMessage)
            if to in str(letter["To"]):
                letters.append(letter)
        return letters


@dataclass
class Server(Place):
    """A server in a process of its own. It can be killed, and comes back on the same port."""

    var: Path
    process: Process
    port: int

    def kill(self) -> None:
        """What kill -9 does: nobody is told, nothing is tidied."""
        self.process.send_signal(signal.SIGKILL)

    async def start_again(self) -> None:
        await self.process.wait()
        self.process, _ = await _started(self.dsn, self.var, self.port)

    async def stop(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


class Street:
    """One uvicorn for the whole run; each house on it has its own first step in the path."""

    def __init__(self) -> None:
        self.houses: dict[str, ASGIApp] = {}
        config = uvicorn.Config(
            self,
            port=0,
            lifespan="off",
            http="httptools",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=1,
            log_level="error",
        )
        self._server = uvicorn.Server(config)
        self._numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _, number, rest = scope["path"].split("/", 2)
        await self.houses[number]({**scope, "path": f"/{rest}"}, receive, send)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Street"]:
        running = asyncio.create_task(self._server.serve())
        while not self._server.started:  # noqa: ASYNC110 - uvicorn offers no event
            await asyncio.sleep(0.005)
        yield self
        self._server.should_exit = True
        await running

    @asynccontextmanager
    async def home(self, dsn: str, var: Path, **settings: Any) -> AsyncIterator[Home]:
        """A server over a database, with settings of the test's own."""
        number = str(next(self._numbers))
        port = self._server.servers[0].sockets[0].getsockname()[1]
        app = build_app(Settings(database_url=dsn, var=var, port=port, **{**GENEROUS, **settings}))  # type: ignore[arg-type]  # text
        assert isinstance(app, Doors)
        async with app.router.lifespan_context(app), httpx.AsyncClient(limits=_ROOMY) as http:
            self.houses[number] = app
            yield Home(f"http://127.0.0.1:{port}/{number}", dsn, http, app, var)
            del self.houses[number]
            await app.state.drain()


def a_free_port() -> socket.socket:
    """A port to serve at. It is called TCP by name, or asyncio leaves Nagle's algorithm on: 40 ms for each answer."""
    listener = socket.socket(proto=socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    return listener


@asynccontextmanager
async def serving(database: str | None, var: Path) -> AsyncIterator[Server]:
    """`python -m rotunda serve` over a database, or with one of its own, on a free port."""
    process, port = await _started(database, var, 0)
    dsn = database or postgres.Cluster(var).address()
    async with httpx.AsyncClient(limits=_ROOMY) as http:
        server = Server(f"http://127.0.0.1:{port}", dsn, http, var, process, port)
        try:
            yield server
        finally:
            await server.stop()


@asynccontextmanager
async def planted(cluster: postgres.Cluster, template: str) -> AsyncIterator[str]:
    """A fresh database with the seeds, for longer than one test."""
    name = f"living_{os.getpid()}_{next(_databases)}"
    await _run(cluster, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        yield cluster.address(name)
    finally:
        await _run(cluster, f"DROP DATABASE {name} WITH (FORCE)")


async def subscribe(connection: ClientConnection, document: str, **variables: Any) -> None:
    """Start the one subscription of a socket."""
    payload = {"query": document, "variables": variables}
    await _say(connection, id="1", type="subscribe", payload=payload)


async def until(condition: Callable[[], Any]) -> None:
    """Wait for something that is about to become true."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - most of these conditions have no event
            await asyncio.sleep(0.01)


@cache
def act_document(act: str) -> str:
    """A mutation that selects everything its outcome may say."""
    schema = build_schema((ROOT / "schema" / "schema.graphql").read_text())
    assert schema.mutation_type
    declared = schema.mutation_type.fields[act]
    asked = get_named_type(declared.args["input"].type)
    assert isinstance(asked, GraphQLInputObjectType)
    outcome = get_named_type(declared.type)
    assert isinstance(outcome, GraphQLUnionType)
    wanted = " ".join(f"... on {kind.name} {_SAID.get(kind.name, _MESSAGE)}" for kind in outcome.types)
    return f"mutation ($input: {asked.name}!) {{ outcome: {act}(input: $input) {{ __typename {wanted} }} }}"


_MESSAGE = "{ message }"
_SAID = {
    "Event": "{ id title status version revision startsAt endsAt startsAtLocal endsAtLocal timeZone location reason"
    " previously { status startsAt startsAtLocal timeZone reason at } }",
    "Delegation": "{ id status scopes startsOn endsOn delegate { id email } principal { id name } }",
    "Mayor": "{ id name biography since until city { slug } }",
    "Look": "{ through at trimmed }",
    "Account": "{ id }",
    "ApiToken": "{ id name scopes expiresAt endedAt current secret }",
    "Session": "{ id device place endedAt current }",
    "Passkey": "{ id name removedAt }",
    "Group": "{ id name audience confidentiality }",
    "Membership": "{ id status keeper }",
    "Thread": "{ id title unreadCount }",
    "Post": "{ id number body bodyHtml author { name byline } }",
    "Report": "{ id status }",
    "ResolutionCall": "{ id name dueAt dueAtLocal timeZone sponsorsNeeded open revision }",
    "Resolution": "{ id number title status version revision sponsorCount missing submittedAt }",
    "Invalid": "{ message fields { name message suggestion } }",
    "Conflict": "{ message version }",
}
_ROOMY = httpx.Limits(max_connections=None, max_keepalive_connections=20)
_dice = secrets.SystemRandom()
_databases = itertools.count(1)


def _item_of(frame: Frame) -> Row:
    assert "errors" not in frame.payload, frame
    (item,) = frame.payload["data"].values()
    found: Row = item
    return found


async def _say(connection: ClientConnection, **message: Any) -> None:
    await connection.send(orjson.dumps(message).decode())


async def _started(database: str | None, var: Path, port: int) -> tuple[Process, int]:
    inherited = {
        k: v for k, v in os.environ.items() if not k.startswith("ROTUNDA_") and not k.endswith("_URL")
    }
    generous = {f"ROTUNDA_{name.upper()}": str(most) for name, most in GENEROUS.items()}
    said = _record_in(var)
    with said.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "rotunda", "serve", "--port", str(port)),
            cwd=ROOT,
            env={
                **inherited,
                **generous,
                "ROTUNDA_VAR": str(var),
                **({"DATABASE_URL": database} if database else {}),
            },
            stdout=log,
            stderr=log,
        )
    async with asyncio.timeout(60):
        while "Ctrl-C closes" not in said.read_text():
            assert process.returncode is None, said.read_text()
            await asyncio.sleep(0.05)
    address = re.search(r"open at http://localhost:(\d+)", said.read_text())
    assert address, said.read_text()
    return process, int(address[1])


def _record_in(var: Path) -> Path:
    """A file for what a server says: a pipe that nobody reads would stop it in the end."""
    var.mkdir(exist_ok=True)
    return var / f"said-{secrets.token_hex(4)}.txt"


async def _run(cluster: postgres.Cluster, statement: str) -> None:
    connection = await asyncpg.connect(cluster.address("postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def street() -> AsyncIterator[Street]:
    """Where every in-process server of the run stands."""
    async with Street().open() as street:
        yield street


@pytest.fixture
async def home(street: Street, planted_database: str, tmp_path: Path) -> AsyncIterator[Home]:
    """A server of this test's own, over a fresh conference."""
    async with street.home(planted_database, tmp_path) as home:
        yield home


@pytest.fixture(scope="module")
async def shared_home(
    street: Street,
    cluster: postgres.Cluster,
    planted_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Home]:
    """A server for a whole module, whose tests make what they touch."""
    async with (
        planted(cluster, planted_template) as dsn,
        street.home(dsn, tmp_path_factory.mktemp("var")) as home,
    ):
        yield home
