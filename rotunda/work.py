"""The worker: what nobody waits for, done every minute. Any number may run; they take what is there."""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import asyncpg
from sqlalchemy.exc import DBAPIError

from resolvers.expiry import expire
from rotunda import database
from rotunda.migrate import migrate
from rotunda.refusals import StartRefused
from rotunda.settings import Settings

_log = logging.getLogger(__name__)
PAUSE = 60.0  # seconds
AT_ONCE = 5_000  # notices forgotten in one transaction, so that no reader meets a long lock

# Each statement is a transaction of its own. An idempotency key is a promise about a retry, not a record.
FORGOTTEN = (
    "DELETE FROM used_keys WHERE at < now() - interval '7 days'",
    "DELETE FROM sign_ins WHERE expires_at < now() - interval '1 day'",
    "DELETE FROM challenges WHERE expires_at < now()",
    "DELETE FROM knocks WHERE since < now() - interval '1 hour'",
    "DELETE FROM tokens WHERE expires_at < now() - interval '30 days'",
)


async def work(settings: Settings, say: Callable[[str], None]) -> None:
    """Work until SIGINT or SIGTERM. A database that goes away is waited for.

    Raises:
        StartRefused: the database cannot be had at the start.
    """
    ended = asyncio.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(ending, ended.set)
    async with database.running(settings) as dsn:
        await migrate(dsn, say)
        say("The worker is at work; Ctrl-C ends it.")
        while not ended.is_set():
            await once(settings, dsn, say)
            await _until(ended, PAUSE)


async def beside(settings: Settings) -> None:
    """The same beside a server, so that the smallest installation needs no second process."""
    while True:
        await asyncio.sleep(PAUSE)
        await once(settings, settings.dsn, _log.warning)


async def once(settings: Settings, dsn: str, say: Callable[[str], None]) -> None:
    """One minute's work; a database that is away is told and left for the next."""
    engine = database.writing(settings, {})
    try:
        await expire(engine)
        await forget(dsn, kept=timedelta(days=settings.log_kept_days))
    except (OSError, asyncpg.PostgresError, DBAPIError, StartRefused) as problem:
        say(f"The worker tries again in a minute: {problem}")
    finally:
        await engine.dispose()


async def forget(dsn: str, *, kept: timedelta) -> int:
    """Forget what is older than it is kept; how many notices that were. Readers behind learn it."""
    connection = await database.connect(dsn)
    try:
        for statement in FORGOTTEN:
            await connection.execute(statement)
        gone = 0
        while some := await connection.fetchval("SELECT prune_log($1, $2)", kept, AT_ONCE):
            gone += some
        return gone
    finally:
        await connection.close()


async def _until(ended: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await ended.wait()
