"""Tokens: issued by the operator of the machine, and by signing in."""

from uuid import UUID

import asyncpg

from rotunda import database
from rotunda.credentials import hashed, made
from rotunda.refusals import StartRefused
from rotunda.settings import Settings

_API_DAYS = 30

_CAPACITY = """
    SELECT c.id FROM capacities c JOIN cities ON cities.id = c.city_id
    WHERE c.account_id = $1 AND cities.slug = $2
    ORDER BY c.kind DESC LIMIT 1
"""

_NEW = """
    INSERT INTO tokens (hash, account_id, kind, capacity_id, expires_at, label, device, place, last_used_at)
    VALUES ($1, $2, $3, $4, now() + make_interval(days => $5), $6, $7, $8, CASE $3 WHEN 'session' THEN now() END)
"""


async def issue(settings: Settings, email: str, acting_for: str | None) -> str:
    """A bearer token for an account, bound to a city's mayor if one is named.

    Raises:
        StartRefused: there is no such account, or it may not act for that city.
    """
    connection = await database.connect(settings.dsn)
    try:
        account = await connection.fetchval("SELECT id FROM accounts WHERE email = $1", email.strip().lower())
        if account is None:
            raise StartRefused(f"There is no account {email}; `python -m rotunda seed` plants some to try.")
        capacity = await connection.fetchval(_CAPACITY, account, acting_for) if acting_for else None
        if acting_for and capacity is None:
            raise StartRefused(f"{email} may not act for {acting_for} at present.")
        return await grant(
            connection, account, kind="api", days=_API_DAYS, capacity=capacity, label="Command line"
        )
    finally:
        await connection.close()


async def grant(
    connection: "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]",
    account: UUID,
    *,
    kind: str,
    days: int,
    capacity: UUID | None = None,
    label: str = "",
    device: str = "",
    place: str = "",
) -> str:
    """A new token of an account; only its hash is kept."""
    token = made()
    values = (hashed(token), account, kind, capacity, days, label, device, place)
    await connection.execute(_NEW, *values)
    return token
