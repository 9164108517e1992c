"""A portal over a conference in memory, and clients that walk through it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from portal.app import build_portal
from tests.living import a_free_port
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


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium: Playwright's own cannot be downloaded everywhere."""
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium is installed")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    return {"executable_path": found, "args": quiet}


@pytest.fixture
async def address(api: FakeApi, door: FakeDoor, tmp_path: Path) -> AsyncIterator[str]:
    """The portal on a real socket."""
    socket = a_free_port()
    home = f"http://127.0.0.1:{socket.getsockname()[1]}"
    routes = build_portal(api=api, door=door, public_url=home, mailbox=tmp_path)
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=routes), log_level="error", timeout_graceful_shutdown=1)
    )
    running = asyncio.ensure_future(server._serve([socket]))  # noqa: SLF001  # without signal handlers of its own
    yield home
    server.should_exit = True
    await running
