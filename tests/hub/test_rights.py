"""Rule 5 in the hub: rights are looked at before anything later is told; a stream ends where its right did."""

import asyncio
from uuid import UUID, uuid4

import pytest

from models.positions import cursor
from policy.viewer import Acting
from tests.hub.tailing import Ear, Tail, tailing
from tests.living import until

ACCOUNT = UUID(int=7)
MEMBER = Acting(account_id=ACCOUNT, capacity_id=uuid4(), capacity_kind="delegation", member=True)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("DelegationRevoked", "DELEGATION_REVOKED"),
        ("DelegationLeft", "DELEGATION_LEFT"),
        ("DelegationExpired", "EXPIRED"),
        ("DelegationTermEnded", "TERM_ENDED"),
        ("TermEnded", "TERM_ENDED"),
        ("ProfileUpdated", "RIGHTS_CHANGED"),
    ],
)
async def test_a_stream_ends_at_the_notice_that_took_its_right(database: str, kind: str, reason: str) -> None:
    async with tailing(database) as tail:
        ear = await tail.listening(MEMBER)
        before = await tail.write()

        await _take_away(tail, ear, kind)
        await tail.write_many(3)

        assert await ear.rest() == [str(before), f"ended {reason} {before}"]


async def test_a_right_that_changes_without_going_widens_and_narrows_what_comes(database: str) -> None:
    async with tailing(database) as tail:
        ear = await tail.listening(MEMBER)
        one = await tail.write(topic="members")
        tail.promote(ear, member=False)
        await tail.write("DelegationAccepted", rights=[ACCOUNT])
        await tail.write(topic="members")
        two = await tail.write(topic="public")
        await tail.told()
        tail.promote(ear, member=True)
        await tail.write("DelegationAccepted", rights=[ACCOUNT])
        three = await tail.write(topic="members")

        assert await ear.hear(3) == [one, two, three]
        assert ear.stream.ended is None


async def test_while_nobody_can_say_whether_a_right_stands_nothing_later_is_told(database: str) -> None:
    async with tailing(database) as tail:
        ear, other = await tail.listening(MEMBER), await tail.listening()
        await _take_away(tail, ear, "DelegationRevoked", unreachable=5)

        after = await tail.write()

        assert await other.hear(1) == [after]
        assert tail.office.unreachable == 0
        assert await ear.rest() == ["ended DELEGATION_REVOKED 0"]


async def test_one_who_reads_slowly_gets_nothing_of_what_came_behind_the_revocation(database: str) -> None:
    async with tailing(database) as tail:
        ear = await tail.listening(MEMBER)
        await tail.write_many(200)  # more than the buffer holds: the rest would have to be read from the log
        first = await ear.hear(1)
        revoked = await _take_away(tail, ear, "DelegationRevoked")
        await tail.write_many(50)
        await until(lambda: tail.hub.settled == revoked + 50)

        *heard, ended = await ear.rest()

        positions = await tail.positions()
        assert first + [int(p) for p in heard] == positions[: len(heard) + 1]
        assert all(int(position) < revoked for position in heard)
        assert ended.startswith("ended DELEGATION_REVOKED")


async def test_a_page_read_while_the_right_went_is_not_handed_out(database: str) -> None:
    async with tailing(database) as tail:
        await tail.write_many(30)
        await tail.told()
        ear = await tail.listening(MEMBER, after=cursor(0, tail.epoch))
        assert ear.token
        del tail.office.people[ear.token]  # revoked, and the notice has not come round yet

        reading = asyncio.create_task(ear.rest())
        await asyncio.sleep(0.3)
        assert not reading.done()
        await tail.write("DelegationRevoked", rights=[ACCOUNT])

        assert await reading == ["ended DELEGATION_REVOKED 0"]


async def test_a_subscriber_whose_right_went_as_it_came_is_told_at_once(database: str) -> None:
    async with tailing(database) as tail:
        stream = await tail.hub.subscribe(tail.feed, MEMBER, b"unknown", None)
        ear = Ear(stream, stream.items(), None)

        assert (await ear.next()).startswith("ended")


async def test_a_stream_that_left_is_not_brought_back_by_a_change_of_rights(database: str) -> None:
    async with tailing(database) as tail:
        ear = await tail.listening(MEMBER)
        await ear.stream.aclose()
        tail.promote(ear, member=False)

        await tail.hub.look_again(ear.stream, "RIGHTS_CHANGED")

        assert tail.hub.subscribers == 0
        assert tail.hub._streams == {}  # noqa: SLF001 - nothing may be kept of a reader that has gone


async def _take_away(tail: Tail, ear: Ear, kind: str, *, unreachable: int = 0) -> int:
    await tail.told()
    tail.office.unreachable = unreachable
    assert ear.token
    del tail.office.people[ear.token]
    return await tail.write(kind, topic="nobody", rights=[ACCOUNT])
