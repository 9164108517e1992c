"""Migrating: bringing the database to the schema that this code was written for.

A migration is a file `migrations/versions/<number>_<what>.py` whose revision is that number; the newest is
the highest. Each runs in its own transaction with a lock timeout of 50 ms and is tried again, so that waiting
for a long reader never queues every writer behind it. Processes that start together take turns by polling
`pg_try_advisory_lock`.
"""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rotunda import database
from rotunda.refusals import StartRefused

if TYPE_CHECKING:  # costs a third of a second to import, which a start with nothing to do should not pay
    from sqlalchemy import Connection

FOLDER = Path(__file__).parent.parent / "migrations"
LOCK_TIMEOUT_MS = 50
LONGEST_WAIT = 60  # seconds

Say = Callable[[str], None]


async def migrate(dsn: str, say: Say = lambda _: None) -> None:
    """Run what is missing, telling `say` each migration's name. With nothing to do it costs two queries.

    Raises:
        StartRefused: the database is unreachable, newer than this code, or busy for longer than a minute.
    """
    connection = await database.connect(dsn)
    try:
        if not missing(await revision(connection)):
            return
        async with database.our_turn_to_migrate(connection):
            for number, name in missing(await revision(connection)):
                say(f"Migrating: {name}")
                await _patiently(dsn, number)
    finally:
        await connection.close()


async def revision(connection: database.Connection) -> str | None:
    """The database's revision, or None for an empty one."""
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return None
    found: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    return found


def known() -> list[tuple[str, str]]:
    """Every migration in order: its number and the name of its file."""
    return sorted(
        (file.stem.partition("_")[0], file.stem) for file in (FOLDER / "versions").glob("[0-9]*.py")
    )


def missing(at: str | None) -> list[tuple[str, str]]:
    """The migrations that a database at revision `at` has not had.

    Raises:
        StartRefused: this code does not know that revision.
    """
    numbers = [number for number, _ in known()]
    if at is not None and at not in numbers:
        newest = numbers[-1] if numbers else "none"
        raise StartRefused(
            f"The database is newer than this code: it is at revision {at}, and this code ends at {newest}; "
            "start the newer Rotunda, or point DATABASE_URL at another database."
        )
    return known()[numbers.index(at) + 1 :] if at else known()


def script(sql: str) -> None:
    """Run many statements within a migration, as they are written.

    `op.execute` takes one statement at a time here (asyncpg prepares them) and reads `:name` as a parameter.
    """
    from alembic import op

    op.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_MS}ms'")  # and so the transaction has begun
    pooled: Any = op.get_bind().connection.dbapi_connection
    pooled.run_async(lambda connection: connection.execute(sql))


async def _patiently(dsn: str, number: str) -> None:
    import asyncpg
    from sqlalchemy.exc import DBAPIError

    clock = asyncio.get_running_loop().time
    deadline = clock() + LONGEST_WAIT
    pause = 0.05
    while True:
        try:
            return await _upgrade(dsn, number)
        except (DBAPIError, asyncpg.LockNotAvailableError) as problem:  # the latter from `script`
            if getattr(getattr(problem, "orig", problem), "sqlstate", None) != "55P03":  # lock_not_available
                raise
            if clock() > deadline:
                raise StartRefused(
                    f"Migration {number} found its tables in use for a minute; try again later."
                ) from None
        await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311  # jitter, not a secret
        pause = min(pause * 2, 1)


async def _upgrade(dsn: str, number: str) -> None:
    import asyncpg
    from alembic import command
    from alembic.config import Config
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    def upgrade(connection: "Connection") -> None:
        config = Config()
        config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, number)

    async def connect() -> database.Connection:
        return await asyncpg.connect(dsn, server_settings={"lock_timeout": f"{LOCK_TIMEOUT_MS}ms"})

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(upgrade)
    await engine.dispose()
