"""A portal over a conference in memory, and clients that walk through it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from portal.app import build_portal
from tests.portal.fake_house import FakeApi, FakeDoor

HERE = "http://testserver"


@pytest.fixture
def api() -> FakeApi:
    return FakeApi()


@pytest.fixture
def door(api: FakeApi) -> FakeDoor:
    return FakeDoor(api)


@pytest.fixture
def portal(api: FakeApi, door: FakeDoor, tmp_path: Path) -> Starlette:
    return Starlette(routes=build_portal(api=api, door=door, public_url=HERE, mailbox=tmp_path))


@pytest.fixture
async def visitor(portal: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in."""
    transport = httpx.ASGITransport(app=portal)
    headers = {"origin": HERE}
    async with httpx.AsyncClient(transport=transport, base_url=HERE, headers=headers) as client:
        yield client


@pytest.fixture
async def secretariat(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """The same browser, signed in as the secretariat."""
    visitor.cookies.set("rotunda_session", "token-secretariat")
    return visitor


@pytest.fixture
async def staff(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """The same browser, signed in as a delegate of two mayors."""
    visitor.cookies.set("rotunda_session", "token-staff")
    return visitor
