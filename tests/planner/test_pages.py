"""Pages: every item exactly once, forward and backward, also where sort keys are equal or missing."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest

from notifications.mail import Post
from rotunda.graphql.service import Caller, Operation
from rotunda.service import House
from tests import factories
from tests.planner.stage import Stage, house_at

#: What to page through, as whom, and how many there may be on a page.
LISTS = [
    ("events", "", "secretariat", 7),
    ("events", "", "mayor", 5),
    ("events", ", status: [HELD, POSTPONED]", "host", 3),
    ("cities", ', country: "US", region: "VA"', "visitor", 6),
    ("delegations", "", "secretariat", 100),
    ("delegations", "", "delegate of two, for oneself", 1),
]


@pytest.mark.parametrize(("name", "narrowed", "viewer", "size"), LISTS)
async def test_forward_and_backward_pages_hold_each_item_once_as_the_reference_has_it(
    stage: Stage, name: str, narrowed: str, viewer: str, size: int
) -> None:
    async def page(way: str) -> Any:
        fields = f"totalCount edges {{ cursor node {{ id }} }} pageInfo {{ {_INFO} }}"
        query = f"{{ {name}({way}{narrowed}) {{ {fields} }} }}"
        return (await stage.agree(query, viewer=viewer))["data"][name]

    forward = [item async for item in _walked(page, "first", "after", size)]
    backward = [item async for item in _walked(page, "last", "before", size)]

    assert forward == list(reversed(backward))
    assert len(set(forward)) == len(forward) == (await page("first: 1"))["totalCount"]


async def test_equal_starts_and_missing_ones_are_ordered_by_id(database: str, tmp_path: Path) -> None:
    db = await asyncpg.connect(database)
    same = datetime(2031, 3, 12, 9)  # noqa: DTZ001  # a wall time
    dated = [await factories.event(db, audience="public", starts=same) for _ in range(7)]
    undated = [await factories.event(db, audience="public", status="postponed") for _ in range(6)]
    house = house_at(database, Post(public_url="http://testserver", smtp_url=None, mailbox=tmp_path))
    page = _page_of(house)

    forward = [item async for item in _walked(page, "first", "after", 4)]
    backward = [item async for item in _walked(page, "last", "before", 4)]

    expected = [f"evt_{one.hex}" for one in [*sorted(dated), *sorted(undated)]]
    assert forward == expected
    assert backward == expected[::-1]
    await _put_away(db, house)


async def test_a_page_goes_on_where_it_was_when_rows_come_and_go(database: str, tmp_path: Path) -> None:
    db = await asyncpg.connect(database)
    starts = [datetime(2031, 3, day, 9) for day in range(1, 7)]  # noqa: DTZ001  # wall times
    planted = [await factories.event(db, audience="public", starts=moment) for moment in starts]
    house = house_at(database, Post(public_url="http://testserver", smtp_url=None, mailbox=tmp_path))
    page = _page_of(house)
    first = await page("first: 3")
    await db.execute("DELETE FROM events WHERE id = ANY ($1)", planted[1:3])
    await factories.event(db, audience="public", starts=datetime(2031, 2, 1, 9))  # noqa: DTZ001  # as above

    second = await page(f'first: 3, after: "{first["pageInfo"]["endCursor"]}"')

    assert [edge["node"]["id"] for edge in second["edges"]] == [f"evt_{one.hex}" for one in planted[3:]]
    await _put_away(db, house)


async def test_a_total_is_counted_only_when_asked_for(stage: Stage) -> None:
    documents = stage.house.documents
    with_total, without = (
        documents.plan(documents.prepare(f"{{ events {{ {what} nodes {{ id }} }} }}"), {})  # type: ignore[arg-type]
        for what in ("totalCount", "")
    )

    assert "(SELECT count(*) FROM events" in str(with_total.sql)
    assert "(SELECT count(*) FROM events" not in str(without.sql)


_INFO = "hasNextPage hasPreviousPage startCursor endCursor"


async def _walked(
    page: Callable[[str], Any], size_name: str, cursor_name: str, size: int
) -> AsyncIterator[str]:
    """Every item's id from one end to the other, in the order met."""
    backward = size_name == "last"
    at = ""
    for _ in range(200):
        found = await page(f"{size_name}: {size}{at}")
        edges = found["edges"][::-1] if backward else found["edges"]
        for edge in edges:
            yield edge["node"]["id"]
        info = found["pageInfo"]
        if not info["hasPreviousPage" if backward else "hasNextPage"]:
            return
        assert edges[-1]["cursor"] == info["startCursor" if backward else "endCursor"]
        at = f', {cursor_name}: "{edges[-1]["cursor"]}"'
    raise AssertionError("these pages have no end")


def _page_of(house: House) -> Callable[[str], Any]:
    async def page(way: str) -> Any:
        query = f"{{ events({way}) {{ edges {{ cursor node {{ id }} }} pageInfo {{ {_INFO} }} }} }}"
        return orjson.loads((await house.answer(Operation(query), Caller())).body)["data"]["events"]

    return page


async def _put_away(db: Any, house: House) -> None:
    await db.close()
    await house.reader.close()
    await house.engine.dispose()
