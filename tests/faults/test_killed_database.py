"""PostgreSQL killed in the midst of a burst: the server stays, its clients lose nothing and hear nothing twice."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from rotunda import postgres
from tests.living import Caller, Follower, Server, serving

POSTPONED = """subscription ($after: Cursor) { eventPostponed(after: $after) { __typename
  ... on EventPostponed { cursor version event { id } } ... on CursorExpired { head } } }"""
CLIENTS, EVENTS, EACH = 20, 5, 20


@pytest.fixture
async def server(used_var: Path) -> AsyncIterator[Server]:
    """A server with a PostgreSQL of its own, which may be killed without harm to other tests."""
    async with serving(None, used_var) as server:
        yield server


@pytest.mark.faults
async def test_a_database_killed_in_a_burst_loses_nothing_that_was_acknowledged_and_repeats_nothing(
    server: Server,
) -> None:
    secretariat = await server.caller("secretariat@rotunda.example")
    mayor = await server.caller("mayor@alexandria-va.example")
    events = [await _a_scheduled_event(secretariat) for _ in range(EVENTS)]
    start = await mayor.head()
    followers = [Follower(lambda: mayor, POSTPONED, start) for _ in range(CLIENTS)]
    following = [asyncio.create_task(follower.follow()) for follower in followers]
    try:
        async with asyncio.timeout(240):
            acknowledged, *_ = await asyncio.gather(
                asyncio.gather(*(_postpone(secretariat, event) for event in events)),
                _kill_the_database(server, followers),
            )
            while any(len(follower.applied) < EVENTS * EACH for follower in followers):  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.1)
    finally:
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)

    order = "SELECT log_cursor(pos, log_epoch()) FROM notices WHERE kind = 'EventPostponed' ORDER BY pos"
    told = [row[0] for row in await server.rows(order)]
    assert server.process.returncode is None
    assert acknowledged == [list(range(2, 2 + EACH))] * EVENTS
    assert len(told) == EVENTS * EACH
    for follower in followers:
        assert [notice["cursor"] for notice in follower.applied] == told
        assert follower.snapshots == []


async def _kill_the_database(server: Server, followers: list[Follower]) -> None:
    while min(len(follower.applied) for follower in followers) < 20:  # noqa: ASYNC110 - they have no event
        await asyncio.sleep(0.02)
    postmaster = (postgres.Cluster(server.var).data / "postmaster.pid").read_text().splitlines()[0]
    os.kill(int(postmaster), signal.SIGKILL)


async def _postpone(secretariat: Caller, event: str) -> list[int]:
    """Postpone again and again, asking again with the same key when there is no answer; the versions acknowledged."""
    versions: list[int] = []
    for n in range(EACH):
        while len(versions) <= n:
            try:
                done = await secretariat.done("postponeEvent", eventId=event, idempotencyKey=f"{event}-{n}")
                versions.append(done["version"])
            except (httpx.TransportError, AssertionError):
                await asyncio.sleep(0.1)
    return versions


async def _a_scheduled_event(secretariat: Caller) -> str:
    created = await secretariat.done(
        "createEvent",
        title="A session",
        kind="WEBINAR",
        timeZone="America/Chicago",
        startsAt="2031-03-16T09:00",
    )
    await secretariat.done("scheduleEvent", eventId=created["id"])
    return str(created["id"])
