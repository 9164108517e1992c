"""What the database itself refuses of resolutions, should the code above it ever be wrong."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from models.resolutions import LIFECYCLE
from rotunda.database import Connection

_OF = "SELECT id FROM resolutions WHERE status = $1 ORDER BY id LIMIT 1"


@pytest.fixture
async def db(planted_database: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(planted_database)
    yield connection
    await connection.close()


async def of(db: Connection, status: str) -> UUID:
    found: UUID = await db.fetchval(_OF, status)
    return found


async def test_the_database_knows_the_same_moves_as_the_lifecycle(db: Connection) -> None:
    known = await db.fetch("SELECT leaves, reaches FROM resolution_transitions")

    assert {tuple(row) for row in known} == LIFECYCLE.transitions()


@pytest.mark.parametrize(
    ("status", "change"),
    [
        (
            "draft",
            "status = 'submitted', opened_at = now(), opened_version = 1, number = 99, submitted_at = now()",
        ),
        ("withdrawn", "status = 'gathering', withdrawn_at = NULL"),
        ("submitted", "number = 99"),
        ("submitted", "number = NULL"),
        ("submitted", "submitted_at = NULL"),
        ("gathering", "opened_at = now()"),
        ("gathering", "opened_at = NULL, opened_version = NULL, status = 'draft'"),
        ("draft", "opened_at = now(), opened_version = 1"),
        ("draft", "status = 'gathering'"),
        ("gathering", "opened_version = version + 1"),
        ("gathering", "sponsor_count = -1"),
        ("gathering", "status = 'withdrawn'"),
    ],
)
async def test_a_resolution_that_cannot_be(db: Connection, status: str, change: str) -> None:
    one = await of(db, status)

    with pytest.raises(asyncpg.CheckViolationError):
        await db.execute(f"UPDATE resolutions SET {change} WHERE id = $1", one)


async def test_two_of_one_number_in_one_call(db: Connection) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        await db.execute(
            """INSERT INTO resolutions (call_id, term_id, author_id, number, title, words, status, opened_at,
                   opened_version, submitted_at)
               SELECT call_id, term_id, author_id, number, title, words, status, now(), 1, now() FROM resolutions
               WHERE id = $1""",
            await of(db, "submitted"),
        )


@pytest.mark.parametrize("table", ["clauses", "resolution_versions"])
async def test_a_text_that_was_given_to_sponsors_rewritten(db: Connection, table: str) -> None:
    for statement in (f"UPDATE {table} SET version = version", f"DELETE FROM {table}"):
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await db.execute(statement)


@pytest.mark.parametrize(
    "values",
    [
        "1, gen_random_uuid(), 'whereas', ''",
        "1, gen_random_uuid(), 'amends', 'x'",
        "0, gen_random_uuid(), 'whereas', 'x'",
    ],
)
async def test_a_clause_that_says_nothing_or_stands_nowhere(db: Connection, values: str) -> None:
    await db.execute(
        "INSERT INTO resolution_versions (resolution_id, version, title) VALUES ($1, 9, 'x')",
        await of(db, "draft"),
    )

    with pytest.raises(asyncpg.CheckViolationError):
        await db.execute(
            f"INSERT INTO clauses (resolution_id, version, position, clause_id, kind, text) SELECT $1, 9, {values}",
            await of(db, "draft"),
        )


async def test_one_clause_twice_in_one_text(db: Connection) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        await db.execute(
            """INSERT INTO clauses (resolution_id, version, position, clause_id, kind, text)
               SELECT resolution_id, version, 50, clause_id, kind, text FROM clauses
               WHERE resolution_id = $1 LIMIT 1""",
            await of(db, "draft"),
        )


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ("lead = true WHERE NOT lead", asyncpg.UniqueViolationError),
        ("withdrawn_at = now() WHERE lead", asyncpg.CheckViolationError),
        ("version = 0", asyncpg.CheckViolationError),
    ],
)
async def test_sponsors_that_cannot_be(db: Connection, change: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        await db.execute(f"UPDATE sponsorships SET {change}")


@pytest.mark.parametrize("needed", [0, 101])
async def test_a_call_for_no_sponsors_or_for_too_many(db: Connection, needed: int) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await db.execute("UPDATE resolution_calls SET sponsors_needed = $1", needed)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM resolutions",
        "DELETE FROM sponsorships",
        "UPDATE clauses SET text = 'x'",
        "DELETE FROM resolution_versions",
        "INSERT INTO resolution_transitions VALUES ('draft', 'submitted')",
        "DELETE FROM resolution_calls",
    ],
)
async def test_the_applications_own_role_takes_nothing_back(db: Connection, statement: str) -> None:
    await db.execute("SET ROLE rotunda_app")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await db.execute(statement)


async def test_what_is_found_follows_what_stands(db: Connection) -> None:
    one = await of(db, "draft")
    told = "SELECT audience, title, words, term_id = (SELECT term_id FROM resolutions WHERE id = subject) FROM findings"
    before = await db.fetchrow(f"{told} WHERE subject = $1", one)

    await db.execute(
        """UPDATE resolutions SET status = 'gathering', opened_at = now(), opened_version = 1, title = 'Anew',
               words = 'other words', number = 7 WHERE id = $1""",
        one,
    )

    after = await db.fetchrow(f"{told} WHERE subject = $1", one)
    assert before is not None
    assert (before["audience"], before[3]) == ("office", True)
    assert tuple(after or ()) == ("members", "Anew", "Resolution 7 other words", True)
