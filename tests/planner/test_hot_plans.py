"""Hot plans: the documents everybody runs reach their rows by index, in a conference some years old.

The plans are the generic ones that the house runs, as PostgreSQL makes them of its own accord: nothing is switched
off here. The seeds alone would not do: a table of a page or two is rightly read through, whatever indexes it has.
"""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest

import schema
from planner.documents import Documents
from planner.prepared import Prepared
from portal import documents as pages
from tests.planner.stage import SIGNING

_PROMISES = (Path(__file__).parents[1] / "schema" / "promised.graphql").read_text(encoding="utf-8")
PROMISED = dict(re.findall(r"^## (\w+)\n(.*?)\n$", _PROMISES, re.MULTILINE | re.DOTALL))

#: Each document with variables, and the tables it must not read through.
HOT: dict[str, tuple[str, dict[str, Any], set[str]]] = {
    "Cities": (PROMISED["Cities"], {}, {"cities", "terms", "people", "delegations", "tokens", "accounts"}),
    "Event": (PROMISED["Event"], {"id": "evt_" + "0" * 32}, {"events", "event_moves", "tokens", "accounts"}),
    "viewer": (PROMISED["viewer"], {}, {"terms", "people", "tokens", "accounts", "delegations"}),
    "a city by its slug": (
        "query ($slug: String) { city(slug: $slug) { name mayor { name } } }",
        {"slug": "alexandria-va"},
        {"cities", "terms", "people", "tokens", "accounts"},
    ),
    "a page of events": (
        "query ($a: String) { events(first: 20, after: $a) { edges { cursor node { id title host { name } } } } }",
        {},
        {"events", "tokens", "accounts", "people", "delegations"},
    ),
    "calendar": (
        pages.document("events/calendar"),
        {},
        {"tokens", "people", "delegations", "terms", "event_moves"},
    ),
}


#: Years of history: former terms and their grants, sign-ins, events with their moves.
_YEARS = """
    INSERT INTO tokens (hash, account_id, kind, expires_at)
        SELECT sha256((a.id::text || n)::bytea), a.id, 'session', now() FROM accounts a, generate_series(1, 10) n;
    CREATE TEMP TABLE former AS SELECT c.id AS city_id, uuidv7() AS person_id, daterange(
            make_date(1900 + 4 * n, 1, 1), make_date(1904 + 4 * n, 1, 1)) AS during
        FROM cities c, generate_series(0, 9) n WHERE c.joined_on IS NOT NULL;
    INSERT INTO people (id, name) SELECT person_id, 'Somebody' FROM former;
    INSERT INTO terms (city_id, person_id, during) SELECT city_id, person_id, during FROM former;
    INSERT INTO delegations (term_id, city_id, person_id, account_id, scopes, during, status)
        SELECT t.id, t.city_id, t.person_id, (SELECT id FROM accounts LIMIT 1 OFFSET abs(hashtext(t.id::text)) % 800),
            '{rsvp}', t.during, 'term_ended' FROM terms t WHERE upper(t.during) < '1950-01-01';
    INSERT INTO events (title, kind, audience, status, time_zone, starts_wall)
        SELECT 'A meeting', 'meeting', 'members', 'held', 'UTC', timestamp '1990-01-01' + n * interval '1 day'
        FROM generate_series(1, 10000) n;
    INSERT INTO event_moves (event_id, revision, verb, status, time_zone)
        SELECT id, 1000, 'hold', 'scheduled', 'UTC' FROM events;
"""


@pytest.fixture
async def grown(planted_database: str) -> AsyncIterator[Any]:
    """The planted database some years on, analysed."""
    connection = await asyncpg.connect(planted_database)
    await connection.execute(_YEARS)
    await connection.execute("ANALYZE")
    yield connection
    await connection.close()


async def test_hot_documents_reach_their_rows_by_index(grown: Any) -> None:
    read_through = {
        name: {scan["Relation Name"] for scan in _scans(await _explained(grown, query, variables))} & tables
        for name, (query, variables, tables) in HOT.items()
    }

    assert {name: tables for name, tables in read_through.items() if tables} == {}


async def _explained(db: Any, query: str, variables: dict[str, Any]) -> Any:
    """The generic plan: the values play no part in it, so none are given."""
    documents = Documents(schema.world(SIGNING))
    prepared = documents.prepare(query)
    assert isinstance(prepared, Prepared), prepared
    values = prepared.values(variables)
    plan = documents.plan(prepared, values)
    nothing = ", ".join(["NULL"] * (2 + len(plan.bind(values))))
    await db.execute("SET plan_cache_mode = force_generic_plan; SET jit = off")
    await db.execute(f"PREPARE hot AS {plan.sql}")
    shown = await db.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE hot ({nothing})")
    await db.execute("DEALLOCATE hot")
    return orjson.loads(shown)


def _scans(node: Any) -> Iterator[dict[str, Any]]:
    """Every sequential scan of a table."""
    match node:
        case list():
            for inner in node:
                yield from _scans(inner)
        case dict():
            if node.get("Node Type") == "Seq Scan":
                yield node
            for inner in node.values():
                yield from _scans(inner)
