"""What the database itself refuses, should the code above it ever be wrong: the last line of every rule."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest

from models.events import LIFECYCLE, EventStatus
from rotunda.database import Connection
from tests.living import Home
from tests.scenarios.documents import MOVES

MAYOR = "SELECT t.* FROM terms t JOIN cities c ON c.id = t.city_id WHERE c.slug = 'alexandria-va' AND upper_inf(during)"
NOTICE = (
    "INSERT INTO notices (kind, subject, revision, topics, payload) VALUES "
    """('EventHeld', $1, $2, '{public}', '{"version": 1, "reason": null, "was": null, "now": null}')"""
)
KEPT_FOR_EVER = ("notices", "audit", "event_moves")


@pytest.fixture
async def owner(planted_database: str) -> AsyncIterator[Connection]:
    """A connection as the database's owner."""
    connection = await asyncpg.connect(planted_database)
    yield connection
    await connection.close()


async def test_two_mayors_in_one_seat(owner: Connection) -> None:
    term = (await owner.fetch(MAYOR))[0]
    other = await owner.fetchval("INSERT INTO people (name) VALUES ('Somebody else') RETURNING id")

    with pytest.raises(asyncpg.ExclusionViolationError, match="one_mayor_per_seat"):
        await owner.execute(
            "INSERT INTO terms (city_id, person_id, during) VALUES ($1, $2, '[2026-01-01,2027-01-01)')",
            term["city_id"],
            other,
        )


async def test_one_mayor_in_two_seats(owner: Connection) -> None:
    term = (await owner.fetch(MAYOR))[0]
    vacant = await owner.fetchval("SELECT id FROM cities WHERE slug = 'dublin-ca'")

    with pytest.raises(asyncpg.ExclusionViolationError, match="one_seat_per_mayor"):
        await owner.execute(
            "INSERT INTO terms (city_id, person_id, during) VALUES ($1, $2, '[2100-01-01,2101-01-01)')",
            vacant,
            term["person_id"],
        )


async def test_a_grant_that_outlasts_its_term(owner: Connection) -> None:
    city, mayor, aide = await _two_successive_mayors(owner)

    with pytest.raises(asyncpg.ForeignKeyViolationError, match="within_the_term"):
        await _grant(owner, city, mayor, aide, "[2000-06-01,2004-06-02)")

    await _grant(owner, city, mayor, aide, "[2000-06-01,2004-01-01)")


async def test_a_grant_that_spans_two_successive_mayors(owner: Connection) -> None:
    # A reference to (city, during) alone would accept it: the seat is held on all of these days.
    city, mayor, aide = await _two_successive_mayors(owner)

    with pytest.raises(asyncpg.ForeignKeyViolationError, match="within_the_term"):
        await _grant(owner, city, mayor, aide, "[2003-01-01,2005-01-01)")


async def test_a_term_shortened_under_a_living_grant(owner: Connection) -> None:
    city, mayor, aide = await _two_successive_mayors(owner)
    await _grant(owner, city, mayor, aide, "[2000-06-01,2004-01-01)")

    with pytest.raises(asyncpg.ForeignKeyViolationError, match="within_the_term"):
        await owner.execute("UPDATE terms SET during = '[2000-01-01,2002-01-01)' WHERE person_id = $1", mayor)


async def test_every_move_of_events_that_the_lifecycle_does_not_list(
    owner: Connection,
) -> None:
    event = await owner.fetchval("SELECT id FROM events WHERE starts_at IS NOT NULL LIMIT 1")
    allowed, refusals = set(), set()

    for leaves, reaches in itertools.permutations(EventStatus, 2):
        async with _undone(owner):
            await owner.execute("ALTER TABLE events DISABLE TRIGGER known_moves")
            await owner.execute("UPDATE events SET status = $1 WHERE id = $2", leaves.value, event)
            await owner.execute("ALTER TABLE events ENABLE TRIGGER known_moves")
            try:
                await owner.execute("UPDATE events SET status = $1 WHERE id = $2", reaches.value, event)
                allowed.add((leaves, reaches))
            except asyncpg.CheckViolationError as refused:
                refusals.add((refused.sqlstate, str(refused)))

    assert allowed == {(leaves, reaches) for leaves, reaches in LIFECYCLE.transitions() if leaves != reaches}
    assert {state for state, _ in refusals} == {"23514"}
    assert ("23514", "an event cannot go from held to draft") in refusals


@pytest.mark.parametrize("table", KEPT_FOR_EVER)
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = uuidv7()", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
async def test_history_rewritten_by_the_application(owner: Connection, table: str, deed: str) -> None:
    await owner.execute("SET ROLE rotunda_app")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await owner.execute(deed.format(table))


@pytest.mark.parametrize("table", KEPT_FOR_EVER)
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = uuidv7()", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
async def test_history_rewritten_by_the_owner(owner: Connection, table: str, deed: str) -> None:
    account = await owner.fetchval("SELECT id FROM accounts LIMIT 1")
    await owner.execute(NOTICE, account, 1)
    await owner.execute("INSERT INTO audit (act, actor_id) VALUES ('test', $1)", account)

    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await owner.execute(deed.format(table))


async def test_a_notice_with_a_place_of_the_writers_choosing(owner: Connection) -> None:
    await owner.execute("SET ROLE rotunda_app")
    forged = NOTICE.replace("(kind,", "(pos, kind,").replace("('EventHeld'", "(999999, 'EventHeld'")

    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await owner.execute(forged, UUID(int=1), 1)


@pytest.mark.parametrize(
    "deed",
    [
        "SELECT prune_log(interval '0', 5000)",
        "UPDATE log_meta SET pruned_through = 0",
        "INSERT INTO event_transitions VALUES ('held', 'draft')",
        "ALTER TABLE notices DISABLE TRIGGER ALL",
        "SELECT setval('notice_positions', 1)",
    ],
)
async def test_the_rules_themselves_bent_by_the_application(owner: Connection, deed: str) -> None:
    await owner.execute("SET ROLE rotunda_app")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await owner.execute(deed)


async def test_one_notice_of_a_thing_twice_at_the_same_revision(owner: Connection) -> None:
    await owner.execute(NOTICE, UUID(int=1), 1)

    with pytest.raises(asyncpg.UniqueViolationError):
        await owner.execute(NOTICE, UUID(int=1), 1)


async def test_of_overlapping_transactions_the_later_commit_comes_later_and_none_is_skipped(
    home: Home,
) -> None:
    visitor = await home.caller()
    (first,) = await home.rows(
        "SELECT id FROM events WHERE audience = 'public' AND status <> 'draft' LIMIT 1"
    )
    early, late = await asyncpg.connect(home.dsn), await asyncpg.connect(home.dsn)
    try:
        async with visitor.listening(MOVES, after=await visitor.head()) as heard:
            slow = early.transaction()
            await slow.start()
            await early.execute(NOTICE, first["id"], 1_001)
            await late.execute(NOTICE, first["id"], 1_002)
            one = await heard.notice()
            await asyncio.sleep(0.3)
            await slow.commit()
            other = await heard.notice()
    finally:
        await early.close()
        await late.close()

    order = await home.rows("SELECT revision FROM notices ORDER BY pos")
    assert [row["revision"] for row in order] == [1_002, 1_001]
    assert [one["cursor"], other["cursor"]] == [
        row[0] for row in await home.rows("SELECT log_cursor(pos, log_epoch()) FROM notices ORDER BY pos")
    ]


async def test_a_transaction_rolled_back_leaves_a_gap_that_stops_nobody(home: Home) -> None:
    visitor = await home.caller()
    (event,) = await home.rows(
        "SELECT id FROM events WHERE audience = 'public' AND status <> 'draft' LIMIT 1"
    )

    async with visitor.listening(MOVES, after=await visitor.head()) as heard:
        await home.rows("SELECT nextval('notice_positions')")
        await home.rows(NOTICE, event["id"], 1_001)
        told = await heard.notice()

    assert told["__typename"] == "EventHeld"


async def _two_successive_mayors(owner: Connection) -> tuple[UUID, UUID, UUID]:
    city = await owner.fetchval("SELECT id FROM cities WHERE joined_on IS NULL LIMIT 1")
    await owner.execute("INSERT INTO seats (city_id) VALUES ($1) ON CONFLICT DO NOTHING", city)
    people = [await owner.fetchval("INSERT INTO people (name) VALUES ('A') RETURNING id") for _ in range(2)]
    for person, during in zip(people, ("[2000-01-01,2004-01-01)", "[2004-01-01,2008-01-01)"), strict=True):
        await owner.execute(
            f"INSERT INTO terms (city_id, person_id, during) VALUES ($1, $2, '{during}')", city, person
        )
    aide = await owner.fetchval("SELECT id FROM accounts LIMIT 1")
    return city, people[0], aide


async def _grant(owner: Connection, city: UUID, mayor: UUID, aide: UUID, during: str) -> None:
    await owner.execute(
        "INSERT INTO delegations (term_id, city_id, person_id, account_id, scopes, during, status) "
        f"SELECT id, city_id, person_id, $1, '{{rsvp}}', '{during}', 'active' FROM terms "
        "WHERE city_id = $2 AND person_id = $3",
        aide,
        city,
        mayor,
    )


@asynccontextmanager
async def _undone(owner: Connection) -> AsyncIterator[None]:
    transaction = owner.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()
