"""A hub over a real log with a plain feed: it hands out the positions themselves, and keeps what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

import asyncpg

from models.positions import opened
from notifications.hub import Asker, Hub
from notifications.log import Log
from notifications.streams import Stream
from policy.viewer import Acting
from tests.living import until

PATIENCE = 60.0
_WRITE = (
    "INSERT INTO notices (kind, subject, revision, topics, rights, payload) "
    "VALUES ($1, uuidv7(), 1, $2, $3, '{}') RETURNING id"
)


@dataclass(eq=False)
class Positions:
    """A feed whose payloads are their positions; it depends on whether the viewer is a member."""

    kinds: frozenset[str] = frozenset({"EventHeld"})
    asked: list[tuple[str, tuple[int, ...], int]] = field(default_factory=list)
    broken: int = 0

    def mentions(self, kind: str) -> frozenset[str]:
        return frozenset({"member"}) if kind else frozenset()

    async def payloads(
        self, kind: str, positions: Sequence[int], viewers: Sequence[Acting]
    ) -> list[tuple[int, int, bytes]]:
        self.asked.append((kind, tuple(positions), len(viewers)))
        await asyncio.sleep(0)
        if self.broken:
            self.broken -= 1
            raise RuntimeError("a payload that cannot be read just now")
        return [(position, no, b"%d" % position) for position in positions for no in range(len(viewers))]

    def heartbeat(self, cursor: str) -> bytes:
        return f"beat {opened(cursor)[0]}".encode()

    def expired(self, head: str) -> bytes:
        return f"expired {opened(head)[0]}".encode()

    def ended(self, reason: str, cursor: str) -> bytes:
        return f"ended {reason} {opened(cursor)[0]}".encode()


@dataclass
class Office:
    """Who may do what, as the test has it: tokens and whom they stand for at this moment."""

    people: dict[bytes, Acting] = field(default_factory=dict)
    unreachable: int = 0
    looks: list[int] = field(default_factory=list)

    async def acting(self, asked: Sequence[Asker]) -> list[Acting | None]:
        self.looks.append(len(asked))
        await asyncio.sleep(0)
        if self.unreachable:
            self.unreachable -= 1
            raise OSError("the database is away")
        return [Acting() if token is None else self.people.get(token) for token, _ in asked]


@dataclass
class Tail:
    """A hub, the log it reads, and a way to write into that."""

    hub: Hub
    office: Office
    pool: "asyncpg.Pool[asyncpg.Record]"
    epoch: str
    feed: Positions = field(default_factory=Positions)

    async def write(
        self, kind: str = "EventHeld", *, topic: str = "public", rights: Sequence[UUID] = ()
    ) -> int:
        """Write a notice; its position."""
        row = await self.pool.fetchval(_WRITE, kind, [topic], list(rights))
        return int(await self.pool.fetchval("SELECT pos FROM notices WHERE id = $1", row))

    async def write_many(self, count: int) -> None:
        async with self.pool.acquire() as connection:
            await connection.executemany(_WRITE, [("EventHeld", ["public"], [])] * count)

    async def told(self) -> None:
        """Wait until the hub has handed out all there is."""
        last = await self.pool.fetchval("SELECT log_head()")
        await until(lambda: self.hub.settled == last)

    async def positions(self, after: int = 0) -> list[int]:
        """Every position behind one, as the log has them."""
        return [
            row["pos"]
            for row in await self.pool.fetch("SELECT pos FROM notices WHERE pos > $1 ORDER BY 1", after)
        ]

    async def listening(self, acting: Acting | None = None, after: str | None = None) -> "Ear":
        """A subscriber, known by a token of its own."""
        token = None if acting is None else f"token {len(self.office.people)}".encode()
        if token and acting:
            self.office.people[token] = acting
        stream = await self.hub.subscribe(self.feed, acting or Acting(), token, after)
        return Ear(stream, stream.items(), token)

    def promote(self, ear: "Ear", *, member: bool) -> None:
        """What the office would now answer for a subscriber."""
        assert ear.token
        self.office.people[ear.token] = replace(self.office.people[ear.token], member=member)


@dataclass
class Ear:
    """A subscriber's end."""

    stream: Stream
    items: AsyncIterator[bytes]
    token: bytes | None

    async def next(self) -> str:
        return (await asyncio.wait_for(anext(self.items), PATIENCE)).decode()

    async def hear(self, count: int) -> list[int]:
        """So many positions, heartbeats left out."""
        heard: list[int] = []
        while len(heard) < count:
            said = await self.next()
            if not said.startswith("beat"):
                heard.append(int(said))
        return heard

    async def rest(self) -> list[str]:
        """All until the stream ends."""
        async with asyncio.timeout(PATIENCE):
            return [said.decode() async for said in self.items if not said.startswith(b"beat")]


@asynccontextmanager
async def tailing(dsn: str, *, heartbeat: float = 60, deaf: bool = False) -> AsyncIterator[Tail]:
    """A hub that follows a database's log; a deaf one never gets a wake-up line."""
    office = Office()
    async with asyncpg.create_pool(dsn, min_size=1, max_size=6) as pool:
        wake_up = "postgresql://nobody@127.0.0.1:1/nowhere" if deaf else dsn
        hub = Hub(wake_up, Log(pool), office.acting, heartbeat_seconds=heartbeat)
        await hub.start()
        try:
            yield Tail(hub, office, pool, await pool.fetchval("SELECT log_epoch()"))
        finally:
            await hub.stop()
