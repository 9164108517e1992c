"""schemathesis, signed in, over the printed contract: every question and every act, with whatever its types allow."""

import asyncio
import logging
import re
from collections import Counter
from random import Random

import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_graphql import nodes

from tests.fuzz.conftest import MAYOR, SECRETARIAT, few
from tests.fuzz.judging import codes, wrong
from tests.living import ROOT, Caller, Home

#: More than any of them takes on a machine that is busy; what hangs is found by it.
PATIENCE = 60.0
DAYS = ["2031-03-16", "2026-11-22", "2031-02-30", "0001-01-01", "9999-12-31", "soon"]
for name, values in {
    "Day": DAYS,
    "LocalTime": [*(f"{day}T09:00" for day in DAYS), "2031-03-09T02:30", "2031-11-02T01:30"],
    "Instant": [*(f"{day}T09:00:00Z" for day in DAYS), "2026-01-01T00:00:00.5-05:00"],
    "Cursor": ["MTp4OjA6MA", "", "zzz"],
}.items():
    schemathesis.graphql.scalar(name, st.sampled_from(values).map(nodes.String))

CONTRACT = schemathesis.graphql.from_path(ROOT / "schema" / "schema.graphql")
OPERATIONS = {
    made.ok().label: made.ok()  # type: ignore[union-attr]  # our contract has no operation that is malformed
    for made in CONTRACT.get_all_operations()
}
_TEXT = re.compile(r'\b(\w+): ("(?:[^"\\]|\\.)*"|null|\[\])')


@pytest.fixture(scope="module")
async def real(callers: list[Caller]) -> list[str]:
    """Ids of things that are there: what is made up would seldom get past the first look. Nobody ends oneself."""
    found = await callers[0].ask(
        "{ events(first: 20) { nodes { id } } cities(first: 8, member: true) { nodes { id } }"
        " terms(first: 8) { nodes { id } } delegations(first: 8) { nodes { id } } accounts(first: 8) { nodes { id } } }"
    )
    own = {
        (await caller.ask("{ viewer { account { id } } }"))["viewer"]["account"]["id"] for caller in callers
    }
    return [node["id"] for part in found.values() for node in part["nodes"] if node["id"] not in own]


@pytest.fixture(scope="module")
def seen() -> Counter[str]:
    """How many were answered with data, and how many refused."""
    return Counter()


def test_every_question_and_every_act_is_tried() -> None:
    assert {
        "Query.node",
        "Query.audit",
        "Mutation.postponeEvent",
        "Mutation.createToken",
    } <= OPERATIONS.keys()
    assert len(OPERATIONS) >= 43


@pytest.mark.parametrize("label", OPERATIONS)
@few(4)
@given(data=st.data())
async def test_whatever_the_contract_allows_is_answered_by_it(
    *,
    label: str,
    shared_home: Home,
    callers: list[Caller],
    real: list[str],
    seen: Counter[str],
    caplog: pytest.LogCaptureFixture,
    data: st.DataObject,
) -> None:
    number = data.draw(st.integers(0, 2**32))
    query = _filled(data.draw(OPERATIONS[label].as_strategy()).body, real, Random(number))  # noqa: S311  # chance
    who = number % len(callers)

    async with asyncio.timeout(PATIENCE):
        response = await callers[who].response(query)
    answer = response.json()

    assert not wrong(query, response.status_code, answer), (query, response.text[:500])
    assert not [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    seen["answered" if answer.get("data") else "refused"] += 1
    if "UNAUTHENTICATED" in codes(answer):  # they have signed out everywhere: in they come again
        callers[who] = await shared_home.caller((SECRETARIAT, MAYOR)[who])


def test_most_of_it_was_answered_with_data(seen: Counter[str]) -> None:
    # Each worker has counted its own; the last may have had nothing to count.
    assert seen["answered"] >= 2 * seen["refused"]


def _filled(query: str, real: list[str], dice: Random) -> str:
    """The same document, where ids are mostly some that are there and keys are new."""

    def chosen(found: re.Match[str]) -> str:
        name, value = found.groups()
        if name == "idempotencyKey":
            return f'{name}: "{dice.getrandbits(64)}"'
        if value.startswith('"') and (name == "id" or name.endswith("Id")) and dice.random() < 0.8:
            return f'{name}: "{dice.choice(real)}"'
        if name == "timeZone" and dice.random() < 0.8:
            return f'{name}: "America/Chicago"'
        return found[0]

    return _TEXT.sub(chosen, query)
