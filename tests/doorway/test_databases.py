"""Databases: what the embedded PostgreSQL promises, and how migrations take turns."""

import asyncpg


async def test_a_fresh_database_sorts_by_the_builtin_locale(database: str) -> None:
    connection = await asyncpg.connect(database)
    row = await connection.fetchrow(
        "SELECT datlocprovider::text, datlocale FROM pg_database WHERE datname = current_database()"
    )
    await connection.close()

    assert row is not None
    assert tuple(row) == ("b", "C.UTF-8")
