"""Rule 7 in the hub: from whatever cursor, each notice once and in order, however one reads."""

import asyncio
from random import Random

import asyncpg
import pytest

from models.positions import cursor
from notifications.streams import BUFFER
from tests.hub.tailing import tailing
from tests.living import until


@pytest.mark.parametrize("seed", range(8))
async def test_no_gap_and_no_duplicate_whenever_one_comes_and_however_one_reads(
    database: str, seed: int
) -> None:
    dice = Random(seed)  # noqa: S311 - the same dice for the same seed
    async with tailing(database) as tail:
        await tail.write_many(dice.randrange(300))
        heard_by: list[tuple[int, list[int]]] = []
        readers: list[asyncio.Task[None]] = []

        async def reader() -> None:
            begin, heard = dice.randrange(tail.hub.head + 1), list[int]()
            heard_by.append((begin, heard))
            ear = await tail.listening(after=cursor(begin, tail.epoch))
            try:
                while True:
                    heard.append(int((await anext(ear.items)).decode()))
                    if dice.random() < 0.1:
                        await asyncio.sleep(dice.random() / 20)
            finally:
                await ear.stream.aclose()

        async def writer() -> None:
            for _ in range(20):
                await _transaction(database, dice)
                if dice.random() < 0.3:
                    readers.append(asyncio.create_task(reader()))

        readers += [asyncio.create_task(reader()) for _ in range(5)]
        await asyncio.gather(*(writer() for _ in range(4)))
        last = await tail.write()
        await until(lambda: all(heard[-1:] == [last] for _, heard in heard_by))
        for task in readers:
            task.cancel()
        await asyncio.gather(*readers, return_exceptions=True)

        assert len(heard_by) > 5
        for begin, heard in heard_by:
            assert heard == await tail.positions(begin)
        assert tail.hub.subscribers == 0


async def test_one_that_never_reads_costs_sixty_four_payloads_and_gets_all_in_the_end(database: str) -> None:
    async with tailing(database) as tail:
        sleeper, awake = await tail.listening(), await tail.listening()
        longest = 0

        for _ in range(20):
            await tail.write_many(50)
            heard = await awake.hear(50)
            longest = max(longest, len(sleeper.stream._queue))  # noqa: SLF001 - the buffer is what this is about
        everything = await tail.positions()

        assert heard == everything[-50:]
        assert longest <= BUFFER == 64
        assert sleeper.stream.behind
        assert await sleeper.hear(1_000) == everything
        assert not sleeper.stream.behind


async def test_a_reader_with_a_short_pause_between_items_loses_none_of_a_thousand(database: str) -> None:
    async with tailing(database) as tail:
        ear = await tail.listening()
        writing = asyncio.create_task(tail.write_many(1_000))

        heard = []
        for n in range(1_000):
            heard += await ear.hear(1)
            if n % 20 == 0:
                await asyncio.sleep(0.01)
        await writing

        assert heard == await tail.positions()


async def test_a_payload_that_cannot_be_read_just_now_is_read_from_the_log(database: str) -> None:
    async with tailing(database) as tail:
        ears = [await tail.listening() for _ in range(3)]
        await tail.write()
        assert [await ear.hear(1) for ear in ears] == [await tail.positions()] * 3

        tail.feed.broken = 3
        await tail.write_many(3)

        assert [await ear.hear(3) for ear in ears] == [(await tail.positions())[1:]] * 3


async def test_without_a_wake_up_line_notices_are_found_by_looking(database: str) -> None:
    async with tailing(database, deaf=True) as tail:
        ear = await tail.listening()

        position = await tail.write()

        assert await ear.hear(1) == [position]


async def test_a_wake_up_line_that_is_cut_costs_nobody_a_notice(database: str) -> None:
    async with tailing(database) as tail:
        ear = await tail.listening()
        heard = []

        for _ in range(3):
            await _cut_the_wake_up_line(database)
            await tail.write_many(5)
            heard += await ear.hear(5)

        assert heard == await tail.positions()


async def test_a_log_reader_whose_connections_are_cut_goes_on_where_it_was(database: str) -> None:
    async with tailing(database) as tail:
        ear = await tail.listening()
        await tail.write_many(5)
        heard = await ear.hear(5)

        for _ in range(3):
            await _cut_everything(database)
            connection = await asyncpg.connect(database)
            await connection.execute(
                "INSERT INTO notices (kind, subject, revision, topics, payload) "
                "VALUES ('EventHeld', uuidv7(), 1, '{public}', '{}')"
            )
            await connection.close()
            heard += await ear.hear(1)

        assert len(heard) == len(set(heard)) == 8


async def _transaction(dsn: str, dice: Random) -> None:
    """A writer like any other: some notices, a pause in the middle, and sometimes it thinks better of it."""
    connection = await asyncpg.connect(dsn)
    try:
        transaction = connection.transaction()
        await transaction.start()
        for _ in range(dice.randrange(1, 4)):
            await connection.execute(
                "INSERT INTO notices (kind, subject, revision, topics, payload) "
                "VALUES ('EventHeld', uuidv7(), 1, '{public}', '{}')"
            )
            await asyncio.sleep(dice.random() / 50)
        await (transaction.rollback() if dice.random() < 0.2 else transaction.commit())
    finally:
        await connection.close()


async def _cut_the_wake_up_line(dsn: str) -> None:
    await _cut(dsn, "query ILIKE 'LISTEN%' OR query = 'SELECT 1'")


async def _cut_everything(dsn: str) -> None:
    await _cut(dsn, "true")


async def _cut(dsn: str, which: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = current_database() AND pid <> pg_backend_pid() AND ({which})"
    )
    await connection.close()
