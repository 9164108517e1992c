"""Fixtures of the acts' tests."""

import pytest

from tests.acts.making import Cast, cast_of
from tests.living import Home, home, shared_home, street

__all__ = ["home", "shared_home", "street"]


@pytest.fixture(scope="module")
async def cast(shared_home: Home) -> Cast:
    """Every role, at a server for the whole module; each test makes what it touches."""
    return await cast_of(shared_home)
