"""The newest migration, taken back and run again: nothing of it stays, and nothing is missing."""

import os
from collections.abc import AsyncIterator

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from rotunda import migrate
from rotunda.postgres import Cluster

_OURS = "IN (SELECT oid FROM pg_namespace WHERE nspname = 'public')"
_FOREIGN = "NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = {}.oid AND d.deptype = 'e')"
#: Everything a database is made of, in words that are alike where it is alike.
_DESCRIBED = f"""
    SELECT 'column', c.relname, concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
        pg_get_expr(d.adbin, d.adrelid))
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE c.relnamespace {_OURS}
    UNION ALL SELECT 'constraint', conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace {_OURS}
    UNION ALL SELECT 'index', tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'function', proname, md5(prosrc) FROM pg_proc f
      WHERE pronamespace {_OURS} AND {_FOREIGN.format("f")}
    UNION ALL SELECT 'words', cfgname, '' FROM pg_ts_config WHERE cfgnamespace {_OURS}
    UNION ALL SELECT 'view', viewname, definition FROM pg_views WHERE schemaname = 'public'
    UNION ALL SELECT 'grant', table_name, grantee || ' ' || privilege_type FROM information_schema.role_table_grants
      WHERE table_schema = 'public'
    ORDER BY 1, 2, 3
"""


@pytest.fixture
async def older(cluster: Cluster, template: str) -> AsyncIterator[str]:
    """A database that has had every migration but the newest."""
    name = f"older_{os.getpid()}"
    operator = await asyncpg.connect(cluster.address("postgres"))
    await operator.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    assert template
    for number, _ in migrate.known()[:-1]:
        await migrate._upgrade(cluster.address(name), number)  # noqa: SLF001 - nobody else stops short of the newest
    yield cluster.address(name)
    await operator.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await operator.close()


async def test_the_newest_migration_taken_back_leaves_nothing_and_comes_again_whole(
    database: str, older: str
) -> None:
    fresh, before = await _described(database), await _described(older)

    await _taken_back(database)
    back = await _described(database)
    await migrate.migrate(database)
    again = await _described(database)

    assert back == before
    assert again == fresh
    assert fresh != before


async def _described(dsn: str) -> list[tuple[str, ...]]:
    connection = await asyncpg.connect(dsn)
    try:
        return [tuple(row) for row in await connection.fetch(_DESCRIBED)]
    finally:
        await connection.close()


async def _taken_back(dsn: str) -> None:
    def downgrade(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(migrate.FOLDER))
        config.attributes["connection"] = connection
        command.downgrade(config, "-1")

    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(dsn), poolclass=NullPool
    )
    async with engine.connect() as connection:
        await connection.run_sync(downgrade)
    await engine.dispose()
