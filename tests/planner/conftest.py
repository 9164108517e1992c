"""Fixtures of the planner's tests: one planted database that everybody reads, and two executors over it."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from notifications.mail import Post
from rotunda.postgres import Cluster
from tests.planner.stage import Stage, set_up


@pytest.fixture(scope="session")
async def common_database(cluster: Cluster, planted_template: str) -> AsyncIterator[str]:
    """The address of a planted database that lasts the session: for tests that leave it as it is."""
    name = f"common_{os.getpid()}"
    operator = await asyncpg.connect(cluster.address("postgres"))
    await operator.execute(f"CREATE DATABASE {name} TEMPLATE {planted_template} STRATEGY FILE_COPY")
    yield cluster.address(name)
    await operator.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await operator.close()


@pytest.fixture(scope="session")
async def stage(common_database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """Both executors, with a token for everyone."""
    mailbox: Path = tmp_path_factory.mktemp("mail")
    made = await set_up(common_database, Post(public_url="http://testserver", smtp_url=None, mailbox=mailbox))
    yield made
    await made.close()
