"""M7: offline for a postponement and a re-schedule; on resume both, in order, exactly once."""

import asyncio
from typing import Any

import pytest

from tests.living import Caller, Follower, Home, until
from tests.scenarios.documents import MOVES, NOTICES, STATE


async def test_both_transitions_arrive_in_order_and_exactly_once(home: Home) -> None:
    secretariat = await home.caller("secretariat@rotunda.example")
    mayor = await home.caller("mayor@alexandria-va.example")
    event = await _a_scheduled_event(secretariat)
    program = Follower(lambda: mayor, MOVES, await mayor.head())
    async with program.online():
        await secretariat.done("postponeEvent", eventId=event, newStartsAt="2031-04-01T09:00")
        await until(lambda: program.applied)

    await secretariat.done("postponeEvent", eventId=event, reason="The hall burned down.")
    await secretariat.done(
        "rescheduleEvent", eventId=event, startsAt="2031-05-16T09:00", reason="A new hall."
    )
    async with program.online():
        await until(lambda: len(program.applied) >= 3)
        await asyncio.sleep(0.3)

    first, lost, found = program.applied
    assert [m["__typename"] for m in program.applied] == [
        "EventPostponed",
        "EventPostponed",
        "EventRescheduled",
    ]
    assert first["now"] == lost["was"]
    assert lost["now"] == found["was"] == {"status": "POSTPONED", "startsAt": None}
    assert found["now"] == {"status": "SCHEDULED", "startsAt": "2031-05-16T14:00:00.000Z"}
    assert [m["version"] for m in program.applied] == [2, 3, 4]
    assert [m["reason"] for m in program.applied] == [None, "The hall burned down.", "A new hall."]
    # Beside the frozen words, the event as it is by now.
    assert lost["event"] == found["event"] == {"id": event, "status": "SCHEDULED"}
    assert program.cursor == await mayor.head()
    assert program.snapshots == []


@pytest.mark.parametrize("over", ["ws", "sse"])
async def test_a_visitor_resumes_the_public_calendar_likewise(home: Home, over: str) -> None:
    secretariat, visitor = await home.caller("secretariat@rotunda.example"), await home.caller()
    event = await _a_scheduled_event(secretariat, audience="PUBLIC")
    start = await visitor.head()

    await secretariat.done("postponeEvent", eventId=event)
    await secretariat.done("rescheduleEvent", eventId=event, startsAt="2031-05-16T09:00")
    async with visitor.listening(MOVES, over=over, after=start) as heard:
        moves = await heard.notices(2)

    assert [m["__typename"] for m in moves] == ["EventPostponed", "EventRescheduled"]
    assert moves[-1]["cursor"] == await visitor.head()


async def test_a_log_trimmed_past_the_cursor_says_so_and_a_snapshot_ends_in_the_same_state(
    home: Home,
) -> None:
    secretariat = await home.caller("secretariat@rotunda.example")
    mayor = await home.caller("mayor@alexandria-va.example")
    event = await _a_scheduled_event(secretariat)

    async def snapshot(caller: Caller) -> Any:
        return await caller.ask(STATE, id=event)

    program = Follower(lambda: mayor, MOVES, await mayor.head(), snapshot)
    await secretariat.done("postponeEvent", eventId=event)
    await secretariat.done("rescheduleEvent", eventId=event, startsAt="2031-05-16T09:00")
    await home.rows("SELECT prune_log(interval '0', 5000)")
    async with program.online():
        await until(lambda: program.snapshots)
        caught_up = program.snapshots[-1]
        await secretariat.done("cancelEvent", eventId=event)
        await until(lambda: program.applied)

    now = await mayor.ask(STATE, id=event)
    assert caught_up["event"] == {"status": "SCHEDULED", "version": 3, "startsAt": "2031-05-16T14:00:00.000Z"}
    assert [m["__typename"] for m in program.applied] == ["EventCancelled"]
    assert len(program.snapshots) == 1
    assert (program.applied[-1]["now"]["status"], program.cursor) == (now["event"]["status"], now["head"])


async def test_an_expired_cursor_is_told_first_and_last_with_a_head_to_begin_from(home: Home) -> None:
    secretariat = await home.caller("secretariat@rotunda.example")
    start = await secretariat.head()
    await secretariat.done("postponeEvent", eventId=await _a_scheduled_event(secretariat))
    await home.rows("SELECT prune_log(interval '0', 5000)")

    async with secretariat.listening(NOTICES, over="sse", after=start) as heard:
        frames = await heard.rest()

    assert [frame.kind for frame in frames] == ["next", "complete", "closed"]
    item = frames[0].payload["data"]["notices"]
    assert item["__typename"] == "CursorExpired"
    assert item["head"] == await secretariat.head()


async def _a_scheduled_event(secretariat: Caller, **given: str) -> str:
    created = await secretariat.done(
        "createEvent",
        title="A session",
        kind="WEBINAR",
        timeZone="America/Chicago",
        startsAt="2031-03-16T09:00",
        endsAt="2031-03-16T10:00",
        **given,
    )
    await secretariat.done("scheduleEvent", eventId=created["id"])
    return str(created["id"])
