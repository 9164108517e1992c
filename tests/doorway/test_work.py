"""The worker: it forgets what is old, and notes what the calendar ended."""

from datetime import timedelta

import asyncpg

from rotunda.settings import load
from rotunda.work import forget, once

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


async def test_a_grant_past_its_last_day_is_noted_as_expired_and_told_once(planted_database: str) -> None:
    connection = await asyncpg.connect(planted_database)
    over = await connection.fetchval(
        "UPDATE delegations SET during = daterange(lower(during), current_date - 2) WHERE id = (SELECT id "
        "FROM delegations WHERE status = 'active' AND lower(during) < current_date - 3 LIMIT 1) RETURNING id"
    )
    settings = load(database_url=planted_database)
    said: list[str] = []

    for _ in range(2):
        await once(settings, planted_database, said.append)

    told = await connection.fetch("SELECT kind FROM notices WHERE subject = $1", over)
    status = await connection.fetchval("SELECT status FROM delegations WHERE id = $1", over)
    await connection.close()
    assert said == []
    assert [row["kind"] for row in told] == ["DelegationExpired"]
    assert status == "expired"
