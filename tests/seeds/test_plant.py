"""Planting: what a fresh installation finds, and that it is all or nothing, once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from models.delegations import DelegationStatus
from models.events import Audience, EventKind, EventStatus
from seeds import members, rows
from seeds.discussions import let_them_talk, speakers_of
from seeds.occasions import WATER_SERIES, WINTER_MEETING, fill_the_calendar
from seeds.plant import plant
from seeds.resolutions import call_for_resolutions

STAFF_SCOPES = ["profile", "rsvp", "register", "draft_resolution", "post_as_office", "read_group"]
COUNTS = """
    SELECT (SELECT count(*) FROM cities) AS cities, (SELECT count(*) FROM people) AS people,
           (SELECT count(*) FROM delegations) AS delegations, (SELECT count(*) FROM event_moves) AS moves
"""


@pytest.fixture
async def planted(planted_database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(planted_database)
    yield connection
    await connection.close()


async def test_planting_twice_is_planting_once(planted: asyncpg.Connection, planted_database: str) -> None:
    before = await planted.fetchrow(COUNTS)
    said: list[str] = []

    await plant(planted_database, said.append)

    assert await planted.fetchrow(COUNTS) == before
    assert said == []


async def test_two_who_plant_at_once_plant_once(database: str) -> None:
    said: list[str] = []

    await asyncio.gather(plant(database, said.append), plant(database, said.append))

    assert len([line for line in said if "cities" in line]) == 1


async def test_planting_cut_short_leaves_nothing(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def until_the_power_cut(house: rows.House) -> Iterator[Any]:
        yield house.cities
        yield house.seats
        raise ConnectionError("the lights went out")

    monkeypatch.setattr(rows.House, "tables", until_the_power_cut)

    with pytest.raises(ConnectionError):
        await plant(database, lambda _: None)

    connection = await asyncpg.connect(database)
    assert await connection.fetchval("SELECT count(*) FROM cities") == 0
    await connection.close()


@pytest.mark.parametrize("day", ["2027-01-01", "2027-06-30", "2026-12-31", "2028-02-29", "2031-03-01"])
async def test_what_is_planted_fits_on_any_day(database: str, day: str) -> None:
    now = datetime.fromisoformat(day).replace(hour=3, tzinfo=UTC)
    house, ids = rows.House(), iter(uuid4, None)

    cast = members.people_the_house(house, ids=ids, today=now.date(), dice=Random(7))  # noqa: S311  # as in the seeds, no secrets here
    fill_the_calendar(house, ids=ids, now=now, secretariat=cast.secretariat, host=cast.host)
    let_them_talk(house, ids=ids, now=now, dice=Random(7))  # noqa: S311  # as above
    call_for_resolutions(house, speakers_of(house), ids=ids, now=now)

    connection = await asyncpg.connect(database)
    for table in house.tables():
        await rows.copy(connection, table)
    await connection.close()
    assert sum(event.status is EventStatus.SCHEDULED for event in house.events) > 12


async def test_it_says_what_it_did(database: str) -> None:
    said: list[str] = []

    await plant(database, said.append)

    assert "400 of them members" in said[0]


async def test_every_member_city_has_its_mayor_and_staff(planted: asyncpg.Connection) -> None:
    slugs = await planted.fetch("SELECT slug FROM cities WHERE joined_on <= current_date")
    expected = {f"{who}@{row['slug']}.example" for row in slugs for who in ("mayor", "staff")}

    acting = await planted.fetch(
        """
        SELECT a.email, k.scopes FROM capacities k
        JOIN accounts a ON a.id = k.account_id JOIN cities c ON c.id = k.city_id
        WHERE k.kind = 'term' AND a.email = 'mayor@' || c.slug || '.example'
           OR k.kind = 'delegation' AND a.email = 'staff@' || c.slug || '.example'
        """
    )

    assert len(slugs) == members.MEMBERS
    assert {row["email"] for row in acting} == expected
    assert all(row["scopes"] == STAFF_SCOPES for row in acting if row["email"].startswith("staff@"))


async def test_mayors_and_staff_have_one_capacity_besides_their_own(planted: asyncpg.Connection) -> None:
    twice = await planted.fetch(
        """
        SELECT a.email FROM capacities k JOIN accounts a ON a.id = k.account_id
        WHERE k.kind <> 'self' AND split_part(a.email, '@', 1) IN ('mayor', 'staff')
        GROUP BY a.email HAVING count(*) > 1
        """
    )

    assert twice == []


async def test_the_named_cities_are_members(planted: asyncpg.Connection) -> None:
    joined = await planted.fetch(
        "SELECT slug FROM cities WHERE joined_on IS NOT NULL AND slug = ANY($1)",
        ["alexandria-va", "richmond-va", "norfolk-va"],
    )

    assert len(joined) == 3


async def test_members_come_from_every_state_and_continent(planted: asyncpg.Connection) -> None:
    states = await planted.fetch("SELECT DISTINCT region FROM cities WHERE country = 'US' ORDER BY 1")
    joined = await planted.fetch(
        "SELECT DISTINCT region FROM cities WHERE country = 'US' AND joined_on IS NOT NULL ORDER BY 1"
    )
    zones = await planted.fetch(
        "SELECT DISTINCT split_part(time_zone, '/', 1) FROM cities WHERE joined_on IS NOT NULL"
    )

    assert joined == states
    assert {"Africa", "America", "Asia", "Australia", "Europe", "Pacific"} <= {row[0] for row in zones}


async def test_the_conferences_own_accounts_exist(planted: asyncpg.Connection) -> None:
    assert (
        await planted.fetchval("SELECT secretariat FROM accounts WHERE email = $1", members.SECRETARIAT)
        is True
    )
    assert await planted.fetchval("SELECT secretariat FROM accounts WHERE email = $1", members.HOST) is False
    assert await planted.fetchval("SELECT count(*) FROM accounts WHERE secretariat") == 1


async def test_everybody_lives_at_example(planted: asyncpg.Connection) -> None:
    assert await planted.fetchval("SELECT count(*) FROM accounts WHERE email NOT LIKE '%.example'") == 0
    assert await planted.fetchval("SELECT count(*) FROM seats WHERE office_email NOT LIKE '%.example'") == 0


async def test_every_delegation_status_occurs(planted: asyncpg.Connection) -> None:
    found = {row[0] for row in await planted.fetch("SELECT DISTINCT status FROM delegations")}

    assert found == {*DelegationStatus}


async def test_dates_and_statuses_of_delegations_agree(planted: asyncpg.Connection) -> None:
    assert (
        await planted.fetch(
            """
            SELECT id, status, during, invited_at, accepted_at, ended_at FROM delegations
            WHERE invited_at > now() OR accepted_at > now() OR ended_at > now()
               OR accepted_at < invited_at OR ended_at < accepted_at
               OR (ended_at IS NULL) <> (status IN ('invited', 'active'))
               OR (accepted_at IS NULL) <> (status = 'invited')
               OR (code_hash IS NULL) = (status = 'invited')
               OR status = 'active' AND NOT during @> current_date
               OR status = 'expired' AND upper(during) > current_date
            """
        )
        == []
    )


async def test_one_person_is_staff_for_two_mayors(planted: asyncpg.Connection) -> None:
    principals = await planted.fetchval(
        """
        SELECT count(DISTINCT k.term_id) FROM capacities k JOIN accounts a ON a.id = k.account_id
        WHERE k.kind = 'delegation' AND a.email = $1
        """,
        members.TWO_MAYORS,
    )

    assert principals == 2


async def test_a_mayor_is_elected_whose_term_has_not_begun(planted: asyncpg.Connection) -> None:
    waiting = await planted.fetch(
        """
        SELECT c.slug, a.email FROM terms t JOIN cities c ON c.id = t.city_id
        JOIN accounts a ON a.person_id = t.person_id WHERE lower(t.during) > current_date
        """
    )

    assert [tuple(row) for row in waiting] == [(members.CHANGING, f"mayor-elect@{members.CHANGING}.example")]


async def test_a_seat_is_vacant_since_its_last_mayor_left(planted: asyncpg.Connection) -> None:
    [(last, in_office)] = await planted.fetch(
        """
        SELECT max(upper(during)) < current_date, bool_or(during @> current_date)
        FROM terms t JOIN cities c ON c.id = t.city_id WHERE c.slug = $1
        """,
        members.VACANT,
    )

    assert (last, in_office) == (True, False)


async def test_every_kind_status_and_audience_of_event_occurs(planted: asyncpg.Connection) -> None:
    events = await planted.fetch("SELECT kind, status, audience FROM events")

    assert {row["kind"] for row in events} == {*EventKind}
    assert {row["status"] for row in events} == {*EventStatus}
    assert {row["audience"] for row in events} == {*Audience}


async def test_more_than_a_dozen_events_are_scheduled_ahead(planted: asyncpg.Connection) -> None:
    ahead = await planted.fetch(
        "SELECT time_zone FROM events WHERE status = 'scheduled' AND starts_at > now()"
    )

    assert len(ahead) > 12
    assert len({row["time_zone"] for row in ahead}) > 5


async def test_nothing_scheduled_lies_behind_us_and_nothing_held_ahead(planted: asyncpg.Connection) -> None:
    wrong = await planted.fetch(
        """
        SELECT title, status, starts_at FROM events
        WHERE status IN ('save_the_date', 'scheduled', 'moved_online', 'postponed') AND ends_at < now()
           OR status = 'held' AND ends_at > now()
        """
    )

    assert wrong == []


async def test_versions_and_revisions_count_the_moves(planted: asyncpg.Connection) -> None:
    wrong = await planted.fetch(
        """
        SELECT e.title FROM events e LEFT JOIN event_moves m ON m.event_id = e.id
        GROUP BY e.id
        HAVING e.version <> count(m.id) OR e.revision <> count(m.id) + 1
            OR array_agg(m.revision ORDER BY m.at, m.revision) FILTER (WHERE m.id IS NOT NULL)
               <> ARRAY(SELECT generate_series(1, count(m.id))::int)
            OR max(m.at) > now()
        """
    )

    assert wrong == []


async def test_every_move_that_was_made_is_one_the_database_allows(planted: asyncpg.Connection) -> None:
    wrong = await planted.fetch(
        """
        WITH steps AS (
            SELECT m.status AS leaves, coalesce(lead(m.status) OVER by_event, e.status) AS reaches
            FROM event_moves m JOIN events e ON e.id = m.event_id
            WINDOW by_event AS (PARTITION BY m.event_id ORDER BY m.revision)
        )
        SELECT * FROM steps WHERE (leaves, reaches) NOT IN (SELECT leaves, reaches FROM event_transitions)
        """
    )

    assert wrong == []


async def test_the_winter_meeting_is_remembered_whole(planted: asyncpg.Connection) -> None:
    [event] = await planted.fetch("SELECT * FROM events WHERE title = $1", WINTER_MEETING)
    moves = await planted.fetch(
        "SELECT * FROM event_moves WHERE event_id = $1 ORDER BY revision", event["id"]
    )
    statuses = [row["status"] for row in moves] + [event["status"]]

    assert statuses == ["draft", "save_the_date", "postponed", "scheduled", "held"]
    assert moves[1]["starts_at"] == datetime(2022, 1, 21, 14, tzinfo=UTC)
    assert moves[1]["reason"].startswith("After thoughtful feedback from our steering committee")
    assert moves[2]["starts_at"] is None
    # After the clocks went forward on 13 March: 9:00 in New York is 13:00 UTC, not 14:00 as in January.
    assert event["starts_at"] == datetime(2022, 3, 16, 13, tzinfo=UTC)
    assert event["version"] == 4


async def test_water_sessions_are_monthly_at_noon_in_chicago_and_hosted(planted: asyncpg.Connection) -> None:
    sessions = await planted.fetch(
        """
        SELECT starts_wall, ends_wall, time_zone, email FROM events JOIN accounts a ON a.id = host_id
        WHERE title LIKE $1 || '%' ORDER BY starts_wall
        """,
        WATER_SERIES,
    )
    months = Counter(row["starts_wall"].strftime("%Y-%m") for row in sessions)

    assert len(sessions) == 19
    assert set(months.values()) == {1}
    assert {(row["starts_wall"].hour, row["ends_wall"].hour) for row in sessions} == {(12, 13)}
    assert {(row["time_zone"], row["email"]) for row in sessions} == {("America/Chicago", members.HOST)}


async def test_the_log_begins_with_the_members_own_acts(planted: asyncpg.Connection) -> None:
    assert await planted.fetchval("SELECT count(*) FROM notices") == 0
