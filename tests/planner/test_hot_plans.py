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
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
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
    "a page of a group": (
        (BENCHMARKS / "group.graphql").read_text(),
        {"id": "grp_" + "0" * 32},
        {"threads", "posts", "memberships", "tokens", "accounts", "people"},
    ),
    "a page of a thread": (
        (BENCHMARKS / "thread.graphql").read_text(),
        {"id": "thr_" + "0" * 32},
        {"threads", "posts", "reactions", "memberships", "tokens", "accounts", "people", "terms"},
    ),
    "a group on the portal": (
        pages.document("groups/group"),
        {"id": "grp_" + "0" * 32},
        {"threads", "posts", "readings", "group_readings", "memberships", "tokens"},
    ),
    "a thread on the portal": (
        pages.document("groups/thread"),
        {"id": "thr_" + "0" * 32, "last": 50},
        {"threads", "posts", "readings", "reactions", "memberships", "tokens"},
    ),
    "unread in all": (
        "{ viewer { unreadCount } }",
        {},
        {"group_readings", "readings", "memberships", "threads", "posts", "tokens"},
    ),
    "search": (
        "query ($text: String!) { search(text: $text) { totalCount edges { excerpt node { id } } } }",
        {"text": "budget"},
        {"findings", "threads", "posts", "memberships", "tokens"},
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
#: Years of talk, written past the triggers that count: in five hundred groups, read by every fifth mayor.
_TALK = """
    ALTER TABLE groups DISABLE TRIGGER ALL; ALTER TABLE threads DISABLE TRIGGER ALL;
    ALTER TABLE posts DISABLE TRIGGER ALL; ALTER TABLE readings DISABLE TRIGGER ALL;
    ALTER TABLE reactions DISABLE TRIGGER ALL;
    CREATE TEMP TABLE one AS
        SELECT a.id, t.id AS term_id, t.person_id FROM accounts a JOIN terms t USING (person_id) LIMIT 1;
    INSERT INTO groups (name, audience, confidentiality, founder_id)
        SELECT 'Years of talk ' || n, 'members', 'ordinary', one.id FROM one, generate_series(1, 500) n;
    INSERT INTO memberships (group_id, person_id, term_id, status, joined_at)
        SELECT g.id, t.person_id, t.id, 'joined', now() FROM groups g, terms t
        WHERE g.name LIKE 'Years%' AND t.during @> current_date AND hashtext(g.id::text || t.id) % 20 = 0;
    INSERT INTO threads (group_id, audience, mayors_only, chatham_house, title, author_id, term_id, post_count,
                         last_number, bump)
        SELECT g.id, 'members', false, false, 'A thread', one.id, one.term_id, 10, 10, 10 * n
        FROM groups g, one, generate_series(1, 8) n WHERE g.name LIKE 'Years%';
    INSERT INTO posts (thread_id, group_id, audience, mayors_only, chatham_house, number, place, body, body_html, words,
                       author_id, term_id)
        SELECT t.id, t.group_id, 'members', false, false, n, 1000 + t.bump + n, said, said, said, one.id, one.term_id
        FROM threads t, one, generate_series(1, 10) n, LATERAL (SELECT repeat('what we said ', 20) || t.id AS said) x
        WHERE t.title = 'A thread';
    UPDATE threads t SET last_post_id = p.id FROM posts p
        WHERE p.thread_id = t.id AND p.number = 10 AND title = 'A thread';
    INSERT INTO reactions (post_id, person_id, mark) SELECT p.id, one.person_id, 'agree' FROM posts p, one
        WHERE p.number < 5 AND p.words LIKE 'what we said%';
    INSERT INTO readings (account_id, capacity_id, thread_id, group_id, read, read_count)
        SELECT a.id, m.term_id, t.id, t.group_id, '{[1,11)}', 10 FROM threads t JOIN memberships m USING (group_id)
        JOIN accounts a USING (person_id) WHERE t.title = 'A thread' AND hashtext(m.id::text) % 2 = 0;
    INSERT INTO group_readings (account_id, capacity_id, group_id, read_count)
        SELECT account_id, capacity_id, group_id, sum(read_count) FROM readings GROUP BY 1, 2, 3 ON CONFLICT DO NOTHING;
    INSERT INTO findings (subject, kind, words, thread_id, group_id, audience, recency)
        SELECT id, 'Post', words, thread_id, group_id, audience, place FROM posts ON CONFLICT DO NOTHING;
"""


@pytest.fixture
async def grown(planted_database: str) -> AsyncIterator[Any]:
    """The planted database some years on, analysed."""
    connection = await asyncpg.connect(planted_database)
    await connection.execute(_YEARS)
    await connection.execute(_TALK)
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
