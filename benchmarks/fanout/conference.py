"""Who listens: an account a socket as far as the seeds reach, each with a token; and hosts, to be unlike each other."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from models import ids
from rotunda.credentials import hashed, made

_MEMBERS = """
    SELECT DISTINCT a.id FROM accounts a JOIN capacities c ON c.account_id = a.id
    WHERE c.member AND NOT a.secretariat AND NOT EXISTS (
        SELECT FROM events e WHERE e.host_id = a.id AND e.title <> 'A session in preparation')
    ORDER BY a.id
"""
_MAYORS = """
    SELECT DISTINCT a.id FROM accounts a JOIN capacities c ON c.account_id = a.id
    WHERE c.kind = 'term' AND c.member AND NOT a.secretariat ORDER BY a.id
"""
_TOKENS = """
    INSERT INTO tokens (hash, account_id, kind, expires_at, scopes)
    SELECT hash, account_id, 'api', now() + interval '1 day', '{read,act}'
    FROM unnest($1::bytea[], $2::uuid[]) AS new(hash, account_id)
"""
_HOST = """
    INSERT INTO events (title, kind, audience, status, time_zone, host_id)
    SELECT 'A session in preparation', 'webinar', 'members', 'draft', 'America/Chicago', host
    FROM unnest($1::uuid[]) AS host
    WHERE NOT EXISTS (SELECT FROM events e WHERE e.host_id = host AND e.title = 'A session in preparation')
"""
_EVENT = """
    INSERT INTO events (title, summary, kind, audience, status, time_zone, starts_wall, ends_wall)
    VALUES ('City council: stormwater budget hearing', $1, 'webinar', 'public', 'scheduled', 'America/Chicago',
        '2031-03-16 09:00', '2031-03-16 10:00')
    RETURNING id
"""
_HOSTS = 100
_SUMMARY = "The hearing is open to all. " * 60


@dataclass(frozen=True)
class Conference:
    """Tokens of members who are alike, of hosts of whom no two are, of mayors, of a secretary; an event to postpone."""

    members: list[str]
    hosts: list[str]
    mayors: list[str]
    secretariat: str
    event: str


async def convened(dsn: str) -> Conference:
    """Make the tokens, the hosts and the event in a database that has the seeds."""
    connection = await asyncpg.connect(dsn)
    try:
        found = [row["id"] for row in await connection.fetch(_MEMBERS)]
        mayors = [row["id"] for row in await connection.fetch(_MAYORS)]
        hosts, members = found[:_HOSTS], found[_HOSTS:]
        await connection.execute(_HOST, hosts)
        secretariat = await connection.fetchval(
            "SELECT id FROM accounts WHERE secretariat ORDER BY id LIMIT 1"
        )
        event = await connection.fetchval(_EVENT, _SUMMARY)
        groups = (members, hosts, mayors, [secretariat])
        of_members, of_hosts, of_mayors, (secretary,) = [await _tokens(connection, some) for some in groups]
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
    return Conference(of_members, of_hosts, of_mayors, secretary, ids.shown("evt", event))


async def _tokens(connection: "asyncpg.Connection[asyncpg.Record]", accounts: list[UUID]) -> list[str]:
    tokens = [made() for _ in accounts]
    await connection.execute(_TOKENS, [hashed(token) for token in tokens], accounts)
    return tokens
