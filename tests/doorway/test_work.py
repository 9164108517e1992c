"""The worker: it forgets what is old, and nothing else."""

from datetime import timedelta

import asyncpg

from rotunda.work import forget

NOTICE = """
    INSERT INTO notices (kind, subject, revision, topics, payload, at)
    VALUES ('EventHeld', uuidv7(), 1, '{members}', '{}', now() - $1::interval)
"""


async def test_old_notices_are_forgotten_and_readers_behind_can_tell(database: str) -> None:
    connection = await asyncpg.connect(database)
    for age in (timedelta(days=91), timedelta(days=90, hours=1), timedelta(days=89)):
        await connection.execute(NOTICE, age)

    gone = await forget(database, kept=timedelta(days=90))

    kept = await connection.fetchval("SELECT array_agg(pos) FROM notices")
    through = await connection.fetchval("SELECT pruned_through FROM log_meta")
    await connection.close()
    assert gone == 2
    assert kept == [through + 1]


async def test_an_empty_log_is_left_alone(database: str) -> None:
    assert await forget(database, kept=timedelta(days=90)) == 0
