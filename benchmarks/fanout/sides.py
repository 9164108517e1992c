"""A server, the crowd before it and whoever publishes there; and the house whose database they share."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from benchmarks.fanout.conference import Conference
from benchmarks.fanout.servers import ROTUNDA, Contender, Served
from benchmarks.fanout.telling import CROWD, Crowd, Publisher, Told, bystander, greetings
from benchmarks.running import served
from rotunda.settings import Settings

_AT_ONCE = 250
_REASON = "The room is flooded; moved by two hours and to room 4B."
_QUIET = 0.3  # seconds before each telling


@dataclass
class Side:
    """A server with its crowd and its publisher."""

    served: Served
    crowd: Crowd
    publisher: Publisher
    tokens: list[str]
    size: int = 0

    @property
    def key(self) -> str:
        """Its contender's."""
        return self.served.contender.key

    async def told(self) -> tuple[Told, str]:
        """Publish once, after a little quiet."""
        await asyncio.sleep(_QUIET)
        return await self.publisher.told(self.crowd)

    async def dismiss(self) -> None:
        """Have the crowd hang up, and the server notice."""
        await self.crowd.ask("close")
        self.size = 0
        await subscribed(self.served, 0)

    async def grow(self, size: int) -> None:
        """Have the crowd grow to a size, some at a time."""
        while self.size < size:
            some = min(_AT_ONCE, size - self.size)
            asked = greetings(self.served, self.tokens, some, first=self.size)
            await self.crowd.ask("open", port=self.served.port, greetings=asked)
            self.size += some
            await subscribed(self.served, self.size)


@dataclass
class House:
    """The database with a conference in it, and how servers are put before it."""

    settings: Settings
    dsn: str
    conference: Conference

    @asynccontextmanager
    async def side(
        self, contender: Contender = ROTUNDA, crowd_of: str = CROWD, **settings: str
    ) -> AsyncIterator[Side]:
        """A server of its own, with settings if need be, and an empty crowd before it."""
        environment = {
            "DATABASE_URL": self.settings.dsn,
            "ROTUNDA_SECRET": self.settings.secret.decode(),
            "ROTUNDA_VAR": str(self.settings.folder),
            **settings,
        }
        commits: list[int] = []
        listener = await bystander(self.dsn, commits)
        crowd = await Crowd.gather(crowd_of)
        try:
            async with served(contender, environment) as server:
                conference = self.conference
                postponed = {"eventId": conference.event, "reason": _REASON}
                publisher = Publisher(server, conference.secretariat, postponed, commits=commits)
                yield Side(server, crowd, publisher, conference.members)
        finally:
            await crowd.leave()
            await listener.close()


async def subscribed(server: Served, count: int) -> None:
    """Wait until a server says that so many listen."""
    async with httpx.AsyncClient() as client, asyncio.timeout(60):
        while True:
            answer = await client.get(f"http://127.0.0.1:{server.port}/ready")
            if answer.json().get("subscribers") == count:
                return
            await asyncio.sleep(0.1)
