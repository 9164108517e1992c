"""One database for the matrix: everybody in it, every state; nobody changes it."""

import os
from collections.abc import AsyncIterator

import asyncpg
import pytest

from notifications.mail import Post
from rotunda.postgres import Cluster
from tests.planner.stage import house_at
from tests.policy.cast import Cast, assemble


@pytest.fixture(scope="session")
async def cast(
    cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Cast]:
    """Everybody, and a house to ask."""
    name = f"matrix_{os.getpid()}"
    operator = await asyncpg.connect(cluster.address("postgres"))
    await operator.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    dsn = cluster.address(name)
    post = Post(public_url="http://testserver", smtp_url=None, mailbox=tmp_path_factory.mktemp("mail"))
    house, db = house_at(dsn, post), await asyncpg.connect(dsn)
    yield await assemble(db, house)
    await db.close()
    await house.reader.close()
    await house.engine.dispose()
    await operator.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await operator.close()
