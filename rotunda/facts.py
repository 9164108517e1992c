"""Facts told at the door: notices of what happens beside the acts, written in the transaction that made them true."""

from uuid import UUID

import asyncpg
import orjson

from models.notices import Notice

_TELL = """
    INSERT INTO notices (kind, subject, revision, topics, rights, payload, actor_id)
    VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7)
"""


async def tell(
    connection: "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]",
    notice: Notice,
    *,
    actor: UUID,
) -> None:
    """Put a notice into the log, as the act of an account's own person."""
    payload = orjson.dumps(notice.payload()).decode()
    kind, topics, rights = type(notice).__name__, list(notice.topics), list(notice.rights)
    await connection.execute(_TELL, kind, notice.subject, notice.revision, topics, rights, payload, actor)
