"""The database as the command line meets it: started, reached, taken in turns, or one sentence on why not."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import asyncpg

from rotunda.refusals import StartRefused
from rotunda.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

log = logging.getLogger(__name__)

OLDEST = 18  # uuidv7() and temporal keys came with it
LONGEST_TURN = 60  # seconds
LOOK_SECONDS = 2  # between two looks at whether the embedded PostgreSQL lives
MIGRATING = 7402  # the advisory lock of migrations; the log's seal holds 7401


_ACT_SETTINGS = {"jit": "off", "statement_timeout": "5000", "lock_timeout": "2000", "transaction_timeout": "30000",
                 "idle_in_transaction_session_timeout": "10000"}  # fmt: skip


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[str]:
    """The address of the database, the embedded one started for as long as somebody uses it.

    Raises:
        StartRefused: the embedded PostgreSQL cannot be started.
    """
    if settings.database_url:
        yield settings.dsn
        return
    from rotunda import postgres

    dsn = await asyncio.to_thread(postgres.start, settings.folder)
    keeping = asyncio.create_task(_keep_up(settings.folder))
    try:
        yield dsn
    finally:
        keeping.cancel()
        await asyncio.to_thread(postgres.leave, settings.folder)


async def connect(dsn: str) -> Connection:
    """A connection to a PostgreSQL that is new enough. The caller closes it.

    Raises:
        StartRefused: nobody answers, the login is refused, there is no such database, or it is too old.
    """
    try:
        connection = await asyncpg.connect(dsn, timeout=5)
    except asyncpg.InvalidCatalogNameError:
        raise StartRefused(
            "DATABASE_URL names a database that does not exist; make it with createdb."
        ) from None
    except asyncpg.InvalidAuthorizationSpecificationError:
        raise StartRefused("The database refused the user or the password in DATABASE_URL.") from None
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as problem:
        why = str(problem) or type(problem).__name__
        raise StartRefused(f"The database cannot be reached; check DATABASE_URL ({why}).") from None
    version = connection.get_server_version()
    if version.major < OLDEST:
        await connection.close()
        raise StartRefused(
            f"DATABASE_URL leads to PostgreSQL {version.major}; Rotunda needs {OLDEST} or newer."
        )
    return connection


@asynccontextmanager
async def our_turn_to_migrate(connection: Connection) -> AsyncIterator[None]:
    """Wait for this process's turn by polling: the blocking form deadlocks with CREATE INDEX CONCURRENTLY.

    Raises:
        StartRefused: another process kept it for a minute.
    """
    for _ in range(LONGEST_TURN * 10):
        if await connection.fetchval("SELECT pg_try_advisory_lock($1)", MIGRATING):
            break
        await asyncio.sleep(0.1)
    else:
        raise StartRefused("Another process has been migrating the database for a minute; try again later.")
    try:
        yield
    finally:
        await connection.fetchval("SELECT pg_advisory_unlock($1)", MIGRATING)


async def _keep_up(folder: Path) -> None:
    """Start the embedded PostgreSQL again when something killed it; one that was stopped stays so."""
    from rotunda import postgres

    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            if postgres.Cluster(folder).was_killed():
                log.warning("PostgreSQL was killed; starting it again")
                await asyncio.to_thread(postgres.start, folder)
        except (StartRefused, OSError) as problem:
            log.warning("PostgreSQL does not come back: %s", problem)


def writing(settings: Settings, session: dict[str, str]) -> "AsyncEngine":
    """Connections for acts; ``session`` holds PostgreSQL's settings for each, and may still change until the first."""
    from sqlalchemy.ext.asyncio import create_async_engine

    async def connect() -> "asyncpg.Connection[asyncpg.Record]":
        return await asyncpg.connect(settings.dsn, server_settings={**_ACT_SETTINGS, **session}, timeout=5)

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        pool_size=settings.writers,
        max_overflow=0,
        pool_timeout=2,
    )
