"""The data that is read: a conference of 1,500 mayors, and another ten times as large."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
from pydantic import SecretStr

from benchmarks.documents import Found
from benchmarks.serving import ROLE
from rotunda import database
from rotunda.postgres import Cluster
from rotunda.serve import prepare
from rotunda.settings import Settings, load
from rotunda.tokens import issue

MAYOR = "mayor@alexandria-va.example"
TENFOLD = 10
Say = Callable[[str], None]
_HERE = Path(__file__).parent
_GROWTH = (_HERE / "conference.sql").read_text()
_PEERS = [(_HERE / "peers" / name).read_text() for name in ("views.sql", "policies.sql")]
_OURS = "SELECT datname FROM pg_database WHERE starts_with(datname, 'conference_' || $1 || '_')"


@dataclass(frozen=True)
class Ground:
    """One conference: where it is, whom it is read as, and what every server is told of it."""

    token: str
    found: Found
    postmaster: int
    environment: dict[str, str]

    @classmethod
    async def of(cls, cluster: Cluster, settings: Settings, name: str) -> "Ground":
        """A conference that has been made."""
        dsn = cluster.address(name)
        found = await Found.at(dsn, MAYOR)
        token = await issue(settings.model_copy(update={"database_url": SecretStr(dsn)}), MAYOR, None)
        environment = {
            "DATABASE_URL": dsn,
            "PGHOST": parse_qs(urlsplit(dsn).query)["host"][0],
            "PGUSER": "postgres",
            "PGDATABASE": name,
            "PGOPTIONS": f"-c role={ROLE}",
            "NODE_ENV": "production",
            "ROTUNDA_SECRET": settings.secret.decode(),
            "ROTUNDA_VAR": str(settings.folder),
            "ROTUNDA_READERS": str(settings.readers),
            # Counted as ever, but one account asks for everybody here.
            "ROTUNDA_REQUESTS_PER_ACCOUNT": "1000000000",
            "ROTUNDA_REQUESTS_PER_ADDRESS": "1000000000",
            "BENCH_TOKEN": token,
            "BENCH_ACCOUNT": str(found.account),
            "BENCH_CAPACITY": str(found.capacity),
        }
        postmaster = int((cluster.data / "postmaster.pid").read_text().split()[0])
        return cls(token, found, postmaster, environment)


@asynccontextmanager
async def ground(var: Path, say: Say) -> AsyncIterator[tuple[Ground, Ground]]:
    """Both conferences, in a PostgreSQL of their own that runs as long as they are needed."""
    settings = load(var=var)
    say("Starting PostgreSQL …")
    async with database.running(settings):
        cluster = Cluster(settings.folder)
        usual, tenfold = [await _conference(cluster, times, say) for times in (1, TENFOLD)]
        yield await Ground.of(cluster, settings, usual), await Ground.of(cluster, settings, tenfold)


async def _conference(cluster: Cluster, times: int, say: Say) -> str:
    """The name of a conference ``times`` as large as the first, made where there is none yet.

    It takes its name from the text that makes it, so that another text makes another one.
    """
    name = f"conference_{times}_{sha256(_GROWTH.encode()).hexdigest()[:8]}"
    operator = await asyncpg.connect(cluster.address("postgres"))
    try:
        known = [row[0] for row in await operator.fetch(_OURS, str(times))]
        for other in set(known) - {name}:
            await operator.execute(f"DROP DATABASE {other} WITH (FORCE)")
        if name not in known:
            say(f"Making a conference of {1500 * times:,} mayors …")
            await _make(cluster, operator, times)
            await operator.execute(f"ALTER DATABASE unfinished RENAME TO {name}")
    finally:
        await operator.close()
    await prepare(cluster.address(name), say)
    connection = await asyncpg.connect(cluster.address(name))
    for text in _PEERS:
        await connection.execute(text)
    await connection.close()
    return name


async def _make(cluster: Cluster, operator: "asyncpg.Connection[asyncpg.Record]", times: int) -> None:
    """Make it under another name: one broken off half-way is never taken for whole."""
    await operator.execute("DROP DATABASE IF EXISTS unfinished WITH (FORCE)")
    await operator.execute("CREATE DATABASE unfinished")
    dsn = cluster.address("unfinished")
    await prepare(dsn, lambda _: None)
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            for statement in _GROWTH.format(times=times).split("\n--;\n"):
                await connection.execute(statement)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
