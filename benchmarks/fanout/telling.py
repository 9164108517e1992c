"""One telling: something is published, and the crowd says when its first and its last socket had heard of it."""

import asyncio
import secrets
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg
import orjson

from benchmarks.fanout.servers import ROTUNDA, Served
from benchmarks.running import HERE, PYTHON
from notifications.log import CHANNEL

SUBSCRIBED = """subscription ($after: Cursor) { eventPostponed(after: $after) {
  ... on EventPostponed { cursor reason event { id title status }
    was { startsAt timeZone } now { startsAt timeZone } } } }"""
_PEERS = (
    "subscription { eventPostponed { cursor reason event { id title status }"
    " was { startsAt timeZone } now { startsAt timeZone } } }"
)
_POSTPONE = """mutation ($input: PostponeEventInput!) { outcome: postponeEvent(input: $input) {
  ... on Event { id } ... on Problem { message } } }"""
CROWD = "benchmarks.fanout.crowd"
_LINE = 64 * 1024 * 1024
_SETTLES = 0.15  # seconds after which a server has tidied up behind a telling


@dataclass(frozen=True)
class Told:
    """Milliseconds until the first, the middle and the last socket heard, and the server's CPU time.

    They are counted from the commit, as the database tells a bystander; for a peer, which commits nothing, from the
    request. ``asked`` is the time from the request to the last socket.
    """

    first: float
    middle: float
    last: float
    asked: float
    cpu: float


@dataclass
class Crowd:
    """The process that holds the sockets to one server."""

    process: asyncio.subprocess.Process

    @classmethod
    async def gather(cls, module: str = CROWD) -> "Crowd":
        """Start it; it ends when its input does."""
        pipe = asyncio.subprocess.PIPE
        command = (*PYTHON, module)
        return cls(
            await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, cwd=HERE, limit=_LINE)
        )

    async def ask(self, do: str, **asked: Any) -> dict[str, Any]:
        """Have something done."""
        await self.say(do, **asked)
        answer: dict[str, Any] = orjson.loads(await self.line())
        return answer

    async def say(self, do: str, **asked: Any) -> None:
        """Ask without waiting for the answer."""
        assert self.process.stdin  # noqa: S101 - it was asked for
        self.process.stdin.write(orjson.dumps({"do": do, **asked}) + b"\n")
        await self.process.stdin.drain()

    async def line(self) -> bytes:
        """The next line that it says."""
        assert self.process.stdout  # noqa: S101 - it was asked for
        said = await self.process.stdout.readline()
        if not said:
            sys.exit("The crowd has gone; why stands above.")
        return said

    async def leave(self) -> None:
        """Go home."""
        if self.process.returncode is None and self.process.stdin:
            self.process.stdin.close()
            await self.process.wait()


@dataclass
class Publisher:
    """Whoever makes something happen at a server, over a connection that is opened before time is taken."""

    served: Served
    token: str
    given: Mapping[str, str]
    act: str = _POSTPONE
    commits: list[int] = field(default_factory=list)
    what: Mapping[str, Any] = field(default_factory=dict)  # what peers are to tell

    def __post_init__(self) -> None:
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def told(self, crowd: Crowd) -> tuple[Told, str]:
        """Publish, and wait until everybody has heard; what they heard."""
        await crowd.say("expect", each=1)
        await crowd.line()
        spent = self.served.cpu()
        began = await self.publish()
        heard = orjson.loads(await crowd.line())
        await self.answered()
        await asyncio.sleep(_SETTLES)
        # On a busy machine the bystander may hear after the crowd; then the first of those is nearer the truth.
        since = min(self.commits[-1], heard["first"]) if self.served.contender is ROTUNDA else began
        first, middle, last = ((heard[name] - since) / 1e6 for name in ("first", "middle", "last"))
        asked = (heard["last"] - began) / 1e6
        return Told(first, middle, last, asked, (self.served.cpu() - spent) * 1e3), heard["said"]

    async def publish(self) -> int:
        """Send the request; when that was, in nanoseconds."""
        path, body = self._request()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nAuthorization: Bearer {self.token}\r\n\r\n"
        )
        self._line = await asyncio.open_connection("127.0.0.1", self.served.port)
        began = time.monotonic_ns()
        self._line[1].write(head.encode() + body)
        return began

    async def answered(self) -> bytes:
        """The answer to what was published, which must be good."""
        assert self._line  # noqa: S101 - after publishing
        reader, writer = self._line
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        writer.close()
        if b" 200 " not in head or b'"message"' in body:
            sys.exit(f"{self.served.contender.title} did not publish: {body[:400]!r}")
        return body

    def _request(self) -> tuple[str, bytes]:
        if self.served.contender is not ROTUNDA:
            return "/publish", orjson.dumps(self.what)
        given = {**self.given, "idempotencyKey": secrets.token_hex(8)}
        return "/graphql", orjson.dumps({"query": self.act, "variables": {"input": given}})


async def bystander(dsn: str, commits: list[int]) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection that notes when the log grew: the moment the database told everybody who waits for that."""
    connection = await asyncpg.connect(dsn)
    await connection.add_listener(CHANNEL, lambda *_: commits.append(time.monotonic_ns()))
    return connection


def greetings(
    served: Served,
    tokens: Sequence[str],
    count: int,
    *,
    first: int = 0,
    after: str | None = None,
    query: str | None = None,
) -> list[list[dict[str, Any]]]:
    """What so many sockets say: who they are, in turn from the first, and what they want, each under its own id."""
    ours = served.contender is ROTUNDA
    payload: dict[str, Any] = {"query": query or (SUBSCRIBED if ours else _PEERS)}
    if after:
        payload["variables"] = {"after": after}
    return [
        [
            {"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"} if ours else {}},
            {"id": str(uuid4()), "type": "subscribe", "payload": payload},
        ]
        for token in (tokens[number % len(tokens)] for number in range(first, first + count))
    ]
