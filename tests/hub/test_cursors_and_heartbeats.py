"""Cursors and heartbeats: where one may begin, and through where one has heard."""

import asyncio
from typing import Any

import pytest

from models.positions import BadCursor, cursor
from policy.viewer import Acting
from tests.hub.tailing import tailing


async def test_a_cursor_the_log_was_trimmed_past_has_expired(database: str) -> None:
    async with tailing(database) as tail:
        await tail.write_many(5)
        early, late = (await tail.positions())[1], (await tail.positions())[-1]
        await tail.pool.execute("SELECT prune_log(interval '0', 3)")

        lost = await tail.listening(after=cursor(early, tail.epoch))
        at_the_edge = await tail.listening(after=cursor((await tail.positions())[0] - 1, tail.epoch))

        assert await lost.rest() == [f"expired {late}"]
        assert await at_the_edge.hear(2) == await tail.positions()


async def test_a_log_trimmed_while_one_catches_up_is_told_not_skipped(database: str) -> None:
    async with tailing(database) as tail:
        await tail.write_many(450)
        await tail.told()
        ear = await tail.listening(after=cursor(0, tail.epoch))
        heard = await ear.hear(200)  # the first page
        await tail.pool.execute("SELECT prune_log(interval '0', 5000)")

        rest = await ear.rest()

        assert heard == list(range(heard[0], heard[0] + 200))
        assert rest == [f"expired {heard[0] + 449}"]


async def test_a_cursor_of_another_log_or_of_a_future_has_expired(database: str) -> None:
    async with tailing(database) as tail:
        position = await tail.write()
        await tail.told()

        foreign = await tail.listening(after=cursor(position, "0123456789ab"))
        future = await tail.listening(after=cursor(position + 1, tail.epoch))

        assert await foreign.rest() == await future.rest() == [f"expired {position}"]


@pytest.mark.parametrize("garbage", ["", "x", "MTo", "🙂", "MTphYmM6LTE6MDAwMDAw", "A" * 5_000])
async def test_what_is_no_cursor_is_refused_and_leaves_no_subscriber(database: str, garbage: str) -> None:
    async with tailing(database) as tail:
        with pytest.raises(BadCursor):
            await tail.listening(after=garbage)

        assert tail.hub.subscribers == 0


async def test_a_cursor_ahead_of_this_server_but_not_of_the_log_hears_nothing_twice(database: str) -> None:
    async with tailing(database, deaf=True) as behind:
        position = await behind.write()

        ear = await behind.listening(after=cursor(position, behind.epoch))
        later = await behind.write()

        assert await ear.hear(1) == [later]


async def test_a_heartbeat_carries_what_this_stream_has_delivered_past_what_it_does_not_want(
    database: str,
) -> None:
    async with tailing(database, heartbeat=0.05) as tail:
        ear = await tail.listening()
        wanted = await tail.write()
        unwanted = await tail.write("EventEdited")

        assert await ear.hear(1) == [wanted]
        while (said := await ear.next()) != f"beat {unwanted}":
            assert said == f"beat {wanted}"


async def test_whoever_resumes_from_a_heartbeat_misses_nothing(database: str) -> None:
    async with tailing(database, heartbeat=0.001) as tail:
        ear = await tail.listening()
        place, heard, resumed = 0, 0, []
        for n in range(60):
            await tail.write("EventHeld" if n % 3 else "EventEdited")
            said = await ear.next()
            name, _, position = said.rpartition(" ")
            assert int(position) >= place
            assert int(position) > place or name == "beat"
            place, heard = int(position), heard + (not name)
            if name == "beat" and n % 5 == 0:
                resumed.append((place, await tail.listening(after=cursor(place, tail.epoch))))

        wanted = [
            r["pos"]
            for r in await tail.pool.fetch("SELECT pos FROM notices WHERE kind = 'EventHeld' ORDER BY 1")
        ]
        assert resumed
        for begin, other in resumed:
            behind = [position for position in wanted if position > begin]
            assert await other.hear(len(behind)) == behind


async def test_a_reader_that_lies_behind_hears_no_heartbeat_ahead_of_its_notices(database: str) -> None:
    async with tailing(database, heartbeat=0.001) as tail:
        ear = await tail.listening()
        await tail.write_many(150)

        place, heard = 0, 0
        while heard < 150:
            name, _, position = (await ear.next()).rpartition(" ")
            assert int(position) >= place if name else int(position) > place
            place, heard = int(position), heard + (not name)


async def test_each_notice_is_read_once_for_each_class_of_viewers_not_for_each_viewer(database: str) -> None:
    async with tailing(database) as tail:
        members = [await tail.listening(Acting(member=True)) for _ in range(20)]
        visitors = [await tail.listening() for _ in range(20)]
        tail.feed.asked.clear()

        first, second = await tail.write(), await tail.write()
        heard = [await ear.hear(2) for ear in members + visitors]

        assert heard == [[first, second]] * 40
        assert tail.feed.asked == [("EventHeld", (first,), 2), ("EventHeld", (second,), 2)]


async def test_a_hub_that_slept_for_longer_than_the_log_is_kept_loses_nothing_in_silence(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tailing(database) as tail:
        seen = await tail.write()
        await tail.told()
        live, awake = await tail.listening(), asyncio.Event()
        read = tail.hub._log.tail  # noqa: SLF001 - the hub is put to sleep where it reads

        async def asleep(after: int) -> Any:
            await awake.wait()
            return await read(after)

        monkeypatch.setattr(tail.hub._log, "tail", asleep)  # noqa: SLF001 - as above
        await tail.write_many(5)
        await tail.pool.execute("SELECT prune_log(interval '0', 5000)")
        last = await tail.write()
        late = await tail.listening(after=cursor(seen, tail.epoch))
        looks = len(tail.office.looks)
        awake.set()

        assert await live.rest() == await late.rest() == [f"expired {last}"]
        assert len(tail.office.looks) > looks, "rights may have changed with what nobody heard"
        assert tail.hub.settled == last
