"""Whoever asks in the same breath who they are is looked up together, and told the truth of their own moment."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from planner.read import Overloaded
from rotunda.admission import Admission
from rotunda.credentials import hashed
from tests.living import Caller, Home


@pytest.fixture
async def secretariat(home: Home) -> Caller:
    return await home.caller("secretariat@rotunda.example")


@pytest.fixture
async def mayor(home: Home) -> Caller:
    return await home.caller("mayor@alexandria-va.example")


class Counted:
    """A reader that notes what it is asked, and can be made to fail."""

    def __init__(self, home: Home) -> None:
        self._reader, self.asked, self.trouble = home.house.reader, 0, False
        self.begun = asyncio.Event()

    async def rows(self, sql: str, arguments: Sequence[Any]) -> list[Any]:
        """What the house's own reader finds."""
        self.asked += 1
        self.begun.set()
        if self.trouble:
            raise Overloaded
        return await self._reader.rows(sql, arguments)


async def test_a_crowd_is_looked_up_in_a_few_statements_and_each_is_told_of_themselves(
    home: Home, secretariat: Caller, mayor: Caller
) -> None:
    reader = Counted(home)
    admission = Admission(reader)  # type: ignore[arg-type]  # it reads, and that is all that is asked of it
    tokens = [secretariat.token, mayor.token, "nobody's", None] * 30

    found = await asyncio.gather(*(admission.who(hashed(token), None) for token in tokens))

    alone = [(await admission.found([(hashed(token), None)]))[0] for token in tokens[:4]]
    assert found == alone * 30
    assert alone[2] == "UNAUTHENTICATED"
    assert reader.asked == -(-len(tokens) // 50) + 4


async def test_what_is_asked_while_others_are_looked_up_is_answered_by_a_later_statement(
    home: Home, secretariat: Caller
) -> None:
    reader = Counted(home)
    admission = Admission(reader)  # type: ignore[arg-type]  # as above
    first = asyncio.create_task(admission.who(hashed(secretariat.token), None))
    await reader.begun.wait()

    second = await admission.who(hashed(secretariat.token), None)

    assert second == await first
    assert reader.asked == 2


async def test_when_the_database_is_busy_everybody_who_asked_is_told_and_the_next_are_answered(
    home: Home, secretariat: Caller
) -> None:
    reader = Counted(home)
    admission = Admission(reader)  # type: ignore[arg-type]  # as above
    reader.trouble = True

    told = await asyncio.gather(
        *(admission.who(hashed(secretariat.token), None) for _ in range(3)), return_exceptions=True
    )

    assert [type(one) for one in told] == [Overloaded] * 3
    reader.trouble = False
    assert not isinstance(await admission.who(hashed(secretariat.token), None), str)


async def test_one_who_goes_away_while_waiting_takes_no_answer_from_the_others(
    home: Home, secretariat: Caller
) -> None:
    admission = Admission(home.house.reader)
    gone = asyncio.create_task(admission.who(hashed(secretariat.token), None))
    stays = asyncio.create_task(admission.who(hashed(secretariat.token), None))
    await asyncio.sleep(0)
    gone.cancel()

    found = await stays

    assert not isinstance(found, str)
    with pytest.raises(asyncio.CancelledError):
        await gone
