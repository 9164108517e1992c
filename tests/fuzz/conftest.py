"""A conference to be fuzzed, thrown away afterwards, and how long to go on.

`make test` tries the same few examples every time. `make fuzz` sets `ROTUNDA_FUZZ` to the examples for each field and
`ROTUNDA_FUZZ_SEED` to where chance begins, and looks for new trouble.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings

from tests.living import Caller, Home, shared_home, street

__all__ = ("shared_home", "street")

LONG = int(os.environ.get("ROTUNDA_FUZZ", "0"))
SEED = int(os.environ.get("ROTUNDA_FUZZ_SEED", "1"))
SECRETARIAT, MAYOR = "secretariat@rotunda.example", "mayor@richmond-va.example"
Test = Callable[..., Any]


def few(examples: int) -> Callable[[Test], Test]:
    """So many examples, always the same; `make fuzz` asks for many, from its own seed."""

    def chosen(test: Test) -> Test:
        made = settings(
            max_examples=LONG or examples,
            derandomize=not LONG,
            database=None,
            deadline=None,
            # Making a failure smaller needs a conference that stands still; these ones act.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(test)
        return seed(SEED)(made) if LONG else made

    return chosen


@pytest.fixture(scope="module")
async def callers(shared_home: Home) -> list[Caller]:
    """The two that can do most: the secretariat, and a mayor of a member city."""
    return [await shared_home.caller(email) for email in (SECRETARIAT, MAYOR)]
