"""The outlet: whoever waits with nothing before it is handed a payload without being woken; the others queue."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest

from models.positions import cursor
from policy.viewer import Acting
from tests.hub.tailing import Ear, tailing
from tests.living import until

MEMBER = Acting(account_id=UUID(int=7), capacity_id=uuid4(), capacity_kind="term", member=True)


async def test_whoever_waits_is_handed_everything_and_their_task_sleeps_on(database: str) -> None:
    async with tailing(database) as tail:
        ear, handed = await tail.listening(), list[bytes]()
        ear.stream.outlet = _taking(handed)
        asleep = await _asleep(ear)

        for _ in range(20):
            await tail.write()
        await tail.told()

        assert [int(payload) for payload in handed] == await tail.positions()
        assert ear.stream.through == (await tail.positions())[-1]
        assert not asleep.done()
        asleep.cancel()


async def test_what_was_missed_is_handed_on_before_what_comes(database: str) -> None:
    async with tailing(database) as tail:
        await tail.write_many(450)
        await tail.told()
        ear, handed = await tail.listening(after=cursor(0, tail.epoch)), list[bytes]()
        ear.stream.outlet = _taking(handed)

        asleep = await _asleep(ear)
        await tail.write()
        await tail.told()

        assert [int(payload) for payload in handed] == await tail.positions()
        asleep.cancel()


@pytest.mark.parametrize("seed", range(6))
async def test_order_is_kept_when_the_outlet_and_the_reader_take_turns(database: str, seed: int) -> None:
    dice, heard = Random(seed), list[str]()  # noqa: S311 - the same dice for the same seed
    async with tailing(database, heartbeat=0.002) as tail:
        ear = await tail.listening()

        def outlet(payload: bytes) -> bool:
            taken = dice.random() < 0.6
            if taken:
                heard.append(payload.decode())
            return taken

        async def read() -> None:
            async for said in ear.items:
                heard.append(said.decode())
                await asyncio.sleep(dice.choice((0, 0, 0.003, 0.03)))

        ear.stream.outlet = outlet
        reading = asyncio.create_task(read())
        for _ in range(12):
            await tail.write_many(dice.randrange(1, 25))
        last = (await tail.positions())[-1]
        await until(lambda: str(last) in heard)
        reading.cancel()

        assert [int(said) for said in heard if not said.startswith("beat")] == await tail.positions()
        places = [int(said.rpartition(" ")[2]) for said in heard]
        assert places == sorted(places), "no heartbeat stands before what it says was handed out"


async def test_nothing_overtakes_what_a_reader_has_been_woken_for(database: str) -> None:
    async with tailing(database) as tail:
        ear, handed, now = await tail.listening(), list[bytes](), datetime.now(UTC)
        ear.stream.outlet = lambda _: False
        asleep = await _asleep(ear)

        ear.stream.push(tail.hub.head + 1, b"first", now)
        ear.stream.outlet = _taking(handed)
        ear.stream.push(tail.hub.head + 2, b"second", now)

        assert handed == []
        ear.stream.outlet = None
        assert [await asleep, await anext(ear.items)] == [b"first", b"second"]


async def test_an_outlet_that_takes_nothing_grows_no_buffer(database: str) -> None:
    async with tailing(database) as tail:
        ear, other = await tail.listening(), await tail.listening()
        ear.stream.outlet = lambda _: False
        asked = await _asleep(ear)
        longest = 0

        for _ in range(10):
            await tail.write_many(50)
            await other.hear(50)
            longest = max(longest, len(ear.stream._queue))  # noqa: SLF001 - the buffer is what this is about

        everything = await tail.positions()
        assert longest <= 64
        assert [int(await asked), *await ear.hear(499)] == everything


async def test_nothing_is_handed_on_once_the_right_has_reached_its_end_by_the_clock(database: str) -> None:
    async with tailing(database) as tail:
        ear, handed = await tail.listening(MEMBER), list[bytes]()
        ear.stream.outlet = _taking(handed)
        asleep = await _asleep(ear)
        ear.stream.acting = replace(MEMBER, until=datetime.now(UTC) - timedelta(seconds=1))
        assert ear.token
        del tail.office.people[ear.token]

        await tail.write()

        assert (await asleep).startswith(b"ended EXPIRED")
        assert handed == []


async def test_nothing_is_handed_on_behind_the_notice_that_took_the_right(database: str) -> None:
    async with tailing(database) as tail:
        ear, handed = await tail.listening(MEMBER), list[bytes]()
        ear.stream.outlet = _taking(handed)
        asleep = await _asleep(ear)
        before = await tail.write()
        await tail.told()
        assert ear.token
        del tail.office.people[ear.token]

        await tail.write("DelegationRevoked", rights=[MEMBER.account_id or UUID(int=0)])
        await tail.write_many(3)

        assert await asleep == f"ended DELEGATION_REVOKED {before}".encode()
        assert handed == [b"%d" % before]


async def test_the_streams_of_many_are_looked_at_together(database: str) -> None:
    async with tailing(database) as tail:
        ears = [await tail.listening(replace(MEMBER, capacity_id=uuid4())) for _ in range(300)]
        tail.office.looks.clear()
        assert ears[0].token
        del tail.office.people[ears[0].token]

        await tail.write("DelegationRevoked", rights=[MEMBER.account_id or UUID(int=0)])
        await tail.told()

        assert tail.office.looks == [250, 50]
        assert [ear.stream.ended for ear in ears] == ["DELEGATION_REVOKED", *[None] * 299]


async def test_an_older_answer_never_overtakes_a_newer_one(database: str) -> None:
    async with tailing(database) as tail:
        ear = await tail.listening(MEMBER)
        gate, answers = asyncio.Event(), [MEMBER, None]

        async def office(_: object) -> list[Acting | None]:
            answer = answers.pop()
            if answer is None:  # it was so when it was asked, and is long no longer
                await gate.wait()
            return [answer]

        tail.hub._admit = office  # noqa: SLF001 - the first answer is to be slow
        older = asyncio.create_task(tail.hub.look_again(ear.stream, "OLDER"))
        await asyncio.sleep(0)
        await tail.hub.look_again(ear.stream, "NEWER")
        gate.set()
        await older

        assert ear.stream.ended is None


async def test_rights_that_changed_while_somebody_came_in_are_looked_at_again(database: str) -> None:
    async with tailing(database) as tail:
        changes = tail.hub.changes
        tail.office.looks.clear()
        steady = await tail.hub.subscribe(tail.feed, Acting(), None, None, changes)
        await tail.write("DelegationRevoked", rights=[UUID(int=1)])
        await tail.told()

        late = await tail.hub.subscribe(tail.feed, MEMBER, b"gone meanwhile", None, changes)

        assert tail.office.looks == [1]
        assert (steady.ended, late.ended) == (None, "SIGNED_OUT")


def _taking(handed: list[bytes]) -> Callable[[bytes], bool]:
    def outlet(payload: bytes) -> bool:
        handed.append(payload)
        return True

    return outlet


async def _asleep(ear: Ear) -> "asyncio.Task[bytes]":
    """A reader that waits for its next item, with nothing before it."""
    task = asyncio.ensure_future(anext(ear.items))
    await until(lambda: ear.stream._waiting is not None)  # noqa: SLF001 - there is no other sign of it
    return task
