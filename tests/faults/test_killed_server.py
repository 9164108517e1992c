"""A server killed in the midst of a burst: every client, once resumed, has each notice exactly once, in order."""

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.living import Caller, Follower, Place, Server, serving

POSTPONED = """subscription ($after: Cursor) { eventPostponed(after: $after) { __typename
  ... on EventPostponed { cursor version reason event { id } } ... on CursorExpired { head } } }"""
CLIENTS, EVENTS, EACH = 50, 12, 25


@pytest.mark.faults
async def test_kill_9_of_one_of_two_servers_in_a_burst_of_300_postponements_loses_and_repeats_nothing(
    planted_database: str, tmp_path: Path
) -> None:
    async with (
        serving(planted_database, tmp_path / "a") as one,
        serving(planted_database, tmp_path / "b") as other,
    ):
        secretariat = await one.caller("secretariat@rotunda.example")
        events = [await _a_scheduled_event(secretariat.at(other)) for _ in range(EVENTS)]
        mayor = await one.caller("mayor@alexandria-va.example")
        followers = [_follower(mayor, (one, other), n, await mayor.at(other).head()) for n in range(CLIENTS)]
        following = [asyncio.create_task(follower.follow()) for follower in followers]
        try:
            async with asyncio.timeout(240):
                await asyncio.gather(
                    _kill_and_restart(one, followers),
                    *(_postpone(secretariat, (one, other), event) for event in events),
                )
                position = await other.value("SELECT max(pos) FROM notices")
                head = await other.value("SELECT log_cursor($1, log_epoch())", position)
                while any(follower.cursor != head for follower in followers):  # noqa: ASYNC110 - they have no event
                    await asyncio.sleep(0.1)
        finally:
            for task in following:
                task.cancel()
            await asyncio.gather(*following, return_exceptions=True)

        order = "SELECT log_cursor(pos, log_epoch()) FROM notices WHERE kind = 'EventPostponed' ORDER BY pos"
        told = [row[0] for row in await other.rows(order)]

    assert len(told) == EVENTS * EACH == 300
    for follower in followers:
        assert [notice["cursor"] for notice in follower.applied] == told
        assert follower.snapshots == []
        for event in events:
            versions = [notice["version"] for notice in follower.applied if notice["event"]["id"] == event]
            assert versions == list(range(2, 2 + EACH))
    assert sum(follower.connections > 1 for follower in followers) >= CLIENTS // 2


def _follower(mayor: Caller, servers: tuple[Server, Server], number: int, head: str) -> Follower:
    """A client that begins at one of the servers and, whenever it is cut off, tries the next."""
    turns: Iterator[Server] = itertools.cycle(servers if number % 2 else servers[::-1])
    return Follower(lambda: mayor.at(next(turns)), POSTPONED, head)


async def _kill_and_restart(server: Server, followers: list[Follower]) -> None:
    while min(len(follower.applied) for follower in followers) < 40:  # noqa: ASYNC110 - they have no event
        await asyncio.sleep(0.02)
    server.kill()
    await server.start_again()


async def _postpone(secretariat: Caller, servers: tuple[Place, Place], event: str) -> None:
    """Postpone again and again; an answer that does not come is asked for once more, with the same key."""
    turns = itertools.cycle(servers)
    for n in range(EACH):
        while True:
            try:
                await secretariat.at(next(turns)).done(
                    "postponeEvent", eventId=event, reason=f"Reason {n}.", idempotencyKey=f"{event}-{n}"
                )
                break
            except (httpx.TransportError, AssertionError):
                await asyncio.sleep(0.1)


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
