"""Fixtures of the desk's tests: a conference for each module, everybody in it, and their browsers."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.acts.making import Cast, cast_of
from tests.living import Caller, Home, shared_home, street

__all__ = ["shared_home", "street"]


@pytest.fixture(scope="module")
async def cast(shared_home: Home) -> Cast:
    """Every role, at a server for the whole module; each test makes what it touches."""
    return await cast_of(shared_home)


def browser_of(caller: Caller) -> httpx.AsyncClient:
    """A browser without JavaScript in which somebody is signed in."""
    cookies = {"rotunda_session": caller.token} if caller.token else {}
    return httpx.AsyncClient(base_url=caller.place.url, cookies=cookies, timeout=20)


@pytest.fixture
async def desk(cast: Cast) -> AsyncIterator[httpx.AsyncClient]:
    """The secretariat's browser."""
    async with browser_of(cast.secretariat) as client:
        yield client
