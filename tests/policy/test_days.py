"""Days begin and end where the city is: a grant and a term hold by its calendar, not by the server's."""

from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest

from notifications.mail import Post
from rotunda.graphql.service import Operation
from tests import factories
from tests.planner.stage import house_at

#: Twenty-five hours lie between them, so on any moment their dates differ.
EARLIEST, LATEST = "Pacific/Kiritimati", "Pacific/Pago_Pago"
ZONES = [EARLIEST, LATEST, "Pacific/Auckland", "Pacific/Honolulu", "UTC"]


@pytest.mark.parametrize("zone", ZONES)
async def test_a_grant_holds_through_its_last_day_where_the_city_is(
    database: str, tmp_path: Path, zone: str
) -> None:
    db = await asyncpg.connect(database)
    _, term = await factories.mayor(db, time_zone=zone)
    today, yesterday, tomorrow = [await factories.account(db) for _ in range(3)]
    await factories.delegation(db, today, term_id=term, until=1)
    await factories.delegation(db, yesterday, term_id=term, until=0)
    await factories.delegation(db, tomorrow, term_id=term, since=1)

    found = [await _standing(db, database, tmp_path, login) for login in (today, yesterday, tomorrow)]

    assert found == [("ACTIVE", True), ("EXPIRED", False), ("ACTIVE", False)]
    await db.close()


async def test_one_date_has_ended_a_grant_in_the_east_and_not_in_the_west(
    database: str, tmp_path: Path
) -> None:
    db = await asyncpg.connect(database)
    ends = await db.fetchval("SELECT timezone($1, now())::date", EARLIEST)
    holders = []
    for zone in (EARLIEST, LATEST):
        _, term = await factories.mayor(db, time_zone=zone)
        holders.append(await factories.account(db))
        grant = await factories.delegation(db, holders[-1], term_id=term)
        await db.execute(
            "UPDATE delegations SET during = daterange($2::date - 9, $2::date) WHERE id = $1", grant, ends
        )

    found = [await _standing(db, database, tmp_path, login) for login in holders]

    assert found == [("EXPIRED", False), ("ACTIVE", True)]
    await db.close()


@pytest.mark.parametrize("zone", ZONES)
async def test_a_term_ends_with_its_last_day_where_the_city_is(
    database: str, tmp_path: Path, zone: str
) -> None:
    db = await asyncpg.connect(database)
    leaving, leaving_term = await factories.mayor(db, time_zone=zone, until=1)
    gone, gone_term = await factories.mayor(db, time_zone=zone, until=0)
    staff = [await factories.account(db) for _ in range(2)]
    await factories.delegation(db, staff[0], term_id=leaving_term)
    await factories.delegation(db, staff[1], term_id=gone_term)

    acting = [await _acts_for_a_mayor(db, database, tmp_path, login) for login in (leaving, gone)]
    grants = [await _standing(db, database, tmp_path, login) for login in staff]

    assert acting == [True, False]
    assert grants == [("ACTIVE", True), ("TERM_ENDED", False)]
    await db.close()


async def _standing(db: Any, dsn: str, mailbox: Path, login: factories.Login) -> tuple[str, bool]:
    """Where the login's only grant stands, and whether it may act under it."""
    query = "{ viewer { capacities { principal { id } } } delegations(first: 1) { nodes { status } } }"
    data = await _asked(db, dsn, mailbox, login, query)
    principals = [capacity["principal"] for capacity in data["viewer"]["capacities"]]
    return data["delegations"]["nodes"][0]["status"], any(principals)


async def _acts_for_a_mayor(db: Any, dsn: str, mailbox: Path, login: factories.Login) -> bool:
    data = await _asked(db, dsn, mailbox, login, "{ viewer { capacity { principal { id } } member } }")
    assert data["viewer"]["member"] is (data["viewer"]["capacity"]["principal"] is not None)
    return bool(data["viewer"]["member"])


async def _asked(db: Any, dsn: str, mailbox: Path, login: factories.Login, query: str) -> Any:
    house = house_at(dsn, Post(public_url="http://testserver", smtp_url=None, mailbox=mailbox))
    answer = await house.answer(Operation(query), await factories.caller(db, login))
    await house.reader.close()
    await house.engine.dispose()
    return orjson.loads(answer.body)["data"]
