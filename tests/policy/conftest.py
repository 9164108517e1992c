"""Databases for the matrix: everybody in them, every state; nobody changes them."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from notifications.mail import Post
from rotunda.postgres import Cluster
from rotunda.service import House
from tests.planner.stage import house_at
from tests.policy.cast import Cast, assemble
from tests.policy.rooms import Rooms, furnish


@pytest.fixture(scope="session")
async def cast(
    cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Cast]:
    """Everybody, and a house to ask."""
    async with _house(cluster, template, "matrix", tmp_path_factory.mktemp("mail")) as (db, house):
        yield await assemble(db, house)


@pytest.fixture(scope="session")
async def rooms(
    cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Rooms]:
    """Everybody who may stand anywhere with a group, and groups of every sort."""
    async with _house(cluster, template, "rooms", tmp_path_factory.mktemp("mail")) as (db, house):
        yield await furnish(db, house)


@asynccontextmanager
async def _house(
    cluster: Cluster, template: str, called: str, mailbox: Path
) -> AsyncIterator[tuple[Any, House]]:
    name = f"{called}_{os.getpid()}"
    operator = await asyncpg.connect(cluster.address("postgres"))
    await operator.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    dsn = cluster.address(name)
    post = Post(public_url="http://testserver", smtp_url=None, mailbox=mailbox)
    house, db = house_at(dsn, post), await asyncpg.connect(dsn)
    yield db, house
    await db.close()
    await house.reader.close()
    await house.engine.dispose()
    await operator.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await operator.close()
