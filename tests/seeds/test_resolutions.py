"""What mayors put before each other in the seeds: every state there is, and counts that hold."""

from collections.abc import AsyncIterator

import asyncpg
import pytest


@pytest.fixture
async def planted(planted_database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(planted_database)
    yield connection
    await connection.close()


async def test_one_call_is_past_and_one_is_open(planted: asyncpg.Connection) -> None:
    found = await planted.fetch("SELECT due_at > now() AS open FROM resolution_calls ORDER BY 1")

    assert [row["open"] for row in found] == [False, True]


async def test_everything_that_can_become_of_a_resolution_became_of_one(planted: asyncpg.Connection) -> None:
    [found] = await planted.fetch(
        """SELECT bool_or(status = 'draft') AS draft, bool_or(status = 'gathering') AS gathering,
               bool_or(number > 1) AS numbered, bool_or(withdrawn_because <> '') AS withdrawn,
               bool_or(version > 1) AS edited, EXISTS (SELECT FROM sponsorships WHERE withdrawn_at < now()) AS left,
               EXISTS (SELECT FROM sponsorships s JOIN resolutions r ON r.id = s.resolution_id
                   WHERE s.version < r.version) AS stale FROM resolutions"""
    )

    assert {name for name, occurs in found.items() if not occurs} == set()


async def test_what_was_counted_is_what_is_there_and_nothing_is_from_the_future(
    planted: asyncpg.Connection,
) -> None:
    wrong = await planted.fetch(
        """SELECT title FROM resolutions r JOIN resolution_calls c ON c.id = r.call_id WHERE sponsor_count <> (
               SELECT count(*) FROM sponsorships s
               WHERE s.resolution_id = r.id AND s.version = r.version AND s.withdrawn_at IS NULL)
           OR greatest(drafted_at, opened_at, submitted_at, withdrawn_at) > now()
           OR submitted_at > due_at OR (status = 'submitted' AND sponsor_count < sponsors_needed)
           OR NOT EXISTS (SELECT FROM clauses l WHERE l.resolution_id = r.id AND l.version = r.version
               AND l.kind = 'resolved')
           OR EXISTS (SELECT FROM resolution_versions v WHERE v.resolution_id = r.id AND v.at > now())
           OR EXISTS (SELECT FROM sponsorships s WHERE s.resolution_id = r.id AND s.at > now())"""
    )

    assert wrong == []


async def test_only_members_in_office_sponsor(planted: asyncpg.Connection) -> None:
    wrong = await planted.fetch(
        """SELECT s.id FROM sponsorships s JOIN terms t ON t.id = s.term_id JOIN cities c ON c.id = t.city_id
           WHERE NOT t.during @> s.at::date OR c.joined_on IS NULL OR c.joined_on > s.at::date"""
    )

    assert wrong == []
